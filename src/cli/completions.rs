//! `promcfg completions SHELL`.

use std::io::Write;

use clap::CommandFactory;

use super::args::{Arguments, CompletionsArguments};
use super::status::{Status, Stop};
use super::terminal::Terminal;

pub(crate) fn run(arguments: &CompletionsArguments, terminal: &Terminal) -> Result<Status, Stop> {
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut Arguments::command(), "promcfg", &mut script);
    let mut output = terminal.output();
    output.write_all(&script)?;
    output.flush()?;
    Ok(Status::Fine)
}
