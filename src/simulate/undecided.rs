//! Targets with values that are not known: each such value is, or has, a placeholder. A result that depends on one is
//! undecided.

use rustc_hash::FxHashMap;

use crate::re2::{Regex, Template, TextPart};
use crate::relabel::{Action, Labels, RuleSpec, Step};

use super::{JobSimulator, PlacedTarget, Status, TargetResult};

/// What is known of the value of a label.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Value {
    /// The value with a placeholder in it: texts that are known, and `None` for each placeholder.
    Parts(Vec<Option<String>>),
    /// Nothing, not even whether there is one.
    Anything,
}

impl Value {
    /// A value of a target; `None` if all of it is known.
    fn of(text: &str, placeholders: &[&str]) -> Option<Self> {
        let (mut parts, mut rest) = (Vec::new(), text);
        let next = |rest: &str| {
            let found = placeholders.iter().filter(|word| !word.is_empty()).filter_map(|word| {
                let at = rest.find(word)?;
                Some((at, std::cmp::Reverse(word.len())))
            });
            found.min().map(|(at, length)| (at, length.0))
        };
        while let Some((at, length)) = next(rest) {
            parts.push(Some(rest.get(..at)?.to_string()));
            parts.push(None);
            rest = rest.get(at + length..)?;
        }
        if parts.is_empty() {
            return None;
        }
        parts.push(Some(rest.to_string()));
        Some(Self::Parts(parts))
    }
}

/// What a rule does with a value that is not known.
enum Fate {
    /// The same, whatever the value is.
    Decided(bool),
    /// It depends on this label.
    Depends(String),
    /// The rule reads only what is known.
    Known,
}

impl JobSimulator<'_> {
    /// As [`simulate`](Self::simulate), of a target some of whose values are not known: they have one of `placeholders` in
    /// the place of what is not. The result is [`Status::Undecided`] where it depends on such a value.
    ///
    /// ```
    /// use promcfg::scrape::DiscoveredTarget;
    /// use promcfg::simulate::{JobSimulator, Status};
    /// use promcfg::{Config, Options, Sources};
    /// let text = r"
    /// scrape_configs:
    /// - job_name: pods
    ///   relabel_configs:
    ///   - {source_labels: [__address__], regex: '.+:80', action: keep}
    ///   - {source_labels: [__address__], regex: '10\.1\..*', action: drop}
    /// ";
    /// let mut sources = Sources::new();
    /// let file = sources.add("p.yml", text);
    /// let (config, _) = Config::read(&mut sources, file, &Options::default());
    /// let mut simulator = JobSimulator::new(&config.scrape_configs[0], false)?;
    /// let mut status = |address: &str| {
    ///     let result = simulator.simulate_unknown(&DiscoveredTarget::from_address(address).into(), &["192.0.2.1"]);
    ///     (result.status, result.undecided_by.map(|by| by.rule))
    /// };
    /// assert_eq!(status("192.0.2.1:443"), (Status::Dropped, None));
    /// assert_eq!(status("192.0.2.1:80"), (Status::Undecided, Some(1)));
    /// # Ok::<(), promcfg::relabel::ChainError>(())
    /// ```
    pub fn simulate_unknown(&mut self, placed: &PlacedTarget, placeholders: &[&str]) -> TargetResult {
        let traces = std::mem::replace(&mut self.traces, true);
        let mut result = self.simulated(placed);
        self.traces = traces;
        self.judge_unknown(&mut result, placeholders);
        if !traces {
            result.trace = Vec::new();
        }
        self.count(&result);
        result
    }

    fn judge_unknown(&self, result: &mut TargetResult, placeholders: &[&str]) {
        if result.status == Status::Unknown {
            return;
        }
        let mut unknown = Unknown::of(&result.discovered, placeholders);
        if unknown.values.is_empty() {
            return;
        }
        let rules = self.owner.rules();
        let mut depends = None;
        for step in &result.trace {
            let Some(rule) = rules.get(step.rule) else { continue };
            if let Some(label) = unknown.after(&rule.spec, step) {
                depends = Some((Some(step.rule), label));
                break;
            }
        }
        // Prometheus checks values that are not known.
        if depends.is_none() && result.status == Status::Invalid {
            depends = unknown.first().map(|label| (None, label));
        }
        let Some((rule, label)) = depends else { return };
        let (steps, labels) = (result.trace.iter().position(|step| Some(step.rule) == rule), Labels::new());
        result.trace.truncate(steps.map_or(result.trace.len(), |index| index + 1));
        (result.status, result.labels, result.url, result.dropped_by) =
            (Status::Undecided, labels, String::new(), None);
        result.scrape_error = None;
        result.undecided_by = rule.map(|rule| self.rule_of(rule, result.trace.last()));
        result.error = Some(format!("it depends on `{label}`, whose value is not known"));
    }
}

