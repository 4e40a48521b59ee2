//! From the place where yaml.v2 stops to the line that is broken, and why.

use crate::text::Span;

use super::super::fault::SyntaxError;
use super::cause::Cause;
use super::extent::{Cut, cut_of, levels_before};
use super::lines::{Line, Lines, Open, ends_in_block_header};
use super::sign::{column_after_sign, is_lone_sign, levels_of, stray_line};

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
/// Lines after an open bracket that are looked at.
const MOST_LINES_IN_BRACKETS: usize = 500;

/// Finds the line that is broken. `None` when the text has no content there.
pub(super) fn culprit_of(lines: &Lines, fault: &SyntaxError) -> Option<Culprit> {
    let at = lines.number_of(fault.span.start as usize);
    let here = lines.get(at).or_else(|| lines.previous(at))?;
    let context = fault.context.map_or(here.number, |span| lines.number_of(span.start as usize));
    let context = lines.get(context).unwrap_or(here);
    if let Some(line) = [here, context].into_iter().find(|line| line.has_tab) {
        return Some(of_tab(lines, &line));
    }
    if let Some(culprit) = of_open(lines, fault, &here, &context).or_else(|| of_sign(lines, fault, &here)) {
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
    let has_form = line.is_plausible() || is_name || ends_in_block_header(content);
    if line.is_item() || line.is_word(lines.text()) && has_form {
        return cut_of(lines, line, line.column(), &[], line.column());
    }
    let mut levels = levels_of(lines, line);
    if line.is_word(lines.text()) {
        levels.retain(|&(level, _)| level <= line.column());
    }
    let cut = cut_of(lines, line, line.column(), &levels, line.column());
    // It may belong to anything that is open there.
    let widest = lines.previous(line.number).map_or(0, |before| before.column()).max(cut.column);
    Cut { column: widest, outer_column: widest, ..cut }
}

/// A line with a sign in its indentation.
fn of_sign(lines: &Lines, fault: &SyntaxError, here: &Line) -> Option<Culprit> {
    let line = stray_line(lines, here)?;
    let culprit = plain(lines, fault, &line, line.number);
    let is_inside = fault.span.start as usize >= line.start && fault.span.end as usize <= line.end;
    let span = if is_inside { culprit.span } else { Span::new(line.content, line.content + 1) };
    let is_lone = is_lone_sign(lines, &line);
    let cut = if is_lone { Cut { end: line.end, end_line: line.number + 1, ..culprit.cut } } else { culprit.cut };
    Some(Culprit { span, cut, ..culprit })
}

/// All lines with tabs in their indentation, one after the other, with those that are below them.
fn of_tab(lines: &Lines, line: &Line) -> Culprit {
    let mut last = *line;
    while let Some(next) = lines.next(last.number).filter(|next| next.has_tab) {
        last = next;
    }
    let levels = levels_before(lines, line.number);
    let lowest = levels.iter().map(|&(column, _)| column).min().unwrap_or(0);
    let continues = |next: &Line| next.indent() > lowest && !levels.contains(&(next.indent(), next.is_item()));
    while let Some(next) = lines.next(last.number).filter(|next| next.has_tab || continues(next)) {
        last = next;
    }
    let last = lines.end_of_block_text(last.number);
    let indentation = &lines.text()[line.start..line.first];
    let tab = line.start + indentation.find('\t').unwrap_or(0);
    // Nobody knows how wide a tab is: the line may belong to everything that is open.
    let column = lines.previous(line.number).map_or(0, |before| before.column() + 1);
    let cut = Cut { start: line.start, end: lines.end_of(last), column, outer_column: column, end_line: last + 1 };
    Culprit { span: Span::new(tab, tab + 1), cause: Cause::Tab, cut, line: line.number }
}

/// A quote or bracket that is not closed before the line that begins the next entry or item.
fn of_open(lines: &Lines, fault: &SyntaxError, here: &Line, context: &Line) -> Option<Culprit> {
    let is_end = fault.message == "found unexpected end of stream";
    let of = |line: &Line| left_open(lines, line).map(|(open, next)| (*line, open, next));
    let before = || {
        let first = here.number.saturating_sub(MOST_LINES);
        (first..=here.number).rev().filter_map(|number| lines.get(number)).find_map(|line| of(&line))
    };
    let of_context = || context.open.filter(|_| is_end).map(|open| (*context, open, lines.next(context.number)));
    let (line, open, next) = of_context().or_else(before)?;
    let closing = match line.open {
        Some(first) if first.at != open.at => lines.closing_at(first.at, open.at + 1),
        _ => lines.closing_at(line.value.unwrap_or(open.at), open.at + 1),
    };
    let cause = match (open.sign, closing.chars().nth(1)) {
        (b'[', None) => Cause::OpenBracket { closing: ']' },
        (b'{', None) => Cause::OpenBracket { closing: '}' },
        (b'[' | b'{', _) => Cause::OpenBrackets { closing },
        _ => Cause::OpenQuote,
    };
    let is_after_sign = column_after_sign(lines, &line).is_some_and(|column| line.content == open.at && column > 0);
    let has_form = line.is_item() || line.is_word(lines.text()) && !is_after_sign;
    let levels = if has_form { Vec::new() } else { levels_of(lines, &line) };
    let mut cut = cut_of(lines, &line, line.column(), &levels, line.column());
    if is_lone_sign(lines, &line) {
        let widest = lines.previous(line.number).map_or(0, |before| before.column()).max(line.column());
        cut = Cut { end: line.end, end_line: line.number + 1, column: widest, outer_column: widest, ..cut };
    }
    let last = next.and_then(|next| lines.previous(next.number)).map_or(line.number, |last| last.number);
    if last >= cut.end_line {
        cut = Cut { end: lines.end_of(last), end_line: last + 1, ..cut };
    }
    Some(Culprit { span: Span::new(open.at, open.at + 1), cause, cut, line: line.number })
}

/// What a line leaves open that is not closed before the next entry or item, and the line where that begins.
fn left_open(lines: &Lines, line: &Line) -> Option<(Open, Option<Line>)> {
    let open = line.open?;
    let begins_next = |next: &Line| next.is_plausible() && next.indent() <= line.column();
    if matches!(open.sign, b'\'' | b'"') {
        let next = lines.next(line.number);
        let is_own_line = |next: &Line| begins_next(next) || next.is_plausible() && !lines.ends_as_quoted_text(open);
        return next.as_ref().is_none_or(is_own_line).then_some((open, next));
    }
    let mut next = lines.next(line.number);
    for _ in 0..MOST_LINES_IN_BRACKETS {
        let Some(found) = next.filter(|next| !begins_next(next)) else { break };
        next = lines.next(found.number);
    }
    let end = next.map_or(lines.text().len(), |next| next.start);
    let open = lines.open_before(open.at, end)?;
    let is_entry_in_braces = open.sign == b'{' && next.is_some_and(|next| is_in_braces(lines, &next));
    (!is_entry_in_braces).then_some((open, next))
}

/// Whether a line may be an entry of a mapping in braces: more of the mapping follows it.
fn is_in_braces(lines: &Lines, line: &Line) -> bool {
    let goes_on = || {
        let next = lines.next(line.number);
        next.is_some_and(|next| matches!(lines.text().as_bytes()[next.first], b',' | b'}' | b']'))
    };
    !line.is_item() && (lines.text()[line.start..line.end].trim_end().ends_with([',', '{', '[']) || goes_on())
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
    if let Some(line) =
        [Some(*here), lines.previous(here.number)].into_iter().flatten().find(|line| lacks_space(lines, line))
    {
        let cut = cut_of(lines, &line, line.indent(), &[], line.indent());
        return Culprit { span: Span::new(line.first, line.first + 1), cause: Cause::Other, cut, line: line.number };
    }
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

/// Whether a line begins with a `-` in the column of items, and no space follows.
fn lacks_space(lines: &Lines, line: &Line) -> bool {
    let begins_with_dash = !line.is_item() && lines.text()[line.content..line.end].starts_with('-');
    begins_with_dash && levels_before(lines, line.number).contains(&(line.indent(), true))
}

/// A line that is not in the column of its neighbors.
fn indented(lines: &Lines, fault: &SyntaxError, line: &Line, neighbors: usize) -> Culprit {
    let column = line.indent();
    let mut levels = levels_before(lines, line.number);
    let neighbors = column_of_bare_key(lines, line, &levels).unwrap_or(neighbors);
    levels.retain(|&(level, _)| level <= column.max(neighbors));
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

/// The column of a key without a value, if the items below it show that it is indented too much.
fn column_of_bare_key(lines: &Lines, line: &Line, levels: &[(usize, bool)]) -> Option<usize> {
    let is_bare = !line.is_item() && line.key.is_some() && line.value.is_none();
    let next = lines.next(line.number).filter(|next| is_bare && next.is_item() && next.indent() < line.indent())?;
    let fits = |&&(level, is_item): &&(usize, bool)| !is_item && level <= next.indent();
    levels.iter().filter(fits).map(|&(level, _)| level).max()
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
    if let Some(culprit) = of_orphans(lines, fault, here) {
        return culprit;
    }
    let levels = levels_before(lines, here.number);
    let is_level = levels.contains(&(here.indent(), here.is_item()));
    if let Some(twin) = twin_of(lines, here).filter(|&twin| !is_level && levels.contains(&(twin, true))) {
        let culprit = indented(lines, fault, here, twin);
        let cut = Cut { column: twin, outer_column: twin, ..culprit.cut };
        return Culprit { cut, ..culprit };
    }
    let is_like = |level: &&(usize, bool)| level.1 == here.is_item();
    let distance = |level: &&(usize, bool)| level.0.abs_diff(here.indent());
    let nearest = levels.iter().filter(is_like).min_by_key(distance).or_else(|| levels.iter().min_by_key(distance));
    let nearest = nearest.map(|&(column, _)| column);
    match nearest.filter(|_| !is_level) {
        Some(neighbors) if neighbors != here.indent() => indented(lines, fault, here, neighbors),
        _ => plain(lines, fault, here, here.number),
    }
}

/// The column of the last item before another one that begins with the same key.
fn twin_of(lines: &Lines, item: &Line) -> Option<usize> {
    let key = lines.key_of(item).filter(|_| item.is_item())?;
    let first = item.number.saturating_sub(MOST_LINES);
    let mut before = (first..item.number).rev().filter_map(|number| lines.get(number));
    before.find(|line| line.is_item() && lines.key_of(line) == Some(key)).map(|line| line.indent())
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
fn of_orphans(lines: &Lines, fault: &SyntaxError, here: &Line) -> Option<Culprit> {
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
    if last.number != first.number && last.key.is_some() && last.value.is_none() {
        return Some(indented(lines, fault, &last, here.indent()));
    }
    if last.number != first.number && last.key.is_none() && last.is_word(lines.text()) {
        let cut = cut_of(lines, &last, last.column(), &[], last.column());
        return Some(Culprit { span: word_of(lines, &last), cause: Cause::MissingColon, cut, line: last.number });
    }
    let column = first.indent();
    let cause = if column == here.column() {
        Cause::MissingDash { column: here.indent() }
    } else {
        Cause::Indentation { column, neighbors: here.indent() }
    };
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
