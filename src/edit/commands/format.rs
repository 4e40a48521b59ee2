//! `fmt`: the layout of a config, where it is certain what it should be.

use std::sync::Arc;

use crate::config::text_nodes;
use crate::diagnostic::{Diagnostic, ids};
use crate::text::{Edits, FileId};
use crate::yaml::Tree;
use crate::yaml_edit::{Plan, prove};

use super::super::change::ConfigChange;
use super::super::document::Document;
use super::super::driver::{explain_unproved, has_same_jobs, has_same_results, is_readable, no_new_errors};
use super::super::layout::{indent_lists, quote, trim_lines};
use super::super::open::{EditedFiles, EditedText, Opened};
use super::super::overlay::Overlay;
use super::super::request::{EditError, refused};

/// What is changed of the layout, by kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Counts {
    lines: usize,
    lists: usize,
    values: usize,
}

/// So often are lists in each other moved.
const MOST_ROUNDS: usize = 32;

impl Document<'_> {
    /// Changes the layout where it is certain what it should be: removes blanks at the ends of lines, indents block lists as
    /// most lists of the text are, and puts quotes around strings that other readers of YAML take for numbers or truth
    /// values. Comments, block scalars and scalars over several lines stay as they are.
    ///
    /// ```
    /// use promcfg::{Document, Options};
    /// let text = "scrape_configs:  \n- job_name: a\n  static_configs:\n  - targets: [h]\n    labels: {env: on}\n";
    /// let change = Document::new("p.yml", text, &Options::default()).format()?;
    /// assert_eq!(change.files[0].after(), text.replace(":  \n", ":\n").replace("on}", "'on'}"));
    /// # Ok::<(), promcfg::edit::EditError>(())
    /// ```
    ///
    /// # Errors
    /// The text is not valid YAML, or it is not proved that the new text means the same.
    pub fn format(&mut self) -> Result<ConfigChange, EditError> {
        let opened = self.opened_mut();
        opened.read_all();
        is_readable(opened)?;
        Ok(formatted(opened)?)
    }
}

fn formatted(opened: &mut Opened<'_>) -> Result<ConfigChange, Diagnostic> {
    let (mut texts, mut all) = (Vec::new(), Counts::default());
    for file in opened.own_texts() {
        let tree = opened.tree(file);
        let Some((edits, tree, counts)) = format_text(opened, file, &tree)? else { continue };
        all = all.and(counts);
        texts.push(EditedText { file, edits, tree });
    }
    let mut change = ConfigChange::of_fields();
    if texts.is_empty() {
        change.jobs_with_nothing_to_do.push(String::new());
        return Ok(change);
    }
    let EditedFiles { files, tree } = opened.to_files(texts)?;
    let overlay = Overlay { files: opened.options.files, changed: &files };
    let after = opened.with_tree(tree, &overlay);
    no_new_errors(opened, &after)?;
    let is_same = has_same_jobs(opened, &after)
        && opened.diagnostics.len() == after.diagnostics.len()
        && opened.jobs.iter().zip(&after.jobs).all(|(old, new)| has_same_results(old, new));
    if !is_same {
        return Err(refused(ids::EDIT_UNPROVED, opened.start(), "it is not proved that the new text means the same"));
    }
    (change.layout, change.files) = (all.words(), files);
    Ok(change)
}

/// The edits of a text, proved: the new tree has the same values, and each comment is at its place.
fn format_text(
    opened: &Opened<'_>,
    file: FileId,
    tree: &Arc<Tree>,
) -> Result<Option<(Edits, Tree, Counts)>, Diagnostic> {
    let mut counts = Counts::default();
    let mut plan = Plan::new(tree);
    counts.lines = trim_lines(&mut plan);
    counts.values = quote(&mut plan, &text_nodes(tree, opened.is_target_file));
    let mut done = proved(&plan, file)?;
    for _ in 0..MOST_ROUNDS {
        let now = done.as_ref().map_or(&**tree, |(_, tree)| tree);
        let mut plan = Plan::new(now);
        let moved = indent_lists(&mut plan);
        // Where a comment would part from its place, the lists stay.
        let Ok(Some((edits, new))) = proved(&plan, file) else { break };
        let edits = done.take().map_or(edits.clone(), |(before, _)| before.then(&edits, tree.text().len()));
        counts.lists += moved;
        done = Some((edits, new));
    }
    Ok(done.map(|(edits, tree)| (edits, tree, counts)))
}

fn proved(plan: &Plan<'_>, file: FileId) -> Result<Option<(Edits, Tree)>, Diagnostic> {
    if plan.edits().is_some_and(|edits| edits.is_empty()) {
        return Ok(None);
    }
    prove(plan).map(Some).map_err(|unproved| explain_unproved(unproved, file))
}

impl Counts {
    fn and(self, other: Self) -> Self {
        Self { lines: self.lines + other.lines, lists: self.lists + other.lists, values: self.values + other.values }
    }

    fn words(self) -> Vec<String> {
        let line = |count: usize, one: &str, many: &str| match count {
            0 => None,
            1 => Some(format!("1 {one}")),
            count => Some(format!("{count} {many}")),
        };
        let all = [
            line(self.lines, "line loses the blanks at its end", "lines lose the blanks at their ends"),
            line(self.lists, "list is indented like the others", "lists are indented like the others"),
            line(self.values, "string gets quotes", "strings get quotes"),
        ];
        all.into_iter().flatten().collect()
    }
}
