//! `promcfg edit --script`: several edits as one change.

use std::cell::RefCell;
use std::collections::HashSet;
use std::ffi::OsString;
use std::rc::Rc;

use clap::{Arg, Command, CommandFactory};
use promcfg::edit::Grade;
use promcfg::report::{EditLine, EditLineOutcome, shown_path};
use promcfg::text::most_similar;
use serde_json::{Map, Value};

use super::super::args::{Arguments, EditFormat, GlobalOptions, ScriptArguments, why_unused};
use super::super::edit_report::failure_of_lines_json;
use super::super::input;
use super::super::replace::{check_folders, write_changes};
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
    lines: Vec<Line>,
    /// Whether the command of the present line has given what comes of it.
    is_given: bool,
}

/// A line, and what came of it.
#[derive(Debug, Default)]
struct Line {
    number: usize,
    command: Option<String>,
    outcome: EditLineOutcome,
    words: Vec<String>,
    files: Vec<String>,
    grade: Option<Grade>,
}

impl Script {
    /// The files as the lines before leave them.
    pub(super) fn take(&self) -> Batch {
        std::mem::take(&mut self.made.borrow_mut().batch)
    }

    /// Adds what comes of a line: the files with it, its effect in words, the files that it changes, and how certain the
    /// effect is.
    pub(super) fn give(&self, batch: Batch, words: Vec<String>, (files, grade): (Vec<String>, Option<Grade>)) {
        let mut made = self.made.borrow_mut();
        let outcome = match (batch.refused.is_empty(), files.is_empty()) {
            (false, _) => EditLineOutcome::Refused,
            (true, true) => EditLineOutcome::Unchanged,
            (true, false) => EditLineOutcome::Changed,
        };
        (made.batch, made.is_given) = (batch, true);
        if let Some(line) = made.lines.last_mut() {
            *line = Line { outcome, words, files, grade, ..std::mem::take(line) };
        }
    }

    /// Begins a line, which fails unless it comes to its end.
    fn begin(&self, number: usize) {
        let mut made = self.made.borrow_mut();
        made.lines.push(Line { number, outcome: EditLineOutcome::Failed, ..Line::default() });
        made.is_given = false;
    }

    /// The number of the present line.
    pub(super) fn line(&self) -> usize {
        self.made.borrow().lines.last().map_or(0, |line| line.number)
    }

    fn name_command(&self, name: &str) {
        if let Some(line) = self.made.borrow_mut().lines.last_mut() {
            line.command = Some(name.to_string());
        }
    }

    /// Whether the command of the line makes its edit on the files of the script.
    fn is_given(&self) -> bool {
        self.made.borrow().is_given
    }
}

impl Made {
    /// What the lines do, each with its number.
    fn words(&self) -> Vec<String> {
        let of_line = |line: &Line| line.words.iter().map(|words| format!("line {}: {words}", line.number)).collect();
        self.lines.iter().flat_map(|line| -> Vec<String> { of_line(line) }).collect()
    }

    /// The lines as they are reported.
    fn reports(&self) -> Vec<EditLine<'_>> {
        let lines = self.lines.iter().map(|line| EditLine {
            line: line.number,
            command: line.command.as_deref(),
            outcome: line.outcome,
            files: line.files.iter().map(String::as_str).collect(),
            grade: line.grade,
            summary: line.words.iter().map(String::as_str).collect(),
        });
        lines.collect()
    }
}

pub(crate) fn edit(arguments: &ScriptArguments, global: &GlobalOptions, terminal: &Terminal) -> Result<Status, Stop> {
    let script = Rc::new(Script::default());
    let outcome = run(&script, arguments, global, terminal);
    if let (EditFormat::Json, Err(Stop::Failed(failure))) = (arguments.options.format, &outcome) {
        failure_of_lines_json(failure, script.made.borrow().reports(), terminal)?;
    }
    outcome
}

