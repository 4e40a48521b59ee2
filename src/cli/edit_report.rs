//! The JSON document of an edit, on stdout: also of one whose arguments are wrong.

use std::io::Write;

use promcfg::report::{EditLine, EditReport, edit_json_with, write_document};

use super::status::{Failure, Stop};
use super::terminal::Terminal;
use super::threads::Threads;

/// A command that could not be carried out, as a JSON document.
pub(crate) fn failure_json(failure: &Failure, terminal: &Terminal) -> Result<(), Stop> {
    failure_of_lines_json(failure, Vec::new(), terminal)
}

/// The same of a script, with what came of its lines.
pub(crate) fn failure_of_lines_json(
    failure: &Failure,
    lines: Vec<EditLine<'_>>,
    terminal: &Terminal,
) -> Result<(), Stop> {
    let failure = Some((failure.message.as_str(), failure.help.as_deref()));
    print(&EditReport { failure, lines, ..EditReport::default() }, terminal)
}

pub(crate) fn print(report: &EditReport<'_>, terminal: &Terminal) -> Result<(), Stop> {
    let mut output = terminal.output();
    write_document(&mut output, &edit_json_with(report, &Threads))?;
    output.flush()?;
    Ok(())
}
