//! Rules for a probing exporter whose address replaces the target's too early.

use crate::analysis::{Needs, ProbeRules, RelabelList, RuleFacts, Stage, Subjects};
use crate::lint::rule::Check;
use crate::lint::sink::{Sink, in_rule};
use crate::text::Location;

pub(super) const CHECK: Check =
    Check::List(Needs::one_rule(&[Subjects::ADDRESS_READ, Subjects::INTERNAL_TARGET]), check);

fn check(list: &RelabelList<'_>, sink: &mut Sink<'_>) {
    let Some(probe) = ProbeRules::of(list).filter(|_| list.stage == Stage::Target) else { return };
    if let Some((rule, exporter)) = probe.exporter() {
        check_instance(list, rule, &exporter, sink);
    }
    let Some((early, address)) = probe.replaced_too_early() else { return };
    let Some((_, source)) = probe.copy.placed_sources().find(|(name, _)| *name == "__address__") else { return };
    let message = format!("`__address__` is already `{address}`: the exporter probes itself for every target");
    let finding = in_rule(list, probe.copy, source, message)
        .with_argument("label", "__param_target")
        .with_argument("address", &address)
        .with_label(Location::new(list.file, early.rule.span), "replaced here")
        .with_note("rules run in order: the discovered address no longer exists")
        .with_help(format!("move `{}[{}]` after this rule", list.key, early.index));
    sink.push(finding);
}

/// Reports rules that copy the address to `instance` when it is already the exporter's.
fn check_instance(list: &RelabelList<'_>, replaced: &RuleFacts<'_>, exporter: &str, sink: &mut Sink<'_>) {
    let is_instance = |rule: &&RuleFacts<'_>| {
        let is_of_address = rule.sources() == ["__address__"] && rule.constant().is_none();
        is_of_address && rule.target().is_some_and(|name| name == "instance")
    };
    for rule in list.behind(replaced.index).filter(is_instance) {
        let is_set_again = list.may_be_written_behind(rule.index, "instance");
        let Some((_, source)) = rule.placed_sources().next().filter(|_| !is_set_again) else { continue };
        let message = format!("`__address__` is already `{exporter}`: every target gets the same `instance`");
        let finding = in_rule(list, rule, source, message)
            .with_argument("label", "instance")
            .with_argument("address", exporter)
            .with_label(Location::new(list.file, replaced.rule.span), "replaced here")
            .with_help("write `source_labels: [__param_target]`");
        sink.push(finding);
    }
}
