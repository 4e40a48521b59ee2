//! Facts about one rule: the labels it reads, may write and may remove.

use std::borrow::Cow;
use std::rc::Rc;

use crate::config::RelabelRule;
use crate::re2::{Template, TemplatePiece};
use crate::relabel::{Action, NameScheme};
use crate::text::Span;

use super::meta::META;
use super::pattern::{Facts, PatternFacts};
use super::subjects::Subjects;
use super::template::{constant_text, may_expand_to, references};

/// A rule of a list with the facts about it.
#[derive(Clone, Debug)]
pub(crate) struct RuleFacts<'c> {
    /// Its index in the list, from 0.
    pub(crate) index: usize,
    /// The rule with the places of its fields.
    pub(crate) rule: &'c RelabelRule,
    pub(crate) action: Action,
    /// Its effective pattern, by default `(.*)`.
    pub(crate) pattern: Rc<PatternFacts>,
    /// Its effective replacement, by default `$1`.
    pub(crate) replacement: Rc<Template>,
    /// What a check may be about.
    pub(super) subjects: Subjects,
    target: Option<Cow<'c, str>>,
    /// The target label of a replace, if it has a `$`.
    target_template: Option<Rc<Template>>,
    /// Whether the value that a replace sets is always the same text, and whether that is empty.
    constant_is_empty: Option<bool>,
}

impl<'c> RuleFacts<'c> {
    /// `None` if Prometheus rejects the rule.
    pub(super) fn new(facts: &mut Facts, index: usize, rule: &'c RelabelRule, scheme: NameScheme) -> Option<Self> {
        let (spec, action) = (&rule.spec, rule.spec.action?);
        if !rule.is_valid {
            return None;
        }
        let (pattern, replacement) = (facts.pattern(spec.pattern())?, facts.template(&spec.replacement));
        let is_template = action == Action::Replace && spec.target_label.contains('$');
        let target_template = is_template.then(|| facts.template(&spec.target_label));
        let target = match (&target_template, action) {
            (Some(template), _) => {
                let constant = constant_text(template);
                constant.filter(|constant| scheme.allows(constant)).map(Cow::Owned)
            }
            (None, Action::Replace | Action::HashMod | Action::Lowercase | Action::Uppercase) => {
                Some(Cow::Borrowed(spec.target_label.as_str()))
            }
            (None, _) => None,
        };
        let is_constant = action == Action::Replace && !replacement.has_references();
        let constant_is_empty = is_constant.then(|| replacement.text().is_empty());
        let subjects = Subjects::default();
        let made =
            Self { index, rule, action, pattern, replacement, subjects, target, target_template, constant_is_empty };
        Some(Self { subjects: made.find_subjects(), ..made })
    }

    /// What a check may be about.
    fn find_subjects(&self) -> Subjects {
        let (spec, action) = (&self.rule.spec, self.action);
        let own = Subjects::of_action(action).or(Subjects::of_fields(self.rule, action));
        let mut subjects = own.or(self.pattern.subjects());
        for name in self.reads_of_values() {
            subjects = subjects.or(Subjects::of_read(name));
        }
        subjects = subjects.with(Subjects::SEVERAL_READ, self.sources().len() > 1);
        if action.has_target_label() {
            subjects = subjects.or(Subjects::of_target(&spec.target_label));
        }
        if action.has_replacement() {
            let template = &self.replacement;
            let is_constant = !template.has_references();
            let lacks_group = references(template, &self.pattern).any(|(_, is_there)| !is_there);
            let has_odd_target = spec.target_label.contains('$');
            subjects = subjects
                .with(Subjects::CONSTANT_REPLACEMENT, is_constant)
                .with(Subjects::EMPTY_REPLACEMENT, is_constant && template.text().is_empty())
                .with(Subjects::GROUP_MISSING, lacks_group || has_odd_target)
                .with(Subjects::ODD_TEMPLATE, has_odd_target || is_odd(template.text()));
        }
        subjects
    }

