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

/// The message for a name that no command has.
pub(crate) fn unknown_command(parent: &Command, name: &str) -> Failure {
    let failure = Failure::new(format!("unknown command {name:?}"));
    let names = parent.get_subcommands().filter(|command| !command.is_hide_set()).map(Command::get_name);
    match most_similar(name, names) {
        Some(similar) => failure.with_help(format!("did you mean `{similar}`?")),
        None => failure.with_help("list the commands with `promcfg help`"),
    }
}
