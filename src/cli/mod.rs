//! The command line: arguments in; files, terminal and exit status here; all else is the library's.

mod args;
mod completions;
mod debug;
mod diagnostics;
mod discover;
mod disk;
mod edit;
mod edit_report;
mod help;
mod input;
mod lint;
mod list_targets;
mod manifests;
mod presets;
mod recipes;
mod relabel;
mod render;
mod replace;
mod rule_names;
mod rules;
mod safe;
mod samples;
mod simulate;
mod status;
mod terminal;
mod threads;
mod usage;
mod wrap;

use std::ffi::OsString;
use std::process::ExitCode;

use args::{Arguments, Command, GlobalOptions};
use status::{Status, Stop};
use terminal::Terminal;

/// Runs the tool and gives its exit status.
pub(crate) fn main() -> ExitCode {
    let words: Vec<OsString> = std::env::args_os().collect();
    let arguments = match Arguments::read(&words) {
        Ok(arguments) => arguments,
        Err(error) => return usage::explain(error).into(),
    };
    let Arguments { global, command, .. } = arguments;
    let terminal = Terminal::new(&global);
    let ended = run(command, &global, &terminal).unwrap_or_else(|stop| match stop {
        Stop::ClosedPipe => Status::Fine,
        Stop::Failed(failure) => {
            terminal.fail(&failure);
            failure.status()
        }
    });
    ended.into()
}

fn run(command: Command, global: &GlobalOptions, terminal: &Terminal) -> Result<Status, Stop> {
    // The release that the user named.
    let prometheus = global.prometheus;
    if let Some(root) = &global.root {
        disk::set_root(root)?;
    }
    match command {
        Command::Simulate(arguments) => simulate::run(&arguments, global, terminal),
        Command::Discover(arguments) => discover::run(&arguments, global, terminal),
        Command::Relabel(arguments) => relabel::run(&arguments, global, terminal),
        Command::Render(arguments) => render::run(&arguments, global, terminal),
        Command::Lint(arguments) => lint::run(&arguments, global, terminal),
        Command::AddLabel(arguments) => edit::add_label(&arguments, global, terminal),
        Command::RemoveLabel(arguments) => edit::remove_label(&arguments, global, terminal),
        Command::RenameLabel(arguments) => edit::rename_label(&arguments, global, terminal),
        Command::AddEndpoint(arguments) => edit::add_endpoint(&arguments, global, terminal),
        Command::DropLabel(arguments) => edit::drop_label(&arguments, global, terminal),
        Command::KeepLabel(arguments) => edit::keep_label(&arguments, global, terminal),
        Command::MapLabels(arguments) => edit::map_labels(&arguments, global, terminal),
        Command::AddJob(arguments) => edit::add_job(&arguments, global, terminal),
        Command::RenameJob(arguments) => edit::rename_job(&arguments, global, terminal),
        Command::CopyJob(arguments) => edit::copy_job(&arguments, global, terminal),
        Command::RemoveJob(arguments) => edit::remove_job(&arguments, global, terminal),
        Command::DropMetric(arguments) => edit::drop_metric(&arguments, global, terminal),
        Command::KeepMetric(arguments) => edit::keep_metric(&arguments, global, terminal),
        Command::Limit(arguments) => edit::limit(&arguments, global, terminal),
        Command::Set(arguments) => edit::set(&arguments, global, terminal),
        Command::Edit(arguments) => edit::edit(&arguments, global, terminal),
        Command::Fmt(arguments) => edit::format(&arguments, global, terminal),
        Command::Unset(arguments) => edit::unset(&arguments, global, terminal),
        Command::AddTarget(arguments) => edit::add_target(&arguments, global, terminal),
        Command::RemoveTarget(arguments) => edit::remove_target(&arguments, global, terminal),
        Command::MoveTarget(arguments) => edit::move_target(&arguments, global, terminal),
        Command::DropTarget(arguments) => edit::drop_target(&arguments, global, terminal),
        Command::KeepTarget(arguments) => edit::keep_target(&arguments, global, terminal),
        Command::ListTargets(arguments) => list_targets::run(&arguments, global, terminal),
        Command::Presets(arguments) => presets::run(&arguments, terminal),
        Command::Recipes(arguments) => recipes::run(&arguments, terminal),
        Command::Rules(arguments) => rules::list(&arguments, terminal),
        Command::ExplainRule(arguments) => rules::explain(&arguments, terminal),
        Command::Completions(arguments) => completions::run(&arguments, terminal),
        Command::Help(arguments) => help::run(&arguments, terminal),
        Command::Debug(command) => debug::run(&command, prometheus, terminal),
    }
}
