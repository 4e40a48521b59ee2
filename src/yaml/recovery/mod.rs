//! A tree of a text that is broken: the exact reader reads it again and again, each time without the entry or item of the
//! fault that stopped it.
//!
//! Whether a text is valid is not decided here: [`Tree::fault`] decides it. Here is only what is left of a text that is not.
//!
//! 1. `culprit` goes from the place where yaml.v2 stops to the line that is broken, which often is an earlier one, and
//!    says why it is broken ([`Cause`]).
//! 2. `extent` finds the smallest entry or item around it, by indentation. It becomes comments of the same length, so
//!    that all offsets stay.
//! 3. The exact reader reads the text again, up to the next fault. A fault directly after a part that was left out,
//!    and without a cause of its own, is taken for its effect: the part grows, and nothing is reported.
//! 4. `incomplete` finds the nodes of the last tree that lose something, through aliases also.

mod cause;
mod conflict;
mod culprit;
mod extent;
mod incomplete;
mod lines;
mod sign;
#[cfg(test)]
mod tests;

pub use cause::{Cause, Damage};

use crate::text::Span;

use super::fault::SyntaxError;
use super::tree::{Node, Tree};

use self::culprit::{Culprit, culprit_of};
use self::extent::{Cut, around};
use self::incomplete::Incomplete;
use self::lines::Lines;

/// What yaml.v2 says of content after the end of a document.
const NO_DOCUMENT_START: &str = "did not find expected <document start>";
/// The most broken places that are reported of a text.
const MOST_DAMAGES: usize = 20;
/// How often a text is read at most.
const MOST_READINGS: usize = 40;

/// A text that is not valid YAML: the tree of all that is sound in it, and every broken place.
///
/// ```
/// let text = "jobs:\n- name: a\n  url: 'h\n- name: b\n- name c\n  url: x\n- name: d\n";
/// let recovered = promcfg::yaml::Tree::parse(text).recovered().expect("is broken");
/// let lines: Vec<&str> = recovered.damages().iter().map(|damage| damage.span.of(text)).collect();
/// assert_eq!(lines, ["'", "name"]);
/// assert_eq!(recovered.tree().fault(), None);
/// let left_out: Vec<&str> = recovered.left_out().map(|span| span.of(text)).collect();
/// assert_eq!(left_out, ["url: 'h", "name c"]);
/// ```
#[derive(Clone, Debug)]
pub struct Recovered {
    tree: Tree,
    damages: Vec<Damage>,
    left_out: Vec<Span>,
    incomplete: Incomplete,
}

impl Recovered {
    /// The tree of the sound parts. Its text has comments in place of the others, so that all places are those of the
    /// text.
    #[must_use]
    pub fn tree(&self) -> &Tree {
        &self.tree
    }

    /// The tree of the sound parts.
    #[must_use]
    pub fn into_tree(self) -> Tree {
        self.tree
    }

    /// The broken places, in the order of the text; never none.
    #[must_use]
    pub fn damages(&self) -> &[Damage] {
        &self.damages
    }

    /// The parts of the text that are not in the tree.
    pub fn left_out(&self) -> impl Iterator<Item = Span> {
        self.left_out.iter().copied()
    }

    /// Whether something is left out of a node, or of one that it refers to: it then says less than its author wrote.
    #[must_use]
    pub fn is_incomplete(&self, node: Node<'_>) -> bool {
        self.incomplete.all.contains(&node.id())
    }

    /// Whether an entry or item of the node itself is left out.
    #[must_use]
    pub fn is_directly_incomplete(&self, node: Node<'_>) -> bool {
        self.incomplete.direct.contains(&node.id())
    }
}

