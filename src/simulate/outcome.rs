//! What became of a target, without its labels: a fraction of the work of a whole result.

use std::hash::Hasher;

use rustc_hash::FxHasher;

use crate::relabel::{LabelBuilder, Verdict};
use crate::scrape::{Defaults, GroupLabels, ScrapeError, check_in_place, error_in_place};
use crate::text::{Location, bounded_sentence};

use super::numbers::{Numbers, OF_LABEL};
use super::sources::KnownGroup;
use super::{JobSimulator, Owner, PlacedTarget, Status, TargetResult};

/// What became of a target.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct TargetOutcome {
    pub(crate) at: Option<Location>,
    pub(crate) status: Status,
    /// Where it is scraped; empty unless kept.
    pub(crate) url: String,
    /// A number for the labels of its series: the same for the same labels.
    pub(crate) series: u64,
    /// The rule of `relabel_configs` that dropped it.
    pub(crate) dropped_by: Option<usize>,
    /// Whether its address after relabeling differs from the discovered one.
    pub(crate) has_new_address: bool,
    /// Why every scrape of it fails, with its address after relabeling.
    pub(crate) failure: Option<Box<(String, ScrapeError)>>,
    /// About the bytes that its whole result would take.
    pub(crate) memory: usize,
}

impl TargetOutcome {
    /// That of a whole result.
    fn of(result: &TargetResult) -> Self {
        let address = result.labels.get("__address__");
        Self {
            at: result.at,
            status: result.status,
            url: result.url.clone(),
            series: Numbers::of(result.labels.iter()).series.finish(),
            dropped_by: result.dropped_by.as_ref().map(|dropped| dropped.rule),
            has_new_address: address != result.discovered.get("__address__"),
            failure: result.scrape_error.clone().map(|error| Box::new((address.to_string(), error))),
            memory: result.memory(),
        }
    }
}

impl<'c> JobSimulator<'c> {
    /// Simulates the targets of a group, one after the other. `wants` says, when asked with nothing, whether one more is
    /// wanted, and then gets what became of it.
    pub(crate) fn outcomes(&mut self, group: KnownGroup<'_>, wants: &mut dyn FnMut(Option<TargetOutcome>) -> bool) {
        let defaults = match self.owner {
            Owner::Job(job) if job.is_text && !self.traces => {
                self.defaults.take().or_else(|| Some(Box::new(Defaults::of(job))))
            }
            Owner::Job(_) | Owner::Alertmanager(_) => None,
        };
        let labels = group.labels();
        let labels = defaults.as_ref().and_then(|defaults| defaults.with_group(&labels));
        for (index, address) in group.addresses().enumerate() {
            if !wants(None) {
                continue;
            }
            let fits = |size: usize| size + "__address__".len() + address.value.len() <= LabelBuilder::MAX_BYTES;
            let outcome = match labels.as_ref().filter(|labels| !address.value.is_empty() && fits(labels.size)) {
                Some(labels) => {
                    self.set.load_added(labels.with_address(&address.value));
                    Some(self.outcome(defaults.as_deref(), labels, &address.value, group.place(address)))
                }
                None => group.target(index).map(|target: PlacedTarget| TargetOutcome::of(&self.simulate(&target))),
            };
            wants(outcome);
        }
        self.defaults = defaults;
    }

    /// What becomes of the target whose labels are loaded.
    fn outcome(
        &mut self,
        defaults: Option<&Defaults<'c>>,
        labels: &GroupLabels<'_>,
        discovered: &str,
        at: Location,
    ) -> TargetOutcome {
        let mut outcome = TargetOutcome {
            at: Some(at),
            status: Status::Kept,
            url: String::new(),
            series: FxHasher::default().finish(),
            dropped_by: None,
            has_new_address: true,
            failure: None,
            memory: TargetResult::SIZE + labels.bytes + discovered.len() + labels.len() * OF_LABEL,
        };
        let verdict = self.chain.run(&mut self.set);
        self.has_collisions |= self.set.has_collisions();
        match verdict {
            Ok(Verdict::Kept) => self.finish(defaults, discovered, at, &mut outcome),
            Ok(Verdict::Dropped { rule }) => (outcome.status, outcome.dropped_by) = (Status::Dropped, Some(rule)),
            Err(limit) => {
                outcome.status = Status::Unknown;
                self.report(Status::Unknown, &limit.to_string(), Some(at), discovered);
            }
        }
        outcome
    }

