//! A pattern for a tag that also matches longer tags with the same word.

use crate::analysis::{Needs, PatternFacts, RelabelList, RuleFacts, Subjects};
use crate::lint::rule::Check;
use crate::lint::sink::{Sink, in_rule};
use crate::re2::TokenKind;
use crate::relabel::Action;
use crate::text::go_quote;

pub(super) const CHECK: Check =
    Check::List(Needs::one_rule(&[Subjects::MATCHING, Subjects::TAGS_READ, Subjects::REGEX_GIVEN]), check);

fn check(list: &RelabelList<'_>, sink: &mut Sink<'_>) {
    for rule in list.rules.iter().filter(|rule| matches!(rule.action, Action::Keep | Action::Drop | Action::Replace)) {
        let ([label], Some(regex)) = (rule.sources(), rule.rule.field("regex")) else { continue };
        if !list.is_list_of_tags(label) {
            continue;
        }
        let Some(word) = word(&rule.pattern) else { continue };
        let other = format!(",not{word}s,");
        let matches = |text: &str| rule.pattern.matches(text) == Some(true);
        if !matches(&format!(",{word},")) || !matches(&other) || matches(",other,") {
            continue;
        }
        let message = format!("the pattern also matches {}, where `{word}` is part of another tag", go_quote(&other));
        let finding = in_rule(list, rule, regex.value, message)
            .with_argument("label", label)
            .with_argument("regex", rule.pattern.text())
            .with_note("a list of tags starts and ends with its separator, so every tag is between two separators")
            .with_help(help(rule, &word));
        sink.push(finding);
    }
}

/// A pattern for the tag, or for the tags that start with the word if a replace copies the rest.
fn help(rule: &RuleFacts<'_>, word: &str) -> String {
    let behind = rule.pattern.text().split_once(word).map(|(_, behind)| behind);
    let separators = ["=", ":", ""].into_iter();
    let mut followed =
        separators.filter(|separator| behind.is_some_and(|text| text.starts_with(&format!("{separator}("))));
    match followed.next().filter(|_| rule.action == Action::Replace) {
        Some(separator) => format!("write `.*,{word}{separator}([^,]+),.*`, where the group is the rest of the tag"),
        None => format!("write `.*,{word},.*`"),
    }
}

/// The longest sequence of letters, digits, `-` and `_` in the pattern.
fn word(pattern: &PatternFacts) -> Option<String> {
    let (mut words, mut word) = (Vec::new(), String::new());
    for token in pattern.tokens() {
        match token.kind {
            TokenKind::Literal(c) | TokenKind::Escaped(c) if c.is_alphanumeric() || c == '-' || c == '_' => {
                word.push(c);
            }
            _ => words.push(std::mem::take(&mut word)),
        }
    }
    words.push(word);
    words.into_iter().max_by_key(String::len).filter(|word| !word.is_empty())
}
