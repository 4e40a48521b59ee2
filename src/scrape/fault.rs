//! Why Prometheus refuses a target.

use thiserror::Error;

use crate::config::DurationError;
use crate::text::go_quote;

/// Why Prometheus does not create a target although no rule dropped it. Displays its message.
///
/// Source: `PopulateLabels` in `scrape/target.go` of Prometheus 3.14.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum TargetError {
    /// `__address__` is absent.
    #[error("no address")]
    NoAddress,
    /// `__address__` contains a `/`.
    #[error("{} is not a valid hostname", go_quote(.0))]
    InvalidHostname(String),
    /// Before Prometheus 3.0: the address has no port, and the scheme has no default port.
    #[error("invalid scheme: {}", go_quote(.0))]
    InvalidScheme(String),
    /// `__scrape_interval__` is not a duration.
    #[error("error parsing scrape interval: {0}")]
    ScrapeInterval(DurationError),
    /// `__scrape_interval__` is zero.
    #[error("scrape interval cannot be 0")]
    ZeroScrapeInterval,
    /// `__scrape_timeout__` is not a duration.
    #[error("error parsing scrape timeout: {0}")]
    ScrapeTimeout(DurationError),
    /// `__scrape_timeout__` is zero.
    #[error("scrape timeout cannot be 0")]
    ZeroScrapeTimeout,
    /// The timeout is longer than the interval; the two labels as they are.
    #[error("scrape timeout cannot be greater than scrape interval ({} > {})", go_quote(.timeout), go_quote(.interval))]
    TimeoutExceedsInterval {
        /// The value of `__scrape_timeout__`.
        timeout: String,
        /// The value of `__scrape_interval__`.
        interval: String,
    },
    /// One of the three histogram labels is neither true nor false.
    #[error("error parsing {setting}: strconv.ParseBool: parsing {}: invalid syntax", go_quote(.value))]
    InvalidBoolean {
        /// The setting in Prometheus's words, such as `scrape native histograms`.
        setting: &'static str,
        /// The value of the label.
        value: String,
    },
}
