//! Whole texts: a config, a single scrape config, a list of rules.

use crate::diagnostic::Diagnostic;
use crate::options::Options;
use crate::re2::RegexCache;
use crate::relabel::{NameScheme, Semantics};
use crate::release::Release;
use crate::text::{Decoded, FileId, Location, Sources, Spanned, go_quote};
use crate::yaml::{Node, Recovered, Tree};

use super::checks;
use super::cut::{CutConfig, RestOfConfig};
use super::faults;
use super::included::{Included, read_included};
use super::job_names::JobNames;
use super::marked_fields::MarkedField;
use super::reader::{Entries, Readable, Reader, When};
use super::rules::RELABEL_CONFIGS;
use super::schema::{CONFIG, Choice, absence_of, choice, names_of};
use super::shape::Shape;
use super::types::{Config, Global, RelabelRule, ScrapeConfig};
use crate::files::is_valid_path_pattern;

impl Config {
    /// Reads a config as Prometheus does, the release that the options name. Reading never fails: what could be read is returned
    /// with all faults. A job with a fault is not valid; the others are. Of a text that is not valid YAML, the sound parts
    /// are read ([`Config::is_partial`]).
    ///
    /// ```
    /// use promcfg::{Config, Options, Sources};
    /// let mut sources = Sources::new();
    /// let file = sources.add("prometheus.yml", "scrape_configs:\n- job_name: web\n  scrape_timeout: 10\n");
    /// let (config, faults) = Config::read(&mut sources, file, &Options::default());
    /// assert_eq!(config.scrape_configs[0].job_name.value, "web");
    /// assert_eq!(faults[0].upstream.as_deref(), Some("not a valid duration string: \"10\""));
    /// ```
    #[must_use]
    pub fn read(sources: &mut Sources, file: FileId, options: &Options<'_>) -> (Self, Vec<Diagnostic>) {
        let tree = Tree::parse(sources.text(file).clone());
        Self::read_tree(sources, file, &tree, options)
    }

    /// As [`Config::read`], from a decoded file: bytes that are not text are a fault where yaml.v2
    /// would find them.
    #[must_use]
    pub fn read_decoded(
        sources: &mut Sources,
        name: &str,
        decoded: Decoded,
        options: &Options<'_>,
    ) -> (Self, Vec<Diagnostic>) {
        Self::read_parsed(sources, name, &Tree::from_decoded(decoded), options)
    }

    /// As [`Config::read`], from a text that is parsed already.
    #[must_use]
    pub fn read_parsed(
        sources: &mut Sources,
        name: &str,
        tree: &Tree,
        options: &Options<'_>,
    ) -> (Self, Vec<Diagnostic>) {
        let file = sources.add(name, tree.text().clone());
        Self::read_tree(sources, file, tree, options)
    }

    fn read_tree(sources: &mut Sources, file: FileId, tree: &Tree, options: &Options<'_>) -> (Self, Vec<Diagnostic>) {
        let globals = Global::of(options.release);
        let ReadConfig { config, faults, .. } =
            ReadConfig::of_shape(Shape::Config, sources, file, tree, &globals, options);
        (config, faults)
    }

    /// Reads a text that is one item of `scrape_configs`, with the defaults of a config without
    /// `global`.
    #[must_use]
    pub fn read_scrape_config(
        sources: &mut Sources,
        file: FileId,
        options: &Options<'_>,
    ) -> (Option<ScrapeConfig>, Vec<Diagnostic>) {
        let (job, faults) = read_job_unsorted(sources, file, options.release);
        (job, sorted(faults))
    }
}

/// As [`Config::read_scrape_config`], with the faults in the order in which Prometheus finds them.
pub(super) fn read_job_unsorted(
    sources: &Sources,
    file: FileId,
    release: Release,
) -> (Option<ScrapeConfig>, Vec<Diagnostic>) {
    let tree = Tree::parse(sources.text(file).clone());
    let global = Global::of(release);
    let (job, faults, _) = read_fragment(sources, file, &tree, release, |reader, root| {
        reader.visit(root, |reader, node| reader.scrape_config(node, &global))
    });
    (job, faults)
}

/// Reads a text that is a part of a config: what `read` makes of it, the faults in the order in which Prometheus finds
/// them, and whether it is not valid YAML.
fn read_fragment<T: Default>(
    sources: &Sources,
    file: FileId,
    tree: &Tree,
    release: Release,
    read: impl for<'t> FnOnce(&mut Reader<'t>, Node<'t>) -> T,
) -> (T, Vec<Diagnostic>, bool) {
    let text = Readable::of(tree);
    let mut reader = Reader::new(sources, file, release, checks::run);
    let content = reader.root(&text).map_or_else(T::default, |root| read(&mut reader, root));
    let mut faults = reader.take_faults();
    text.retain_certain(&mut faults);
    (content, faults, text.is_broken())
}

