//! `promcfg edit --script`: several edits as one change.

use std::cell::RefCell;
use std::rc::Rc;

use clap::{Arg, Command, CommandFactory};
use promcfg::report::shown_path;
use promcfg::text::most_similar;
use serde_json::{Map, Value};

use super::super::args::{Arguments, EditFormat, GlobalOptions, ScriptArguments};
use super::super::input;
use super::super::replace::write_changes;
use super::super::status::{Failure, Status, Stop};
use super::super::terminal::Terminal;
use super::super::usage;
use super::batch::Batch;
use super::output;

/// What the edits of a script have made so far. The commands of its lines add to it, and write nothing.
#[derive(Debug, Default)]
pub(crate) struct Script {
    made: RefCell<Made>,
}

#[derive(Debug, Default)]
struct Made {
    batch: Batch,
    words: Vec<String>,
    line: usize,
    /// Whether the command of the line has given what comes of it.
    is_given: bool,
}

impl Script {
    /// The files as the lines before leave them.
    pub(super) fn take(&self) -> Batch {
        std::mem::take(&mut self.made.borrow_mut().batch)
    }

    /// Adds what comes of a line.
    pub(super) fn give(&self, batch: Batch, words: Vec<String>) {
        let mut made = self.made.borrow_mut();
        let line = made.line;
        (made.batch, made.is_given) = (batch, true);
        made.words.extend(words.into_iter().map(|words| format!("line {line}: {words}")));
    }

    fn begin(&self, line: usize) {
        let mut made = self.made.borrow_mut();
        (made.line, made.is_given) = (line, false);
    }

    /// Whether the command of the line makes its edit on the files of the script.
    fn is_given(&self) -> bool {
        self.made.borrow().is_given
    }
}

pub(crate) fn edit(arguments: &ScriptArguments, global: &GlobalOptions, terminal: &Terminal) -> Result<Status, Stop> {
    let outcome = run(arguments, global, terminal);
    if let (EditFormat::Json, Err(Stop::Failed(failure))) = (arguments.options.format, &outcome) {
        output::failure_json(failure, terminal)?;
    }
    outcome
}

fn run(arguments: &ScriptArguments, global: &GlobalOptions, terminal: &Terminal) -> Result<Status, Stop> {
    let name = input::shown_name(&arguments.script).to_string();
    let bytes = input::read_bytes(&arguments.script, "script")?;
    let text = String::from_utf8(bytes).map_err(|_| Failure::new(format!("the script {name} is not UTF-8")))?;
    let script = Rc::new(Script::default());
    let global = global.for_script(&script);
    for (number, line) in text.lines().enumerate() {
        let line = line.trim_start_matches('\u{feff}').trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        script.begin(number + 1);
        let at = |stop: Stop| match stop {
            Stop::Failed(failure) => {
                let message = format!("{}:{}: {}", shown_path(&name), number + 1, failure.message);
                Stop::Failed(Failure { message, ..failure })
            }
            Stop::ClosedPipe => Stop::ClosedPipe,
        };
        let words = words_of(line).map_err(|failure| at(failure.into()))?;
        let command = Arguments::read(&words).map_err(|error| at(usage::failure_of(error).into()))?.command;
        let status = crate::cli::run(command, &global, terminal).map_err(at)?;
        if !script.is_given() {
            return Err(at(Failure::new("this command cannot be used in a script").into()));
        }
        if status != Status::Fine {
            return refuse(script.take(), &name, number + 1, arguments, terminal).map(|()| status);
        }
    }
    drop(global);
    let made = script.made.take();
    finish(&made.batch, &made.words, arguments, terminal)
}

/// Shows why a line is refused: nothing is written.
fn refuse(batch: Batch, name: &str, line: usize, arguments: &ScriptArguments, terminal: &Terminal) -> Result<(), Stop> {
    let words = format!("{}:{line}: this edit is refused, no file was written", shown_path(name));
    match arguments.options.format {
        EditFormat::Json => {
            let mut batch = batch;
            batch.notes.push(words);
            output::json(&batch, false, terminal)
        }
        EditFormat::Human => {
            batch.refused.iter().for_each(|config| terminal.show(&config.sources, &config.refusals));
            terminal.note(&words);
            Ok(())
        }
    }
}

