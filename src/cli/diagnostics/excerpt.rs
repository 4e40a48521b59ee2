//! The lines of a file that a diagnostic shows, cut to the width of the terminal.
//!
//! Only these lines are copied, and of a long line only the part around the mark is looked at: a file of one
//! line can have as many findings as one of many lines.

mod line;

use std::ops::Range;

use miette::{LabeledSpan, MietteError, MietteSpanContents, SourceCode, SourceSpan, SpanContents};
use promcfg::Sources;
use promcfg::report::{escape_text, shown_path};
use promcfg::text::{FileId, LineIndex, Location, Position};

use self::line::ShownLine;
use crate::cli::wrap::{width_of, wrap};

/// A place to be marked, with a few words.
#[derive(Clone, Copy, Debug)]
pub(super) struct Mark<'m> {
    pub(super) at: Location,
    pub(super) message: Option<&'m str>,
}

/// How wide lines may be, and the sign where one is cut.
#[derive(Clone, Copy, Debug)]
pub(super) struct Page {
    pub(super) width: Option<usize>,
    pub(super) ellipsis: &'static str,
}

/// Of a place over more lines than this, only the first line is marked.
const MOST_LINES: usize = 6;
/// Lines are cut at this width unless another one is given.
const WIDEST: usize = 400;
/// A line, and the words of a label, always have this many columns.
const NARROWEST: usize = 20;

/// The lines around some marks.
#[derive(Debug)]
pub(super) struct Excerpts {
    name: String,
    blocks: Vec<Block>,
    /// Where marks begin in the blocks, and where in the file.
    places: Vec<(usize, Position)>,
}

/// Consecutive lines.
#[derive(Debug)]
struct Block {
    /// The offset of its text among all blocks.
    start: usize,
    text: String,
    /// The number of its first line, from 1.
    first_line: usize,
}

impl Excerpts {
    /// The lines of `text` (that of `file`, as it may be shown) around `marks`. The first mark is the primary
    /// one; a mark that cannot be shown has no label.
    pub(super) fn of(
        sources: &Sources,
        file: FileId,
        text: &str,
        marks: &[Mark<'_>],
        page: Page,
    ) -> (Self, Vec<Option<LabeledSpan>>) {
        let lines = sources.lines(file);
        let spans: Vec<MarkedLines> = marks.iter().map(|mark| MarkedLines::of(mark.at, text, lines)).collect();
        let name = shown_path(sources.name(file)).into_owned();
        let mut excerpts = Self { name, blocks: Vec::new(), places: Vec::new() };
        let mut labels = vec![None; marks.len()];
        let mut start = 0;
        for block_lines in blocks_of(&spans) {
            let room = room(&spans, &block_lines, page.width);
            let writer = BlockWriter { source: text, lines, spans: &spans, room, ellipsis: page.ellipsis };
            let (block, found) = writer.write(block_lines, start);
            for (index, found) in found.into_iter().enumerate() {
                let Some(found) = found else { continue };
                // The words of a place over several lines follow its bracket.
                let columns = if spans[index].lines.len() > 1 { 0..0 } else { found.columns };
                let message = marks[index].message.map(|message| fitting(message, &columns, room));
                // Words without room are shown elsewhere; the primary place is marked in any case.
                let Some(message) = message.map_or(Some(None), |fits| fits.map(Some).or((index == 0).then_some(None)))
                else {
                    continue;
                };
                excerpts.places.push((found.bytes.start, sources.position(marks[index].at)));
                let span: SourceSpan = (found.bytes.start, found.bytes.len()).into();
                let new = if index == 0 { LabeledSpan::new_primary_with_span } else { LabeledSpan::new_with_span };
                labels[index] = Some(new(message, span));
            }
            start += block.text.len() + 1;
            excerpts.blocks.push(block);
        }
        (excerpts, labels)
    }
}

/// The columns that a line of a block may have beside its number and the brackets of marks over several lines.
fn room(spans: &[MarkedLines], block: &Range<usize>, width: Option<usize>) -> usize {
    let Some(width) = width else { return WIDEST };
    let is_bracketed = |span: &&MarkedLines| block.contains(&span.lines.start) && span.lines.len() > 1;
    let brackets = spans.iter().filter(is_bracketed).count();
    let gutter = block.end.to_string().len() + 4 + if brackets > 0 { brackets + 3 } else { 0 };
    width.saturating_sub(gutter).max(NARROWEST)
}

/// The words of a label in lines that end within `room`; nothing when there is too little.
fn fitting(message: &str, columns: &Range<usize>, room: usize) -> Option<String> {
    let message = escape_text(message);
    // The words follow a hook that begins under the middle of the mark.
    let rest = room.saturating_sub(usize::midpoint(columns.start, columns.end) + 4);
    if width_of(&message) <= rest {
        return Some(message.into_owned());
    }
    (rest >= NARROWEST).then(|| wrap(&message, Some(rest), 0, 0).join("\n"))
}

/// A place with its lines.
#[derive(Debug)]
struct MarkedLines {
    bytes: Range<usize>,
    lines: Range<usize>,
}

impl MarkedLines {
    fn of(at: Location, text: &str, lines: &LineIndex) -> Self {
        let first = lines.line_of(at.span.start as usize);
        let first_line = lines.line_range(text, first);
        let start = (at.span.start as usize).min(first_line.end);
        let marked = text.get(start..(at.span.end as usize).min(text.len())).unwrap_or("").trim_end();
        let end = start + marked.len();
        let last = if end > start { lines.line_of(end - 1).max(first) } else { first };
        if last - first >= MOST_LINES {
            return Self { bytes: start..first_line.end, lines: first..first + 1 };
        }
        Self { bytes: start..end, lines: first..last + 1 }
    }
}

/// The lines to be shown, each mark with the line before it. A gap of one line is filled.
fn blocks_of(spans: &[MarkedLines]) -> Vec<Range<usize>> {
    let around = |span: &MarkedLines| span.lines.start.saturating_sub(1).max(1)..span.lines.end;
    let mut wanted: Vec<Range<usize>> = spans.iter().map(around).collect();
    wanted.sort_by_key(|lines| lines.start);
    let mut blocks: Vec<Range<usize>> = Vec::new();
    for lines in wanted {
        match blocks.last_mut() {
            Some(last) if lines.start <= last.end + 1 => last.end = last.end.max(lines.end),
            _ => blocks.push(lines),
        }
    }
    blocks
}

/// Where a mark is among all blocks, and its columns.
#[derive(Clone, Debug)]
struct Found {
    bytes: Range<usize>,
    columns: Range<usize>,
}

struct BlockWriter<'b> {
    source: &'b str,
    lines: &'b LineIndex,
    spans: &'b [MarkedLines],
    room: usize,
    ellipsis: &'static str,
}

