//! An anchor at one end, as if the other end were open.

use crate::analysis::{PatternFacts, RelabelList};
use crate::lint::rule::Check;
use crate::lint::sink::{Sink, in_rule};
use crate::re2::{Token, TokenKind};
use crate::text::{Span, go_quote};

pub(super) const CHECK: Check = Check::List(check);

fn check(list: &RelabelList<'_>, sink: &mut Sink<'_>) {
    for rule in list.rules.iter().filter(|rule| rule.action.has_regex()) {
        let Some(regex) = rule.rule.field("regex") else { continue };
        let Some(anchor) = one_sided(&rule.pattern) else { continue };
        let is_start = anchor.kind == TokenKind::Start;
        let missing = if is_start { "`.*` at the end" } else { "`.*` at the start" };
        let Some(example) = rule.pattern.regex().example() else { continue };
        let longer = if is_start { format!("{example}x") } else { format!("x{example}") };
        let message = format!(
            "`{}` at one end does not leave the other open: {} is matched, but not {}",
            anchor.span.of(rule.pattern.text()),
            go_quote(&example),
            go_quote(&longer)
        );
        let finding = in_rule(list, rule, regex.part(anchor.span), message);
        sink.push(
            finding
                .with_note("a pattern always matches the whole text: it is anchored at both ends")
                .with_help(format!("write {missing}, or remove the anchor")),
        );
    }
}

/// The anchors that can be taken out: those that are implied, but for `^$`, which says what it means.
pub(super) fn removable(pattern: &PatternFacts) -> Vec<Span> {
    let anchors = pattern.implied_anchors();
    let is_pair = |one: &Token, other: &Token| {
        one.kind == TokenKind::Start && other.kind == TokenKind::End && one.span.end == other.span.start
    };
    let is_empty = |token: &Token| anchors.iter().any(|other| is_pair(token, other) || is_pair(other, token));
    anchors.iter().filter(|token| !is_empty(token)).map(|token| token.span).collect()
}

/// The first anchor of a pattern that has them at one end of an alternative only, while what can stand
/// at the other end is fixed.
pub(super) fn one_sided(pattern: &PatternFacts) -> Option<Token> {
    let is_any = |pair: &[Token]| pair[0].kind == TokenKind::Dot && matches!(pair[1].kind, TokenKind::Repeat { .. });
    if pattern.tokens().windows(2).any(is_any) {
        // Who writes `.*` knows that it is needed.
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

/// Whether nothing more can stand at the end (at the start) of what the pattern matches.
fn is_fixed(pattern: &PatternFacts, at_end: bool) -> bool {
    let Some(example) = pattern.regex().example().filter(|example| !example.is_empty()) else { return false };
    ["x", "1", "_x", "-1", "/x", ".x", ":1", "X", " "].iter().all(|more| {
        let longer = if at_end { format!("{example}{more}") } else { format!("{more}{example}") };
        pattern.matches(&longer) == Some(false)
    })
}
