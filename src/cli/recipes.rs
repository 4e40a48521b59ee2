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
    "change-port",
    "consul-services",
    "copy-job",
    "copy-label",
    "default-label",
    "drop-high-cardinality-label",
    "drop-labels",
    "drop-metrics",
    "drop-namespace",
    "drop-targets",
    "edit-shared-rules",
    "federation",
    "honor-labels",
    "honor-timestamps",
    "instance-from-pod",
    "instance-without-port",
    "instances-by-tag",
    "job-label-from-pod",
    "keep-labels",
    "keep-metrics",
    "keep-ready-pods",
    "keep-running-pods",
    "keep-targets",
    "label-for-one-target",
    "label-from-hostname",
    "label-where",
    "limit-samples",
    "lower-case-label",
    "map-node-labels",
    "map-pod-labels-with-prefix",
    "map-tags",
    "metrics-path",
    "move-targets-to-file",
    "namespace-and-pod",
    "one-port-of-pods",
    "path-from-annotation",
    "pods-by-annotation",
    "port-from-annotation",
    "remove-label",
    "remove-target",
    "rename-job",
    "rename-label",
    "rename-metric",
    "running-instances",
    "scheme-from-annotation",
    "scrape-by-https",
    "set-interval-of-all-jobs",
    "shard-targets",
    "snmp-devices",
    "static-label",
    "targets-from-files",
    "token-from-file",
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
    let recipes = found(&arguments.words)?;
    let mut output = terminal.output();
    match (recipes.as_slice(), arguments.format) {
        ([recipe], RulesFormat::Human) => output.write_all(recipe.document().as_bytes())?,
        (recipes, RulesFormat::Human) => output.write_all(listed(recipes, terminal).as_bytes())?,
        (recipes, RulesFormat::Json) => {
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

/// Recipes with their questions, group by group.
fn listed(recipes: &[&Recipe], terminal: &Terminal) -> String {
    let width = recipes.iter().map(|recipe| recipe.name.len()).max().unwrap_or(0);
    let mut groups: Vec<&str> = recipes.iter().map(|recipe| recipe.group()).collect();
    groups.sort_unstable();
    groups.dedup();
    let of_group = |group: &str| {
        let lines = recipes.iter().filter(|recipe| recipe.group() == group).map(|recipe| {
            let padding = " ".repeat(width - recipe.name.len());
            format!("  {}{padding}  {}\n", terminal.stdout.name(recipe.name), recipe.question())
        });
        format!("{group}:\n{}", lines.collect::<String>())
    };
    groups.into_iter().map(of_group).collect::<Vec<_>>().join("\n")
}

/// The recipe with this name, or those that have all of the words: in their names, questions and remarks first, else
/// anywhere.
fn found(words: &[String]) -> Result<Vec<&'static Recipe>, Failure> {
    if let [name] = words
        && let Some(recipe) = RECIPES.iter().find(|recipe| recipe.name == name)
    {
        return Ok(vec![recipe]);
    }
    let all: Vec<String> = words.iter().flat_map(|word| word.split_whitespace()).map(str::to_lowercase).collect();
    let has_all = |text: &str| {
        let text = text.to_lowercase();
        all.iter().all(|word| text.contains(word.as_str()))
    };
    let head = |recipe: &Recipe| recipe.document().split("```").next().unwrap_or_default();
    for part in [head, Recipe::document] {
        let matching: Vec<&Recipe> = RECIPES.iter().filter(|recipe| has_all(part(recipe))).collect();
        if !matching.is_empty() {
            return Ok(matching);
        }
    }
    let name = words.join(" ");
    let failure = Failure::new(format!("no recipe has the name or the words {name:?}"));
    Err(match most_similar(&name, RECIPES.iter().map(|recipe| recipe.name)) {
        Some(similar) => failure.with_help(format!("did you mean {similar}?")),
        None => failure.with_help("list the recipes with `promcfg recipes`"),
    })
}
