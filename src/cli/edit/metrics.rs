//! `promcfg drop-metric` and `keep-metric`.

use promcfg::Document;
use promcfg::edit::{FilterMetrics, MetricFilter, Selection};

use super::super::args::{DropMetricArguments, GlobalOptions, JobArguments, KeepMetricArguments, MetricArguments};
use super::super::status::{Status, Stop};
use super::super::terminal::Terminal;
use super::Run;
use super::known::Known;

pub(crate) fn drop_metric(
    arguments: &DropMetricArguments,
    global: &GlobalOptions,
    terminal: &Terminal,
) -> Result<Status, Stop> {
    filter(&arguments.metrics, MetricFilter::Drop, global, terminal)
}

pub(crate) fn keep_metric(
    arguments: &KeepMetricArguments,
    global: &GlobalOptions,
    terminal: &Terminal,
) -> Result<Status, Stop> {
    filter(&arguments.metrics, MetricFilter::Keep, global, terminal)
}

fn filter(
    arguments: &MetricArguments,
    filter: MetricFilter,
    global: &GlobalOptions,
    terminal: &Terminal,
) -> Result<Status, Stop> {
    let JobArguments { jobs, all_jobs } = &arguments.jobs;
    let edit = |document: &mut Document<'_>, selection: &Selection| {
        let patterns = arguments.patterns.clone();
        document.filter_metrics(&FilterMetrics { filter, patterns, selection: selection.clone() })
    };
    let verb = if filter == MetricFilter::Drop { "drops" } else { "keeps" };
    let run = Run {
        configs: &arguments.configs,
        selection: Selection { jobs: jobs.clone(), all_jobs: *all_jobs, ..Selection::default() },
        is_of_samples: true,
        known: Known { given: &arguments.given, allowed: &arguments.allowed },
        options: &arguments.options,
        already: format!("a rule already {verb} {}", arguments.patterns.join(" and ")),
    };
    run.run(global, terminal, &edit)
}
