//! `promcfg lint`: finds mistakes in the configs of a repository.

pub(crate) mod files;
pub(crate) mod find_settings;
mod fixes;
mod print;
pub(crate) mod settings;
mod statistics;
mod texts;
mod walk;

use std::collections::{BTreeMap, HashMap};

use promcfg::diagnostic::ids;
use promcfg::input::Input;
use promcfg::input::operator::OperatorObjects;
use promcfg::report::{Finding, LintReport, escape_text, shown_path};
use promcfg::{Budget, Severity, Sources};

use self::files::{Candidate, Candidates};
use self::find_settings::Finder;
use self::settings::{CommandLine, FileSettings, Layer};
use self::texts::{Linted, Skipped, Text, Texts, lint_all, read_all};
use super::args::{FailOn, GlobalOptions, LintArguments};
use super::input;
use super::manifests::release_note;
use super::rule_names::rules_of_list;
use super::status::{Failure, Status, Stop};
use super::terminal::Terminal;

pub(crate) fn run(arguments: &LintArguments, global: &GlobalOptions, terminal: &Terminal) -> Result<Status, Stop> {
    let prometheus = global.prometheus;
    let named = |lists: &[String]| -> Result<Vec<String>, Failure> {
        let rules: Result<Vec<Vec<String>>, Failure> = lists.iter().map(|list| rules_of_list(list)).collect();
        Ok(rules?.concat())
    };
    let max_memory = global.max_memory();
    let layer = Layer::new(named(&arguments.select)?, named(&arguments.ignore)?, prometheus);
    if arguments.stdin_filename.is_some() && !arguments.paths.iter().any(|path| path == "-") {
        let failure = Failure::new("--stdin-filename names standard input, but standard input is not read");
        return Err(failure.with_help("add `-` to the paths").into());
    }
    if arguments.statistics {
        statistics::check_format(arguments.format)?;
    }
    let status = run_with(arguments, layer, max_memory, terminal)?;
    Ok(if arguments.exit_zero && status == Status::Found { Status::Fine } else { status })
}

/// `layer` has the settings of the command line.
fn run_with(arguments: &LintArguments, layer: Layer, max_memory: u64, terminal: &Terminal) -> Result<Status, Stop> {
    let mut run = Run::new(arguments, layer, terminal);
    run.max_memory = max_memory;
    let candidates = run.candidates();
    let Texts { mut texts, skipped } = read_all(candidates.clone(), arguments, |failure| run.fail(&failure));
    if arguments.diff || arguments.check {
        return fixes::show(&mut run, &texts);
    }
    if arguments.fix && fixes::write(&mut run, &texts)? {
        texts = read_all(candidates, arguments, |_| {}).texts;
    }
    run.note_default_globals(&texts);
    run.note_unread_objects(&texts);
    run.note_releases(&texts);
    let cluster: Vec<&Input> = skipped.iter().filter_map(|skipped| skipped.cluster.as_deref()).collect();
    let mut linted = lint_all(texts, &cluster, max_memory);
    run.judge(&mut linted);
    run.note_skipped(&skipped);
    run.note_nothing_linted(&linted);
    let report = run.report(&linted);
    if arguments.statistics {
        statistics::print(&report, arguments.format, terminal)?;
    } else {
        print::print(&report, arguments, terminal)?;
    }
    if report.findings.iter().any(|finding| finding.diagnostic.id == ids::UNSUPPORTED_FORMAT) {
        run.failed = true;
    }
    let is_found = report.findings.iter().any(|finding| finding.is_failure)
        || report.omitted.iter().any(|omitted| omitted.is_failure);
    let found = if is_found { Status::Found } else { Status::Fine };
    Ok(if run.failed { Status::CouldNot } else { found })
}

struct Run<'a> {
    arguments: &'a LintArguments,
    terminal: &'a Terminal,
    finder: Finder,
    /// The settings of each file met, by its name.
    settings: HashMap<String, Option<FileSettings>>,
    /// Files that the settings exclude.
    excluded: usize,
    /// Whether a file could not be read, or its settings are wrong.
    failed: bool,
    /// The bytes that the results of the targets may take.
    max_memory: u64,
}

impl<'a> Run<'a> {
    fn new(arguments: &'a LintArguments, layer: Layer, terminal: &'a Terminal) -> Self {
        let fail_on = arguments.fail_on.map(|fail_on| match fail_on {
            FailOn::Error => Severity::Error,
            FailOn::Warning => Severity::Warning,
            FailOn::Info => Severity::Info,
        });
        let finder = Finder::new(CommandLine { layer, fail_on });
        Self {
            arguments,
            terminal,
            finder,
            settings: HashMap::new(),
            excluded: 0,
            failed: false,
            max_memory: Budget::DEFAULT,
        }
    }

    fn fail(&mut self, failure: &Failure) {
        self.failed = true;
        self.terminal.fail(failure);
    }

    /// The files that may be linted: without those excluded, and those whose settings are wrong.
    fn candidates(&mut self) -> Vec<Candidate> {
        let Candidates { files, failures, notes } = files::candidates(&self.arguments.paths);
        notes.iter().for_each(|note| self.terminal.note(note));
        failures.iter().for_each(|failure| self.fail(failure));
        let mut wanted = Vec::new();
        for candidate in files {
            match self.settings_of(candidate.shown_name(self.arguments)) {
                Some(settings) if settings.is_excluded => self.excluded += 1,
                Some(settings) => {
                    let release = settings.named_release();
                    wanted.push(Candidate { release, ..candidate });
                }
                None => {}
            }
        }
        wanted
    }

