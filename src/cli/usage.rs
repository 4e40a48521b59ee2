//! Wrong usage, as an error in the form of all others: what is wrong, and what to do.

use std::error::Error as _;
use std::ffi::OsString;
use std::io::Write;
use std::path::Path;

use clap::CommandFactory;
use clap::error::{ContextKind, ContextValue, Error, ErrorKind};

use super::args::{Arguments, GlobalOptions, why_unused};
use super::edit_report::failure_json;
use super::help::unknown_command;
use super::status::{Failure, Status};
use super::terminal::Terminal;

/// Prints what was asked for (help, version) to stdout, or what is wrong with the arguments to stderr. A
/// closed pipe does not change the status.
pub(crate) fn explain(error: Error) -> Status {
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            let _closed = error.print();
            let _closed = std::io::stdout().flush();
            if error.use_stderr() { Status::CouldNot } else { Status::Fine }
        }
        _ => {
            let terminal = Terminal::new(&GlobalOptions::default());
            let failure = failure(&Wrong(error));
            if wants_edit_as_json() {
                let _closed = failure_json(&failure, &terminal);
            }
            terminal.fail(&failure);
            Status::CouldNot
        }
    }
}

/// Whether the words are those of an edit whose result is wanted as JSON.
fn wants_edit_as_json() -> bool {
    let words: Vec<OsString> = std::env::args_os().collect();
    let is_json = |pair: &[OsString]| (pair[0] == "--format" || pair[0] == "--output-format") && pair[1] == "json";
    let mut root = Arguments::command();
    let is_edit = |command: &mut clap::Command| command.get_arguments().any(|own| own.get_id() == "dry_run");
    (words.windows(2).any(is_json)
        || words.iter().any(|word| word == "--format=json" || word == "--output-format=json"))
        && named_command(&mut root).is_some_and(is_edit)
}

/// What is wrong with the arguments of a line of a script.
pub(crate) fn failure_of(error: Error, command: &str) -> Failure {
    let failure = failure(&Wrong(error));
    // The form of a command line is of no use there.
    let notes = failure.notes.into_iter().filter(|note| !note.starts_with("usage:")).collect();
    let help = failure.help.filter(|help| !help.starts_with("see `promcfg help"));
    Failure { notes, help, ..failure }.or_help(format!("see `promcfg help {command}` and `promcfg help edit`"))
}

/// An error of the parser of arguments.
struct Wrong(Error);

impl Wrong {
    fn texts(&self, kind: ContextKind) -> Vec<String> {
        match self.0.get(kind) {
            Some(ContextValue::String(text)) => vec![text.clone()],
            Some(ContextValue::Strings(texts)) => texts.clone(),
            Some(ContextValue::StyledStr(text)) => vec![text.to_string()],
            Some(ContextValue::StyledStrs(texts)) => texts.iter().map(ToString::to_string).collect(),
            _ => Vec::new(),
        }
    }

    fn text(&self, kind: ContextKind) -> String {
        self.texts(kind).into_iter().next().unwrap_or_default()
    }

    /// `promcfg lint [OPTIONS] [PATH]...`
    fn usage(&self) -> Option<String> {
        let usage = self.text(ContextKind::Usage);
        let usage = usage.trim().strip_prefix("Usage:")?.trim();
        (!usage.is_empty()).then(|| usage.lines().map(str::trim).collect::<Vec<_>>().join(" "))
    }
}

/// The command that the user named, if any.
fn named_command(root: &mut clap::Command) -> Option<&mut clap::Command> {
    root.build();
    let name = std::env::args_os().skip(1).find(|word| root.find_subcommand(word).is_some())?;
    root.find_subcommand_mut(name)
}

/// `promcfg help lint`
fn help_command() -> String {
    match named_command(&mut Arguments::command()) {
        Some(command) => format!("promcfg help {}", command.get_name()),
        None => "promcfg help".to_string(),
    }
}

fn failure(wrong: &Wrong) -> Failure {
    let argument = wrong.text(ContextKind::InvalidArg);
    let failure = match wrong.0.kind() {
        ErrorKind::InvalidSubcommand => return invalid_command(wrong),
        ErrorKind::UnknownArgument => unknown_argument(wrong, &argument),
        ErrorKind::InvalidValue => invalid_value(wrong, &argument),
        ErrorKind::ValueValidation => {
            let source = wrong.0.source().map(ToString::to_string).unwrap_or_default();
            let value = wrong.text(ContextKind::InvalidValue);
            let failure = Failure::new(format!("invalid value {value:?} for {}: {source}", quoted(&argument)));
            // `add-label env=prod prometheus.yml`
            let is_swapped = argument.starts_with('<') && Path::new(&value).exists();
            match named_command(&mut Arguments::command()).filter(|_| is_swapped) {
                Some(command) => {
                    let form = command.render_usage().to_string();
                    failure.with_help(format!("name the file first: {}", form.trim_start_matches("Usage: ")))
                }
                None => failure,
            }
        }
        ErrorKind::MissingRequiredArgument => missing(wrong),
        ErrorKind::ArgumentConflict => conflict(wrong, &argument),
        ErrorKind::MissingSubcommand => Failure::new("missing command"),
        _ => {
            let text = wrong.0.to_string();
            let line = text.lines().next().unwrap_or_default();
            Failure::new(line.strip_prefix("error: ").unwrap_or(line))
        }
    };
    let failure = match wrong.usage() {
        Some(usage) if failure.help.is_none() && shows_usage(wrong.0.kind()) => {
            failure.with_note(format!("usage: {usage}"))
        }
        _ => failure,
    };
    failure.or_help(format!("see `{}`", help_command()))
}

