//! Which parts of a text are secret, and how it is shown without them.
//!
//! **The contract.** [`Secrets::find`] gives the secret bytes of a text. They are the union of two readings: that of
//! its tree (`tree`, which sees through aliases, anchors, merge keys, escapes and texts inside texts) and that of its
//! lines (`lines`, which needs no valid YAML). Both ask `keys`, which takes the names of secret fields from the tables of
//! `config/schema/`. Both also look for values that have the form of credentials wherever they are (`credentials`,
//! `urls`). In doubt a value is secret.
//!
//! Everything that is shown of a file beside results passes this module: its lines and diffs by the ranges, the sentences
//! of a diagnostic by [`masked_diagnostic`], single values in traces and notes by [`masked_value`], labels of targets by
//! [`TargetSecrets`], whose rule about names is that of the keys in files.
//!
//! A file that is not recognized as one that Prometheus reads ([`Secrets::is_recognized`]) is hidden as a whole.

mod assignments;
mod credentials;
mod diagnostics;
mod keys;
mod labels;
mod lines;
mod narrowed;
mod objects;
mod queries;
mod random;
mod recognized;
mod tree;
mod urls;
mod value;
mod words;

use std::ops::Range;
use std::sync::OnceLock;

use crate::input::Input;
use crate::text::{FileId, Sources, Span};

pub use diagnostics::{masked_diagnostic, without_citations};
pub use labels::{TargetSecrets, masked_label};

use self::keys::Keys;
use self::narrowed::narrowed;
use self::words::Words;

/// The secret parts of a text.
///
/// ```
/// use promcfg::report::Secrets;
/// let text = "basic_auth:\n  username: me\n  password: hunter2\n";
/// let secrets = Secrets::find(text);
/// assert_eq!(secrets.masked(text, 27..46), "  password: <secret>");
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Secrets {
    ranges: Vec<Range<usize>>,
    words: Words,
    is_recognized: bool,
}

/// The names of keys that were judged, for the parts of a text that have the same ones.
#[derive(Default)]
pub(crate) struct KnownNames(Keys);

/// What is shown instead.
const MASK: &str = "<secret>";

/// The secrets of some lines, which other lines may have under an open name.
#[derive(Default)]
pub(crate) struct MovedSecrets(Words);

impl MovedSecrets {
    /// Those of the hidden parts, but for words that are also in the open part.
    pub(crate) fn of<'h>(hidden: impl Iterator<Item = &'h str>, open: &str) -> Self {
        Self(Words::only_in(hidden, open))
    }

    /// A line without them.
    pub(crate) fn masked<'l>(&self, line: &'l str) -> std::borrow::Cow<'l, str> {
        self.0.masked(line, true)
    }
}

impl Secrets {
    /// Finds the secret parts of `text`, whatever its file is.
    #[must_use]
    pub fn find(text: &str) -> Self {
        Self::in_file("", text)
    }

    /// Finds the secret parts of `text` in a file of that name.
    fn in_file(name: &str, text: &str) -> Self {
        let input = Input::parse(name, text);
        let mut found = tree::secrets_of(&input);
        let mut ranges = found.ranges.clone();
        ranges.extend(found.inner_lines);
        let lines = lines::secret_values(text, &mut Keys::default());
        let lines = if found.is_broken { lines } else { narrowed(text, lines, exact(text, found.exact)) };
        ranges.extend(lines.into_iter().filter(|range| {
            let shown = text.get(range.clone()).unwrap_or("");
            let start = range.start + shown.len() - shown.trim_start().len();
            let end = range.start + shown.trim_end().len();
            !found.references.iter().any(|own| own.start <= start && end <= own.end)
        }));
        ranges.extend(ranges_of_values(text));
        if value::has_secret(text) {
            let (of_objects, texts) = objects::values(&input);
            ranges.extend(of_objects.iter().cloned());
            found.ranges.extend(of_objects);
            found.values.extend(texts);
        }
        let ranges = merged(ranges);
        // Lines are hidden more widely than they must be: of a text that is read as a tree, only what the tree shows can
        // be cited.
        let words = if found.is_broken {
            Words::of(text, &ranges, &ranges, &found.values)
        } else {
            let mut cited = found.ranges;
            cited.extend(credentials::find(text));
            Words::of(text, &ranges, &cited, &found.values)
        };
        Self { ranges, words, is_recognized: recognized::is_recognized(&input) }
    }

