//! What goes with an element that leaves its collection: the comments that are attached to it. All others are about the
//! collection or the text, and stay.

use crate::text::{Span, line_start, next_line};
use crate::yaml::{Node, Ownership};

use super::place::{column, comment_column, end_of_lines, is_first_in_line, line_above};

/// An element of a collection, an item or the entry of a value, with the comments that are attached to it: those right above
/// it in its column, those in its line, and all that are in it. Where nothing else is in its lines, these are whole lines.
///
/// A comment above the first element of a text is about the text. One in a line of its own below an element, or parted by an empty
/// line from what is below it, is about the collection.
pub(crate) fn attached(ownership: &Ownership, collection: Node<'_>, element: Node<'_>) -> Span {
    if collection.is_flow() {
        return attached_in_brackets(ownership, element);
    }
    let text: &str = element.tree().text();
    let own = ownership.element(element.id()).span;
    let start = own.start as usize;
    let first = if is_first_in_line(text, start) { first_line_of(collection, start) } else { start };
    // A block scalar at the end of a text goes with all of it.
    let end = end_of_lines(element, column(text, start)).map_or(text.len(), |place| place.at);
    // Empty lines that a block scalar keeps part what is above and below it.
    let content = text[first..end].trim_end_matches([' ', '\t', '\r', '\n']).len();
    Span::new(first, next_line(text, first + content).max(own.start as usize))
}

/// The start of the lines of an element in lines that begins at `start`, from the first of the comments that are attached to it.
pub(super) fn first_line_of(collection: Node<'_>, start: usize) -> usize {
    let text: &str = collection.tree().text();
    let mut first = line_start(text, start);
    let is_first = |own: Node<'_>| own.full_span().start as usize >= start;
    let mut elements = collection.items().chain(collection.entries().map(|(key, _)| key));
    if collection.parent().is_none() && elements.next().is_some_and(is_first) {
        return first;
    }
    let of_element = column(text, start);
    while let Some(above) = line_above(text, first) {
        if comment_column(text, above) != Some(of_element) {
            break;
        }
        first = above;
    }
    first
}

fn attached_in_brackets(ownership: &Ownership, node: Node<'_>) -> Span {
    let text: &str = node.tree().text();
    let element = ownership.element(node.id());
    let mut own = element.span;
    let mut first = line_start(text, own.start as usize);
    for comment in element.leading.iter().rev() {
        let line = line_start(text, comment.start as usize);
        if line_above(text, first) != Some(line) || !is_first_in_line(text, comment.start as usize) {
            break;
        }
        own = own.to(*comment);
        first = line;
    }
    let is_in_line = |comment: &&Span| {
        let between = text.get(element.span.end as usize..comment.start as usize).unwrap_or("");
        !between.contains(['\n', '\r'])
    };
    element.trailing.iter().filter(is_in_line).fold(own, |own, comment| own.to(*comment))
}