    /// Checks a target that the rules kept.
    fn finish(&mut self, defaults: Option<&Defaults<'c>>, discovered: &str, at: Location, outcome: &mut TargetOutcome) {
        let Some(job) = self.owner.job() else { return };
        match check_in_place(job, defaults, &mut self.set) {
            Ok(url) => {
                let error = error_in_place(job, &self.set, &url);
                let address = self.set.get("__address__");
                outcome.has_new_address = address != discovered;
                outcome.failure = error.map(|error| Box::new((address.to_string(), error)));
                let numbers = Numbers::of(self.set.iter());
                outcome.series = numbers.series.finish();
                outcome.memory += numbers.memory + url.len();
                self.pool.add_number(numbers.of_target(&url), Some(at), &url);
                outcome.url = url;
            }
            Err(fault) => {
                outcome.status = Status::Invalid;
                self.report(Status::Invalid, &bounded_sentence(fault.to_string()), Some(at), discovered);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;
    use crate::options::Options;
    use crate::simulate::{Owner, TargetFiles, known_targets};
    use crate::text::Sources;

    const GROUPS: [&str; 9] = [
        "targets: ['h:1', 'h:1', i, '', 'x/y', 'h:99999']",
        "targets: ['h:2'], labels: {env: x, job: own, team: ''}",
        "targets: ['h:3'], labels: {__metrics_path__: /m, __scheme__: https, __param_target: z}",
        "targets: ['h:4'], labels: {__scrape_interval__: 1h, instance: i, __meta_a: b}",
        "targets: ['h:5'], labels: {__scrape_interval__: nosuch}",
        "targets: ['h:6'], labels: {__scheme__: '', __param_module: '', __address__: other}",
        "targets: ['h:7', 'h:8'], labels: {__scheme__: ftp, __unix_socket__: /s}",
        "targets: [], labels: {a: b}",
        "targets: ['[::1]', 'a b:1'], labels: {__param_module: own, __meta_own: x}",
    ];
    const RULES: [&str; 7] = [
        "[]",
        "[{source_labels: [env], regex: x, action: drop}]",
        "[{regex: '__meta_(.+)', action: labelmap}, {regex: '__param_(.+)', replacement: x, action: labelmap}]",
        "[{target_label: __address__, replacement: 'other:1'}]",
        "[{regex: '__address__|instance', action: labeldrop}]",
        "[{source_labels: [__address__], target_label: instance, regex: '(.+):.*'}, {target_label: __param_x, replacement: y}]",
        "[{regex: '(.*)', replacement: z, action: labelmap}]",
    ];

    #[test]
    fn an_outcome_says_what_a_whole_result_says() {
        for release in ["3.14", "2.53", "2.42", "2.30"] {
            for (index, rules) in RULES.iter().enumerate() {
                let text = format!(
                    "scrape_configs:\n- job_name: web\n  params: {{module: [m, n], empty: ['']}}\n  target_limit: 3\n  relabel_configs: {rules}\n  static_configs: [{}]\n",
                    GROUPS.map(|group| format!("{{{group}}}")).join(", ")
                );
                let mut sources = Sources::new();
                let file = sources.add("p.yml", text);
                let options = Options::default().with_release(release.parse().expect("is a release"));
                let (mut config, _) = Config::read(&mut sources, file, &options);
                let job = &mut config.scrape_configs[0];
                job.is_valid = true;
                let mut files = TargetFiles::new();
                let (known, _) = known_targets(Owner::Job(job), &mut sources, &options, &mut files);
                let (mut whole, mut short) = (
                    JobSimulator::new(job, false).expect("is valid"),
                    JobSimulator::new(job, false).expect("is valid"),
                );
                let wanted: Vec<TargetOutcome> =
                    known.iter().map(|target| TargetOutcome::of(&whole.simulate(&target))).collect();
                let mut found = Vec::new();
                for group in known.groups() {
                    short.outcomes(group, &mut |outcome| {
                        found.extend(outcome);
                        true
                    });
                }
                for (wanted, found) in wanted.iter().zip(&found) {
                    assert!(
                        (found.memory..2 * found.memory).contains(&wanted.memory),
                        "{} {}",
                        wanted.memory,
                        found.memory
                    );
                    assert_eq!(
                        TargetOutcome { memory: 0, ..wanted.clone() },
                        TargetOutcome { memory: 0, ..found.clone() }
                    );
                }
                assert_eq!(
                    (wanted.len(), whole.diagnostics()),
                    (found.len(), short.diagnostics()),
                    "{release} {index}"
                );
            }
        }
    }
}
