//! A dollar sign in an external label that has an unexpected meaning.

use crate::lint::expansion::{Expansion, expansions};
use crate::lint::rule::{Check, Input};
use crate::lint::sink::{Sink, in_file};

pub(super) const CHECK: Check = Check::Input(check);

fn check(input: &Input<'_>, sink: &mut Sink<'_>) {
    for (label, value) in &input.config.global.external_labels {
        for expansion in expansions(&value.value) {
            let (written, message, help) = match expansion {
                Expansion::OddName { written, name } => (
                    written,
                    format!("`{written}` is a variable named `{name}`, which is never set"),
                    default_help(name),
                ),
                Expansion::Special { written } => (
                    written,
                    format!("`{written}` is an environment variable, which is never set"),
                    format!("for a dollar sign, write `$${}`", &written[1..]),
                ),
                Expansion::Broken { written } => (
                    written,
                    format!("`{written}` is an incomplete variable, which is removed"),
                    "for a dollar sign, write `$$`".to_string(),
                ),
                _ => continue,
            };
            let finding = in_file(input.config.file, value.span, format!("external_labels: {message}"));
            sink.push(
                finding
                    .with_argument("label", &label.value)
                    .with_argument("variable", written)
                    .with_note("Prometheus expands `$NAME` and `${NAME}` here, but no other forms of the shell, such as defaults")
                    .with_help(help),
            );
        }
    }
}

/// What to do about `${NAME:-default}` and the like.
fn default_help(name: &str) -> String {
    let end = name.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(name.len());
    if end == 0 {
        return "for a dollar sign, write `$$`".to_string();
    }
    format!("write `${{{}}}`, and set the variable in the environment of Prometheus", &name[..end])
}
