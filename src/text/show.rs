//! Text from outside as it may be shown to a terminal, a forge or a log.
//!
//! Everything that promcfg did not write itself comes from outside: names of files, jobs and labels, values, arguments
//! of the command line, messages of the system and of other libraries, lines of files. Before it is shown,
//! [`escape_text`] makes it harmless and keeps it on one line, [`shorten`] also keeps it short, and [`safe_line`] does
//! both for a whole line that is made of our words and others. All of them, the excerpts, the diffs and the writer of
//! JSON ask one function, [`obeyed`], which characters these are:
//!
//! - control characters (C0, C1, DEL), line and paragraph separators;
//! - marks of writing direction (U+200E, U+200F, U+061C, U+202A to U+202E, U+2066 to U+2069);
//! - characters without a width, unless they join or part letters of a script or parts of an emoji (U+200C, U+200D), or
//!   select a variant (U+FE00 to U+FE0F);
//! - characters for private use, and code points without a character;
//! - the first character of `##[`, `##vso[` and `##teamcity[`: build servers look for these commands anywhere in a line.
//!
//! A line that begins with `::` and a letter is a command of GitHub Actions; [`command_start`] finds it.

use std::borrow::Cow;
use std::fmt::Write as _;

use super::names::byte_of;
use super::unicode::CharacterClass;

/// The longest name or value in a message, in characters.
pub(crate) const LONGEST_NAME: usize = 200;
/// The longest word of a sentence, in characters: one that is longer is a value from outside.
const LONGEST_WORD: usize = 500;
/// The longest sentence, in characters.
const LONGEST_SENTENCE: usize = 4_000;
/// The longest line of a text for people, in characters.
const LONGEST_LINE: usize = 20_000;

/// Characters of any script that show themselves, and blanks.
static SHOWN: CharacterClass = CharacterClass::new(
    r"[[\p{L}\p{M}\p{N}\p{P}\p{S}\p{Zs}\p{Prepended_Concatenation_Mark}]--[\p{Default_Ignorable_Code_Point}--[\x{FE00}-\x{FE0F}]]]",
);

/// What begins a command anywhere in a line, for some build servers.
const COMMANDS: [&str; 3] = ["##[", "##vso[", "##teamcity["];

/// The characters of a text that a terminal, a forge or a log would obey or hide, with their offsets.
pub(crate) fn obeyed(text: &str) -> impl Iterator<Item = (usize, char)> {
    let bytes = text.as_bytes();
    let is_plain = |byte: u8| (b' '..=b'~').contains(&byte) && byte != b'#';
    let mut at = 0;
    std::iter::from_fn(move || {
        loop {
            at += bytes.get(at..)?.iter().position(|byte| !is_plain(*byte))?;
            let (start, rest) = (at, text.get(at..)?);
            let character = rest.chars().next()?;
            at += character.len_utf8();
            if is_obeyed(text, start, character) {
                return Some((start, character));
            }
        }
    })
}

/// Whether the character at this offset is one of them.
fn is_obeyed(text: &str, at: usize, character: char) -> bool {
    match character {
        '#' => COMMANDS.iter().any(|command| text[at..].starts_with(command)),
        '\u{200c}' | '\u{200d}' => {
            let is_joined = |other: Option<char>| other.is_some_and(|other| !other.is_ascii() && SHOWN.contains(other));
            let after = text[at..].chars().nth(1);
            !(is_joined(text[..at].chars().next_back()) && is_joined(after))
        }
        _ if character.is_ascii() => character.is_ascii_control(),
        _ => !SHOWN.contains(character),
    }
}

/// Where a text begins with a command of GitHub Actions (`::error::`, `::add-mask::…`), blanks before it aside.
pub(crate) fn command_start(text: &str) -> Option<usize> {
    let rest = text.trim_start();
    let is_command = rest.strip_prefix("::")?.starts_with(|first: char| first.is_ascii_alphabetic());
    is_command.then_some(text.len() - rest.len())
}

/// `text` on one line, with all characters that could move the cursor, change colors, turn the direction of writing,
/// hide, or begin a command of a build server replaced by an escape like `\n` or `\u{1b}`; a byte that is not UTF-8 (see
/// [`name_from_bytes`](super::name_from_bytes)) by one like `\xff`. A backslash stays as it is.
///
/// ```
/// use promcfg::report::escape_text;
/// assert_eq!(escape_text("a\tb\u{1b}[31m"), "a\\tb\\u{1b}[31m");
/// assert_eq!(escape_text("(.+):\\d+"), "(.+):\\d+");
/// assert_eq!(escape_text("::error::x"), "\\u{3a}:error::x");
/// ```
#[must_use]
pub fn escape_text(text: &str) -> Cow<'_, str> {
    let command = command_start(text).map(|at| (at, ':'));
    escape_at(text, command.into_iter().chain(obeyed(text).filter(|found| Some(*found) != command)))
}

