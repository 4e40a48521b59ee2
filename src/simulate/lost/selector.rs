//! Selectors of objects, and how the labels of an object differ from them.

use super::cluster::{Label, Labeled};
use super::types::{Difference, Found, ObjectName};
use crate::input::operator::Value;
use crate::re2::Regex;
use crate::text::{Location, most_similar};

/// How labels are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Comparison {
    /// As the API server does.
    Exact,
    /// As the relabel rules of the operator do: names as parts of meta labels, values as patterns.
    ByRules,
}

/// A requirement of a selector.
#[derive(Debug)]
pub(super) struct Requirement {
    name: String,
    operator: Operator,
    values: Vec<String>,
    pattern: Option<Regex>,
    comparison: Comparison,
    pub(super) at: Location,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Operator {
    Is,
    In,
    NotIn,
    Exists,
    DoesNotExist,
}

/// A selector: all its requirements.
#[derive(Debug, Default)]
pub(super) struct Selector {
    pub(super) requirements: Vec<Requirement>,
}

impl Selector {
    /// `matchLabels` and `matchExpressions`.
    pub(super) fn of(selector: Option<&Value>, comparison: Comparison) -> Self {
        let Some(selector) = selector else { return Self::default() };
        let labels = super::cluster::labels_of(selector.get("matchLabels"));
        let mut requirements: Vec<Requirement> =
            labels.iter().map(|label| Requirement::of_label(label, comparison)).collect();
        for expression in selector.get("matchExpressions").map_or(&[][..], Value::items) {
            let operator = match expression.text("operator") {
                "In" => Operator::In,
                "NotIn" => Operator::NotIn,
                "Exists" => Operator::Exists,
                "DoesNotExist" => Operator::DoesNotExist,
                _ => continue,
            };
            let values = expression.get("values").map_or(&[][..], Value::items).iter();
            let values = values.filter_map(Value::as_str).map(str::to_string).collect();
            let name = expression.text("key").to_string();
            requirements.push(Requirement::new(name, operator, values, comparison, expression.at));
        }
        Self { requirements }
    }

    /// The selector of a Service.
    pub(super) fn of_labels(labels: &[Label]) -> Self {
        let requirements = labels.iter().map(|label| Requirement::of_label(label, Comparison::Exact)).collect();
        Self { requirements }
    }

    pub(super) fn accepts(&self, labels: &[Label]) -> bool {
        self.requirements.iter().all(|requirement| requirement.accepts(labels))
    }

    /// `app: web, tier in (a, b)`.
    pub(super) fn describe(&self) -> String {
        self.requirements.iter().map(Requirement::describe).collect::<Vec<_>>().join(", ")
    }

    /// The first difference of labels that the selector does not accept: the requirement, what is found, and where.
    pub(super) fn difference(&self, labels: &[Label]) -> Option<(&Requirement, Difference, Option<Location>)> {
        let requirement = self.requirements.iter().find(|requirement| !requirement.accepts(labels))?;
        let (found, at) = requirement.found(labels);
        Some((requirement, Difference { wanted: requirement.describe(), found }, at))
    }

    /// The object that comes nearest: the one that misses the fewest requirements, if it has something in common.
    pub(super) fn nearest<'c>(
        &self,
        objects: impl Iterator<Item = &'c Labeled>,
        names: &[&str],
    ) -> Option<Nearest<'c, '_>> {
        let mut best: Option<(usize, bool, Nearest<'c, '_>)> = None;
        for object in objects {
            let missed = self.requirements.iter().filter(|requirement| !requirement.accepts(&object.labels)).count();
            if best
                .as_ref()
                .is_some_and(|(fewest, is_similar, _)| missed > *fewest || (missed == *fewest && *is_similar))
            {
                continue;
            }
            let Some((requirement, difference, at)) = self.difference(&object.labels) else { continue };
            let is_similar = requirement.is_similar(&difference.found, &object.labels);
            let is_near = missed < self.requirements.len() || is_similar || names.contains(&object.name.name.as_str());
            if is_near && best.as_ref().is_none_or(|(fewest, _, _)| missed < *fewest || is_similar) {
                best = Some((missed, is_similar, Nearest { object, requirement, difference, at }));
            }
        }
        best.map(|(_, _, nearest)| nearest)
    }
}

