//! Which names are those of secrets: the names of the schema, others that are near to them, and usual words.

use std::sync::OnceLock;

use rustc_hash::FxHashMap;

use crate::config::{config_fields, secret_keys, secret_sections};
use crate::text::is_within;

/// What the name of a key says about its value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum KeyKind {
    /// All of the value is secret.
    Secret,
    /// A text is secret; the keys of a mapping are judged by their own names.
    Likely,
    /// A mapping with secrets in it: where a text is in its place, or below a key that it does not have, that is secret.
    Section,
    /// A mapping from free names to sections.
    Sections,
    /// A field that is not secret.
    Known,
    /// Anything else.
    Other,
}

/// Judges names, each of them once.
#[derive(Default)]
pub(super) struct Keys {
    seen: FxHashMap<String, KeyKind>,
}

impl Keys {
    /// So many names are remembered from one text for the next one.
    const MOST_REMEMBERED: usize = 10_000;

    /// What is remembered, for the next text.
    pub(super) fn remembered(&mut self) -> Self {
        match self.seen.len() {
            0..Self::MOST_REMEMBERED => std::mem::take(self),
            _ => Self::default(),
        }
    }

    pub(super) fn kind_of(&mut self, name: &str) -> KeyKind {
        const LONGEST: usize = 64;
        if name.is_empty() || name.len() > LONGEST {
            return KeyKind::Other;
        }
        if let Some(kind) = self.seen.get(name) {
            return *kind;
        }
        let kind = judge(name);
        self.seen.insert(name.to_string(), kind);
        kind
    }
}

/// Whether a name is a key of a section.
pub(super) fn is_known(name: &str) -> bool {
    exact().contains_key(&normalized(name))
}

fn normalized(name: &str) -> String {
    let is_left_out = |c: char| matches!(c, '_' | '-' | '.' | ' ') || is_invisible(c);
    name.chars().filter(|c| !is_left_out(*c)).flat_map(char::to_lowercase).collect()
}

/// Characters without a width, as they come with texts that are copied from pages.
pub(super) fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}')
}

/// The names of the fields that others may be near to, each with its letters.
struct Near {
    secrets: Vec<(&'static str, u64)>,
    sections: Vec<(&'static str, u64, KeyKind)>,
}

/// The names of secret fields and usual words, and the names of sections.
fn near() -> &'static Near {
    static NEAR: OnceLock<Near> = OnceLock::new();
    NEAR.get_or_init(|| {
        let mut near = Near { secrets: Vec::new(), sections: Vec::new() };
        for (name, kind) in exact() {
            match kind {
                KeyKind::Secret => near.secrets.push((name, letters(name))),
                KeyKind::Section | KeyKind::Sections => near.sections.push((name, letters(name), *kind)),
                KeyKind::Likely | KeyKind::Known | KeyKind::Other => {}
            }
        }
        near.secrets.extend(WORDS.iter().map(|word| (*word, letters(word))));
        near
    })
}

/// The names of all fields, without their separators.
fn exact() -> &'static FxHashMap<String, KeyKind> {
    static NAMES: OnceLock<FxHashMap<String, KeyKind>> = OnceLock::new();
    NAMES.get_or_init(|| {
        let mut names = FxHashMap::default();
        names.extend(config_fields().iter().map(|field| (normalized(field.key), KeyKind::Known)));
        for section in secret_sections() {
            let kind = if section.is_map { KeyKind::Sections } else { KeyKind::Section };
            names.insert(normalized(section.key), kind);
        }
        names.extend(secret_keys().iter().map(|key| (normalized(key), KeyKind::Secret)));
        names
    })
}

