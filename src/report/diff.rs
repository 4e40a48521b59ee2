//! A change of a text as a unified diff.

use std::borrow::Cow;
use std::cell::Cell;
use std::ops::Range;

use crate::edit::FileChange;
use crate::options::{Executor, InOrder};
use crate::secrets::MovedSecrets;
use crate::text::{Edits, LineIndex, command_start, obeyed, shortened};

use super::look::Look;
use super::shown_secrets::ShownSecrets;

/// Lines around a change.
const CONTEXT: usize = 3;
/// Of a line with more characters, only the beginning is shown, with its length.
const LONGEST_LINE: usize = 5_000;

/// Lines of the old text, and what stands in their place in the new one. Lines count from 0.
struct Block {
    old: Range<usize>,
    new: Range<usize>,
}

/// Why a diff cannot be applied. Of several reasons the last one counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
enum Shown {
    /// It can be applied.
    #[default]
    AsWritten,
    /// A line is cut, or a character or the name of the file is replaced.
    Changed,
    /// A secret is hidden.
    Masked,
}

impl Shown {
    /// The first line of a diff that cannot be applied.
    fn heading(self) -> Option<&'static str> {
        match self {
            Self::AsWritten => None,
            Self::Changed => Some("lines are shortened or escaped: this diff is not a patch"),
            Self::Masked => Some("secrets are hidden: this diff is not a patch"),
        }
    }
}

/// A diff, and whether something is hidden in it.
pub(super) struct Diff {
    pub(super) text: String,
    pub(super) is_masked: bool,
}

/// A unified diff of `before` and what `edits` make of it, with `<secret>` in the place of secrets.
/// Empty when nothing changes. Where a secret is hidden, a line is cut or a character is replaced, the first line says
/// that the diff is not a patch.
///
/// ```
/// use promcfg::report::{Look, unified_diff};
/// use promcfg::text::{Edits, Span};
/// let edits = Edits::new(vec![(Span::new(2, 3), "B".into())]).unwrap();
/// let diff = unified_diff("x.yml", "a\nb\n", &edits, Look::default());
/// assert_eq!(diff, "--- x.yml\n+++ x.yml\n@@ -1,2 +1,2 @@\n a\n-b\n+B\n");
/// ```
#[must_use]
pub fn unified_diff(name: &str, before: &str, edits: &Edits, look: Look) -> String {
    diff_of(name, before, edits, look).text
}

/// The change of a file as [`unified_diff`] shows it. Of a large config, only the jobs that change are looked at for
/// secrets.
///
/// ```
/// use promcfg::{Document, Options};
/// use promcfg::edit::AddLabel;
/// use promcfg::report::{Look, diff_of_change};
/// let add = AddLabel { name: "env".into(), value: "x".into(), ..AddLabel::default() };
/// let text = "scrape_configs:\n- job_name: a\n  static_configs:\n  - targets: [h]\n";
/// let change = Document::new("p.yml", text, &Options::default()).add_label(&add)?;
/// let diff = diff_of_change(&change.files[0], Look::default());
/// assert!(diff.ends_with("   - targets: [h]\n+    labels:\n+      env: x\n"), "{diff}");
/// # Ok::<(), promcfg::edit::EditError>(())
/// ```
#[must_use]
pub fn diff_of_change(change: &FileChange, look: Look) -> String {
    diff_of_change_with(change, look, &InOrder)
}

/// As [`diff_of_change`], with the search for secrets on an executor. The diff does not depend on it.
///
/// ```
/// use promcfg::edit::AddLabel;
/// use promcfg::report::{Look, diff_of_change, diff_of_change_with};
/// use promcfg::{Document, InOrder, Options};
/// let add = AddLabel { name: "env".into(), value: "x".into(), ..AddLabel::default() };
/// let text = "scrape_configs:\n- job_name: a\n  static_configs:\n  - targets: [h]\n";
/// let change = Document::new("p.yml", text, &Options::default()).add_label(&add)?;
/// let look = Look::default();
/// assert_eq!(diff_of_change_with(&change.files[0], look, &InOrder), diff_of_change(&change.files[0], look));
/// # Ok::<(), promcfg::edit::EditError>(())
/// ```
#[must_use]
pub fn diff_of_change_with(change: &FileChange, look: Look, executor: &dyn Executor) -> String {
    diff_in_parts(change, look, executor).text
}