impl Tree {
    /// What is sound in a text that is not valid YAML, and every broken place of it. `None` for a valid text.
    #[must_use]
    pub fn recovered(&self) -> Option<Recovered> {
        let first = self.fault()?;
        let mut recovery = Recovery::new(self.text());
        let is_encoding = first.message.contains("octet");
        let tree = if is_encoding { None } else { recovery.read(first) };
        let tree = match tree {
            Some(tree) => tree,
            None => {
                recovery.give_up(first);
                Tree::parse("")
            }
        };
        let incomplete = Incomplete::of(&tree, &recovery.lines, &recovery.cuts);
        let mut damages = recovery.damages;
        damages.sort_by_key(|damage| damage.span);
        name_first(&mut damages, first);
        let mut left_out: Vec<Span> = recovery.cuts.iter().map(|cut| Span::new(cut.start, cut.end)).collect();
        left_out.sort();
        Some(Recovered { tree, damages, left_out, incomplete })
    }
}

/// Makes one of the damages that which yaml.v2 reports, if none is: the nearest one.
fn name_first(damages: &mut Vec<Damage>, first: &SyntaxError) {
    if damages.iter().any(|damage| damage.is_first) {
        return;
    }
    if damages.is_empty() {
        damages.push(Damage { span: first.span, cause: Cause::Other, error: first.clone(), is_first: true });
        return;
    }
    if let Some(nearest) = damages.iter_mut().min_by_key(|damage| damage.span.start.abs_diff(first.span.start)) {
        (nearest.is_first, nearest.error) = (true, first.clone());
    }
}

/// The work on one text.
struct Recovery {
    lines: Lines,
    cuts: Vec<Cut>,
    damages: Vec<Damage>,
    original: std::sync::Arc<str>,
}

impl Recovery {
    fn new(text: &std::sync::Arc<str>) -> Self {
        Self { lines: Lines::new(text), cuts: Vec::new(), damages: Vec::new(), original: text.clone() }
    }

    /// Reads the text until nothing stops the reader; `None` if that does not succeed.
    fn read(&mut self, first: &SyntaxError) -> Option<Tree> {
        self.leave_out_conflicts(first);
        let mut fault = match self.damages.iter().any(|damage| damage.is_first) {
            false if self.cuts.is_empty() => first.clone(),
            _ => match self.parsed() {
                Ok(tree) => return Some(tree),
                Err(fault) => fault,
            },
        };
        for _ in 0..MOST_READINGS {
            if self.leave_out(&fault, first).is_none() {
                break;
            }
            match self.parsed() {
                Ok(tree) => return Some(tree),
                Err(next) => fault = next,
            }
        }
        self.leave_out_rest(&fault);
        self.parsed().ok()
    }

    /// Leaves out all from a fault on.
    fn leave_out_rest(&mut self, fault: &SyntaxError) {
        let start = fault.context.map_or(fault.span.start, |context| context.start.min(fault.span.start));
        let start = self.lines.start_of(self.lines.number_of(start as usize));
        let (end, end_line) = (self.lines.text().len(), self.lines.count());
        // All that is open there loses something.
        self.cut(Cut { start, end, column: usize::MAX, outer_column: usize::MAX, end_line });
    }

    fn parsed(&self) -> Result<Tree, SyntaxError> {
        let tree = Tree::parse(self.lines.text());
        if let Some(fault) = tree.fault() {
            return Err(fault.clone());
        }
        match self.shallow_rest(&tree) {
            Some(span) => {
                let message = NO_DOCUMENT_START.to_string();
                Err(SyntaxError { span, context: None, message, line: None })
            }
            None => Ok(tree),
        }
    }

    /// Content after the end of the document that no mark divides from it: it is indented less than its first line.
    fn shallow_rest(&self, tree: &Tree) -> Option<Span> {
        let (rest, root) = (tree.rest()?, tree.root()?);
        let line = self.lines.get(self.lines.number_of(rest.start as usize))?;
        let is_shallow = line.indent() < self.lines.column_of(root.span().start as usize);
        is_shallow.then(|| Span::new(line.first, line.first + 1))
    }

    /// Leaves out both versions of each conflict.
    fn leave_out_conflicts(&mut self, first: &SyntaxError) {
        for cut in conflict::conflicts(&self.lines) {
            let span = Span::new(cut.start, self.lines.end_of(self.lines.number_of(cut.start)));
            let is_inside = |at: Span| cut.start <= at.start as usize && at.start as usize <= cut.end;
            let is_first = is_inside(first.span) || first.context.is_some_and(is_inside);
            let error = if is_first { first.clone() } else { SyntaxError { span, context: None, ..first.clone() } };
            if self.damages.len() < MOST_DAMAGES {
                self.damages.push(Damage { span, cause: Cause::Conflict, error, is_first });
            }
            self.cut(cut);
        }
    }

