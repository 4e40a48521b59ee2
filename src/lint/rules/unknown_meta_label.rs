//! A meta label that the service discovery of the job does not provide.

use crate::analysis::{
    Absence, META, Needs, RelabelList, RuleFacts, Subjects, is_meta_name, may_be_matched, meta_name,
};
use crate::diagnostic::Diagnostic;
use crate::discovery::{DiscoveryLabel, DiscoveryRole, discovery_roles};
use crate::lint::consequence::with_consequence;
use crate::lint::rule::Check;
use crate::lint::sink::{Sink, in_rule};
use crate::relabel::Action;
use crate::text::most_similar;

pub(super) const CHECK: Check = Check::List(Needs::one_rule(&[Subjects::META_READ.or(Subjects::LABELMAP)]), check);

const KUBERNETES: &str = "__meta_kubernetes_";

/// Labels of Prometheus 1, and their current names.
const RENAMED: [(&str, &str); 5] = [
    ("__meta_kubernetes_pod_namespace", "__meta_kubernetes_namespace"),
    ("__meta_kubernetes_service_namespace", "__meta_kubernetes_namespace"),
    ("__meta_kubernetes_endpoints_namespace", "__meta_kubernetes_namespace"),
    ("__meta_kubernetes_pod_node", "__meta_kubernetes_pod_node_name"),
    ("__meta_kubernetes_role", ""),
];

fn check(list: &RelabelList<'_>, sink: &mut Sink<'_>) {
    if !list.stage.is_of_targets() || !list.sources.is_known() {
        return;
    }
    for rule in &list.rules {
        for (name, span) in rule.placed_reads() {
            let is_unset = is_meta_name(name) && list.absence_at(rule.index, name) == Some(Absence::Unset);
            // `unavailable-meta-label` reports the labels of other releases.
            let is_removed = || list.sources.unavailable(|label| label.covers(name)).is_some();
            if is_unset && list.sources.missing_switch(name).is_none() && !is_removed() {
                let Some(meta) = meta_name(name) else { continue };
                let reason = reason(list, name, &meta);
                let finding = in_rule(list, rule, span, &reason.message).with_argument("label", name);
                let finding = explained(finding, reason);
                sink.push(with_consequence(list, rule, finding));
            }
        }
        if let Some(regex) = rule.rule.field("regex").filter(|_| is_empty_map(list, rule)) {
            let reason = reason_of_pattern(list, rule);
            let finding = in_rule(list, rule, regex.value, &reason.message);
            sink.push(explained(finding.with_argument("regex", rule.pattern.text()), reason));
        }
    }
}

/// Whether the rule copies meta labels that do not exist.
fn is_empty_map(list: &RelabelList<'_>, rule: &RuleFacts<'_>) -> bool {
    rule.action == Action::LabelMap
        && rule.pattern.prefix().starts_with(META)
        && !list.sources.may_match(&rule.pattern)
        && list.sources.missing_switch_for(&rule.pattern).is_none()
        && list.sources.unavailable(|label| may_be_matched(label, &rule.pattern)).is_none()
        && !list.may_begin_in(0..rule.index, META)
}

/// Why a label does not exist.
#[derive(Default)]
struct Reason {
    message: String,
    note: Option<String>,
    help: Option<String>,
}

fn explained(finding: Diagnostic, reason: Reason) -> Diagnostic {
    let finding = reason.note.into_iter().fold(finding, Diagnostic::with_note);
    reason.help.into_iter().fold(finding, Diagnostic::with_help)
}

