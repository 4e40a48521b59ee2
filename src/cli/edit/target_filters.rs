//! `promcfg drop-target` and `keep-target`.

use promcfg::Document;
use promcfg::edit::{FilterTargets, Selection, ShardTargets, TargetFilter};

use super::super::args::{
    AllowArguments, ConfigArguments, DropTargetArguments, EditOptions, GivenTargets, GlobalOptions, JobArguments,
    KeepTargetArguments,
};
use super::super::status::{Status, Stop};
use super::super::terminal::Terminal;
use super::batch::Edit;
use super::known::Known;
use super::{Run, of_jobs};

pub(crate) fn drop_target(
    arguments: &DropTargetArguments,
    global: &GlobalOptions,
    terminal: &Terminal,
) -> Result<Status, Stop> {
    let filtering = Filtering {
        configs: &arguments.configs,
        conditions: &arguments.conditions,
        jobs: &arguments.jobs,
        targets: &arguments.targets,
        allowed: &arguments.allowed,
        options: &arguments.options,
    };
    filtering.filter(TargetFilter::Drop, arguments.before_rules, global, terminal)
}

pub(crate) fn keep_target(
    arguments: &KeepTargetArguments,
    global: &GlobalOptions,
    terminal: &Terminal,
) -> Result<Status, Stop> {
    let filtering = Filtering {
        configs: &arguments.configs,
        conditions: &arguments.conditions,
        jobs: &arguments.jobs,
        targets: &arguments.targets,
        allowed: &arguments.allowed,
        options: &arguments.options,
    };
    let Some((shard, of)) = arguments.shard else {
        return filtering.filter(TargetFilter::Keep, arguments.before_rules, global, terminal);
    };
    let edit = |document: &mut Document<'_>, selection: &Selection| {
        document.shard_targets(&ShardTargets { shard, of, by: arguments.by.clone(), selection: selection.clone() })
    };
    filtering.run(format!("the job already keeps shard {shard} of {of}"), global, terminal, &edit)
}

/// What both commands have.
struct Filtering<'a> {
    configs: &'a ConfigArguments,
    conditions: &'a [(String, String)],
    jobs: &'a JobArguments,
    targets: &'a GivenTargets,
    allowed: &'a AllowArguments,
    options: &'a EditOptions,
}

impl Filtering<'_> {
    fn filter(
        &self,
        filter: TargetFilter,
        before_rules: bool,
        global: &GlobalOptions,
        terminal: &Terminal,
    ) -> Result<Status, Stop> {
        let edit = |document: &mut Document<'_>, selection: &Selection| {
            let may_lose_all = self.allowed.force;
            document.filter_targets(&FilterTargets { filter, selection: selection.clone(), before_rules, may_lose_all })
        };
        let words: Vec<String> = self.conditions.iter().map(|(name, pattern)| format!("{name}={pattern}")).collect();
        let words = words.join(" and ");
        let already = match filter {
            TargetFilter::Keep => format!("the job already keeps only targets with {words}"),
            _ => format!("a rule already drops targets with {words}"),
        };
        self.run(already, global, terminal, &edit)
    }

    fn run(
        &self,
        already: String,
        global: &GlobalOptions,
        terminal: &Terminal,
        edit: &Edit<'_>,
    ) -> Result<Status, Stop> {
        let run = Run {
            selection: Selection { conditions: self.conditions.to_vec(), ..of_jobs(self.jobs) },
            known: Known::of(self.targets, *self.allowed),
            already,
            ..Run::of(self.configs, self.options)
        };
        run.run(global, terminal, edit)
    }
}
