//! The checks of the interval and the timeout of a target.

use crate::config::Duration;
use crate::release::Release;

use super::TargetError;

/// Checks `__scrape_interval__` and `__scrape_timeout__`, in Prometheus's order.
pub(super) fn check_durations(interval_label: &str, timeout_label: &str, release: Release) -> Result<(), TargetError> {
    let interval =
        Duration::parse(interval_label).map_err(|fault| TargetError::ScrapeInterval(fault.in_words_of(release)))?;
    if interval.is_zero() {
        return Err(TargetError::ZeroScrapeInterval);
    }
    let timeout =
        Duration::parse(timeout_label).map_err(|fault| TargetError::ScrapeTimeout(fault.in_words_of(release)))?;
    if timeout.is_zero() {
        return Err(TargetError::ZeroScrapeTimeout);
    }
    if timeout > interval {
        return Err(TargetError::TimeoutExceedsInterval {
            timeout: timeout_label.to_string(),
            interval: interval_label.to_string(),
        });
    }
    Ok(())
}
