//! The terminal: where the result and the messages go, in which colors and how wide.

use std::io::{self, BufWriter, IsTerminal, StdoutLock, Write};

use anstream::AutoStream;

use promcfg::report::{Finding, LintReport, Look, bounded_sentence, escape_text, masked_value, shown_path};
use promcfg::{Diagnostic, Severity, Sources};

use super::args::{Color, GlobalOptions};
use super::diagnostics;
use super::safe::{SafeLines, safe_text};
use super::status::Failure;

/// What is known of stdout and stderr.
#[derive(Debug, Clone)]
pub(crate) struct Terminal {
    /// No warnings, notes and summaries.
    pub(crate) quiet: bool,
    /// How to draw on stdout.
    pub(crate) stdout: Look,
    /// How to draw on stderr.
    pub(crate) stderr: Look,
}

impl Terminal {
    pub(crate) fn new(options: &GlobalOptions) -> Self {
        let choice = match options.color {
            Color::Auto => anstream::ColorChoice::Auto,
            Color::Always => anstream::ColorChoice::Always,
            Color::Never => anstream::ColorChoice::Never,
        };
        choice.write_global();
        let unicode = speaks_unicode();
        let stdout = Look {
            color: AutoStream::choice(&io::stdout()) != anstream::ColorChoice::Never,
            unicode: unicode && io::stdout().is_terminal(),
            width: Some(columns(terminal_size::terminal_size_of(io::stdout()))),
        };
        let stderr = Look {
            color: AutoStream::choice(&io::stderr()) != anstream::ColorChoice::Never,
            unicode: unicode && io::stderr().is_terminal(),
            width: Some(columns(terminal_size::terminal_size_of(io::stderr()))),
        };
        Self { quiet: options.quiet, stdout, stderr }
    }

    /// Where the result goes: buffered, to be flushed at the end. Unlike `println!`, writing to a
    /// closed pipe is an error to be passed on, not a panic.
    #[expect(clippy::unused_self, reason = "whoever writes a result has a terminal")]
    pub(crate) fn output(&self) -> BufWriter<StdoutLock<'static>> {
        BufWriter::with_capacity(1 << 16, io::stdout().lock())
    }

    /// Where a result for people goes: as [`output`](Self::output), each line made safe.
    pub(crate) fn text(&self) -> SafeLines<BufWriter<StdoutLock<'static>>> {
        SafeLines::new(self.output())
    }

    /// Tells what is to be said about the config and its targets; only errors with `--quiet`.
    pub(crate) fn show(&self, sources: &Sources, diagnostics: &[Diagnostic]) {
        let is_shown = |diagnostic: &&Diagnostic| !self.quiet || diagnostic.severity == Severity::Error;
        let finding = |diagnostic| Finding { sources, diagnostic, is_failure: false };
        let report = LintReport::new(diagnostics.iter().filter(is_shown).map(finding).collect(), Vec::new());
        let shown = report.findings.iter().map(|finding| finding.diagnostic);
        let mut text = diagnostics::draw(sources, shown, self.stderr);
        for omitted in &report.omitted {
            text.push_str(&format!("note: {}: {}\n", shown_path(omitted.file), omitted.sentence()));
        }
        let _closed = io::stderr().write_all(safe_text(&text).as_bytes());
    }

    /// Tells something that is neither an error nor about a place.
    pub(crate) fn note(&self, text: &str) {
        if !self.quiet {
            let _closed = writeln!(io::stderr(), "note: {}", escape_text(&bounded_sentence(masked_value(text))));
        }
    }

    /// Says what makes a result doubtful, and what to do about it.
    pub(crate) fn warn(&self, message: &str, help: &str) {
        if self.quiet {
            return;
        }
        let paint = |codes: &'static str| if self.stderr.color { codes } else { "" };
        let (yellow, cyan, plain) = (paint("\x1b[1;33m"), paint("\x1b[36m"), paint("\x1b[0m"));
        let shown = |text: &str| escape_text(&bounded_sentence(masked_value(text))).into_owned();
        let mut text = format!("{yellow}warning{plain}: {}\n", shown(message));
        if !help.is_empty() {
            text.push_str(&format!("  {cyan}help{plain}: {}\n", shown(help)));
        }
        let _closed = io::stderr().write_all(text.as_bytes());
    }

    /// Tells why it could not be done.
    pub(crate) fn fail(&self, failure: &Failure) {
        let paint = |codes: &'static str| if self.stderr.color { codes } else { "" };
        let (red, cyan, bold, plain) = (paint("\x1b[1;31m"), paint("\x1b[36m"), paint("\x1b[1m"), paint("\x1b[0m"));
        let mut text = format!("{red}error{plain}{bold}: {}{plain}\n", escape_text(&masked_value(&failure.message)));
        for note in &failure.notes {
            text.push_str(&format!("  note: {}\n", escape_text(&masked_value(note))));
        }
        if let Some(help) = &failure.help {
            text.push_str(&format!("  {cyan}help{plain}: {}\n", escape_text(&masked_value(help))));
        }
        let _closed = io::stderr().write_all(text.as_bytes());
    }
}

/// Whether the environment's locale is one of UTF-8.
fn speaks_unicode() -> bool {
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"]
        .into_iter()
        .filter_map(|name| std::env::var(name).ok())
        .find(|value| !value.is_empty());
    cfg!(windows) || locale.is_some_and(|locale| locale.to_ascii_lowercase().replace('-', "").contains("utf8"))
}

/// The width of a terminal; without one that of `COLUMNS`, or 80: logs and mails are read in narrow windows.
fn columns(size: Option<(terminal_size::Width, terminal_size::Height)>) -> usize {
    const NARROWEST: usize = 40;
    const WITHOUT_TERMINAL: usize = 80;
    let given = || std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
    let width = size.map(|(width, _)| usize::from(width.0)).or_else(given);
    width.unwrap_or(WITHOUT_TERMINAL).max(NARROWEST)
}
