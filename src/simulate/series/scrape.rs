//! The scrape of a page as a whole: it fails with one sample that Prometheus refuses.
//!
//! Source: `append` of `scrape/scrape.go` in Prometheus 3.14. A sample that is a duplicate, out of order or out of bounds is
//! only skipped; every other error ends the scrape, whose samples are rolled back.

use crate::diagnostic::{Diagnostic, Severity, ids};
use crate::relabel::Labels;
use crate::scrape::SampleOutcome;
use crate::text::{Location, shorten};

use super::{Series, SeriesSimulator};

/// The number of refused samples of a scrape that are known by their places.
const MOST_REFUSED: usize = 20;

/// The check of one scrape: of all series of a page, in their order, from one target.
///
/// ```
/// use promcfg::simulate::{ScrapeCheck, SeriesSimulator, read_exposition};
/// use promcfg::{Config, Labels, Options, Sources};
/// let mut sources = Sources::new();
/// let file = sources.add("p.yml", "scrape_configs: [{job_name: a, label_limit: 3}]");
/// let (config, _) = Config::read(&mut sources, file, &Options::default());
/// let mut simulator = SeriesSimulator::new(&config.scrape_configs[0], false).expect("no rule is refused");
/// let target: Labels = [("instance", "h:1"), ("job", "a")].into_iter().collect();
/// let mut check = ScrapeCheck::default();
/// for series in read_exposition("up 1\nup{a=\"b\"} 1\n")? {
///     simulator.check(&mut check, &series, &target);
/// }
/// assert!(simulator.conclude(&mut check));
/// assert!(check.has_result(1) && !check.has_result(0));
/// # Ok::<(), promcfg::simulate::SeriesError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ScrapeCheck {
    series: usize,
    stored: u64,
    /// The first refused sample.
    first: Option<RefusedSample>,
    /// The places of refused samples.
    refused: Vec<usize>,
    refused_count: usize,
    fails: bool,
}

impl ScrapeCheck {
    /// Whether the series at this place of the page, from 0, has a result: if the scrape fails, only a refused one.
    #[must_use]
    pub fn has_result(&self, place: usize) -> bool {
        !self.fails || self.refused.binary_search(&place).is_ok()
    }
}

/// A sample with which a scrape fails.
#[derive(Clone, Debug, PartialEq, Eq)]
struct RefusedSample {
    metric: String,
    error: String,
}

/// The failed scrapes of a job.
#[derive(Debug, Default)]
pub(super) struct FailedScrapes {
    /// The first refused sample of the first scrape with one, and the number of refused samples of that scrape.
    refused: Option<(RefusedSample, usize)>,
    /// The scrapes with a refused sample.
    scrapes: usize,
    /// The most samples of a scrape with more than `sample_limit`.
    pub(super) most_samples: u64,
}

impl SeriesSimulator<'_> {
    /// Checks the next series of a page that is scraped from a target with these final labels.
    pub fn check(&mut self, check: &mut ScrapeCheck, series: &Series, target: &Labels) {
        let place = check.series;
        check.series += 1;
        // Prometheus does not refuse a scrape for a limit of promcfg.
        let Ok(SampleOutcome::Stored(labels)) = self.relabeler.relabel(&series.sample, target, None) else { return };
        let Some(error) = self.refusal(series, &labels) else {
            check.stored += 1;
            return;
        };
        if check.first.is_none() {
            let metric = shorten(labels.get("__name__"), 100).into_owned();
            check.first = Some(RefusedSample { metric, error });
        }
        check.refused_count += 1;
        if check.refused.len() < MOST_REFUSED {
            check.refused.push(place);
        }
    }

    /// Ends the check of a scrape: whether it fails. The diagnostics report why.
    pub fn conclude(&mut self, check: &mut ScrapeCheck) -> bool {
        if let Some(first) = &check.first {
            self.failed.scrapes += 1;
            self.failed.refused.get_or_insert_with(|| (first.clone(), check.refused_count));
            check.fails = true;
        } else if self.job.sample_limit > 0 && check.stored > self.job.sample_limit {
            self.failed.most_samples = self.failed.most_samples.max(check.stored);
            check.fails = true;
        }
        check.fails
    }

    pub(super) fn refused_sample(&self) -> Option<Diagnostic> {
        let (RefusedSample { metric, error }, count) = self.failed.refused.as_ref()?;
        let at = Location::new(self.job.file, self.job.job_name.span);
        let of_metric = match metric.is_empty() {
            true => "without a name".to_string(),
            false => format!("of {metric}"),
        };
        let message = match count {
            1 => format!("a sample {of_metric} is refused"),
            _ => format!("{count} samples of a scrape are refused, the first one is a sample {of_metric}"),
        };
        let note = match self.failed.scrapes {
            1 => "the scrape fails: `up` is 0, and nothing of the page is stored".to_string(),
            scrapes => format!("the scrapes of {scrapes} targets fail: `up` is 0, and nothing of the page is stored"),
        };
        let diagnostic = Diagnostic::new(ids::INVALID_SAMPLE, Severity::Error, at, message)
            .with_job(self.job.job_name.value.as_str())
            .with_argument("metric", metric.clone())
            .with_note(note)
            .with_upstream(error.clone());
        Some(diagnostic)
    }
}
