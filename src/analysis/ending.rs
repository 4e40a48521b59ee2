//! The values that a label can have after all rules of a list.

use crate::relabel::Action;

use super::list::RelabelList;
use super::presence::Presence;
use super::rule::RuleFacts;
use super::template::{constant_text, may_expand_to};

impl RelabelList<'_> {
    /// Whether the label can have this value after all rules; `true` where this is not easily seen.
    pub(crate) fn can_end_as(&self, name: &str, value: &str) -> bool {
        let mut possible = match self.sources.presence(name) {
            Presence::Never => value.is_empty(),
            Presence::Always => !value.is_empty(),
            Presence::Sometimes | Presence::Unknown => true,
        };
        for rule in self.rules_about(name) {
            if rule.removes(name) {
                possible = value.is_empty();
            } else if rule.overwrites(name) {
                possible = rule.may_give(value);
            } else if rule.rewrites(name) {
                let stays = possible && rule.pattern.matches(value) != Some(true);
                possible = stays || rule.may_give(value) || (rule.may_remove(name) && value.is_empty());
            } else {
                possible |=
                    (rule.may_write(name) && rule.may_give(value)) || (rule.may_remove(name) && value.is_empty());
            }
        }
        possible
    }

    /// All values that the label can have after all rules, if they are written in the config.
    pub(crate) fn values_at_end(&self, name: &str) -> Option<Vec<String>> {
        let mut values = self.values_before(name)?;
        for rule in self.rules_about(name) {
            if rule.removes(name) || rule.overwrites(name) {
                values.clear();
            }
            if rule.may_write(name) {
                let is_replace = rule.action == Action::Replace && rule.target().is_some_and(|target| target == name);
                values.push(constant_text(&rule.replacement).filter(|_| is_replace)?);
            }
        }
        values.sort_unstable();
        values.dedup();
        Some(values)
    }

    fn values_before(&self, name: &str) -> Option<Vec<String>> {
        match (name, self.job) {
            ("job", Some(job)) if self.stage.is_of_targets() => Some(vec![job.job_name.value.clone()]),
            _ => (self.sources.presence(name) == Presence::Never).then(Vec::new),
        }
    }
}

impl RuleFacts<'_> {
    /// Whether it replaces values of the label that its pattern matches, whatever the other labels are.
    fn rewrites(&self, name: &str) -> bool {
        let is_own = self.sources() == [name] && self.target().is_some_and(|target| target == name);
        self.action == Action::Replace && is_own
    }

    /// Whether the rule may give its label this value.
    fn may_give(&self, value: &str) -> bool {
        match self.action {
            Action::Replace => may_expand_to(&self.replacement, value),
            Action::HashMod => value.parse::<u64>().is_ok_and(|hash| hash < self.rule.spec.modulus.max(1)),
            Action::Lowercase => value.to_lowercase() == value,
            Action::Uppercase => value.to_uppercase() == value,
            _ => true,
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::analysis::{Facts, lists_of_job};
    use crate::config::Config;
    use crate::options::Options;
    use crate::text::Sources;

    const RULES: &str = "  - {source_labels: [__meta_kubernetes_pod_ip], regex: '(.+)', target_label: __address__, replacement: '$1:9102'}
  - {target_label: env, replacement: prod}
  - {source_labels: [__meta_kubernetes_namespace], regex: 'test-.*', target_label: env, replacement: test}
  - {source_labels: [__address__], target_label: __param_target}
  - {target_label: __address__, replacement: 'blackbox:9115'}
";

    fn with(rules: &str, look: impl FnOnce(&super::RelabelList<'_>)) {
        let mut sources = Sources::new();
        let text = format!(
            "scrape_configs:\n- job_name: a\n  kubernetes_sd_configs: [{{role: pod}}]\n  relabel_configs:\n{rules}"
        );
        let file = sources.add("p.yml", text);
        let (config, faults) = Config::read(&mut sources, file, &Options::default());
        assert!(faults.is_empty(), "{faults:?}");
        let lists = lists_of_job(&mut Facts::default(), &config.scrape_configs[0]).expect("is valid");
        look(&lists[0]);
    }

    #[test]
    fn a_value_is_possible_if_a_rule_can_make_it() {
        with(RULES, |list| {
            assert!(list.can_end_as("__address__", "blackbox:9115"));
            assert!(!list.can_end_as("__address__", "10.0.0.1:9102"));
            assert!(list.can_end_as("env", "test") && !list.can_end_as("env", "prd"));
        });
        let (first, _) = RULES.split_once('\n').expect("has lines");
        with(&format!("{first}\n"), |list| {
            assert!(list.can_end_as("__address__", "10.0.0.1:9102") && list.can_end_as("__address__", "10.0.0.1:80"));
        });
    }

    #[test]
    fn a_value_that_a_rule_replaces_is_not_possible() {
        with(
            "  - {source_labels: [__address__], regex: '(.+):.*', target_label: __address__, replacement: '$1:9100'}\n",
            |list| {
                assert!(list.can_end_as("__address__", "a:9100") && list.can_end_as("__address__", "a"));
                assert!(!list.can_end_as("__address__", "a:10250"));
            },
        );
    }

    #[test]
    fn values_that_are_written_in_the_config_are_known() {
        with(RULES, |list| {
            assert_eq!(list.values_at_end("env"), Some(vec!["prod".to_string(), "test".to_string()]));
            assert_eq!(list.values_at_end("job"), Some(vec!["a".to_string()]));
            assert_eq!(list.values_at_end("__param_target"), None);
            assert_eq!(list.values_at_end("__meta_kubernetes_namespace"), None);
        });
    }
}
