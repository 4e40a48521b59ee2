//! Texts of files as they may be shown: without secrets, and without characters that a terminal obeys.

use crate::secrets::Secrets;
use crate::text::{FileId, Sources, obeyed};

/// A text that may be shown: every byte of a secret is a `*`, every byte of a character that a
/// terminal would obey is a `?`. Offsets and line ends stay as they are.
///
/// ```
/// assert_eq!(promcfg::report::printable("password: hunter2\nx: \u{1b}[31m\n"), "password: *******\nx: ?[31m\n");
/// ```
#[must_use]
pub fn printable(text: &str) -> String {
    without_secrets(text, &Secrets::find(text))
}

/// A text of `sources` as [`printable`] makes it. Nothing when its file is not recognized
/// ([`Secrets::is_recognized`]): then no line of it may be shown.
///
/// ```
/// use promcfg::Sources;
/// use promcfg::report::printable_file;
/// let mut sources = Sources::new();
/// let (config, other) = (sources.add("p.yml", "scrape_configs: []"), sources.add("/etc/passwd", "root:x:0:0"));
/// assert_eq!(printable_file(&sources, config).as_deref(), Some("scrape_configs: []"));
/// assert_eq!(printable_file(&sources, other), None);
/// ```
#[must_use]
pub fn printable_file(sources: &Sources, file: FileId) -> Option<String> {
    let secrets = Secrets::of(sources, file);
    secrets.is_recognized().then(|| without_secrets(sources.text(file), secrets))
}

fn without_secrets(text: &str, secrets: &Secrets) -> String {
    let shown = if secrets.is_empty() { text.to_string() } else { secrets.starred(text, 0..text.len()) };
    let places: Vec<(usize, char)> =
        obeyed(&shown).filter(|(_, character)| !matches!(character, '\n' | '\r' | '\t')).collect();
    if places.is_empty() {
        return shown;
    }
    let mut safe = String::with_capacity(shown.len());
    let mut done = 0;
    for (at, character) in places {
        safe.push_str(&shown[done..at]);
        safe.extend(std::iter::repeat_n('?', character.len_utf8()));
        done = at + character.len_utf8();
    }
    safe.push_str(&shown[done..]);
    safe
}
