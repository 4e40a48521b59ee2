//! A text without a port, compared with addresses.

use crate::analyse::{RelabelList, RuleFacts};
use crate::lint::engine::{Check, Rule};
use crate::lint::report::{Report, in_rule, short};
use crate::relabel::Action;
use crate::text::go_quote;

pub(super) const RULE: Rule = Rule { id: "address-without-port", check: Check::List(check) };

const ADDRESS: &str = "__address__";

fn check(list: &RelabelList<'_>, report: &mut Report<'_>) {
    for rule in list.rules.iter().filter(|rule| matches!(rule.action, Action::Keep | Action::Drop | Action::Replace)) {
        let (true, Some(regex)) = (rule.sources() == [ADDRESS], rule.rule.field("regex")) else { continue };
        let Some(texts) = rule.pattern.texts().filter(|texts| !texts.is_empty()) else { continue };
        let is_host = |text: &str| !text.is_empty() && !text.contains([':', '/']);
        if !texts.iter().all(|text| is_host(text))
            || list.may_be_written_before(rule.index, ADDRESS)
            || is_a_target(list, rule)
        {
            continue;
        }
        let example = format!("{}:9100", texts[0]);
        let message = format!("does not match an address with a port, such as {}", go_quote(&example));
        let finding = in_rule(list, rule, regex.value, message)
            .with_note("a pattern always matches the whole text, and most addresses have a port");
        report.push(finding.with_help(format!("write `({}):\\d+`", short(rule.pattern.text()))));
    }
}

/// Whether a target of the config is so written.
fn is_a_target(list: &RelabelList<'_>, rule: &RuleFacts<'_>) -> bool {
    let groups = list.job.map_or(&[][..], |job| &job.static_configs);
    groups.iter().flat_map(|group| &group.targets).any(|target| rule.pattern.matches(&target.value) != Some(false))
}
