//! How the command line is read: most often one command is named first, and only its arguments are set up, which takes
//! a third of the time of setting up all commands.

use std::ffi::OsString;

use clap::{Args, Command as Parser, Error, FromArgMatches, Parser as _};

use super::{
    AddLabelArguments, Arguments, Command, GlobalOptions, LintArguments, RelabelArguments, RemoveLabelArguments,
    RenameLabelArguments, SimulateArguments,
};

/// Adds the arguments of a command.
type Arrange = fn(Parser) -> Parser;

/// The commands that are set up alone.
const COMMANDS: [(&str, Arrange); 6] = [
    ("lint", LintArguments::augment_args),
    ("simulate", SimulateArguments::augment_args),
    ("relabel", RelabelArguments::augment_args),
    ("add-label", AddLabelArguments::augment_args),
    ("remove-label", RemoveLabelArguments::augment_args),
    ("rename-label", RenameLabelArguments::augment_args),
];

impl Arguments {
    /// Reads the words of the command line, the name of the program first.
    ///
    /// # Errors
    /// What is wrong with them; also a request for help or the version.
    pub(crate) fn read(words: &[OsString]) -> Result<Self, Error> {
        // Whatever is not fine is explained by the parser that knows all commands.
        match Self::of_first_command(words) {
            Some(arguments) => Ok(arguments),
            None => Self::try_parse_from(words),
        }
    }

    /// Reads the words of a line of a script, whose command is `parser`.
    ///
    /// # Errors
    /// What is wrong with them.
    pub(crate) fn read_line(parser: &Parser, words: &[OsString]) -> Result<Command, Error> {
        let alone = Parser::new("promcfg").disable_help_flag(true).disable_help_subcommand(true);
        let read = |parser: Parser| Command::from_arg_matches_mut(&mut parser.try_get_matches_from(words)?);
        read(alone.subcommand(parser.clone())).or_else(|_| Ok(Self::try_parse_from(words)?.command))
    }

    /// Reads words of which the first is a command; `None` also if they are wrong.
    fn of_first_command(words: &[OsString]) -> Option<Self> {
        let first = words.get(1)?.to_str()?;
        let (name, arrange) = COMMANDS.iter().find(|(name, _)| *name == first)?;
        let parser = GlobalOptions::augment_args(Parser::new("promcfg").disable_help_flag(true));
        let parser = parser.disable_help_subcommand(true).subcommand(arrange(Parser::new(*name)));
        let mut matches = parser.try_get_matches_from(words).ok()?;
        let global = GlobalOptions::from_arg_matches_mut(&mut matches).ok()?;
        Some(Self { global, command: Command::from_arg_matches_mut(&mut matches).ok()?, version: None })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(line: &str) -> Vec<OsString> {
        std::iter::once("promcfg").chain(line.split(' ')).map(OsString::from).collect()
    }

    #[test]
    fn a_command_that_is_set_up_alone_is_read_as_among_all() {
        for line in [
            "lint",
            "lint a.yml b --fail-on error --select=x --select y --no-such",
            "lint --color always -q --format json --prometheus 2.53 --max-memory 1GiB .",
            "lint --diff --check",
            "lint --only-recognised -- --x",
            "lint -h",
            "lint --version",
            "-q lint a.yml",
            "simulate p.yml --job a --job b --target x:1 --label a=b --trace",
            "simulate --example --output-format ndjson",
            "simulate p.yml --label a=b",
            "simulate p.yml --stage metric",
            "relabel --rules r.yml --index -1",
            "relabel --rules r.yml in.ndjson --show-dropped --root /srv",
            "relabel",
            "add-label p.yml a=b c=d --all-jobs --dry-run",
            "remove-label p.yml a --job x",
            "rename-label p.yml a b --job x --job y",
            "rename-label p.yml a",
            "rules --format json",
            "help lint",
            "lin",
            "",
        ] {
            let words = words(line);
            let alone = Arguments::of_first_command(&words).map(|arguments| format!("{arguments:?}"));
            let among_all = Arguments::try_parse_from(&words).map(|arguments| format!("{arguments:?}"));
            let is_first = COMMANDS.iter().any(|(name, _)| words.get(1).is_some_and(|word| word == name));
            assert_eq!(alone, among_all.ok().filter(|_| is_first), "{line}");
        }
    }
}
