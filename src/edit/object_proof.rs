//! What may differ between the configs that the operator generates before and after a change of objects: nothing else does.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::yaml::{Node, NodeKind, Tree};

/// What is to differ. Jobs are known by their names.
#[derive(Debug, Default)]
pub(super) struct Differences {
    /// The keys that may differ in a job.
    pub(super) jobs: FxHashMap<String, Parts>,
    /// The keys that may differ at the top: one, or one of `global`.
    pub(super) top: Vec<Vec<&'static str>>,
    /// Other names of jobs that stay.
    pub(super) renamed: FxHashMap<String, String>,
    pub(super) removed: FxHashSet<String>,
}

/// The parts of a job.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Parts {
    All,
    Keys(Vec<&'static str>),
}

impl Parts {
    fn has(&self, key: &str) -> bool {
        match self {
            Self::All => true,
            Self::Keys(keys) => keys.contains(&key),
        }
    }
}

/// Something else that differs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Other {
    Job(String),
    Rest,
}

impl Differences {
    pub(super) fn of_jobs(jobs: impl IntoIterator<Item = (String, Parts)>) -> Self {
        Self { jobs: jobs.into_iter().collect(), ..Self::default() }
    }

    /// Also these keys of a job.
    pub(super) fn add(&mut self, job: &str, keys: &[&'static str]) {
        match self.jobs.entry(job.to_string()).or_insert_with(|| Parts::Keys(Vec::new())) {
            Parts::All => {}
            Parts::Keys(own) => own.extend(keys),
        }
    }

    /// Compares two generated configs.
    pub(super) fn are_all_of(&self, old: &Tree, new: &Tree) -> Result<(), Other> {
        let (Some(old), Some(new)) = (old.root(), new.root()) else { return Err(Other::Rest) };
        self.of_jobs_differ(old, new)?;
        self.of_top_differ(old, new)
    }

    fn of_jobs_differ(&self, old: Node<'_>, new: Node<'_>) -> Result<(), Other> {
        let (old, new) = (jobs_of(old), jobs_of(new));
        let mut by_name: FxHashMap<&str, Vec<Node<'_>>> = FxHashMap::default();
        new.iter().for_each(|(name, job)| by_name.entry(name).or_default().push(*job));
        let mut count = 0;
        for (name, job) in old.iter().filter(|(name, _)| !self.removed.contains(*name)) {
            count += 1;
            let other = || Other::Job((*name).to_string());
            let new_name = self.renamed.get(*name).map_or(*name, String::as_str);
            let named = by_name.get_mut(new_name).filter(|named| !named.is_empty()).ok_or_else(other)?;
            let new = named.remove(0);
            let parts = self.jobs.get(*name);
            let is_free = |key: &str| (key == "job_name" && new_name != *name) || parts.is_some_and(|own| own.has(key));
            if differing_keys(*job, new).iter().any(|key| !is_free(key)) {
                return Err(other());
            }
        }
        if count == new.len() { Ok(()) } else { Err(Other::Rest) }
    }

    fn of_top_differ(&self, old: Node<'_>, new: Node<'_>) -> Result<(), Other> {
        for key in differing_keys(old, new).into_iter().filter(|key| *key != "scrape_configs") {
            if self.top.iter().any(|way| matches!(way.as_slice(), [own] if *own == key)) {
                continue;
            }
            let (Some(old), Some(new)) = (value(old, key), value(new, key)) else { return Err(Other::Rest) };
            let is_free = |own: &&str| self.top.iter().any(|way| way.as_slice() == [key, *own]);
            if old.kind() != NodeKind::Mapping || !differing_keys(old, new).iter().all(is_free) {
                return Err(Other::Rest);
            }
        }
        Ok(())
    }
}

/// The jobs of a generated config, by their names.
pub(super) fn jobs_of(root: Node<'_>) -> Vec<(&str, Node<'_>)> {
    let list = value(root, "scrape_configs").into_iter().flat_map(Node::items);
    list.map(|job| (value(job, "job_name").map_or("", Node::value), job)).collect()
}

fn value<'t>(map: Node<'t>, key: &str) -> Option<Node<'t>> {
    map.entries().find(|(name, _)| name.value() == key).map(|(_, value)| value)
}

/// The keys of which the values are written in different ways: both texts are generated.
fn differing_keys<'t>(old: Node<'t>, new: Node<'t>) -> Vec<&'t str> {
    let text = |value: Node<'t>| value.full_span().of(value.tree().text());
    let by_key = |map: Node<'t>| -> FxHashMap<&'t str, &'t str> {
        map.entries().map(|(key, value)| (key.value(), text(value))).collect()
    };
    let (one, other) = (by_key(old), by_key(new));
    let mut keys: Vec<&str> =
        old.entries().map(|(key, _)| key.value()).filter(|key| one.get(key) != other.get(key)).collect();
    keys.extend(new.entries().map(|(key, _)| key.value()).filter(|key| !one.contains_key(key)));
    keys
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    const OLD: &str =
        "global:\n  a: 1\n  b: 1\nscrape_configs:\n- job_name: x/0\n  a: 1\n  b: [1]\n- job_name: x/1\n  a: 1\n";

    fn compared(differences: &Differences, new: &str) -> Result<(), Other> {
        differences.are_all_of(&Tree::parse(OLD), &Tree::parse(new))
    }

    #[test]
    fn only_what_may_differ_does() {
        let mut differences = Differences::default();
        let new = OLD.replace("b: [1]", "b: [2]");
        assert_eq!(compared(&differences, OLD), Ok(()));
        assert_eq!(compared(&differences, &new), Err(Other::Job("x/0".to_string())));
        differences.add("x/0", &["b"]);
        assert_eq!(compared(&differences, &new), Ok(()));
        assert_eq!(compared(&differences, &OLD.replace("  b: [1]\n", "")), Ok(()));
        assert_eq!(
            compared(&differences, &OLD.replacen("  a: 1\n  b: [1]", "  b: [1]", 1)),
            Err(Other::Job("x/0".to_string()))
        );
    }

    #[test]
    fn jobs_go_and_others_get_their_names() {
        let mut differences = Differences::default();
        let new = OLD.replace("- job_name: x/0\n  a: 1\n  b: [1]\n", "").replace("x/1", "x/0");
        differences.removed.insert("x/0".to_string());
        assert!(compared(&differences, &new).is_err());
        differences.renamed.insert("x/1".to_string(), "x/0".to_string());
        assert_eq!(compared(&differences, &new), Ok(()));
    }

    #[test]
    fn keys_of_global_are_compared_one_by_one() {
        let differences = Differences { top: vec![vec!["global", "a"]], ..Differences::default() };
        assert_eq!(compared(&differences, &OLD.replacen("a: 1", "a: 2", 1)), Ok(()));
        assert_eq!(compared(&differences, &OLD.replacen("b: 1", "b: 2", 1)), Err(Other::Rest));
    }
}
