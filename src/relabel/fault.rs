//! Why Prometheus refuses a relabel rule.

use thiserror::Error;

use super::Action;
use crate::re2::RegexError;
use crate::text::go_quote;

/// Why Prometheus refuses a relabel rule. Displays Prometheus's own message.
///
/// Source: `Config.Validate` of `model/relabel` in Prometheus 3.14.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum RuleError {
    /// The pattern does not compile.
    #[error("{0}")]
    Regex(RegexError),
    /// `action` is given, but null.
    #[error("relabel action cannot be empty")]
    EmptyAction,
    /// hashmod without a modulus.
    #[error("relabel configuration for hashmod requires non-zero modulus")]
    ZeroModulus,
    /// The action needs a target label and has none.
    #[error("relabel configuration for {0} action requires 'target_label' value")]
    MissingTargetLabel(Action),
    /// The target label is neither a valid name nor, for replace, a valid template.
    #[error("{} is invalid 'target_label' for {action} action", go_quote(.target_label))]
    InvalidTargetLabel {
        /// The rule's action.
        action: Action,
        /// The target label as written.
        target_label: String,
    },
    /// The action takes no replacement.
    #[error("'replacement' can not be set for {0} action")]
    ReplacementNotAllowed(Action),
    /// The replacement of a labelmap can never be a label name.
    #[error("{} is invalid 'replacement' for {action} action", go_quote(.replacement))]
    InvalidReplacement {
        /// The rule's action.
        action: Action,
        /// The replacement as written.
        replacement: String,
    },
    /// keepequal and dropequal take source labels and a target label only.
    #[error("{action} action requires only 'source_labels' and `target_label`, and no other fields")]
    OnlySourceAndTarget {
        /// The rule's action.
        action: Action,
        /// The first field that must not be given.
        field: &'static str,
    },
    /// labeldrop and labelkeep take a regex only.
    #[error("{action} action requires only 'regex', and no other fields")]
    OnlyRegex {
        /// The rule's action.
        action: Action,
        /// The first field that must not be given.
        field: &'static str,
    },
}

impl RuleError {
    /// The key of the rule the fault is about, which may be absent from the rule: `regex`, `action`,
    /// `modulus`, `target_label`, `replacement`, `separator` or `source_labels`.
    ///
    /// ```
    /// use promcfg::relabel::{NameScheme, RuleSpec, check_rule};
    /// let fault = check_rule(&RuleSpec::default(), NameScheme::Utf8).unwrap_err();
    /// assert_eq!(fault.field(), "target_label");
    /// ```
    #[must_use]
    pub fn field(&self) -> &'static str {
        match self {
            Self::Regex(_) => "regex",
            Self::EmptyAction => "action",
            Self::ZeroModulus => "modulus",
            Self::MissingTargetLabel(_) | Self::InvalidTargetLabel { .. } => "target_label",
            Self::ReplacementNotAllowed(_) | Self::InvalidReplacement { .. } => "replacement",
            Self::OnlySourceAndTarget { field, .. } | Self::OnlyRegex { field, .. } => field,
        }
    }
}
