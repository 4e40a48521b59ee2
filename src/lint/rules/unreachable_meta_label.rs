//! A meta label in rules that run after meta labels are removed.

use crate::analysis::{Needs, RelabelList, Subjects};
use crate::diagnostic::Diagnostic;
use crate::lint::rule::Check;
use crate::lint::sink::{Sink, in_rule, subject};

pub(super) const CHECK: Check = Check::List(Needs::one_rule(&[Subjects::META_READ.or(Subjects::ABOUT_NAMES)]), check);

const META: &str = "__meta_";

fn check(list: &RelabelList<'_>, sink: &mut Sink<'_>) {
    if list.stage.is_of_targets() {
        return;
    }
    let things = subject(list.stage);
    for rule in &list.rules {
        let names = rule.placed_reads().filter(|(name, _)| name.starts_with(META));
        for (name, span) in names.filter(|(name, _)| !list.may_be_written_before(rule.index, name)) {
            let finding = in_rule(list, rule, span, format!("no {things} has a label `{name}`"));
            sink.push(explained(list, finding.with_argument("label", name)));
        }
        let is_of_meta = rule.action.is_about_names() && rule.pattern.prefix().starts_with(META);
        if let Some(regex) = rule.rule.field("regex").filter(|_| is_of_meta)
            && !list.may_begin_in(0..rule.index, META)
        {
            let message = format!("no {things} has a label that matches `{}`", rule.pattern.text());
            let finding = in_rule(list, rule, regex.value, message);
            sink.push(explained(list, finding.with_argument("regex", rule.pattern.text())));
        }
    }
}

fn explained(list: &RelabelList<'_>, finding: Diagnostic) -> Diagnostic {
    finding
        .with_note(format!(
            "meta labels exist only in `relabel_configs`; Prometheus removes them before `{}` run",
            list.key
        ))
        .with_help("copy the meta label to another label in `relabel_configs`, and use that label here")
}