fn reason(list: &RelabelList<'_>, name: &str, meta: &str) -> Reason {
    let roles = &list.sources.roles;
    let is_there = |label: &&DiscoveryLabel| !label.is_removed_in(list.release);
    let covers = |role: &DiscoveryRole, name: &str| role.labels.iter().filter(is_there).any(|label| label.covers(name));
    let instead = |better: &str| Some(format!("write `{better}`"));
    if name != meta && roles.iter().any(|role| covers(role, meta)) {
        let is_raw = name.starts_with(META);
        let note = "in names of meta labels, `_` replaces every character except letters, digits and `_`";
        let message = if is_raw { format!("invalid name of a meta label: `{name}`") } else { not_there(name) };
        return Reason { message, note: is_raw.then(|| note.to_string()), help: instead(meta) };
    }
    let renamed = RENAMED.iter().find(|(old, _)| *old == meta && roles.iter().any(|role| is_kubernetes(role)));
    if let Some((_, new)) = renamed {
        let message = format!("`{name}` is a label of Prometheus 1");
        let note = "`role` of `kubernetes_sd_configs` selects the role, and no label shows it";
        return match *new {
            "" => Reason { message, note: Some(note.to_string()), help: Some("remove the rule".to_string()) },
            new => Reason { message, note: None, help: instead(new) },
        };
    }
    let found: Vec<_> = discovery_roles().iter().filter(|role| covers(role, meta)).collect();
    if !found.is_empty() {
        let labels: Vec<&DiscoveryLabel> = list.sources.discovery_labels().flatten().collect();
        let own = of_own_object(list, meta).or_else(|| of_other_words(&labels, meta));
        let help = own.map(|own| format!("did you mean `{own}`?"));
        return Reason { help, ..elsewhere(list, format!("{} no label `{name}`", have(list)), &found) };
    }
    let labels: Vec<&DiscoveryLabel> = list.sources.discovery_labels().flatten().collect();
    let help =
        of_other_words(&labels, meta).or_else(|| meant(&labels, meta)).map(|meant| format!("did you mean `{meant}`?"));
    Reason { message: format!("{} no label `{name}`", have(list)), note: None, help }
}

/// The parts of names that introduce labels of the object itself.
const KINDS: [&str; 4] = ["label_", "tag_", "metadata_", "annotation_"];

/// The probably intended label: one with a similar name, else a label of the object whose name lacks that
/// part: `__meta_kubernetes_pod_label_app` for `__meta_kubernetes_pod_app`.
fn meant(labels: &[&DiscoveryLabel], meta: &str) -> Option<String> {
    // Names with a domain are usually annotations: `prometheus_io_scrape`.
    let mut kinds = KINDS;
    if meta.contains("_io_") {
        kinds.rotate_right(1);
    }
    let of_user = kinds.iter().find_map(|kind| {
        let of_kind = |label: &&&DiscoveryLabel| label.is_prefix && label.name.ends_with(kind);
        labels.iter().filter(of_kind).find_map(|label| {
            let stem = label.name.strip_suffix(kind)?;
            let rest = meta.strip_prefix(stem).filter(|rest| !rest.is_empty())?;
            Some((stem, rest, format!("{}{rest}", label.name)))
        })
    });
    let similar = similar(labels, meta);
    let Some((stem, rest, of_user)) = of_user else { return similar };
    let is_near = |name: &String| {
        name.strip_prefix(stem).is_none_or(|other| most_similar(rest, [other]).is_some() || other.starts_with(rest))
    };
    similar.filter(is_near).or(Some(of_user))
}

/// The same label of the object of the job's role: the annotation of a pod for that of a service.
fn of_own_object(list: &RelabelList<'_>, meta: &str) -> Option<String> {
    let roles = || list.sources.roles.iter().filter(|role| is_kubernetes(role));
    let kind = discovery_roles()
        .iter()
        .filter(|role| is_kubernetes(role))
        .find_map(|role| meta.strip_prefix(KUBERNETES)?.strip_prefix(role.role).filter(|rest| rest.starts_with('_')))?;
    roles().find_map(|role| {
        let own = format!("{KUBERNETES}{}{kind}", role.role);
        role.labels.iter().any(|label| label.covers(&own)).then_some(own)
    })
}

fn reason_of_pattern(list: &RelabelList<'_>, rule: &RuleFacts<'_>) -> Reason {
    let message = format!("{} no label that matches `{}`", have(list), rule.pattern.text());
    let is_there = |label: &&DiscoveryLabel| !label.is_removed_in(list.release);
    let matched =
        |role: &&DiscoveryRole| role.labels.iter().filter(is_there).any(|label| may_be_matched(label, &rule.pattern));
    let found: Vec<_> = discovery_roles().iter().filter(matched).collect();
    if !found.is_empty() {
        return elsewhere(list, message, &found);
    }
    let labels: Vec<_> = list.sources.discovery_labels().flatten().filter(|label| label.is_prefix).collect();
    let similar = most_similar(rule.pattern.prefix(), labels.iter().map(|label| label.name));
    let help = similar.map(|similar| format!("did you mean `{similar}(.+)`?"));
    Reason { message, note: None, help }
}

/// Names the other mechanism or role that provides the label.
fn elsewhere(list: &RelabelList<'_>, message: String, found: &[&DiscoveryRole]) -> Reason {
    let is_used = |role: &DiscoveryRole| list.sources.roles.iter().any(|own| own.key == role.key);
    let of_same: Vec<String> =
        found.iter().filter(|role| is_used(role)).map(|role| format!("`{}`", role.role)).collect();
    let note = if of_same.is_empty() {
        let mut keys: Vec<String> = found.iter().map(|role| format!("`{}`", role.key)).collect();
        keys.dedup();
        format!("{} provides it", keys.join(" or "))
    } else if let [only] = &*of_same {
        format!("role {only} provides it")
    } else {
        format!("the roles {} provide it", of_same.join(", "))
    };
    Reason { message, note: Some(note), help: None }
}

