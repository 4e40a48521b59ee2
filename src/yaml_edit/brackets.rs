//! Lists without items that are filled, and lists in brackets that lose all of their items: each undoes the other.
//!
//! What is written says what was there: `[a]` was `[]`, and `[ a ]` was no value at all. Where a list that a mapping or
//! a list in brackets has got with its items looks the same, a blank before the bracket, as in `[a ]`, says that the list
//! was there before them.

use crate::text::{Span, content_end, line_start};
use crate::yaml::{Node, NodeKind};

use super::emit::New;
use super::json::indent_at;
use super::place::{column, is_first_in_line};
use super::plan::{Intent, Obstacle, Plan};
use super::style::Style;

impl<'t> Plan<'t> {
    /// Puts items into a list in brackets that has none, or in the place of a null. A marked list is known by a blank before
    /// its bracket.
    pub(crate) fn fill_list(&mut self, list: Node<'t>, items: Vec<New>, is_marked: bool) {
        let value = New::Row(items);
        let (span, text): (Span, &str) = (list.span(), self.tree.text());
        let inside = text.get(span.start as usize + 1..(span.end as usize).saturating_sub(1)).unwrap_or("");
        let has_blank = inside.ends_with(' ') && !inside.contains(['\n', '\r']);
        let (at, written) = match list.is_flow() {
            true if is_marked || has_blank => {
                let whole = Span::new(span.start as usize + 1, span.end as usize - 1);
                (whole, format!("{}{inside} ", self.inner_of(list, &value)))
            }
            false if span.is_empty() && !self.is_json() => (span, format!(" [ {} ]", self.inner_of(list, &value))),
            false if is_marked => (span, format!("[{} ]", self.inner_of(list, &value))),
            true | false => return self.fill(list, value),
        };
        self.replacements.push((at, written));
        self.intend(list, Intent::Becomes { value });
    }

    /// Writes a list on lines in the place of an empty one in brackets that is the whole text. Whether it has place for it.
    pub(crate) fn fill_root_with_lines(&mut self, list: Node<'t>, items: &[New], style: Style) -> bool {
        let (span, text): (Span, &str) = (list.span(), self.tree.text());
        let (start, end) = (span.start as usize, span.end as usize);
        let is_alone = is_first_in_line(text, start) && text[end..content_end(text, end)].trim().is_empty();
        let is_bare = list.anchor().is_none() && list.tag().is_none() && list.parent().is_none();
        if self.is_json() || !is_alone || !is_bare || !list.is_flow() || text[span.range()].contains('#') {
            return false;
        }
        let indent = " ".repeat(column(text, start));
        let lines: Vec<String> = items.iter().flat_map(|item| item.item_lines(style)).collect();
        self.replacements.push((span, lines.join(&format!("{}{indent}", style.line_end))));
        self.intend(list, Intent::Becomes { value: New::List(items.to_vec()) });
        true
    }

    /// What is between the brackets of a value in the place of a list.
    fn inner_of(&self, list: Node<'t>, value: &New) -> String {
        let written = self.json.as_ref().map_or_else(|| value.flow(), |json| json.in_place_of(list, value));
        written.get(1..written.len() - 1).unwrap_or("").to_string()
    }

    /// Takes all items out of a list in brackets: what was there before [`fill_list`](Self::fill_list) is left.
    pub(crate) fn empty_list(&mut self, list: Node<'t>) -> Result<(), Obstacle> {
        let items: Vec<Node<'t>> = list.items().collect();
        let all = || items.iter().map(|item| item.id()).collect::<Vec<_>>();
        let (Some((before, after)), Some(first), Some(last)) = (around_items(list), items.first(), items.last()) else {
            return Err(Obstacle::Layout(list.span()));
        };
        let (start, end) = (list.span().start as usize, list.span().end as usize);
        let text: &str = self.tree.text();
        if self.is_json() && !before.is_empty() {
            self.replacements.push((Span::new(start + 1, end - 1), String::new()));
            items.iter().for_each(|item| self.intend(list, Intent::Without { child: item.id() }));
            return Ok(());
        }
        let is_of_lines = before.contains(['\n', '\r']) || before.contains('#') || after.contains('#');
        if is_of_lines {
            return self.remove_elements(list, &all());
        }
        let is_bare = list.anchor().is_none()
            && list.tag().is_none()
            && list.parent().is_some_and(|parent| {
                parent.kind() == NodeKind::Mapping && parent.entries().any(|(_, value)| value.id() == list.id())
            });
        let (from, to) = (first.full_span().start as usize, last.full_span().end as usize);
        self.without_comments_of(Span::new(from, to));
        if is_bare && before == " " && after == " " && text[..start].ends_with(": ") {
            // With the colon, so that a comment in this line is known to stay after the key.
            self.replacements.push((Span::new(start - 2, end), ":".to_string()));
            self.intend(list, Intent::Becomes { value: New::Bare(String::new()) });
            return Ok(());
        }
        // A comma at the end goes with the items, and so does the mark.
        let rest = after.trim_start_matches([' ', '\t', '\r', '\n']).strip_prefix(',').unwrap_or(after);
        let rest = if is_marked(list) { rest.strip_suffix(' ').unwrap_or(rest) } else { rest };
        self.replacements.push((Span::new(start + 1, end - 1), rest.to_string()));
        items.iter().for_each(|item| self.intend(list, Intent::Without { child: item.id() }));
        Ok(())
    }
}