/// As [`diff_of_change_with`].
pub(super) fn diff_in_parts(change: &FileChange, look: Look, executor: &dyn Executor) -> Diff {
    diff(&change.name, &change.before, &change.edits, change.cuts.as_deref(), look, executor)
}

/// As [`unified_diff`].
fn diff_of(name: &str, before: &str, edits: &Edits, look: Look) -> Diff {
    diff(name, before, edits, None, look, &InOrder)
}

fn diff(name: &str, before: &str, edits: &Edits, cuts: Option<&[u32]>, look: Look, executor: &dyn Executor) -> Diff {
    let after = edits.apply(before);
    let old_cuts: Option<Vec<usize>> = cuts.map(|cuts| cuts.iter().map(|cut| *cut as usize).collect());
    let new_cuts = old_cuts.as_ref().and_then(|cuts| moved_cuts(cuts, edits));
    let old = Lines::of(before, old_cuts.filter(|_| new_cuts.is_some()));
    let new = Lines::of(&after, new_cuts);
    let blocks = blocks(edits, &old, &new);
    let shown_name = super::shown_path(name);
    let mut shown = if shown_name == name { Shown::AsWritten } else { Shown::Changed };
    let name = shown_name;
    // A name with blanks ends where a tab stands: so `patch` finds the file.
    let name_end = if name.contains(' ') { "\t" } else { "" };
    let mut diff = String::new();
    let hunks = hunks(&blocks);
    old.look_at(hunks.iter().filter_map(|hunk| shown_lines(hunk, &old)), executor);
    new.look_at(blocks.iter().map(|block| block.new.clone()), executor);
    if !hunks.is_empty() {
        let heads = [format!("--- {name}"), format!("+++ {name}")];
        heads.iter().for_each(|head| diff.push_str(&format!("{}{name_end}\n", look.strong(head))));
    }
    hunks.iter().for_each(|blocks| hunk(&mut diff, blocks, &old, &new, look));
    shown = shown.max(old.shown.get()).max(new.shown.get());
    if let Some(heading) = shown.heading().filter(|_| !diff.is_empty()) {
        diff.insert_str(0, &format!("{}\n", look.warn(heading)));
    }
    Diff { text: diff, is_masked: shown == Shown::Masked }
}

/// Where parts of a text begin after edits; `None` if an edit is in more than one of them, or touches the start of one
/// but as the end of the one before.
fn moved_cuts(cuts: &[usize], edits: &Edits) -> Option<Vec<usize>> {
    let mut moved = Vec::with_capacity(cuts.len());
    let (mut edits, mut shift) = (edits.iter().peekable(), 0_isize);
    for &cut in cuts {
        while let Some(edit) =
            edits.peek().filter(|edit| (edit.span.start as usize) < cut || edit.span.end as usize <= cut)
        {
            if edit.span.end as usize > cut || moved.is_empty() {
                return None;
            }
            shift += edit.text.len() as isize - edit.span.len() as isize;
            edits.next();
        }
        moved.push((cut as isize + shift) as usize);
    }
    edits.next().is_none().then_some(moved)
}

/// A text by its lines.
struct Lines<'t> {
    text: &'t str,
    index: LineIndex,
    secrets: ShownSecrets<'t>,
    /// How the lines that were asked for are shown.
    shown: Cell<Shown>,
    count: usize,
}

impl<'t> Lines<'t> {
    fn of(text: &'t str, cuts: Option<Vec<usize>>) -> Self {
        let index = LineIndex::new(text);
        let count = index.line_count() - usize::from(text.is_empty() || text.ends_with(['\n', '\r']));
        Self { text, index, secrets: ShownSecrets::new(text, cuts), shown: Cell::default(), count }
    }

