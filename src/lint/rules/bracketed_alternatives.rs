//! `[http|tcp]`: a class of single characters where alternatives are intended.

use crate::analysis::{Needs, PatternFacts, RelabelList, Subjects};
use crate::diagnostic::Safety;
use crate::lint::fix;
use crate::lint::rule::Check;
use crate::lint::sink::{Sink, in_rule};
use crate::re2::{Token, TokenKind};
use crate::text::{Span, go_quote};

pub(super) const CHECK: Check = Check::List(Needs::one_rule(&[Subjects::CLASS_OF_WORDS, Subjects::REGEX_GIVEN]), check);

fn check(list: &RelabelList<'_>, sink: &mut Sink<'_>) {
    for rule in list.rules.iter().filter(|rule| rule.action.has_regex()) {
        let Some(regex) = rule.rule.field("regex") else { continue };
        let pattern = rule.pattern.text();
        let Some(found) = classes(&rule.pattern).into_iter().next() else { continue };
        let written = found.span.of(pattern);
        let first = found.words.first().copied().unwrap_or_default();
        let (group, is_single) = (found.words.join("|"), found.repeat.is_none());
        let finding = if found.is_negated {
            let message =
                format!("`{written}` matches one character, not any text other than {}", in_quotes(&found.words));
            in_rule(list, rule, regex.part(found.span), message)
                .with_note("brackets enclose a class of characters, and RE2 has no pattern for other texts")
                .with_help(format!(
                    "use a rule with the pattern `{group}` and the opposite action, such as `drop` for `keep`"
                ))
        } else {
            let not = if is_single { "" } else { ", and its repetition any mix of them" };
            let message = format!("`{written}` matches one of its characters{not}, not the text {}", go_quote(first));
            in_rule(list, rule, regex.part(found.span), message)
                .with_note("brackets enclose a class of characters, and parentheses enclose alternatives")
                .with_help(format!("write `({group})`"))
        };
        let finding = finding.with_argument("pattern", pattern).with_argument("class", written);
        let edits = sink.tree(list.file).filter(|_| is_single && !found.is_negated).and_then(|tree| {
            let mut text = pattern.to_string();
            text.replace_range(found.span.range(), &format!("(?:{group})"));
            fix::with_text(tree, rule.rule, regex, &text)
        });
        sink.push(fix::attached(finding, "write alternatives", Safety::Unsafe, edits));
    }
}

fn in_quotes(words: &[&str]) -> String {
    words.iter().map(|word| go_quote(word)).collect::<Vec<_>>().join(" or ")
}

/// A class that is spelled like alternatives.
struct Found<'p> {
    span: Span,
    words: Vec<&'p str>,
    is_negated: bool,
    repeat: Option<Token>,
}

fn classes(pattern: &PatternFacts) -> Vec<Found<'_>> {
    let text = pattern.text();
    if !text.contains('[') {
        return Vec::new();
    }
    let tokens = pattern.tokens();
    let of_token = |(index, token): (usize, &Token)| {
        let inner = token.span.of(text).strip_prefix('[')?.strip_suffix(']')?;
        let (inner, is_negated) = inner.strip_prefix('^').map_or((inner, false), |inner| (inner, true));
        let words = words(inner)?;
        let next = tokens.get(index + 1).copied();
        let repeat = next.filter(|next| matches!(next.kind, TokenKind::Repeat { .. }));
        Some(Found { span: token.span, words, is_negated, repeat })
    };
    let is_class = |(_, token): &(usize, &Token)| token.kind == TokenKind::Class;
    tokens.iter().enumerate().filter(is_class).filter_map(of_token).collect()
}

/// The words of a class that is spelled like `http|tcp` or `prod,test`.
fn words(inner: &str) -> Option<Vec<&str>> {
    let is_word = |word: &&str| {
        word.len() > 1
            && word.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
            && word.bytes().any(|byte| byte.is_ascii_alphabetic())
    };
    let is_short = |word: &&str| word.bytes().all(|byte| byte.is_ascii_alphanumeric()) && !word.is_empty();
    let separated = |separator: char| {
        let words: Vec<&str> = inner.split(separator).map(str::trim).collect();
        let are_words = words.len() > 1 && words.iter().all(|word| is_word(word) || is_short(word));
        (are_words && words.iter().any(is_word)).then_some(words)
    };
    separated('|').or_else(|| separated(',').filter(|words| words.iter().all(is_word)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_in_brackets_differ_from_classes() {
        for (inner, found) in [
            ("http|tcp", Some(vec!["http", "tcp"])),
            ("GET|POST|a", Some(vec!["GET", "POST", "a"])),
            ("prod,test", Some(vec!["prod", "test"])),
            ("a|b", None),
            ("0-9|a-z", None),
            ("a-z,", None),
            ("a,b", None),
            ("/|:", None),
            (":digit:|ab", None),
            ("abc", None),
        ] {
            assert_eq!(words(inner), found, "{inner}");
        }
    }
}
