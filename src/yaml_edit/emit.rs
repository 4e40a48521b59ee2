//! New nodes as text: scalars that yaml.v2 (and any other reader) takes as the same strings.

use crate::yaml::{Node, NodeKind, ScalarStyle, Tree};

use super::style::Style;

/// A value to be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum New {
    /// A string.
    Text(String),
    /// A value that is no string, such as a number or `true`: written without quotes.
    Bare(String),
    /// A string that goes on being written as it was.
    Written { text: String, written: String },
    /// A list written in brackets.
    Row(Vec<New>),
    /// An item of a list with a line for each, with the comments above it and, with the blanks before
    /// it, the one behind it.
    Noted { above: Vec<String>, value: Box<New>, behind: Option<String> },
    /// An item after an empty line.
    Apart(Box<New>),
    /// A list with a line for each item.
    List(Vec<New>),
    /// Keys with their values.
    Map(Vec<(String, New)>),
    /// Keys with their values, written in braces.
    InBraces(Vec<(String, New)>),
}

impl New {
    pub(crate) fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    /// The string of a scalar, written as it is if that can stand in any line.
    pub(crate) fn copy(node: Node<'_>) -> Self {
        let node = node.resolved();
        let (text, written) = (node.value().to_string(), node.span().of(node.tree().text()));
        let is_bare = node.kind() == NodeKind::Scalar && node.tag().is_none();
        if is_bare && !written.is_empty() && !written.contains(['\n', '\r']) {
            return Self::Written { text, written: written.to_string() };
        }
        Self::Text(text)
    }

    /// The comments of an item, each from its `#`.
    pub(super) fn comments(&self) -> Vec<&str> {
        match self {
            Self::Noted { above, behind, .. } => {
                above.iter().map(String::as_str).chain(behind.as_deref().map(str::trim_start)).collect()
            }
            Self::Text(_)
            | Self::Bare(_)
            | Self::Written { .. }
            | Self::Row(_)
            | Self::Apart(_)
            | Self::List(_)
            | Self::Map(_)
            | Self::InBraces(_) => Vec::new(),
        }
    }

    /// In one line, in brackets.
    pub(crate) fn flow(&self) -> String {
        match self {
            Self::Text(text) => scalar(text),
            Self::Bare(text) => text.clone(),
            Self::Written { written, .. } => written.clone(),
            Self::Noted { value, .. } | Self::Apart(value) => value.flow(),
            Self::Row(items) | Self::List(items) => {
                format!("[{}]", items.iter().map(Self::flow).collect::<Vec<_>>().join(", "))
            }
            Self::Map(entries) | Self::InBraces(entries) => format!("{{{}}}", flow_entries(entries)),
        }
    }

    /// In lines, without the indentation of the place they go to.
    pub(crate) fn lines(&self, style: Style) -> Vec<String> {
        match self {
            Self::Text(_) | Self::Bare(_) | Self::Written { .. } | Self::Row(_) | Self::InBraces(_) => {
                vec![self.flow()]
            }
            Self::Noted { value, .. } | Self::Apart(value) => value.lines(style),
            Self::List(items) => items.iter().flat_map(|item| item.item_lines(style)).collect(),
            Self::Map(entries) => entries.iter().flat_map(|(key, value)| value.entry_lines(key, style)).collect(),
        }
    }

    /// As an item of a list.
    pub(crate) fn item_lines(&self, style: Style) -> Vec<String> {
        if let Self::Apart(value) = self {
            return std::iter::once(String::new()).chain(value.item_lines(style)).collect();
        }
        if let Self::Noted { above, value, behind } = self {
            let mut lines = value.item_lines(style);
            if let (Some(line), Some(behind)) = (lines.last_mut(), behind) {
                line.push_str(behind);
            }
            return above.iter().cloned().chain(lines).collect();
        }
        let lines = self.lines(style).into_iter().enumerate();
        let gap = " ".repeat(style.dash_gap);
        lines.map(|(index, line)| format!("{}{gap}{line}", if index == 0 { '-' } else { ' ' })).collect()
    }

