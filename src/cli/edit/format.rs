//! `promcfg fmt`.

use promcfg::Document;
use promcfg::edit::Selection;

use super::super::args::{AllowArguments, ConfigArguments, FormatArguments, GivenArguments, GlobalOptions};
use super::super::status::{Failure, Status, Stop};
use super::super::terminal::Terminal;
use super::Run;
use super::known::Known;

pub(crate) fn format(arguments: &FormatArguments, global: &GlobalOptions, terminal: &Terminal) -> Result<Status, Stop> {
    let Some((first, rest)) = arguments.paths.split_first() else {
        return Err(Failure::new("no config is given").into());
    };
    let edit = |document: &mut Document<'_>, _: &Selection| document.format();
    let run = Run {
        configs: &ConfigArguments { config: first.clone(), files: rest.to_vec() },
        selection: Selection::default(),
        is_of_samples: false,
        known: Known { given: &GivenArguments::default(), allowed: &AllowArguments::default() },
        options: &arguments.options,
        already: "the layout is as it should be".to_string(),
    };
    run.run(global, terminal, &edit)
}