fn run(
    script: &Rc<Script>,
    arguments: &ScriptArguments,
    global: &GlobalOptions,
    terminal: &Terminal,
) -> Result<Status, Stop> {
    let name = input::shown_name(&arguments.script).to_string();
    let bytes = input::read_bytes(&arguments.script, "script")?;
    let text = String::from_utf8(bytes).map_err(|_| Failure::new(format!("the script {name} is not UTF-8")))?;
    let lines = Lines { root: Arguments::command(), config: arguments.config.as_deref() };
    let global = global.for_script(script);
    for (number, line) in text.lines().enumerate() {
        let line = line.trim_start_matches('\u{feff}').trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        script.begin(number + 1);
        let status = lines.run(line, script, &global, terminal).map_err(|stop| match stop {
            Stop::Failed(failure) => {
                let message = format!("{}:{}: {}", shown_path(&name), number + 1, failure.message);
                Stop::Failed(Failure { message, ..failure })
            }
            Stop::ClosedPipe => Stop::ClosedPipe,
        })?;
        if status != Status::Fine {
            return refuse(&script.made.borrow(), &name, arguments, terminal).map(|()| status);
        }
    }
    finish(&script.made.borrow(), arguments, terminal)
}

/// What is the same for all lines.
struct Lines<'l> {
    /// All commands.
    root: Command,
    /// The config of lines that name none.
    config: Option<&'l str>,
}

impl Lines<'_> {
    /// Makes the edit of a line, without writing it.
    fn run(&self, line: &str, script: &Script, global: &GlobalOptions, terminal: &Terminal) -> Result<Status, Stop> {
        let mut object = object_of(line)?;
        let name = name_of(&mut object)?;
        let command = edit_command(&self.root, &name)?;
        script.name_command(&name);
        let words = words_of(command, object, self.config)?;
        let read = Arguments::read_line(command, &words);
        let command = read.map_err(|error| usage::failure_of(error, &name))?;
        let status = crate::cli::run(command, global, terminal)?;
        match script.is_given() {
            true => Ok(status),
            false => Err(Failure::new("this command cannot be used in a script").into()),
        }
    }
}

/// Shows why a line is refused: nothing is written.
fn refuse(made: &Made, name: &str, arguments: &ScriptArguments, terminal: &Terminal) -> Result<(), Stop> {
    let line = made.lines.last().map_or(0, |line| line.number);
    let words = format!("{}:{line}: this edit is refused, no file was written", shown_path(name));
    match arguments.options.format {
        EditFormat::Json => output::json_of_lines(&made.batch, made.reports(), &[&words], false, terminal),
        EditFormat::Human => {
            made.batch.refused.iter().for_each(|config| terminal.show(&config.sources, &config.refusals));
            terminal.note(&words);
            Ok(())
        }
    }
}

/// Shows what changes, and writes it unless that is not wanted.
fn finish(made: &Made, arguments: &ScriptArguments, terminal: &Terminal) -> Result<Status, Stop> {
    let (batch, mode) = (&made.batch, &arguments.options.mode);
    let files = &batch.pending.changes;
    check_folders(files)?;
    let is_written = !(mode.check || mode.dry_run || mode.stdout || files.is_empty());
    let status = if mode.check && !files.is_empty() { Status::Found } else { Status::Fine };
    if arguments.options.format == EditFormat::Human && mode.check {
        output::list_changed(files, terminal)?;
        return Ok(status);
    }
    let help = "show the changes with --dry-run";
    let written = if is_written { write_changes(files).map_err(|failure| failure.or_help(help))? } else { Vec::new() };
    if arguments.options.format == EditFormat::Human {
        let mut seen = HashSet::new();
        let notes = batch.edited.iter().flat_map(|edited| &edited.change.notes).chain(&batch.notes);
        notes.filter(|note| seen.insert(note.as_str())).for_each(|note| terminal.note(note));
        match mode.stdout {
            true => output::only_file(batch, &made.words(), terminal)?,
            false => output::show(files, &made.words(), terminal)?,
        }
    }
    written.iter().for_each(|note| terminal.note(note));
    if arguments.options.format == EditFormat::Json {
        output::json_of_lines(batch, made.reports(), &[], is_written, terminal)?;
    }
    if made.lines.is_empty() {
        terminal.note("the script has no lines");
    }
    Ok(status)
}