/// A path as it may be shown: as [`escape_text`], and where it can be mistaken for an escape, with `\\` for a backslash.
/// Different paths are shown differently.
///
/// ```
/// use promcfg::report::shown_path;
/// use promcfg::text::name_from_bytes;
/// assert_eq!(shown_path("jobs/a.yml"), "jobs/a.yml");
/// assert_eq!(shown_path(&name_from_bytes(b"a\xff.yml")), "a\\xff.yml");
/// if cfg!(unix) {
///     assert_eq!(shown_path("a\\xff.yml"), "a\\\\xff.yml");
/// }
/// ```
#[must_use]
pub fn shown_path(path: &str) -> Cow<'_, str> {
    const LONGEST_PATH: usize = 4_096;
    if cfg!(unix) && path.contains('\\') {
        return Cow::Owned(shorten(&path.replace('\\', "\\\\"), LONGEST_PATH).into_owned());
    }
    shorten(path, LONGEST_PATH)
}

/// A text with the characters at these offsets escaped. The offsets ascend, but for the first one.
fn escape_at(text: &str, places: impl Iterator<Item = (usize, char)>) -> Cow<'_, str> {
    let mut places: Vec<(usize, char)> = places.collect();
    if places.is_empty() {
        return Cow::Borrowed(text);
    }
    places.sort_unstable_by_key(|(at, _)| *at);
    let mut escaped = String::with_capacity(text.len() + 8 * places.len());
    let mut done = 0;
    for (at, character) in places {
        escaped.push_str(&text[done..at]);
        push_escape(&mut escaped, character);
        done = at + character.len_utf8();
    }
    escaped.push_str(&text[done..]);
    Cow::Owned(escaped)
}

fn push_escape(escaped: &mut String, character: char) {
    match character {
        '\n' => escaped.push_str("\\n"),
        '\r' => escaped.push_str("\\r"),
        '\t' => escaped.push_str("\\t"),
        _ => {
            // Writing to a String cannot fail.
            let _ = match byte_of(character) {
                Some(byte) => write!(escaped, "\\x{byte:02x}"),
                None => write!(escaped, "\\u{{{:x}}}", u32::from(character)),
            };
        }
    }
}

/// `text` escaped as by [`escape_text`], and cut after `most` characters, with its length.
///
/// ```
/// use promcfg::report::shorten;
/// assert_eq!(shorten("0123", 4), "0123");
/// assert_eq!(shorten(&"0123".repeat(250_000), 4), "0123… 1,000,000 characters");
/// ```
#[must_use]
pub fn shorten(text: &str, most: usize) -> Cow<'_, str> {
    match text.char_indices().nth(most) {
        None => escape_text(text),
        Some((end, _)) => Cow::Owned(format!("{}{}", escape_text(&text[..end]), length_of(text))),
    }
}

/// A name or a value for a message: cut after 200 characters, with its length, and otherwise as it is.
pub(crate) fn short_name(text: &str) -> Cow<'_, str> {
    shortened(text, LONGEST_NAME)
}

/// A named value of a diagnostic: cut after 500 characters, with its length, and otherwise as it is.
pub(crate) fn short_argument(text: &str) -> Cow<'_, str> {
    shortened(text, LONGEST_WORD)
}

/// A text cut after `most` characters, with its length; not escaped.
pub(crate) fn shortened(text: &str, most: usize) -> Cow<'_, str> {
    // A character has a byte at least.
    if text.len() <= most {
        return Cow::Borrowed(text);
    }
    match text.char_indices().nth(most) {
        None => Cow::Borrowed(text),
        Some((end, _)) => Cow::Owned(format!("{}{}", &text[..end], length_of(text))),
    }
}

/// `… 1,000,000 characters`.
fn length_of(text: &str) -> String {
    let digits = text.chars().count().to_string();
    let mut grouped = String::with_capacity(digits.len() + 4);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    format!("… {grouped} characters")
}

