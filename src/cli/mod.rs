//! The command line: arguments in; files, terminal and exit status here; all else is the library's.

mod args;
mod completions;
mod debug;
mod diagnostics;
mod edit;
mod input;
mod lint;
mod relabel;
mod replace;
mod rules;
mod samples;
mod simulate;
mod status;
mod terminal;
mod wrap;

use std::io::Write;
use std::process::ExitCode;

use clap::Parser;
use promcfg::Release;

use args::{Arguments, Command};
use status::{Status, Stop};
use terminal::Terminal;

/// Runs the tool and gives its exit status.
pub(crate) fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => return usage(&error),
    };
    let terminal = Terminal::new(arguments.global);
    let ended = run(arguments.command, arguments.global.prometheus, &terminal).unwrap_or_else(|stop| match stop {
        Stop::ClosedPipe => Status::Fine,
        Stop::Failed(failure) => {
            terminal.fail(&failure);
            Status::CouldNot
        }
    });
    ended.into()
}

/// `prometheus` is the release that the user named.
fn run(command: Command, prometheus: Option<Release>, terminal: &Terminal) -> Result<Status, Stop> {
    match command {
        Command::Simulate(arguments) => simulate::run(&arguments, prometheus, terminal),
        Command::Relabel(arguments) => relabel::run(&arguments, prometheus, terminal),
        Command::Lint(arguments) => lint::run(&arguments, prometheus, terminal),
        Command::AddLabel(arguments) => edit::add_label(&arguments, prometheus, terminal),
        Command::RemoveLabel(arguments) => edit::remove_label(&arguments, prometheus, terminal),
        Command::RenameLabel(arguments) => edit::rename_label(&arguments, prometheus, terminal),
        Command::Rules(arguments) => rules::list(&arguments, terminal),
        Command::ExplainRule(arguments) => rules::explain(&arguments, terminal),
        Command::Completions(arguments) => completions::run(&arguments, terminal),
        Command::Debug(command) => debug::run(&command, prometheus, terminal),
    }
}

/// Help and version go to stdout with status 0; wrong usage to stderr with status 2. A closed pipe
/// changes neither.
fn usage(error: &clap::Error) -> ExitCode {
    let is_help = !error.use_stderr();
    let _closed = error.print();
    let _closed = std::io::stdout().flush();
    if is_help { Status::Fine.into() } else { Status::CouldNot.into() }
}