/// The object of a line.
fn object_of(line: &str) -> Result<Map<String, Value>, Failure> {
    match serde_json::from_str::<Value>(line) {
        Ok(Value::Object(object)) => {
            match serde_json::from_str(line) {
                Ok(Keys { repeated: Some(key) }) => Err(Failure::new(format!("`{key}` is given twice"))
                    .with_help("give several values as an array of strings")),
                Ok(Keys { repeated: None }) | Err(_) => Ok(object),
            }
        }
        Ok(_) => Err(Failure::new("expected a JSON object").with_help(EXAMPLE)),
        Err(_) if !line.starts_with('{') => Err(Failure::new("the line is not a JSON object").with_help(EXAMPLE)),
        Err(error) => {
            // Each line is a text of its own: only the column says something.
            let words = error.to_string();
            let words = words.split(" at line ").next().unwrap_or_default();
            let column = error.column();
            Err(Failure::new(format!("invalid JSON in column {column}: {words}")).with_help(EXAMPLE))
        }
    }
}

/// The keys of an object, of which each is to be given once: names that differ only in `-` and `_` are the same.
struct Keys {
    repeated: Option<String>,
}

impl<'de> serde::Deserialize<'de> for Keys {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(KeysVisitor)
    }
}

struct KeysVisitor;

impl<'de> serde::de::Visitor<'de> for KeysVisitor {
    type Value = Keys;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<M: serde::de::MapAccess<'de>>(self, mut map: M) -> Result<Keys, M::Error> {
        let (mut seen, mut keys) = (HashSet::new(), Keys { repeated: None });
        while let Some((key, _)) = map.next_entry::<String, serde::de::IgnoredAny>()? {
            if !seen.insert(normal(&key)) {
                keys.repeated.get_or_insert(key);
            }
        }
        Ok(keys)
    }
}

/// Takes the name of the command out of a line.
fn name_of(object: &mut Map<String, Value>) -> Result<String, Failure> {
    match object.remove("command") {
        Some(Value::String(name)) => Ok(name),
        Some(_) => Err(Failure::new("`command` is not a string").with_help(EXAMPLE)),
        None => Err(Failure::new("missing `command`").with_help(EXAMPLE)),
    }
}

