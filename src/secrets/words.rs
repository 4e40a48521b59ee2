//! The words of the secrets of a text, by which they are found in sentences that cite them.
//!
//! A message may cite a value in another form than it is written: decoded, cut (`abcdefg...`), in Go's quotes, as a part of
//! a URL. Words survive that. A word that is also in an open part of the text does not count as a secret.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::ops::Range;

use rustc_hash::FxHashSet;

use super::MASK;

/// The words that are only in secrets.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Words {
    words: BTreeSet<Box<str>>,
}

/// A shorter word is not looked for.
const SHORTEST: usize = 2;

impl Words {
    /// The words of the ranges `cited` of `text`, and of values that are written there in another way; `hidden` is all that
    /// is not shown, sorted.
    pub(super) fn of(text: &str, hidden: &[Range<usize>], cited: &[Range<usize>], values: &[String]) -> Self {
        if cited.is_empty() && values.is_empty() {
            return Self::default();
        }
        let mut secret: FxHashSet<Cow<'_, str>> = FxHashSet::default();
        let mut open_from = 0;
        for range in cited {
            let hidden = text.get(range.clone()).unwrap_or("");
            secret.extend(words(hidden).map(|(_, word)| Cow::Borrowed(word)));
            if hidden.contains('\\') {
                let decoded = unescaped(hidden);
                secret.extend(words(&decoded).map(|(_, word)| Cow::Owned(word.to_string())));
            }
        }
        for value in values {
            secret.extend(words(value).map(|(_, word)| Cow::Borrowed(word)));
        }
        for range in hidden.iter().cloned().chain(std::iter::once(text.len()..text.len())) {
            for (_, word) in words(text.get(open_from..range.start).unwrap_or("")) {
                secret.remove(word);
            }
            open_from = range.end;
        }
        Self { words: secret.into_iter().map(|word| Box::from(&*word)).collect() }
    }

    /// The words of hidden texts that are not in an open one.
    pub(super) fn only_in<'h>(hidden: impl Iterator<Item = &'h str>, open: &str) -> Self {
        let mut secret: FxHashSet<&str> = hidden.flat_map(|text| words(text).map(|(_, word)| word)).collect();
        let open: FxHashSet<&str> = words(open).map(|(_, word)| word).collect();
        secret.retain(|word| !open.contains(word));
        Self { words: secret.into_iter().map(Box::from).collect() }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// A sentence with `<secret>` in the place of what it cites. A word of English outside of quotes does not count as a citation;
    /// `is_citation` says that the whole text is one.
    pub(super) fn masked<'s>(&self, sentence: &'s str, is_citation: bool) -> Cow<'s, str> {
        if self.is_empty() {
            return sentence.into();
        }
        let quoted = quoted_parts(sentence);
        let is_quoted = |at: usize| is_citation || quoted.iter().any(|part| part.contains(&at));
        let mut shown = String::new();
        let mut end = 0;
        for (start, word) in words(sentence) {
            let rest = &sentence[start + word.len()..];
            let is_cut = rest.starts_with("...") || rest.starts_with('…');
            if start < end || !self.has(word, is_cut) || !(is_quoted(start) || is_striking(word)) {
                continue;
            }
            shown.push_str(&sentence[end..start]);
            if !shown.ends_with(MASK) {
                shown.push_str(MASK);
            }
            end = start + word.len();
        }
        if end == 0 {
            return sentence.into();
        }
        shown.push_str(&sentence[end..]);
        shown.into()
    }

    /// Whether a word, or a word that begins so, is one of a secret.
    fn has(&self, word: &str, is_cut: bool) -> bool {
        if !is_cut {
            return self.words.contains(word);
        }
        let from = self.words.range::<str, _>((std::ops::Bound::Included(word), std::ops::Bound::Unbounded));
        from.into_iter().next().is_some_and(|next| next.starts_with(word))
    }
}

/// Whether a word is hardly one of English: it is long, or has digits or capitals inside.
fn is_striking(word: &str) -> bool {
    const LONG: usize = 14;
    let has_letter = word.chars().any(char::is_alphabetic);
    let has_digit = word.chars().any(char::is_numeric);
    let has_capital_inside = word.chars().skip(1).any(char::is_uppercase) && word.chars().any(char::is_lowercase);
    word.len() >= LONG || has_letter && has_digit || has_capital_inside
}

