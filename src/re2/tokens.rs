//! The pieces of a pattern as they are written, each with its place: for those who look at how a
//! pattern is spelled. What it means is decided by the parser alone.

use crate::text::Span;

/// A piece of a pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Token {
    pub(crate) kind: TokenKind,
    /// Its bytes in the pattern.
    pub(crate) span: Span,
}

/// What a piece is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TokenKind {
    /// `^`.
    Start,
    /// `$`.
    End,
    /// `.`.
    Dot,
    /// A character that is literal.
    Literal(char),
    /// A punctuation character after a backslash.
    Escaped(char),
    /// A backslash and a letter or digit: `\d`, `\x41`, `\pL`.
    Escape(char),
    /// `\Q…\E`.
    Quoted,
    /// `[…]`.
    Class,
    /// `(?i)`.
    Flags,
    /// `(`, `(?:`, `(?P<name>`: whether it captures.
    Open { captures: bool },
    /// `)`.
    Close,
    /// `|`.
    Alternate,
    /// `*`, `+`, `?`, `{2,3}`, with the `?` that makes it lazy.
    Repeat { is_lazy: bool },
}

/// The pieces of a pattern that is one.
pub(crate) fn tokens(pattern: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut at = 0;
    while let Some((kind, length)) = pattern.get(at..).and_then(token) {
        tokens.push(Token { kind, span: Span::new(at, at + length) });
        at += length;
    }
    tokens
}

fn token(rest: &str) -> Option<(TokenKind, usize)> {
    let first = rest.chars().next()?;
    Some(match first {
        '^' => (TokenKind::Start, 1),
        '$' => (TokenKind::End, 1),
        '.' => (TokenKind::Dot, 1),
        '|' => (TokenKind::Alternate, 1),
        ')' => (TokenKind::Close, 1),
        '(' => open(rest),
        '[' => (TokenKind::Class, class_length(rest)),
        '\\' => escape(rest),
        '*' | '+' | '?' => repeat(rest, 1),
        '{' => counted(rest).map_or((TokenKind::Literal('{'), 1), |length| repeat(rest, length)),
        c => (TokenKind::Literal(c), c.len_utf8()),
    })
}

fn repeat(rest: &str, length: usize) -> (TokenKind, usize) {
    let is_lazy = rest.as_bytes().get(length) == Some(&b'?');
    (TokenKind::Repeat { is_lazy }, length + usize::from(is_lazy))
}

/// Bytes of `{2}`, `{2,}`, `{2,3}`; anything else in braces is text.
fn counted(rest: &str) -> Option<usize> {
    let end = rest.find('}')?;
    let (min, max) = rest.get(1..end)?.split_once(',').unwrap_or((rest.get(1..end)?, "0"));
    let is_number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    (!min.is_empty() && is_number(min) && is_number(max)).then_some(end + 1)
}

fn open(rest: &str) -> (TokenKind, usize) {
    if !rest.starts_with("(?") {
        return (TokenKind::Open { captures: true }, 1);
    }
    if rest.starts_with("(?P<") || rest.starts_with("(?<") {
        return (TokenKind::Open { captures: true }, rest.find('>').map_or(rest.len(), |at| at + 1));
    }
    match rest.find([':', ')']) {
        Some(at) if rest.as_bytes()[at] == b':' => (TokenKind::Open { captures: false }, at + 1),
        Some(at) => (TokenKind::Flags, at + 1),
        None => (TokenKind::Flags, rest.len()),
    }
}

fn escape(rest: &str) -> (TokenKind, usize) {
    let Some(c) = rest.chars().nth(1) else { return (TokenKind::Literal('\\'), 1) };
    let behind = rest.get(1 + c.len_utf8()..).unwrap_or("");
    let braced = || if behind.starts_with('{') { behind.find('}').map(|at| at + 1) } else { None };
    let digits = |most: usize| behind.bytes().take(most).take_while(u8::is_ascii_hexdigit).count();
    let octal = |most: usize| behind.bytes().take(most).take_while(|byte| (b'0'..b'8').contains(byte)).count();
    match c {
        'Q' => (TokenKind::Quoted, behind.find("\\E").map_or(rest.len(), |at| at + 4)),
        'x' => (TokenKind::Escape(c), 2 + braced().unwrap_or_else(|| digits(2))),
        'p' | 'P' => {
            let one = behind.chars().next().map_or(0, char::len_utf8);
            (TokenKind::Escape(c), 2 + braced().unwrap_or(one))
        }
        '0'..='7' => (TokenKind::Escape(c), 2 + octal(2)),
        c if c.is_ascii_alphanumeric() => (TokenKind::Escape(c), 2),
        c => (TokenKind::Escaped(c), 1 + c.len_utf8()),
    }
}

fn class_length(rest: &str) -> usize {
    let bytes = rest.as_bytes();
    let mut at = 1;
    at += usize::from(bytes.get(at) == Some(&b'^'));
    // A bracket that comes first is literal.
    at += usize::from(bytes.get(at) == Some(&b']'));
    while let Some(byte) = bytes.get(at) {
        match byte {
            b']' => return at + 1,
            b'\\' => at += 2,
            b'[' if bytes.get(at + 1) == Some(&b':') => {
                at = rest.get(at..).and_then(|rest| rest.find(":]")).map_or(at + 1, |length| at + length + 2);
            }
            _ => at += 1,
        }
    }
    rest.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(pattern: &str) -> Vec<&str> {
        tokens(pattern).iter().map(|token| token.span.of(pattern)).collect()
    }

    #[test]
    fn pieces_are_found_as_they_are_written() {
        assert_eq!(
            texts(r"^(?i)(a|\.b)+?[^]\]x[:alpha:]]{2,3}?$"),
            ["^", "(?i)", "(", "a", "|", r"\.", "b", ")", "+?", r"[^]\]x[:alpha:]]", "{2,3}?", "$"]
        );
        assert_eq!(
            texts(r"(?P<n>\d\x{41}\x41\pL\p{Lu}\101é)(?:\Qa|b\E{a,}\é"),
            [
                "(?P<n>", r"\d", r"\x{41}", r"\x41", r"\pL", r"\p{Lu}", r"\101", "é", ")", "(?:", r"\Qa|b\E", "{", "a",
                ",", "}", r"\é"
            ]
        );
    }

    #[test]
    fn pieces_know_what_they_are() {
        let kinds: Vec<TokenKind> = tokens(r"(?:a.*\d\.").iter().map(|token| token.kind).collect();
        assert_eq!(
            kinds,
            [
                TokenKind::Open { captures: false },
                TokenKind::Literal('a'),
                TokenKind::Dot,
                TokenKind::Repeat { is_lazy: false },
                TokenKind::Escape('d'),
                TokenKind::Escaped('.'),
            ]
        );
    }
}
