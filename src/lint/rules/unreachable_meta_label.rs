//! A meta label where there is none any more.

use crate::analysis::RelabelList;
use crate::diagnostic::Diagnostic;
use crate::lint::rule::Check;
use crate::lint::sink::{Sink, in_rule};

pub(super) const CHECK: Check = Check::List(check);

const META: &str = "__meta_";

fn check(list: &RelabelList<'_>, sink: &mut Sink<'_>) {
    if list.stage.is_of_targets() {
        return;
    }
    for rule in &list.rules {
        let names = rule.placed_reads().filter(|(name, _)| name.starts_with(META));
        for (name, span) in names.filter(|(name, _)| !list.may_be_written_before(rule.index, name)) {
            sink.push(explained(list, in_rule(list, rule, span, format!("`{name}` is never there"))));
        }
        let is_of_meta = rule.action.is_about_names() && rule.pattern.prefix().starts_with(META);
        if let Some(regex) = rule.rule.field("regex").filter(|_| is_of_meta)
            && !list.before(rule.index).any(|other| other.may_write_beginning(META))
        {
            let message = format!("`{}` matches meta labels only, and there are none", rule.pattern.text());
            sink.push(explained(list, in_rule(list, rule, regex.value, message)));
        }
    }
}

fn explained(list: &RelabelList<'_>, finding: Diagnostic) -> Diagnostic {
    finding
        .with_note(format!("meta labels are known in `relabel_configs` only; they are gone before `{}` run", list.key))
        .with_help("copy the meta label in `relabel_configs` to a label of its own, and use that one here")
}
