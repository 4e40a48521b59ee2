//! From the place where yaml.v2 stops to the line that is broken, and why.

use crate::text::Span;

use super::super::fault::SyntaxError;
use super::cause::Cause;
use super::extent::{Cut, cut_of, levels_before};
use super::lines::{Line, Lines};

/// The broken place, and what is left out for it.
pub(super) struct Culprit {
    pub(super) span: Span,
    pub(super) cause: Cause,
    pub(super) cut: Cut,
    /// The broken line.
    pub(super) line: usize,
}

/// Lines that are looked at before a fault.
const MOST_LINES: usize = 1_000;
/// Bytes in which a bracket is looked for that closes another one.
const MOST_BYTES: usize = 1 << 14;

/// Finds the line that is broken. `None` when the text has no content there.
pub(super) fn culprit_of(lines: &Lines, fault: &SyntaxError) -> Option<Culprit> {
    let at = lines.number_of(fault.span.start as usize);
    let here = lines.get(at).or_else(|| lines.previous(at))?;
    let context = fault.context.map_or(here.number, |span| lines.number_of(span.start as usize));
    let context = lines.get(context).unwrap_or(here);
    if let Some(line) = [here, context].into_iter().find(|line| line.has_tab) {
        return Some(of_tab(lines, &line));
    }
    if let Some(culprit) = of_open(lines, fault, &here, &context) {
        return Some(culprit);
    }
    Some(match fault.message.as_str() {
        "could not find expected ':'" => of_key(lines, fault, &context),
        "mapping values are not allowed in this context" => of_value(lines, fault, &here),
        "did not find expected key" | "did not find expected '-' indicator" => of_place(lines, fault, &here, &context),
        "did not find expected <document start>" => of_document(lines, fault, &here),
        _ => plain(lines, fault, &context, here.number),
    })
}

/// The entry of a line, at least up to a further line.
fn plain(lines: &Lines, fault: &SyntaxError, line: &Line, at: usize) -> Culprit {
    let cut = own_cut(lines, line);
    let cut = if at >= cut.end_line && at < line.number + 100 && lines.get(at).is_some_and(|line| !line.is_plausible())
    {
        Cut { end: lines.end_of(at), end_line: at + 1, ..cut }
    } else {
        cut
    };
    Culprit { span: fault.span, cause: Cause::Other, cut, line: line.number }
}

/// The entry of a line. Lines that are indented more are part of it, unless it has the form of no entry: then they continue
/// what was open before.
fn own_cut(lines: &Lines, line: &Line) -> Cut {
    let content = lines.text()[line.content..line.end].trim_end();
    let is_name = content.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    let is_entry = line.is_word(lines.text()) && (line.is_plausible() || is_name);
    if is_entry {
        return cut_of(lines, line, line.column(), &[], line.column());
    }
    let levels = levels_before(lines, line.number);
    let cut = cut_of(lines, line, line.column(), &levels, line.column());
    // It may belong to anything that is open there.
    let widest = lines.previous(line.number).map_or(0, |before| before.column()).max(cut.column);
    Cut { column: widest, outer_column: widest, ..cut }
}

/// All lines with tabs in their indentation, one after the other.
fn of_tab(lines: &Lines, line: &Line) -> Culprit {
    let mut last = *line;
    while let Some(next) = lines.next(last.number).filter(|next| next.has_tab) {
        last = next;
    }
    let indentation = &lines.text()[line.start..line.first];
    let tab = line.start + indentation.find('\t').unwrap_or(0);
    // Nobody knows how wide a tab is: the line may belong to everything that is open.
    let column = lines.previous(line.number).map_or(0, |before| before.column() + 1);
    let cut = Cut { start: line.start, end: last.end, column, outer_column: column, end_line: last.number + 1 };
    Culprit { span: Span::new(tab, tab + 1), cause: Cause::Tab, cut, line: line.number }
}

/// A quote or bracket that is not closed on its line, where the next line begins an entry or item of its own.
fn of_open(lines: &Lines, fault: &SyntaxError, here: &Line, context: &Line) -> Option<Culprit> {
    let is_end = fault.message == "found unexpected end of stream";
    let is_cause = |line: &Line| {
        line.open.is_some_and(|open| {
            lines.next(line.number).is_none_or(|next| next.is_plausible() && next.indent() <= line.column())
                && !lines.is_closed_later(open, MOST_BYTES)
        })
    };
    let before = || {
        let first = here.number.saturating_sub(MOST_LINES);
        (first..=here.number).rev().filter_map(|number| lines.get(number)).find(is_cause)
    };
    let line = if is_end && context.open.is_some() { *context } else { before()? };
    let open = line.open?;
    let cause = match open.sign {
        b'[' => Cause::OpenBracket { closing: ']' },
        b'{' => Cause::OpenBracket { closing: '}' },
        _ => Cause::OpenQuote,
    };
    let cut = cut_of(lines, &line, line.column(), &[], line.column());
    Some(Culprit { span: Span::new(open.at, open.at + 1), cause, cut, line: line.number })
}

/// A key without a colon.
fn of_key(lines: &Lines, fault: &SyntaxError, line: &Line) -> Culprit {
    let cut = own_cut(lines, line);
    if line.key.is_some() {
        return Culprit { span: fault.span, cause: Cause::Other, cut, line: line.number };
    }
    Culprit { span: word_of(lines, line), cause: Cause::MissingColon, cut, line: line.number }
}

