//! Label sets as lines of JSON: one map of names to values a line.

use thiserror::Error;

use super::chain::Chain;
use super::escape::{any, escape, is_plain_text, needs_escape, push_escaped};
use super::json::{decode, explain, parse};
use super::layout::{self, Known, Layout, LineInput, Machine, Place, Sequences, Walk};
use super::names::NameId;
use super::run::{LimitError, Verdict};
use super::set::LabelBuilder;
use super::unescape::{first_special, unescape};
use super::value::Value;

/// Runs a chain on label sets written as JSON objects, one a line.
///
/// The labels are the base of the set, as those of a sample are. Labels with an empty value are absent, of a
/// repeated name the last value counts, and broken surrogates and bytes that are not UTF-8 become U+FFFD: as in
/// Go's `encoding/json`. It keeps its memory from line to line; use one a thread.
///
/// ```
/// use promcfg::Chain;
/// use promcfg::relabel::{LineRelabeler, NameScheme, RuleSpec, Verdict};
/// let rule = RuleSpec { target_label: "env".to_string(), replacement: "prod".to_string(), ..RuleSpec::default() };
/// let chain = Chain::new(&[rule], NameScheme::Utf8).unwrap();
/// let mut relabeler = LineRelabeler::new(&chain);
/// let mut out = String::new();
/// assert_eq!(relabeler.relabel(br#"{"job": "node", "zone": ""}"#, &mut out), Ok(Some(Verdict::Kept)));
/// assert_eq!(out, "{\"env\":\"prod\",\"job\":\"node\"}\n");
/// ```
#[derive(Debug)]
pub struct LineRelabeler {
    chain: Chain,
    sequences: Sequences,
    machine: Machine,
    set: LabelBuilder,
    keys: Keys,
    pairs: Vec<(NameRange, Value)>,
    /// What is made of a line in the general way.
    text: String,
    /// What is made of a line for a caller who wants text.
    bytes: Vec<u8>,
}

/// Bytes of memory that are kept from line to line.
const MAX_KEPT: usize = 1 << 20;

/// Start and end of a name in its line.
type NameRange = (u32, u32);

/// Why a line gives no result.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum LineError {
    /// It is not a JSON object of strings; the reason.
    #[error("not a label map: {0}")]
    NotALabelMap(String),
    /// A rule is more than is computed here.
    #[error(transparent)]
    LimitError(LimitError),
}

impl LineRelabeler {
    /// Prepares for lines to run `chain` on.
    #[must_use]
    pub fn new(chain: &Chain) -> Self {
        Self {
            chain: chain.clone(),
            sequences: Sequences::new(&chain.plan, true),
            machine: Machine::default(),
            set: LabelBuilder::new(),
            keys: Keys::default(),
            pairs: Vec::new(),
            text: String::new(),
            bytes: Vec::new(),
        }
    }

    /// Runs the chain on a line, with or without its line end, and appends what is left to `out`: a JSON object
    /// with sorted names and a line feed, or nothing when a rule dropped the set or the line is blank (`None`).
    ///
    /// # Errors
    /// The line is not a label map, or a rule is beyond a limit. Nothing is appended then.
    pub fn relabel(&mut self, line: &[u8], out: &mut String) -> Result<Option<Verdict>, LineError> {
        let mut bytes = std::mem::take(&mut self.bytes);
        bytes.clear();
        let verdict = self.relabel_into(line, &mut bytes);
        // All of it is text.
        out.push_str(std::str::from_utf8(&bytes).unwrap_or(""));
        bytes.shrink_to(MAX_KEPT);
        self.bytes = bytes;
        verdict
    }

