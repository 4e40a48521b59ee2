//! `promcfg relabel`: a filter that runs relabel rules over lines of label sets.

mod blocks;
mod stream;

use promcfg::config::{RelabelRule, ScrapeConfig, read_rules, rule_diagnostic};
use promcfg::input::{Format, Input};
use promcfg::relabel::{NameScheme, RuleSpec, Semantics};
use promcfg::simulate::select_jobs;
use promcfg::text::{FileId, Location};
use promcfg::{Chain, Config, Diagnostic, Sources};
use promcfg::{Options, Release};

use self::stream::StreamError;
use super::args::{GlobalOptions, RelabelArguments, RuleList};
use super::disk::Disk;
use super::input;
use super::lint::find_settings::release_for;
use super::simulate::unknown_job;
use super::status::{Failure, Status, Stop};
use super::terminal::Terminal;

pub(crate) fn run(arguments: &RelabelArguments, global: &GlobalOptions, terminal: &Terminal) -> Result<Status, Stop> {
    let prometheus = global.prometheus;
    if arguments.rules == "-" && arguments.input == "-" {
        return Err(Failure::new("the rules and the label sets cannot both come from standard input")
            .with_help("write one of them to a file: promcfg relabel --rules rules.yml < sets.ndjson")
            .into());
    }
    let mut sources = Sources::new();
    let loaded = load_chain(arguments, prometheus, &mut sources)?;
    terminal.show(&sources, &loaded.diagnostics);
    let Some(chain) = loaded.chain else { return Ok(Status::Found) };
    let name = input::shown_name(&arguments.input);
    let lines = input::open(&arguments.input, "input")?;
    let mut output = terminal.output();
    stream::relabel_lines(&chain, arguments.show_dropped, global.max_memory(), lines, &mut output)
        .map_err(|fault| stop(fault, name))?;
    let is_refused = loaded.diagnostics.iter().any(Diagnostic::is_error);
    Ok(if is_refused { Status::Found } else { Status::Fine })
}

/// The rules that were requested; no chain when Prometheus refuses them.
struct Loaded {
    chain: Option<Chain>,
    diagnostics: Vec<Diagnostic>,
}

fn load_chain(
    arguments: &RelabelArguments,
    prometheus: Option<Release>,
    sources: &mut Sources,
) -> Result<Loaded, Failure> {
    let name = input::shown_name(&arguments.rules);
    let release = release_for(name, prometheus)?;
    let semantics = |scheme| Semantics::new(release, if arguments.legacy_names { NameScheme::Legacy } else { scheme });
    let input = Input::decode(name, &input::read_bytes(&arguments.rules, "rules file")?);
    let outer = sources.add(name, input.tree().text().clone());
    if arguments.job.is_none() && arguments.list.is_none() {
        refuse_config(&input, outer)?;
        let semantics = semantics(NameScheme::Utf8);
        let (rules, diagnostics) = read_rules(sources, outer, semantics);
        let is_valid = !diagnostics.iter().any(Diagnostic::is_error);
        return Ok(compile(&rules, outer, semantics, is_valid, diagnostics));
    }
    let part = input::only_config(&input, outer)?;
    let file = part.add_to(sources, outer);
    let (config, diagnostics) = input.config(&part, sources, file, &Options::new(&Disk).with_release(release));
    // Of a config that cannot be read, the reason is reported, not that it has no such job.
    let is_empty =
        config.scrape_configs.is_empty() && config.remote_write.is_empty() && config.alertmanagers.is_empty();
    let is_broken = (is_empty || config.is_partial()) && diagnostics.iter().any(Diagnostic::is_error);
    let list = match choose(&config, arguments, name) {
        Err(_) if is_broken => return Ok(Loaded { chain: None, diagnostics }),
        chosen => chosen?,
    };
    let is_in_list = |fault: &Diagnostic| {
        let is_inside = |rule: &RelabelRule| rule.span.contains(fault.at.span);
        fault.at.file == list.file && list.rules.iter().any(is_inside)
    };
    let has_fault = diagnostics.iter().any(|fault| fault.is_error() && (is_in_list(fault) || fault.omitted > 0));
    Ok(compile(list.rules, list.file, semantics(list.scheme), list.is_valid && !has_fault, diagnostics))
}

/// A list of rules of a config.
struct Chosen<'c> {
    rules: &'c [RelabelRule],
    file: FileId,
    scheme: NameScheme,
    is_valid: bool,
}

