//! Operations on the rules of a generated job, in the object that it is made of: with the object's names of fields, and
//! without the rules that the operator adds.

use crate::config::{RuleAuthor, ScrapeConfig};
use crate::diagnostic::{Diagnostic, ids};
use crate::input::operator::Kind;
use crate::text::{Location, Span};
use crate::yaml::{Node, NodeKind};
use crate::yaml_edit::{Plan, merged_value};

use super::super::objects::Maker;
use super::super::request::refused;
use super::nodes::{Nodes, is_named};
use super::rule::{RuleField, RuleList, Spelling, empty_as_pattern, is_generated};
use super::{Op, rules};

/// Notes an operation down in the document of the object.
pub(in crate::edit) fn note_down<'t>(
    op: &Op,
    plan: &mut Plan<'t>,
    nodes: Nodes<'t>,
    maker: Maker<'t>,
    job: &ScrapeConfig,
) -> Result<(), Diagnostic> {
    nodes.unshared_up(maker.node)?;
    let place = |list: RuleList| Place { nodes, job, list }.of(maker);
    match op {
        Op::AddRule { list, first, rule } => {
            let (owner, key) = place(*list)?;
            rules::add_rule(plan, nodes, owner, key, *first, rule.written(spelling_of(maker.node)))
        }
        Op::AddRules { list, rules } => {
            let (owner, key) = place(*list)?;
            let written = rules.iter().map(|rule| rule.written(spelling_of(maker.node))).collect();
            rules::add_rules(plan, nodes, owner, key, written)
        }
        Op::SetRuleField { list, rule, field, text } => {
            let (owner, key) = place(*list)?;
            let rule = item(nodes, owner, key, index_of(job, *list, *rule)?)?;
            let text = if *field == RuleField::Regex { empty_as_pattern(text) } else { text };
            rules::set_field(plan, nodes, owner, key, rule, (field.key_in_object(), text))
        }
        Op::RenameSource { list, rule, from, to } => {
            let (owner, key) = place(*list)?;
            let rule = item(nodes, owner, key, index_of(job, *list, *rule)?)?;
            rules::rename_source(plan, nodes, owner, key, rule, ("sourceLabels", from, to))
        }
        Op::RemoveRules { list, spans } => {
            let (owner, key) = place(*list)?;
            let own = |span: &Span| item(nodes, owner, key, index_of(job, *list, *span)?);
            let spans = spans.iter().map(own).collect::<Result<Vec<Span>, _>>()?;
            rules::remove_rules(plan, nodes, owner, key, &spans)
        }
        Op::RenameGroupLabel { .. } => Err(refused(
            ids::EDIT_LAYOUT,
            Location::new(job.file, job.job_name.span),
            "labels of static targets are not edited in objects of prometheus-operator",
        )
        .with_help("rename the label in the object by hand")),
        Op::SetGroupLabel { .. } | Op::RemoveGroupLabel { .. } | Op::SplitGroup { .. } => Err(refused(
            ids::EDIT_LAYOUT,
            Location::new(job.file, job.job_name.span),
            "labels of static targets are not edited in objects of prometheus-operator",
        )
        .with_help("use --method relabel")),
    }
}

/// A list of rules of a job, in its object.
struct Place<'p, 't> {
    nodes: Nodes<'t>,
    job: &'p ScrapeConfig,
    list: RuleList,
}

impl<'t> Place<'_, 't> {
    /// The mapping that has the list, and the key of the list.
    fn of(self, maker: Maker<'t>) -> Result<(Node<'t>, &'static str), Diagnostic> {
        let nodes = self.nodes;
        match (maker.kind, self.list) {
            (Kind::Probe, RuleList::Target) => {
                let missing = || {
                    let at = Location::new(self.job.file, self.job.job_name.span);
                    refused(ids::EDIT_LAYOUT, at, "the Probe has neither `targets.staticConfig` nor `targets.ingress`")
                };
                let targets = nodes.value(maker.node, "targets")?.ok_or_else(missing)?;
                for key in ["staticConfig", "ingress"] {
                    if let Some(own) = nodes.value(targets, key)?.filter(|own| own.kind() == NodeKind::Mapping) {
                        return Ok((own, "relabelingConfigs"));
                    }
                }
                Err(missing())
            }
            (_, RuleList::Target) => Ok((maker.node, "relabelings")),
            (_, RuleList::Metric) => Ok((maker.node, "metricRelabelings")),
        }
    }
}

