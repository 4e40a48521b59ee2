//! Edits proved on one item are proved on the whole text, with the same tree, whatever the edits are.

use super::{Items, New, Plan, Style, prove};
use crate::text::Span;
use crate::yaml::{Node, NodeKind, Tree};

/// Numbers that look random, the same in each run.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % end
    }

    fn one_of<'a>(&mut self, texts: &[&'a str]) -> &'a str {
        texts[self.below(texts.len())]
    }
}

/// What an item may have, each with the columns of its keys.
const PARTS: [&str; 12] = [
    "a: x\n",
    "b: 'it''s' # one\n",
    "c: \"x\\ty\"\n",
    "d:\n  - p # two\n  # three\n  - q\n",
    "e: [r, {s: t}] # four\n",
    "f: |\n  text\n\n",
    "g: >-\n  more\n  text\n",
    "# five\n",
    "h:\n",
    "i: x\n  y\n",
    "\n",
    "k: |+\n  kept\n\n",
];
const HEADS: [&str; 4] = ["", "x: 1\n# head\n", "---\n", "\u{feff}x: 1\n"];
const TAILS: [&str; 6] = ["", "\n# end\n", "z: 1\n", "# about z\nz: 1\n", "...\n", "--- # more\na: 1\n"];
/// What is put in at random, and takes the place of as many bytes as it likes.
const NOISE: [&str; 22] = [
    "#", " ", "\n", "- ", "  ", "x", ":", "'", "\"", "[", "]", "{", "}", "|", "\n---\n", "\n...\n", "&a ", "*a", "!t ",
    "\u{feff}", "\n    ", "# y\n",
];

fn list(numbers: &mut Numbers) -> String {
    let mut text = numbers.one_of(&HEADS).to_string();
    text.push_str("list:\n");
    let (outer, inner) = [("", "  "), ("  ", "    "), (" ", "    ")][numbers.below(3)];
    for _ in 0..1 + numbers.below(4) {
        if numbers.below(3) == 0 {
            text.push_str(&format!("{outer}# above\n"));
        }
        let first = format!("{outer}-{}", " ".repeat(inner.len() - outer.len() - 1));
        text.push_str(&format!("{first}n: v\n"));
        for _ in 0..numbers.below(5) {
            let part = numbers.one_of(&PARTS);
            let lines = part.split_inclusive('\n').map(|line| match line {
                "\n" => "\n".to_string(),
                line => format!("{inner}{line}"),
            });
            text.extend(lines);
        }
    }
    text.push_str(numbers.one_of(&TAILS));
    if numbers.below(6) == 0 { text.replace('\n', "\r\n") } else { text }
}

/// An operation on the item, and perhaps noise in or around it.
fn change<'t>(numbers: &mut Numbers, plan: &mut Plan<'t>, item: Node<'t>) {
    let style = Style::of(plan.tree, item);
    let inner = item.entries().find(|(_, value)| value.kind() == NodeKind::Sequence).map(|(_, list)| list);
    let outcome = match (numbers.below(5), inner) {
        (0, Some(list)) => plan.append_item(list, New::text("new"), style),
        (1, Some(list)) => plan.prepend_item(list, New::text("new"), style),
        (2, _) => match item.entries().last() {
            Some((key, _)) => plan.remove_entry(item, key),
            None => Ok(()),
        },
        (3, _) => {
            item.entries().take(1).for_each(|(_, value)| plan.replace(value, "other text"));
            Ok(())
        }
        _ => plan.append_entry(item, "new", New::List(vec![New::text("x y")]), style),
    };
    outcome.unwrap_or(());
    if numbers.below(2) == 0 {
        let text = plan.tree.text();
        let (start, end) = (item.full_span().start as usize, item.full_span().end as usize + 6);
        let at = start + numbers.below(end - start);
        let to = (at + numbers.below(4)).min(text.len());
        if text.is_char_boundary(at.min(text.len())) && text.is_char_boundary(to) && at <= to {
            plan.replace_bytes(Span::new(at, to), numbers.one_of(&NOISE));
        }
    }
}

/// The nodes of an item, each with its bytes counted from its start.
fn nodes_of(tree: &Tree, item: Node<'_>, count: usize) -> Vec<String> {
    let start = item.full_span().start;
    let shown = |node: Node<'_>| {
        let (from, to) = (node.span().start - start, node.span().end - start);
        format!("{:?} {:?} {:?} {from}..{to} {:?}", node.kind(), node.style(), node.value(), node.anchor())
    };
    tree.nodes_from(item.id()).take(count).map(shown).collect()
}

#[test]
fn edits_that_an_item_proves_are_proved_by_the_whole_text_and_have_the_same_tree() {
    let mut numbers = Numbers(7);
    let (mut decided, mut proved) = (0, 0);
    for _ in 0..6_000 {
        let text = list(&mut numbers);
        let tree = Tree::parse(text.as_str());
        let Some(list) = tree.root().and_then(|root| root.entries().find(|(key, _)| key.value() == "list")) else {
            continue;
        };
        let Some(items) = Items::of(list.1) else { continue };
        let index = numbers.below(items.nodes().len());
        let item = items.get(index).unwrap();
        let mut plan = Plan::new(&tree);
        change(&mut numbers, &mut plan, item.node);
        let whole = prove(&plan);
        proved += usize::from(whole.is_ok());
        let Some(edited) = item.prove(&plan) else { continue };
        decided += 1;
        let (edits, new) = whole.unwrap_or_else(|why| panic!("{why:?}: {text:?} {:?}", plan.edits()));
        assert_eq!(edited.edits, edits);
        let (_, new_list) = new.root().unwrap().entries().find(|(key, _)| key.value() == "list").unwrap();
        let (own, in_text) =
            (edited.tree.root().unwrap().items().next().unwrap(), new_list.items().nth(index).unwrap());
        let count = edited.tree.len() - 1;
        assert_eq!(nodes_of(&edited.tree, own, count), nodes_of(&new, in_text, count), "{text:?}");
        assert_eq!(new.len(), tree.len() - item.len() + count, "{text:?}");
    }
    assert!(decided > 1_500 && decided * 10 >= proved * 8, "{decided} of {proved}");
}