    /// Looks for secrets where these lines are.
    fn look_at(&self, lines: impl Iterator<Item = Range<usize>>, executor: &dyn Executor) {
        self.secrets.look_at(lines.flatten().map(|line| self.range(line).start), executor);
    }

    /// The bytes of a line, its line end not included.
    fn range(&self, line: usize) -> Range<usize> {
        self.index.line_range(self.text, line + 1)
    }

    fn get(&self, line: usize) -> &'t str {
        &self.text[self.range(line)]
    }

    /// Whether a line has a line end: all have, but perhaps the last one.
    fn has_end(&self, line: usize) -> bool {
        line + 1 < self.count || self.text.ends_with(['\n', '\r'])
    }

    /// A carriage return that belongs to the line end: without it, the diff would not apply.
    fn carriage_return(&self, line: usize) -> &'static str {
        if self.text[self.range(line).end..].starts_with("\r\n") { "\r" } else { "" }
    }

    /// Notes that a line is not shown as it is written.
    fn note(&self, shown: Shown) {
        self.shown.set(self.shown.get().max(shown));
    }

    /// A line after its sign, harmless and not too long.
    fn line(&self, sign: char, line: usize) -> String {
        let range = self.range(line);
        if is_plain(&self.text[range.clone()]) && !self.secrets.overlaps(&range) {
            return format!("{sign}{}", &self.text[range]);
        }
        let whole = format!("{sign}{}", self.harmless(line));
        let shown = shortened(&whole, LONGEST_LINE);
        if shown.len() != whole.len() {
            self.note(Shown::Changed);
        }
        let mut shown = shown.into_owned();
        // After a blank, a line of the file would be a command of a forge.
        if let Some(at) = command_start(&shown) {
            shown.replace_range(at..=at, "?");
            self.note(Shown::Changed);
        }
        shown
    }

    /// The same without the secrets of other lines, which a new line may have under an open name.
    fn line_without(&self, sign: char, line: usize, moved: &MovedSecrets) -> String {
        let shown = self.line(sign, line);
        match moved.masked(&shown) {
            Cow::Borrowed(_) => shown,
            Cow::Owned(masked) => {
                self.note(Shown::Masked);
                masked
            }
        }
    }

    /// The secrets of some lines.
    fn secrets_of(&self, lines: Range<usize>) -> MovedSecrets {
        let (mut hidden, mut open) = (Vec::new(), String::new());
        for line in lines {
            let range = self.range(line);
            let found = self.secrets.within(&range);
            if !found.is_empty() {
                open.push_str(&self.secrets.masked(range));
                open.push('\n');
            }
            hidden.extend(found);
        }
        MovedSecrets::of(hidden.into_iter(), &open)
    }

    fn harmless(&self, line: usize) -> String {
        let range = self.range(line);
        if self.secrets.overlaps(&range) {
            self.note(Shown::Masked);
        }
        let shown = self.secrets.masked(range);
        let (mark, shown) = match shown.strip_prefix('\u{feff}') {
            Some(rest) if line == 0 => ("\u{feff}", rest),
            _ => ("", &*shown),
        };
        let mut safe = String::with_capacity(shown.len());
        let mut done = 0;
        for (at, character) in obeyed(shown).filter(|(_, character)| *character != '\t') {
            safe.push_str(&shown[done..at]);
            safe.push('?');
            self.note(Shown::Changed);
            done = at + character.len_utf8();
        }
        safe.push_str(&shown[done..]);
        format!("{mark}{safe}")
    }

    /// The line of an offset; behind the last one for the end of the text.
    fn line_of(&self, offset: usize) -> usize {
        (self.index.line_of(offset) - 1).min(self.count)
    }

    fn is_line_start(&self, offset: usize) -> bool {
        offset == 0 || self.text[..offset].ends_with(['\n', '\r'])
    }
}

