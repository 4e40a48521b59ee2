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
const MOST_LINES: usize = 5_000;

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
    let cut = cut_of(lines, line, line.column(), &[], line.column());
    let cut = if at >= cut.end_line && at < line.number + 100 && lines.get(at).is_some_and(|line| !line.is_plausible())
    {
        Cut { end: lines.end_of(at), end_line: at + 1, ..cut }
    } else {
        cut
    };
    Culprit { span: fault.span, cause: Cause::Other, cut, line: line.number }
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
        line.open.is_some()
            && lines.next(line.number).is_none_or(|next| next.is_plausible() && next.indent() <= line.column())
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
    let cut = cut_of(lines, line, line.column(), &[], line.column());
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
    let before = lines.previous(here.number).filter(|_| !has_key_before && !here.is_item());
    let Some(before) = before else { return plain(lines, fault, here, here.number) };
    if before.key.is_none() && before.indent() <= here.indent() {
        let cut = cut_of(lines, &before, before.column(), &[], before.column());
        return Culprit { span: word_of(lines, &before), cause: Cause::MissingColon, cut, line: before.number };
    }
    indented(lines, fault, here, before.column())
}

/// A line that is not in the column of its neighbors.
fn indented(lines: &Lines, fault: &SyntaxError, line: &Line, neighbors: usize) -> Culprit {
    let levels = levels_before(lines, line.number);
    let column = line.indent();
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
    let levels = levels_before(lines, here.number);
    let is_level = levels.contains(&(here.indent(), here.is_item()));
    let nearest = levels.iter().map(|&(column, _)| column).min_by_key(|column| column.abs_diff(here.indent()));
    match nearest.filter(|_| !is_level) {
        Some(neighbors) if neighbors != here.indent() => indented(lines, fault, here, neighbors),
        _ => plain(lines, fault, here, here.number),
    }
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
