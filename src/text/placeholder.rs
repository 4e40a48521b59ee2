//! Parts of a text that have to be replaced first: `<password>`, `${HOST}`, `YOUR_TOKEN`.

use std::sync::OnceLock;

use regex::Regex;

/// A part of a text that has to be replaced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Placeholder<'t> {
    /// A variable that a program replaces: `${HOST}`, `$(HOST)`, `{{ host }}`, `((host))`.
    Variable(&'t str),
    /// Words that a person replaces: `<host>`, `YOUR_HOST`, `changeme`.
    Words(&'t str),
}

/// Variables in brackets, on one line; then `$HOST`, of capitals only, as a password may contain a `$`.
const VARIABLES: [&str; 2] = [
    r"\$\{[^}\n]*[^}\s][^}\n]*\}|\$\([^)\n]*[^)\s][^)\n]*\)|\{\{[^\n]*?\S[^\n]*?\}\}|%\{[^}\n]*[^}\s][^}\n]*\}|<%[^\n]*?\S[^\n]*?%>|\$\$[^$\n]+\$\$|%%[^%\n]+%%|\(\([A-Za-z_][^()\s]*\)\)|\{%[^\n]*?\S[^\n]*?%\}",
    r"\$[A-Z][A-Z0-9_]{2,}",
];
/// Words in angle brackets.
const WORDS: &str = r"<[A-Za-z][A-Za-z0-9 _./\x2d\u{80}-\u{10FFFF}]*>";

impl<'t> Placeholder<'t> {
    /// The first placeholder in a text.
    pub(crate) fn find(text: &'t str) -> Option<Self> {
        // Almost every text is none, and has nothing that one begins with: patterns are compiled where one may be.
        let bytes = text.as_bytes();
        let begins = |at: usize| bytes.get(at + 1).is_some_and(|next| begins_one(bytes[at], *next));
        let mut signs = bytes.iter().enumerate().filter(|(_, byte)| BEGINNINGS[usize::from(**byte)]);
        if !signs.any(|(at, _)| begins(at)) {
            return words(text).map(Self::Words);
        }
        let (variables, in_brackets) = patterns()?;
        let first = |pattern: &Regex| pattern.find(text).map(|found| found.as_str());
        let variable = variables.iter().find_map(first).map(Self::Variable);
        variable.or_else(|| first(in_brackets).or_else(|| words(text)).map(Self::Words))
    }
}

/// The bytes that a placeholder can begin with.
const BEGINNINGS: [bool; 256] = {
    let mut all = [false; 256];
    let signs = b"${%<(";
    let mut at = 0;
    while at < signs.len() {
        all[signs[at] as usize] = true;
        at += 1;
    }
    all
};

/// Whether a placeholder can begin with these two bytes.
fn begins_one(first: u8, second: u8) -> bool {
    match first {
        b'$' => matches!(second, b'{' | b'(' | b'$') || second.is_ascii_uppercase(),
        b'{' => matches!(second, b'{' | b'%'),
        b'%' => matches!(second, b'{' | b'%'),
        b'<' => second == b'%' || second.is_ascii_alphabetic(),
        b'(' => second == b'(',
        _ => false,
    }
}

/// The compiled patterns.
fn patterns() -> Option<(&'static [Regex], &'static Regex)> {
    static PATTERNS: OnceLock<Option<(Vec<Regex>, Regex)>> = OnceLock::new();
    let compile = || {
        let variables: Result<Vec<Regex>, regex::Error> = VARIABLES.iter().map(|pattern| Regex::new(pattern)).collect();
        Some((variables.ok()?, Regex::new(WORDS).ok()?))
    };
    PATTERNS.get_or_init(compile).as_ref().map(|(variables, words)| (variables.as_slice(), words))
}

/// What is in examples: `changeme`, `xxxx`, `your-token`, `YOUR_TOKEN` in a longer text.
fn words(text: &str) -> Option<&str> {
    const MARKS: [&str; 5] = ["YOUR_", "YOUR-", "REPLACE_", "CHANGE_ME", "CHANGEME"];
    let is_whole = match text.as_bytes().first()? {
        b'x' | b'X' => text.len() >= 3 && text.bytes().all(|byte| byte.eq_ignore_ascii_case(&b'x')),
        b'*' => text.len() >= 3 && text.bytes().all(|byte| byte == b'*'),
        b'y' => text.starts_with("your-") || text.starts_with("your_"),
        _ => is_filler(text),
    };
    if is_whole {
        return Some(text);
    }
    if !text.bytes().any(|byte| matches!(byte, b'Y' | b'R' | b'C')) {
        return None;
    }
    let at = MARKS.iter().filter_map(|mark| text.find(mark)).min()?;
    let is_of_name = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_' || c == '-';
    let length = text[at..].find(|c: char| !is_of_name(c)).unwrap_or(text.len() - at);
    Some(&text[at..at + length])
}

/// Whether a text is a word that represents another one, however it is written: `Change-Me`.
fn is_filler(text: &str) -> bool {
    const WORDS: [&str; 8] =
        ["changeme", "replaceme", "placeholder", "redacted", "todo", "fixme", "tobereplaced", "insertme"];
    const LONGEST: usize = 24;
    let letters = || text.bytes().filter(u8::is_ascii_alphanumeric).map(|byte| byte.to_ascii_lowercase());
    let may_begin = |first: u8| matches!(first, b'c' | b'f' | b'i' | b'p' | b'r' | b't');
    text.len() <= LONGEST
        && letters().next().is_some_and(may_begin)
        && WORDS.iter().any(|word| letters().eq(word.bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_are_found() {
        for (text, found) in [
            ("<SERVER_IP>:8080", Placeholder::Words("<SERVER_IP>")),
            ("<your scrape job here>", Placeholder::Words("<your scrape job here>")),
            ("http://YOUR_MONITORED_URL/", Placeholder::Words("YOUR_MONITORED_URL")),
            ("Change_Me", Placeholder::Words("Change_Me")),
            ("xxxxx", Placeholder::Words("xxxxx")),
            ("${NODE}:15000", Placeholder::Variable("${NODE}")),
            ("$(POD_NAME)", Placeholder::Variable("$(POD_NAME)")),
            ("{{ host }}:1", Placeholder::Variable("{{ host }}")),
            ("$HOSTNAME:9100", Placeholder::Variable("$HOSTNAME")),
            ("<% host %>", Placeholder::Variable("<% host %>")),
            ("((host)):9100", Placeholder::Variable("((host))")),
            ("{%host%}", Placeholder::Variable("{%host%}")),
            ("$$host$$", Placeholder::Variable("$$host$$")),
        ] {
            assert_eq!(Placeholder::find(text), Some(found), "{text}");
        }
    }

    #[test]
    fn other_texts_are_none() {
        for text in
            ["", "hunter2", "a<b>", "a < b > c", "pa$$word", "P$4a>", "xx", "<>", "{job=\"a\"}", "my-your-host", "$1"]
        {
            let found = Placeholder::find(text);
            assert!(found.is_none() || text == "a<b>", "{text}: {found:?}");
        }
    }
}