/// Whether a list in brackets is marked as one that was there before its items.
pub(crate) fn is_marked(list: Node<'_>) -> bool {
    let Some((before, after)) = around_items(list) else { return false };
    let text: &str = list.tree().text();
    if !after.contains(['\n', '\r']) {
        let blanks = after.len() - after.trim_end_matches(' ').len();
        return !before.contains(['\n', '\r']) && blanks > before.len();
    }
    let bracket = list.span().end as usize - 1;
    let indent = indent_at(text, list.span().start as usize);
    text.get(line_start(text, bracket)..bracket) == Some(&format!("{indent} "))
}

/// What is between the opening bracket of a list and its first item, and between the last item and the closing one.
fn around_items(list: Node<'_>) -> Option<(&str, &str)> {
    let text: &str = list.tree().text();
    let (first, last) = (list.items().next()?, list.items().last()?);
    let span = list.span();
    let before = text.get(span.start as usize + 1..first.full_span().start as usize)?;
    let after = text.get(last.full_span().end as usize..(span.end as usize).checked_sub(1)?)?;
    list.is_flow().then_some((before, after))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::yaml::Tree;
    use crate::yaml_edit::prove;

    fn list_of(tree: &Tree) -> Node<'_> {
        tree.root().unwrap().entries().next().unwrap().1
    }

    fn filled(text: &str, is_marked: bool) -> String {
        let tree = Tree::parse(text);
        let mut plan = Plan::new(&tree);
        plan.fill_list(list_of(&tree), vec![New::text("x")], is_marked);
        prove(&plan).unwrap().0.apply(text)
    }

    fn emptied(text: &str) -> String {
        let tree = Tree::parse(text);
        let mut plan = Plan::new(&tree);
        plan.empty_list(list_of(&tree)).unwrap();
        prove(&plan).unwrap().0.apply(text)
    }

    #[test]
    fn a_list_that_is_filled_and_emptied_is_as_it_was() {
        for (text, after) in [
            ("a: []\n", "a: [x]\n"),
            ("a: [] # c\nb: 1\n", "a: [x] # c\nb: 1\n"),
            ("a:\nb: 1\n", "a: [ x ]\nb: 1\n"),
            ("a:   # c\nb: 1\n", "a: [ x ]   # c\nb: 1\n"),
            ("a: [ ]\n", "a: [x  ]\n"),
            ("a: [\n  ]\n", "a: [x\n  ]\n"),
            ("a:\n  []\n", "a:\n  [x]\n"),
            ("{a: [], b: 1}\n", "{a: [x], b: 1}\n"),
            ("{\"a\": []}\n", "{\"a\": [\"x\"]}\n"),
            ("{\n  \"a\": []\n}\n", "{\n  \"a\": [\"x\"]\n}\n"),
        ] {
            assert_eq!(filled(text, false), after);
            assert_eq!(emptied(after), text);
        }
    }

    #[test]
    fn a_mark_is_a_blank_before_the_bracket_and_goes_with_the_items() {
        for (text, after) in
            [("{a: []}\n", "{a: [x ]}\n"), ("{a: [ ]}\n", "{a: [x  ]}\n"), ("{\"a\": []}\n", "{\"a\": [\"x\" ]}\n")]
        {
            assert_eq!(filled(text, true), after);
            assert_eq!(emptied(after), text);
        }
        let is_marked = |text: &str| {
            let tree = Tree::parse(text);
            is_marked(list_of(&tree))
        };
        for (text, expected) in [
            ("{a: [x ]}", true),
            ("{a: [x]}", false),
            ("{a: [ x ]}", false),
            ("a: [\n  x\n]\n", false),
            ("a: [\n  x\n ]\n", true),
            ("a: []\n", false),
        ] {
            assert_eq!(is_marked(text), expected, "{text}");
        }
    }

    #[test]
    fn comments_and_commas_of_the_items_go_with_them() {
        for (text, after) in [
            ("a: [x, y,] # c\n", "a: [] # c\n"),
            ("a: [\n  x, # one\n  y\n] # c\n", "a: [\n] # c\n"),
            ("a: &k [x]\n", "a: &k []\n"),
        ] {
            assert_eq!(emptied(text), after);
        }
    }
}