/// A sentence of a message, bounded: a word of more than 500 characters is cut, with its length, and so is a sentence of
/// more than 4,000. What is around a word (quotes, a colon) stays. Nothing is escaped.
///
/// ```
/// use promcfg::report::bounded_sentence;
/// let name = "x".repeat(1_000_000);
/// let shown = bounded_sentence(format!("unknown job \"{name}\" in p.yml"));
/// assert_eq!(shown, format!("unknown job \"{}… 1,000,000 characters\" in p.yml", "x".repeat(500)));
/// ```
#[must_use]
pub fn bounded_sentence<'s>(sentence: impl Into<Cow<'s, str>>) -> String {
    let sentence = sentence.into();
    if sentence.len() <= LONGEST_WORD {
        return sentence.into_owned();
    }
    if sentence.split(' ').all(|word| word.len() <= LONGEST_WORD) {
        return shortened(&sentence, LONGEST_SENTENCE).into_owned();
    }
    let mut bounded = String::new();
    let mut count = 0;
    for (index, word) in sentence.split(' ').enumerate() {
        let word = short_word(word);
        count += word.chars().count() + 1;
        if count > LONGEST_SENTENCE {
            bounded.push_str(&length_of(&sentence));
            break;
        }
        if index > 0 {
            bounded.push(' ');
        }
        bounded.push_str(&word);
    }
    bounded
}

/// A word, cut between what is around it.
fn short_word(word: &str) -> Cow<'_, str> {
    const AROUND: [char; 12] = ['"', '\'', '`', '(', ')', '[', ']', '{', '}', ':', ',', ';'];
    if word.len() <= LONGEST_WORD {
        return Cow::Borrowed(word);
    }
    let inner = word.trim_matches(AROUND);
    let Some((before, after)) = word.split_once(inner).filter(|_| !inner.is_empty()) else {
        return shortened(word, LONGEST_WORD);
    };
    Cow::Owned(format!("{before}{}{}", shortened(inner, LONGEST_WORD), shortened(after, LONGEST_WORD)))
}

/// A whole line of a text for people, without its line end, as it may be shown: nothing in it is obeyed but codes of
/// colors, it does not begin with a command of a forge, and of more than 20,000 characters the rest is cut, with the
/// length of the line. Tabs, a carriage return at its end, and a byte order mark in the first line of a diff stay.
///
/// ```
/// use promcfg::report::safe_line;
/// assert_eq!(safe_line("  \u{1b}[31mred\u{1b}[0m\tx"), "  \u{1b}[31mred\u{1b}[0m\tx");
/// assert_eq!(safe_line("  ::error::x\u{7}"), "  \\u{3a}:error::x\\u{7}");
/// ```
#[must_use]
pub fn safe_line(line: &str) -> Cow<'_, str> {
    if line.len() > LONGEST_LINE
        && let Some((end, _)) = line.char_indices().nth(LONGEST_LINE)
    {
        return Cow::Owned(format!("{}{}", safe_line(&line[..end]), length_of(line)));
    }
    let start = start_of_words(line);
    let command = command_start(&line[start..]).map(|at| (start + at, ':'));
    let is_allowed = |at: usize, character: char| match character {
        '\t' => true,
        '\r' => at + 1 == line.len(),
        '\u{feff}' => at == 1 && line.starts_with([' ', '+', '-']),
        '\u{1b}' => color_code(&line[at..]).is_some(),
        _ => false,
    };
    escape_at(line, command.into_iter().chain(obeyed(line).filter(|&(at, character)| !is_allowed(at, character))))
}

/// The offset after the blanks and codes of colors that a line begins with.
fn start_of_words(line: &str) -> usize {
    let mut rest = line;
    loop {
        let next = rest.trim_start();
        match color_code(next) {
            Some(length) => rest = &next[length..],
            None => return line.len() - next.len(),
        }
    }
}

