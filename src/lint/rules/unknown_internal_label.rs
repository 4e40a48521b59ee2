//! A label with two underscores that no target has.

use std::borrow::Cow;

use crate::analysis::{
    Absence, INTERNAL, Needs, PARAM, RelabelList, RuleFacts, Stage, Subjects, is_internal, is_meta_name,
};
use crate::diagnostic::Diagnostic;
use crate::lint::consequence::with_consequence;
use crate::lint::rule::Check;
use crate::lint::sink::{Sink, in_rule, subject};
use crate::text::most_similar;

pub(super) const CHECK: Check = Check::List(Needs::one_rule(&[Subjects::INTERNAL_READ]), check);

/// How many of the rules before are searched for a label with a similar name.
const NEAREST: usize = 50;

/// Other lint rules report this label.
const NAME: &str = "__name__";

fn check(list: &RelabelList<'_>, sink: &mut Sink<'_>) {
    if !list.stage.is_of_targets() {
        check_temporary(list, sink);
        return;
    }
    for rule in &list.rules {
        let reads = rule
            .placed_reads()
            .filter(|(name, _)| name.starts_with("__") && *name != NAME && !rule.may_be_default(name));
        // With other source labels, it may be an optional switch that another tool sets.
        let is_switch = |name: &str| name.starts_with("__tmp_") && rule.sources().len() > 1;
        for (name, span) in reads.filter(|(name, _)| !is_meta_name(name) && !is_switch(name)) {
            if list.absence_at(rule.index, name) == Some(Absence::Unset) {
                let finding =
                    in_rule(list, rule, span, format!("no target has a label `{name}`")).with_argument("label", name);
                sink.push(explained(list, rule.index, name, with_consequence(list, rule, finding)));
            }
        }
    }
}

/// Temporary labels that no rule of the list sets: those of targets are removed before the scrape.
fn check_temporary(list: &RelabelList<'_>, sink: &mut Sink<'_>) {
    if list.key == "rules" {
        return;
    }
    let things = subject(list.stage);
    for rule in &list.rules {
        let reads = rule.placed_reads().filter(|(name, _)| name.starts_with("__tmp_") && rule.sources().len() == 1);
        for (name, span) in reads.filter(|(name, _)| !list.may_be_written_before(rule.index, name)) {
            let finding = in_rule(list, rule, span, format!("no {things} has a label `{name}`"))
                .with_argument("label", name)
                .with_note("Prometheus removes labels that begin with `__` from targets after `relabel_configs`")
                .with_help("set it in an earlier rule of this list, or use a name without `__` in `relabel_configs`");
            sink.push(with_consequence(list, rule, finding));
        }
    }
}

fn explained(list: &RelabelList<'_>, index: usize, name: &str, finding: Diagnostic) -> Diagnostic {
    let params = list.job.map_or(&[][..], |job| &job.params);
    // The nearest ones: they are only for a hint, and each finding searches again.
    let written = list.before(index).take(NEAREST).filter_map(RuleFacts::target);
    let params = params.iter().filter(|(_, values)| !values.is_empty()).map(|(name, _)| format!("{PARAM}{name}"));
    let mut known: Vec<String> = params.chain(written.map(Cow::into_owned)).collect();
    if list.stage == Stage::Target {
        known.extend(INTERNAL.map(String::from));
    } else {
        known.extend(["__address__", "__scheme__", "__alerts_path__"].map(String::from));
    }
    if let Some(similar) = similar(name, &known) {
        return finding.with_help(format!("did you mean `{similar}`?"));
    }
    if let (Some((setter, target)), false) = (unread(list, index), name.starts_with(PARAM)) {
        let help = format!("did you mean `{target}`, which `{}[{setter}]` sets, and which no rule reads?", list.key);
        return finding.with_help(help);
    }
    match name.strip_prefix(PARAM) {
        Some(param) if list.stage == Stage::Target => finding
            .with_note(format!("`params` of the job has no `{param}`, and no earlier rule sets the label"))
            .with_help(format!(
                "set the label in an earlier rule, such as `{{source_labels: [__address__], target_label: {name}}}`"
            )),
        _ => finding
            .with_note("no earlier rule sets it, and service discovery does not provide it")
            .with_help("set it in an earlier rule, or remove it here"),
    }
}

/// The last temporary label that one of the nearest earlier rules sets, if no rule after that one reads it, with the index
/// of that rule.
fn unread(list: &RelabelList<'_>, index: usize) -> Option<(usize, String)> {
    let temporary = list.before(index).take(NEAREST).find_map(|rule| {
        let target = rule.target().filter(|name| name.starts_with("__") && !is_internal(list.stage, name))?;
        Some((rule.index, target.into_owned()))
    });
    temporary.filter(|(setter, name)| !list.is_read_behind(*setter, name))
}

/// The known label that differs only in invalid characters, or in a few letters.
fn similar<'k>(name: &str, known: &'k [String]) -> Option<&'k str> {
    let words = |name: &str| name.replace(|c: char| c != '_' && !c.is_ascii_alphanumeric(), "_");
    let known = known.iter().map(String::as_str).filter(|known| known.starts_with("__"));
    known.clone().find(|known| words(known) == words(name)).or_else(|| most_similar(name, known))
}
