//! `promcfg completions SHELL`.

use std::io::Write;

use clap::builder::{PossibleValue, PossibleValuesParser};
use clap::{Arg, Command, CommandFactory};
use clap_complete::Shell;
use promcfg::lint::rule_documents;

use super::args::{Arguments, CompletionsArguments};
use super::status::{Status, Stop};
use super::terminal::Terminal;

const NAME: &str = "promcfg";

pub(crate) fn run(arguments: &CompletionsArguments, terminal: &Terminal) -> Result<Status, Stop> {
    let mut script = Vec::new();
    let mut root = with_values(Arguments::command());
    clap_complete::generate(arguments.shell, &mut root, NAME, &mut script);
    if arguments.shell == Shell::Fish {
        script.extend(fish_arguments(&root).into_bytes());
    }
    let mut output = terminal.output();
    output.write_all(&script)?;
    output.flush()?;
    Ok(Status::Fine)
}

/// The command line with the values that scripts offer, but that parsing leaves to the commands: they know
/// patterns, and name the nearest value.
fn with_values(root: Command) -> Command {
    let commands = root.get_subcommands().filter(|command| !command.is_hide_set());
    let commands: Vec<PossibleValue> = commands
        .map(|command| value(command.get_name(), &command.get_about().map(ToString::to_string).unwrap_or_default()))
        .collect();
    let rules = |argument: Arg| {
        let rules = rule_documents().iter().map(|rule| value(rule.id.as_str(), rule.summary));
        argument.value_parser(PossibleValuesParser::new(rules))
    };
    root.mut_subcommand("explain-rule", |command| command.mut_arg("rule", rules))
        .mut_subcommand("lint", |command| command.mut_arg("select", rules).mut_arg("ignore", rules))
        .mut_subcommand("help", |command| {
            command.mut_arg("command", |argument| argument.value_parser(PossibleValuesParser::new(commands)))
        })
}

/// A value with its help. Scripts for fish have the help between double quotes with `$` as it is, so such a
/// help is left out.
fn value(name: &str, help: &str) -> PossibleValue {
    let value = PossibleValue::new(name.to_string());
    if help.contains(['$', '"', '\\']) { value } else { value.help(help.to_string()) }
}

/// The values of arguments that are not options: the script that is generated for fish does not have them.
fn fish_arguments(root: &Command) -> String {
    let mut lines = String::new();
    for command in root.get_subcommands().filter(|command| !command.is_hide_set()) {
        let values = command.get_positionals().flat_map(Arg::get_possible_values);
        let values: Vec<String> = values.map(|value| fish_value(&value)).collect();
        if !values.is_empty() {
            let (condition, values) = (command.get_name(), values.join("\n"));
            lines.push_str(&format!(
                "complete -c {NAME} -n \"__fish_{NAME}_using_subcommand {condition}\" -f -a \"{values}\"\n"
            ));
        }
    }
    lines
}

/// `value\t'help'`, to be put between double quotes.
fn fish_value(value: &PossibleValue) -> String {
    let help = value.get_help().map(ToString::to_string).unwrap_or_default();
    format!("{}\\t'{}'", value.get_name(), help.replace('\'', "\\'"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_help_of_a_value_has_nothing_that_fish_expands() {
        assert_eq!(fish_value(&value("a", "it's a")), r"a\t'it\'s a'");
        for help in ["`$x`", "\"x\"", r"a\b"] {
            assert_eq!(fish_value(&value("a", help)), r"a\t''");
        }
    }
}
