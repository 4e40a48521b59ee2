//! Fixes of relabel rules: fields removed, texts rewritten, fields added. Each is proved on the
//! bytes of its rule alone, so that a large config costs no more than its findings.
//!
//! The result is `None` if an alias or a merge key would carry the change to another place, or if a
//! comment would be lost.

use crate::config::{Origin, RelabelRule, WrittenField};
use crate::diagnostic::{Diagnostic, Fix, Safety};
use crate::text::{Edits, Span};
use crate::yaml::{Node, NodeKind, ScalarStyle, Tree};
use crate::yaml_edit::{New, Plan, Style, prove};

/// A finding with a fix, if there is one.
pub(super) fn attached(finding: Diagnostic, title: &'static str, safety: Safety, edits: Option<Edits>) -> Diagnostic {
    match edits {
        Some(edits) => finding.with_fix(Fix::new(title, safety, edits)),
        None => finding,
    }
}

/// The replacements that remove fields from a rule.
pub(super) fn without_fields(tree: &Tree, rule: &RelabelRule, fields: &[&WrittenField]) -> Option<Edits> {
    if !fields.iter().all(|field| field.origin == Origin::Own) {
        return None;
    }
    let scrap = Fragment::of(tree, rule)?;
    let at_once = scrap.changed(&scrap.tree, |plan, map| {
        fields.iter().try_for_each(|field| {
            let (key, _) = entry(map, field.name)?;
            plan.remove_entry(map, key).ok()
        })
    });
    if let Some((edits, _)) = at_once {
        return scrap.placed(edits.iter().map(|edit| (edit.span, edit.text.clone())).collect());
    }
    // One after the other: two neighbors may share a line.
    let mut last = scrap.tree.clone();
    for field in fields {
        (_, last) = scrap.changed(&last, |plan, map| {
            let (key, _) = entry(map, field.name)?;
            plan.remove_entry(map, key).ok()
        })?;
    }
    scrap.placed(vec![difference(scrap.tree.text(), last.text())])
}

/// The replacement that rewrites the value of a field, in the same quotes if possible.
pub(super) fn with_text(tree: &Tree, rule: &RelabelRule, field: &WrittenField, text: &str) -> Option<Edits> {
    if field.origin != Origin::Own {
        return None;
    }
    let scrap = Fragment::of(tree, rule)?;
    let (_, value) = entry(scrap.map()?, field.name)?;
    let is_plain = value.style() == Some(ScalarStyle::Plain);
    let as_it_is = is_plain.then(|| text.to_string()).filter(|text| !text.is_empty());
    let ways = as_it_is.map(Some).into_iter().chain([None]);
    let (edits, _) = ways.into_iter().find_map(|written| {
        scrap.changed(&scrap.tree, |plan, map| {
            plan.rewrite(entry(map, field.name)?.1, text, written);
            Some(())
        })
    })?;
    scrap.placed(edits.iter().map(|edit| (edit.span, edit.text.clone())).collect())
}

/// The replacement that adds a field to a rule.
pub(super) fn with_field(tree: &Tree, rule: &RelabelRule, key: &str, text: &str) -> Option<Edits> {
    let scrap = Fragment::of(tree, rule)?;
    let style = Style::of(&scrap.tree, scrap.map()?);
    let (edits, _) =
        scrap.changed(&scrap.tree, |plan, map| plan.append_entry(map, key, New::text(text), style).ok())?;
    scrap.placed(edits.iter().map(|edit| (edit.span, edit.text.clone())).collect())
}

/// The replacements of several fixes together; `None` if they overlap.
pub(super) fn together(all: &[Edits]) -> Option<Edits> {
    Edits::new(all.iter().flat_map(Edits::iter).map(|edit| (edit.span, edit.text.clone())).collect())
}

/// A rule cut out of its text: whole lines for block style, else its braces.
struct Fragment {
    tree: Tree,
    start: usize,
}

