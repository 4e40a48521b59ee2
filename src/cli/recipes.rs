//! `promcfg recipes`: common tasks, each done by one command; the documents are in `rules/recipes/`.

use std::io::Write;

use promcfg::text::most_similar;
use serde_json::json;

use super::args::{RecipesArguments, RulesFormat};
use super::status::{Failure, Status, Stop};
use super::terminal::Terminal;

/// A document: its name and its text.
struct Recipe {
    name: &'static str,
    text: &'static str,
}

macro_rules! recipes {
    ($($name:literal,)*) => {
        const RECIPES: &[Recipe] = &[
            $(Recipe { name: $name, text: include_str!(concat!("../../rules/recipes/", $name, ".md")) },)*
        ];
    };
}

recipes! {
    "add-target",
    "blackbox-probe",
    "copy-label",
    "drop-high-cardinality-label",
    "drop-labels",
    "drop-metrics",
    "edit-shared-rules",
    "federation",
    "instance-from-pod",
    "instance-without-port",
    "job-label-from-pod",
    "keep-labels",
    "keep-metrics",
    "label-for-one-target",
    "label-from-hostname",
    "label-where",
    "limit-samples",
    "lower-case-label",
    "map-node-labels",
    "map-pod-labels-with-prefix",
    "map-tags",
    "namespace-and-pod",
    "path-from-annotation",
    "pods-by-annotation",
    "port-from-annotation",
    "remove-label",
    "remove-target",
    "rename-label",
    "rename-metric",
    "scheme-from-annotation",
    "set-interval-of-all-jobs",
    "snmp-devices",
    "static-label",
    "worker-endpoints",
}

impl Recipe {
    /// The document without its front matter.
    fn document(&self) -> &'static str {
        self.text.split_once("\n---\n").map_or(self.text, |(_, document)| document.trim_start())
    }

    fn group(&self) -> &'static str {
        self.text.lines().find_map(|line| line.strip_prefix("group: ")).unwrap_or_default()
    }

    fn question(&self) -> &'static str {
        self.document().lines().skip(1).find(|line| !line.is_empty()).unwrap_or_default()
    }

    fn command(&self) -> &'static str {
        self.document().lines().find_map(|line| line.strip_prefix("$ ")).unwrap_or_default()
    }
}

pub(crate) fn run(arguments: &RecipesArguments, terminal: &Terminal) -> Result<Status, Stop> {
    let mut output = terminal.output();
    match (&arguments.name, arguments.format) {
        (Some(name), RulesFormat::Human) => output.write_all(named(name)?.document().as_bytes())?,
        (None, RulesFormat::Human) => output.write_all(listed(terminal).as_bytes())?,
        (name, RulesFormat::Json) => {
            let recipes: Vec<&Recipe> = match name {
                Some(name) => vec![named(name)?],
                None => RECIPES.iter().collect(),
            };
            let members: Vec<_> = recipes
                .iter()
                .map(|recipe| {
                    json!({
                        "name": recipe.name,
                        "group": recipe.group(),
                        "question": recipe.question(),
                        "command": recipe.command(),
                    })
                })
                .collect();
            serde_json::to_writer_pretty(&mut output, &json!({ "version": 1, "recipes": members }))
                .map_err(std::io::Error::from)?;
            writeln!(output)?;
        }
    }
    output.flush()?;
    Ok(Status::Fine)
}

/// All recipes with their questions, group by group.
fn listed(terminal: &Terminal) -> String {
    let width = RECIPES.iter().map(|recipe| recipe.name.len()).max().unwrap_or(0);
    let mut groups: Vec<&str> = RECIPES.iter().map(Recipe::group).collect();
    groups.sort_unstable();
    groups.dedup();
    let of_group = |group: &str| {
        let lines = RECIPES.iter().filter(|recipe| recipe.group() == group).map(|recipe| {
            let padding = " ".repeat(width - recipe.name.len());
            format!("  {}{padding}  {}\n", terminal.stdout.name(recipe.name), recipe.question())
        });
        format!("{group}:\n{}", lines.collect::<String>())
    };
    groups.into_iter().map(of_group).collect::<Vec<_>>().join("\n")
}

fn named(name: &str) -> Result<&'static Recipe, Failure> {
    RECIPES.iter().find(|recipe| recipe.name == name).ok_or_else(|| {
        let failure = Failure::new(format!("unknown recipe {name:?}"));
        match most_similar(name, RECIPES.iter().map(|recipe| recipe.name)) {
            Some(similar) => failure.with_help(format!("did you mean {similar}?")),
            None => failure.with_help("list the recipes with `promcfg recipes`"),
        }
    })
}
