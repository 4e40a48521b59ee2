//! The actions of relabel rules that only VictoriaMetrics knows, and how to write them for Prometheus.

use super::neighbor::Neighbor;

/// An action of VictoriaMetrics.
pub(crate) struct OwnAction {
    pub(crate) name: &'static str,
    /// The way to write it for Prometheus, for a help.
    pub(crate) instead: &'static str,
    /// A config with such a rule.
    pub(super) neighbor: Neighbor,
}

/// Makes the rows of the table; the sentences need the names as literals.
macro_rules! own_actions {
    ($($name:literal: $instead:literal,)*) => {
        [$(OwnAction {
            name: $name,
            instead: $instead,
            neighbor: Neighbor::of_vmagent(
                concat!("a vmagent config with VictoriaMetrics' own action `", $name, "`"),
                concat!("check it with `vmagent -promscrape.config.dryRun`; for Prometheus: ", $instead),
            ),
        },)*]
    };
}

static OWN_ACTIONS: [OwnAction; 9] = own_actions![
    "keep_if_equal": "write `action: keepequal` with one label in `source_labels` and the other as `target_label`",
    "drop_if_equal": "write `action: dropequal` with one label in `source_labels` and the other as `target_label`",
    "keep_if_contains": "write `action: keepequal` to compare whole values, or `action: keep` with a `regex` for the values",
    "drop_if_contains": "write `action: dropequal` to compare whole values, or `action: drop` with a `regex` for the values",
    "keep_metrics": "write `action: keep` and `source_labels: [__name__]`",
    "drop_metrics": "write `action: drop` and `source_labels: [__name__]`",
    "replace_all": "write one `replace` rule for each occurrence, with a `regex` such as `(.*)-(.*)`",
    "labelmap_all": "write a `labelmap` rule with a `regex` for the whole name, and one for each occurrence",
    "graphite": "write `replace` rules with `source_labels: [__name__]` and a `regex` with groups",
];

/// The action with this name, which is not case-sensitive.
pub(crate) fn own_action(name: &str) -> Option<&'static OwnAction> {
    OWN_ACTIONS.iter().find(|action| action.name.eq_ignore_ascii_case(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_action_of_victoriametrics_has_a_way_for_prometheus() {
        assert!(own_action("keep_if_equal").is_some_and(|action| action.instead.contains("`action: keepequal`")));
        assert!(own_action("Drop_Metrics").is_some_and(|action| action.instead.contains("[__name__]")));
        assert!(own_action("keepequal").is_none() && own_action("uppercase").is_none());
    }
}