/// A config, and what was made to read it.
pub(crate) struct ReadConfig {
    pub(crate) config: Config,
    pub(crate) faults: Vec<Diagnostic>,
    /// The texts of `scrape_config_files`.
    pub(crate) included: Vec<(FileId, Tree)>,
    /// The regular expressions of its rules.
    pub(crate) patterns: RegexCache,
    /// Its fields that are secret or deprecated, those of jobs with a load error among them.
    pub(crate) marked_fields: Vec<MarkedField>,
    /// The sound parts of its own text, if that is not valid YAML.
    pub(crate) recovered: Option<Recovered>,
}

impl ReadConfig {
    /// Reads a text of a shape that is parsed already, with all that is made on the way. `globals` are those of
    /// a text that has none of its own.
    pub(crate) fn of_shape(
        shape: Shape,
        sources: &mut Sources,
        file: FileId,
        tree: &Tree,
        globals: &Global,
        options: &Options<'_>,
    ) -> Self {
        let read = Self::unsorted(shape, sources, file, tree, globals, options);
        Self { faults: sorted(read.faults), ..read }
    }

    /// The same with the faults in the order in which Prometheus finds them.
    pub(super) fn unsorted(
        shape: Shape,
        sources: &mut Sources,
        file: FileId,
        tree: &Tree,
        globals: &Global,
        options: &Options<'_>,
    ) -> Self {
        let text = Readable::of(tree);
        let mut reader = Reader::new(sources, file, options.release, checks::run);
        let (mut config, patterns) = match shape {
            Shape::Config => read_main(&mut reader, &text),
            shape => (read_part(&mut reader, &text, shape, globals), Vec::new()),
        };
        let (mut faults, known, marked_fields) = (reader.take_faults(), reader.patterns, reader.marked_fields);
        text.retain_certain(&mut faults);
        config.broken_files.extend(text.is_broken().then_some(file));
        let mut read = Included { trees: Vec::new(), marked_fields };
        let names = JobNames::of(&config).into_last();
        faults.extend(read_included(&mut config, names, &patterns, sources, options, &mut read));
        let Included { trees: included, marked_fields } = read;
        let recovered = text.into_recovered();
        Self { config, faults, included, patterns: known, marked_fields, recovered }
    }
}

impl ReadConfig {
    /// What is left of a config whose jobs are gone, with the jobs of `scrape_config_files`, and their marked fields.
    pub(crate) fn of_rest(rest: RestOfConfig, sources: &mut Sources, options: &Options<'_>) -> Self {
        let RestOfConfig { mut config, mut faults, marked_fields: _, patterns, names, included } = rest;
        let mut read = Included { trees: Vec::new(), marked_fields: Vec::new() };
        faults.extend(read_included(&mut config, names.into_last(), &included, sources, options, &mut read));
        let Included { trees: included, marked_fields } = read;
        Self { config, faults: sorted(faults), included, patterns, marked_fields, recovered: None }
    }
}

/// Reads a text of a shape that is parsed already. Of a job that is not wanted by its name only the name is kept, where
/// the text can be cut into its jobs; its faults are among the others.
pub(crate) fn read_jobs(
    shape: Shape,
    sources: &mut Sources,
    file: FileId,
    tree: &Tree,
    options: &Options<'_>,
    wants: &(dyn Fn(&str) -> bool + Sync),
) -> (Config, Vec<Diagnostic>) {
    let globals = Global::of(options.release);
    let known = sources.clone();
    let read = match CutConfig::open(shape, &known, file, tree, &globals, options) {
        Some(cut) => {
            let rest = cut.read(options, wants);
            ReadConfig::of_rest(rest, sources, options)
        }
        None => ReadConfig::of_shape(shape, sources, file, tree, &globals, options),
    };
    (read.config, read.faults)
}