/// The arguments of a line as the words of a command line.
fn words_of(command: &Command, mut object: Map<String, Value>, config: Option<&str>) -> Result<Vec<OsString>, Failure> {
    let places = || command.get_positionals().filter(|own| ["config", "paths"].contains(&own.get_id().as_str()));
    let is_place = |own: &Arg| own.get_value_hint() == clap::ValueHint::AnyPath;
    if let (Some(config), Some(place)) = (config, places().find(|own| is_place(own))) {
        let names = names_of(place);
        if !object.keys().any(|key| names.contains(&normal(key))) {
            object.insert(place.get_id().to_string(), Value::from(config));
        }
    }
    // A command writes nothing by itself, whatever it knows of scripts.
    let mut words = vec!["promcfg".to_string(), command.get_name().to_string(), "--dry-run".to_string()];
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
    if let Some(place) = places().find(|own| is_place(own) && own.is_required_set()) {
        let names = names_of(place);
        if !object.keys().any(|key| names.contains(&normal(key))) {
            let name = names.first().map_or("config", String::as_str);
            return Err(Failure::new(format!("missing `{name}`"))
                .with_help("name the file in the line, or that of all lines with --config"));
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
    let wanted = normal(key);
    let is_known = |argument: &&Arg| !OF_SCRIPT.contains(&argument.get_id().as_str());
    let known: Vec<&Arg> = command.get_arguments().filter(is_known).collect();
    if let Some(argument) = known.iter().find(|argument| names_of(argument).contains(&wanted)) {
        return Ok(argument);
    }
    if let Some((reason, help)) = why_unused(command.get_name(), &wanted.replace('_', "-")) {
        let failure = Failure::new(format!("`{key}` has no use in {}", command.get_name()));
        return Err(failure.with_note(reason).with_help(help));
    }
    if OF_SCRIPT.contains(&wanted.as_str()) {
        let failure = Failure::new(format!("`{key}` is an option of the whole script"));
        return Err(failure.with_help(format!("run promcfg edit --{}", wanted.replace('_', "-"))));
    }
    let shown = known.iter().filter(|argument| !argument.is_hide_set());
    let all = shown.filter_map(|argument| names_of(argument).into_iter().next());
    let all: Vec<String> = all.map(|name| name.replace('_', "-")).collect();
    let failure = Failure::new(format!("unknown argument `{key}` of {}", command.get_name()));
    let left = all.iter().map(String::as_str).filter(|name| !object.keys().any(|key| normal(key) == normal(name)));
    Err(match most_similar(&wanted.replace('_', "-"), left) {
        Some(similar) => failure.with_help(format!("did you mean `{similar}`?")),
        None => failure.with_help(format!("the arguments are {}", all.join(", "))),
    })
}

/// The names that an argument has in a script, the usual one first.
fn names_of(argument: &Arg) -> Vec<String> {
    let value_names = argument.get_value_names().unwrap_or_default().iter().map(ToString::to_string);
    let values = value_names.filter(|_| argument.is_positional());
    let longs = argument.get_long_and_visible_aliases().unwrap_or_default().into_iter().map(str::to_string);
    let id = argument.is_positional().then(|| argument.get_id().to_string());
    longs.chain(id).chain(values).map(|name| normal(&name)).collect()
}

/// A name however it is written.
fn normal(name: &str) -> String {
    name.replace('-', "_").to_lowercase()
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

    fn words_with(line: &str, config: Option<&str>) -> Result<Vec<String>, Failure> {
        let root = Arguments::command();
        let mut object = object_of(line)?;
        let name = name_of(&mut object)?;
        let words = words_of(edit_command(&root, &name)?, object, config)?;
        Ok(words.into_iter().map(|word| word.to_string_lossy().into_owned()).collect())
    }

    fn words(line: &str) -> Result<Vec<String>, String> {
        words_with(line, None).map_err(|failure| {
            format!("{} ({} {})", failure.message, failure.notes.join(" "), failure.help.unwrap_or_default())
        })
    }

    #[test]
    fn a_line_without_a_config_has_that_of_all_lines() {
        let after = |line: &str| {
            let mut words = words_with(line, Some("all.yml")).unwrap();
            words.split_off(words.iter().position(|word| word == "--").unwrap() + 1)
        };
        assert_eq!(after(r#"{"command":"fmt"}"#), ["all.yml"]);
        assert_eq!(after(r#"{"command":"add-endpoint","object":"x"}"#), ["all.yml"]);
        assert_eq!(after(r#"{"command":"add-label","labels":"a=b"}"#), ["all.yml", "a=b"]);
        assert_eq!(after(r#"{"command":"add-label","CONFIG":"own.yml","labels":"a=b"}"#), ["own.yml", "a=b"]);
        // These are paths of fields.
        assert_eq!(after(r#"{"command":"unset","paths":"global"}"#), ["all.yml", "global"]);
    }

    /// The edit commands, each with the names of its arguments without `--`.
    fn positionals() -> Vec<(String, Vec<String>)> {
        let root = Arguments::command();
        let is_edit = |own: &&Command| edit_command(&root, own.get_name()).is_ok();
        let names = |own: &Command| own.get_positionals().map(|own| own.get_id().to_string()).collect();
        root.get_subcommands().filter(is_edit).map(|own| (own.get_name().to_string(), names(own))).collect()
    }

    #[test]
    fn the_help_of_edit_names_the_arguments_of_each_command() {
        let mut root = Arguments::command();
        let help = root.find_subcommand_mut("edit").unwrap().render_help().to_string();
        let help = help.split_whitespace().collect::<Vec<_>>().join(" ");
        for (command, names) in positionals() {
            let words = format!(" {command} {} ", names.join(", "));
            assert!(help.contains(&words), "promcfg help edit lacks {words:?}");
        }
    }

    #[test]
    fn the_readme_has_the_arguments_of_each_command() {
        const MARKS: (&str, &str) = ("<!-- the lines begin -->\n", "<!-- the lines end -->\n");
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/README.md");
        let text = std::fs::read_to_string(path).unwrap();
        let root = Arguments::command();
        let mut table = "\n| command | arguments without `--` | options of its own |\n|---|---|---|\n".to_string();
        for (command, names) in positionals() {
            let own = root.find_subcommand(&command).unwrap();
            let is_shown = |option: &&Arg| {
                !(option.is_positional() || option.is_hide_set() || OF_SCRIPT.contains(&option.get_id().as_str()))
            };
            let options: Vec<String> = own
                .get_arguments()
                .filter(is_shown)
                .filter_map(|option| option.get_long())
                .filter(|long| {
                    !OF_MANY.contains(long) || command == "add-job" && ["namespace", "region"].contains(long)
                })
                .map(|long| format!("`{long}`"))
                .collect();
            let names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
            table.push_str(&format!("| `{command}` | {} | {} |\n", names.join(", "), options.join(", ")));
        }
        table.push('\n');
        let start = text.find(MARKS.0).expect("the table begins") + MARKS.0.len();
        let end = text.find(MARKS.1).expect("the table ends");
        if std::env::var_os("UPDATE").is_some() {
            std::fs::write(path, format!("{}{table}{}", &text[..start], &text[end..])).unwrap();
        } else {
            assert_eq!(&text[start..end], table, "run UPDATE=1 cargo test --bin promcfg readme");
        }
    }

    /// Options that most commands have.
    const OF_MANY: [&str; 14] = [
        "file",
        "job",
        "all-jobs",
        "targets",
        "running",
        "namespace",
        "region",
        "series",
        "content-type",
        "unproved",
        "force",
        "through-anchor",
        "method",
        "stage",
    ];

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
            ("{hello", "invalid JSON in column 2: key must be a string"),
            ("add-label p.yml env=prod", "the line is not a JSON object"),
            (r#"{"command":"add-label","labels":"a=b","labels":"c=d"}"#, "`labels` is given twice"),
            (r#"{"command":"add-label","all-jobs":true,"all_jobs":false}"#, "`all_jobs` is given twice"),
            (r#"{"config":"p.yml"}"#, "missing `command`"),
            (r#"{"command":"lint"}"#, "\"lint\" is not a command that edits"),
            (r#"{"command":"add-lable"}"#, "did you mean `add-label`?"),
            (r#"{"command":"edit"}"#, "\"edit\" is not a command that edits"),
            (r#"{"command":"add-label","jobs":"a"}"#, "did you mean `job`?"),
            (r#"{"command":"add-label","dry-run":true}"#, "`dry-run` is an option of the whole script"),
            (r#"{"command":"add-label","overwrite":"x"}"#, "`overwrite` is an option without a value"),
            (r#"{"command":"add-label","config":{}}"#, "the value of `config` is not a string"),
            (r#"{"command":"add-label","config":"-"}"#, "not standard input"),
            (r#"{"command":"set","fields":"a=b"}"#, "missing `config`"),
            (r#"{"command":"fmt"}"#, "missing `paths`"),
            (r#"{"command":"add-target","series":"x"}"#, "`series` has no use in add-target"),
            (r#"{"command":"fmt","all_jobs":true}"#, "the layout of a whole file is fixed"),
        ] {
            let error = words(line).unwrap_err();
            assert!(error.contains(message), "{line}: {error}");
        }
    }
}
