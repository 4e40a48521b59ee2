//! Patterns of the usual kind, which every release of Go accepts: known without a parse, at a few instructions a byte.

/// The largest depth of groups, and the longest pattern: far below every limit of Go.
const MOST_DEPTH: usize = 20;
const LONGEST: usize = 1_000;

/// What a repetition operator would apply to.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Before {
    /// Nothing that can be repeated.
    Nothing,
    /// A character, a class or a group.
    Atom,
    /// A repetition, which can be made lazy once.
    Repeat,
    /// A lazy repetition.
    LazyRepeat,
}

/// Whether a pattern is certainly valid, in every syntax. Many valid patterns are not of this kind.
pub(crate) fn is_usual(pattern: &str) -> bool {
    if pattern.len() > LONGEST {
        return false;
    }
    let (mut rest, mut depth, mut before) = (pattern.as_bytes(), 0_usize, Before::Nothing);
    while let Some((&byte, after)) = rest.split_first() {
        rest = after;
        before = match byte {
            b'*' | b'+' | b'?' => match before {
                Before::Atom => Before::Repeat,
                Before::Repeat if byte == b'?' => Before::LazyRepeat,
                Before::Nothing | Before::Repeat | Before::LazyRepeat => return false,
            },
            b'|' | b'^' | b'$' => Before::Nothing,
            b'(' => {
                rest = rest.strip_prefix(b"?:").unwrap_or(rest);
                depth += 1;
                if depth > MOST_DEPTH || rest.first() == Some(&b'?') {
                    return false;
                }
                Before::Nothing
            }
            b')' if depth > 0 => {
                depth -= 1;
                Before::Atom
            }
            b'[' => {
                let Some(after) = after_class(rest) else { return false };
                rest = after;
                Before::Atom
            }
            b'\\' => {
                let Some((b'd' | b'D' | b'w' | b'W' | b's' | b'S' | b'.' | b'-' | b'/' | b':' | b'|', after)) =
                    rest.split_first()
                else {
                    return false;
                };
                rest = after;
                Before::Atom
            }
            b')' | b'{' | b'}' | b']' => return false,
            b' '..=b'~' => Before::Atom,
            _ => return false,
        };
    }
    depth == 0
}

/// What follows a class: characters and ranges of one kind.
fn after_class(text: &[u8]) -> Option<&[u8]> {
    let text = text.strip_prefix(b"^").unwrap_or(text);
    let end = text.iter().position(|byte| *byte == b']').filter(|end| *end > 0)?;
    let (mut content, rest) = (&text[..end], &text[end + 1..]);
    content = content.strip_suffix(b"-").unwrap_or(content);
    while let Some((&first, after)) = content.split_first() {
        content = match (first, after) {
            (_, [b'-', last, after @ ..]) if is_range(first, *last) => after,
            (b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' | b'_' | b'.' | b':' | b'/' | b',' | b';' | b'@' | b' ', _) => {
                (after.first() != Some(&b'-')).then_some(after)?
            }
            _ => return None,
        };
    }
    Some(rest)
}

fn is_range(first: u8, last: u8) -> bool {
    let same = |kind: fn(&u8) -> bool| kind(&first) && kind(&last);
    let is_of_one_kind = same(u8::is_ascii_digit) || same(u8::is_ascii_lowercase) || same(u8::is_ascii_uppercase);
    is_of_one_kind && first <= last
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::re2::{Regex, Syntax};

    #[test]
    fn the_patterns_that_configs_mostly_have_are_usual() {
        for pattern in [
            "(.*)",
            "(.+?)",
            "go_(gc|memstats)_.*|svc0_debug_.*",
            r"([^:]+):\d+",
            r"([^:]+)(?::\d+)?;(\d+)",
            r"\d+\.\d+\.(\d+)\.\d+:9100",
            "__meta_kubernetes_pod_label_(.+)",
            "[a-zA-Z0-9_-]+",
            "",
            "a|",
        ] {
            assert!(is_usual(pattern), "{pattern}");
        }
    }

    #[test]
    fn what_may_be_refused_is_not_usual() {
        let deep = format!("{}a{}", "(".repeat(21), ")".repeat(21));
        let long = "a".repeat(1_001);
        for pattern in [
            "(",
            "a)",
            "*",
            "a**",
            "a+*",
            "a??+",
            "(?P<a>b)",
            "(?i)a",
            "a{2}",
            "a{",
            "[",
            "[]",
            "[]a]",
            "[b-a]",
            "[a-Z]",
            "[--a]",
            "[a-c-e]",
            r"\1",
            r"\",
            r"[\d]",
            "é",
            "a\n",
            "[[:alpha:]]",
            "|*",
            "(|+)",
            "^*",
            &deep,
            &long,
        ] {
            assert!(!is_usual(pattern), "{pattern}");
        }
    }

    #[test]
    fn usual_patterns_are_valid_in_every_syntax() {
        const PIECES: [&str; 32] = [
            "a", "Z", "0", "_", ".", ":", "(", ")", "(?:", "|", "*", "+", "?", "[", "]", "[^", "-", "^", "$", r"\d",
            r"\.", r"\-", "a-z", "0-9", "{", "}", ",", ";", " ", "/", "@", "(?",
        ];
        let mut state = 7_u64;
        let mut next = |below: usize| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            usize::try_from(state >> 33).unwrap_or(0) % below
        };
        let syntaxes = ["2.30", "3.14"].map(|release| Syntax::of(release.parse().unwrap()));
        let mut usual = 0;
        for _ in 0..40_000 {
            let pattern: String = (0..1 + next(9)).map(|_| PIECES[next(PIECES.len())]).collect();
            if is_usual(&pattern) {
                usual += 1;
                for syntax in syntaxes {
                    assert!(Regex::with_syntax(&pattern, syntax).is_ok(), "{pattern}");
                }
            }
        }
        assert!(usual > 2_000, "{usual}");
    }
}
