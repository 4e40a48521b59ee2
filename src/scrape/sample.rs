//! The metric stage: from a scraped sample to the labels that are stored.
//!
//! Source: `mutateSampleLabels`, `mutateReportSampleLabels` and `checkLabels` of `scrape/scrape.go` in
//! Prometheus 3.14.

use thiserror::Error;

use crate::config::ScrapeConfig;
use crate::re2::RegexCache;
use crate::relabel::{
    Chain, ChainError, LabelBuilder, Labels, LimitError, NameScheme, RuleSpec, Semantics, Step, Verdict,
};
use crate::text::go_quote;

/// What becomes of a scraped sample.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SampleOutcome {
    /// It is stored with these labels.
    Stored(Labels),
    /// A rule dropped it, or no label was left (then without a rule).
    Dropped {
        /// Index of the rule in `metric_relabel_configs`.
        rule: Option<usize>,
    },
}

/// Runs the samples of one job through the metric stage: target labels are merged in, then
/// `metric_relabel_configs` run.
///
/// ```
/// use promcfg::Labels;
/// use promcfg::relabel::NameScheme;
/// use promcfg::scrape::{SampleOutcome, SampleRelabeler};
/// let mut relabeler = SampleRelabeler::with_rules(&[], NameScheme::Utf8, false).expect("no rule is refused");
/// let target: Labels = [("job", "node"), ("__address__", "h:1")].into_iter().collect();
/// let sample = [("__name__".to_string(), "up".to_string()), ("job".to_string(), "x".to_string())];
/// let stored: Labels = [("__name__", "up"), ("exported_job", "x"), ("job", "node")].into_iter().collect();
/// assert_eq!(relabeler.relabel(&sample, &target, None), Ok(SampleOutcome::Stored(stored)));
/// ```
#[derive(Debug)]
pub struct SampleRelabeler {
    chain: Chain,
    honor_labels: bool,
    set: LabelBuilder,
}

const EXPORTED: &str = "exported_";

impl SampleRelabeler {
    /// For the samples of `job`.
    ///
    /// # Errors
    /// The first rule Prometheus refuses, by index. A job that was read without a load error has none.
    pub fn new(job: &ScrapeConfig) -> Result<Self, ChainError> {
        Self::with_patterns(&mut RegexCache::new(), job)
    }

    /// As [`new`](Self::new), with patterns that are compiled once however many jobs have them.
    pub(crate) fn with_patterns(patterns: &mut RegexCache, job: &ScrapeConfig) -> Result<Self, ChainError> {
        let rules = job.metric_relabel_configs.iter().map(|rule| &rule.spec);
        let chain = Chain::with_patterns(patterns, rules, job.semantics())?;
        Ok(Self { chain, honor_labels: job.honor_labels, set: LabelBuilder::new() })
    }

    /// With rules of one's own.
    ///
    /// # Errors
    /// The first rule Prometheus refuses, by index.
    pub fn with_rules(
        rules: &[RuleSpec],
        semantics: impl Into<Semantics>,
        honor_labels: bool,
    ) -> Result<Self, ChainError> {
        Ok(Self { chain: Chain::new(rules, semantics)?, honor_labels, set: LabelBuilder::new() })
    }

    /// The labels a sample is stored with. `sample` has its labels as scraped, `__name__` among them,
    /// those with an empty value too; `target` is what relabeling left of the target's labels. With
    /// `steps` it is written down what every rule did.
    ///
    /// # Errors
    /// A rule is legal, but more than is computed here.
    pub fn relabel(
        &mut self,
        sample: &[(String, String)],
        target: &Labels,
        steps: Option<&mut Vec<Step>>,
    ) -> Result<SampleOutcome, LimitError> {
        self.set.load_base(sample.iter().map(|(name, value)| (name.as_str(), value.as_str())));
        if self.honor_labels {
            self.add_absent(sample, target);
        } else {
            self.overwrite(target);
        }
        let verdict = match steps {
            Some(steps) => self.chain.run_traced(&mut self.set, steps)?,
            None => self.chain.run(&mut self.set)?,
        };
        let labels = match verdict {
            Verdict::Kept => self.set.to_labels(),
            Verdict::Dropped { rule } => return Ok(SampleOutcome::Dropped { rule: Some(rule) }),
        };
        Ok(if labels.is_empty() { SampleOutcome::Dropped { rule: None } } else { SampleOutcome::Stored(labels) })
    }

