//! `limit`: limits of jobs, compared with what the jobs use.

use crate::config::show_size;
use crate::diagnostic::{Diagnostic, ids};

use super::super::change::ConfigChange;
use super::super::document::Document;
use super::super::driver::Usage;
use super::super::request::{EditError, Selection, refused};
use super::set_fields::SetFields;

/// Limits for jobs: see [`Document::limit_job`](crate::Document::limit_job). Without a value a limit stays as it is; 0
/// means no limit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LimitJob {
    /// The jobs.
    pub selection: Selection,
    /// `sample_limit`.
    pub samples: Option<u64>,
    /// `label_limit`.
    pub labels: Option<u64>,
    /// `label_name_length_limit`.
    pub label_name_length: Option<u64>,
    /// `label_value_length_limit`.
    pub label_value_length: Option<u64>,
    /// `target_limit`.
    pub targets: Option<u64>,
    /// `keep_dropped_targets`: how many targets that rules drop are kept to be shown.
    pub keep_dropped: Option<u64>,
    /// `body_size_limit`, such as `10MB`.
    pub body_size: Option<String>,
    /// The bytes of a scraped page, if one is known.
    pub page_size: Option<u64>,
    /// Whether limits are written that the jobs exceed.
    pub force: bool,
}

/// A limit, with what a job uses of it.
struct Limit {
    field: &'static str,
    limit: u64,
    used: Option<u64>,
    things: &'static str,
    /// Whether the limit itself is too much: a body must be smaller.
    is_exclusive: bool,
}

impl Document<'_> {
    /// Sets limits of jobs. A limit that the given samples or the known targets exceed is refused: each scrape over a limit
    /// fails as a whole.
    ///
    /// ```
    /// use promcfg::{Document, Options};
    /// use promcfg::edit::LimitJob;
    /// let text = "scrape_configs:\n- job_name: web\n  static_configs:\n  - targets: [a, b]\n";
    /// let mut document = Document::new("p.yml", text, &Options::default());
    /// assert!(document.limit_job(&LimitJob { targets: Some(1), ..LimitJob::default() }).is_err());
    /// let change = document.limit_job(&LimitJob { targets: Some(10), ..LimitJob::default() })?;
    /// assert_eq!(change.files[0].after(), text.replace("web\n", "web\n  target_limit: 10\n"));
    /// # Ok::<(), promcfg::edit::EditError>(())
    /// ```
    ///
    /// # Errors
    /// No limit is given, or no job is selected; a job uses more than a limit; or the change is refused.
    pub fn limit_job(&mut self, request: &LimitJob) -> Result<ConfigChange, EditError> {
        let fields = request.fields();
        if fields.is_empty() {
            return Err(EditError::request("no limit is given", "give at least one, such as --samples 10000"));
        }
        let mut selection = request.selection.clone();
        if selection.jobs.is_empty()
            && !selection.all_jobs
            && let [only] = self.jobs()
        {
            selection.jobs = vec![only.job_name.value.clone()];
        }
        // That no job is there is said before that none is selected.
        selection.all_jobs |= selection.jobs.is_empty() && !self.has_jobs();
        let set = SetFields { set: fields, jobs: Some(selection.clone()), ..SetFields::default() };
        // The values are checked before anything is counted.
        let change = self.set_fields(&set)?;
        let is_compared = request.targets.is_some() || request.page_size.is_some() || self.has_samples();
        let usages = if is_compared { self.usages(&selection, request.targets.is_some())? } else { Vec::new() };
        let (mut notes, mut refusals) = (Vec::new(), Vec::new());
        for usage in &usages {
            for limit in request.limits(usage) {
                match limit.excess() {
                    Some(message) if request.force => notes.push(format!("job {}: {message}", usage.job)),
                    Some(message) => refusals.push(self.excess(usage, message)),
                    None => notes.extend(limit.used_part().map(|part| format!("job {}: {part}", usage.job))),
                }
            }
        }
        if !refusals.is_empty() {
            return Err(EditError::Refused(refusals));
        }
        Ok(ConfigChange { notes: change.notes.iter().cloned().chain(notes).collect(), ..change })
    }

    fn excess(&self, usage: &Usage, message: String) -> Diagnostic {
        let job = self.jobs().iter().find(|job| job.job_name.value == usage.job);
        let at = job.map_or(self.start(), |job| crate::text::Location::new(job.file, job.job_name.span));
        refused(ids::EDIT_UNPROVED, at, message)
            .with_job(&usage.job)
            .with_note("a scrape over a limit fails as a whole, and none of its samples is stored")
            .with_help("give a higher limit, or use --force to write it all the same")
    }
}

impl LimitJob {
    /// The fields, with their values.
    fn fields(&self) -> Vec<(String, String)> {
        let numbers = [
            ("body_size_limit", self.body_size.clone()),
            ("sample_limit", self.samples.map(|limit| limit.to_string())),
            ("target_limit", self.targets.map(|limit| limit.to_string())),
            ("keep_dropped_targets", self.keep_dropped.map(|limit| limit.to_string())),
            ("label_limit", self.labels.map(|limit| limit.to_string())),
            ("label_name_length_limit", self.label_name_length.map(|limit| limit.to_string())),
            ("label_value_length_limit", self.label_value_length.map(|limit| limit.to_string())),
        ];
        numbers.into_iter().filter_map(|(field, value)| Some((field.to_string(), value?))).collect()
    }

    /// The limits, each with what a job uses of it.
    fn limits(&self, usage: &Usage) -> Vec<Limit> {
        let limit = |field, limit: Option<u64>, used, things| {
            Some(Limit { field, limit: limit?, used, things, is_exclusive: false })
        };
        let size = self.body_size.as_deref().and_then(|size| crate::config::parse_size(size).ok());
        let body = size.and_then(|size| u64::try_from(size).ok()).map(|limit| Limit {
            field: "body_size_limit",
            limit,
            used: self.page_size,
            things: "",
            is_exclusive: true,
        });
        let (name, value) = (self.label_name_length, self.label_value_length);
        let all = [
            limit("sample_limit", self.samples, usage.samples, "samples"),
            limit("label_limit", self.labels, usage.labels, "labels of a sample"),
            limit("label_name_length_limit", name, usage.label_name_length, "bytes of the name of a label"),
            limit("label_value_length_limit", value, usage.label_value_length, "bytes of the value of a label"),
            limit("target_limit", self.targets, usage.targets, "targets"),
            body,
        ];
        all.into_iter().flatten().filter(|limit| limit.limit > 0).collect()
    }
}

impl Limit {
    /// The limit in its unit.
    fn shown(&self, value: u64) -> String {
        match self.is_exclusive {
            true => i64::try_from(value).map_or_else(|_| value.to_string(), show_size),
            false => value.to_string(),
        }
    }

    fn excess(&self) -> Option<String> {
        let used = self.used?;
        let is_too_much = used > self.limit || (self.is_exclusive && used == self.limit);
        let (limit, used) = (self.shown(self.limit), self.shown(used));
        let what = if self.is_exclusive { format!("the page has {used}") } else { format!("{used} {}", self.things) };
        is_too_much.then(|| format!("the `{}` of {limit} is exceeded: {what}", self.field))
    }

    /// How much of the limit is used.
    fn used_part(&self) -> Option<String> {
        if self.is_exclusive {
            return Some(format!("the page has {} of {}", self.shown(self.used?), self.shown(self.limit)));
        }
        Some(format!("{} of {} {} are used", self.shown(self.used?), self.shown(self.limit), self.things))
    }
}
