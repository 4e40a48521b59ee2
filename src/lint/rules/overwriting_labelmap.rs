//! A `labelmap` to unknown names, after rules that set labels.

use crate::analysis::{Needs, RelabelList, RuleFacts, Subjects};
use crate::lint::rule::Check;
use crate::lint::sink::{Sink, in_rule};
use crate::re2::{GroupReference, Shape, ShapePart};
use crate::relabel::Action;
use crate::text::Location;

/// The number of overwritten labels that a finding names: each of many `labelmap` rules may overwrite each of many.
const MOST_SHOWN: usize = 20;

pub(super) const CHECK: Check = Check::List(Needs::one_rule(&[Subjects::LABELMAP]), check);

fn check(list: &RelabelList<'_>, sink: &mut Sink<'_>) {
    if !list.stage.is_of_targets() {
        return;
    }
    let setting: Vec<&RuleFacts<'_>> = list.rules.iter().filter(|rule| sets_plain_label(rule)).collect();
    for rule in list.rules.iter().filter(|rule| is_of_any_name(rule) && list.sources.may_match(&rule.pattern)) {
        let earlier = &setting[..setting.partition_point(|other| other.index < rule.index)];
        let overwritten = earlier.iter().rev().filter(|other| !is_set_again(list, rule.index, other));
        let mut set: Vec<&RuleFacts<'_>> = overwritten.copied().take(MOST_SHOWN + 1).collect();
        let others = if set.len() > MOST_SHOWN { " and others" } else { "" };
        set.truncate(MOST_SHOWN);
        set.reverse();
        let Some(regex) = rule.rule.field("regex").filter(|_| !set.is_empty()) else { continue };
        let mut names: Vec<String> =
            set.iter().filter_map(|other| other.target()).map(|name| format!("`{name}`")).collect();
        names.dedup();
        let message = format!("`labelmap` may overwrite {}, set by earlier rules", names.join(", ") + others);
        let mut finding = in_rule(list, rule, regex.value, message).with_argument("regex", rule.pattern.text());
        finding = finding.with_argument("labels", names.join(",").replace('`', ""));
        for other in set {
            finding = finding.with_label(Location::new(list.file, other.rule.span), "this label may be overwritten");
        }
        sink.push(finding.with_note("users choose the names of the copied labels").with_help(
            "move this rule before the rules that set labels, or add a prefix, such as `replacement: label_$1`",
        ));
    }
}

/// Whether it may copy labels to any name.
fn is_of_any_name(rule: &RuleFacts<'_>) -> bool {
    let is_rest = |number: usize| match rule.pattern.regex().shape() {
        Shape::Prefix { prefix, groups, .. } => {
            !prefix.is_empty() && groups.get(number.wrapping_sub(1)) == Some(&ShapePart::Rest)
        }
        _ => false,
    };
    let is_whole = |reference: &crate::re2::Reference| reference.span.len() == rule.replacement.text().len();
    rule.action == Action::LabelMap
        && match rule.replacement.references() {
            [only] => is_whole(only) && matches!(only.group, GroupReference::Number(number) if is_rest(number)),
            _ => false,
        }
}

/// Whether it sets a label whose name users may also choose.
fn sets_plain_label(rule: &RuleFacts<'_>) -> bool {
    rule.target().is_some_and(|name| !name.starts_with("__") && rule.may_write(&name))
}

/// Whether a later rule sets the same label.
fn is_set_again(list: &RelabelList<'_>, index: usize, rule: &RuleFacts<'_>) -> bool {
    rule.target().is_some_and(|name| list.about(&name).is_target_in(index + 1..list.rules.len()))
}

#[cfg(test)]
mod tests {
    use crate::lint::lint_config;
    use crate::options::Options;
    use crate::text::Sources;
    use crate::yaml::Tree;

    #[test]
    fn a_finding_names_the_last_twenty_labels() {
        let message = |count: usize| {
            let head = "scrape_configs:\n- job_name: a\n  kubernetes_sd_configs: [{role: pod}]\n  relabel_configs:\n";
            let rule =
                |number| format!("  - {{source_labels: [__meta_kubernetes_pod_name], target_label: l{number}}}\n");
            let rules: String = (0..count).map(rule).collect();
            let text = format!("{head}{rules}  - {{action: labelmap, regex: '__meta_kubernetes_pod_label_(.+)'}}\n");
            let findings = lint_config(&mut Sources::new(), "p.yml", &Tree::parse(text), &Options::default());
            let own = findings.into_iter().find(|finding| finding.id == "overwriting-labelmap");
            own.map(|finding| (finding.message, finding.labels.len()))
        };
        let names = |from: usize, to: usize| (from..to).map(|i| format!("`l{i}`")).collect::<Vec<_>>().join(", ");
        let start = |index: usize| format!("relabel_configs[{index}]: `labelmap` may overwrite");
        let end = "set by earlier rules";
        assert_eq!(message(20), Some((format!("{} {}, {end}", start(20), names(0, 20)), 20)));
        assert_eq!(message(500), Some((format!("{} {} and others, {end}", start(500), names(480, 500)), 20)));
    }
}
