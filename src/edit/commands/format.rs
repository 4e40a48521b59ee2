//! `fmt`: the layout of a config, where it is certain what it should be.

use rustc_hash::FxHashSet;

use crate::config::text_nodes;
use crate::diagnostic::{Diagnostic, ids};
use crate::text::{Edits, FileId, Span};
use crate::yaml::Tree;
use crate::yaml_edit::{Plan, Unproved, prove};

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

/// So often is a text tried without the lists that cannot be moved.
const MOST_ROUNDS: usize = 16;

impl Document<'_> {
    /// Changes the layout where it is certain what it should be: removes blanks at the ends of lines, indents block lists as
    /// most lists of the text are, and puts quotes around strings that other readers of YAML take for numbers or truth
    /// values. Comments stay as they are; block scalars and scalars over several lines are only moved with their list.
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

/// The edits of a text, proved: the new tree has the same values, and each comment is at its place. Where a comment would part
/// from its place, the lists that it is in stay.
fn format_text(opened: &Opened<'_>, file: FileId, tree: &Tree) -> Result<Option<(Edits, Tree, Counts)>, Diagnostic> {
    let nodes = text_nodes(tree, opened.is_target_file);
    let mut excluded: FxHashSet<u32> = FxHashSet::default();
    for round in 0..=MOST_ROUNDS {
        let mut plan = Plan::new(tree);
        let (lines, values) = (trim_lines(&mut plan), quote(&mut plan, &nodes));
        // In the last round all lists stay.
        let moved = if round < MOST_ROUNDS { indent_lists(&mut plan, &excluded) } else { Vec::new() };
        if plan.edits().is_some_and(|edits| edits.is_empty()) {
            return Ok(None);
        }
        let counts = Counts { lines, lists: moved.len(), values };
        let unproved = match prove(&plan) {
            Ok((edits, tree)) => return Ok(Some((edits, tree, counts))),
            Err(unproved) => unproved,
        };
        if moved.is_empty() {
            return Err(explain_unproved(unproved, file));
        }
        let at = match unproved {
            Unproved::Comment(at) | Unproved::OtherTree(at) => Some(at.start),
            Unproved::Overlap | Unproved::Unreadable => None,
        };
        let is_around = |lines: Span| at.is_some_and(|at| lines.start <= at && at <= lines.end);
        let before = excluded.len();
        excluded.extend(moved.iter().map(|own| own.lines).filter(|lines| is_around(*lines)).map(|lines| lines.start));
        if excluded.len() == before {
            excluded.extend(moved.iter().map(|own| own.lines.start));
        }
    }
    Ok(None)
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