/// The first word of a line's content.
fn word_of(lines: &Lines, line: &Line) -> Span {
    let content = &lines.text()[line.content..line.end];
    let length = content.find([' ', '\t']).unwrap_or(content.len());
    Span::new(line.content, line.content + length)
}

/// A colon where none may be: of a value with a colon, after a key without one, or on a line that is indented too much.
fn of_value(lines: &Lines, fault: &SyntaxError, here: &Line) -> Culprit {
    let has_key_before = here.key.is_none_or(|key| key.end < fault.span.start);
    if let Some((item, column)) = misplaced_item(lines, here).filter(|_| !has_key_before && !here.is_item()) {
        return indented(lines, fault, &item, column);
    }
    let is_lone = |before: &Line| !here.is_item() || before.key.is_none() && !before.is_item();
    let before = lines.previous(here.number).filter(|before| !has_key_before && is_lone(before));
    let Some(before) = before else { return plain(lines, fault, here, here.number) };
    if before.key.is_none() && before.indent() <= here.indent() {
        let cut = own_cut(lines, &before);
        return Culprit { span: word_of(lines, &before), cause: Cause::MissingColon, cut, line: before.number };
    }
    indented(lines, fault, here, before.column())
}

/// A line that is not in the column of its neighbors.
fn indented(lines: &Lines, fault: &SyntaxError, line: &Line, neighbors: usize) -> Culprit {
    let column = line.indent();
    let mut levels = levels_before(lines, line.number);
    if line.is_item() {
        // All that is indented more than an item is part of it.
        levels.retain(|&(level, _)| level <= column.min(neighbors));
        levels.push((neighbors, true));
    }
    let cut = cut_of(lines, line, column.min(neighbors), &levels, column.max(neighbors));
    let widest = column.max(neighbors);
    let cut = Cut { column: widest, outer_column: widest, ..cut };
    let cause = Cause::Indentation { column, neighbors };
    Culprit { span: Span::new(line.first, line.first.max(fault.span.start as usize)), cause, cut, line: line.number }
}

/// A line that begins neither an entry nor an item of the collection that is open there.
fn of_place(lines: &Lines, fault: &SyntaxError, here: &Line, context: &Line) -> Culprit {
    let is_at_start = fault.span.start as usize <= here.content;
    if !is_at_start || context.number == here.number {
        return plain(lines, fault, here, here.number);
    }
    if let Some((item, column)) = misplaced_item(lines, here) {
        return indented(lines, fault, &item, column);
    }
    if let Some(culprit) = of_orphans(lines, here) {
        return culprit;
    }
    let levels = levels_before(lines, here.number);
    let is_level = levels.contains(&(here.indent(), here.is_item()));
    let is_like = |level: &&(usize, bool)| level.1 == here.is_item();
    let distance = |level: &&(usize, bool)| level.0.abs_diff(here.indent());
    let nearest = levels.iter().filter(is_like).min_by_key(distance).or_else(|| levels.iter().min_by_key(distance));
    let nearest = nearest.map(|&(column, _)| column);
    match nearest.filter(|_| !is_level) {
        Some(neighbors) if neighbors != here.indent() => indented(lines, fault, here, neighbors),
        _ => plain(lines, fault, here, here.number),
    }
}

/// The item before a line whose entries are not below its own first one, if the items after it are in another column that
/// fits; and that column.
fn misplaced_item(lines: &Lines, here: &Line) -> Option<(Line, usize)> {
    let before = lines.previous(here.number).filter(|before| before.is_item() && before.column() != here.indent())?;
    let mut next = lines.next(here.number)?;
    while next.indent() >= here.indent() {
        next = lines.next(next.number)?;
    }
    let is_beside = next.indent() != before.indent() && next.indent() < before.column();
    let fits = next.is_item() && next.column() == here.indent() && is_beside;
    fits.then_some((before, next.indent()))
}

/// The lines between a key and the first item of its list, which have lost the line with their own dash.
fn of_orphans(lines: &Lines, here: &Line) -> Option<Culprit> {
    let mut first = lines.previous(here.number).filter(|before| here.is_item() && before.indent() > here.indent())?;
    let last = first;
    let parent = loop {
        let before = lines.previous(first.number)?;
        if before.indent() <= here.indent() {
            break before;
        }
        first = before;
    };
    if parent.is_item() || parent.key.is_none() || parent.value.is_some() || first.is_item() {
        return None;
    }
    let column = first.indent();
    let cause = Cause::Indentation { column, neighbors: here.indent() };
    let end_line = lines.end_of_block_text(last.number) + 1;
    let cut = Cut {
        start: first.first,
        end: lines.end_of(end_line - 1),
        column: here.indent(),
        outer_column: here.indent(),
        end_line,
    };
    Some(Culprit { span: Span::new(first.first, first.first), cause, cut, line: first.number })
}

/// Content after the end of the document: the lines before it or those from it on are indented in a wrong way.
fn of_document(lines: &Lines, fault: &SyntaxError, here: &Line) -> Culprit {
    let first = (0..here.number).find_map(|number| lines.get(number)).filter(|first| first.indent() > here.indent());
    let Some(first) = first.filter(|first| here.start - first.start < lines.text().len() - here.start) else {
        return plain(lines, fault, here, here.number);
    };
    let last = lines.previous(here.number).map_or(first.number, |line| line.number);
    let column = here.indent();
    let cut = Cut { start: first.first, end: lines.end_of(last), column, outer_column: column, end_line: last + 1 };
    let cause = Cause::Indentation { column: first.indent(), neighbors: here.indent() };
    Culprit { span: Span::new(first.first, first.first), cause, cut, line: first.number }
}
