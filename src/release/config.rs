//! Fields of a config and their checks.

use super::Release;

/// `global` and the rest of a config.
impl Release {
    /// Whether variables in `external_labels` are replaced without a feature flag.
    #[must_use]
    pub fn expands_external_labels(self) -> bool {
        self.is_at_least(3, 0)
    }

    /// Whether `enable_http2` of remote write exists, and is `true` where it is not written.
    #[must_use]
    pub fn has_remote_write_http2(self) -> bool {
        self.is_at_least(2, 35) && !self.is_at_least(3, 0)
    }

    /// Whether the limits of `queue_config` are checked.
    #[must_use]
    pub fn checks_queue_limits(self) -> bool {
        self.is_at_least(3, 12)
    }

    /// Whether the HTTP client fields of `azure`, `ec2`, `http`, `lightsail`, `puppetdb` and `uyuni` discovery
    /// are checked.
    #[must_use]
    pub fn checks_discovery_clients(self) -> bool {
        self.is_at_least(2, 48)
    }

    /// Whether `oauth2` must have a secret.
    #[must_use]
    pub fn needs_oauth2_secret(self) -> bool {
        !self.is_at_least(2, 51)
    }

    /// Whether Amazon's mechanisms must know their region while the config is loaded.
    #[must_use]
    pub fn needs_amazon_region(self) -> bool {
        !self.is_at_least(3, 14)
    }

    /// Whether all that may name a region is asked before an Amazon mechanism is refused for the lack of one.
    #[must_use]
    pub fn asks_all_for_amazon_region(self) -> bool {
        self.is_at_least(3, 10)
    }
}