impl Fragment {
    fn of(tree: &Tree, rule: &RelabelRule) -> Option<Self> {
        let map = tree.nodes_at(rule.span.start).find(|node| node.full_span() == rule.span)?;
        if map.kind() != NodeKind::Mapping || is_shared(map) {
            return None;
        }
        let text: &str = tree.text();
        let own = map.span().range();
        let range = if map.is_flow() {
            own
        } else {
            let start = text[..own.start].rfind(['\n', '\r']).map_or(0, |at| at + 1);
            if !text[start..own.start].trim_matches([' ', '\t', '-']).is_empty() {
                return None;
            }
            start..text[own.end..].find('\n').map_or(text.len(), |at| own.end + at + 1)
        };
        let scrap = Self { start: range.start, tree: Tree::parse(text.get(range)?) };
        (scrap.tree.fault().is_none() && scrap.map().is_some()).then_some(scrap)
    }

    fn map(&self) -> Option<Node<'_>> {
        map_of(&self.tree)
    }

    /// The proved replacements of an operation, and the new tree.
    fn changed(
        &self,
        tree: &Tree,
        operate: impl for<'t> FnOnce(&mut Plan<'t>, Node<'t>) -> Option<()>,
    ) -> Option<(Edits, Tree)> {
        let mut plan = Plan::new(tree);
        operate(&mut plan, map_of(tree)?)?;
        prove(&plan).ok()
    }

    /// The replacements at their places in the whole text.
    fn placed(&self, edits: Vec<(Span, String)>) -> Option<Edits> {
        let place = |span: Span| Span::new(self.start + span.start as usize, self.start + span.end as usize);
        Edits::new(edits.into_iter().map(|(span, text)| (place(span), text)).collect())
    }
}

/// The rule in its fragment, whose lines may contain the dashes of lists.
fn map_of(tree: &Tree) -> Option<Node<'_>> {
    let mut node = tree.root()?;
    while node.kind() == NodeKind::Sequence {
        node = node.items().next()?;
    }
    (node.kind() == NodeKind::Mapping).then_some(node)
}

/// Whether an alias may carry a change elsewhere: the rule, a node around it or a node in it has an anchor.
fn is_shared(map: Node<'_>) -> bool {
    let around = std::iter::successors(Some(map), |node| node.parent());
    let end = map.span().end;
    let mut within = map.tree().nodes_from(map.id()).take_while(|node| node.span().start < end);
    around.into_iter().any(|node| node.anchor().is_some()) || within.any(|node| node.anchor().is_some())
}

fn entry<'t>(map: Node<'t>, name: &str) -> Option<(Node<'t>, Node<'t>)> {
    let mut found = map.entries().filter(|(key, _)| key.value() == name);
    found.next().filter(|_| found.next().is_none())
}