    /// The secret bytes of a part of a config that does not depend on the others, and on which they do not. `None` for
    /// one that cannot be read alone.
    pub(crate) fn of_part(text: &str, names: &mut KnownNames) -> Option<Self> {
        let found = tree::of_tree(text, &mut names.0)?;
        let mut ranges = found.ranges;
        let lines = lines::secret_values(text, &mut names.0);
        ranges.extend(narrowed(text, lines, exact(text, found.exact)));
        ranges.extend(ranges_of_values(text));
        Some(Self { ranges: merged(ranges), ..Self::default() })
    }

    /// The secrets of a text of `sources`, found when they are first asked for. A text inside another one is as much
    /// recognized as the outer one.
    pub(crate) fn of(sources: &Sources, file: FileId) -> &Self {
        static NONE: OnceLock<Secrets> = OnceLock::new();
        let found = sources.derived(file, Self::in_file);
        found.unwrap_or_else(|| NONE.get_or_init(Self::default))
    }

    /// Whether nothing in the text is secret.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ranges.is_empty()
    }

    /// Whether the text is recognized as one that Prometheus reads: by its keys it is a config, a part of one, target
    /// groups or a manifest, perhaps with mistakes; or it is empty. Of other files nothing is shown, because a config
    /// can name any file of the machine.
    ///
    /// ```
    /// use promcfg::report::Secrets;
    /// assert!(Secrets::find("scrape_configs: [").is_recognized());
    /// assert!(!Secrets::find("root:x:0:0:root:/root:/bin/bash\n").is_recognized());
    /// ```
    #[must_use]
    pub fn is_recognized(&self) -> bool {
        self.is_recognized
    }

    /// The secret parts, in the order of the text.
    ///
    /// ```
    /// use promcfg::report::Secrets;
    /// assert_eq!(Secrets::find("password: x").ranges(), [10..11]);
    /// ```
    #[must_use]
    pub fn ranges(&self) -> &[Range<usize>] {
        &self.ranges
    }

    /// Whether a text that is to be put into this one has a secret of it, or another one.
    pub(crate) fn is_cited_in(&self, text: &str) -> bool {
        matches!(self.words.masked(text, true), std::borrow::Cow::Owned(_)) || !Self::find(text).is_empty()
    }

    /// Whether a byte of `range` is secret.
    #[must_use]
    pub fn overlaps(&self, range: &Range<usize>) -> bool {
        self.in_range(range).next().is_some()
    }

    /// The part `range` of `text` with `<secret>` in place of each secret. The range should not go
    /// beyond one line.
    #[must_use]
    pub fn masked(&self, text: &str, range: Range<usize>) -> String {
        let mut shown = String::with_capacity(range.len());
        let mut at = range.start;
        for secret in self.in_range(&range) {
            let secret = secret.start.max(range.start)..secret.end.min(range.end);
            shown.push_str(text.get(at..secret.start).unwrap_or(""));
            let hidden = text.get(secret.clone()).unwrap_or("");
            let indent = hidden.len() - hidden.trim_start_matches([' ', '\t']).len();
            shown.push_str(hidden.get(..indent).unwrap_or(""));
            if !hidden.trim().is_empty() {
                shown.push_str(MASK);
            }
            at = secret.end;
        }
        shown.push_str(text.get(at..range.end).unwrap_or(""));
        shown
    }

    /// The part `range` of `text` with every byte of a secret replaced by `*`, so that offsets stay
    /// as they are. Line ends stay.
    #[must_use]
    pub fn starred(&self, text: &str, range: Range<usize>) -> String {
        let mut shown = String::with_capacity(range.len());
        let mut at = range.start;
        for secret in self.in_range(&range) {
            let (start, end) = (secret.start.max(range.start), secret.end.min(range.end));
            shown.push_str(text.get(at..start).unwrap_or(""));
            let hidden = text.as_bytes().get(start..end).unwrap_or(&[]);
            shown.extend(hidden.iter().map(|byte| if byte.is_ascii_whitespace() { char::from(*byte) } else { '*' }));
            at = end;
        }
        shown.push_str(text.get(at..range.end).unwrap_or(""));
        shown
    }

    /// The secrets that are in a range, or partly.
    pub(crate) fn in_range(&self, range: &Range<usize>) -> impl Iterator<Item = &Range<usize>> {
        let first = self.ranges.partition_point(|secret| secret.end <= range.start);
        let end = range.end;
        self.ranges.iter().skip(first).take_while(move |secret| secret.start < end)
    }
}

