//! A fix of a generated config, as one of the object: only of values that are written there as they are generated.

use crate::diagnostic::Fix;
use crate::input::operator::{Data, Paths};
use crate::text::{Edits, FileId, Location, Sources, Span};
use crate::yaml::{Node, NodeKind, PlainValue, Tree};
use crate::yaml_edit::scalar;

/// The fix in the object. `None` if it is about more than values, or a value is written in another way.
pub(super) fn raised_fix(sources: &Sources, file: FileId, paths: &Paths<'_>, fix: &Fix) -> Option<Fix> {
    let mut edits: Vec<(Span, String)> = Vec::new();
    let mut values: Vec<(Location, &str)> = Vec::new();
    let mut whole: Vec<Location> = Vec::new();
    for edit in fix.edits.iter() {
        let at = Location::new(file, edit.span);
        let outer = sources.outermost(at);
        let place = paths.of(outer).filter(|place| !place.object.kind.is_server())?;
        let (Data::Text(old), true) = (&place.value.data, sources.is_written(at)) else { return None };
        if sources.excerpt(outer) == sources.excerpt(at) {
            edits.push((outer.span, edit.text.clone()));
        } else if outer == place.value.at {
            edits.push((outer.span, other_scalar(sources.excerpt(outer), &edit.text)?));
            whole.push(outer);
        } else {
            return None;
        }
        if !values.contains(&(place.value.at, old.as_str())) {
            values.push((place.value.at, old));
        }
    }
    let first = values.first()?.0.file;
    // A value with an anchor may be that of other places, too.
    if values.iter().any(|(at, _)| at.file != first) || sources.text(first).contains('&') {
        return None;
    }
    for (place, old) in values.into_iter().filter(|(place, _)| !whole.contains(place)) {
        let inner: Vec<_> = edits.iter().filter(|(at, _)| place.span.contains(*at)).cloned().collect();
        if !makes_the_value(sources.excerpt(place), place.span.start as usize, old, &inner) {
            return None;
        }
    }
    Some(Fix::new(fix.title.clone(), fix.safety, Edits::new(edits)?))
}

/// The scalar for a new value, in the style of the old one; `None` if it cannot be that in every mapping.
fn other_scalar(old: &str, new: &str) -> Option<String> {
    let tree = Tree::parse(format!("k: {new}\n"));
    let value = tree.root().filter(|_| tree.fault().is_none())?.entries().next().and_then(|(_, node)| text_of(node))?;
    let quoted = old.chars().next().filter(|c| matches!(c, '"' | '\'')).map(|quote| format!("{quote}{value}{quote}"));
    let plain = [value.clone(), scalar(&value)];
    quoted.into_iter().chain(plain).find(|written| is_scalar_of(written, &value))
}

/// Whether a scalar that is edited as it is written gets the value that is edited in the same way.
fn makes_the_value(written: &str, start: usize, old: &str, edits: &[(Span, String)]) -> bool {
    let shifted = |by: usize| {
        let edits = edits.iter().map(|(span, new)| {
            let shift = |at: u32| (at as usize).checked_sub(by);
            Some((Span::new(shift(span.start)?, shift(span.end)?), new.clone()))
        });
        Edits::new(edits.collect::<Option<Vec<_>>>()?)
    };
    let quote = usize::from(written.starts_with(['"', '\'']));
    let (Some(outer), Some(inner)) = (shifted(start), shifted(start + quote)) else { return false };
    let is_in = |edits: &Edits, text: &str| edits.iter().all(|edit| text.get(edit.span.range()).is_some());
    if !is_in(&outer, written) || !is_in(&inner, old) {
        return false;
    }
    let (written, new) = (outer.apply(written), inner.apply(old));
    is_scalar_of(&written, &new)
}

/// Whether it is a scalar with that text in a mapping of either style.
fn is_scalar_of(written: &str, text: &str) -> bool {
    [format!("k: {written}\n"), format!("{{k: {written}, l: m}}\n")].into_iter().all(|mapping| {
        let tree = Tree::parse(mapping);
        let mut entries = tree.root().filter(|_| tree.fault().is_none()).into_iter().flat_map(Node::entries);
        entries.next().is_some_and(|(_, value)| text_of(value).is_some_and(|own| own == text))
    })
}

fn text_of(node: Node<'_>) -> Option<String> {
    match node.read_plain().ok().filter(|_| node.kind() == NodeKind::Scalar)? {
        PlainValue::Text(text) => Some(text.into_owned()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn makes(written: &str, old: &str, from: usize, to: usize, new: &str) -> bool {
        makes_the_value(written, 10, old, &[(Span::new(10 + from, 10 + to), new.to_string())])
    }

    #[test]
    fn a_scalar_gets_another_value_in_its_style() {
        assert_eq!(other_scalar("^pod$", "pod").as_deref(), Some("pod"));
        assert_eq!(other_scalar("\"^pod$\"", "'a|b'").as_deref(), Some("\"a|b\""));
        assert_eq!(other_scalar("^8080$", "'8080'").as_deref(), Some("'8080'"));
        assert_eq!(other_scalar("^8080$", "8080"), None, "a number");
    }

    #[test]
    fn a_scalar_is_edited_where_it_stays_the_scalar_that_is_meant() {
        assert!(makes("^pod$", "^pod$", 0, 1, ""));
        assert!(makes("'^pod$'", "^pod$", 1, 2, ""));
        assert!(makes("a", "a", 0, 1, "b:1"));
        assert!(!makes("^8080", "^8080", 0, 1, ""), "becomes a number");
        assert!(!makes("a", "a", 0, 1, "b, c"), "ends the value in a mapping in braces");
        assert!(!makes("'a'", "a", 1, 2, "it's"), "ends the quotes");
        assert!(!makes("a", "a", 0, 9, ""), "is outside");
    }
}
