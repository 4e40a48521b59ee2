//! External labels that depend on the environment Prometheus is started in.

use crate::lint::expansion::{Expansion, expansions};
use crate::lint::rule::{Check, Input};
use crate::lint::sink::{Sink, in_file};

pub(super) const CHECK: Check = Check::Input(check);

fn check(input: &Input<'_>, sink: &mut Sink<'_>) {
    let is_expanded = input.config.release.expands_external_labels();
    for (name, value) in &input.config.global.external_labels {
        let label = &name.value;
        for expansion in expansions(&value.value) {
            let (message, help) = match expansion {
                Expansion::Variable { written, name } if !is_expanded => (
                    format!("`{written}` stays as it is, but Prometheus 3.0 replaces it by the variable `{name}`"),
                    format!("write `{}` when you move to Prometheus 3.0", written.replacen('$', "$$", 1)),
                ),
                Expansion::Parentheses { .. } if !is_expanded => continue,
                Expansion::Variable { written, name } => (
                    format!("`{written}` is filled in from the environment, and is empty where `{name}` is not set"),
                    format!("see that `{name}` is set for Prometheus; for a dollar sign write `$$`"),
                ),
                Expansion::Parentheses { written, name } => (
                    format!("`{written}` stays as it is: Prometheus does not know this form"),
                    format!(
                        "write `${{{name}}}`, unless something replaces `{written}` before Prometheus reads the file"
                    ),
                ),
                _ => continue,
            };
            let mut finding = in_file(input.config.file, value.span, format!("external_labels: {message}"));
            if is_expanded
                && expansions(&value.value).len() == 1
                && matches!(expansion, Expansion::Variable { written, .. } if written == value.value)
            {
                finding = finding
                    .with_note(format!("an empty label is as good as none: what is sent away has no `{label}` then"));
            }
            sink.push(finding.with_note("before Prometheus 3.0 this took a feature flag").with_help(help));
        }
    }
}