    /// As [`relabel`](Self::relabel), and appends bytes, which are UTF-8.
    ///
    /// ```
    /// use promcfg::Chain;
    /// use promcfg::relabel::{LineRelabeler, NameScheme, Verdict};
    /// let mut relabeler = LineRelabeler::new(&Chain::new(&[], NameScheme::Utf8).unwrap());
    /// let mut out = Vec::new();
    /// assert_eq!(relabeler.relabel_into(br#"{"b": "2", "a": "1"}"#, &mut out), Ok(Some(Verdict::Kept)));
    /// assert_eq!(out, b"{\"a\":\"1\",\"b\":\"2\"}\n");
    /// ```
    ///
    /// # Errors
    /// The line is not a label map, or a rule is beyond a limit. Nothing is appended then.
    pub fn relabel_into(&mut self, line: &[u8], out: &mut Vec<u8>) -> Result<Option<Verdict>, LineError> {
        let line = line.trim_ascii();
        match self.relabel_known(line, out) {
            Ok(verdict) => Ok(Some(verdict)),
            Err(miss) => self.relabel_any(line, miss, out),
        }
    }

    /// Relabels a line with names in a known order.
    #[inline]
    fn relabel_known(&mut self, line: &[u8], out: &mut Vec<u8>) -> Result<Verdict, Miss> {
        if line.len() > layout::MAX_BYTES {
            return Err(Miss::General);
        }
        // Bytes beyond ASCII must be UTF-8, and control characters are not allowed.
        if any(line, |byte| byte.wrapping_sub(b' ') >= 0x60)
            && (any(line, |byte| byte < b' ') || std::str::from_utf8(line).is_err())
        {
            return Err(Miss::General);
        }
        let (layout, is_verbatim) = load(&self.sequences, line, &mut self.machine)?;
        let input = LineInput(line);
        let verdict = self.machine.run(&self.chain.plan, layout, &input).ok_or(Miss::General)?;
        if verdict == Verdict::Kept {
            write_registers(layout, &self.machine, &input, is_verbatim, out).ok_or(Miss::General)?;
        }
        Ok(verdict)
    }

    fn relabel_any(&mut self, line: &[u8], miss: Miss, out: &mut Vec<u8>) -> Result<Option<Verdict>, LineError> {
        let line = decode(line);
        if line.is_empty() {
            return Ok(None);
        }
        let form = self.scan(&line);
        let is_plain = form == Form::Plain;
        if is_plain {
            let Self { set, pairs, .. } = self;
            set.load_base_from(&line, pairs.iter().map(|&(name, value)| (part(&line, name), value)));
        } else {
            let pairs = parse(&line).map_err(|error| LineError::NotALabelMap(explain(&error)))?;
            self.set.load_base(pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())));
        }
        if miss == Miss::Unknown && form != Form::Other {
            learn(&mut self.sequences, &line, &self.pairs);
        }
        let verdict = self.chain.run(&mut self.set).map_err(LineError::LimitError)?;
        if verdict == Verdict::Kept {
            // Of a plain line only what rules wrote can need an escape.
            let is_plain = is_plain && self.set.text.get(line.len()..).is_some_and(is_plain_text);
            let mut text = std::mem::take(&mut self.text);
            text.clear();
            self.write(is_plain, &mut text);
            out.extend_from_slice(text.as_bytes());
            text.shrink_to(MAX_KEPT);
            self.text = text;
        }
        Ok(Some(verdict))
    }

    /// Finds the names and values of a line, if it has the usual form.
    fn scan(&mut self, line: &str) -> Form {
        self.pairs.clear();
        let bytes = line.as_bytes();
        if any(bytes, |byte| byte < b' ') {
            return Form::Other;
        }
        let mut scanner = Scanner { bytes, at: 0, has_escapes: false };
        match scanner.pairs(&mut self.pairs) {
            Some(()) if scanner.has_escapes => Form::Escaped,
            Some(()) => Form::Plain,
            None => Form::Other,
        }
    }

    fn write(&mut self, is_plain: bool, out: &mut String) {
        self.keys.learn(&self.set);
        let Self { set, keys, .. } = self;
        let (text, entries) = set.sorted_entries();
        let mut is_first = true;
        for entry in entries {
            let key = keys.key(entry.name);
            // A key begins with the quote that closes the value before it, and a comma.
            if is_first {
                out.push('{');
                out.push_str(key.get(2..).unwrap_or(""));
            } else {
                out.push_str(key);
            }
            is_first = false;
            let value = text.get(entry.value.range()).unwrap_or("");
            if is_plain {
                out.push_str(value);
            } else {
                push_escaped(value, out);
            }
        }
        out.push_str(if is_first { "{}\n" } else { "\"}\n" });
    }
}