    /// Leaves out the entry or item of a fault.
    fn leave_out(&mut self, fault: &SyntaxError, first: &SyntaxError) -> Option<()> {
        let is_first = !self.damages.iter().any(|damage| damage.is_first) && fault == first;
        let Some(culprit) = culprit_of(&self.lines, fault) else { return self.grow(fault) };
        let has_content = (culprit.line..culprit.cut.end_line).any(|number| self.lines.get(number).is_some());
        if !has_content {
            return self.grow(fault);
        }
        let is_lost_anchor = culprit.cause == Cause::Other && self.is_lost_anchor(fault);
        let cause = if is_lost_anchor { Cause::LostAnchor } else { culprit.cause.clone() };
        let is_effect = !is_first
            && (cause == Cause::LostAnchor
                || matches!(cause, Cause::OpenBracket { .. } | Cause::OpenBrackets { .. })
                    && self.is_before_cut(&culprit)
                || matches!(cause, Cause::Other | Cause::Indentation { .. }) && self.follows_cut(&culprit));
        if !is_effect && self.damages.len() < MOST_DAMAGES {
            self.damages.push(Damage { span: culprit.span, cause, error: fault.clone(), is_first });
        }
        self.cut(culprit.cut);
        Some(())
    }

    /// Whether a cut is directly after the broken line: the bracket may have been closed there.
    fn is_before_cut(&self, culprit: &Culprit) -> bool {
        self.cuts.iter().any(|cut| self.lines.number_of(cut.start) == culprit.line + 1)
    }

    /// Whether nothing is between a cut and the broken line.
    fn follows_cut(&self, culprit: &Culprit) -> bool {
        let before = self.lines.previous(culprit.line).map_or(0, |line| line.number);
        let cuts = || self.cuts.iter();
        cuts().any(|cut| cut.end_line > before && cut.end_line <= culprit.line + 1)
    }

    /// Whether the fault is an alias whose anchor is in a part that is left out.
    fn is_lost_anchor(&self, fault: &SyntaxError) -> bool {
        let name = fault.message.strip_prefix("unknown anchor '").and_then(|rest| rest.split_once('\''));
        let Some((name, _)) = name else { return false };
        let is_in = |cut: &Cut| {
            let text = self.original.get(cut.start..cut.end).unwrap_or("");
            text.match_indices(name).any(|(at, _)| text[..at].ends_with('&'))
        };
        self.cuts.iter().any(is_in)
    }

    /// Leaves out what is around the last cut before a fault.
    fn grow(&mut self, fault: &SyntaxError) -> Option<()> {
        let at = fault.span.start as usize;
        let index = (0..self.cuts.len())
            .filter(|&index| self.cuts[index].start <= at)
            .max_by_key(|&index| self.cuts[index].start)?;
        let wider = around(&self.lines, self.cuts[index].start, self.cuts[index].end)?;
        self.lines.fill(wider.start, wider.end);
        self.cuts.retain(|cut| cut.start < wider.start || cut.end > wider.end);
        self.cuts.push(wider);
        Some(())
    }

    fn cut(&mut self, cut: Cut) {
        self.lines.fill(cut.start, cut.end);
        self.cuts.push(cut);
    }

    /// Nothing is left of the text.
    fn give_up(&mut self, first: &SyntaxError) {
        if !self.damages.iter().any(|damage| damage.is_first) {
            let damage = Damage { span: first.span, cause: Cause::Other, error: first.clone(), is_first: true };
            self.damages.push(damage);
        }
        let (start, end_line) = (self.lines.start_of(0), self.lines.count());
        self.cuts = vec![Cut { start, end: self.lines.text().len(), column: 0, outer_column: 0, end_line }];
    }
}