/// Whether the form of the whole command helps; a wrong value is explained by its own message.
fn shows_usage(kind: ErrorKind) -> bool {
    matches!(kind, ErrorKind::UnknownArgument | ErrorKind::MissingRequiredArgument | ErrorKind::MissingSubcommand)
}

fn invalid_command(wrong: &Wrong) -> Failure {
    let name = wrong.text(ContextKind::InvalidSubcommand);
    if Path::new(&name).exists() {
        let failure = Failure::new(format!("expected a command, found the path {name:?}"));
        return failure
            .with_help(format!("check it with `promcfg lint {name}`; list the commands with `promcfg help`"));
    }
    let mut root = Arguments::command();
    match named_command(&mut root) {
        // `promcfg debug nonsense`
        Some(parent) if parent.has_subcommands() => unknown_command(parent, &name),
        _ => unknown_command(&root, &name),
    }
}

fn unknown_argument(wrong: &Wrong, argument: &str) -> Failure {
    if !argument.starts_with('-') {
        return Failure::new(format!("unexpected argument {argument:?}"));
    }
    let words: Vec<OsString> = std::env::args_os().collect();
    let command = words.iter().skip(1).find_map(|word| word.to_str().filter(|word| !word.starts_with('-')));
    let name = argument.trim_start_matches('-').split('=').next().unwrap_or_default();
    if let Some((command, (reason, help))) = command.and_then(|own| Some((own, why_unused(own, name)?))) {
        let failure = Failure::new(format!("{} has no use in `promcfg {command}`", quoted(argument)));
        return failure.with_note(reason).with_help(help);
    }
    let failure = Failure::new(format!("unknown option {}", quoted(argument)));
    let similar = wrong.text(ContextKind::SuggestedArg);
    if !similar.is_empty() {
        return failure.with_help(format!("did you mean {}?", quoted(&similar)));
    }
    // An option of another command, or a command before its option.
    let owners: Vec<String> = options_named(argument);
    match owners.as_slice() {
        [] => failure,
        owners => {
            const MOST: usize = 3;
            let shown: Vec<String> = owners.iter().take(MOST).map(|name| format!("`promcfg {name}`")).collect();
            let more = owners.len().saturating_sub(MOST);
            let more = if more > 0 { format!(" and {more} more commands") } else { String::new() };
            failure.with_help(format!("{} is an option of {}{more}", quoted(argument), shown.join(", ")))
        }
    }
}

/// The commands that have an option.
fn options_named(option: &str) -> Vec<String> {
    let root = Arguments::command();
    let name = option.trim_start_matches('-').split('=').next().unwrap_or_default().to_string();
    let has_it = |command: &&clap::Command| {
        command.get_arguments().any(|argument| argument.get_long() == Some(name.as_str()) && !argument.is_hide_set())
    };
    root.get_subcommands().filter(has_it).map(|command| command.get_name().to_string()).collect()
}

fn invalid_value(wrong: &Wrong, argument: &str) -> Failure {
    let value = wrong.text(ContextKind::InvalidValue);
    let valid = wrong.texts(ContextKind::ValidValue);
    let failure = if value.is_empty() {
        Failure::new(format!("missing value for {}", quoted(argument)))
    } else {
        Failure::new(format!("invalid value {value:?} for {}", quoted(argument)))
    };
    let failure =
        if valid.is_empty() { failure } else { failure.with_note(format!("the values are {}", valid.join(", "))) };
    let similar = wrong.text(ContextKind::SuggestedValue);
    let similar = promcfg::text::most_similar(&value, valid.iter().map(String::as_str)).unwrap_or(&similar);
    if similar.is_empty() { failure } else { failure.with_help(format!("did you mean {similar}?")) }
}

fn missing(wrong: &Wrong) -> Failure {
    let names: Vec<String> = wrong.texts(ContextKind::InvalidArg).iter().map(|name| plain(name)).collect();
    let are_options = names.iter().all(|name| name.starts_with('-'));
    let noun = match (are_options, names.len()) {
        (true, 1) => "option",
        (true, _) => "options",
        (false, 1) => "argument",
        (false, _) => "arguments",
    };
    Failure::new(format!("missing {noun} {}", names.join(", ")))
}

fn conflict(wrong: &Wrong, argument: &str) -> Failure {
    let others = wrong.texts(ContextKind::PriorArg);
    if others.iter().any(|other| other == argument) {
        return Failure::new(format!("{} is given twice", quoted(argument))).with_help("give it once");
    }
    let mut names: Vec<String> = others.iter().map(|name| quoted(name)).collect();
    names.insert(0, quoted(argument));
    let last = names.pop().unwrap_or_default();
    Failure::new(format!("{} and {last} cannot be combined", names.join(", "))).with_help("remove one of them")
}

/// The name of an argument as a user writes it: `--job`, `CONFIG`.
fn quoted(argument: &str) -> String {
    let name = plain(argument);
    let option = name.split([' ', '=']).next().unwrap_or_default();
    let name = if name.starts_with('-') { option } else { &name };
    format!("`{name}`")
}

/// `<CONFIG>` without its brackets.
fn plain(argument: &str) -> String {
    argument.replace(['<', '>', '[', ']'], "").trim_end_matches("...").to_string()
}
