//! Parts of a config that no rule judges.

use crate::analysis::TooLargeList;
use crate::diagnostic::{Diagnostic, Severity, ids};

use super::documents::rule_document;

/// That no rule judged a list, because it is too large.
pub(super) fn unchecked(list: &TooLargeList) -> Diagnostic {
    let message = format!("`{}` has {}, so that no lint rule was applied to it", list.key, list.excess);
    let severity = rule_document(ids::UNCHECKED_PART).map_or(Severity::Warning, |document| document.severity);
    let mut finding = Diagnostic::new(ids::UNCHECKED_PART, severity, list.at, message)
        .with_argument("part", list.key)
        .with_help("divide the list, or write fewer rules with longer patterns");
    finding.job.clone_from(&list.job);
    finding
}