/// Shows what changes, and writes it unless that is not wanted.
fn finish(batch: &Batch, words: &[String], arguments: &ScriptArguments, terminal: &Terminal) -> Result<Status, Stop> {
    let (mode, files) = (&arguments.options.mode, &batch.pending.changes);
    let is_written = !(mode.check || mode.dry_run || mode.stdout || files.is_empty());
    let status = if mode.check && !files.is_empty() { Status::Found } else { Status::Fine };
    if arguments.options.format == EditFormat::Human && mode.check {
        output::list_changed(files, terminal)?;
        return Ok(status);
    }
    if arguments.options.format == EditFormat::Human {
        let notes = batch.edited.iter().flat_map(|edited| &edited.change.notes);
        notes.chain(&batch.notes).for_each(|note| terminal.note(note));
        match mode.stdout {
            true => output::only_file(files, words, terminal)?,
            false => output::show(files, words, terminal)?,
        }
    }
    if is_written {
        let help = "show the changes with --dry-run";
        let notes = write_changes(files).map_err(|failure| failure.or_help(help))?;
        notes.iter().for_each(|note| terminal.note(note));
    }
    if arguments.options.format == EditFormat::Json {
        output::json(batch, is_written, terminal)?;
    }
    Ok(status)
}

/// A line of a script as the words of a command line.
fn words_of(line: &str) -> Result<Vec<std::ffi::OsString>, Failure> {
    let value: Value = serde_json::from_str(line).map_err(|error| Failure::new(format!("invalid JSON: {error}")))?;
    let Value::Object(mut object) = value else {
        return Err(Failure::new("expected a JSON object").with_help(EXAMPLE));
    };
    let name = match object.remove("command") {
        Some(Value::String(name)) => name,
        Some(_) => return Err(Failure::new("`command` is not a string").with_help(EXAMPLE)),
        None => return Err(Failure::new("missing `command`").with_help(EXAMPLE)),
    };
    let root = Arguments::command();
    let command = edit_command(&root, &name)?;
    // A command writes nothing by itself, whatever it knows of scripts.
    let mut words = vec!["promcfg".to_string(), name.clone(), "--dry-run".to_string()];
    let mut positionals: Vec<(usize, Vec<String>)> = Vec::new();
    for (key, value) in &object {
        let argument = argument_of(command, key, &object)?;
        let values = values_of(key, value, argument)?;
        match argument.get_long() {
            Some(long) => words.extend(values.into_iter().map(|value| match value {
                Some(value) => format!("--{long}={value}"),
                None => format!("--{long}"),
            })),
            None => {
                let place = command.get_positionals().position(|own| own.get_id() == argument.get_id());
                positionals.push((place.unwrap_or(0), values.into_iter().flatten().collect()));
            }
        }
    }
    positionals.sort_by_key(|(place, _)| *place);
    words.push("--".to_string());
    words.extend(positionals.into_iter().flat_map(|(_, values)| values));
    if words.iter().skip(2).skip_while(|word| *word != "--").any(|word| word == "-") {
        return Err(Failure::new("a script edits files, not standard input").with_help("name the file"));
    }
    Ok(words.into_iter().map(Into::into).collect())
}

const EXAMPLE: &str =
    "for example {\"command\": \"add-label\", \"config\": \"prometheus.yml\", \"labels\": [\"env=prod\"]}";

/// A command that edits: one that can show its change without writing it.
fn edit_command<'c>(root: &'c Command, name: &str) -> Result<&'c Command, Failure> {
    let is_edit = |command: &&Command| {
        command.get_name() != "edit" && command.get_arguments().any(|argument| argument.get_id() == "dry_run")
    };
    let commands: Vec<&Command> = root.get_subcommands().filter(is_edit).collect();
    if let Some(command) = commands.iter().find(|command| command.get_name() == name) {
        return Ok(command);
    }
    let names: Vec<&str> = commands.iter().map(|command| command.get_name()).collect();
    let failure = Failure::new(format!("{name:?} is not a command that edits"));
    Err(match most_similar(name, names.iter().copied()) {
        Some(similar) => failure.with_help(format!("did you mean `{similar}`?")),
        None => failure.with_help(format!("the commands are {}", names.join(", "))),
    })
}

/// The options of a whole script, which none of its lines has.
const OF_SCRIPT: [&str; 4] = ["dry_run", "check", "stdout", "format"];

