//! A pattern for addresses that has no port.

use std::cell::OnceCell;

use rustc_hash::FxHashSet;

use crate::analysis::{Needs, RelabelList, Subjects};
use crate::lint::rule::Check;
use crate::lint::sink::{Sink, in_rule, short};
use crate::relabel::Action;
use crate::text::go_quote;

pub(super) const CHECK: Check =
    Check::List(Needs::one_rule(&[Subjects::MATCHING, Subjects::ADDRESS_READ, Subjects::REGEX_GIVEN]), check);

const ADDRESS: &str = "__address__";

fn check(list: &RelabelList<'_>, sink: &mut Sink<'_>) {
    let groups = list.job.map_or(&[][..], |job| &job.static_configs);
    let addresses = || groups.iter().flat_map(|group| &group.targets).map(|target| target.value.as_str());
    let targets: OnceCell<FxHashSet<&str>> = OnceCell::new();
    let is_target = |text: &str| targets.get_or_init(|| addresses().collect()).contains(text);
    for rule in list.rules.iter().filter(|rule| matches!(rule.action, Action::Keep | Action::Drop | Action::Replace)) {
        let (true, Some(regex)) = (rule.sources() == [ADDRESS], rule.rule.field("regex")) else { continue };
        let Some(texts) = rule.pattern.texts().filter(|texts| !texts.is_empty()) else { continue };
        let is_host = |text: &str| !text.is_empty() && !text.contains([':', '/']);
        if !texts.iter().all(|text| is_host(text) || is_port(text))
            || list.may_be_written_before(rule.index, ADDRESS)
            || texts.iter().any(|text| is_target(text))
        {
            continue;
        }
        let is_port = texts.iter().all(|text| is_port(text));
        let (host, port) = if is_port { ("10.0.0.1", texts[0].trim_start_matches(':')) } else { (&*texts[0], "9100") };
        let message = format!(
            "`{}` does not match an address with a port, such as {}",
            short(rule.pattern.text()),
            go_quote(&format!("{host}:{port}"))
        );
        let finding = in_rule(list, rule, regex.value, message)
            .with_argument("pattern", rule.pattern.text())
            .with_note("a pattern must match the whole value, and most addresses have a port");
        let pattern = rule.pattern.text();
        sink.push(match pattern.strip_prefix(':') {
            Some(_) if texts.len() == 1 => finding.with_help(format!("write `.+{pattern}`")),
            _ if is_port => finding.with_help(format!("write `.+:({})`", short(pattern.trim_start_matches(':')))),
            _ => finding.with_help(format!("write `({}):\\d+`", short(pattern))),
        });
    }
}

/// Whether the text is a port number, with or without the colon before it.
fn is_port(text: &str) -> bool {
    let number = text.strip_prefix(':').unwrap_or(text);
    !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit())
}