/// Whether a line without secrets is shown as it is written, as far as can be said without a closer look.
fn is_plain(line: &str) -> bool {
    line.len() < LONGEST_LINE
        && line.bytes().all(|byte| matches!(byte, b' '..=b'~' | b'\t'))
        && !line.as_bytes().windows(2).any(|pair| pair == b"##" || pair == b"::")
}

/// The lines that differ, those that only seem to left out.
fn blocks(edits: &Edits, old: &Lines<'_>, new: &Lines<'_>) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    let mut grown = 0_isize;
    for edit in edits.iter() {
        let (start, end) = (edit.span.start as usize, edit.span.end as usize);
        // What is removed up to a line joins that line to what is before it, unless that ends with a line end.
        let ends_line = edit.text.ends_with('\n') || (edit.text.is_empty() && old.is_line_start(start));
        let is_whole = old.is_line_start(end) && ends_line;
        let (first, last) = (old.line_of(start), old.line_of(end) + usize::from(!is_whole));
        let from = (start as isize + grown) as usize;
        grown += edit.text.len() as isize - (end - start) as isize;
        let to = (end as isize + grown) as usize;
        let of_new = new.line_of(from)..(new.line_of(to) + usize::from(!is_whole)).min(new.count);
        let block = Block { old: first..last.min(old.count), new: of_new };
        match blocks.last_mut().filter(|before| before.old.end >= block.old.start) {
            Some(before) => {
                before.old.end = before.old.end.max(block.old.end);
                before.new.end = before.new.end.max(block.new.end);
            }
            None => blocks.push(block),
        }
    }
    blocks.iter_mut().for_each(|block| trim(block, old, new));
    blocks.retain(|block| !block.old.is_empty() || !block.new.is_empty());
    blocks
}

/// Leaves out the equal lines at both ends of a block.
fn trim(block: &mut Block, old: &Lines<'_>, new: &Lines<'_>) {
    let same = |old_line: usize, new_line: usize| {
        old.has_end(old_line) == new.has_end(new_line) && old.get(old_line) == new.get(new_line)
    };
    while !block.old.is_empty() && !block.new.is_empty() && same(block.old.start, block.new.start) {
        (block.old.start, block.new.start) = (block.old.start + 1, block.new.start + 1);
    }
    while !block.old.is_empty() && !block.new.is_empty() && same(block.old.end - 1, block.new.end - 1) {
        (block.old.end, block.new.end) = (block.old.end - 1, block.new.end - 1);
    }
}

/// Blocks that are shown together, as the lines around them meet.
fn hunks(blocks: &[Block]) -> Vec<&[Block]> {
    let is_near = |one: &Block, next: &Block| next.old.start <= one.old.end + 2 * CONTEXT;
    blocks.chunk_by(is_near).collect()
}

/// The lines of the old text that are shown for some blocks.
fn shown_lines(blocks: &[Block], old: &Lines<'_>) -> Option<Range<usize>> {
    let (first, last) = (blocks.first()?, blocks.last()?);
    Some(first.old.start.saturating_sub(CONTEXT)..(last.old.end + CONTEXT).min(old.count))
}

