//! File patterns: what Prometheus accepts when it loads a config, and what they match.

use std::fmt;

/// A pattern that Go's `filepath.Match` refuses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PatternError;

impl fmt::Display for PatternError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("syntax error in pattern")
    }
}

impl std::error::Error for PatternError {}

/// Whether a file name matches one element of a pattern (what is between two `/`): `*` is any
/// run of characters, `?` any one, `[a-z]` and `[^a-z]` are sets, `\` takes the next character as it
/// is. A leading dot is nothing special.
///
/// Source: Go's `path/filepath.Match`, on Unix.
///
/// ```
/// assert_eq!(promcfg::files::glob_match("web-[0-9]*.json", "web-12.json"), Ok(true));
/// assert_eq!(promcfg::files::glob_match("[", "x"), Err(promcfg::files::PatternError));
/// ```
///
/// # Errors
/// The pattern is malformed.
pub fn glob_match(pattern: &str, name: &str) -> Result<bool, PatternError> {
    let pattern = parse(pattern)?;
    let name: Vec<char> = name.chars().collect();
    let (mut at, mut read) = (0, 0);
    let mut last_star: Option<(usize, usize)> = None;
    while read < name.len() {
        match pattern.get(at) {
            Some(Piece::Star) => {
                last_star = Some((at, read));
                at += 1;
            }
            Some(piece) if piece.matches(name[read]) => {
                at += 1;
                read += 1;
            }
            _ => match last_star {
                Some((star, from)) if name[from] != '/' => {
                    last_star = Some((star, from + 1));
                    (at, read) = (star + 1, from + 1);
                }
                _ => return Ok(false),
            },
        }
    }
    Ok(pattern[at..].iter().all(|piece| matches!(piece, Piece::Star)))
}

enum Piece {
    Star,
    Any,
    Exact(char),
    Set { is_negated: bool, ranges: Vec<(char, char)> },
}

impl Piece {
    fn matches(&self, character: char) -> bool {
        match self {
            Self::Star => false,
            Self::Any => character != '/',
            Self::Exact(wanted) => *wanted == character,
            Self::Set { is_negated, ranges } => {
                ranges.iter().any(|&(first, last)| first <= character && character <= last) != *is_negated
            }
        }
    }
}

fn parse(pattern: &str) -> Result<Vec<Piece>, PatternError> {
    let mut pieces = Vec::new();
    let mut rest = pattern.chars().peekable();
    while let Some(character) = rest.next() {
        pieces.push(match character {
            '*' => Piece::Star,
            '?' => Piece::Any,
            '\\' => Piece::Exact(rest.next().ok_or(PatternError)?),
            '[' => parse_set(&mut rest)?,
            _ => Piece::Exact(character),
        });
    }
    Ok(pieces)
}

type Characters<'p> = std::iter::Peekable<std::str::Chars<'p>>;

fn parse_set(rest: &mut Characters<'_>) -> Result<Piece, PatternError> {
    let is_negated = rest.next_if_eq(&'^').is_some();
    let mut ranges = Vec::new();
    loop {
        if !ranges.is_empty() && rest.next_if_eq(&']').is_some() {
            return Ok(Piece::Set { is_negated, ranges });
        }
        let first = set_member(rest)?;
        let last = if rest.next_if_eq(&'-').is_some() { set_member(rest)? } else { first };
        ranges.push((first, last));
    }
}

/// A character of a set; the set must go on after it.
fn set_member(rest: &mut Characters<'_>) -> Result<char, PatternError> {
    let member = match rest.next() {
        None | Some('-' | ']') => return Err(PatternError),
        Some('\\') => rest.next().ok_or(PatternError)?,
        Some(character) => character,
    };
    if rest.peek().is_some() { Ok(member) } else { Err(PatternError) }
}

/// Whether Prometheus accepts a pattern of `rule_files` or `scrape_config_files`: no `/` after the
/// first `*`.
///
/// Source: `patRulePath` of Prometheus 3.14, `^[^*]*(\*[^/]*)?$`.
pub(crate) fn is_valid_path_pattern(pattern: &str) -> bool {
    pattern.split_once('*').is_none_or(|(_, after)| !after.contains('/'))
}

/// Whether Prometheus accepts a pattern of `file_sd_configs`: as [`is_valid_path_pattern`], with the
/// extension of a JSON or YAML file in lower or upper case.
///
/// Source: `patFileSDName` of Prometheus 3.14.
pub(crate) fn is_valid_target_file_pattern(pattern: &str) -> bool {
    const EXTENSIONS: [&str; 6] = [".json", ".yml", ".yaml", ".JSON", ".YML", ".YAML"];
    let stem = EXTENSIONS.iter().find_map(|extension| pattern.strip_suffix(extension));
    stem.is_some_and(is_valid_path_pattern)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stars_sets_and_escapes_match_as_in_go() {
        for (pattern, name, expected) in [
            ("*.json", "a.json", true),
            ("*.json", ".json", true),
            ("a*b*c", "aXbbYc", true),
            ("a?c", "abc", true),
            ("a?c", "a/c", false),
            ("*", "a/b", false),
            ("[^a]", "b", true),
            ("[a-c]x", "bx", true),
            ("\\*", "*", true),
            ("[\\]a]", "]", true),
            ("", "", true),
        ] {
            assert_eq!(glob_match(pattern, name), Ok(expected), "{pattern:?} {name:?}");
        }
    }

    #[test]
    fn malformed_patterns_are_told_whatever_the_name() {
        for pattern in ["[", "[]", "[]a]", "[-x]", "[x-]", "a[", "\\", "[^]", "[a\\"] {
            assert_eq!(glob_match(pattern, "q"), Err(PatternError), "{pattern:?}");
        }
    }

    #[test]
    fn wildcards_are_taken_in_the_last_element_only() {
        for (pattern, expected) in [
            ("a/*.yml", true),
            ("a*/b.yml", false),
            ("*/*.yml", false),
            ("a?/b.yml", true),
            ("a/*x*.yml", true),
            ("", true),
        ] {
            assert_eq!(is_valid_path_pattern(pattern), expected, "{pattern:?}");
        }
        assert!(is_valid_target_file_pattern("t/*.JSON"));
        assert!(!is_valid_target_file_pattern("t/a.Yml"));
        assert!(!is_valid_target_file_pattern("*/a.yml"));
    }
}
