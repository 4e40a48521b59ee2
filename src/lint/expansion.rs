//! The expansion of environment variables in external labels.
//!
//! Source: `os.Expand` of Go, and `expandExternalLabels` of Prometheus 3.14.

/// A dollar sign with the text after it; `$$` and literal dollar signs are not included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Expansion<'t> {
    /// `$NAME`, `${NAME}`: a variable.
    Variable { written: &'t str, name: &'t str },
    /// `${NAME:-default}`: a variable with a name that no environment variable has.
    OddName { written: &'t str, name: &'t str },
    /// `$1`, `$*`: a variable of one character, which is never set in the environment.
    Special { written: &'t str },
    /// `${}`, or `${` without an end: removed.
    Broken { written: &'t str },
    /// `$(NAME)`: not expanded by Prometheus, but by other programs.
    Parentheses { written: &'t str, name: &'t str },
}

/// All expansions of a text, from left to right.
pub(super) fn expansions(text: &str) -> Vec<Expansion<'_>> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(dollar) = text[at..].find('$').map(|offset| at + offset) {
        let (length, expansion) = expansion_at(&text[dollar..]);
        found.extend(expansion);
        at = dollar + length;
    }
    found
}

/// The expansion at the beginning of a text that begins with a dollar sign, and its length.
fn expansion_at(text: &str) -> (usize, Option<Expansion<'_>>) {
    let rest = &text[1..];
    let is_special = |byte: u8| b"*#$@!?-0123456789".contains(&byte);
    let name = &rest[..rest.find(|c: char| !is_of_name(c)).unwrap_or(rest.len())];
    match rest.as_bytes() {
        [b'{', ..] => braces(text),
        [b'$', ..] => (2, None),
        [byte, ..] if is_special(*byte) => (2, Some(Expansion::Special { written: &text[..2] })),
        [b'(', ..] => match rest[1..].split_once(')') {
            Some((name, _)) if !name.is_empty() && name.chars().all(is_of_name) => {
                let length = name.len() + 3;
                (length, Some(Expansion::Parentheses { written: &text[..length], name }))
            }
            _ => (1, None),
        },
        _ if name.is_empty() => (1, None),
        _ => (1 + name.len(), Some(Expansion::Variable { written: &text[..=name.len()], name })),
    }
}

/// The same for a text that begins with `${`.
fn braces(text: &str) -> (usize, Option<Expansion<'_>>) {
    let Some((name, _)) = text[2..].split_once('}') else {
        return (2, Some(Expansion::Broken { written: "${" }));
    };
    let length = name.len() + 3;
    let written = &text[..length];
    let is_variable = name.chars().all(is_of_name) && !name.starts_with(|c: char| c.is_ascii_digit());
    let expansion = match name {
        "" => Some(Expansion::Broken { written }),
        "$" => None,
        name if is_variable => Some(Expansion::Variable { written, name }),
        name => Some(Expansion::OddName { written, name }),
    };
    (length, expansion)
}

fn is_of_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables_are_found_as_go_finds_them() {
        assert_eq!(
            expansions("a-$HOST_1.x-${ZONE}"),
            [
                Expansion::Variable { written: "$HOST_1", name: "HOST_1" },
                Expansion::Variable { written: "${ZONE}", name: "ZONE" }
            ]
        );
        for stays in ["a$$HOST", "${$}HOST", "cost$", "$ x", "$(date +%s)", "$é"] {
            assert_eq!(expansions(stays), [], "{stays}");
        }
        assert_eq!(expansions("$1a"), [Expansion::Special { written: "$1" }]);
        assert_eq!(expansions("${A:-b}c"), [Expansion::OddName { written: "${A:-b}", name: "A:-b" }]);
        assert_eq!(expansions("${}${A"), [Expansion::Broken { written: "${}" }, Expansion::Broken { written: "${" }]);
        assert_eq!(expansions("$(POD)"), [Expansion::Parentheses { written: "$(POD)", name: "POD" }]);
    }
}
