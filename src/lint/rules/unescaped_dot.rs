//! An unescaped dot in a host name or an address, which matches any character.

use crate::analysis::{Needs, PatternFacts, RelabelList, Subjects};
use crate::diagnostic::Safety;
use crate::lint::fix;
use crate::lint::rule::Check;
use crate::lint::sink::{Sink, in_rule};
use crate::re2::{Token, TokenKind};
use crate::text::{Location, Span};

pub(super) const CHECK: Check = Check::List(Needs::one_rule(&[Subjects::BARE_DOT, Subjects::REGEX_GIVEN]), check);

fn check(list: &RelabelList<'_>, sink: &mut Sink<'_>) {
    for rule in list.rules.iter().filter(|rule| rule.action.has_regex()) {
        let Some(regex) = rule.rule.field("regex") else { continue };
        let dots = dots(&rule.pattern);
        let [first, rest @ ..] = &dots[..] else { continue };
        let mut escaped = rule.pattern.text().to_string();
        for dot in dots.iter().rev() {
            escaped.insert(dot.start as usize, '\\');
        }
        let message = "unescaped `.` matches any character, not only a dot";
        let mut finding = in_rule(list, rule, regex.part(*first), message)
            .with_argument("regex", rule.pattern.text())
            .with_help(format!("write `{escaped}`"));
        for dot in rest {
            finding = finding.with_label(Location::new(list.file, regex.part(*dot)), "also here");
        }
        let edits = sink.tree(list.file).and_then(|tree| fix::with_text(tree, rule.rule, regex, &escaped));
        sink.push(fix::attached(finding, "escape the dots", Safety::Unsafe, edits));
    }
}

/// The single dots between letters and digits (literal or as a class), if the pattern looks like a host
/// or an address: it has two dots, a port, or an escaped dot.
fn dots(pattern: &PatternFacts) -> Vec<Span> {
    let tokens = pattern.tokens();
    let mut dots = Vec::new();
    for (index, token) in tokens.iter().enumerate().filter(|(_, token)| token.kind == TokenKind::Dot) {
        let before = index.checked_sub(1).and_then(|before| tokens.get(before));
        let is_between = before.is_some_and(ends_part) && tokens.get(index + 1).is_some_and(begins_part);
        if is_between {
            dots.push(token.span);
        }
    }
    let is_escaped = |token: &Token| token.kind == TokenKind::Escaped('.');
    let is_port = |pair: &[Token]| {
        pair[0].kind == TokenKind::Literal(':')
            && matches!(pair[1].kind, TokenKind::Literal('0'..='9') | TokenKind::Escape('d'))
    };
    let looks_like_host = dots.len() > 1 || tokens.iter().any(is_escaped) || tokens.windows(2).any(is_port);
    if looks_like_host { dots } else { Vec::new() }
}

/// Whether a token may end a part of a host name.
fn ends_part(token: &Token) -> bool {
    match token.kind {
        TokenKind::Literal(c) => c.is_ascii_alphanumeric(),
        TokenKind::Repeat { .. } | TokenKind::Close => true,
        _ => false,
    }
}

fn begins_part(token: &Token) -> bool {
    match token.kind {
        TokenKind::Literal(c) => c.is_ascii_alphanumeric(),
        TokenKind::Escape(c) => "dw".contains(c),
        _ => false,
    }
}
