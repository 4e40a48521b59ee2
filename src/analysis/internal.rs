//! The labels with two underscores that Prometheus uses.

use super::Stage;

/// The prefix of the label of a URL parameter.
pub(crate) const PARAM: &str = "__param_";

/// The labels that define the URL of a target and its scrape, besides `__param_<name>`.
pub(crate) const INTERNAL: [&str; 8] = [
    "__address__",
    "__scheme__",
    "__metrics_path__",
    "__scrape_interval__",
    "__scrape_timeout__",
    "__convert_classic_histograms_to_nhcb__",
    "__always_scrape_classic_histograms__",
    "__scrape_native_histograms__",
];

/// The labels that define the URL of an Alertmanager.
const OF_ALERTMANAGERS: [&str; 3] = ["__address__", "__scheme__", "__alerts_path__"];

/// Whether Prometheus reads this label of a target after relabeling.
pub(crate) fn is_internal(stage: Stage, name: &str) -> bool {
    match stage {
        Stage::Alertmanager => OF_ALERTMANAGERS.contains(&name),
        _ => INTERNAL.contains(&name) || name.strip_prefix(PARAM).is_some_and(|rest| !rest.is_empty()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_alertmanager_has_other_labels_than_a_target() {
        assert!(is_internal(Stage::Target, "__param_target") && !is_internal(Stage::Alertmanager, "__param_target"));
        assert!(is_internal(Stage::Alertmanager, "__alerts_path__") && !is_internal(Stage::Target, "__alerts_path__"));
        assert!(!is_internal(Stage::Target, "__param_") && !is_internal(Stage::Target, "__tmp_hash"));
    }
}
