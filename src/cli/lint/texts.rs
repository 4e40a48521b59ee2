//! Reads and lints the files, on all cores; what comes out does not depend on how many there are.

use std::collections::{BTreeMap, HashSet};

use promcfg::discovery::KubernetesKind;
use promcfg::input::{Format, Input, Neighbor};
use promcfg::lint::{lint_input, lint_objects};
use promcfg::{Diagnostic, Options, Release, Sources};
use rayon::prelude::*;

use super::files::{Candidate, RecordingDisk, identity};
use crate::cli::args::LintArguments;
use crate::cli::input;
use crate::cli::status::Failure;
use crate::cli::threads::Threads;

/// A file to be linted.
pub(super) struct Text {
    pub(super) input: Input,
    /// Whether it comes from standard input.
    pub(super) is_input: bool,
    /// The release that it is for.
    pub(super) release: Release,
    /// That release, if the command line or the settings name it.
    pub(super) named_release: Option<Release>,
}

/// What was read of a file.
enum Read {
    Text(Box<Text>),
    /// A file of another format, which nobody named.
    Skipped(Skipped),
    /// A file that is of no interest.
    Other,
}

/// The files that are to be linted, and those that are not.
#[derive(Default)]
pub(super) struct Texts {
    pub(super) texts: Vec<Text>,
    pub(super) skipped: Vec<Skipped>,
}

/// A file of another format.
pub(super) struct Skipped {
    pub(super) name: String,
    pub(super) format: Neighbor,
    /// It, if it has objects in which monitors of prometheus-operator look for targets.
    pub(super) cluster: Option<Box<Input>>,
}

/// A file that was linted, with all that was found on its occasion: in the file, and in those that
/// it includes.
pub(super) struct Linted {
    pub(super) name: String,
    pub(super) sources: Sources,
    pub(super) findings: Vec<Diagnostic>,
}

/// Reads the files that are to be linted, in their order.
pub(super) fn read_all(candidates: Vec<Candidate>, arguments: &LintArguments, mut fail: impl FnMut(Failure)) -> Texts {
    let read = in_parallel(candidates, |candidate| read(&candidate, arguments));
    let mut all = Texts::default();
    for read in read {
        match read {
            Ok(Read::Text(text)) => all.texts.push(*text),
            Ok(Read::Skipped(skipped)) => all.skipped.push(skipped),
            Ok(Read::Other) => {}
            Err(failure) => fail(failure),
        }
    }
    all
}

/// Reads a file, if it is one to be linted.
fn read(candidate: &Candidate, arguments: &LintArguments) -> Result<Read, Failure> {
    let bytes = match candidate.is_named {
        true => input::read_bytes(&candidate.path, "config")?,
        false => input::read_found_bytes(&candidate.path, "config")?,
    };
    let name = candidate.shown_name(arguments);
    let input = Input::decode_owned(name, bytes);
    let is_optional = !candidate.is_named || arguments.only_recognized;
    Ok(match input.format() {
        Format::Neighbor(neighbor) if is_optional => {
            let (name, format) = (name.to_string(), neighbor.clone());
            let cluster = has_cluster_objects(&input).then(|| Box::new(input));
            Read::Skipped(Skipped { name, format, cluster })
        }
        Format::Unknown if is_optional => Read::Other,
        _ => Read::Text(Box::new(Text {
            input,
            is_input: candidate.path == "-",
            release: candidate.release.unwrap_or_default(),
            named_release: candidate.release,
        })),
    })
}

/// Whether a text may have Services, workloads and the like.
fn has_cluster_objects(input: &Input) -> bool {
    let text: &str = input.tree().text();
    let has_kind = |kind: KubernetesKind| text.contains(&format!("kind: {}", kind.name()));
    text.contains("kind: ") && KubernetesKind::all().any(has_kind)
}

