//! `promcfg drop-metric` and `keep-metric`.

use promcfg::Document;
use promcfg::edit::{FilterMetrics, MetricFilter, Selection};

use super::super::args::{DropMetricArguments, GlobalOptions, KeepMetricArguments, MetricArguments};
use super::super::status::{Status, Stop};
use super::super::terminal::Terminal;
use super::known::Known;
use super::{Run, of_jobs};

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
    let edit = |document: &mut Document<'_>, selection: &Selection| {
        let patterns = arguments.patterns.clone();
        document.filter_metrics(&FilterMetrics { filter, patterns, selection: selection.clone() })
    };
    let verb = if filter == MetricFilter::Drop { "drops" } else { "keeps" };
    let run = Run {
        selection: of_jobs(&arguments.jobs),
        is_of_samples: true,
        known: Known::of(arguments.given.clone(), arguments.allowed),
        already: format!("a rule already {verb} {}", arguments.patterns.join(" and ")),
        ..Run::of(&arguments.configs, &arguments.options)
    };
    run.run(global, terminal, &edit)
}
