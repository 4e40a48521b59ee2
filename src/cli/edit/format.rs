//! `promcfg fmt`.

use promcfg::Document;
use promcfg::edit::Selection;

use super::super::args::{ConfigArguments, FormatArguments, GlobalOptions};
use super::super::status::{Failure, Status, Stop};
use super::super::terminal::Terminal;
use super::Run;

pub(crate) fn format(arguments: &FormatArguments, global: &GlobalOptions, terminal: &Terminal) -> Result<Status, Stop> {
    let Some((first, rest)) = arguments.paths.split_first() else {
        return Err(Failure::new("no config is given").into());
    };
    let edit = |document: &mut Document<'_>, _: &Selection| document.format();
    let configs = ConfigArguments { config: first.clone(), files: rest.to_vec() };
    let run = Run { already: "the layout is as it should be".to_string(), ..Run::of(&configs, &arguments.options) };
    run.run(global, terminal, &edit)
}
