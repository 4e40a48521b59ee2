//! A dot in the name of a host or in an address, which matches any character.

use crate::analysis::{PatternFacts, RelabelList};
use crate::diagnostic::Safety;
use crate::lint::fix;
use crate::lint::rule::Check;
use crate::lint::sink::{Sink, in_rule};
use crate::re2::{Token, TokenKind};
use crate::text::{Location, Span};

pub(super) const CHECK: Check = Check::List(check);

fn check(list: &RelabelList<'_>, sink: &mut Sink<'_>) {
    for rule in list.rules.iter().filter(|rule| rule.action.has_regex()) {
        let Some(regex) = rule.rule.field("regex") else { continue };
        let dots = dots(&rule.pattern);
        let [first, rest @ ..] = &dots[..] else { continue };
        let mut mended = rule.pattern.text().to_string();
        for dot in dots.iter().rev() {
            mended.insert(dot.start as usize, '\\');
        }
        let message = "`.` matches any character, not only a dot";
        let mut finding = in_rule(list, rule, regex.part(*first), message).with_help(format!("write `{mended}`"));
        for dot in rest {
            finding = finding.with_label(Location::new(list.file, regex.part(*dot)), "and here");
        }
        let edits = sink.tree(list.file).and_then(|tree| fix::with_text(tree, rule.rule, regex, &mended));
        sink.push(fix::attached(finding, "put a backslash before the dot", Safety::Unsafe, edits));
    }
}

/// The dots that stand once, between letters and digits (as text or as a class), if the pattern looks
/// like a host or an address: it has two dots, or a port behind them, or an escaped one.
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

/// Whether a piece may end a part of a host's name.
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
