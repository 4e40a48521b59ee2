//! Facts about the text of a pattern: redundant anchors, empty alternatives.

use crate::re2::{Token, TokenKind};
use crate::text::Span;

use super::pattern::PatternFacts;

impl PatternFacts {
    /// The `^` and `$` of the pattern that say again what Prometheus adds: nothing can stand before or
    /// behind them. None if a flag of the pattern gives them another meaning.
    pub(crate) fn implied_anchors(&self) -> Vec<Token> {
        if !self.text().contains(['^', '$']) || self.may_be_multi_line() {
            return Vec::new();
        }
        let tokens = self.tokens();
        let (leading, trailing) = edges(tokens);
        let is_repeated =
            |index: usize| matches!(tokens.get(index + 1), Some(Token { kind: TokenKind::Repeat { .. }, .. }));
        let implied = tokens.iter().enumerate().filter(|&(index, token)| match token.kind {
            TokenKind::Start => leading[index] && !is_repeated(index),
            TokenKind::End => trailing[index] && !is_repeated(index),
            _ => false,
        });
        implied.map(|(_, token)| *token).collect()
    }

    /// The alternatives that are empty, of an alternation that is all of the pattern: each the place
    /// where something could stand. `^$` is not empty: it says what it is.
    pub(crate) fn empty_alternatives(&self) -> Vec<Span> {
        if !self.text().contains('|') {
            return Vec::new();
        }
        let tokens = self.tokens();
        let (leading, trailing) = edges(tokens);
        let mut found = Vec::new();
        for (index, token) in tokens.iter().enumerate() {
            let is_outer = |at: usize| leading[at] && trailing[at];
            if token.kind != TokenKind::Alternate || !is_outer(index) {
                continue;
            }
            let (before, behind) = (index.checked_sub(1).map(|at| tokens[at].kind), tokens.get(index + 1));
            if before.is_none_or(|kind| matches!(kind, TokenKind::Alternate | TokenKind::Open { .. })) {
                found.push(Span::empty(token.span.start as usize));
            }
            if behind.is_none_or(|token| token.kind == TokenKind::Close) {
                found.push(Span::empty(token.span.end as usize));
            }
        }
        found
    }

    /// Whether a flag may make `^` and `$` match at line ends.
    fn may_be_multi_line(&self) -> bool {
        self.tokens().iter().any(|token| {
            let text = token.span.of(self.text());
            let is_of_flags = matches!(token.kind, TokenKind::Flags | TokenKind::Open { captures: false });
            is_of_flags && text.contains('m')
        })
    }
}

/// For each piece whether nothing but groups and anchors stands before it, and whether behind it. In a
/// group that is repeated nothing counts as an edge; an alternation stands where its group does.
fn edges(tokens: &[Token]) -> (Vec<bool>, Vec<bool>) {
    let repeated = repeated_groups(tokens);
    let is_open = |kind: TokenKind| matches!(kind, TokenKind::Open { .. });
    let is_close = |kind: TokenKind| kind == TokenKind::Close;
    let leading = edges_from(tokens.iter().zip(&repeated), &is_open);
    let mut trailing = edges_from(tokens.iter().zip(&repeated).rev(), &is_close);
    trailing.reverse();
    (leading, trailing)
}

/// In the order given; `enters` tells the parentheses by which one comes into a group.
fn edges_from<'t>(
    tokens: impl Iterator<Item = (&'t Token, &'t bool)>,
    enters: &dyn Fn(TokenKind) -> bool,
) -> Vec<bool> {
    let (mut is_edge, mut groups) = (true, Vec::new());
    let mut edges = Vec::new();
    for (token, is_repeated) in tokens {
        let before = is_edge;
        match token.kind {
            kind if enters(kind) => {
                is_edge &= !is_repeated;
                groups.push(is_edge);
            }
            TokenKind::Open { .. } | TokenKind::Close => {
                groups.pop();
                is_edge = false;
            }
            TokenKind::Alternate => is_edge = groups.last().copied().unwrap_or(true),
            TokenKind::Start | TokenKind::End | TokenKind::Flags => {}
            _ => is_edge = false,
        }
        edges.push(if token.kind == TokenKind::Alternate { is_edge } else { before });
    }
    edges
}

/// Whether the group of each parenthesis is repeated.
fn repeated_groups(tokens: &[Token]) -> Vec<bool> {
    let (mut repeated, mut open) = (vec![false; tokens.len()], Vec::new());
    for (index, token) in tokens.iter().enumerate() {
        match token.kind {
            TokenKind::Open { .. } => open.push(index),
            TokenKind::Close => {
                let is_repeated = matches!(tokens.get(index + 1), Some(Token { kind: TokenKind::Repeat { .. }, .. }));
                repeated[index] = is_repeated;
                open.pop().into_iter().for_each(|start: usize| repeated[start] = is_repeated);
            }
            _ => {}
        }
    }
    repeated
}

#[cfg(test)]
mod tests {
    use crate::analysis::Facts;

    fn implied(pattern: &str) -> String {
        let facts = Facts::default().pattern(pattern).expect("is a pattern");
        let mut marked = pattern.to_string();
        for token in facts.implied_anchors().iter().rev() {
            marked.replace_range(token.span.range(), "_");
        }
        marked
    }

    #[test]
    fn anchors_at_the_edges_are_implied() {
        for (pattern, marked) in [
            ("^a$", "_a_"),
            ("^(a|b)$", "_(a|b)_"),
            ("(^a|^b)", "(_a|_b)"),
            ("^a|b$", "_a|b_"),
            ("(s.*)(ttle$)", "(s.*)(ttle_)"),
            ("^(?:(^a)|b)", "_(?:(_a)|b)"),
            ("(?i)^a$", "(?i)_a_"),
            ("x^a$", "x^a_"),
            ("(a$|b)c", "(a$|b)c"),
            ("(^a)*", "(^a)*"),
            ("^*a", "^*a"),
            ("(a$)*", "(a$)*"),
            ("[^a]", "[^a]"),
            ("\\^a\\$", "\\^a\\$"),
            ("(?m)^a$", "(?m)^a$"),
            ("(?P<me>^a$)", "(?P<me>_a_)"),
        ] {
            assert_eq!(implied(pattern), marked, "{pattern}");
        }
    }

    #[test]
    fn empty_alternatives_of_the_whole_pattern_are_found() {
        let count = |pattern: &str| Facts::default().pattern(pattern).expect("is a pattern").empty_alternatives().len();
        for (pattern, found) in [
            ("a|b|", 1),
            ("|a", 1),
            ("a||b", 1),
            ("(a|)", 1),
            ("^$|a", 0),
            ("a(b|)", 0),
            ("(|b)c", 0),
            ("a|b", 0),
            ("(|)", 2),
        ] {
            assert_eq!(count(pattern), found, "{pattern}");
        }
    }
}
