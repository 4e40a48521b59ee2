//! The groups of a pattern that may be empty in a match.

use crate::re2::{Regex, Token, TokenKind};
use crate::text::Span;

use super::PatternFacts;

/// What is open at a place of a pattern: a group, parentheses without a group, or the whole pattern.
#[derive(Default)]
struct Level {
    /// The number, if it is a group, and where its inner text begins.
    own: Option<usize>,
    start: usize,
    has_alternatives: bool,
    /// The groups inside it.
    inner: Vec<usize>,
}

/// The numbers of the groups that may be empty in a match, or not take part in it.
pub(crate) fn groups_that_may_be_empty(pattern: &PatternFacts) -> Vec<usize> {
    let (text, tokens) = (pattern.text(), pattern.tokens());
    let (mut found, mut count) = (Vec::new(), 0);
    let mut open: Vec<Level> = Vec::new();
    let mut level = Level::default();
    for (index, token) in tokens.iter().enumerate() {
        match token.kind {
            TokenKind::Open { captures } => {
                count += usize::from(captures);
                let next = Level { own: captures.then_some(count), start: token.span.end as usize, ..Level::default() };
                open.push(std::mem::replace(&mut level, next));
            }
            TokenKind::Alternate => level.has_alternatives = true,
            TokenKind::Close => {
                let Some(outer) = open.pop() else { return found };
                let mut closed = std::mem::replace(&mut level, outer);
                if closed.has_alternatives {
                    found.extend(&closed.inner);
                }
                closed.inner.extend(closed.own);
                if tokens.get(index + 1).is_some_and(|next| is_optional(next, text)) {
                    found.extend(&closed.inner);
                }
                let inside = Span::new(closed.start, token.span.start as usize).of(text);
                found.extend(closed.own.filter(|_| matches_empty(inside, pattern)));
                level.inner.extend(closed.inner);
            }
            _ => {}
        }
    }
    if level.has_alternatives {
        found.extend(&level.inner);
    }
    found
}

/// Whether the repetition makes the part before it optional.
fn is_optional(token: &Token, text: &str) -> bool {
    let written = token.span.of(text);
    matches!(token.kind, TokenKind::Repeat { .. }) && (written.starts_with(['?', '*']) || written.starts_with("{0"))
}

fn matches_empty(part: &str, pattern: &PatternFacts) -> bool {
    Regex::with_syntax(part, pattern.regex().syntax()).is_ok_and(|part| part.is_match("") == Ok(true))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::Facts;

    #[test]
    fn groups_are_empty_by_their_text_by_a_repetition_or_by_another_alternative() {
        let of = |text: &str| {
            let mut found = groups_that_may_be_empty(&Facts::default().pattern(text).expect("is a pattern"));
            found.sort_unstable();
            found.dedup();
            found
        };
        assert_eq!(of("(.+);(.*)"), [2]);
        assert_eq!(of("([a-z]+)(-\\d+)?"), [2]);
        assert_eq!(of("(?:x(a))*(b){0,2}(c){1,2}"), [1, 2]);
        assert_eq!(of("(a)|(b)"), [1, 2]);
        assert_eq!(of("(a|b)(c|)"), [2]);
        assert_eq!(of("((x)|(y))z"), [2, 3]);
        assert_eq!(of("\\(.*\\)[(]*"), [] as [usize; 0]);
    }
}