    /// As the value of a key.
    pub(crate) fn entry_lines(&self, key: &str, style: Style) -> Vec<String> {
        let key = scalar(key);
        let indent = match self {
            Self::Text(_)
            | Self::Bare(_)
            | Self::Written { .. }
            | Self::Row(_)
            | Self::InBraces(_)
            | Self::Noted { .. }
            | Self::Apart(_) => {
                return vec![format!("{key}: {}", self.flow())];
            }
            Self::List(_) => style.list_indent,
            Self::Map(_) => style.map_indent,
        };
        let indent = " ".repeat(indent);
        let lines = self.lines(style).into_iter().map(|line| format!("{indent}{line}"));
        std::iter::once(format!("{key}:")).chain(lines).collect()
    }
}

/// Entries of a mapping in brackets, without the brackets.
pub(crate) fn flow_entries(entries: &[(String, New)]) -> String {
    entries.iter().map(|(key, value)| format!("{}: {}", scalar(key), value.flow())).collect::<Vec<_>>().join(", ")
}

/// A string as a scalar that may stand anywhere: plain where that is beyond doubt, else in single
/// quotes, and in double quotes only where nothing else can hold it.
pub(crate) fn scalar(text: &str) -> String {
    if is_plain(text) {
        text.to_string()
    } else if text.chars().all(is_printable) {
        format!("'{}'", text.replace('\'', "''"))
    } else {
        double_quoted(text)
    }
}

/// A string as a scalar in the quotes of another one; those of a block are single quotes.
pub(crate) fn scalar_like(text: &str, style: Option<ScalarStyle>) -> String {
    match style {
        Some(ScalarStyle::DoubleQuoted) => double_quoted(text),
        Some(ScalarStyle::Plain) | None => scalar(text),
        Some(_) if text.chars().all(is_printable) => format!("'{}'", text.replace('\'', "''")),
        Some(_) => double_quoted(text),
    }
}

/// A string as a scalar beside one of that style: without quotes where that one has none, and they are not needed.
pub(crate) fn beside(text: &str, style: ScalarStyle) -> String {
    // An address of digits alone, such as 12:30, is a number to some readers.
    let is_number = text.chars().all(|c| c.is_ascii_digit() || ":._-+".contains(c)) && text.matches('.').count() < 2;
    let is_bare = style == ScalarStyle::Plain && !is_number && !text.contains([' ', '#', '\\']) && reads_back(text);
    if is_bare { text.to_string() } else { scalar_like(text, Some(style)) }
}

/// Words that some reader of YAML takes for something else than a string.
const WORDS: [&str; 12] = ["y", "n", "yes", "no", "on", "off", "true", "false", "null", "nil", "nan", "inf"];

fn is_plain(text: &str) -> bool {
    let is_first = |c: char| c.is_ascii_alphabetic() || c == '_' || c == '/';
    let is_inner = |c: char| c.is_ascii_alphanumeric() || "_-./@+$^()*|\\ ".contains(c);
    if !text.starts_with(is_first) {
        return false;
    }
    if is_bare(text) {
        return !WORDS.iter().any(|word| word.eq_ignore_ascii_case(text));
    }
    text.chars().all(is_inner) && !text.ends_with(' ') && reads_back(text)
}

/// Whether it is of characters that have no meaning in YAML after the first one: only words have to be looked up then.
fn is_bare(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.' | b'/'))
}

/// The last word has the reader itself.
pub(super) fn reads_back(text: &str) -> bool {
    let tree = Tree::parse(format!("[{text}]"));
    let mut items = tree.root().into_iter().flat_map(|root| root.items().collect::<Vec<_>>());
    let is_text = |item: crate::yaml::Node<'_>| {
        item.kind() == NodeKind::Scalar
            && item.style() == Some(ScalarStyle::Plain)
            && item.is_text()
            && item.value() == text
    };
    tree.fault().is_none() && items.next().is_some_and(is_text) && items.next().is_none()
}