    /// `honor_labels: true`: a label the sample has, even an empty one, stays.
    fn add_absent(&mut self, sample: &[(String, String)], target: &Labels) {
        for (name, value) in public(target) {
            if sample.iter().all(|(own, _)| own != name) {
                self.set.set(name, value);
            }
        }
    }

    /// `honor_labels: false`: the target's labels win; what the sample had is kept as `exported_…`.
    fn overwrite(&mut self, target: &Labels) {
        let mut conflicts: Vec<(String, String)> = Vec::new();
        for (name, value) in public(target) {
            let existing = self.set.get(name);
            if !existing.is_empty() {
                conflicts.push((name.to_string(), existing.to_string()));
            }
            self.set.set(name, value);
        }
        conflicts.sort_by_key(|(name, _)| name.len());
        for (name, value) in conflicts {
            let mut exported = format!("{EXPORTED}{name}");
            while !self.set.get(&exported).is_empty() {
                exported.insert_str(0, EXPORTED);
            }
            self.set.set(&exported, &value);
        }
    }
}

/// The target's labels that are attached to samples.
fn public(target: &Labels) -> impl Iterator<Item = (&str, &str)> {
    target.iter().filter(|(name, _)| !name.starts_with("__"))
}

/// The labels of a series that Prometheus itself writes about a scrape, such as `up`: no rule and no
/// limit applies to it.
///
/// ```
/// use promcfg::Labels;
/// use promcfg::scrape::report_labels;
/// let target: Labels = [("job", "node"), ("__address__", "h:1")].into_iter().collect();
/// assert_eq!(report_labels(&[("__name__".to_string(), "up".to_string())], &target).len(), 2);
/// ```
#[must_use]
pub fn report_labels(sample: &[(String, String)], target: &Labels) -> Labels {
    let mut labels: Labels = sample.iter().cloned().collect();
    let scraped = |name: &str| sample.iter().find(|(own, _)| own == name).map_or("", |(_, value)| value.as_str());
    for (name, value) in public(target) {
        labels.set(format!("{EXPORTED}{name}"), scraped(name));
        labels.set(name, value);
    }
    labels
}

/// Why the scrape that a sample comes from fails as a whole. Displays Prometheus's message.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum SampleError {
    /// The rules took the metric's name away.
    #[error("missing metric name (__name__ label)")]
    NoName,
    /// A name is not allowed.
    #[error("invalid metric name or label names: {0}")]
    InvalidName(String),
    /// More labels than `label_limit`.
    #[error("label_limit exceeded (metric: {metric}, number of labels: {count}, limit: {limit})")]
    TooManyLabels {
        /// Name of the metric.
        metric: String,
        /// Number of labels, `__name__` included.
        count: usize,
        /// The limit.
        limit: u64,
    },
    /// A name longer than `label_name_length_limit`.
    #[error(
        "label_name_length_limit exceeded (metric: {metric}, label name: {label}, length: {length}, limit: {limit})"
    )]
    LongName {
        /// Name of the metric.
        metric: String,
        /// Name of the label.
        label: String,
        /// Its length in bytes.
        length: usize,
        /// The limit.
        limit: u64,
    },
    /// A value longer than `label_value_length_limit`.
    #[error(
        "label_value_length_limit exceeded (metric: {metric}, label name: {label}, value: {value}, length: {length}, limit: {limit})"
    )]
    LongValue {
        /// Name of the metric.
        metric: String,
        /// Name of the label.
        label: String,
        /// The value, cut to 50 characters and quoted.
        value: String,
        /// Its length in bytes.
        length: usize,
        /// The limit.
        limit: u64,
    },
}

