//! An entry of a mapping that gives way to another one, which gets its comments.

use crate::text::{Span, content_end, line_start, next_line};
use crate::yaml::Node;

use super::attached::attached;
use super::emit::New;
use super::place::{column, is_first_in_line};
use super::plan::{Intent, Obstacle, Plan};
use super::style::Style;

impl<'t> Plan<'t> {
    /// Writes another key with its value in the place of an entry. The comments above the entry and after its key stay
    /// there; those of what is in the value go with it.
    pub(crate) fn exchange_entry(
        &mut self,
        map: Node<'t>,
        (old, of_old): (Node<'t>, Node<'t>),
        (key, value): (&str, New),
        style: Style,
    ) -> Result<(), Obstacle> {
        let text: &str = self.tree.text();
        let extent = attached(&self.ownership(), map, of_old);
        let start = old.full_span().start as usize;
        if map.is_flow() {
            let written = self.entry_in_braces(map, old, key, &value);
            self.without_comments_of(of_old.full_span());
            self.replacements.push((old.full_span().to(of_old.full_span()), written));
        } else {
            let above =
                if is_first_in_line(text, start) { line_start(text, extent.start as usize).min(start) } else { start };
            let end = extent.end as usize;
            let end = if text[..end].ends_with(['\n', '\r']) { end } else { next_line(text, end) };
            let comments = self.comments_with(map, (old, of_old));
            let indent = " ".repeat(column(text, start));
            let behind = comments.behind.map_or(String::new(), |comment| format!(" {}", comment.of(text)));
            let lines = value.entry_lines(key, style).into_iter().enumerate();
            let lines = lines.map(|(line, written)| match line {
                0 => format!("{written}{behind}"),
                _ => format!("{indent}{written}"),
            });
            let mut new = text[above..start].to_string() + &lines.collect::<Vec<_>>().join(style.line_end);
            if text[..end].ends_with(['\n', '\r']) {
                new.push_str(style.line_end);
            }
            self.replacements.push((Span::new(above, end), new));
            self.without_comments_of(extent);
            self.moved_comments.extend(comments.above.into_iter().chain(comments.behind));
        }
        self.intend(map, Intent::Entry { before: Some(old.id()), key: key.to_string(), value });
        self.intend(map, Intent::Without { child: old.id() });
        Ok(())
    }

    /// Writes the comments above an entry that goes, and the one after its key, above another one.
    pub(crate) fn carry_comments(
        &mut self,
        map: Node<'t>,
        old: (Node<'t>, Node<'t>),
        to: Node<'t>,
        style: Style,
    ) -> Result<(), Obstacle> {
        let text: &str = self.tree.text();
        let comments = self.comments_with(map, old);
        let all: Vec<Span> = comments.above.into_iter().chain(comments.behind).collect();
        let start = to.full_span().start as usize;
        if all.is_empty() {
            return Ok(());
        }
        if !is_first_in_line(text, start) {
            return Err(Obstacle::Layout(to.span()));
        }
        let line = line_start(text, start);
        let lines = all.iter().map(|comment| format!("{}{}{}", &text[line..start], comment.of(text), style.line_end));
        let lines = lines.collect();
        self.insert(line, lines);
        self.moved_comments.extend(all);
        Ok(())
    }

    /// Whether an entry has comments that are not those of something in its value.
    pub(crate) fn has_own_comments(&self, map: Node<'t>, entry: (Node<'t>, Node<'t>)) -> bool {
        let Comments { above, behind } = self.comments_with(map, entry);
        !above.is_empty() || behind.is_some()
    }

    /// The comments of an entry that are not those of something in its value.
    fn comments_with(&self, map: Node<'t>, (key, value): (Node<'t>, Node<'t>)) -> Comments {
        let (text, ownership): (&str, _) = (self.tree.text(), self.ownership());
        let (element, extent) = (ownership.element(key.id()), attached(&ownership, map, value));
        let behind = if value.is_flow() {
            let line = content_end(text, value.span().end as usize);
            element.trailing.first().copied().filter(|comment| comment.start as usize <= line)
        } else {
            let end = key.full_span().end as usize;
            let line = content_end(text, end);
            let sign = text[end..line].find(" #").or_else(|| text[end..line].find("\t#"));
            sign.map(|at| Span::new(end + at + 1, line))
        };
        let is_above = |comment: &Span| extent.start <= comment.start && comment.start < key.full_span().start;
        Comments { above: element.leading.iter().copied().filter(is_above).collect(), behind }
    }
}

/// Comments of an entry.
struct Comments {
    above: Vec<Span>,
    behind: Option<Span>,
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::yaml::Tree;
    use crate::yaml_edit::prove;

    fn exchanged(text: &str) -> String {
        let tree = Tree::parse(text);
        let map = tree.root().unwrap();
        let old = map.entries().find(|(key, _)| key.value() == "old").unwrap();
        let mut plan = Plan::new(&tree);
        let new = New::List(vec![New::Map(vec![("x".to_string(), New::Row(vec![New::text("z")]))])]);
        plan.exchange_entry(map, old, ("new", new), Style::of(&tree, map)).unwrap();
        prove(&plan).unwrap().0.apply(text)
    }

    #[test]
    fn comments_of_the_entry_stay_and_those_in_it_go() {
        for (text, after) in [
            (
                "a: 1\n# all\n\nold: # here\n# of b\n- b # one\n# end\nc: 2\n",
                "a: 1\n# all\n\nnew: # here\n- x: [z]\n# end\nc: 2\n",
            ),
            ("old:\n- b\n", "new:\n- x: [z]\n"),
            ("a: 1\nold: [b] # c", "a: 1\nnew: # c\n  - x: [z]"),
            ("{a: 1, old: [b], c: 2}\n", "{a: 1, new: [{x: [z]}], c: 2}\n"),
            ("{\"old\": [1]}\n", "{\"new\": [{\"x\": [\"z\"]}]}\n"),
        ] {
            assert_eq!(exchanged(text), after);
        }
    }

    #[test]
    fn carried_comments_are_above_the_other_entry() {
        let text = "a: 1\n# all\nold: [] # here\n";
        let tree = Tree::parse(text);
        let map = tree.root().unwrap();
        let entries: Vec<_> = map.entries().collect();
        let mut plan = Plan::new(&tree);
        plan.carry_comments(map, entries[1], entries[0].0, Style::of(&tree, map)).unwrap();
        plan.remove_element_of_map(map, entries[1].0).unwrap();
        assert_eq!(prove(&plan).unwrap().0.apply(text), "# all\n# here\na: 1\n");
    }
}
