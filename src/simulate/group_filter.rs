//! The rules at the start of a chain that look at labels of a group only: one look decides on all targets of the group.

use crate::config::RuleAuthor;
use crate::discovery::DiscoveredGroup;
use crate::re2::Regex;
use crate::relabel::Action;

use super::{JobObjects, Owner};

/// The labels that only groups have: those of the Services of endpoints.
const OF_GROUPS: &str = "__meta_kubernetes_service_";

/// The first rules of a job, as far as they look at the labels of groups only.
///
/// ```
/// use promcfg::simulate::{GroupFilter, Owner};
/// use promcfg::{Config, Options, Sources};
/// let mut sources = Sources::new();
/// let file = sources.add("prometheus.yml", "scrape_configs: [{job_name: web}]");
/// let (config, _) = Config::read(&mut sources, file, &Options::default());
/// assert!(GroupFilter::of(Owner::Job(&config.scrape_configs[0])).is_none());
/// ```
#[derive(Debug)]
pub struct GroupFilter<'c> {
    rules: Vec<Filter<'c>>,
}

#[derive(Debug)]
struct Filter<'c> {
    index: usize,
    sources: &'c [String],
    separator: &'c str,
    pattern: Regex,
    keeps: bool,
}

impl<'c> GroupFilter<'c> {
    /// The rules of the operator in a generated job; nothing if there is none.
    #[must_use]
    pub fn of(owner: Owner<'c>) -> Option<Self> {
        let mut rules = Vec::new();
        for (index, rule) in owner.rules().iter().enumerate() {
            let spec = &rule.spec;
            match spec.action {
                Some(Action::Replace) if !spec.target_label.contains('$') => {
                    if spec.target_label.starts_with(OF_GROUPS) {
                        break;
                    }
                }
                Some(action @ (Action::Keep | Action::Drop)) => {
                    let sources = spec.source_labels.as_deref().unwrap_or(&[]);
                    let is_of_groups = !sources.is_empty() && sources.iter().all(|name| name.starts_with(OF_GROUPS));
                    let Some(pattern) = Regex::new(spec.pattern()).ok() else { break };
                    if rule.author != RuleAuthor::Fixed || !is_of_groups {
                        break;
                    }
                    let keeps = action == Action::Keep;
                    rules.push(Filter { index, sources, separator: &spec.separator, pattern, keeps });
                }
                _ => break,
            }
        }
        (!rules.is_empty()).then_some(Self { rules })
    }

    /// The index of the rule that drops all targets of a group.
    #[must_use]
    pub fn dropping(&self, group: &DiscoveredGroup, objects: &JobObjects) -> Option<usize> {
        let is_own = |name: &str| group.targets.iter().flatten().any(|(own, _)| **own == *name);
        for rule in &self.rules {
            let value_of =
                |name: &String| group.labels.iter().find(|(own, _)| **own == **name).map_or("", |(_, value)| &**value);
            let value = rule.sources.iter().map(value_of).collect::<Vec<_>>().join(rule.separator);
            if objects.has_placeholder(&value) {
                return None;
            }
            if rule.pattern.is_match(&value).ok()? != rule.keeps {
                // The labels of a target count more than those of its group.
                return (!rule.sources.iter().any(|name| is_own(name))).then_some(rule.index);
            }
        }
        None
    }
}
