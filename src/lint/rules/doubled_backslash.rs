//! `\\d` instead of `\d`: an extra backslash reaches the pattern.

use crate::analysis::{Needs, PatternFacts, RelabelList, Subjects};
use crate::diagnostic::Safety;
use crate::lint::fix;
use crate::lint::rule::Check;
use crate::lint::sink::{Sink, in_rule};
use crate::re2::{Regex, Token, TokenKind};
use crate::text::Span;

pub(super) const CHECK: Check = Check::List(Needs::one_rule(&[Subjects::BACKSLASHES, Subjects::REGEX_GIVEN]), check);

fn check(list: &RelabelList<'_>, sink: &mut Sink<'_>) {
    for rule in list.rules.iter().filter(|rule| rule.action.has_regex()) {
        let Some(regex) = rule.rule.field("regex") else { continue };
        let doubled = doubled(&rule.pattern);
        let [first, ..] = doubled[..] else { continue };
        let pattern = rule.pattern.text();
        let mut mended = pattern.to_string();
        for span in doubled.iter().rev() {
            mended.replace_range(span.start as usize..span.start as usize + 1, "");
        }
        if Regex::new(&mended).is_err() {
            continue;
        }
        let written = first.of(pattern);
        let wanted = &written[1..];
        let behind = if wanted == "\\." { "any character".to_string() } else { format!("`{}`", &wanted[1..]) };
        let message = format!("`{written}` matches a backslash followed by {behind}");
        let finding = in_rule(list, rule, regex.part(first), message)
            .with_argument("pattern", pattern)
            .with_note("YAML needs doubled backslashes only in double quotes")
            .with_help(format!("write `{wanted}`"));
        let edits = sink.tree(list.file).and_then(|tree| fix::with_text(tree, rule.rule, regex, &mended));
        sink.push(fix::attached(finding, "remove one backslash", Safety::Unsafe, edits));
    }
}

/// Two backslashes with what would be an escape behind one: `\\.`, and `\\d` if that is repeated or ends
/// its group, as a class is. A path such as `C:\\data` is none.
fn doubled(pattern: &PatternFacts) -> Vec<Span> {
    if !pattern.text().contains("\\\\") {
        return Vec::new();
    }
    let tokens = pattern.tokens();
    let is_backslash = |token: Option<&Token>| token.is_some_and(|token| token.kind == TokenKind::Escaped('\\'));
    let found = tokens.iter().enumerate().filter_map(|(index, token)| {
        let (next, after) = (tokens.get(index + 1)?, tokens.get(index + 2).map(|token| token.kind));
        let is_alone = !is_backslash(index.checked_sub(1).and_then(|before| tokens.get(before)));
        let is_repeated = matches!(after, Some(TokenKind::Repeat { .. }));
        let is_class = match next.kind {
            TokenKind::Literal(c) => "dDwWsS".contains(c) && is_repeated,
            TokenKind::Dot => !is_repeated,
            _ => false,
        };
        (is_backslash(Some(token)) && is_alone && is_class).then(|| token.span.to(next.span))
    });
    found.collect()
}
