//! What is still to be filled in: `<password>`, `${HOST}`, `YOUR_TOKEN`.

/// A part of a text that is to be filled in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Placeholder<'t> {
    /// A variable, for a program that fills it in: `${HOST}`, `$(HOST)`, `{{ host }}`.
    Variable(&'t str),
    /// Words for a person: `<host>`, `YOUR_HOST`, `changeme`.
    Words(&'t str),
}

impl<'t> Placeholder<'t> {
    /// The first placeholder in a text.
    pub(super) fn find(text: &'t str) -> Option<Self> {
        // Almost every text is none, and has nothing that one begins with.
        if !text.bytes().any(|byte| matches!(byte, b'$' | b'{' | b'<' | b'%')) {
            return words(text).map(Self::Words);
        }
        let variable = [("${", "}"), ("$(", ")"), ("{{", "}}"), ("%{", "}"), ("<%", "%>")];
        let variable = variable.iter().find_map(|(start, end)| enclosed(text, start, end, &|_| true));
        let is_of_words = |c: char| c.is_alphanumeric() || " _.-/".contains(c);
        let is_words = |inner: &str| inner.starts_with(char::is_alphabetic) && inner.chars().all(is_of_words);
        let variable = variable.or_else(|| plain_variable(text));
        variable
            .map(Self::Variable)
            .or_else(|| enclosed(text, "<", ">", &is_words).or_else(|| words(text)).map(Self::Words))
    }
}

/// The first part of a text between `start` and `end` that fits, with both.
fn enclosed<'t>(text: &'t str, start: &str, end: &str, fits: &dyn Fn(&str) -> bool) -> Option<&'t str> {
    let from = text.find(start)?;
    let inner = &text[from + start.len()..];
    let length = inner.find(end)?;
    let inner = &inner[..length];
    let is_there = !inner.trim().is_empty() && !inner.contains('\n') && fits(inner);
    is_there.then(|| &text[from..from + start.len() + length + end.len()])
}

/// `$HOST`: of capitals only, as a password may have a `$` in it.
fn plain_variable(text: &str) -> Option<&str> {
    let from = text.find('$')?;
    let name = &text[from + 1..];
    let length = name.find(|c: char| !c.is_ascii_uppercase() && !c.is_ascii_digit() && c != '_').unwrap_or(name.len());
    let is_name = length > 2 && name.starts_with(|c: char| c.is_ascii_uppercase());
    is_name.then(|| &text[from..=from + length])
}

/// What stands in examples: `changeme`, `xxxx`, `your-token`, `YOUR_TOKEN` in a longer text.
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

/// Whether a text is a word that stands for another one, however it is written: `Change-Me`.
fn is_filler(text: &str) -> bool {
    const WORDS: [&str; 8] =
        ["changeme", "replaceme", "placeholder", "redacted", "todo", "fixme", "tobereplaced", "insertme"];
    const LONGEST: usize = 24;
    let letters = || text.bytes().filter(u8::is_ascii_alphanumeric).map(|byte| byte.to_ascii_lowercase());
    text.len() <= LONGEST && WORDS.iter().any(|word| letters().eq(word.bytes()))
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
