//! Which discovered labels give a label a wanted value, through the rules that compute it.

use crate::relabel::{Action, Chain, LabelBuilder, RuleSpec};
use crate::scrape::DiscoveredTarget;

use super::rule::{Rule, parts};
use super::search::Search;
use super::values::{address, set};

impl Search<'_> {
    /// Changes discovered labels so that `label` has `value` when the rule `before` begins. Whether it has must
    /// be tried. `false` when no way is known; `target` is then as before.
    pub(super) fn want(
        &self,
        target: &mut DiscoveredTarget,
        label: &str,
        value: &str,
        before: usize,
        steps: usize,
    ) -> bool {
        let budget = self.wants.get();
        self.wants.set(budget.saturating_sub(1));
        if budget == 0 {
            return false;
        }
        let rules = self.rules.iter().enumerate().take(before).rev();
        for (index, rule) in rules.filter(|_| steps > 0) {
            if let Some(wanted) = self.sources_of(target, rule, label, value) {
                let mut trial = target.clone();
                let is_done = wanted.iter().all(|(name, value)| self.want(&mut trial, name, value, index, steps - 1));
                if is_done {
                    *target = trial;
                    return true;
                }
            }
        }
        let may_have = self.labels.may_have(label);
        if may_have {
            set(target, label, value);
        }
        may_have
    }

    /// What the labels that a rule reads must be so that it gives `label` this value.
    fn sources_of(
        &self,
        target: &DiscoveredTarget,
        rule: &Rule<'_>,
        label: &str,
        value: &str,
    ) -> Option<Vec<(String, String)>> {
        let spec = rule.spec;
        let sources = spec.source_labels.as_deref().unwrap_or(&[]);
        match spec.action {
            // Internal labels are discovered, not mapped.
            Some(Action::LabelMap) if label.starts_with("__") => None,
            Some(Action::LabelMap) => rule.input_for(label).map(|name| vec![(name, value.to_string())]),
            _ if spec.target_label != label => None,
            Some(Action::Replace) => rule.input_for(value).and_then(|input| parts(spec, &input)),
            Some(Action::Lowercase) if value.to_lowercase() == value => parts(spec, value),
            Some(Action::Uppercase) if value.to_uppercase() == value => parts(spec, value),
            Some(Action::HashMod) => match sources {
                [source] => self.hashed(target, spec, source, value).map(|input| vec![(source.clone(), input)]),
                _ => None,
            },
            _ => None,
        }
    }

    /// A value of the source of a `hashmod` that has this hash.
    fn hashed(&self, target: &DiscoveredTarget, spec: &RuleSpec, source: &str, value: &str) -> Option<String> {
        const MOST: u64 = 2000;
        const TRIES_PER_HASH: u64 = 8;
        if value.parse::<u64>().ok()? >= spec.modulus {
            return None;
        }
        let chain = Chain::new(std::slice::from_ref(spec), self.owner.semantics()).ok()?;
        let present = target.own.iter().find(|(name, _)| name == source).map_or("", |(_, value)| value.as_str());
        let candidate = |number: u64| match source {
            "__address__" => address(number),
            _ => format!("{present}{number}"),
        };
        let mut builder = LabelBuilder::new();
        let tries = spec.modulus.saturating_mul(TRIES_PER_HASH).min(MOST);
        (0..tries).map(candidate).find(|candidate| {
            builder.load_added([(source, candidate.as_str())]);
            chain.run(&mut builder).is_ok() && builder.get(&spec.target_label) == value
        })
    }
}