/// The single replacement that turns one text into the other.
fn difference(old: &str, new: &str) -> (Span, String) {
    let same = |pairs: &mut dyn Iterator<Item = (char, char)>| -> usize {
        pairs.take_while(|(one, other)| one == other).map(|(c, _)| c.len_utf8()).sum()
    };
    let start = same(&mut old.chars().zip(new.chars()));
    let (old_rest, new_rest) = (&old[start..], &new[start..]);
    let end = same(&mut old_rest.chars().rev().zip(new_rest.chars().rev()));
    (Span::new(start, old.len() - end), new_rest[..new_rest.len() - end].to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;
    use crate::options::Options;
    use crate::text::Sources;

    /// The rules of a job after a fix of the first one; `None` when there is no fix.
    fn fixed(rules: &str, fix: impl FnOnce(&Tree, &RelabelRule) -> Option<Edits>) -> Option<String> {
        let head = "scrape_configs:\n- job_name: a\n  relabel_configs:";
        let text = format!("{head}{rules}");
        let mut sources = Sources::new();
        let file = sources.add("p.yml", text.as_str());
        let (config, faults) = Config::read(&mut sources, file, &Options::default());
        assert!(faults.is_empty(), "{faults:?}");
        let edits = fix(&Tree::parse(text.as_str()), &config.scrape_configs[0].relabel_configs[0])?;
        Some(edits.apply(&text).strip_prefix(head).expect("the head stays").to_string())
    }

    fn without(rules: &str, names: &[&str]) -> Option<String> {
        fixed(rules, |tree, rule| {
            let fields: Vec<&WrittenField> = names.iter().filter_map(|name| rule.field(name)).collect();
            without_fields(tree, rule, &fields)
        })
    }

    fn rewritten(rules: &str, text: &str) -> Option<String> {
        fixed(rules, |tree, rule| with_text(tree, rule, rule.field("regex")?, text))
    }

    #[test]
    fn fields_are_taken_out_of_rules_in_lines_and_in_braces() {
        let rule =
            "\n  - regex: (.*)\n    separator: ;\n    source_labels: [a]\n    target_label: b\n  - target_label: c\n";
        let left = "\n  - source_labels: [a]\n    target_label: b\n  - target_label: c\n";
        assert_eq!(without(rule, &["regex", "separator"]).as_deref(), Some(left));
        let rule = " [{source_labels: [a], regex: (.*), target_label: b, separator: ;}]";
        assert_eq!(without(rule, &["regex", "separator"]).as_deref(), Some(" [{source_labels: [a], target_label: b}]"));
        let rule = "\n  -\n    source_labels: [a]\n    target_label: b\n    regex: (.*)";
        assert_eq!(without(rule, &["regex"]).as_deref(), Some("\n  -\n    source_labels: [a]\n    target_label: b"));
    }

    #[test]
    fn a_comment_is_never_lost_nor_comes_to_stand_at_something_else() {
        let rule = "\n  - source_labels: [a]\n    regex: (.*) # all\n    target_label: b\n";
        assert_eq!(without(rule, &["regex"]), None);
        let rule = "\n  - source_labels: [a]\n    # all\n    regex: (.*)\n    target_label: b\n";
        assert_eq!(without(rule, &["regex"]), None);
        let rule = "\n  - source_labels: [a] # one\n    regex: (.*)\n    target_label: b # two\n";
        assert_eq!(
            without(rule, &["regex"]).as_deref(),
            Some("\n  - source_labels: [a] # one\n    target_label: b # two\n")
        );
    }

    #[test]
    fn what_an_alias_or_a_merge_key_shares_is_left_alone() {
        for rule in [
            " &list\n  - {source_labels: [a], regex: (.*), target_label: b}\n",
            "\n  - &rule {source_labels: [a], regex: (.*), target_label: b}\n",
            "\n  - {source_labels: [a], regex: &all (.*), target_label: b}\n  - {source_labels: [c], regex: *all, target_label: d}\n",
        ] {
            assert_eq!(without(rule, &["regex"]), None, "{rule}");
        }
    }

    #[test]
    fn a_text_keeps_its_quotes_where_they_can_hold_it() {
        for (old, text, new) in [
            ("'^a$'", "a", "'a'"),
            ("\"^\\\\d$\"", "\\d", "\"\\\\d\""),
            ("^a:(\\d+)?$", "a:(\\d+)?", "a:(\\d+)?"),
            ("^{2}a$", "{2}a", "'{2}a'"),
            ("^a", "", "''"),
            ("'it''s'", "it's.", "'it''s.'"),
        ] {
            let rule = |regex: &str| format!("\n  - source_labels: [a]\n    regex: {regex} # c\n    target_label: b\n");
            assert_eq!(rewritten(&rule(old), text), Some(rule(new)), "{old}");
        }
    }

    #[test]
    fn a_field_goes_behind_the_last_one() {
        let with = |rules: &str| fixed(rules, |tree, rule| with_field(tree, rule, "regex", "(.+)"));
        assert_eq!(
            with("\n  - source_labels: [a]\n    target_label: b # c\n\n  - target_label: d\n").as_deref(),
            Some("\n  - source_labels: [a]\n    target_label: b # c\n    regex: '(.+)'\n\n  - target_label: d\n")
        );
        assert_eq!(
            with(" [{source_labels: [a], target_label: b}]").as_deref(),
            Some(" [{source_labels: [a], target_label: b, regex: '(.+)'}]")
        );
    }
}