/// The length of the code of a color that a text begins with: `ESC [ 1 ; 31 m`.
fn color_code(text: &str) -> Option<usize> {
    let code = text.strip_prefix("\u{1b}[")?;
    let end = code.find(|c: char| !c.is_ascii_digit() && c != ';')?;
    code[end..].starts_with('m').then_some(end + 3)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::name_from_bytes;

    #[test]
    fn nothing_that_a_terminal_obeys_comes_through() {
        assert_eq!(escape_text("a\nb\rc\u{7}\u{9b}31m"), "a\\nb\\rc\\u{7}\\u{9b}31m");
        assert_eq!(escape_text("a\u{202e}b\u{2028}"), "a\\u{202e}b\\u{2028}");
        assert_eq!(escape_text("größe 大"), "größe 大");
    }

    #[test]
    fn every_mark_of_direction_every_invisible_and_every_unassigned_character_is_escaped() {
        let hidden = [
            '\0',
            '\u{7f}',
            '\u{85}',
            '\u{ad}',
            '\u{34f}',
            '\u{61c}',
            '\u{115f}',
            '\u{180e}',
            '\u{200b}',
            '\u{200e}',
            '\u{200f}',
            '\u{2028}',
            '\u{2029}',
            '\u{202a}',
            '\u{202e}',
            '\u{2060}',
            '\u{2066}',
            '\u{2069}',
            '\u{3164}',
            '\u{e000}',
            '\u{feff}',
            '\u{fff9}',
            '\u{ffff}',
            '\u{378}',
            '\u{e0041}',
            '\u{10fffd}',
        ];
        for character in hidden {
            let shown = escape_text(&format!("大{character}大")).into_owned();
            assert!(shown.contains("\\u{") || shown.contains("\\x"), "{:x} {shown}", u32::from(character));
        }
    }

    #[test]
    fn ordinary_scripts_and_emojis_stay() {
        for text in [
            "größe",
            "大文字　空白",
            "العربية ؀",
            "می\u{200c}خواهم",
            "क्\u{200d}ष",
            "👩\u{200d}👩\u{200d}👧",
            "❤\u{fe0f}",
            "👩\u{200d}❤\u{fe0f}\u{200d}👨",
            "e\u{301}",
            "a\u{a0}b",
            "\u{fffd}",
        ] {
            assert_eq!(escape_text(text), text);
        }
        assert_eq!(escape_text("a\u{200d}b"), "a\\u{200d}b");
        assert_eq!(escape_text("大\u{200d}"), "大\\u{200d}");
    }

    #[test]
    fn commands_of_forges_are_broken() {
        assert_eq!(escape_text("::error::x"), "\\u{3a}:error::x");
        assert_eq!(escape_text(" \u{3000}::add-mask::x"), " \u{3000}\\u{3a}:add-mask::x");
        assert_eq!(escape_text("::\n"), "::\\n");
        assert_eq!(escape_text("[::1]:9100 ::1 a::b"), "[::1]:9100 ::1 a::b");
        assert_eq!(
            escape_text("x ##[error]y ##vso[a] ###[b] ## [c]"),
            "x \\u{23}#[error]y \\u{23}#vso[a] #\\u{23}#[b] ## [c]"
        );
    }

    #[test]
    fn a_line_keeps_colors_and_nothing_else() {
        assert_eq!(safe_line("\u{1b}[1;31merror\u{1b}[0m\u{1b}[2J"), "\u{1b}[1;31merror\u{1b}[0m\\u{1b}[2J");
        assert_eq!(safe_line(" \u{1b}[2m ::error::x"), " \u{1b}[2m \\u{3a}:error::x");
        assert_eq!(safe_line("a\rb\r"), "a\\rb\r");
        assert_eq!(safe_line("+\u{feff}a"), "+\u{feff}a");
        assert_eq!(safe_line("a\u{feff}a"), "a\\u{feff}a");
        let long = safe_line(&"x".repeat(30_000)).into_owned();
        assert_eq!((long.len(), &long[20_000..]), (20_000 + "… 30,000 characters".len(), "… 30,000 characters"));
    }

    #[test]
    fn a_long_value_is_cut_at_characters() {
        assert_eq!(shorten("äöüß", 2), "äö… 4 characters");
        assert_eq!(shorten("\n\n\n", 1), "\\n… 3 characters");
        assert_eq!(short_name(&"ä".repeat(1_234)), format!("{}… 1,234 characters", "ä".repeat(200)));
    }

    #[test]
    fn a_sentence_keeps_its_words_around_a_long_value() {
        let long = "y".repeat(2_000);
        let shown = format!("`{}… 2,000 characters`, found x", "y".repeat(500));
        assert_eq!(bounded_sentence(format!("expected `{long}`, found x")), format!("expected {shown}"));
        let many = "word ".repeat(2_000);
        assert_eq!(bounded_sentence(&*many), format!("{}… 10,000 characters", &many[..4_000]));
        assert!(bounded_sentence(format!("{} ", "z".repeat(600)).repeat(100)).len() < 4_100);
        assert_eq!(bounded_sentence("\"".repeat(1_000)), format!("{}… 1,000 characters", "\"".repeat(500)));
    }

    #[test]
    fn different_paths_are_shown_differently() {
        let (byte, text) = (name_from_bytes(b"a\xff"), "a\\xff");
        assert_eq!(shown_path(&byte), "a\\xff");
        assert_ne!(shown_path(&byte), shown_path(text));
        assert_ne!(shown_path("a\u{202e}"), shown_path("a\\u{202e}"));
    }
}
