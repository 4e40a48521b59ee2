//! A whole number compared with `le` or `quantile`, whose values are decimals since Prometheus 3.0.

use crate::analysis::{Needs, RelabelList, RuleFacts, Stage, Subjects};
use crate::lint::rule::Check;
use crate::lint::sink::{Sink, in_rule};
use crate::text::go_quote;

pub(super) const CHECK: Check = Check::List(Needs::one_rule(&[Subjects::BUCKET_READ, Subjects::REGEX_GIVEN]), check);

fn check(list: &RelabelList<'_>, sink: &mut Sink<'_>) {
    if !matches!(list.stage, Stage::Metric | Stage::Write) {
        return;
    }
    for rule in &list.rules {
        let Some(regex) = rule.rule.field("regex").filter(|_| rule.action.has_regex()) else { continue };
        let Some((label, part)) = part_of_label(list, rule) else { continue };
        let Some(integer) = integer(rule, &part) else { continue };
        let decimal = go_quote(&format!("{integer}.0"));
        let release = if list.release.has_float_buckets() { "Prometheus" } else { "Prometheus 3.0" };
        let message =
            format!("`{integer}` does not match {decimal}, the form in which {release} stores this value of `{label}`");
        sink.push(
            in_rule(list, rule, regex.value, message)
                .with_argument("label", label)
                .with_argument("pattern", rule.pattern.text())
                .with_note("since Prometheus 3.0, `le` and `quantile` have decimals such as `1.0` when the rules run")
                .with_help(format!("write `{integer}(\\.0)?` for both forms")),
        );
    }
}

/// The label of a bucket or a quantile that a rule reads, and the texts around its value in a joined value that the
/// pattern may match.
fn part_of_label<'r>(list: &RelabelList<'_>, rule: &'r RuleFacts<'_>) -> Option<(&'r str, [String; 2])> {
    let position = rule.sources().iter().position(|name| matches!(name.as_str(), "le" | "quantile"))?;
    let label = rule.sources()[position].as_str();
    if list.may_be_written_before(rule.index, label) || rule.sources().len() > 2 {
        return None;
    }
    if rule.sources().len() == 1 {
        return Some((label, [String::new(), String::new()]));
    }
    // The other value as an example of the pattern has it.
    let separator = rule.rule.spec.separator.as_str();
    let example = rule.pattern.example()?;
    let (first, second) = Some(separator).filter(|text| !text.is_empty()).and_then(|text| example.split_once(text))?;
    let other = rule.sources()[1 - position].as_str();
    let has_buckets = |name: &str| other != "__name__" || label == "quantile" || name.ends_with("_bucket");
    match position {
        0 => has_buckets(second).then(|| (label, [String::new(), format!("{separator}{second}")])),
        _ => has_buckets(first).then(|| (label, [format!("{first}{separator}"), String::new()])),
    }
}

/// A whole number that the pattern matches at this place, although it does not match it as a decimal.
fn integer(rule: &RuleFacts<'_>, [before, behind]: &[String; 2]) -> Option<String> {
    const USUAL: [&str; 16] =
        ["1", "2", "3", "4", "5", "6", "7", "8", "9", "0", "10", "25", "50", "100", "500", "1000"];
    let matches = |value: &str| rule.pattern.matches(&format!("{before}{value}{behind}"));
    let is_integer = |text: &&str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let texts = rule.pattern.texts().unwrap_or(&[]).iter();
    let own = texts.filter_map(|text| text.strip_prefix(before.as_str())?.strip_suffix(behind.as_str()));
    let mut candidates = own.filter(is_integer).chain(USUAL);
    let is_missed = |text: &&str| matches(text) == Some(true) && matches(&format!("{text}.0")) == Some(false);
    candidates.find(is_missed).map(String::from)
}
