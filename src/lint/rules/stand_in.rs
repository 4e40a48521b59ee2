//! Shared by the rules about secrets: texts in the place of a secret, such as `((password))` or `CHANGE_THIS`.

use crate::text::Placeholder;

/// Whether a text is in the place of a secret: a variable, words to replace, a well-known example, or a reference to
/// a store of secrets.
pub(super) fn is_stand_in(text: &str) -> bool {
    let text = text.trim();
    let text = ["Bearer ", "Basic ", "Token "].iter().find_map(|scheme| text.strip_prefix(scheme)).unwrap_or(text);
    is_filler(text) || is_enclosed(text) || is_reference(text) || is_request(text) || Placeholder::find(text).is_some()
}

/// Whether a text has one letter or digit again and again, or is an example that everybody knows.
fn is_filler(text: &str) -> bool {
    const KNOWN: [&str; 10] =
        ["password", "passwd", "secret", "token", "example", "mypassword", "mysecret", "mytoken", "mykey", "dummy"];
    let plain = plain(text);
    let mut letters = plain.bytes();
    let first = letters.next();
    first.is_none_or(|first| letters.all(|letter| letter == first)) || KNOWN.contains(&plain.as_str())
}

/// Whether a text is a name in marks: `((name))`, `@NAME@`, `__NAME__`, `[name]`, `%NAME%`, `#{name}#`, `$NAME`.
fn is_enclosed(text: &str) -> bool {
    const MARKS: [(&str, &str); 9] = [
        ("((", "))"),
        ("@", "@"),
        ("__", "__"),
        ("[", "]"),
        ("%", "%"),
        ("#{", "}"),
        ("#{", "}#"),
        ("{", "}"),
        ("$", ""),
    ];
    let is_name = |name: &str| {
        name.starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '_' | ' ' | '/' | '.'))
            && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | '/' | ' ' | ':'))
    };
    let inside = |(open, close): &(&str, &str)| text.strip_prefix(open)?.strip_suffix(close);
    MARKS.iter().filter_map(inside).any(is_name)
}

/// Whether a text is encrypted, or names a secret in a store.
fn is_reference(text: &str) -> bool {
    const BEGINNINGS: [&str; 9] = [
        "ENC[",
        "{cipher}",
        "vault:",
        "vault://",
        "ref+",
        "op://",
        "secret://",
        "$ANSIBLE_VAULT",
        "arn:aws:secretsmanager",
    ];
    BEGINNINGS.iter().any(|beginning| text.starts_with(beginning))
}

/// Whether the words of a text ask for a value: `CHANGE_THIS`, `your-password-here`, `put the token here`.
fn is_request(text: &str) -> bool {
    const LONGEST: usize = 48;
    const PARTS: [&str; 12] = [
        "changeme",
        "changethis",
        "changeit",
        "tobechanged",
        "replaceme",
        "replacethis",
        "replacewith",
        "placeholder",
        "redacted",
        "fillme",
        "fillin",
        "tobereplaced",
    ];
    const BEGINNINGS: [&str; 6] = ["your", "myown", "insert", "enter", "puty", "putthe"];
    const ENDS: [&str; 4] = ["passwordhere", "tokenhere", "secrethere", "keyhere"];
    const OBJECTS: [&str; 6] = ["password", "passwd", "token", "secret", "key", "credential"];
    if text.len() > LONGEST {
        return false;
    }
    let plain = plain(text);
    let has = |parts: &[&str]| parts.iter().any(|part| plain.contains(part));
    let asks = BEGINNINGS.iter().any(|beginning| plain.starts_with(beginning)) && has(&OBJECTS);
    has(&PARTS) || asks || ENDS.iter().any(|end| plain.ends_with(end))
}

/// The letters and digits of a text, in lower case.
fn plain(text: &str) -> String {
    text.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_in_the_place_of_a_secret_are_known() {
        for text in [
            "((pw))",
            "(( grafana.password ))",
            "{{ x }}",
            "<password>",
            "${PW}",
            "$PW",
            "$pw",
            "@PW@",
            "__PW__",
            "[token]",
            "%PW%",
            "#{pw}#",
            "<%= pw %>",
            "CHANGEME",
            "change-this",
            "ChangeMe123",
            "your_password_here",
            "put the token here",
            "my-password",
            "xxxx",
            "...",
            "***",
            "Bearer <token>",
            "Basic ((auth))",
            "ENC[AES256,x]",
            "vault:secret/data/x#y",
            "REPLACE_WITH_TOKEN",
            "$(PW)",
        ] {
            assert!(is_stand_in(text), "{text}");
        }
        for text in [
            "password123",
            "hunter2",
            "s3cr3t!",
            "aGVsbG8gd29ybGQ=",
            "$2y$10$abc",
            "Basic YWJjOmRlZg==",
            "(pw",
            "yourd34db33f",
            "[x4",
            "a@b@",
            "8fK#{x9",
            "insert4F",
            "correct horse battery staple",
        ] {
            assert!(!is_stand_in(text), "{text}");
        }
    }
}