impl BlockWriter<'_> {
    /// The text of some lines, and where in it the marks are that begin and end in these lines.
    fn write(&self, lines: Range<usize>, start: usize) -> (Block, Vec<Option<Found>>) {
        let mut text = String::new();
        let mut begun: Vec<Option<(usize, usize)>> = vec![None; self.spans.len()];
        let mut found: Vec<Option<Found>> = vec![None; self.spans.len()];
        for line in lines.clone() {
            if line > lines.start {
                text.push('\n');
            }
            let (base, shown) = (start + text.len(), self.cut(line));
            for (index, span) in self.spans.iter().enumerate() {
                if span.lines.start == line {
                    begun[index] = shown.place_of(span.bytes.start).map(|(offset, column)| (base + offset, column));
                }
                if span.lines.end == line + 1
                    && let Some((from, column)) = begun[index]
                {
                    let (to, to_column) = shown.end_before(span.bytes.end);
                    found[index] = Some(Found { bytes: from..base + to, columns: column..to_column.max(column) });
                }
            }
            text.push_str(shown.text());
        }
        (Block { start, text, first_line: lines.start }, found)
    }

    /// A line, cut to the room around the first of its marks.
    fn cut(&self, line: usize) -> ShownLine {
        let range = self.lines.line_range(self.source, line);
        let marked = self.spans.iter().find(|span| span.lines.contains(&line)).map(|span| {
            let start = if span.lines.start == line { span.bytes.start } else { range.start };
            let end = if span.lines.end == line + 1 { span.bytes.end } else { range.end };
            start.clamp(range.start, range.end)..end.clamp(range.start, range.end)
        });
        ShownLine::new(self.source, range, marked, self.room, self.ellipsis)
    }
}

impl SourceCode for Excerpts {
    /// With context: the block that the span is in. Without: the place of the mark that begins there.
    fn read_span<'s>(
        &'s self,
        span: &SourceSpan,
        context_lines_before: usize,
        _: usize,
    ) -> Result<Box<dyn SpanContents<'s> + 's>, MietteError> {
        let (start, end) = (span.offset(), span.offset() + span.len());
        let holds = |block: &&Block| block.start <= start && end <= block.start + block.text.len();
        let block = self.blocks.iter().find(holds).ok_or(MietteError::OutOfBounds)?;
        let (data, offset, line, column) = if context_lines_before > 0 {
            (block.text.as_str(), block.start, block.first_line, 1)
        } else {
            let place = self.places.iter().find(|(offset, _)| *offset == start).ok_or(MietteError::OutOfBounds)?;
            let data = block.text.get(start - block.start..end - block.start).ok_or(MietteError::OutOfBounds)?;
            (data, start, place.1.line, place.1.column)
        };
        let count = data.matches('\n').count() + 1;
        let span = (offset, data.len()).into();
        let name = self.name.clone();
        Ok(Box::new(MietteSpanContents::new_named(name, data.as_bytes(), span, line - 1, column - 1, count)))
    }
}
