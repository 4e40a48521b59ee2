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
            format!("never matches {decimal}, which is how Prometheus stores the value {} of `{label}`", go_quote(text))
        } else {
            format!(
                "does not match {decimal}, which is how Prometheus 3.0 stores the value {} of `{label}`",
                go_quote(text)
            )
        };
        sink.push(
            in_rule(list, rule, regex.value, message)
                .with_note("since Prometheus 3.0 whole numbers in `le` and `quantile` end in `.0` before rules run")
                .with_help(format!("write `{text}(\\.0)?` for both forms")),
        );
    }
}

fn is_integer(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}