/// The labels whose values are not known, while the rules run.
struct Unknown<'p> {
    placeholders: &'p [&'p str],
    labels: Labels,
    values: FxHashMap<String, Value>,
}

impl<'p> Unknown<'p> {
    fn of(discovered: &Labels, placeholders: &'p [&'p str]) -> Self {
        let of = |(name, value): (&str, &str)| Some((name.to_string(), Value::of(value, placeholders)?));
        Self { placeholders, labels: discovered.clone(), values: discovered.iter().filter_map(of).collect() }
    }

    /// The first of the labels, by name.
    fn first(&self) -> Option<String> {
        self.values.keys().min().cloned()
    }

    /// Follows a step. Gives the label that decides what the rule does, if that is more than a value.
    fn after(&mut self, spec: &RuleSpec, step: &Step) -> Option<String> {
        let fate = self.fate(spec, step.action);
        match step.action {
            Action::Keep | Action::Drop | Action::KeepEqual | Action::DropEqual => match fate {
                Fate::Depends(label) => return Some(label),
                Fate::Decided(_) | Fate::Known => {}
            },
            Action::Replace => return self.after_replace(spec, step, &fate),
            Action::HashMod | Action::Lowercase | Action::Uppercase => {
                self.follow(step);
                if !matches!(fate, Fate::Known) {
                    self.values.insert(spec.target_label.clone(), Value::Anything);
                }
            }
            Action::LabelMap | Action::LabelDrop | Action::LabelKeep => self.follow(step),
        }
        None
    }

    fn after_replace(&mut self, spec: &RuleSpec, step: &Step, fate: &Fate) -> Option<String> {
        let has_references = Template::parse(&spec.replacement).has_references();
        let copies = step.input.as_deref().is_some_and(|input| {
            let is_input = |change: &crate::relabel::Change| change.after.as_deref() == Some(input);
            !step.changes.is_empty() && step.changes.iter().all(is_input)
        });
        match fate {
            Fate::Decided(false) => {}
            Fate::Known => self.follow(step),
            Fate::Decided(true) if !has_references => self.follow(step),
            Fate::Decided(true) | Fate::Depends(_) if Template::parse(&spec.target_label).has_references() => {
                return self.reads(spec);
            }
            Fate::Decided(true) if copies => {
                let value = step.input.as_deref().and_then(|input| Value::of(input, self.placeholders));
                self.follow(step);
                self.values.insert(spec.target_label.clone(), value.unwrap_or(Value::Anything));
            }
            Fate::Decided(true) | Fate::Depends(_) => {
                self.follow(step);
                self.values.insert(spec.target_label.clone(), Value::Anything);
            }
        }
        None
    }

    /// Takes over the changes: a value that is copied from a label is known as well as that one.
    fn follow(&mut self, step: &Step) {
        for change in &step.changes {
            let value = change.after.as_deref().and_then(|after| {
                if step.action != Action::LabelMap {
                    return None;
                }
                let source = self.values.iter().find(|(name, _)| self.labels.get(name) == after)?;
                Some(source.1.clone())
            });
            match value {
                Some(value) => self.values.insert(change.label.clone(), value),
                None => self.values.remove(&change.label),
            };
            self.labels.set(&change.label, change.after.as_deref().unwrap_or(""));
        }
    }

    /// The first label that the rule reads and that is not known.
    fn reads(&self, spec: &RuleSpec) -> Option<String> {
        let read = spec.source_labels.as_deref().unwrap_or(&[]);
        read.iter().find(|name| self.values.contains_key(*name)).cloned()
    }

    /// Whether what a rule does depends on values that are not known.
    fn fate(&self, spec: &RuleSpec, action: Action) -> Fate {
        let compares = matches!(action, Action::KeepEqual | Action::DropEqual);
        let compared = compares.then(|| spec.target_label.clone()).filter(|name| self.values.contains_key(name));
        let Some(label) = self.reads(spec).or(compared) else { return Fate::Known };
        if !matches!(action, Action::Keep | Action::Drop | Action::Replace) {
            return Fate::Depends(label);
        }
        let Ok(regex) = Regex::new(spec.pattern()) else { return Fate::Depends(label) };
        if regex.matches_everything() {
            return Fate::Decided(true);
        }
        let mut parts: Vec<TextPart<'_>> = Vec::new();
        for (index, name) in spec.source_labels.iter().flatten().enumerate() {
            if index > 0 {
                parts.push(TextPart::Known(&spec.separator));
            }
            match self.values.get(name) {
                None => parts.push(TextPart::Known(self.labels.get(name))),
                Some(Value::Anything) => return Fate::Depends(label),
                Some(Value::Parts(known)) => {
                    parts.extend(known.iter().map(|part| part.as_deref().map_or(TextPart::Unknown, TextPart::Known)));
                }
            }
        }
        regex.decide(&parts).map_or(Fate::Depends(label), Fate::Decided)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scrape::DiscoveredTarget;
    use crate::{Config, Options, Sources};

    /// The status of a target with these labels under these rules, and the label that it depends on.
    fn status(rules: &str, labels: &[(&str, &str)]) -> String {
        let text = format!("scrape_configs:\n- job_name: a\n  relabel_configs:\n{rules}");
        let mut sources = Sources::new();
        let file = sources.add("p.yml", text);
        let (config, faults) = Config::read(&mut sources, file, &Options::default());
        assert!(faults.is_empty(), "{faults:?}");
        let mut simulator = JobSimulator::new(&config.scrape_configs[0], false).unwrap();
        let own = [("__address__", "192.0.2.1:80")].iter().chain(labels);
        let own = own.map(|(name, value)| (name.to_string(), value.to_string())).collect();
        let placed = DiscoveredTarget { own, group: Vec::new() }.into();
        let result = simulator.simulate_unknown(&placed, &["192.0.2.1", "<hash>"]);
        assert!(result.trace.is_empty());
        let by = result.undecided_by.map_or(String::new(), |by| format!(" by {}", by.rule));
        format!("{:?}{by}{}", result.status, result.error.map_or(String::new(), |error| format!(": {error}")))
    }

    #[test]
    fn a_rule_that_reads_only_known_values_decides() {
        let keep = "  - {source_labels: [app], regex: cart, action: keep}\n";
        assert_eq!(status(keep, &[("app", "cart")]), "Kept");
        assert_eq!(status(keep, &[("app", "web")]), "Dropped");
    }

    #[test]
    fn a_rule_decides_where_the_known_part_of_a_value_does() {
        let keep = "  - {source_labels: [pod], regex: 'cart-.+', action: keep}\n";
        assert_eq!(status(keep, &[("pod", "cart-<hash>")]), "Kept");
        assert_eq!(status(keep, &[("pod", "web-<hash>")]), "Dropped");
        let port = "  - {source_labels: [__address__, app], regex: '.+:80;cart', action: keep}\n";
        assert_eq!(status(port, &[("app", "cart")]), "Kept");
        assert_eq!(status(port, &[("app", "web")]), "Dropped");
    }

    #[test]
    fn a_rule_whose_answer_depends_on_an_unknown_value_leaves_the_target_undecided() {
        let keep = "  - {source_labels: [pod], regex: 'cart-[a-f]+', action: keep}\n";
        let expected = "Undecided by 0: it depends on `pod`, whose value is not known";
        assert_eq!(status(keep, &[("pod", "cart-<hash>")]), expected);
        let equal = "  - {source_labels: [app], target_label: pod, action: dropequal}\n";
        assert_eq!(status(equal, &[("pod", "<hash>"), ("app", "a")]), expected);
        let hash = "  - {source_labels: [pod], modulus: 2, target_label: t, action: hashmod}\n\
                    \x20 - {source_labels: [t], regex: '1', action: keep}\n";
        let expected = "Undecided by 1: it depends on `t`, whose value is not known";
        assert_eq!(status(hash, &[("pod", "<hash>")]), expected);
    }

    #[test]
    fn an_unknown_value_goes_along_where_a_rule_copies_it() {
        let copy = "  - {source_labels: [pod], target_label: p}\n  - {regex: p, replacement: q, action: labelmap}\n\
                    \x20 - {source_labels: [q], regex: 'cart-.*', action: keep}\n";
        assert_eq!(status(copy, &[("pod", "cart-<hash>")]), "Kept");
        let expected = "Undecided by 2: it depends on `q`, whose value is not known";
        assert_eq!(status(copy, &[("pod", "<hash>")]), expected);
    }

    #[test]
    fn a_value_that_a_rule_overwrites_is_known_again() {
        let rules = "  - {target_label: pod, replacement: x}\n  - {source_labels: [pod], regex: x, action: keep}\n";
        assert_eq!(status(rules, &[("pod", "<hash>")]), "Kept");
    }

    #[test]
    fn the_usual_rules_for_pods_are_decided() {
        let rules = "  - {source_labels: [scrape], regex: 'true', action: keep}\n\
                     \x20 - {source_labels: [__address__, port], regex: '([^:]+)(?::\\d+)?;(\\d+)', replacement: '$1:$2', target_label: __address__}\n\
                     \x20 - {source_labels: [pod], target_label: pod_name}\n";
        assert_eq!(status(rules, &[("scrape", "true"), ("port", "9100"), ("pod", "cart-<hash>")]), "Kept");
        assert_eq!(status(rules, &[("scrape", "no"), ("pod", "cart-<hash>")]), "Dropped");
    }
}