/// The argument with a name: its long one, or for a positional that of its value; `-` and `_` are the same.
fn argument_of<'c>(command: &'c Command, key: &str, object: &Map<String, Value>) -> Result<&'c Arg, Failure> {
    let wanted = key.replace('-', "_").to_lowercase();
    let names = |argument: &Arg| -> Vec<String> {
        let value_names = argument.get_value_names().unwrap_or_default().iter().map(ToString::to_string);
        let values = value_names.filter(|_| argument.is_positional());
        let longs = argument.get_long_and_visible_aliases().unwrap_or_default().into_iter().map(str::to_string);
        let id = argument.is_positional().then(|| argument.get_id().to_string());
        longs.chain(id).chain(values).map(|name| name.replace('-', "_").to_lowercase()).collect()
    };
    let is_known = |argument: &&Arg| !OF_SCRIPT.contains(&argument.get_id().as_str()) && !argument.is_hide_set();
    let known: Vec<&Arg> = command.get_arguments().filter(is_known).collect();
    if let Some(argument) = known.iter().find(|argument| names(argument).contains(&wanted)) {
        return Ok(argument);
    }
    if OF_SCRIPT.contains(&wanted.as_str()) {
        let failure = Failure::new(format!("`{key}` is an option of the whole script"));
        return Err(failure.with_help(format!("run promcfg edit --{}", wanted.replace('_', "-"))));
    }
    let all: Vec<String> = known.iter().filter_map(|argument| names(argument).into_iter().next()).collect();
    let failure = Failure::new(format!("unknown argument `{key}` of {}", command.get_name()));
    let left = all.iter().map(String::as_str).filter(|name| !object.contains_key(*name));
    Err(match most_similar(&wanted, left) {
        Some(similar) => failure.with_help(format!("did you mean `{similar}`?")),
        None => failure.with_help(format!("the arguments are {}", all.join(", "))),
    })
}

/// The values of an argument; `None` for an option without a value.
fn values_of(key: &str, value: &Value, argument: &Arg) -> Result<Vec<Option<String>>, Failure> {
    let is_flag = !argument.get_action().takes_values();
    let text = |value: &Value| match value {
        Value::String(text) => Ok(Some(text.clone())),
        Value::Number(number) => Ok(Some(number.to_string())),
        Value::Bool(_) | Value::Null | Value::Array(_) | Value::Object(_) => {
            Err(Failure::new(format!("the value of `{key}` is not a string"))
                .with_help("write a string, or an array of strings"))
        }
    };
    match value {
        Value::Null | Value::Bool(false) => Ok(Vec::new()),
        Value::Bool(true) if is_flag => Ok(vec![None]),
        _ if is_flag => Err(Failure::new(format!("`{key}` is an option without a value")).with_help("write true")),
        Value::Array(values) => values.iter().map(text).collect(),
        value => Ok(vec![text(value)?]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(line: &str) -> Result<Vec<String>, String> {
        let words =
            words_of(line).map_err(|failure| format!("{} ({})", failure.message, failure.help.unwrap_or_default()));
        words.map(|words| words.into_iter().map(|word| word.to_string_lossy().into_owned()).collect())
    }

    #[test]
    fn a_line_is_a_command_line() {
        let line = r#"{"command":"add-label","labels":["env=prod","-x=y"],"config":"p.yml","job":["a","b"],"overwrite":true,"force":false}"#;
        let mut found = words(line).unwrap();
        let rest = found.split_off(found.iter().position(|word| word == "--").unwrap());
        assert_eq!(rest, ["--", "p.yml", "env=prod", "-x=y"]);
        found.sort();
        assert_eq!(found, ["--dry-run", "--job=a", "--job=b", "--overwrite", "add-label", "promcfg"]);
    }

    #[test]
    fn what_no_command_has_is_an_error_with_the_nearest_name() {
        for (line, message) in [
            ("[]", "expected a JSON object"),
            ("{", "invalid JSON"),
            (r#"{"config":"p.yml"}"#, "missing `command`"),
            (r#"{"command":"lint"}"#, "\"lint\" is not a command that edits"),
            (r#"{"command":"add-lable"}"#, "did you mean `add-label`?"),
            (r#"{"command":"edit"}"#, "\"edit\" is not a command that edits"),
            (r#"{"command":"add-label","jobs":"a"}"#, "did you mean `job`?"),
            (r#"{"command":"add-label","dry-run":true}"#, "`dry-run` is an option of the whole script"),
            (r#"{"command":"add-label","overwrite":"x"}"#, "`overwrite` is an option without a value"),
            (r#"{"command":"add-label","config":{}}"#, "the value of `config` is not a string"),
            (r#"{"command":"add-label","config":"-"}"#, "not standard input"),
        ] {
            let error = words(line).unwrap_err();
            assert!(error.contains(message), "{line}: {error}");
        }
    }
}
