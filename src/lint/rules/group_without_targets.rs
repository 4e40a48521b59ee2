//! A target group that has labels only, because it was written as an item of its own.

use crate::lint::rule::{Check, JobFacts};
use crate::lint::sink::{Sink, in_job};
use crate::yaml::{Node, NodeKind};

pub(super) const CHECK: Check = Check::Job(check);

fn check(facts: &JobFacts<'_>, sink: &mut Sink<'_>) {
    let job = facts.job;
    let has_targets = job.static_configs.iter().any(|group| !group.targets.is_empty());
    let Some(tree) = sink.tree(job.file).filter(|_| has_targets) else { return };
    let is_key = |node: Node<'_>, name: &str| node.entries().any(|(key, _)| key.value() == name || key.is_merge_key());
    for group in job.static_configs.iter().filter(|group| group.targets.is_empty() && !group.labels.is_empty()) {
        let mut nodes = tree.nodes_at(group.span.start);
        let node = nodes.find(|node| node.full_span() == group.span && node.kind() == NodeKind::Mapping);
        // An empty list of targets is intended.
        if node.is_none_or(|node| is_key(node, "targets")) {
            continue;
        }
        let span = node.and_then(|node| node.entries().next()).map_or(group.span, |(key, _)| key.full_span());
        let names: Vec<&str> = group.labels.iter().map(|(name, _)| name.value.as_str()).collect();
        let finding = in_job(job, span, "the group has labels, but no targets");
        sink.push(
            finding
                .with_argument("labels", names.join(","))
                .with_note("each `-` begins a new group; these labels belong to no target")
                .with_help("remove the `-` before `labels`, and indent it like `targets`"),
        );
    }
}
