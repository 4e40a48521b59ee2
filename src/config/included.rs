//! `scrape_config_files`: jobs in files of their own.

use rustc_hash::FxHashMap;

use crate::diagnostic::{Diagnostic, Severity, ids};
use crate::files::{glob_match, is_outside_root, is_own_refusal};
use crate::options::Options;
use crate::text::{FileId, Location, Sources, Spanned, decode_text, go_quote};
use crate::yaml::{Node, Recovered, Tree};

use super::checks;
use super::faults;
use super::marked_fields::MarkedField;
use super::paths::join_to_folder_of;
use super::reader::{Readable, Reader};
use super::schema::SCRAPE_CONFIGS_FILE;
use super::types::{Config, ScrapeConfig};

/// Reads the files that match `patterns` and adds their jobs to `config`. They take the defaults of
/// its `global`; no two jobs of all files may have the same name, nor one of the `names` that jobs of the config have.
/// What else is made on the way goes to `read`.
pub(super) fn read_included(
    config: &mut Config,
    names: FxHashMap<String, Location>,
    patterns: &[Spanned<String>],
    sources: &mut Sources,
    options: &Options<'_>,
    read: &mut Included,
) -> Vec<Diagnostic> {
    let mut diagnostics = Vec::new();
    let mut included = Inclusion { first_by_name: names, diagnostics: &mut diagnostics, made: read };
    for pattern in patterns {
        let at = Location::new(config.file, pattern.span);
        let joined = join_to_folder_of(sources.name(config.file), &pattern.value);
        if let Err(error) = glob_match(&joined, "") {
            let upstream = format!("error retrieving scrape config files for {}: {error}", go_quote(&joined));
            let message = format!("cannot list the files that match {}: {error}", go_quote(&joined));
            included.diagnostics.push(failed(at, &joined, message, upstream));
            continue;
        }
        match options.files.glob(&joined) {
            Ok(paths) => paths.iter().for_each(|path| included.read(config, at, path, sources, options)),
            Err(error) => {
                let upstream = format!("error retrieving scrape config files for {}: {error}", go_quote(&joined));
                let message = format!("cannot list the files that match {}: {error}", go_quote(&joined));
                included.diagnostics.push(failed(at, &joined, message, upstream));
            }
        }
    }
    diagnostics
}

fn failed(at: Location, path: &str, message: String, upstream: String) -> Diagnostic {
    Diagnostic::new(ids::UNREADABLE_SCRAPE_CONFIG_FILE, Severity::Error, at, message)
        .with_argument("path", path)
        .with_note("Prometheus does not start without it")
        .with_upstream(upstream)
}

/// For a file that Prometheus may well read: outside the root, nothing is said of it.
fn not_read(at: Location, path: &str, message: String, error: &std::io::Error) -> Diagnostic {
    let severity = if is_outside_root(error) { Severity::Info } else { Severity::Error };
    Diagnostic::new(ids::UNREADABLE_SCRAPE_CONFIG_FILE, severity, at, message)
        .with_argument("path", path)
        .with_note("the jobs in the file are not checked")
}

/// Everything read from the files except jobs.
pub(super) struct Included {
    pub(super) trees: Vec<(FileId, Tree)>,
    /// Of the files, after those of the config itself.
    pub(super) marked_fields: Vec<MarkedField>,
}

struct Inclusion<'d> {
    first_by_name: FxHashMap<String, Location>,
    diagnostics: &'d mut Vec<Diagnostic>,
    made: &'d mut Included,
}

impl Inclusion<'_> {
    fn read(&mut self, config: &mut Config, at: Location, path: &str, sources: &mut Sources, options: &Options<'_>) {
        let bytes = match options.files.read(path) {
            Ok(bytes) => bytes,
            Err(error) => {
                let message = format!("cannot read the scrape config file {}: {error}", go_quote(path));
                if is_own_refusal(&error) {
                    self.diagnostics.push(not_read(at, path, message, &error));
                    return;
                }
                let why = match error.kind() {
                    std::io::ErrorKind::IsADirectory => format!("read {path}: is a directory"),
                    std::io::ErrorKind::NotFound => format!("open {path}: no such file or directory"),
                    std::io::ErrorKind::PermissionDenied => format!("open {path}: permission denied"),
                    _ => format!("read {path}: {error}"),
                };
                self.diagnostics.push(failed(at, path, message, why));
                return;
            }
        };
        let tree = Tree::from_decoded(decode_text(&bytes));
        let file = sources.add(path, tree.text().clone());
        let Jobs { jobs, faults, marked_fields, recovered } = jobs_of(sources, file, &tree, config);
        self.diagnostics.extend(faults);
        self.made.marked_fields.extend(marked_fields);
        config.broken_files.extend(recovered.is_some().then_some(file));
        self.made.trees.push((file, recovered.map_or(tree, Recovered::into_tree)));
        for job in jobs {
            let job = self.checked(config, job, sources);
            config.scrape_configs.push(job);
        }
    }

    /// The job, not valid if its name is taken.
    fn checked(&mut self, config: &Config, job: ScrapeConfig, sources: &Sources) -> ScrapeConfig {
        let (name, at) = (&job.job_name.value, Location::new(job.file, job.job_name.span));
        if name.is_empty() {
            return job;
        }
        let Some(&first) = self.first_by_name.get(name) else {
            self.first_by_name.insert(name.clone(), at);
            return job;
        };
        let found_in =
            if first.file == config.file { "main config file".to_string() } else { go_quote(sources.name(first.file)) };
        let fault = faults::duplicate_job(at, first, name);
        let upstream = fault.upstream.clone().unwrap_or_default();
        self.diagnostics
            .push(fault.with_upstream(format!("{upstream}, first found in {found_in}")).with_job(name.as_str()));
        ScrapeConfig { is_valid: false, ..job }
    }
}

/// The content of a file.
struct Jobs {
    jobs: Vec<ScrapeConfig>,
    faults: Vec<Diagnostic>,
    marked_fields: Vec<MarkedField>,
    /// The sound parts, if the file is not valid YAML.
    recovered: Option<Recovered>,
}

fn jobs_of(sources: &Sources, file: FileId, tree: &Tree, config: &Config) -> Jobs {
    let text = Readable::of(tree);
    let mut reader = Reader::new(sources, file, config.release, checks::run);
    reader.has_unknown_globals = config.has_unknown_globals;
    let root = reader.root(&text);
    let jobs = root.map_or_else(Vec::new, |root: Node<'_>| {
        reader.visit(root, |reader, node| {
            let entries = reader.section(&SCRAPE_CONFIGS_FILE, node);
            let list = entries.and_then(|entries| entries.get("scrape_configs"));
            list.map_or_else(Vec::new, |list| reader.scrape_configs(list, &config.global))
        })
    });
    if let Some(rest) = text.tree().rest() {
        reader.report(faults::ignored_documents(Location::new(file, rest)));
    }
    let (mut faults, marked_fields) = (reader.faults.into_vec(), reader.marked_fields);
    text.retain_certain(&mut faults);
    Jobs { jobs, faults, marked_fields, recovered: text.into_recovered() }
}