/// The targets that lack the label.
fn have(list: &RelabelList<'_>) -> String {
    let mut own: Vec<String> = list.sources.roles.iter().map(|role| name_of(role)).collect();
    own.dedup();
    match &*own {
        [] => "targets of `static_configs` have".to_string(),
        own => format!("targets of {} have", own.join(" and ")),
    }
}

fn name_of(role: &DiscoveryRole) -> String {
    match role.role {
        "" => format!("`{}`", role.key),
        own if is_kubernetes(role) => format!("role `{own}`"),
        own => format!("`{}` with role `{own}`", role.key),
    }
}

fn is_kubernetes(role: &DiscoveryRole) -> bool {
    role.key == "kubernetes_sd_configs"
}

fn not_there(name: &str) -> String {
    format!("no target has a label `{name}`")
}

/// The most similar label: one that differs in a few letters, or the only one that continues the name.
fn similar(labels: &[&DiscoveryLabel], name: &str) -> Option<String> {
    let mut candidates: Vec<String> = Vec::new();
    for label in labels {
        if !label.is_prefix {
            candidates.push(label.name.to_string());
            continue;
        }
        let ends = name.match_indices('_').map(|(at, _)| at + 1);
        let near = ends.filter(|end| end.abs_diff(label.name.len()) <= 2 && *end < name.len());
        candidates.extend(near.map(|end| format!("{}{}", label.name, name.get(end..).unwrap_or(""))));
    }
    if let Some(similar) = most_similar(name, candidates.iter().map(String::as_str)) {
        return Some(similar.to_string());
    }
    let mut longer =
        labels.iter().filter(|label| label.name.strip_prefix(name).is_some_and(|rest| rest.starts_with('_')));
    let first = longer.next()?;
    longer.all(|label| label.name == first.name).then(|| first.name.to_string())
}

/// The only label whose name differs in one word, which is added, removed or extended:
/// `__meta_consul_tags` for `__meta_consul_service_tags`.
fn of_other_words(labels: &[&DiscoveryLabel], name: &str) -> Option<String> {
    let words = |name: &str| name.trim_matches('_').split('_').map(String::from).collect::<Vec<_>>();
    let own = words(name);
    let mut found = labels.iter().filter(|label| !label.is_prefix && is_one_word_off(&own, &words(label.name)));
    let first = found.next()?;
    found.all(|label| label.name == first.name).then(|| first.name.to_string())
}

/// Whether one word is removed, added or extended: `endpoint` and `endpointslice`.
fn is_one_word_off(one: &[String], other: &[String]) -> bool {
    let same = one.iter().zip(other).take_while(|(one, other)| one == other).count();
    let (one, other) = (&one[same..], &other[same..]);
    match (one, other) {
        ([first, one_rest @ ..], [second, other_rest @ ..]) => {
            one_rest == other
                || one == other_rest
                || (one_rest == other_rest && (first.starts_with(&**second) || second.starts_with(&**first)))
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::discovery::discovery_role;

    #[test]
    fn a_label_of_the_users_is_meant_where_no_known_name_is_near() {
        for (key, role, name, expected) in [
            ("kubernetes_sd_configs", "pod", "__meta_kubernetes_pod_app", "__meta_kubernetes_pod_label_app"),
            ("kubernetes_sd_configs", "pod", "__meta_kubernetes_pod_lable_app", "__meta_kubernetes_pod_label_app"),
            ("kubernetes_sd_configs", "pod", "__meta_kubernetes_pod_nam", "__meta_kubernetes_pod_name"),
            ("kubernetes_sd_configs", "pod", "__meta_kubernetes_pod_hostip", "__meta_kubernetes_pod_host_ip"),
            (
                "kubernetes_sd_configs",
                "pod",
                "__meta_kubernetes_pod_prometheus_io_path",
                "__meta_kubernetes_pod_annotation_prometheus_io_path",
            ),
            ("ec2_sd_configs", "", "__meta_ec2_Name", "__meta_ec2_tag_Name"),
        ] {
            let role = discovery_role(key, role).unwrap();
            let labels: Vec<&DiscoveryLabel> = role.labels.iter().collect();
            assert_eq!(meant(&labels, name).as_deref(), Some(expected));
        }
    }
}