/// Whether single quotes can hold it in one line.
fn is_printable(c: char) -> bool {
    matches!(c, ' '..='~' | '\u{a0}'..='\u{2027}' | '\u{202a}'..='\u{d7ff}' | '\u{e000}'..='\u{fefe}' | '\u{ff00}'..='\u{fffd}' | '\u{10000}'..)
}

fn double_quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            c if is_printable(c) => quoted.push(c),
            c if u32::from(c) <= 0xff => quoted.push_str(&format!("\\x{:02x}", u32::from(c))),
            c => quoted.push_str(&format!("\\u{:04x}", u32::from(c))),
        }
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What yaml.v2 reads where a value and where an item of a list in brackets stands.
    fn read_back(text: &str) -> [String; 2] {
        let written = scalar(text);
        ["key: X\n", "{key: X}\n"].map(|frame| {
            let tree = Tree::parse(frame.replace('X', &written));
            let value = tree.root().and_then(|root| root.entries().next()).map(|(_, value)| value);
            let value = value.expect("has a value");
            assert!(value.is_text(), "{written} is not a text");
            value.value().to_string()
        })
    }

    #[test]
    fn whatever_is_written_is_read_back_as_the_same_string() {
        for text in [
            "",
            "prod",
            "yes",
            "on",
            "NO",
            "~",
            "null",
            "1_000",
            "=",
            "<<",
            "0x1",
            "017",
            "1e3",
            "190:20:30",
            "2001-01-01",
            "a: b",
            "a:",
            ":a",
            "#x",
            "a #x",
            "a#x",
            "$1",
            "${1}",
            "[a]",
            "{a}",
            "a, b",
            "a,b",
            "&a",
            "*a",
            "!a",
            "%a",
            "@a",
            "`a`",
            "- a",
            "-",
            "--- ",
            "...",
            "?",
            "? a",
            "|",
            ">",
            "'",
            "''",
            "\"",
            "it's",
            " a",
            "a ",
            "a\nb",
            "\n",
            "a\tb",
            "\t",
            "\r\n",
            "\u{85}",
            "\u{2028}",
            "\u{feff}",
            "é",
            "日本",
            "😀",
            "\u{7}",
            "\u{7f}",
            "\\d+",
            ".inf",
            ".",
            "a\\",
            "(?:a|b)",
            "10\\.0\\.0\\.1:9100",
            "!!str",
            "\u{0}",
            "tRue",
            "y",
        ] {
            assert_eq!(read_back(text), [text, text]);
        }
    }

    #[test]
    fn bare_words_are_plain_without_asking_the_reader() {
        let characters = ["a", "e", "x", "Y", "_", "/", "-", ".", "0", "9"];
        let mut words: Vec<String> = ["a", "N", "_", "/"].map(str::to_string).to_vec();
        for _ in 0..3 {
            let longer = |word: &String| characters.map(|next| format!("{word}{next}"));
            words = words.iter().flat_map(longer).collect();
            for word in words.iter().filter(|word| !WORDS.iter().any(|other| other.eq_ignore_ascii_case(word))) {
                assert!(is_bare(word) && reads_back(word), "{word}");
            }
        }
    }

    #[test]
    fn quotes_stand_only_where_they_are_needed() {
        for (text, expected) in [
            ("prod", "prod"),
            ("eu-west-1", "eu-west-1"),
            ("__address__", "__address__"),
            ("a b", "a b"),
            ("it's", "'it''s'"),
            ("on", "'on'"),
            ("9100", "'9100'"),
            ("a\nb", "\"a\\nb\""),
        ] {
            assert_eq!(scalar(text), expected);
        }
    }
}