    /// The settings for a file; nothing when they are wrong, which is reported once.
    fn settings_of(&mut self, name: &str) -> Option<&FileSettings> {
        if !self.settings.contains_key(name) {
            let settings = self.finder.settings_of(name);
            for failure in self.finder.take_failures() {
                self.fail(&failure);
            }
            self.settings.insert(name.to_string(), settings);
        }
        self.settings.get(name).and_then(Option::as_ref)
    }

    /// Applies the settings of the file each finding is in: takes out what is not wanted.
    fn judge(&mut self, linted: &mut [Linted]) {
        for Linted { sources, findings, .. } in linted {
            findings.retain_mut(|finding| {
                let name = sources.name(sources.outermost(finding.at).file);
                let Some(settings) = self.settings_of(name) else { return true };
                finding.severity = settings.severity(finding.id.as_str(), finding.severity);
                !settings.is_excluded && settings.is_wanted(finding.id.as_str())
            });
        }
    }

    fn is_failure(&self, name: &str, severity: Severity) -> bool {
        let settings = self.settings.get(name).and_then(Option::as_ref);
        settings.map_or(severity >= Severity::Warning, |settings| settings.is_failure(severity))
    }

    /// The findings by the names of the files, then by their places; each once, however many configs
    /// include the file.
    fn report<'l>(&self, linted: &'l [Linted]) -> LintReport<'l> {
        let mut placed = Vec::new();
        for Linted { sources, findings, .. } in linted {
            for diagnostic in findings {
                let at = sources.outermost(diagnostic.at);
                let name = sources.name(at.file);
                let is_failure = self.is_failure(name, diagnostic.severity);
                let key = (name, at.span, diagnostic.id, diagnostic.message.as_str());
                placed.push((key, Finding { sources, diagnostic, is_failure }));
            }
        }
        placed.sort_by_key(|(key, _)| *key);
        placed.dedup_by_key(|(key, _)| *key);
        let findings = placed.into_iter().map(|(_, finding)| finding).collect();
        LintReport::new(findings, linted.iter().map(|linted| linted.name.as_str()).collect())
    }

    /// Says that lists of scrape configs are judged without the config that they belong to.
    fn note_default_globals(&self, texts: &[Text]) {
        let mut lists = texts.iter().filter(|text| text.lacks_globals());
        let Some(first) = lists.next() else { return };
        let name = shown_path(first.input.name());
        let others = match lists.count() {
            0 => String::new(),
            1 => " and another file".to_string(),
            count => format!(" and {count} other files"),
        };
        self.terminal
            .note(&format!("{name}{others}: linted with the default `global` section, as the config is unknown"));
    }

    /// Says for which release the config of a Prometheus is linted, if its object names one.
    fn note_releases(&self, texts: &[Text]) {
        let is_server =
            |text: &&Text| text.input.has_operator_objects() && text.input.tree().text().contains("Prometheus");
        for text in texts.iter().filter(|text| text.named_release.is_none()).filter(is_server) {
            let mut objects = OperatorObjects::default();
            objects.add(text.input.tree(), Sources::new().add("", ""));
            objects.releases().for_each(|(server, release)| self.terminal.note(&release_note(server, release)));
        }
    }

    /// Says which objects of a manifest are not read, beside the configs in it.
    fn note_unread_objects(&self, texts: &[Text]) {
        for text in texts {
            let objects = text.input.unread_objects();
            if objects.is_empty() {
                continue;
            }
            let objects = objects.iter().map(|(kind, count)| {
                let plural = if *count == 1 {
                    ""
                } else if kind.ends_with(['s', 'x']) {
                    "es"
                } else {
                    "s"
                };
                format!("{count} {}{plural}", escape_text(kind))
            });
            let objects: Vec<String> = objects.collect();
            self.terminal.note(&format!("{}: not read: {}", shown_path(text.input.name()), objects.join(", ")));
        }
    }

    /// Says in a line how many files of other formats were skipped; with --verbose, which.
    fn note_skipped(&self, skipped: &[Skipped]) {
        if skipped.is_empty() || self.arguments.only_recognized {
            return;
        }
        let mut formats: BTreeMap<&str, Vec<&Skipped>> = BTreeMap::new();
        skipped.iter().for_each(|file| formats.entry(file.format.plural()).or_default().push(file));
        let mut formats: Vec<(&str, Vec<&Skipped>)> = formats.into_iter().collect();
        formats.sort_by_key(|(_, files)| std::cmp::Reverse(files.len()));
        let counted = |(plural, files): &(&str, Vec<&Skipped>)| match files.as_slice() {
            [file] => format!("1 {}", file.format.singular()),
            files => format!("{} {plural}", files.len()),
        };
        let formats: Vec<String> = formats.iter().map(counted).collect();
        let files = if skipped.len() == 1 { "file" } else { "files" };
        self.terminal.note(&format!("{} {files} skipped: {}", skipped.len(), formats.join(", ")));
        for file in skipped.iter().filter(|_| self.arguments.verbose) {
            self.terminal.note(&format!("skipped {}: {}", shown_path(&file.name), file.format.name()));
        }
    }

    fn note_nothing_linted(&self, linted: &[Linted]) {
        if !linted.is_empty() || self.failed {
            return;
        }
        let why = match self.excluded {
            0 => "found no Prometheus config".to_string(),
            1 => "promcfg.toml excludes the file".to_string(),
            count => format!("promcfg.toml excludes {count} files"),
        };
        self.terminal.note(&format!("{why}; no file was linted"));
    }
}

impl Candidate {
    /// The name it is shown by.
    fn shown_name<'n>(&'n self, arguments: &'n LintArguments) -> &'n str {
        match (&arguments.stdin_filename, self.path.as_str()) {
            (Some(name), "-") => name,
            (_, path) => input::shown_name(path),
        }
    }
}