/// Checks the labels a sample would be stored with.
///
/// # Errors
/// The first check that fails, in Prometheus's order. The scrape then fails as a whole.
pub fn check_sample(job: &ScrapeConfig, labels: &Labels) -> Result<(), SampleError> {
    let metric = labels.get("__name__");
    if metric.is_empty() {
        return Err(SampleError::NoName);
    }
    let are_names_allowed = labels.iter().all(|(name, _)| job.name_scheme.allows(name));
    let is_named = are_names_allowed && is_metric_name(metric, job.name_scheme);
    if job.release.checks_sample_names() && !is_named {
        return Err(SampleError::InvalidName(shown(labels)));
    }
    let metric = || cut(metric);
    if exceeds(labels.len(), job.label_limit) {
        return Err(SampleError::TooManyLabels { metric: metric(), count: labels.len(), limit: job.label_limit });
    }
    for (name, value) in labels {
        if exceeds(name.len(), job.label_name_length_limit) {
            let limit = job.label_name_length_limit;
            return Err(SampleError::LongName { metric: metric(), label: cut(name), length: name.len(), limit });
        }
        if exceeds(value.len(), job.label_value_length_limit) {
            let limit = job.label_value_length_limit;
            let (label, value, length) = (cut(name), go_quote(&cut(value)), value.len());
            return Err(SampleError::LongValue { metric: metric(), label, value, length, limit });
        }
    }
    Ok(())
}

/// Whether a limit other than 0 is exceeded.
fn exceeds(size: usize, limit: u64) -> bool {
    limit > 0 && size as u64 > limit
}

/// Legacy metric names may have colons as well.
fn is_metric_name(name: &str, scheme: NameScheme) -> bool {
    match scheme {
        NameScheme::Utf8 => true,
        NameScheme::Legacy => scheme.allows(&name.replace(':', "_")),
    }
}

/// At most 50 characters.
fn cut(text: &str) -> String {
    text.chars().take(50).collect()
}

/// `{a="1", b="2"}`.
fn shown(labels: &Labels) -> String {
    let parts: Vec<String> = labels
        .iter()
        .map(|(name, value)| {
            let name = if NameScheme::Legacy.allows(name) { name.to_string() } else { go_quote(name) };
            format!("{name}={}", go_quote(value))
        })
        .collect();
    format!("{{{}}}", parts.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stored(sample: &[(&str, &str)], honor: bool) -> String {
        let target: Labels = [("job", "j"), ("instance", "h:1"), ("env", "prod"), ("__tmp", "z")].into_iter().collect();
        let sample: Vec<(String, String)> =
            sample.iter().map(|(name, value)| ((*name).to_string(), (*value).to_string())).collect();
        let mut relabeler = SampleRelabeler::with_rules(&[], NameScheme::Utf8, honor).unwrap();
        match relabeler.relabel(&sample, &target, None).unwrap() {
            SampleOutcome::Stored(labels) => shown(&labels),
            SampleOutcome::Dropped { .. } => "dropped".to_string(),
        }
    }

    #[test]
    fn labels_of_the_target_win_and_what_was_scraped_is_exported() {
        let m = ("__name__", "m");
        assert_eq!(
            stored(&[m, ("instance", "x")], false),
            r#"{__name__="m", env="prod", exported_instance="x", instance="h:1", job="j"}"#
        );
        assert_eq!(
            stored(&[m, ("instance", "x"), ("exported_instance", "y")], false),
            r#"{__name__="m", env="prod", exported_exported_instance="x", exported_instance="y", instance="h:1", job="j"}"#
        );
        assert_eq!(stored(&[m, ("instance", "")], false), r#"{__name__="m", env="prod", instance="h:1", job="j"}"#);
    }

    #[test]
    fn honored_labels_stay_and_an_empty_one_blocks_the_targets() {
        let m = ("__name__", "m");
        assert_eq!(stored(&[m, ("instance", "x")], true), r#"{__name__="m", env="prod", instance="x", job="j"}"#);
        assert_eq!(stored(&[m, ("instance", "")], true), r#"{__name__="m", env="prod", job="j"}"#);
    }

    #[test]
    fn an_exported_label_of_a_target_is_lost_on_report_series() {
        let target: Labels = [("job", "j"), ("exported_job", "e")].into_iter().collect();
        let labels = report_labels(&[("__name__".to_string(), "up".to_string())], &target);
        assert_eq!(shown(&labels), r#"{__name__="up", job="j"}"#);
    }
}