/// The index of a rule of the generated job in the list of the object.
fn index_of(job: &ScrapeConfig, list: RuleList, rule: Span) -> Result<usize, Diagnostic> {
    let at = Location::new(job.file, rule);
    let rules = list.of(job);
    let Some(index) = rules.iter().position(|own| own.span == rule) else {
        return Err(refused(ids::EDIT_LAYOUT, at, "the rule is not found in its list"));
    };
    match author_of(job, list, index) {
        None => Ok(rules[..index].iter().filter(|own| own.author.is_user()).count()),
        Some(author) => Err(refused(ids::EDIT_LAYOUT, at, format!("the rule is not in the object: it is {author}"))),
    }
}

/// Who has written a rule of a generated job; `None` for one of the object.
pub(in crate::edit) fn author_of(job: &ScrapeConfig, list: RuleList, index: usize) -> Option<String> {
    let rules = list.of(job);
    let rule = rules.get(index)?;
    let of_class = || rules[..index].iter().filter(|own| own.author == RuleAuthor::Class).count();
    match rule.author {
        RuleAuthor::User => None,
        RuleAuthor::Fixed => Some(format!("the operator's rule {} of the job", index + 1)),
        RuleAuthor::Class => Some(format!("rule {} of the scrape class", of_class() + 1)),
        RuleAuthor::Enforced => {
            Some("the rule that sets the label that `enforcedNamespaceLabel` of the Prometheus names".to_string())
        }
        RuleAuthor::Sharding => Some("a rule that shares the targets among the shards of the Prometheus".to_string()),
    }
}

/// A rule of a job in words: of the object, or with who has written it.
pub(in crate::edit) fn rule_in_words(job: &ScrapeConfig, list: RuleList, index: usize) -> String {
    let rules = list.of(job);
    match author_of(job, list, index) {
        Some(author) => author,
        None if is_generated(job) => {
            let before = rules.iter().take(index).filter(|own| own.author.is_user()).count();
            let key = match (list, job.job_name.value.starts_with("probe/")) {
                (RuleList::Target, true) => "relabelingConfigs",
                (RuleList::Target, false) => "relabelings",
                (RuleList::Metric, _) => "metricRelabelings",
            };
            format!("{key}[{before}]")
        }
        None => format!("{}[{index}]", list.key()),
    }
}

/// The bytes of a rule of the list.
fn item(nodes: Nodes<'_>, owner: Node<'_>, key: &str, index: usize) -> Result<Span, Diagnostic> {
    let list = owner
        .entries()
        .find(|(name, _)| is_named(*name, key))
        .map(|(_, list)| list.resolved())
        .or_else(|| merged_value(owner, key).map(Node::resolved));
    let item = list.and_then(|list| list.items().nth(index));
    let missing = || {
        let at = Location::new(nodes.file, owner.full_span());
        refused(ids::EDIT_LAYOUT, at, format!("`{key}` is not written in the object itself"))
    };
    item.map(|item| item.resolved().full_span()).ok_or_else(missing)
}

/// How the rules of an object are written: its actions may begin with capital letters.
fn spelling_of(maker: Node<'_>) -> Spelling {
    const DEEPEST: usize = 4;
    fn has_capital(node: Node<'_>, depth: usize) -> bool {
        let is_action = |(key, value): (Node<'_>, Node<'_>)| {
            key.value() == "action" && value.value().starts_with(|first: char| first.is_ascii_uppercase())
        };
        depth <= DEEPEST
            && (node.entries().any(is_action)
                || node.entries().any(|(_, value)| has_capital(value, depth + 1))
                || node.items().any(|item| has_capital(item, depth + 1)))
    }
    Spelling::Object { has_capitals: has_capital(maker, 0) }
}