/// The object that comes nearest to a selector.
pub(super) struct Nearest<'c, 's> {
    pub(super) object: &'c Labeled,
    pub(super) requirement: &'s Requirement,
    difference: Difference,
    /// The place of what is found.
    pub(super) at: Option<Location>,
}

impl Nearest<'_, '_> {
    pub(super) fn described(self) -> (ObjectName, Difference) {
        (self.object.name.clone(), self.difference)
    }
}

impl Requirement {
    fn new(name: String, operator: Operator, values: Vec<String>, comparison: Comparison, at: Location) -> Self {
        let is_pattern = comparison == Comparison::ByRules && !values.is_empty();
        let pattern = is_pattern.then(|| Regex::new(&format!("({})", values.join("|"))).ok()).flatten();
        Self { name, operator, values, pattern, comparison, at }
    }

    fn of_label(label: &Label, comparison: Comparison) -> Self {
        Self::new(label.name.to_string(), Operator::Is, vec![label.value.to_string()], comparison, label.at)
    }

    /// The value of a label that is wanted, if it is one.
    pub(super) fn wanted(&self) -> Option<(&str, &str)> {
        match (self.operator, self.values.as_slice()) {
            (Operator::Is, [value]) => Some((&self.name, value)),
            _ => None,
        }
    }

    fn label<'l>(&self, labels: &'l [Label]) -> Option<&'l Label> {
        labels.iter().find(|label| match self.comparison {
            Comparison::Exact => *label.name == *self.name,
            Comparison::ByRules => is_same_meta_name(&label.name, &self.name),
        })
    }

    fn accepts(&self, labels: &[Label]) -> bool {
        let value = self.label(labels).map(|label| &*label.value);
        let is_one = |value: &str| match &self.pattern {
            Some(pattern) => pattern.is_match(value) == Ok(true),
            None => self.values.iter().any(|own| own == value),
        };
        match self.operator {
            Operator::Is | Operator::In => value.is_some_and(is_one),
            Operator::NotIn => !value.is_some_and(is_one),
            Operator::Exists => value.is_some(),
            Operator::DoesNotExist => value.is_none(),
        }
    }

    /// The values with a dot of a requirement of one of several values.
    pub(super) fn dotted(&self) -> impl Iterator<Item = &str> {
        let is_wanted = matches!(self.operator, Operator::Is | Operator::In);
        self.values.iter().map(String::as_str).filter(move |value| is_wanted && value.contains('.'))
    }

    /// The label that has another value, which a dot matches all the same.
    pub(super) fn matched_by_dot<'l>(&self, labels: &'l [Label]) -> Option<&'l Label> {
        self.dotted().next()?;
        let label = self.label(labels)?;
        (!self.values.iter().any(|value| **value == *label.value)).then_some(label)
    }

    fn describe(&self) -> String {
        let values = self.values.join(", ");
        match self.operator {
            Operator::Is => format!("{}: {values}", self.name),
            Operator::In => format!("{} in ({values})", self.name),
            Operator::NotIn => format!("{} not in ({values})", self.name),
            Operator::Exists => format!("{} exists", self.name),
            Operator::DoesNotExist => format!("{} does not exist", self.name),
        }
    }

    /// What labels have in the place of what is wanted, and where.
    fn found(&self, labels: &[Label]) -> (Found, Option<Location>) {
        let shown = |label: &Label| format!("{}: {}", label.name, label.value);
        if let Some(label) = self.label(labels) {
            return (Found::Value(shown(label)), Some(label.at));
        }
        let has_value = |label: &&Label| self.values.iter().any(|value| **value == *label.value);
        match labels.iter().find(has_value) {
            Some(label) => (Found::OtherName(shown(label)), Some(label.at)),
            None => (Found::Nothing(self.name.clone()), None),
        }
    }

    /// Whether what is found is much the same as what is wanted.
    fn is_similar(&self, found: &Found, labels: &[Label]) -> bool {
        match found {
            Found::Value(_) => {
                let own = self.label(labels).map_or("", |label| &*label.value);
                self.values.iter().any(|value| most_similar(value, [own]).is_some())
            }
            Found::OtherName(_) => true,
            Found::Nothing(_) => false,
        }
    }
}

/// Whether two names of labels are the same as parts of meta labels.
fn is_same_meta_name(one: &str, other: &str) -> bool {
    let meta = |c: char| if c.is_ascii_alphanumeric() { c } else { '_' };
    one.chars().map(meta).eq(other.chars().map(meta))
}
