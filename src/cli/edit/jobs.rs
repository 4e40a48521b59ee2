//! `promcfg remove-job`.

use promcfg::Document;
use promcfg::edit::{RemoveJob, Selection};

use super::super::args::{AllowArguments, GivenArguments, GlobalOptions, RemoveJobArguments};
use super::super::status::{Status, Stop};
use super::super::terminal::Terminal;
use super::Run;
use super::known::Known;

pub(crate) fn remove_job(
    arguments: &RemoveJobArguments,
    global: &GlobalOptions,
    terminal: &Terminal,
) -> Result<Status, Stop> {
    let edit = |document: &mut Document<'_>, selection: &Selection| {
        document.remove_job(&RemoveJob { jobs: selection.jobs.clone() })
    };
    let given = GivenArguments { targets: arguments.targets.clone(), ..GivenArguments::default() };
    let run = Run {
        configs: &arguments.configs,
        selection: Selection { jobs: arguments.names.clone(), ..Selection::default() },
        is_of_samples: false,
        known: Known { given: &given, allowed: &AllowArguments::default() },
        options: &arguments.options,
        already: String::new(),
    };
    run.run(global, terminal, &edit)
}
