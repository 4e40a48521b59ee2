//! `foo_*`: a file name pattern instead of a regular expression.

use crate::analysis::{Needs, PatternFacts, RelabelList, Subjects};
use crate::diagnostic::Safety;
use crate::lint::fix;
use crate::lint::rule::Check;
use crate::lint::sink::{Sink, in_rule};
use crate::re2::{Token, TokenKind};
use crate::text::{Span, go_quote};

pub(super) const CHECK: Check = Check::List(Needs::one_rule(&[Subjects::GLOB, Subjects::REGEX_GIVEN]), check);

fn check(list: &RelabelList<'_>, sink: &mut Sink<'_>) {
    for rule in list.rules.iter().filter(|rule| rule.action.has_regex()) {
        let Some(regex) = rule.rule.field("regex") else { continue };
        let globs = globs(&rule.pattern);
        let [(first, text), ..] = &globs[..] else { continue };
        let pattern = rule.pattern.text();
        let repeated = text.chars().last().map(String::from).unwrap_or_default();
        let message = format!(
            "`{}` matches {}, {} and so on, but not {}",
            first.of(pattern),
            go_quote(&text[..text.len() - repeated.len()]),
            go_quote(text),
            go_quote(&format!("{text}a"))
        );
        let mut mended = pattern.to_string();
        for (span, _) in globs.iter().rev() {
            mended.insert(span.end as usize - 1, '.');
        }
        let finding = in_rule(list, rule, regex.part(*first), message)
            .with_argument("pattern", pattern)
            .with_note(format!("in a regular expression, `*` repeats the `{repeated}` before it"))
            .with_help(format!("write `.*` to match any text: `{mended}`"));
        let edits = sink.tree(list.file).and_then(|tree| fix::with_text(tree, rule.rule, regex, &mended));
        sink.push(fix::attached(finding, "write `.*`", Safety::Unsafe, edits));
    }
}

/// The literals with a `*` after them that end an alternative, with their text without the `*`.
/// Characters that are really repeated or optional there (`/`, digits, blanks, the `s` of a plural)
/// do not count.
fn globs(pattern: &PatternFacts) -> Vec<(Span, String)> {
    if !pattern.text().contains('*') {
        return Vec::new();
    }
    let tokens = pattern.tokens();
    let mut found = Vec::new();
    let mut start = 0;
    for (index, token) in tokens.iter().enumerate() {
        let is_end = |token: Option<&Token>| {
            token.is_none_or(|token| matches!(token.kind, TokenKind::Alternate | TokenKind::Close | TokenKind::End))
        };
        match token.kind {
            TokenKind::Repeat { .. } if token.span.of(pattern.text()) == "*" && is_end(tokens.get(index + 1)) => {
                let literal: Option<String> = tokens[start..index].iter().map(character).collect();
                let is_glob = |text: &String| text.len() > 1 && text.ends_with(['_', '-', '.', ':']) || is_word(text);
                if let Some(text) = literal.filter(is_glob) {
                    found.push((tokens[start].span.to(token.span), text));
                }
                start = index + 1;
            }
            TokenKind::Literal(_) | TokenKind::Escaped(_) => {}
            _ => start = index + 1,
        }
    }
    found
}

/// Whether a text is a word whose last letter is hardly optional.
fn is_word(text: &str) -> bool {
    text.chars().count() > 3 && text.ends_with(|c: char| c.is_alphabetic() && c != 's')
}

fn character(token: &Token) -> Option<char> {
    match token.kind {
        TokenKind::Literal(c) | TokenKind::Escaped(c) => Some(c),
        _ => None,
    }
}
