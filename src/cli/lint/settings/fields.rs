//! The keys of `promcfg.toml`: reading and the JSON schema both go by these tables.

use promcfg::Severity;

/// A key.
#[derive(Debug)]
pub(super) struct Field {
    pub(super) name: &'static str,
    pub(super) kind: Kind,
    /// Its purpose, in a sentence.
    pub(super) about: &'static str,
}

/// The type of a key's value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A list of rules: ids and patterns.
    Rules,
    /// A list of globs.
    Globs,
    /// One severity.
    Severity,
    /// A Prometheus version.
    Release,
    /// A table from rules, ids or patterns, to severities.
    Severities,
    /// A list of tables for some files each.
    Overrides,
}

impl Kind {
    /// The value in words, with its article.
    pub(super) fn words(self) -> &'static str {
        match self {
            Self::Rules => "a list of rule ids and patterns, such as [\"invalid-regex\", \"redundant-*\"]",
            Self::Globs => "a list of globs, such as [\"vendor/\", \"*.gen.yml\"]",
            Self::Severity => "\"error\", \"warning\" or \"info\"",
            Self::Release => "a Prometheus version, such as \"2.53\"",
            Self::Severities => "a table from rule ids and patterns to severities",
            Self::Overrides => "a list of tables, each under [[overrides]]",
        }
    }
}

const SELECT: Field = Field {
    name: "select",
    kind: Kind::Rules,
    about: "Report only findings of these rules (ids, or patterns such as redundant-*); all rules when empty.",
};
const IGNORE: Field = Field {
    name: "ignore",
    kind: Kind::Rules,
    about: "Do not report findings of these rules (ids, or patterns such as redundant-*).",
};
const SEVERITY: Field = Field {
    name: "severity",
    kind: Kind::Severities,
    about: "The severity of a rule's findings, by the id of the rule or a pattern; an id has priority over a pattern.",
};

const PROMETHEUS: Field = Field {
    name: "prometheus",
    kind: Kind::Release,
    about: "The Prometheus version that configs are for, such as \"2.53\"; the newest one when not given. All commands follow it.",
};

/// The name of the key that says which files an override is for.
pub(super) const FILES: &str = "files";

/// The keys at the top.
pub(super) static FIELDS: &[Field] = &[
    SELECT,
    IGNORE,
    Field {
        name: "fail-on",
        kind: Kind::Severity,
        about: "The least severity that makes the run fail; \"warning\" when not given.",
    },
    Field {
        name: "exclude",
        kind: Kind::Globs,
        about: "Files and folders that are not linted, not even when they are named on the command line.",
    },
    SEVERITY,
    PROMETHEUS,
    Field { name: "overrides", kind: Kind::Overrides, about: "Settings for some files; they override the others." },
];

/// The keys of an override.
pub(super) static OVERRIDE_FIELDS: &[Field] = &[
    Field { name: FILES, kind: Kind::Globs, about: "The files and folders of the override; required." },
    SELECT,
    IGNORE,
    SEVERITY,
    PROMETHEUS,
];

/// The severities by their names.
pub(super) const SEVERITIES: [(&str, Severity); 3] =
    [("error", Severity::Error), ("warning", Severity::Warning), ("info", Severity::Info)];