fn choose<'c>(config: &'c Config, arguments: &RelabelArguments, file: &str) -> Result<Chosen<'c>, Failure> {
    let list = arguments.list.unwrap_or(RuleList::Relabel);
    if matches!(list, RuleList::Relabel | RuleList::MetricRelabel) {
        let Some(name) = &arguments.job else {
            return Err(Failure::new("the list is part of a job, but no job is given")
                .with_help("select the job with --job NAME"));
        };
        let job = find_job(config, name, file)?;
        let rules = if list == RuleList::Relabel { &job.relabel_configs } else { &job.metric_relabel_configs };
        return Ok(Chosen { rules, file: job.file, scheme: job.name_scheme, is_valid: job.is_valid });
    }
    if arguments.job.is_some() {
        return Err(Failure::new("the list is not part of a job").with_help("remove --job"));
    }
    let index = arguments.index;
    let alertmanager = || {
        let found = config.alertmanagers.get(index);
        found.ok_or_else(|| none_there(file, "Alertmanager", index, config.alertmanagers.len()))
    };
    let rules = match list {
        RuleList::AlertmanagerRelabel => &alertmanager()?.relabel_configs,
        RuleList::AlertmanagerAlertRelabel => &alertmanager()?.alert_relabel_configs,
        RuleList::WriteRelabel => {
            let found = config.remote_write.get(index);
            let none = || none_there(file, "remote endpoint", index, config.remote_write.len());
            &found.ok_or_else(none)?.write_relabel_configs
        }
        _ => &config.alert_relabel_configs,
    };
    Ok(Chosen { rules, file: config.file, scheme: config.global.name_scheme, is_valid: !config.is_partial() })
}

fn none_there(file: &str, what: &str, index: usize, count: usize) -> Failure {
    let failure = Failure::new(format!("{file} has no {what} {index}"));
    match count {
        0 => failure.with_note("the config does not have any"),
        1 => failure.with_note("the only one has the number 0"),
        _ => failure.with_note(format!("there are {count}, numbered from 0")),
    }
}

/// Compiles rules that were read without a fault. Under another scheme than they were read with they may have one.
fn compile(
    rules: &[RelabelRule],
    file: FileId,
    semantics: Semantics,
    is_valid: bool,
    mut diagnostics: Vec<Diagnostic>,
) -> Loaded {
    if !is_valid {
        return Loaded { chain: None, diagnostics };
    }
    let specs: Vec<RuleSpec> = rules.iter().map(|rule| rule.spec.clone()).collect();
    match Chain::new(&specs, semantics) {
        Ok(chain) => Loaded { chain: Some(chain), diagnostics },
        Err(refused) => {
            let span = rules.get(refused.rule).map_or_else(Default::default, |rule| rule.span);
            let at = Location::new(file, span);
            diagnostics.push(rule_diagnostic(at, &refused.error, semantics.release()));
            Loaded { chain: None, diagnostics }
        }
    }
}

/// A config instead of a list of rules is most likely a forgotten `--job`.
fn refuse_config(input: &Input, file: FileId) -> Result<(), Failure> {
    let name = input.name();
    match input.format() {
        Format::RelabelRules | Format::Unknown => Ok(()),
        Format::Config | Format::ScrapeConfigs | Format::ScrapeConfig | Format::Manifest => {
            Err(Failure::new(format!("{name} is {}, not a list of relabel rules", input.format().describe()))
                .with_help("select the job with --job NAME"))
        }
        Format::Targets => Err(Failure::new(format!("{name} is a file of target groups, not a list of relabel rules"))
            .with_help("name a list of relabel rules, or a config with --job NAME")),
        _ => Err(input::unsupported(input, file).unwrap_or_else(|| Failure::new(format!("{name} cannot be read")))),
    }
}

/// The one job with this name, or that this pattern matches.
fn find_job<'c>(config: &'c Config, name: &str, file: &str) -> Result<&'c ScrapeConfig, Failure> {
    let jobs =
        select_jobs(&config.scrape_configs, &[name.to_string()]).map_err(|unknown| unknown_job(&unknown, file))?;
    match jobs.as_slice() {
        [job] => Ok(job),
        jobs => {
            let names: Vec<&str> = jobs.iter().map(|job| job.job_name.value.as_str()).collect();
            Err(Failure::new(format!("{} jobs match {name:?}; `relabel` needs exactly one", jobs.len()))
                .with_note(format!("the jobs are {}", names.join(", "))))
        }
    }
}

fn stop(fault: StreamError, name: &str) -> Stop {
    match fault {
        StreamError::Write(error) => error.into(),
        StreamError::Read(lines, error) => {
            Failure::new(format!("cannot read {name} after line {lines}: {error}")).into()
        }
        StreamError::Line(line, message) => Failure::new(format!("{name}: line {line}: {message}"))
            .with_note("a line is a JSON object of label names and values, all strings: {\"job\":\"node\"}")
            .into(),
    }
}
