//! Operations on the list of jobs, in the tree: a job more, or with another name.

use crate::config::ScrapeConfig;
use crate::diagnostic::{Diagnostic, ids};
use crate::relabel::RuleSpec;
use crate::text::{Edits, Location, Span};
use crate::yaml::{NodeKind, Tree};
use crate::yaml_edit::{New, Plan, Style, Template};

use super::super::request::refused;
use super::new::{JobLabel, NewJob};
use super::nodes::{Nodes, is_empty, is_named};
use super::rule::Spelling;
use super::rule::{NewRule, escaped, quote_pattern};
use super::rules;
use super::targets::model_of;

/// Adds a job at the end of the list, or after another one.
pub(super) fn add_job<'t>(
    plan: &mut Plan<'t>,
    nodes: Nodes<'t>,
    job: &NewJob,
    after: Option<&ScrapeConfig>,
) -> Result<(), Diagnostic> {
    let at = Location::new(nodes.file, Span::empty(0));
    let layout = |message: &str, help: &str| refused(ids::EDIT_LAYOUT, at, message).with_help(help);
    let root = nodes.tree.root().filter(|root| matches!(root.kind(), NodeKind::Mapping | NodeKind::Sequence));
    let root = root.ok_or_else(|| layout("the config is empty", "write `scrape_configs: []` into it first"))?;
    let is_one_job = root.kind() == NodeKind::Mapping && root.entries().any(|(key, _)| key.value() == "job_name");
    if is_one_job {
        return Err(layout("the file is the job itself, not a list of jobs", "add the job to another file"));
    }
    let mut values = vec![("job_name", New::text(&job.name))];
    if !job.targets.is_empty() {
        let neighbor = model_of(nodes, None).and_then(|model| model.items().last());
        let all = job.targets.iter().map(|target| plan.like(target, neighbor)).collect();
        values.push(("targets", New::List(all)));
    }
    let new = Template::of(&job.template).in_style_of(plan, &values);
    let new = new.ok_or_else(|| layout("the preset is not a job", ""))?;
    let outcome = match nodes.list_of_jobs(root)? {
        Some(list) if after.is_some_and(|_| !is_empty(list)) => {
            let neighbor = after.map(|after| nodes.item_of_job(after)).transpose()?;
            plan.insert_spaced(list, neighbor, new, Style::of(nodes.tree, list))
        }
        None => plan.append_entry(root, "scrape_configs", New::List(vec![new]), Style::of(nodes.tree, root)),
        Some(list)
            if is_empty(list) && plan.fill_root_with_lines(list, std::slice::from_ref(&new), plan.style(list)) =>
        {
            Ok(())
        }
        Some(list) if is_empty(list) => {
            plan.fill_with_lines(root, list, New::List(vec![new]), Style::of(nodes.tree, root));
            Ok(())
        }
        Some(list) => plan.append_spaced(list, new, Style::of(nodes.tree, list)),
    };
    outcome.map_err(|obstacle| nodes.obstacle(&obstacle))
}

/// A text without nodes, with a job at its end.
pub(super) fn text_with_job(text: &str, job: &NewJob) -> Option<(Edits, Tree)> {
    let line_end = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let is_closed = text.trim_start_matches('\u{feff}').is_empty() || text.ends_with('\n');
    let config = NewJob::alone(&job.template, &job.name, &job.targets)?.replace('\n', line_end);
    let new = format!("{}{config}", if is_closed { "" } else { line_end });
    let edits = Edits::new(vec![(Span::empty(text.len()), new)])?;
    let tree = Tree::parse(edits.apply(text));
    Some((edits, tree))
}

/// Gives a job another name.
pub(super) fn rename_job<'t>(
    plan: &mut Plan<'t>,
    nodes: Nodes<'t>,
    job: &ScrapeConfig,
    name: &str,
    label: JobLabel,
) -> Result<(), Diagnostic> {
    let node = if label == JobLabel::Follows { nodes.job_without(job, "job_name")? } else { nodes.job(job)? };
    let Some(value) = nodes.value(node, "job_name")? else { return Ok(()) };
    plan.rewrite(value, name, None);
    match (label, job.relabel_configs.first()) {
        (JobLabel::IsKept, _) => {
            let rule = keeping_rule(&job.job_name.value, name);
            rules::add_rule(plan, nodes, node, "relabel_configs", true, rule.written(Spelling::Config))
        }
        (JobLabel::WasKept, Some(rule)) => rules::remove_rules(plan, nodes, node, "relabel_configs", &[rule.span]),
        (JobLabel::Follows | JobLabel::WasKept, _) => Ok(()),
    }
}

/// Whether the first rule of a job gives its targets a name as their label `job`, although the job has another one.
pub(in crate::edit) fn keeps_name(job: &ScrapeConfig, name: &str) -> bool {
    job.relabel_configs.first().is_some_and(|rule| rule.spec == keeping_rule(name, &job.job_name.value).spec)
}

/// The rule that gives targets the old name of their job as `job`, unless they have another one.
pub(super) fn keeping_rule(old: &str, new: &str) -> NewRule {
    let spec = RuleSpec {
        source_labels: Some(vec!["job".to_string()]),
        regex: Some(quote_pattern(new)),
        target_label: "job".to_string(),
        replacement: escaped(old),
        ..RuleSpec::default()
    };
    NewRule { spec }
}

/// Writes a job once more, after itself.
pub(super) fn copy_job<'t>(
    plan: &mut Plan<'t>,
    nodes: Nodes<'t>,
    job: &ScrapeConfig,
    name: &str,
) -> Result<(), Diagnostic> {
    let node = nodes.item_of_job(job)?;
    let Some(list) = node.parent().filter(|parent| parent.kind() == NodeKind::Sequence) else {
        let at = Location::new(nodes.file, node.full_span());
        return Err(
            refused(ids::EDIT_LAYOUT, at, "the file is the job itself, not a list of jobs").with_help("copy the file")
        );
    };
    // The name is only read, unless the job has it from a merge key.
    if !node.entries().any(|(key, _)| is_named(key, "job_name")) {
        nodes.value(node, "job_name")?;
    }
    plan.copy_item(list, node, "job_name", name).map_err(|obstacle| nodes.obstacle(&obstacle))
}
