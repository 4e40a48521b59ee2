//! Why a label does not exist when a rule runs.

use super::{PARAM, Presence, RelabelList, meta_name};

/// Why a label certainly does not exist.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Absence {
    /// The rule with this index removed it.
    Removed(usize),
    /// The rule with this index sets it later.
    SetLater(usize),
    /// No earlier rule affects it, and no later rule certainly sets it.
    Unset,
}

impl RelabelList<'_> {
    /// Why the label does not exist when rule `index` runs; `None` if it may exist.
    pub(crate) fn absence_at(&self, index: usize, name: &str) -> Option<Absence> {
        match self.presence_and_remover_at(index, name) {
            (Presence::Never, Some(remover)) => return Some(Absence::Removed(remover)),
            (Presence::Never, None) => {}
            _ => return None,
        }
        if !self.is_changed(name) {
            return Some(Absence::Unset);
        }
        Some(self.about(name).next_setter(index).map_or(Absence::Unset, Absence::SetLater))
    }

    /// Whether a rule before `index` reads the label, and rule `index` is the first to set it.
    pub(crate) fn is_read_too_early(&self, index: usize, name: &str) -> bool {
        let first = self.about(name).first_value_read().filter(|first| *first < index);
        first.is_some_and(|first| self.absence_at(first, name) == Some(Absence::SetLater(index)))
    }

    /// The temporary label that one of the next rules behind `index` reads, although nothing sets it:
    /// perhaps the one that rule `index` sets, by a wrong name.
    pub(crate) fn unset_read_behind(&self, index: usize) -> Option<&str> {
        const NEXT: usize = 20;
        let mut next = self.behind(index).take(NEXT).filter(|rule| rule.sources().len() == 1);
        next.find_map(|rule| {
            let name = rule.sources().first()?;
            let is_temporary = name.starts_with("__") && is_no_name_of_others(name) && !rule.may_be_default(name);
            (is_temporary && self.absence_at(rule.index, name) == Some(Absence::Unset)).then_some(name.as_str())
        })
    }
}

/// Whether the name has no meaning to Prometheus, unlike other names with two underscores.
fn is_no_name_of_others(name: &str) -> bool {
    name != "__name__" && meta_name(name).is_none() && !name.starts_with(PARAM)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::{Facts, lists_of_job};
    use crate::config::Config;
    use crate::options::Options;
    use crate::text::Sources;

    #[test]
    fn a_label_is_absent_for_a_reason() {
        let text = "scrape_configs:
- job_name: web
  static_configs: [{targets: ['a:1'], labels: {env: x}}]
  relabel_configs:
  - {source_labels: [a], target_label: b}
  - {regex: env, action: labeldrop}
  - {source_labels: [env], target_label: a}
";
        let mut sources = Sources::new();
        let file = sources.add("p.yml", text);
        let (config, _) = Config::read(&mut sources, file, &Options::default());
        let [list, _] = lists_of_job(&mut Facts::default(), &config.scrape_configs[0]).expect("is valid");
        assert_eq!(list.absence_at(0, "a"), Some(Absence::SetLater(2)));
        assert_eq!(list.absence_at(2, "env"), Some(Absence::Removed(1)));
        assert_eq!(list.absence_at(2, "zone"), Some(Absence::Unset));
        assert_eq!((list.absence_at(1, "env"), list.absence_at(2, "b")), (None, None));
        assert!(list.is_read_too_early(2, "a") && !list.is_read_too_early(2, "env") && !list.is_read_too_early(0, "b"));
    }

    #[test]
    fn a_label_may_be_read_by_a_wrong_name() {
        let unset = |read: &str| {
            let text = format!(
                "scrape_configs:
- job_name: web
  static_configs: [{{targets: ['a:1']}}]
  relabel_configs:
  - {{source_labels: [__address__], target_label: __tmp_shard}}
  - {{source_labels: [{read}], regex: '1', action: keep}}
"
            );
            let mut sources = Sources::new();
            let file = sources.add("p.yml", text);
            let (config, _) = Config::read(&mut sources, file, &Options::default());
            let [list, _] = lists_of_job(&mut Facts::default(), &config.scrape_configs[0]).expect("is valid");
            list.unset_read_behind(0).map(String::from)
        };
        assert_eq!(unset("__shard").as_deref(), Some("__shard"));
        for read in ["__tmp_shard", "__address__", "__meta_shard", "__param_shard", "__name__", "shard"] {
            assert_eq!(unset(read), None, "{read}");
        }
    }
}