/// Why a line is relabeled in the general way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Miss {
    /// Nothing is known of its names.
    Unknown,
    /// The rules or the line need it.
    General,
}

/// The form of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    /// An object of strings without escapes.
    Plain,
    /// An object of strings, with escapes in some values.
    Escaped,
    /// Anything else that may be an object of strings, or not.
    Other,
}

/// Loads the values of a line. The layout for its names, and whether all values are there as they are in the line.
#[inline]
fn load<'s>(sequences: &'s Sequences, line: &[u8], machine: &mut Machine) -> Result<(&'s Layout, bool), Miss> {
    machine.begin();
    let mut walk = LineWalk { line, at: 0, machine, is_verbatim: true };
    let id = sequences.find(&mut walk).ok_or(Miss::Unknown)?;
    match sequences.known(id) {
        Known::Layout(layout) => Ok((layout, walk.is_verbatim)),
        Known::NoLayout => Err(Miss::General),
        Known::Nothing => Err(Miss::Unknown),
    }
}

/// A line whose values are loaded. A name is known with all that is between it and the values beside it.
struct LineWalk<'l> {
    line: &'l [u8],
    /// Where the last value ends.
    at: usize,
    machine: &'l mut Machine,
    /// Whether all values are not empty, and as they are in the line.
    is_verbatim: bool,
}

impl<'l> LineWalk<'l> {
    #[inline]
    fn rest(&self) -> &'l [u8] {
        self.line.get(self.at..).unwrap_or(&[])
    }
}

impl Walk for LineWalk<'_> {
    #[inline]
    fn take(&mut self, name: &[u8]) -> bool {
        let start = self.at + name.len();
        let Some(value) = self.rest().strip_prefix(name) else { return false };
        let Some(length) = first_special(value) else { return false };
        self.at = start + length;
        let mut place = Place { source: 0, start: start as u32, end: self.at as u32 };
        if value.get(length) == Some(&b'\\') {
            let made = self.machine.made.len();
            let Some(length) = unescape(value, &mut self.machine.made) else { return false };
            self.at = start + length;
            place = self.machine.made_since(made);
            self.is_verbatim = false;
        }
        self.is_verbatim &= !place.is_empty();
        self.machine.load(place);
        true
    }

    #[inline]
    fn is_next(&self, name: &[u8]) -> bool {
        self.rest().starts_with(name)
    }

    #[inline]
    fn is_done(&self) -> bool {
        self.rest() == END
    }
}

/// The end of a line, from the quote after its last value on.
const END: &[u8] = b"\"}";

/// Notes the names of a line.
fn learn(sequences: &mut Sequences, line: &str, pairs: &[(NameRange, Value)]) {
    let ends = std::iter::once(0).chain(pairs.iter().map(|(_, value)| value.range().end));
    let last = pairs.last().and_then(|(_, value)| line.as_bytes().get(value.range().end..));
    if last == Some(END) {
        let bytes = line.as_bytes();
        let names = pairs
            .iter()
            .zip(ends)
            .map(|(&(name, value), end)| (bytes.get(end..value.start as usize).unwrap_or(&[]), part(line, name)));
        sequences.learn(names);
    }
}

