//! When Prometheus comes upon a fault: it stops at the first one, while a file is read here to its end.

use std::cmp::Reverse;

use crate::diagnostic::Diagnostic;
use crate::text::Span;

/// When a fault that is reported now is found by Prometheus.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::config) enum When {
    /// When the text is parsed, before anything is decoded.
    Parse,
    /// As soon as the value is decoded.
    Value,
    /// When a section is decoded, unless a value in it is of a wrong type. Of two checks with the end of a section in
    /// common, the one with the lower rank is first.
    Section(Span, u8),
    /// When the whole text is decoded, unless a value in it is of a wrong type; with the item that is checked then.
    Load(Option<Span>),
}

/// Whether Prometheus reads on after this error, and reports it with others of the kind.
pub(in crate::config) fn is_of_type(error: &Diagnostic) -> bool {
    let message = error.upstream.as_deref().unwrap_or_default();
    let number = message.strip_prefix("line ").and_then(|rest| rest.split_once(": "));
    number.is_some_and(|(number, _)| !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()))
}

/// Faults in the order in which Prometheus finds them: those at which it would stop, then values of a wrong type,
/// with which it stops at the end, then the faults that it does not come to.
pub(super) fn in_order(faults: Vec<Diagnostic>, when: &[When]) -> Vec<Diagnostic> {
    if faults.len() < 2 {
        return faults;
    }
    let mut of_types: Vec<u32> =
        faults.iter().filter(|fault| fault.is_error() && is_of_type(fault)).map(|fault| fault.at.span.start).collect();
    of_types.sort_unstable();
    let has_type_fault = |span: Span| {
        let next = of_types.partition_point(|&start| start < span.start);
        of_types.get(next).is_some_and(|&start| start < span.end.max(span.start + 1))
    };
    let mut keyed: Vec<_> = faults
        .into_iter()
        .zip(when.iter().copied().chain(std::iter::repeat(When::Value)))
        .enumerate()
        .map(|(index, (fault, when))| {
            let own = fault.at.span;
            let (is_found, stage, place) = match when {
                When::Parse => (true, 0, (0, Reverse(0), 0)),
                When::Value => (true, 1, (own.end, Reverse(own.start), 0)),
                When::Section(span, rank) => {
                    (!has_type_fault(span), 1, (span.end.max(own.end), Reverse(span.start), 1 + rank))
                }
                When::Load(item) => (of_types.is_empty(), 2, (item.unwrap_or(own).start, Reverse(0), 0)),
            };
            let kind = if !fault.is_error() || !is_found || fault.upstream.is_none() {
                2
            } else {
                u8::from(is_of_type(&fault))
            };
            ((kind, stage, place, index), fault)
        })
        .collect();
    keyed.sort_by_key(|(one, _)| *one);
    keyed.into_iter().map(|(_, fault)| fault).collect()
}