/// The runs of letters, digits and `_` with their offsets.
fn words(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    let mut at = 0;
    std::iter::from_fn(move || {
        loop {
            let start = at + text.get(at..)?.find(is_part)?;
            let length = text[start..].find(|c: char| !is_part(c)).unwrap_or(text.len() - start);
            at = start + length;
            if length >= SHORTEST {
                return Some((start, &text[start..at]));
            }
        }
    })
}

/// The parts of a sentence in quotes or backticks.
pub(super) fn quoted_parts(sentence: &str) -> Vec<Range<usize>> {
    let mut parts = Vec::new();
    let mut open: Option<(usize, char)> = None;
    let mut before = ' ';
    let mut characters = sentence.char_indices().peekable();
    while let Some((at, character)) = characters.next() {
        let after = characters.peek().map_or(' ', |(_, next)| *next);
        match open {
            // Inside Go's quotes a backslash keeps the next character.
            Some((_, '"')) if character == '\\' => drop(characters.next()),
            Some((start, quote)) if character == quote && (quote != '\'' || !after.is_alphanumeric()) => {
                parts.push(start..at);
                open = None;
            }
            Some(_) => {}
            // An apostrophe is inside a word.
            None if matches!(character, '`' | '"') || character == '\'' && !before.is_alphanumeric() => {
                open = Some((at + 1, character));
            }
            None => {}
        }
        before = character;
    }
    // A quote that is not closed: all of the rest may be a citation.
    parts.extend(open.map(|(start, _)| start..sentence.len()));
    parts
}

/// A text without its escapes, as YAML and JSON have them in double quotes.
pub(super) fn unescaped(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        plain.push_str(&rest[..at]);
        let after = &rest[at + 1..];
        let kind = after.chars().next().unwrap_or('\\');
        let digits = match kind {
            'x' => 2,
            'u' => 4,
            'U' => 8,
            _ => 0,
        };
        let code = after.get(kind.len_utf8()..kind.len_utf8() + digits).filter(|_| digits > 0);
        let decoded = code.and_then(|code| u32::from_str_radix(code, 16).ok()).and_then(char::from_u32);
        match decoded {
            Some(character) => {
                plain.push(character);
                rest = &after[1 + digits..];
            }
            None => {
                match kind {
                    'n' | 'r' | 't' | '\n' | '\r' => plain.push(' '),
                    kind => plain.push(kind),
                }
                rest = after.get(kind.len_utf8()..).unwrap_or("");
            }
        }
    }
    plain.push_str(rest);
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    fn masked(text: &str, secret: &str, sentence: &str) -> String {
        let start = text.find(secret).expect("is in the text");
        let range = std::slice::from_ref(&(start..start + secret.len())).to_vec();
        let words = Words::of(text, &range, &range, &[]);
        words.masked(sentence, false).into_owned()
    }

    #[test]
    fn a_cited_secret_is_masked_also_cut_or_decoded() {
        let text = "password: hunter2secret";
        let mask = |sentence: &str| masked(text, "hunter2secret", sentence);
        assert_eq!(mask("cannot unmarshal !!str `hunter2secret` into x"), "cannot unmarshal !!str `<secret>` into x");
        assert_eq!(mask("cannot unmarshal !!str `hunter2...` into x"), "cannot unmarshal !!str `<secret>...` into x");
        assert_eq!(mask("invalid port \":hunter2secret\" after host"), "invalid port \":<secret>\" after host");
        assert_eq!(masked("p: \"hunt\\u0065r2\"", "\"hunt\\u0065r2\"", "unknown `hunter2`"), "unknown `<secret>`");
    }

    #[test]
    fn a_word_that_is_also_open_or_of_english_is_not() {
        assert_eq!(masked("job_name: web1\npassword: hunter", "hunter", "job web1: a hunter"), "job web1: a hunter");
        assert_eq!(masked("job_name: web1\npassword: hunter", "hunter", "no `hunter`"), "no `<secret>`");
        assert_eq!(masked("web1: x\npassword: web1 ", "web1 ", "job `web1`"), "job `web1`");
    }

    #[test]
    fn an_apostrophe_opens_no_quote() {
        assert_eq!(quoted_parts("Prometheus's own 'x' and \"y\\\"z\" and `w"), [18..19, 26..30, 37..38]);
    }
}