/// Words that name a secret wherever they are in a name.
const WORDS: [&str; 11] = [
    "password",
    "passwd",
    "passwort",
    "passphrase",
    "secret",
    "credential",
    "apikey",
    "privatekey",
    "accesstoken",
    "authtoken",
    "encryptionkey",
];
/// Words that name one at the end of a name.
const LAST_WORDS: [&str; 6] = ["token", "tokens", "pwd", "authkey", "signingkey", "apitoken"];
/// Names that are a whole.
const NAMES: [&str; 8] = ["pass", "pw", "psk", "bearer", "authheader", "cookie", "setcookie", "proxyauthorization"];
/// What a name ends with that is about a secret, but does not hold it.
const PLAIN_ENDINGS: [&str; 27] = [
    "file",
    "files",
    "filename",
    "ref",
    "url",
    "uri",
    "path",
    "paths",
    "dir",
    "id",
    "ids",
    "name",
    "names",
    "type",
    "ttl",
    "enabled",
    "expiry",
    "count",
    "namespace",
    "selector",
    "provider",
    "store",
    "class",
    "mount",
    "total",
    "seconds",
    "length",
];

fn judge(name: &str) -> KeyKind {
    let name = normalized(name);
    if let Some(kind) = exact().get(&name) {
        return *kind;
    }
    let name = name.trim_end_matches(|c: char| c.is_ascii_digit());
    if PLAIN_ENDINGS.iter().any(|ending| name.ends_with(ending)) {
        return KeyKind::Other;
    }
    // A mapping under this name refers to an object.
    if name == "secret" {
        return KeyKind::Likely;
    }
    let of_name = letters(name);
    if near().secrets.iter().any(|(known, of_known)| is_near(name, of_name, known, *of_known)) {
        return KeyKind::Secret;
    }
    let is_likely = WORDS.iter().any(|word| name.contains(word))
        || LAST_WORDS.iter().any(|word| name.ends_with(word))
        || NAMES.contains(&name);
    if is_likely {
        return KeyKind::Likely;
    }
    let mut sections = near().sections.iter();
    let section = sections.find(|(known, of_known, _)| is_near(name, of_name, known, *of_known));
    section.map_or(KeyKind::Other, |(_, _, kind)| *kind)
}

/// Whether a name is a misspelt form of a known one, or has another number. Each comes with its letters.
fn is_near(name: &str, of_name: u64, known: &str, of_known: u64) -> bool {
    const SHORTEST: usize = 5;
    const LONG: usize = 9;
    let most = if known.len() >= LONG { 2 } else { 1 };
    known.len() >= SHORTEST
        && name.len().abs_diff(known.len()) <= most
        // An edit puts in one kind of letters and takes out another one at most.
        && (of_name ^ of_known).count_ones() as usize <= 2 * most
        && is_within(name, known, most)
}

/// Which letters are in a text, a bit each; several share one.
fn letters(text: &str) -> u64 {
    text.bytes().fold(0, |letters, byte| letters | 1 << (byte & 63))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(names: &[&str], kind: KeyKind) {
        for name in names {
            assert_eq!(judge(name), kind, "{name}");
        }
    }

    #[test]
    fn names_of_secret_fields_and_misspelt_ones_are_secret() {
        kinds(&["password", "Password", "passwd", "pasword", "passwrod", "password2", "credential"], KeyKind::Secret);
        kinds(&["secretkey", "secret-key", "client-secret", "clientSecret", "apikey", "api_key"], KeyKind::Secret);
        kinds(&["bearer_tokn", "key", "secrets", "private_key"], KeyKind::Secret);
    }

    #[test]
    fn names_with_a_usual_word_are_likely() {
        kinds(
            &["grafana_password", "my-secret-value", "old_access_token_of_prod", "refreshToken", "pass", "secret"],
            KeyKind::Likely,
        );
    }

    #[test]
    fn sections_with_secrets_are_known_also_misspelt() {
        kinds(&["basic_auth", "authorization", "authorisation", "oauth2", "tls_config", "sigv4"], KeyKind::Section);
        kinds(&["http_headers"], KeyKind::Sections);
    }

    #[test]
    fn names_that_are_about_a_secret_but_do_not_hold_it_are_not_secret() {
        kinds(&["password_file", "token_url", "access_key", "client_id", "relabel_configs"], KeyKind::Known);
        kinds(&["secretName", "tokenSecretRef", "keys", "my_key", "team", "target", "monkey", "kind"], KeyKind::Other);
    }
}