    /// The source labels that the action uses, in the order written.
    pub(crate) fn sources(&self) -> &'c [String] {
        match &self.rule.spec.source_labels {
            Some(labels) if self.action.has_source_labels() => labels,
            _ => &[],
        }
    }

    /// The source labels that the action uses, each with its place in the file.
    pub(crate) fn placed_sources(&self) -> impl Iterator<Item = (&'c str, Span)> {
        let places = self.rule.source_spans.iter().copied();
        self.sources().iter().map(String::as_str).zip(places)
    }

    /// The labels whose values it reads, each with its place in the file: the source labels, and the target
    /// label if the action compares.
    pub(crate) fn placed_reads(&self) -> impl Iterator<Item = (&'c str, Span)> {
        let is_compared = matches!(self.action, Action::KeepEqual | Action::DropEqual);
        let target = self.rule.field("target_label").filter(|_| is_compared);
        self.placed_sources().chain(target.map(|field| (self.rule.spec.target_label.as_str(), field.value)))
    }

    /// The labels whose values it reads.
    pub(super) fn reads_of_values(&self) -> impl Iterator<Item = &'c str> {
        let is_compared = matches!(self.action, Action::KeepEqual | Action::DropEqual);
        let target = is_compared.then_some(self.rule.spec.target_label.as_str());
        self.sources().iter().map(String::as_str).chain(target)
    }

    /// Whether the rule always sets or removes the label, so that nothing remains of its value.
    pub(crate) fn overwrites(&self, name: &str) -> bool {
        if !self.has_target(name) {
            return false;
        }
        match self.action {
            Action::Replace if self.sources().is_empty() => self.pattern.matches_empty() == Some(true),
            Action::Replace => self.pattern.matches_everything(),
            Action::HashMod | Action::Lowercase | Action::Uppercase => true,
            _ => false,
        }
    }

    /// Whether it may set the label only where it is not set yet.
    pub(crate) fn may_be_default(&self, name: &str) -> bool {
        let is_default = || self.sources().len() > 1 || self.pattern.literal() == Some("");
        self.action == Action::Replace && self.has_target(name) && is_default()
    }

    /// The value it sets, if this is always the same text and not empty.
    pub(crate) fn constant_value(&self) -> Option<String> {
        let is_replace = self.action == Action::Replace;
        constant_text(&self.replacement).filter(|text| is_replace && !text.is_empty())
    }

    /// Whether both have the same effect, also if they are written differently.
    pub(crate) fn is_same_as(&self, other: &Self) -> bool {
        let (one, two) = (&self.rule.spec, &other.rule.spec);
        let action = self.action;
        action == other.action
            && self.sources() == other.sources()
            && (self.sources().len() < 2 || one.separator == two.separator)
            && (!action.has_regex() || self.pattern.text() == other.pattern.text())
            && (!action.has_target_label() || one.target_label == two.target_label)
            && (!action.has_replacement() || one.replacement == two.replacement)
            && (action != Action::HashMod || one.modulus == two.modulus)
    }

    /// The one label it writes, if it writes one and that is certain: of a replace the target label
    /// without references, if it is a valid name.
    pub(crate) fn target(&self) -> Option<Cow<'c, str>> {
        self.target.clone()
    }

    /// Whether that label is the one it writes.
    pub(crate) fn has_target(&self, name: &str) -> bool {
        self.target.as_deref() == Some(name)
    }

    /// The value of its target label, if it is a replace that always sets the same text.
    pub(crate) fn constant(&self) -> Option<String> {
        (self.action == Action::Replace).then(|| constant_text(&self.replacement)).flatten()
    }

    /// Whether its effect depends on no label.
    pub(crate) fn is_unconditional(&self) -> bool {
        let is_about_nothing = self.sources().is_empty() && self.pattern.matches_empty() == Some(true);
        is_about_nothing || self.pattern.matches_everything()
    }

    /// Whether it reads the value or the existence of the label.
    pub(crate) fn reads(&self, name: &str) -> bool {
        match self.action {
            action if action.is_about_names() => {
                name.starts_with(self.pattern.prefix()) && self.pattern.matches(name) != Some(false)
            }
            Action::KeepEqual | Action::DropEqual if self.rule.spec.target_label == name => true,
            _ => self.sources().iter().any(|source| source == name),
        }
    }

    /// Whether it may set the label to a value. The pattern of the rule does not count.
    pub(crate) fn may_write(&self, name: &str) -> bool {
        let target = self.rule.spec.target_label.as_str();
        match self.action {
            Action::Replace if self.constant_is_empty == Some(true) => false,
            Action::Replace => match &self.target_template {
                Some(template) => may_expand_to(template, name),
                None => target == name,
            },
            Action::LabelMap if name.starts_with("__") && self.copies_names_of_users() => false,
            Action::LabelMap => may_expand_to(&self.replacement, name),
            Action::HashMod | Action::Lowercase | Action::Uppercase => target == name,
            _ => false,
        }
    }

    /// Whether it makes the names of labels of what users have named in pods, machines and the like, and
    /// of nothing before: such a name does not begin with two underscores.
    fn copies_names_of_users(&self) -> bool {
        let starts_with_group = matches!(self.replacement.pieces().next(), Some(TemplatePiece::Group(_)));
        self.action == Action::LabelMap && starts_with_group && self.pattern.prefix().starts_with(META)
    }

    /// Whether it may set a label whose name has this prefix.
    pub(crate) fn may_write_beginning(&self, prefix: &str) -> bool {
        let fits = |name: &str| {
            let fixed = name.split('$').next().unwrap_or("");
            fixed.starts_with(prefix) || (name.contains('$') && prefix.starts_with(fixed))
        };
        match self.action {
            Action::LabelMap if prefix.starts_with("__") && self.copies_names_of_users() => false,
            Action::LabelMap => fits(self.replacement.text()),
            Action::Replace | Action::HashMod | Action::Lowercase | Action::Uppercase => {
                fits(&self.rule.spec.target_label)
            }
            _ => false,
        }
    }

    /// Whether it may remove the label.
    pub(crate) fn may_remove(&self, name: &str) -> bool {
        let target = self.rule.spec.target_label.as_str();
        match self.action {
            Action::Replace if self.constant_is_empty == Some(false) => false,
            Action::Replace => match &self.target_template {
                Some(template) => may_expand_to(template, name),
                None => target == name,
            },
            Action::Lowercase | Action::Uppercase => target == name,
            Action::LabelDrop => self.pattern.matches(name) != Some(false),
            Action::LabelKeep => self.pattern.matches(name) != Some(true),
            _ => false,
        }
    }

    /// Whether it always removes the label.
    pub(crate) fn removes(&self, name: &str) -> bool {
        match self.action {
            Action::Replace => {
                self.constant_is_empty == Some(true) && self.has_target(name) && self.pattern.matches_everything()
            }
            Action::LabelDrop => self.pattern.matches(name) == Some(true),
            Action::LabelKeep => self.pattern.matches(name) == Some(false),
            _ => false,
        }
    }
}

/// Whether a template has something that may be a reference in another language.
fn is_odd(text: &str) -> bool {
    text.contains(['\\', '{', '%']) || text.contains("$$") || text.contains("$(")
}