/// The values whose ends are known: those of a tree, and those in the queries of URLs, comments aside.
fn exact(text: &str, mut of_tree: Vec<Range<usize>>) -> Vec<Range<usize>> {
    let is_in_comment = |range: &Range<usize>| {
        let before = text.get(..range.start).unwrap_or("");
        before.bytes().rev().take_while(|byte| !matches!(byte, b'\n' | b'\r')).any(|byte| byte == b'#')
    };
    of_tree.extend(queries::values(text).into_iter().filter(|range| !is_in_comment(range)));
    of_tree
}

/// The values with the form of credentials.
fn ranges_of_values(text: &str) -> Vec<Range<usize>> {
    let mut ranges = credentials::find(text);
    ranges.extend(value::encoded_values(text));
    ranges
}

/// A value with `<secret>` in place of the parts that have the form of credentials.
///
/// ```
/// use promcfg::report::masked_value;
/// assert_eq!(masked_value("http://me:hunter2@h:80/x"), "http://me:<secret>@h:80/x");
/// assert_eq!(masked_value("10.0.0.1:9100"), "10.0.0.1:9100");
/// ```
#[must_use]
pub fn masked_value(value: &str) -> std::borrow::Cow<'_, str> {
    if !may_have_credentials(value) {
        return value.into();
    }
    let mut ranges = credentials::find(value);
    ranges.extend(assignments::values(value));
    let ranges = merged(ranges);
    if ranges.is_empty() {
        return value.into();
    }
    let secrets = Secrets { ranges, ..Secrets::default() };
    secrets.masked(value, 0..value.len()).into()
}

/// Whether there is something to look for: most values of labels are short words.
fn may_have_credentials(value: &str) -> bool {
    const SHORTEST_WORD: usize = 16;
    value.len() >= SHORTEST_WORD || value.bytes().any(|byte| matches!(byte, b'@' | b'=' | b'/' | b' ' | b'\t'))
}

/// The value of a field as it may be shown: without the secrets in it, which the keys of its path show.
///
/// ```
/// use promcfg::report::masked_field;
/// assert_eq!(masked_field("params.token", "[hunter2]"), "<secret>");
/// assert_eq!(masked_field("static_configs[0].labels", "{api_key: hunter2, env: prod}"), "{api_key: <secret>, env: prod}");
/// assert_eq!(masked_field("scrape_interval", "15s"), "15s");
/// ```
#[must_use]
pub fn masked_field(path: &str, value: &str) -> String {
    masked_below(path.split(['.', '[']).filter(|key| !key.is_empty() && !key.ends_with(']')), value)
}

/// The value of a field below these keys, as it may be shown.
pub(crate) fn masked_below<'k>(keys: impl Iterator<Item = &'k str>, value: &str) -> String {
    let mut text = String::new();
    for (depth, key) in keys.enumerate() {
        text.push_str(&format!("{}{}{key}:", if depth == 0 { "" } else { "\n" }, "  ".repeat(depth)));
    }
    text.push(' ');
    let start = text.len();
    text.push_str(value);
    Secrets::find(&text).masked(&text, start..text.len())
}

/// Sorted, without overlaps, and without those of blanks only at their ends.
fn merged(mut ranges: Vec<Range<usize>>) -> Vec<Range<usize>> {
    ranges.retain(|range| !range.is_empty());
    ranges.sort_by_key(|range| range.start);
    let mut merged: Vec<Range<usize>> = Vec::with_capacity(ranges.len());
    for range in ranges {
        match merged.last_mut() {
            Some(last) if range.start <= last.end => last.end = last.end.max(range.end),
            _ => merged.push(range),
        }
    }
    merged
}

/// The bytes of a span.
fn range_of(span: Span, offset: usize) -> Range<usize> {
    offset + span.start as usize..offset + span.end as usize
}

#[cfg(test)]
mod tests;