fn hunk(diff: &mut String, blocks: &[Block], old: &Lines<'_>, new: &Lines<'_>, look: Look) {
    let (Some(first), Some(last)) = (blocks.first(), blocks.last()) else { return };
    let Some(Range { start, end }) = shown_lines(blocks, old) else { return };
    let new_start = first.new.start - (first.old.start - start);
    let new_end = last.new.end + (end - last.old.end);
    let place = |start: usize, end: usize| match end - start {
        0 => format!("{start},0"),
        1 => format!("{}", start + 1),
        count => format!("{},{count}", start + 1),
    };
    let header = format!("@@ -{} +{} @@", place(start, end), place(new_start, new_end));
    diff.push_str(&format!("{}\n", look.name(&header)));
    let none = MovedSecrets::default();
    let mut write = |sign: char, lines: &Lines<'_>, line: usize, moved: &MovedSecrets| {
        let shown = lines.line_without(sign, line, moved);
        let shown = match sign {
            '-' => look.bad(&shown),
            '+' => look.good(&shown),
            _ => shown,
        };
        diff.push_str(&shown);
        diff.push_str(lines.carriage_return(line));
        diff.push('\n');
        if !lines.has_end(line) {
            diff.push_str("\\ No newline at end of file\n");
        }
    };
    let mut at = start;
    for block in blocks {
        let moved = old.secrets_of(block.old.clone());
        (at..block.old.start).for_each(|line| write(' ', old, line, &none));
        block.old.clone().for_each(|line| write('-', old, line, &none));
        block.new.clone().for_each(|line| write('+', new, line, &moved));
        at = block.old.end;
    }
    (at..end).for_each(|line| write(' ', old, line, &none));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Span;

    fn diff(before: &str, edits: &[(usize, usize, &str)]) -> String {
        let edits = edits.iter().map(|&(start, end, text)| (Span::new(start, end), text.to_string()));
        unified_diff("p.yml", before, &Edits::new(edits.collect()).unwrap(), Look::default())
    }

    #[test]
    fn three_lines_around_a_change_are_shown() {
        let before = "1\n2\n3\n4\n5\n6\n7\n8\n9\n";
        let expected = "--- p.yml\n+++ p.yml\n@@ -3,6 +3,7 @@\n 3\n 4\n 5\n+new\n 6\n 7\n 8\n";
        assert_eq!(diff(before, &[(10, 10, "new\n")]), expected);
    }

    /// What a diff makes of a text, as `patch` reads it.
    fn patched(before: &str, diff: &str) -> String {
        let mut old = before.split_inclusive('\n');
        let (mut new, mut at) = (String::new(), 0);
        let mut lines = diff.lines().skip(2).peekable();
        while let Some(line) = lines.next() {
            if let Some(head) = line.strip_prefix("@@ -") {
                let (start, _) = head.split_once([' ', ',']).unwrap();
                let count =
                    head.split_once(' ').and_then(|(old, _)| old.split_once(',')).map_or("1", |(_, count)| count);
                // Before line 3 come two lines; a hunk without old lines comes after the line that it names.
                let first = start.parse::<usize>().unwrap() - usize::from(count != "0");
                (at..first).for_each(|_| new.push_str(old.next().unwrap()));
                at = first;
                continue;
            }
            let ends = lines.next_if(|next| next.starts_with('\\')).is_none();
            let (sign, content) = line.split_at(1);
            let whole = format!("{content}{}", if ends { "\n" } else { "" });
            if sign != "+" {
                assert_eq!(old.next(), Some(whole.as_str()), "{before:?}\n{diff}");
                at += 1;
            }
            if sign != "-" {
                new.push_str(&whole);
            }
        }
        new + &old.collect::<String>()
    }

    #[test]
    fn a_diff_applied_gives_the_new_text() {
        for before in ["[\n  a\n]\n", "a\nb\nc", "\n\na\n", "a"] {
            for start in 0..=before.len() {
                for end in start..=before.len() {
                    for text in ["", "x", "\n", "x\n", "\nx", "]\n"] {
                        let edits = Edits::new(vec![(Span::new(start, end), text.to_string())]).unwrap();
                        let diff = unified_diff("p.yml", before, &edits, Look::default());
                        let after = edits.apply(before);
                        let found = if diff.is_empty() { before.to_string() } else { patched(before, &diff) };
                        assert_eq!(found, after, "{before:?} {start}..{end} {text:?}\n{diff}");
                    }
                }
            }
        }
    }

    #[test]
    fn changes_far_apart_are_hunks_of_their_own() {
        let before: String = (0..20).map(|n| format!("{}\n", n % 10)).collect();
        let expected = "--- p.yml\n+++ p.yml\n@@ -1,4 +1,3 @@\n-0\n 1\n 2\n 3\n@@ -17,4 +16,5 @@\n 6\n 7\n 8\n 9\n+x\n";
        assert_eq!(
            diff(&before, &[(0, 2, ""), (40, 40, "x\n")]),
            expected.replace(" 6\n 7\n 8\n 9", " 7\n 8\n 9").replace("-17,4 +16,5", "-18,3 +17,4")
        );
    }

    #[test]
    fn a_missing_last_line_end_is_said() {
        let expected = "--- p.yml\n+++ p.yml\n@@ -1 +1,2 @@\n-a\n\\ No newline at end of file\n+a\n+b\n\\ No newline at end of file\n";
        assert_eq!(diff("a", &[(1, 1, "\nb")]), expected);
    }

    #[test]
    fn line_ends_and_a_byte_order_mark_are_those_of_the_file() {
        let expected = "--- p.yml\n+++ p.yml\n@@ -1,2 +1,3 @@\n \u{feff}a\r\n+b\r\n c\r\n";
        assert_eq!(diff("\u{feff}a\r\nc\r\n", &[(6, 6, "b\r\n")]), expected);
        let expected = "lines are shortened or escaped: this diff is not a patch\n--- p.yml\n+++ p.yml\n@@ -1 +1,2 @@\n-a?\u{fffd}\n+a?\u{fffd}\n+b?c\n";
        let shown = diff("a\u{7}\u{fffd}", &[(5, 5, "\nb\u{feff}c")]);
        assert_eq!(shown.replace("\\ No newline at end of file\n", ""), expected);
    }

    #[test]
    fn a_name_with_blanks_ends_with_a_tab() {
        let edits = Edits::new(vec![(Span::new(0, 1), "b".to_string())]).unwrap();
        let shown = unified_diff("my jobs/p.yml", "a\n", &edits, Look::default());
        assert_eq!(shown, "--- my jobs/p.yml\t\n+++ my jobs/p.yml\t\n@@ -1 +1 @@\n-a\n+b\n");
    }

    #[test]
    fn a_diff_that_is_not_as_written_is_not_a_patch() {
        let heading = "lines are shortened or escaped: this diff is not a patch\n--- ";
        let long = format!("{}\n", "a".repeat(5_000));
        for before in ["a\u{1b}\n", "::error::x\n", "##[group]\n", long.as_str()] {
            let shown = diff(before, &[(before.len(), before.len(), "b\n")]);
            assert!(shown.starts_with(heading), "{shown:.200}");
            // Of lines that are not shown, nothing is said.
            let far = format!("{before}1\n2\n3\n");
            assert!(diff(&far, &[(far.len(), far.len(), "b\n")]).starts_with("--- "), "{before:.20}");
        }
        let edits = Edits::new(vec![(Span::new(0, 1), "b".to_string())]).unwrap();
        assert!(unified_diff("p\u{1b}.yml", "a\n", &edits, Look::default()).starts_with(heading));
        assert_eq!(unified_diff("p\u{1b}.yml", "a\n", &Edits::default(), Look::default()), "");
    }

    #[test]
    fn a_long_line_is_cut_and_a_command_of_a_forge_is_broken() {
        let shown = diff(&format!("{}\n::error::x\n", "a".repeat(1_000_000)), &[(1_000_001, 1_000_001, "b\n")]);
        let long = format!(" {}… 1,000,001 characters", "a".repeat(4_999));
        assert_eq!(
            shown,
            format!(
                "lines are shortened or escaped: this diff is not a patch\n--- p.yml\n+++ p.yml\n@@ -1,2 +1,3 @@\n{long}\n+b\n ?:error::x\n"
            )
        );
    }

    #[test]
    fn secrets_are_not_shown() {
        let before = "basic_auth:\n  password: hunter2\n";
        let shown = diff(before, &[(12, 12, "  username: me\n")]);
        assert!(shown.contains("+  username: me\n   password: <secret>\n"), "{shown}");
        assert!(shown.starts_with("secrets are hidden: this diff is not a patch\n--- p.yml\n"), "{shown}");
    }
}