/// The jobs of a text that is a list of them, or one; nothing of a text without jobs.
fn read_part<'t>(reader: &mut Reader<'t>, text: &'t Readable<'_>, shape: Shape, globals: &Global) -> Config {
    let mut config = Config { global: globals.clone(), ..Config::empty(reader.file, reader.release) };
    let Some(root) = reader.root(text) else { return config };
    config.scrape_configs = match shape {
        Shape::ScrapeConfigs => {
            let mut jobs = reader.scrape_configs(root, globals);
            reader.check_job_names(&mut jobs);
            jobs
        }
        Shape::ScrapeConfig => {
            reader.visit(root, |reader, node| reader.scrape_config(node, globals)).into_iter().collect()
        }
        Shape::Config | Shape::RelabelRules | Shape::Targets => Vec::new(),
    };
    if let Some(rest) = text.tree().rest() {
        let at = reader.at(rest);
        reader.report(faults::ignored_documents(at));
    }
    config
}

/// The config's own text, and the patterns of its `scrape_config_files`.
fn read_main<'t>(reader: &mut Reader<'t>, text: &'t Readable<'_>) -> (Config, Vec<Spanned<String>>) {
    let (config, included) = match reader.root(text) {
        Some(root) => reader.during(When::Load(None), |reader| reader.config(root)),
        None => (Config::empty(reader.file, reader.release), Vec::new()),
    };
    if let Some(rest) = text.tree().rest() {
        let at = reader.at(rest);
        reader.report(faults::ignored_documents(at));
    }
    (config, included)
}

/// Reads a text that is a list of relabel rules, as the newest release does, or that of a [`Semantics`]; an empty
/// text is an empty list.
///
/// ```
/// use promcfg::Sources;
/// use promcfg::config::read_rules;
/// use promcfg::relabel::NameScheme;
/// let mut sources = Sources::new();
/// let file = sources.add("rules.yml", "- {source_labels: [a], target_label: b}\n- action: kepp\n");
/// let (rules, faults) = read_rules(&mut sources, file, NameScheme::Utf8);
/// assert_eq!(rules[0].spec.target_label, "b");
/// assert_eq!(faults[0].help.as_deref(), Some("did you mean `keep`?"));
/// ```
#[must_use]
pub fn read_rules(
    sources: &mut Sources,
    file: FileId,
    semantics: impl Into<Semantics>,
) -> (Vec<RelabelRule>, Vec<Diagnostic>) {
    let (rules, faults) = read_rules_unsorted(sources, file, semantics.into());
    (rules, sorted(faults))
}

/// As [`read_rules`], with the faults in the order in which Prometheus finds them.
pub(super) fn read_rules_unsorted(
    sources: &Sources,
    file: FileId,
    semantics: Semantics,
) -> (Vec<RelabelRule>, Vec<Diagnostic>) {
    let tree = Tree::parse(sources.text(file).clone());
    let (rules, faults, is_broken) = read_fragment(sources, file, &tree, semantics.release(), |reader, root| {
        reader.rules(RELABEL_CONFIGS, root, semantics)
    });
    // A list without one of its rules does something else.
    (if is_broken { Vec::new() } else { rules }, faults)
}

impl<'t> Reader<'t> {
    /// The config, and the valid patterns of its `scrape_config_files`.
    fn config(&mut self, root: Node<'t>) -> (Config, Vec<Spanned<String>>) {
        let Some((mut config, entries)) = self.before_jobs(root) else {
            return (Config::empty(self.file, self.release), Vec::new());
        };
        if let Some(jobs) = entries.get("scrape_configs") {
            config.scrape_configs = self.scrape_configs(jobs, &config.global);
        }
        self.check_job_names(&mut config.scrape_configs);
        let included = self.after_jobs(&entries, &mut config);
        (config, included)
    }

