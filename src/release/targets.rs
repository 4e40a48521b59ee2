//! Targets, and how they are scraped.

use super::Release;

/// Targets and what is scraped from them.
impl Release {
    /// Whether an address without a port gets `:80` or `:443`, by its scheme.
    #[must_use]
    pub fn appends_default_port(self) -> bool {
        !self.is_at_least(3, 0)
    }

    /// Whether the host of a scrape URL must be a name, an IPv4 address, or an IPv6 address in brackets, and its first
    /// colon begins the port.
    #[must_use]
    pub fn has_strict_hosts(self) -> bool {
        self.go_version() >= 26
    }

    /// Whether a `__param_` label of a target counts more than `params` of the job.
    #[must_use]
    pub fn has_params_from_labels(self) -> bool {
        self.is_at_least(3, 0)
    }

    /// Whether targets have labels for the three settings of histograms, which rules may set.
    #[must_use]
    pub fn has_histogram_labels(self) -> bool {
        self.is_at_least(3, 13)
    }

    /// Whether the labels `__scrape_interval__` and `__scrape_timeout__` are always checked.
    #[must_use]
    pub fn checks_interval_labels(self) -> bool {
        self >= Self::new(2, 32, 1)
    }

    /// Whether the label `__unix_socket__` names a socket to scrape; the address may then be empty.
    #[must_use]
    pub fn has_unix_sockets(self) -> bool {
        self.is_next()
    }

    /// Whether the address of a Kubernetes load balancer is that of its status.
    #[must_use]
    pub fn reads_status_of_load_balancers(self) -> bool {
        self.is_next()
    }

    /// Whether the values of `le` and `quantile` are numbers in one form: `1.0`, not `1`.
    #[must_use]
    pub fn has_float_buckets(self) -> bool {
        self.is_at_least(3, 0)
    }

    /// Whether native histograms are scraped only where `scrape_native_histograms` says so.
    #[must_use]
    pub fn needs_native_histogram_field(self) -> bool {
        self.is_at_least(3, 9)
    }

    /// Whether a container of several networks has only targets of the first one, unless its discovery says otherwise.
    #[must_use]
    pub fn matches_first_docker_network(self) -> bool {
        self.is_at_least(2, 54)
    }
}
