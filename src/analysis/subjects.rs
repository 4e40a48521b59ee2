//! The subjects of relabel rules, a bit for each: a check that finds something only in rules with certain subjects is
//! not run on a list without them.
//!
//! A bit may be set where a closer look finds nothing; it is never missing where a check could find something.

use crate::config::RelabelRule;
use crate::relabel::{Action, RuleSpec};

use super::meta::may_be_meta;

/// A set of subjects.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Subjects(u64);

macro_rules! subjects {
    ($($(#[$doc:meta])* $name:ident;)*) => {
        /// The places of the bits.
        #[allow(non_camel_case_types, clippy::upper_case_acronyms)]
        #[derive(Clone, Copy)]
        enum Bit { $($name,)* }
        impl Subjects {
            $($(#[$doc])* pub(crate) const $name: Self = Self(1 << Bit::$name as u64);)*
        }
    };
}

subjects! {
    /// The action `replace`.
    REPLACE;
    /// The action `keep`.
    KEEP;
    /// The action `drop`.
    DROP;
    /// The actions `keepequal` and `dropequal`.
    EQUAL;
    /// The action `hashmod`.
    HASHMOD;
    /// The action `labelmap`.
    LABELMAP;
    /// The actions `labeldrop` and `labelkeep`.
    SELECTION;
    /// The actions `lowercase` and `uppercase`.
    CASE;
    /// `source_labels` is given.
    SOURCES_GIVEN;
    /// `separator` is given.
    SEPARATOR_GIVEN;
    /// `regex` is given.
    REGEX_GIVEN;
    /// `target_label` is given.
    TARGET_GIVEN;
    /// `replacement` is given.
    REPLACEMENT_GIVEN;
    /// A field is given that the action does not use.
    UNUSED_GIVEN;
    /// A field is given that may have its default value.
    DEFAULT_GIVEN;
    /// More than one source label.
    SEVERAL_READ;
    /// The rule reads `__address__`.
    ADDRESS_READ;
    /// The rule reads `__name__`.
    NAME_READ;
    /// The rule reads what may be a meta label.
    META_READ;
    /// The rule reads another label with two underscores.
    INTERNAL_READ;
    /// The rule reads a label without two underscores.
    PLAIN_READ;
    /// The rule reads a label with tags in its name.
    TAGS_READ;
    /// The rule reads `le` or `quantile`.
    BUCKET_READ;
    /// The target label begins with two underscores.
    INTERNAL_TARGET;
    /// The target label is `__name__`.
    NAME_TARGET;
    /// The target label is `instance`.
    INSTANCE_TARGET;
    /// The name of the target label is that of temporary labels.
    TEMPORARY_TARGET;
    /// The target label has a `$`.
    TEMPLATE_TARGET;
    /// The replacement is empty.
    EMPTY_REPLACEMENT;
    /// The replacement refers to no group.
    CONSTANT_REPLACEMENT;
    /// A template refers to a group that may not exist.
    GROUP_MISSING;
    /// A template has something that may be a reference in another language.
    ODD_TEMPLATE;
    /// The pattern has a `|`.
    ALTERNATIVES;
    /// The pattern has an anchor.
    ANCHOR;
    /// The pattern has a `$`.
    DOLLAR;
    /// The pattern has a `.` that may be part of a name.
    BARE_DOT;
    /// The pattern has `.*` or `.+` before something else.
    INNER_ANY;
    /// The pattern has a `*` that may be one of a file name.
    GLOB;
    /// The pattern has a class with words.
    CLASS_OF_WORDS;
    /// The pattern has two backslashes.
    BACKSLASHES;
    /// The pattern has a `;`, or an escape sequence that may be one.
    SEMICOLON;
    /// The pattern has a `<`.
    ANGLE;
    /// The pattern is empty.
    EMPTY_PATTERN;
    /// The pattern may match the name of a label with two underscores.
    NAME_PATTERN;
}

impl Subjects {
    /// The actions that compare a pattern with values.
    pub(crate) const MATCHING: Self = Self::REPLACE.or(Self::KEEP).or(Self::DROP);
    /// The actions that drop label sets.
    pub(crate) const FILTER: Self = Self::KEEP.or(Self::DROP).or(Self::EQUAL);
    /// What a rule may set or remove labels by, whose names it does not say.
    pub(crate) const ABOUT_NAMES: Self = Self::LABELMAP.or(Self::SELECTION);

    /// The subjects of both.
    pub(crate) const fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether they have a subject in common.
    #[inline]
    pub(crate) const fn meets(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// With a subject, if it is there.
    pub(super) fn with(self, subject: Self, is_there: bool) -> Self {
        if is_there { self.or(subject) } else { self }
    }

    /// Those of a rule's action.
    pub(super) fn of_action(action: Action) -> Self {
        match action {
            Action::Replace => Self::REPLACE,
            Action::Keep => Self::KEEP,
            Action::Drop => Self::DROP,
            Action::KeepEqual | Action::DropEqual => Self::EQUAL,
            Action::HashMod => Self::HASHMOD,
            Action::LabelMap => Self::LABELMAP,
            Action::LabelDrop | Action::LabelKeep => Self::SELECTION,
            Action::Lowercase | Action::Uppercase => Self::CASE,
        }
    }

    /// Those of a rule's fields.
    pub(super) fn of_fields(rule: &RelabelRule, action: Action) -> Self {
        let (mut subjects, spec) = (Self::default(), &rule.spec);
        for field in &rule.fields {
            let (subject, is_used, may_be_default) = match field.name {
                "source_labels" => {
                    let is_empty = spec.source_labels.as_ref().is_none_or(Vec::is_empty);
                    (Self::SOURCES_GIVEN, action.has_source_labels(), is_empty)
                }
                "separator" => {
                    let is_default = spec.separator == RuleSpec::DEFAULT_SEPARATOR;
                    (Self::SEPARATOR_GIVEN, action.has_source_labels(), is_default)
                }
                "regex" => {
                    let pattern = spec.pattern();
                    let may_match_everything =
                        pattern.contains(['*', '{']) || (pattern.contains('+') && pattern.contains(['|', '?']));
                    (Self::REGEX_GIVEN, action.has_regex(), may_match_everything)
                }
                "target_label" => (Self::TARGET_GIVEN, action.has_target_label(), spec.target_label.is_empty()),
                "replacement" => {
                    let is_default = matches!(spec.replacement.as_str(), "$1" | "${1}");
                    (Self::REPLACEMENT_GIVEN, action.has_replacement(), is_default)
                }
                "modulus" => (Self::default(), action == Action::HashMod, spec.modulus == 0),
                _ => continue,
            };
            subjects =
                subjects.or(subject).with(Self::UNUSED_GIVEN, !is_used).with(Self::DEFAULT_GIVEN, may_be_default);
        }
        subjects
    }

    /// Those of a label that a rule reads.
    pub(super) fn of_read(name: &str) -> Self {
        let kind = match name {
            "__address__" => Self::ADDRESS_READ.or(Self::INTERNAL_READ),
            "__name__" => Self::NAME_READ,
            "le" | "quantile" => Self::BUCKET_READ.or(Self::PLAIN_READ),
            name if name.starts_with("__") => Self::INTERNAL_READ,
            _ => Self::PLAIN_READ,
        };
        let is_meta = may_be_meta(name);
        kind.with(Self::META_READ, is_meta).with(Self::TAGS_READ, is_meta && name.contains("tags"))
    }

    /// Those of a target label.
    pub(super) fn of_target(name: &str) -> Self {
        let word = name.trim_start_matches('_').as_bytes();
        let is_temporary = word.get(..3).is_some_and(|start| start.eq_ignore_ascii_case(b"tmp"))
            || word.get(..4).is_some_and(|start| start.eq_ignore_ascii_case(b"temp"));
        Self::default()
            .with(Self::INTERNAL_TARGET, name.starts_with("__"))
            .with(Self::NAME_TARGET, name == "__name__")
            .with(Self::INSTANCE_TARGET, name == "instance")
            .with(Self::TEMPORARY_TARGET, is_temporary)
            .with(Self::TEMPLATE_TARGET, name.contains('$'))
    }

    /// Those of a pattern, by its text.
    pub(super) fn of_pattern(text: &str) -> Self {
        let bytes = text.as_bytes();
        let mut subjects = Self::default().with(Self::EMPTY_PATTERN, bytes.is_empty());
        let (mut has_class, mut has_words) = (false, false);
        for (at, &byte) in bytes.iter().enumerate() {
            let before = |back: usize| at.checked_sub(back).and_then(|at| bytes.get(at)).copied();
            let next = bytes.get(at + 1).copied();
            match byte {
                b'|' => {
                    subjects = subjects.or(Self::ALTERNATIVES);
                    has_words = true;
                }
                b',' => has_words = true,
                b'[' => has_class = true,
                // After a bracket, it negates a class.
                b'^' if before(1) == Some(b'[') && before(2) != Some(b'\\') => {}
                b'^' => subjects = subjects.or(Self::ANCHOR),
                b'$' => subjects = subjects.or(Self::ANCHOR).or(Self::DOLLAR),
                b'.' => {
                    let begins_part = next.is_some_and(|next| next == b'\\' || next.is_ascii_alphanumeric());
                    let is_inner = matches!(next, Some(b'*' | b'+')) && has_rest(bytes.get(at + 2..).unwrap_or(&[]));
                    subjects = subjects
                        .with(Self::BARE_DOT, before(1) != Some(b'\\') && begins_part)
                        .with(Self::INNER_ANY, is_inner);
                }
                b'*' => {
                    let is_of_any =
                        matches!(before(1), Some(b')' | b']')) || (before(1) == Some(b'.') && before(2) != Some(b'\\'));
                    subjects = subjects.with(Self::GLOB, !is_of_any);
                }
                b'\\' => {
                    let may_be_semicolon = next.is_some_and(|next| next == b'x' || next.is_ascii_digit());
                    subjects = subjects
                        .with(Self::BACKSLASHES, next == Some(b'\\'))
                        .with(Self::SEMICOLON, may_be_semicolon)
                        .with(Self::NAME_PATTERN, may_be_semicolon || next == Some(b'Q'));
                }
                b';' => subjects = subjects.or(Self::SEMICOLON),
                b'<' => subjects = subjects.or(Self::ANGLE),
                b'_' => {
                    let is_followed = next.is_none_or(|next| b"_{)]\\+*?".contains(&next));
                    let is_grouped = next == Some(b'(') && matches!(bytes.get(at + 2), Some(b'_' | b'?'));
                    subjects = subjects.with(Self::NAME_PATTERN, is_followed || is_grouped);
                }
                _ => {}
            }
        }
        subjects.with(Self::CLASS_OF_WORDS, has_class && has_words)
    }
}

/// Whether a part of a pattern has more than the ends of groups.
fn has_rest(part: &[u8]) -> bool {
    part.iter().any(|byte| *byte != b')')
}

/// What a list must have for a check to find something in it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Needs {
    /// At least so many rules.
    rules: usize,
    /// For each set a rule with one of its subjects.
    list: &'static [Subjects],
    /// One rule with a subject of each set.
    one_rule: &'static [Subjects],
}

impl Needs {
    /// The check may find something in any list.
    pub(crate) const NOTHING: Self = Self { rules: 0, list: &[], one_rule: &[] };

    /// One rule with a subject of each set.
    pub(crate) const fn one_rule(sets: &'static [Subjects]) -> Self {
        Self { one_rule: sets, ..Self::NOTHING }
    }

    /// Two rules or more.
    pub(crate) const fn two_rules() -> Self {
        Self { rules: 2, ..Self::NOTHING }
    }

    /// For each set also a rule with one of its subjects, not necessarily the same one.
    pub(crate) const fn and_in_list(self, sets: &'static [Subjects]) -> Self {
        Self { list: sets, ..self }
    }

    /// Whether rules with these subjects have it; `all` are those of all of them.
    #[inline]
    pub(super) fn are_met_by(self, mut rules: impl ExactSizeIterator<Item = Subjects>, all: Subjects) -> bool {
        let meets_all = |subjects: Subjects, sets: &[Subjects]| sets.iter().all(|set| subjects.meets(*set));
        rules.len() >= self.rules
            && meets_all(all, self.list)
            && meets_all(all, self.one_rule)
            && (self.one_rule.len() < 2 || rules.any(|subjects| meets_all(subjects, self.one_rule)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::{Facts, lists_of_job};
    use crate::config::Config;
    use crate::options::Options;
    use crate::text::Sources;

    #[test]
    fn the_text_of_a_pattern_has_its_subjects() {
        let of = |pattern: &str| Facts::default().pattern(pattern).expect("is a pattern").subjects();
        for (subject, with, without) in [
            (Subjects::ANCHOR, &["^a", "a$", "(a|^b)", "\\[^a"][..], &["[^a]+", "a", ""][..]),
            (Subjects::BARE_DOT, &["a.b", "10.0.\\d"], &["a\\.b", ".*", "a.+", "(.)"]),
            (Subjects::INNER_ANY, &["(.*):x", ".+a", "(.*)(a)?"], &["(.*)", "a.*", "(a(.+))", "a"]),
            (Subjects::GLOB, &["foo*", "a\\.*", "a_*|b"], &[".*", "(a)*", "[a]*", "a+"]),
            (Subjects::CLASS_OF_WORDS, &["[a|b]", "[prod,test]"], &["[ab]", "a|b"]),
            (Subjects::SEMICOLON, &["a;b", "\\x3b", "\\073"], &["a\\.b", "x"]),
            (Subjects::NAME_PATTERN, &["__address__", "_{2}meta_x", "(_)_a", "\\x5f"], &["go_x", "svc-1", "a_.*"]),
            (Subjects::EMPTY_PATTERN, &[""], &["()", "a"]),
        ] {
            with.iter().for_each(|pattern| assert!(of(pattern).meets(subject), "{pattern}"));
            without.iter().for_each(|pattern| assert!(!of(pattern).meets(subject), "{pattern}"));
        }
    }

    #[test]
    fn one_rule_needs_all_that_one_rule_has_to_have() {
        let text = "scrape_configs:
- job_name: j
  static_configs: [{targets: ['h:1'], labels: {env: x}}]
  relabel_configs:
  - {source_labels: [env], regex: 'a|b', action: keep}
  - {source_labels: [__address__], target_label: __param_target}
";
        let mut sources = Sources::new();
        let file = sources.add("p.yml", text);
        let (config, faults) = Config::read(&mut sources, file, &Options::default());
        assert!(faults.is_empty(), "{faults:?}");
        let [list, none] = lists_of_job(&mut Facts::default(), &config.scrape_configs[0]).expect("is valid");
        assert!(list.has(Needs::one_rule(&[Subjects::KEEP, Subjects::ALTERNATIVES])));
        assert!(list.has(Needs::one_rule(&[Subjects::ADDRESS_READ, Subjects::INTERNAL_TARGET])));
        assert!(!list.has(Needs::one_rule(&[Subjects::ADDRESS_READ, Subjects::KEEP])));
        assert!(list.has(Needs::two_rules().and_in_list(&[Subjects::ADDRESS_READ, Subjects::KEEP])));
        assert!(!list.has(Needs::one_rule(&[Subjects::LABELMAP])) && !none.has(Needs::two_rules()));
        assert!(none.has(Needs::NOTHING));
    }
}