    /// The parts of a config that are read before its jobs, and its fields.
    pub(super) fn before_jobs(&mut self, root: Node<'t>) -> Option<(Config, Entries<'t>)> {
        let mut config = Config::empty(self.file, self.release);
        let entries = self.visit(root, |reader, node| reader.section(&CONFIG, node))?;
        self.check_file_patterns(&entries, "rule_files", "invalid rule file path");
        self.check_file_patterns(&entries, "scrape_config_files", "invalid scrape config file path");
        let global = entries.get("global");
        let is_lost = |global: Option<Node<'t>>| global.is_none_or(Node::is_null);
        self.has_unknown_globals = global.is_some_and(|global| self.is_incomplete(global))
            || self.is_directly_incomplete(root.resolved()) && is_lost(global);
        config.has_unknown_globals = self.has_unknown_globals;
        let read = |reader: &mut Self, global: Node<'t>| {
            let when = When::Section(global.resolved().full_span(), 2);
            reader.during(when, |reader| reader.global(global))
        };
        if let Some(global) = self.own(&entries, "global", read) {
            config.global = global;
        }
        self.overwritten(&entries, "scrape_configs", |reader, jobs| reader.scrape_configs(jobs, &config.global));
        Some((config, entries))
    }

    /// Reads the other parts of a config; returns the valid patterns of its `scrape_config_files`.
    pub(super) fn after_jobs(&mut self, entries: &Entries<'t>, config: &mut Config) -> Vec<Spanned<String>> {
        self.alerting(entries, config);
        config.remote_write = self.remote(entries, config.semantics());
        self.check_otlp_strategy(entries, config.global.name_scheme);
        // Without one of its items, a list has other indices, and says less than its author wrote.
        let is_lost = |key: &str| entries.get(key).is_some_and(|node| self.is_incomplete(node));
        if is_lost("alerting") {
            (config.alert_relabel_configs, config.alertmanagers) = (Vec::new(), Vec::new());
        }
        if is_lost("remote_write") {
            config.remote_write.clear();
        }
        let included = entries.texts("scrape_config_files").into_iter();
        included.filter(|pattern| is_valid_path_pattern(&pattern.value)).collect()
    }

    /// Some ways of naming OTLP metrics need UTF-8 names.
    fn check_otlp_strategy(&mut self, entries: &Entries<'t>, scheme: NameScheme) {
        const CHOICES: [Choice; 4] = [
            choice("UnderscoreEscapingWithSuffixes"),
            choice("UnderscoreEscapingWithoutSuffixes").since(3, 6),
            choice("NoUTF8EscapingWithSuffixes"),
            choice("NoTranslation").since(3, 4),
        ];
        const NEED_UTF8: [&str; 2] = ["NoUTF8EscapingWithSuffixes", "NoTranslation"];
        let known = names_of(&CHOICES, self.release);
        let Some(otlp) = entries.get("otlp").map(Node::resolved) else { return };
        let strategy = otlp.entries().find(|(key, _)| key.value() == "translation_strategy");
        let Some(node) = strategy.map(|(_, value)| value.resolved()) else { return };
        let Ok(strategy) = node.read_string() else { return };
        let at = self.at(node.full_span());
        if !strategy.is_empty() && !known.contains(&&*strategy) {
            let upstream = format!("unsupported OTLP translation strategy {}", go_quote(&strategy));
            let fault = faults::unknown_value(at, "translation_strategy", &strategy, &known, upstream);
            let absence = absence_of(&CHOICES, &strategy, self.release);
            self.report(faults::explain_absence(fault, absence, self.release));
        } else if scheme == NameScheme::Legacy && NEED_UTF8.contains(&&*strategy) {
            let upstream =
                format!("OTLP translation strategy {} is not allowed when UTF8 is disabled", go_quote(&strategy));
            let words = format!("`{strategy}` needs `metric_name_validation_scheme: utf8`");
            self.report(faults::invalid_value(at, "translation_strategy", words, upstream));
        }
    }

    fn check_file_patterns(&mut self, entries: &Entries<'t>, key: &str, words: &str) {
        for pattern in entries.texts(key).iter().filter(|pattern| !is_valid_path_pattern(&pattern.value)) {
            let upstream = format!("{words} {}", go_quote(&pattern.value));
            self.report(faults::invalid_path_pattern(self.at(pattern.span), &pattern.value, upstream));
        }
    }

    /// No two jobs may have the same name; the later one is refused.
    fn check_job_names(&mut self, jobs: &mut [ScrapeConfig]) {
        let mut names = JobNames::default();
        for job in jobs.iter_mut() {
            job.is_valid &=
                self.takes_name(&mut names, &job.job_name.value, Location::new(job.file, job.job_name.span));
        }
    }

    /// Reports a job whose name another one has. Whether it may have it.
    pub(super) fn takes_name(&mut self, names: &mut JobNames, name: &str, at: Location) -> bool {
        let Some(first) = names.add(name, at) else { return true };
        self.report(faults::duplicate_job(at, first, name).with_job(name));
        false
    }
}

/// Faults in the order of the text, each once: what is anchored is read for every alias.
pub(super) fn sorted(mut faults: Vec<Diagnostic>) -> Vec<Diagnostic> {
    faults.sort_by(|one, other| (one.at, one.id, &one.message).cmp(&(other.at, other.id, &other.message)));
    faults.dedup_by(|one, other| {
        let is_same = one.at == other.at && one.id == other.id && one.message == other.message;
        other.omitted += if is_same { one.omitted } else { 0 };
        is_same
    });
    faults
}
