//! A relabel rule as plain data, with Prometheus's defaults.

use crate::release::Availability;
use std::fmt;

use serde::Serialize;

/// The action of a relabel rule.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Action {
    /// Sets `target_label` to the expanded `replacement` when the regex matches.
    #[default]
    Replace,
    /// Drops the set unless the regex matches.
    Keep,
    /// Drops the set if the regex matches.
    Drop,
    /// Drops the set unless `target_label` has the joined value.
    KeepEqual,
    /// Drops the set if `target_label` has the joined value.
    DropEqual,
    /// Sets `target_label` to a hash of the joined value modulo `modulus`.
    HashMod,
    /// Copies labels whose names match to names made from `replacement`.
    LabelMap,
    /// Removes labels whose names match.
    LabelDrop,
    /// Removes labels whose names do not match.
    LabelKeep,
    /// Sets `target_label` to the joined value in lower case.
    Lowercase,
    /// Sets `target_label` to the joined value in upper case.
    Uppercase,
}

impl Action {
    /// All actions, in the order of Prometheus's documentation.
    pub const ALL: [Self; 11] = [
        Self::Replace,
        Self::Keep,
        Self::Drop,
        Self::KeepEqual,
        Self::DropEqual,
        Self::HashMod,
        Self::LabelMap,
        Self::LabelDrop,
        Self::LabelKeep,
        Self::Lowercase,
        Self::Uppercase,
    ];

    /// Its name as written in a config.
    ///
    /// ```
    /// assert_eq!(promcfg::relabel::Action::LabelMap.name(), "labelmap");
    /// ```
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Replace => "replace",
            Self::Keep => "keep",
            Self::Drop => "drop",
            Self::KeepEqual => "keepequal",
            Self::DropEqual => "dropequal",
            Self::HashMod => "hashmod",
            Self::LabelMap => "labelmap",
            Self::LabelDrop => "labeldrop",
            Self::LabelKeep => "labelkeep",
            Self::Lowercase => "lowercase",
            Self::Uppercase => "uppercase",
        }
    }

    /// The action of that name in any case, as Prometheus compares them: lower-cased by Unicode rules.
    ///
    /// ```
    /// use promcfg::relabel::Action;
    /// assert_eq!(Action::from_name("KEEP"), Some(Action::Keep));
    /// assert_eq!(Action::from_name("keep_if_equal"), None);
    /// ```
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        let name = name.to_lowercase();
        Self::ALL.into_iter().find(|action| action.name() == name)
    }

    /// The releases that know it.
    ///
    /// ```
    /// use promcfg::relabel::Action;
    /// assert!(!Action::KeepEqual.availability().includes("2.40".parse().unwrap()));
    /// ```
    #[must_use]
    pub fn availability(self) -> Availability {
        match self {
            Self::Replace
            | Self::Keep
            | Self::Drop
            | Self::HashMod
            | Self::LabelMap
            | Self::LabelDrop
            | Self::LabelKeep => Availability::ALWAYS,
            Self::Lowercase | Self::Uppercase => Availability::ALWAYS.since(2, 36),
            Self::KeepEqual | Self::DropEqual => Availability::ALWAYS.since(2, 41),
        }
    }

    /// Whether it uses `source_labels` and `separator`.
    #[must_use]
    pub fn has_source_labels(self) -> bool {
        !self.is_about_names()
    }

    /// Whether it uses `regex`.
    #[must_use]
    pub fn has_regex(self) -> bool {
        matches!(self, Self::Replace | Self::Keep | Self::Drop) || self.is_about_names()
    }

    /// Whether it uses `target_label`, and so needs one.
    #[must_use]
    pub fn has_target_label(self) -> bool {
        !matches!(self, Self::Keep | Self::Drop) && !self.is_about_names()
    }

    /// Whether it uses `replacement`.
    #[must_use]
    pub fn has_replacement(self) -> bool {
        matches!(self, Self::Replace | Self::LabelMap)
    }

    /// Whether it can drop the whole set: keep, drop, keepequal, dropequal.
    #[must_use]
    pub fn is_filter(self) -> bool {
        matches!(self, Self::Keep | Self::Drop | Self::KeepEqual | Self::DropEqual)
    }

    /// Whether it looks at label names rather than values: labelmap, labeldrop, labelkeep.
    #[must_use]
    pub fn is_about_names(self) -> bool {
        matches!(self, Self::LabelMap | Self::LabelDrop | Self::LabelKeep)
    }
}

impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Which label names are valid: `metric_name_validation_scheme`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum NameScheme {
    /// Any non-empty UTF-8 text. The default since Prometheus 3.0.
    #[default]
    Utf8,
    /// `[a-zA-Z_][a-zA-Z0-9_]*`.
    Legacy,
}

impl NameScheme {
    /// Whether a label name is valid under the scheme.
    ///
    /// ```
    /// use promcfg::relabel::NameScheme;
    /// assert!(NameScheme::Utf8.allows("a-b"));
    /// assert!(!NameScheme::Legacy.allows("a-b"));
    /// assert!(!NameScheme::Utf8.allows(""));
    /// ```
    #[must_use]
    pub fn allows(self, name: &str) -> bool {
        match self {
            Self::Utf8 => !name.is_empty(),
            Self::Legacy => {
                name.bytes().all(|byte| byte == b'_' || byte.is_ascii_alphanumeric())
                    && name.bytes().next().is_some_and(|first| !first.is_ascii_digit())
            }
        }
    }
}

/// A relabel rule as it was written, with the defaults of what was left out.
/// Nothing is checked yet.
///
/// ```
/// let rule = promcfg::relabel::RuleSpec::default();
/// assert_eq!(rule.separator, ";");
/// assert_eq!(rule.pattern(), "(.*)");
/// assert_eq!(rule.replacement, "$1");
/// assert_eq!(rule.action, Some(promcfg::relabel::Action::Replace));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleSpec {
    /// `source_labels`; `None` when not given (which differs from `[]` for labeldrop and labelkeep).
    pub source_labels: Option<Vec<String>>,
    /// `separator`, `;` by default.
    pub separator: String,
    /// `regex` as written, without the anchors Prometheus adds; `None` when not given.
    pub regex: Option<String>,
    /// `modulus`, 0 by default.
    pub modulus: u64,
    /// `target_label`, empty by default.
    pub target_label: String,
    /// `replacement`, `$1` by default.
    pub replacement: String,
    /// `action`, `replace` by default; `None` when it is given but null.
    pub action: Option<Action>,
}

impl Default for RuleSpec {
    fn default() -> Self {
        Self {
            source_labels: None,
            separator: Self::DEFAULT_SEPARATOR.to_string(),
            regex: None,
            modulus: 0,
            target_label: String::new(),
            replacement: Self::DEFAULT_REPLACEMENT.to_string(),
            action: Some(Action::Replace),
        }
    }
}

impl RuleSpec {
    /// The pattern of a rule that gives none.
    pub const DEFAULT_PATTERN: &'static str = "(.*)";
    /// The separator of a rule that gives none.
    pub const DEFAULT_SEPARATOR: &'static str = ";";
    /// The replacement of a rule that gives none.
    pub const DEFAULT_REPLACEMENT: &'static str = "$1";

    /// The effective pattern: `regex`, or `(.*)` when not given.
    #[must_use]
    pub fn pattern(&self) -> &str {
        self.regex.as_deref().unwrap_or(Self::DEFAULT_PATTERN)
    }
}