/// Lints files. What a file includes is read with it, and is not linted by itself again: so those
/// that may include configs come first, then other configs, then target groups.
///
/// Before them, the files with objects of prometheus-operator are linted together; `cluster` are the files with the objects
/// in which they look for targets.
pub(super) fn lint_all(texts: Vec<Text>, cluster: &[&Input], max_memory: u64) -> Vec<Linted> {
    let (objects, texts): (Vec<Text>, Vec<Text>) =
        texts.into_iter().partition(|text| text.input.has_operator_objects());
    let mut included: HashSet<String> = HashSet::new();
    let mut all = Vec::new();
    lint_objects_of(&objects, (&texts, cluster), max_memory, &mut all, &mut included);
    let mut rounds: [Vec<Text>; 3] = Default::default();
    for text in texts {
        rounds[round(&text)].push(text);
    }
    for texts in rounds {
        let (passed, texts): (Vec<Text>, Vec<Text>) =
            texts.into_iter().partition(|text| included.contains(&identity(text.input.name())));
        all.extend(passed.into_iter().map(|text| Linted::without_findings(text.input.name().to_string())));
        // So many are linted at a time.
        let at_a_time = if texts.len() < 2 { 1 } else { texts.len().min(rayon::current_num_threads()) };
        let max_memory = max_memory / at_a_time as u64;
        for (linted, read) in in_parallel(texts, |text| lint(&text, max_memory)) {
            // A config that one before it in the same round includes.
            if included.contains(&identity(&linted.name)) {
                all.push(Linted::without_findings(linted.name));
            } else {
                included.extend(read);
                all.push(linted);
            }
        }
    }
    all.sort_by(|one, other| one.name.cmp(&other.name));
    all
}

/// Lints the files with objects, those for a release together. The objects can refer to ConfigMaps and Secrets of the
/// other files.
fn lint_objects_of(
    objects: &[Text],
    (others, cluster): (&[Text], &[&Input]),
    max_memory: u64,
    all: &mut Vec<Linted>,
    included: &mut HashSet<String>,
) {
    let mut of_releases: BTreeMap<Option<Release>, Vec<&Input>> = BTreeMap::new();
    for text in objects {
        of_releases.entry(text.named_release).or_default().push(&text.input);
    }
    let manifests = || others.iter().filter(|text| *text.input.format() == Format::Manifest);
    let others: Vec<&Input> = manifests().map(|text| &text.input).chain(cluster.iter().copied()).collect();
    for (release, inputs) in of_releases {
        let (mut sources, disk) = (Sources::new(), RecordingDisk::default());
        let options = Options::new(&disk).with_max_memory(max_memory).with_executor(&Threads);
        let options = release.map_or(options, |release| options.with_chosen_release(release));
        let findings = lint_objects(&mut sources, &inputs, &others, &options);
        let sources = if findings.is_empty() { Sources::new() } else { sources };
        included.extend(disk.into_read());
        let mut names = inputs.iter().map(|input| input.name().to_string());
        all.extend(names.next().map(|name| Linted { name, sources, findings }));
        all.extend(names.map(Linted::without_findings));
    }
}

impl Linted {
    fn without_findings(name: String) -> Self {
        Self { name, sources: Sources::new(), findings: Vec::new() }
    }
}

impl Text {
    /// Whether it may include configs.
    pub(super) fn includes(&self) -> bool {
        self.input.tree().text().contains("scrape_config_files")
    }

    /// Whether it is judged with the globals of a config that nobody named.
    pub(super) fn lacks_globals(&self) -> bool {
        self.input.profile().has_globals_elsewhere
    }
}

fn round(text: &Text) -> usize {
    match text.input.format() {
        _ if text.includes() => 0,
        Format::Targets => 2,
        _ => 1,
    }
}

/// Lints a file; with it come the files that were read on its occasion.
fn lint(text: &Text, max_memory: u64) -> (Linted, HashSet<String>) {
    let (mut sources, disk) = (Sources::new(), RecordingDisk::default());
    let options = Options::new(&disk).with_release(text.release).with_max_memory(max_memory).with_executor(&Threads);
    let findings = lint_input(&mut sources, &text.input, &options);
    // Texts are kept to show what was found in them.
    let sources = if findings.is_empty() { Sources::new() } else { sources };
    (Linted { name: text.input.name().to_string(), sources, findings }, disk.into_read())
}

/// Results in the order of the items, whichever thread they came from.
fn in_parallel<I: Send, O: Send>(items: Vec<I>, work: impl Fn(I) -> O + Send + Sync) -> Vec<O> {
    // Threads are started when they are first used.
    if items.len() < 2 { items.into_iter().map(work).collect() } else { items.into_par_iter().map(work).collect() }
}
