//! A dollar sign in an external label that is not read as it looks.

use crate::lint::expansion::{Expansion, expansions};
use crate::lint::rule::{Check, Input};
use crate::lint::sink::{Sink, in_file};

pub(super) const CHECK: Check = Check::Input(check);

fn check(input: &Input<'_>, sink: &mut Sink<'_>) {
    for (_, value) in &input.config.global.external_labels {
        for expansion in expansions(&value.value) {
            let (message, help) = match expansion {
                Expansion::OddName { written, name } => (
                    format!("`{written}` is read as a variable with the name `{name}`, which is not set anywhere"),
                    default_help(name),
                ),
                Expansion::Special { written } => (
                    format!("`{written}` is read as a variable, and taken out"),
                    format!("for a dollar sign write `$${}`", &written[1..]),
                ),
                Expansion::Broken { written } => (
                    format!("`{written}` is taken out: it is the beginning of a variable without a name or an end"),
                    "for a dollar sign write `$$`".to_string(),
                ),
                _ => continue,
            };
            let finding = in_file(input.config.file, value.span, format!("external_labels: {message}"));
            sink.push(
                finding
                    .with_note("variables of the environment are filled in here, `$NAME` or `${NAME}`, without defaults or other forms of the shell")
                    .with_help(help),
            );
        }
    }
}

/// What to do about `${NAME:-default}` and the like.
fn default_help(name: &str) -> String {
    let end = name.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(name.len());
    if end == 0 {
        return "for a dollar sign write `$$`".to_string();
    }
    format!("write `${{{}}}`, and set it where Prometheus is started", &name[..end])
}
