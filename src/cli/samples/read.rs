//! The content of target files: the format decides what becomes of a text.

use std::io::{BufRead, BufReader, Cursor, Read};

use flate2::bufread::MultiGzDecoder;
use promcfg::config::{Config, TargetFormat, read_target_groups};
use promcfg::discovery::{DumpKind, recognize};
use promcfg::input::{Format, Input};
use promcfg::report::shown_path;
use promcfg::simulate::{
    ApiTarget, SampleFormat, TargetInputError, read_api_targets, read_checked_targets, sample_format,
};
use promcfg::text::FileId;
use promcfg::{Diagnostic, Release, Sources};

use super::Samples;
use super::find::Found;
use super::lines::names_job;
use super::saved::Saved;
use crate::cli::input::{self, Lines};
use crate::cli::status::Failure;

pub(super) const FORMS: &str = "targets are objects that discovery reads (`kubectl get -o json`, `docker inspect`, `aws ec2 \
    describe-instances`, answers of Consul, `dig`), a saved /api/v1/targets response, the output of `promtool check \
    service-discovery`, lines of JSON, or target groups as in file_sd_configs";

/// Reads files into [`Samples`].
pub(super) struct Reader<'r> {
    sources: &'r mut Sources,
    diagnostics: &'r mut Vec<Diagnostic>,
    release: Release,
    samples: Samples,
    /// The targets of saved responses.
    saved: Option<Vec<ApiTarget>>,
    /// Files that a folder or a pattern leads to and that hold no targets.
    skipped: Vec<String>,
}

impl<'r> Reader<'r> {
    pub(super) fn new(sources: &'r mut Sources, diagnostics: &'r mut Vec<Diagnostic>, release: Release) -> Self {
        let (samples, saved, skipped) = (Samples::default(), None, Vec::new());
        Self { sources, diagnostics, release, samples, saved, skipped }
    }

    /// Reads a file.
    ///
    /// # Errors
    /// It cannot be read, or holds no targets although the user named it.
    pub(super) fn read(&mut self, file: &Found) -> Result<(), Failure> {
        let mut lines = open(file)?;
        let format = |line: &str| sample_format(line) == SampleFormat::Lines && recognize(line).is_empty();
        if lines.first_line_is(|line| format(line) && names_job(line))? {
            let name = lines.name().to_string();
            return self.samples.job_lines.add(&name, lines.rest()?);
        }
        if lines.first_line_is(format)? {
            self.samples.lines.push(lines);
            return Ok(());
        }
        let text = lines.rest()?;
        self.read_text(file, &text)
    }

    /// Reads the objects of a manifest; other objects are skipped.
    ///
    /// # Errors
    /// An object of it cannot be used.
    pub(super) fn read_manifest(&mut self, file: FileId) -> Result<(), Failure> {
        let (name, text) = (self.sources.name(file).to_string(), self.sources.text(file).clone());
        let added = self.samples.objects.add(&name, &text);
        added.map(|_| ()).map_err(|fault| Failure::new(fault.to_string()))
    }

    fn read_text(&mut self, file: &Found, text: &str) -> Result<(), Failure> {
        let name = input::shown_name(&file.path);
        let failed = |fault: TargetInputError| Failure::new(format!("{name}: {fault}")).with_help(FORMS);
        let kinds = recognize(text);
        if !kinds.is_empty() && self.read_objects(name, text, &kinds)? {
            return Ok(());
        }
        match sample_format(text) {
            SampleFormat::Api => {
                let targets = read_api_targets(text).map_err(failed)?;
                self.saved.get_or_insert_default().extend(targets);
            }
            SampleFormat::Checked => self.samples.checked.extend(read_checked_targets(text).map_err(failed)?),
            form => match (other_file(name, text), file.is_named) {
                (None, _) => self.read_groups(name, text, form),
                (Some(failure), true) => return Err(failure),
                (Some(_), false) => self.skipped.push(file.path.clone()),
            },
        }
        Ok(())
    }

    /// Reads objects. Target groups can also be those of a file; then they are not yet used.
    fn read_objects(&mut self, name: &str, text: &str, kinds: &[DumpKind]) -> Result<bool, Failure> {
        let added = self.samples.objects.add(name, text);
        if *kinds != [DumpKind::TargetGroups] {
            return added.map_err(|fault| Failure::new(fault.to_string()));
        }
        if let Err(fault) = added {
            self.samples.refused_body = Some(Failure::new(format!("Prometheus refuses the target groups: {fault}")));
        }
        self.samples.has_body = true;
        Ok(false)
    }

    fn read_groups(&mut self, name: &str, text: &str, form: SampleFormat) {
        let form = if form == SampleFormat::JsonGroups { TargetFormat::Json } else { TargetFormat::Yaml };
        let (groups, faults) = read_target_groups(self.sources, name, text.as_bytes(), form, self.release);
        let known = self.samples.groups.get_or_insert_default();
        match faults.iter().any(Diagnostic::is_error) {
            true => self.samples.is_broken = true,
            false => known.extend(groups),
        }
        if text.trim().is_empty() {
            self.samples.blank = Some(name.to_string());
        }
        self.diagnostics.extend(faults);
    }

    /// What was read.
    ///
    /// # Errors
    /// A running config is given, but no saved targets.
    pub(super) fn finish(self, running: Option<Config>) -> Result<Samples, Failure> {
        let mut samples = self.samples;
        if let [first, ..] = &self.skipped[..] {
            let count = self.skipped.len();
            let files = if count == 1 { "file holds" } else { "files hold" };
            if samples.is_empty() && self.saved.is_none() {
                let what = format!("{count} {files} no targets and no objects of discovery: {}", shown_path(first));
                return Err(Failure::new(what).with_help(FORMS));
            }
            samples
                .notes
                .push(format!("{count} {files} no targets and no objects of discovery: {}", shown_path(first)));
        }
        match (self.saved, running) {
            (Some(targets), running) => samples.saved = Some(Saved::new(targets, running)),
            (None, None) => {}
            (None, Some(_)) => {
                return Err(Failure::new("--running needs targets that a running Prometheus gave")
                    .with_note("other targets have no labels of a running job")
                    .with_help("give a saved /api/v1/targets response as --targets, or leave out --running"));
            }
        }
        Ok(samples)
    }
}

/// Opens a file; one that gzip made is decompressed on the way.
fn open(file: &Found) -> Result<Lines, Failure> {
    let reader: Box<dyn Read + Send> = if file.is_named {
        input::open(&file.path, "target file")?
    } else {
        Box::new(Cursor::new(input::read_found_raw(&file.path, "target file")?))
    };
    let mut reader = BufReader::with_capacity(1 << 16, reader);
    let name = input::shown_name(&file.path);
    let start =
        reader.fill_buf().map_err(|error| Failure::new(format!("cannot read {}: {error}", shown_path(name))))?;
    if start.starts_with(&[0x1f, 0x8b]) {
        return Ok(Lines::of(name, Box::new(MultiGzDecoder::new(reader))));
    }
    Ok(Lines::of(name, Box::new(reader)))
}

/// A config, or a file of another program, is distinguished from target groups with a mistake in them.
fn other_file(name: &str, text: &str) -> Option<Failure> {
    match Input::parse(name, text).format() {
        Format::Targets | Format::Unknown => None,
        format => Some(Failure::new(format!("{name} is {}, and holds no targets", format.describe())).with_help(FORMS)),
    }
}
