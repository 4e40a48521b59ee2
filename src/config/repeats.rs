//! Relabel rules that come again: most rules of a large config are copies, and each is read once.

use rustc_hash::FxHashMap;

use crate::relabel::Semantics;
use crate::text::Span;
use crate::yaml::Node;

use super::types::RelabelRule;
use super::written::WrittenField;

/// The rules of a text without aliases in which nothing is wrong, by their bytes.
#[derive(Default)]
pub(super) struct KnownRules<'t> {
    rules: FxHashMap<&'t str, KnownRule<'t>>,
}

struct KnownRule<'t> {
    item: Node<'t>,
    semantics: Semantics,
    /// Once it has come twice: most rules that come once do not come again.
    rule: Option<RelabelRule>,
}

/// How many rules are kept, and of which length.
const MOST: usize = 2_000;
const LONGEST: usize = 512;

impl<'t> KnownRules<'t> {
    /// The rule that an item is, if one with the same nodes was read.
    pub(super) fn find(&self, item: Node<'t>, semantics: Semantics) -> Option<RelabelRule> {
        let known = self.rules.get(bytes_of(item)?)?;
        let rule = known.rule.as_ref().filter(|_| known.semantics == semantics)?;
        item.is_repetition_of(known.item).then(|| moved(rule, known.item.full_span().start, item.full_span().start))
    }

    /// Notes a rule in which nothing is wrong, and keeps it when it comes again.
    pub(super) fn keep(&mut self, item: Node<'t>, semantics: Semantics, rule: &RelabelRule) {
        let Some(bytes) = bytes_of(item) else { return };
        if let Some(known) = self.rules.get_mut(bytes) {
            *known = KnownRule { item, semantics, rule: Some(rule.clone()) };
        } else if self.rules.len() < MOST {
            self.rules.insert(bytes, KnownRule { item, semantics, rule: None });
        }
    }
}

fn bytes_of<'t>(item: Node<'t>) -> Option<&'t str> {
    item.tree().text().get(item.full_span().range()).filter(|bytes| bytes.len() <= LONGEST)
}

/// The same rule in another place.
fn moved(rule: &RelabelRule, from: u32, to: u32) -> RelabelRule {
    let at = |span: Span| Span { start: span.start - from + to, end: span.end - from + to };
    let field = |field: &WrittenField| WrittenField {
        key: at(field.key),
        value: at(field.value),
        text: field.text.map(at),
        ..*field
    };
    RelabelRule {
        spec: rule.spec.clone(),
        span: at(rule.span),
        fields: rule.fields.iter().map(field).collect(),
        source_spans: rule.source_spans.iter().copied().map(at).collect(),
        is_valid: rule.is_valid,
        author: rule.author,
    }
}

#[cfg(test)]
mod tests {
    use crate::config::shape::Shape;
    use crate::config::{Config, read_jobs};
    use crate::options::Options;
    use crate::text::Sources;
    use crate::yaml::Tree;

    /// Rules alike in their bytes, or nearly so.
    const RULES: [&str; 10] = [
        "{source_labels: [a, b], regex: '(.+)', target_label: x}",
        "{source_labels: [a, b], regex: '(.+)', target_label: x}",
        "{source_labels: [a, b], regex: '(.+)', target_label: y}",
        "{action: labelmap, regex: 'x_(.+)'}",
        "{target_label: a-b, replacement: 'x'}",
        "{target_label: \"a\\x62\", replacement: !!str x}",
        "{action: kep}",
        "{<<: {action: drop}, regex: x, source_labels: [a]}",
        "{regex: 'a\n      b', action: labeldrop}",
        "{action: keep, source_labels: [],}",
    ];

    /// Configs that are read job by job, and as a whole because of an alias, are the same.
    #[test]
    fn rules_that_come_again_are_read_as_by_themselves() {
        for seed in 0..20_usize {
            let job = |at: usize| {
                let scheme =
                    if (at + seed).is_multiple_of(5) { "  metric_name_validation_scheme: legacy\n" } else { "" };
                let rules: String = (0..1 + (at * 7 + seed) % 5)
                    .map(|index| format!("  - {}\n", RULES[(at * 3 + index * (seed + 1)) % RULES.len()]))
                    .collect();
                format!(
                    "- job_name: j{at}\n{scheme}  relabel_configs:\n{rules}  - target_label: z\n    replacement: y\n"
                )
            };
            let text = format!("scrape_configs:\n{}", (0..25).map(job).collect::<String>());
            let read = |text: &str| {
                let (mut sources, tree, options) = (Sources::new(), Tree::parse(text), Options::default());
                let file = sources.add("p.yml", text);
                assert!(tree.fault().is_none(), "{text}");
                read_jobs(Shape::Config, &mut sources, file, &tree, &options, &|_| true)
            };
            let (cut, whole): ((Config, _), (Config, _)) =
                (read(&text), read(&format!("{text}tracing: &t {{endpoint: x}}\nstorage: *t\n")));
            assert_eq!(cut.0.scrape_configs, whole.0.scrape_configs);
            assert!(cut.1.iter().all(|fault| whole.1.contains(fault)), "{text}");
        }
    }

    #[test]
    fn nodes_are_repetitions_only_if_they_are_read_alike() {
        let is_repeated = |text: &str| {
            let tree = Tree::parse(text);
            let mut items = tree.root().expect("is a list").items();
            let (first, last) = (items.next().expect("has items"), items.last().expect("has items"));
            last.is_repetition_of(first)
        };
        assert!(is_repeated("- {a: [b, 'c']}\n- x\n- {a: [b, 'c']}\n"));
        assert!(is_repeated("- a: b\n  c: d\n- a: b\n  c: d\n"));
        for text in [
            "- {a: b}\n- {a: c}\n",
            "- {a: b}\n- {a: bc}\n",
            "- {a: &x b}\n- {a: &x b}\n",
            "- {a: !!str b}\n- {a: !!str b}\n",
            "- {a: \"\\x62\"}\n- {a: \"\\x62\"}\n",
            "- 'a'\n- a\n",
        ] {
            assert!(!is_repeated(text), "{text}");
        }
    }
}
