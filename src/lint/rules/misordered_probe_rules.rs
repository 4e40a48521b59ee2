//! Rules for a probing exporter, the address of which takes the place of the target's too early.

use crate::analysis::{ProbeRules, RelabelList, RuleFacts, Stage};
use crate::lint::rule::Check;
use crate::lint::sink::{Sink, in_rule};
use crate::text::Location;

pub(super) const CHECK: Check = Check::List(check);

fn check(list: &RelabelList<'_>, sink: &mut Sink<'_>) {
    let Some(probe) = ProbeRules::of(list).filter(|_| list.stage == Stage::Target) else { return };
    if let Some((rule, exporter)) = probe.exporter() {
        check_instance(list, rule, &exporter, sink);
    }
    let Some((early, address)) = probe.replaced_too_early() else { return };
    let Some((_, source)) = probe.copy.placed_sources().find(|(name, _)| *name == "__address__") else { return };
    let message = format!("`__address__` is `{address}` here for every target, so that only that one is probed");
    let finding = in_rule(list, probe.copy, source, message)
        .with_label(Location::new(list.file, early.rule.span), "it has been replaced here")
        .with_note("rules run one after the other: the address that was discovered is gone already")
        .with_help(format!("move `{}[{}]` behind this rule", list.key, early.index));
    sink.push(finding);
}

/// Rules that make `instance` of the address when it is the exporter's already.
fn check_instance(list: &RelabelList<'_>, replaced: &RuleFacts<'_>, exporter: &str, sink: &mut Sink<'_>) {
    let is_instance = |rule: &&RuleFacts<'_>| {
        let is_of_address = rule.sources() == ["__address__"] && rule.constant().is_none();
        is_of_address && rule.target().is_some_and(|name| name == "instance")
    };
    for rule in list.behind(replaced.index).filter(is_instance) {
        let is_set_again = list.behind(rule.index).any(|other| other.may_write("instance"));
        let Some((_, source)) = rule.placed_sources().next().filter(|_| !is_set_again) else { continue };
        let message = format!("`__address__` is `{exporter}` here, so that `instance` is the same for every target");
        let finding = in_rule(list, rule, source, message)
            .with_label(Location::new(list.file, replaced.rule.span), "it has been replaced here")
            .with_help("take `instance` from `__param_target`");
        sink.push(finding);
    }
}
