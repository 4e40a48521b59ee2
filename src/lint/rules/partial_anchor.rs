//! An anchor at one end, as if the other end were open.

use crate::analysis::{Needs, PatternFacts, RelabelList, Subjects};
use crate::lint::rule::Check;
use crate::lint::sink::{Sink, in_rule};
use crate::re2::{Token, TokenKind};
use crate::text::{Span, go_quote};

pub(super) const CHECK: Check = Check::List(Needs::one_rule(&[Subjects::ANCHOR, Subjects::REGEX_GIVEN]), check);

fn check(list: &RelabelList<'_>, sink: &mut Sink<'_>) {
    for rule in list.rules.iter().filter(|rule| rule.action.has_regex()) {
        let Some(regex) = rule.rule.field("regex") else { continue };
        let Some(anchor) = one_sided(&rule.pattern) else { continue };
        let is_start = anchor.kind == TokenKind::Start;
        let missing = if is_start { "`.*` at the end" } else { "`.*` at the start" };
        let Some(example) = rule.pattern.example() else { continue };
        let longer = if is_start { format!("{example}x") } else { format!("x{example}") };
        let message = format!(
            "the pattern is anchored at both ends, not only by `{}`: it matches {}, but not {}",
            anchor.span.of(rule.pattern.text()),
            go_quote(example),
            go_quote(&longer)
        );
        let finding = in_rule(list, rule, regex.part(anchor.span), message).with_argument("regex", rule.pattern.text());
        sink.push(
            finding
                .with_note("Prometheus anchors every pattern at both ends")
                .with_help(format!("add {missing}, or remove the anchor")),
        );
    }
}

/// The redundant anchors, without those of `^$`, which states clearly that it matches the empty text.
pub(super) fn removable(pattern: &PatternFacts) -> Vec<Span> {
    let anchors = pattern.implied_anchors();
    let is_pair = |one: &Token, other: &Token| {
        one.kind == TokenKind::Start && other.kind == TokenKind::End && one.span.end == other.span.start
    };
    let is_empty = |token: &Token| anchors.iter().any(|other| is_pair(token, other) || is_pair(other, token));
    anchors.iter().filter(|token| !is_empty(token)).map(|token| token.span).collect()
}

/// The first anchor of a pattern with anchors at only one end of an alternative, if the pattern leaves
/// the other end closed.
pub(super) fn one_sided(pattern: &PatternFacts) -> Option<Token> {
    let is_any = |pair: &[Token]| pair[0].kind == TokenKind::Dot && matches!(pair[1].kind, TokenKind::Repeat { .. });
    if pattern.tokens().windows(2).any(is_any) {
        // A pattern with `.*` shows that its author knows the rule.
        return None;
    }
    let anchors = pattern.implied_anchors();
    let is = |token: &&Token, kind: TokenKind| token.kind == kind;
    let start = anchors.iter().find(|token| is(token, TokenKind::Start));
    let end = anchors.iter().find(|token| is(token, TokenKind::End));
    let anchor = match (start, end) {
        (Some(start), None) => start,
        (None, Some(end)) => end,
        // `^a|b$`: each belongs to an alternative of its own.
        (Some(start), Some(end)) if anchors.len() == 2 && start.span < end.span => {
            let between = pattern.tokens().iter().filter(|token| start.span < token.span && token.span < end.span);
            let mut depth = 0_i32;
            let mut is_apart = false;
            for token in between {
                match token.kind {
                    TokenKind::Open { .. } => depth += 1,
                    TokenKind::Close => depth -= 1,
                    TokenKind::Alternate => is_apart |= depth <= 0,
                    _ => {}
                }
            }
            if is_apart { start } else { return None }
        }
        _ => return None,
    };
    is_fixed(pattern, anchor.kind == TokenKind::Start).then_some(*anchor)
}

/// Whether the pattern matches no longer text with more at the end (at the start).
fn is_fixed(pattern: &PatternFacts, at_end: bool) -> bool {
    let Some(example) = pattern.example().filter(|example| !example.is_empty()) else { return false };
    ["x", "1", "_x", "-1", "/x", ".x", ":1", "X", " "].iter().all(|more| {
        let longer = if at_end { format!("{example}{more}") } else { format!("{more}{example}") };
        pattern.matches(&longer) == Some(false)
    })
}
