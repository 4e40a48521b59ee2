//! External labels that depend on environment variables.

use crate::lint::expansion::{Expansion, expansions};
use crate::lint::rule::{Check, Input};
use crate::lint::sink::{Sink, in_file};

pub(super) const CHECK: Check = Check::Input(check);

fn check(input: &Input<'_>, sink: &mut Sink<'_>) {
    let is_expanded = input.config.release.expands_external_labels();
    for (name, value) in &input.config.global.external_labels {
        let label = &name.value;
        for expansion in expansions(&value.value) {
            let (written, message, help) = match expansion {
                Expansion::Variable { written, name } if !is_expanded => (
                    written,
                    format!("Prometheus 3.0 replaces `{written}` with the environment variable `{name}`"),
                    format!("write `{}` when you move to Prometheus 3.0", written.replacen('$', "$$", 1)),
                ),
                Expansion::Parentheses { .. } if !is_expanded => continue,
                Expansion::Variable { written, name } => (
                    written,
                    format!("Prometheus replaces `{written}` with the environment variable `{name}`"),
                    format!("make sure that `{name}` is set for Prometheus; for a dollar sign, write `$$`"),
                ),
                Expansion::Parentheses { written, name } => (
                    written,
                    format!("Prometheus does not replace `{written}`"),
                    format!("write `${{{name}}}`, unless another program replaces `{written}` before"),
                ),
                Expansion::OddName { .. } | Expansion::Special { .. } | Expansion::Broken { .. } => continue,
            };
            let mut finding = in_file(input.config.file, value.span, format!("external_labels: {message}"))
                .with_argument("label", label.as_str())
                .with_argument("variable", written);
            if matches!(expansion, Expansion::Variable { .. }) {
                if is_expanded {
                    finding = finding.with_note(if written == value.value {
                        format!("if it is not set, `{label}` is empty, and alerts and remote storage do not get it")
                    } else {
                        "if it is not set, the text is empty".to_string()
                    });
                }
                finding = finding.with_note("before Prometheus 3.0, this needed a feature flag");
            }
            sink.push(finding.with_help(help));
        }
    }
}
