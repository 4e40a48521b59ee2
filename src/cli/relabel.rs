//! `promcfg relabel`: a filter that runs relabel rules over lines of label sets.

mod blocks;
mod stream;

use promcfg::{
    Chain, Config, Diagnostic, FileId, Location, NameScheme, NodeKind, RelabelRule, RuleSpec, ScrapeConfig, Severity,
    Sources, Tree, UnknownJob, decode_text, read_rules,
};

use self::stream::StreamFault;
use super::args::{RelabelArguments, RuleList};
use super::disk::Disk;
use super::input;
use super::simulate::unknown_job;
use super::status::{Failure, Status, Stop};
use super::terminal::Terminal;

pub(crate) fn run(arguments: &RelabelArguments, terminal: &Terminal) -> Result<Status, Stop> {
    if arguments.rules == "-" && arguments.input == "-" {
        return Err(Failure::new("both the rules and the label sets would come from standard input")
            .with_help("put one of them into a file: promcfg relabel --rules rules.yml < sets.ndjson")
            .into());
    }
    let mut sources = Sources::new();
    let loaded = load_chain(arguments, &mut sources)?;
    terminal.show(&sources, &loaded.diagnostics);
    let Some(chain) = loaded.chain else { return Ok(Status::Found) };
    let name = input::shown_name(&arguments.input);
    let lines = input::open(&arguments.input, "input")?;
    let mut output = terminal.output();
    stream::relabel_lines(&chain, arguments.show_dropped, lines, &mut output).map_err(|fault| stop(fault, name))?;
    let is_refused = loaded.diagnostics.iter().any(Diagnostic::is_error);
    Ok(if is_refused { Status::Found } else { Status::Fine })
}

/// The rules that were asked for; no chain when Prometheus refuses them.
struct Loaded {
    chain: Option<Chain>,
    diagnostics: Vec<Diagnostic>,
}

fn load_chain(arguments: &RelabelArguments, sources: &mut Sources) -> Result<Loaded, Failure> {
    let name = input::shown_name(&arguments.rules);
    let scheme = |scheme| if arguments.legacy_names { NameScheme::Legacy } else { scheme };
    match &arguments.job {
        None => {
            let file = sources.add(name, input::read_text(&arguments.rules, "rules file")?);
            refuse_config(sources, file)?;
            let scheme = scheme(NameScheme::Utf8);
            let (rules, diagnostics) = read_rules(sources, file, scheme);
            let is_valid = !diagnostics.iter().any(Diagnostic::is_error);
            Ok(compile(&rules, file, scheme, is_valid, diagnostics))
        }
        Some(job) => {
            let decoded = decode_text(&input::read_bytes(&arguments.rules, "config")?);
            let (config, diagnostics) = Config::read_decoded(sources, name, decoded, &Disk);
            let job = find_job(&config, job, name)?;
            let rules = match arguments.list {
                RuleList::Relabel => &job.relabel_configs,
                RuleList::MetricRelabel => &job.metric_relabel_configs,
            };
            Ok(compile(rules, job.file, scheme(job.name_scheme), job.is_valid, diagnostics))
        }
    }
}

/// Compiles rules that were read without a fault. Under another scheme than they were read with they may have one.
fn compile(
    rules: &[RelabelRule],
    file: FileId,
    scheme: NameScheme,
    is_valid: bool,
    mut diagnostics: Vec<Diagnostic>,
) -> Loaded {
    if !is_valid {
        return Loaded { chain: None, diagnostics };
    }
    let specs: Vec<RuleSpec> = rules.iter().map(|rule| rule.spec.clone()).collect();
    match Chain::new(&specs, scheme) {
        Ok(chain) => Loaded { chain: Some(chain), diagnostics },
        Err((index, fault)) => {
            let span = rules.get(index).map_or_else(Default::default, |rule| rule.span);
            let at = Location::new(file, span);
            diagnostics.push(Diagnostic::new("invalid-rule", Severity::Error, at, fault.to_string()));
            Loaded { chain: None, diagnostics }
        }
    }
}

/// A config instead of a list of rules is most likely a forgotten `--job`.
fn refuse_config(sources: &Sources, file: FileId) -> Result<(), Failure> {
    let tree = Tree::parse(sources.text(file).clone());
    let Some(root) = tree.root().filter(|root| root.kind() == NodeKind::Mapping) else { return Ok(()) };
    let is_config = root.entries().any(|(key, _)| matches!(key.value(), "scrape_configs" | "global"));
    if !is_config {
        return Ok(());
    }
    let failure = Failure::new(format!("{} is a config, not a list of relabel rules", sources.name(file)));
    Err(failure.with_help("name the job whose rules are meant: --job NAME"))
}

fn find_job<'c>(config: &'c Config, name: &str, file: &str) -> Result<&'c ScrapeConfig, Failure> {
    let jobs = &config.scrape_configs;
    jobs.iter().find(|job| job.job_name.value == name).ok_or_else(|| {
        let known = jobs.iter().map(|job| job.job_name.value.clone()).collect();
        unknown_job(&UnknownJob { name: name.to_string(), known }, file)
    })
}

fn stop(fault: StreamFault, name: &str) -> Stop {
    match fault {
        StreamFault::Write(error) => error.into(),
        StreamFault::Read(lines, error) => {
            Failure::new(format!("cannot read {name} after line {lines}: {error}")).into()
        }
        StreamFault::Line(line, message) => Failure::new(format!("{name}: line {line}: {message}"))
            .with_note("a line must be an object of label names and values, all strings: {\"job\":\"node\"}")
            .into(),
    }
}
