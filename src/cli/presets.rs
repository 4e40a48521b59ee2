//! `promcfg presets`: the kinds of jobs that `add-job` writes; the documents are in `rules/presets/`.

use std::io::Write;

use promcfg::edit::Preset;
use promcfg::text::most_similar;
use serde_json::json;

use super::args::{PresetsArguments, RulesFormat};
use super::status::{Failure, Status, Stop};
use super::terminal::Terminal;

pub(crate) fn run(arguments: &PresetsArguments, terminal: &Terminal) -> Result<Status, Stop> {
    let named = arguments.name.as_deref().map(named).transpose()?;
    let mut output = terminal.output();
    match (named, arguments.format) {
        (Some(preset), RulesFormat::Human) => output.write_all(preset.document().as_bytes())?,
        (None, RulesFormat::Human) => output.write_all(listed(terminal).as_bytes())?,
        (named, RulesFormat::Json) => {
            let presets = named.map_or_else(|| Preset::ALL.to_vec(), |preset| vec![preset]);
            let members: Vec<_> = presets
                .into_iter()
                .map(|preset| {
                    let options: Vec<&str> = preset.options().iter().map(|option| option.name()).collect();
                    json!({
                        "name": preset.name(),
                        "group": preset.group(),
                        "summary": preset.summary(),
                        "options": options,
                        "job": preset.template(),
                    })
                })
                .collect();
            serde_json::to_writer_pretty(&mut output, &json!({ "version": 1, "presets": members }))
                .map_err(std::io::Error::from)?;
            writeln!(output)?;
        }
    }
    output.flush()?;
    Ok(Status::Fine)
}

/// All presets with their purposes, group by group.
fn listed(terminal: &Terminal) -> String {
    let width = Preset::ALL.iter().map(|preset| preset.name().len()).max().unwrap_or(0);
    let mut groups: Vec<&str> = Vec::new();
    for preset in Preset::ALL {
        if !groups.contains(&preset.group()) {
            groups.push(preset.group());
        }
    }
    let of_group = |group: &str| {
        let lines = Preset::ALL.iter().filter(|preset| preset.group() == group).map(|preset| {
            let padding = " ".repeat(width - preset.name().len());
            format!("  {}{padding}  {}\n", terminal.stdout.name(preset.name()), preset.summary())
        });
        format!("{group}:\n{}", lines.collect::<String>())
    };
    groups.into_iter().map(of_group).collect::<Vec<_>>().join("\n")
}

fn named(name: &str) -> Result<Preset, Failure> {
    name.parse().map_err(|_| {
        let failure = Failure::new(format!("unknown preset {name:?}"));
        match most_similar(name, Preset::ALL.iter().map(|preset| preset.name())) {
            Some(similar) => failure.with_help(format!("did you mean {similar}?")),
            None => failure.with_help("list the presets with `promcfg presets`"),
        }
    })
}