/// Writes the labels in the registers as a JSON object and a line feed.
#[inline]
fn write_registers(
    layout: &Layout,
    machine: &Machine,
    input: &LineInput<'_>,
    is_verbatim: bool,
    out: &mut Vec<u8>,
) -> Option<()> {
    let is_plain = !any(&machine.made, needs_escape);
    let before = out.len();
    let (mut rest, mut is_first) = (layout.outputs(), true);
    while let Some((output, others)) = rest.split_first() {
        rest = others;
        let mut place = machine.output(output);
        if place.is_empty() {
            continue;
        }
        if is_verbatim && output.run > 1 {
            // Values that are one after the other in the line, with their keys between them.
            let (copied, others) = others.split_at_checked(output.run as usize - 1)?;
            place.end = copied.last().map_or(place.end, |last| machine.output(last).end);
            rest = others;
        }
        let key = layout.key(output);
        // A key begins with the quote that closes the value before it, and a comma.
        if is_first {
            out.push(b'{');
            out.extend_from_slice(key.get(2..).unwrap_or(&[]));
        } else {
            out.extend_from_slice(key);
        }
        is_first = false;
        let value = machine.bytes(input, place);
        if is_plain || !place.is_made() {
            out.extend_from_slice(value);
        } else {
            let Ok(value) = std::str::from_utf8(value) else {
                out.truncate(before);
                return None;
            };
            escape(value, |part| out.extend_from_slice(part.as_bytes()));
        }
    }
    out.extend_from_slice(if is_first { b"{}\n" } else { b"\"}\n" });
    Some(())
}

/// Label names as keys of JSON objects, by their numbers in a set.
#[derive(Debug, Default)]
struct Keys {
    text: String,
    ends: Vec<usize>,
    epoch: u64,
}

impl Keys {
    /// Adds the names that are new.
    fn learn(&mut self, set: &LabelBuilder) {
        if self.epoch != set.names_epoch() {
            *self = Self { epoch: set.names_epoch(), ..Self::default() };
        }
        for id in self.ends.len()..set.names.len() {
            self.text.push_str("\",\"");
            push_escaped(set.names.text(id as NameId), &mut self.text);
            self.text.push_str("\":\"");
            self.ends.push(self.text.len());
        }
    }

    #[inline]
    fn key(&self, name: NameId) -> &str {
        let start = (name as usize).checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or(0);
        let end = self.ends.get(name as usize).copied().unwrap_or(0);
        self.text.get(start..end).unwrap_or("")
    }
}

fn part(line: &str, (start, end): NameRange) -> &str {
    line.get(start as usize..end as usize).unwrap_or("")
}

/// Reads the usual: an object of strings, without escapes in names.
struct Scanner<'a> {
    bytes: &'a [u8],
    at: usize,
    /// Whether a value has an escape, which is not looked at.
    has_escapes: bool,
}

impl Scanner<'_> {
    fn pairs(&mut self, pairs: &mut Vec<(NameRange, Value)>) -> Option<()> {
        self.expect(b'{')?;
        if self.peek()? == b'}' {
            self.at += 1;
        } else {
            loop {
                let name = self.string()?;
                if self.has_escapes
                    && memchr::memchr(b'\\', self.bytes.get(name.0 as usize..name.1 as usize)?).is_some()
                {
                    return None;
                }
                self.expect(b':')?;
                let (start, end) = self.string()?;
                pairs.push((name, Value { start, length: end - start }));
                match self.peek()? {
                    b',' => self.at += 1,
                    b'}' => break,
                    _ => return None,
                }
            }
            self.at += 1;
        }
        (self.at == self.bytes.len()).then_some(())
    }

    /// The next byte that is not a space.
    #[inline]
    fn peek(&mut self) -> Option<u8> {
        loop {
            match *self.bytes.get(self.at)? {
                b' ' => self.at += 1,
                byte => return Some(byte),
            }
        }
    }

    #[inline]
    fn expect(&mut self, byte: u8) -> Option<()> {
        if self.peek()? != byte {
            return None;
        }
        self.at += 1;
        Some(())
    }

    #[inline]
    fn string(&mut self) -> Option<NameRange> {
        self.expect(b'"')?;
        let start = self.at;
        let mut end = start;
        loop {
            let rest = self.bytes.get(end..)?;
            let special = memchr::memchr2(b'"', b'\\', rest)?;
            end += special;
            if rest.get(special) == Some(&b'"') {
                break;
            }
            self.has_escapes = true;
            end += 2;
        }
        self.at = end + 1;
        Some((u32::try_from(start).ok()?, u32::try_from(end).ok()?))
    }
}

#[cfg(test)]
mod tests;
