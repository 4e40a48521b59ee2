//! `promcfg help COMMAND`: the same text as that of `promcfg COMMAND --help`.

use std::io::Write;

use clap::{Command, CommandFactory};
use promcfg::text::most_similar;

use super::args::{Arguments, HelpArguments};
use super::status::{Failure, Status, Stop};
use super::terminal::Terminal;

pub(crate) fn run(arguments: &HelpArguments, terminal: &Terminal) -> Result<Status, Stop> {
    let mut root = Arguments::command();
    // Commands learn their full names.
    root.build();
    let mut command = &mut root;
    for name in &arguments.command {
        let unknown = unknown_command(command, name);
        command = command.find_subcommand_mut(name).ok_or(unknown)?;
    }
    let text = command.render_help();
    let mut output = terminal.output();
    if terminal.stdout.color {
        write!(output, "{}", text.ansi())?;
    } else {
        write!(output, "{text}")?;
    }
    output.flush()?;
    Ok(Status::Fine)
}

/// Names that other programs have for a command.
const OTHER_NAMES: [(&str, &str); 4] = [
    ("check", "promcfg lint"),
    ("validate", "promcfg lint"),
    ("verify", "promcfg lint"),
    ("version", "promcfg --version"),
];

/// The message for a name that no command has. `parent` is the whole tool, or a command with commands.
pub(crate) fn unknown_command(parent: &Command, name: &str) -> Failure {
    let is_root = parent.get_name() == Arguments::command().get_name();
    if !is_root && !parent.has_subcommands() {
        return Failure::new(format!("unexpected argument {name:?}: `{}` has no commands", parent.get_name()));
    }
    let failure = Failure::new(format!("unknown command {name:?}"));
    let names = parent.get_subcommands().filter(|command| !command.is_hide_set()).map(Command::get_name);
    let other = OTHER_NAMES.into_iter().find(|(other, _)| is_root && *other == name);
    let list = if is_root { "promcfg help".to_string() } else { format!("promcfg help {}", parent.get_name()) };
    match (other, most_similar(name, names)) {
        (Some((_, command)), _) => failure.with_help(format!("did you mean `{command}`?")),
        (None, Some(similar)) => failure.with_help(format!("did you mean `{similar}`?")),
        (None, None) => failure.with_help(format!("list the commands with `{list}`")),
    }
}
