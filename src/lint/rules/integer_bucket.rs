//! A whole number compared with `le` or `quantile`, whose values are decimals since Prometheus 3.0.

use crate::analysis::{RelabelList, Stage};
use crate::lint::rule::Check;
use crate::lint::sink::{Sink, in_rule};
use crate::text::go_quote;

pub(super) const CHECK: Check = Check::List(check);

fn check(list: &RelabelList<'_>, sink: &mut Sink<'_>) {
    let Some(job) = list.job.filter(|_| list.stage == Stage::Metric) else { return };
    for rule in &list.rules {
        let ([label], Some(regex)) = (rule.sources(), rule.rule.field("regex")) else { continue };
        let is_number = matches!(label.as_str(), "le" | "quantile") && !list.may_be_written_before(rule.index, label);
        let texts = rule.pattern.texts().filter(|_| is_number).unwrap_or(&[]);
        let Some(text) = texts.iter().find(|text| is_integer(text) && !texts.contains(&format!("{text}.0").into()))
        else {
            continue;
        };
        let decimal = go_quote(&format!("{text}.0"));
        let message = if job.release.has_float_buckets() {
            format!("`{text}` does not match {decimal}, the form in which Prometheus stores this value of `{label}`")
        } else {
            format!(
                "`{text}` does not match {decimal}, the form in which Prometheus 3.0 stores this value of `{label}`"
            )
        };
        sink.push(
            in_rule(list, rule, regex.value, message)
                .with_argument("label", label.as_str())
                .with_argument("pattern", rule.pattern.text())
                .with_note("since Prometheus 3.0, `le` and `quantile` have decimals such as `1.0` when the rules run")
                .with_help(format!("write `{text}(\\.0)?` for both forms")),
        );
    }
}

fn is_integer(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}
