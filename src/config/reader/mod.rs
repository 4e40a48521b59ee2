//! Reads nodes by the tables of `schema`, as strictly as Prometheus does, and collects every fault.
//!
//! What is read is checked here; values are then taken from [`Entries`] without a word.

mod check;
mod entries;
mod flatten;
mod left;
mod list;
mod marks;
mod order;
mod readable;
#[cfg(test)]
mod tests;

use std::sync::{Arc, OnceLock};

use crate::diagnostic::{Bounded, Diagnostic, Id, Severity, ids};
use crate::discovery::DiscoveryOptions;
use crate::re2::RegexCache;
use crate::release::Release;
use crate::text::{FileId, Location, Sources, Span};
use crate::yaml::{Node, NodeId, NodeKind, ReadError, Recovered};

use super::faults;
use super::marked_fields::MarkedField;
use super::repeats::KnownRules;
use super::schema::{Section, SectionCheck};

pub(super) use entries::Entries;
pub(super) use left::Left;
pub(super) use list::{List, null_span};
pub(super) use order::{When, is_of_type};
pub(super) use readable::Readable;

/// Runs the check of a section that was read. Handed in: the checks are written on top of the reader.
pub(super) type RunCheck<'t> = fn(SectionCheck, &mut Reader<'t>, &Entries<'t>, &'static Section);

/// Reads one text.
pub(super) struct Reader<'t> {
    pub(super) file: FileId,
    /// The release that the text is for.
    pub(super) release: Release,
    pub(super) patterns: RegexCache,
    pub(super) faults: Bounded,
    /// When Prometheus finds each of the faults.
    found: Vec<When>,
    when: When,
    /// Whether a value is read that a later one overwrites: Prometheus decodes it, and checks no more of it.
    is_overwritten: bool,
    /// The item of the config that is checked when the whole text is decoded.
    pub(super) loaded_item: Option<Span>,
    /// The section whose fields are read.
    section: Span,
    pub(super) marked_fields: Vec<MarkedField>,
    /// What the discovery sections of the job that is read ask for, by their nodes.
    pub(super) discovery_options: Vec<(NodeId, DiscoveryOptions)>,
    /// The job we are in; its name is short enough for a message.
    pub(super) job: Option<String>,
    /// The rules that were read, where they can come again.
    pub(super) known_rules: Option<KnownRules<'t>>,
    /// The item of a list we are in, such as `relabel_configs[2]`.
    pub(super) place: Option<(&'static str, usize)>,
    /// Whether the values of `global` are not known, because it is in a broken part of the text.
    pub(super) has_unknown_globals: bool,
    /// The sound parts, of a text that is not valid YAML.
    recovered: Option<&'t Recovered>,
    sources: &'t Sources,
    run_check: RunCheck<'t>,
    errors: usize,
    /// How many values are not UTF-8.
    binary_values: usize,
    budget: AliasBudget,
    is_stopped: bool,
    /// Where the line breaks are that only YAML has: next line, line separator, paragraph separator.
    rare_breaks: Arc<OnceLock<Vec<usize>>>,
}

impl<'t> Reader<'t> {
    /// A reader of the text `file`; `run_check` runs the checks that the tables name.
    pub(super) fn new(sources: &'t Sources, file: FileId, release: Release, run_check: RunCheck<'t>) -> Self {
        Self {
            file,
            release,
            patterns: RegexCache::new(),
            faults: Bounded::default(),
            found: Vec::new(),
            when: When::Value,
            is_overwritten: false,
            loaded_item: None,
            section: Span::empty(0),
            marked_fields: Vec::new(),
            discovery_options: Vec::new(),
            job: None,
            known_rules: None,
            place: None,
            has_unknown_globals: false,
            recovered: None,
            sources,
            run_check,
            errors: 0,
            binary_values: 0,
            budget: AliasBudget::default(),
            is_stopped: false,
            rare_breaks: Arc::default(),
        }
    }

    /// A reader of other parts of the same text.
    pub(super) fn fork(&self) -> Self {
        let rare_breaks = Arc::clone(&self.rare_breaks);
        Self { rare_breaks, ..Self::new(self.sources, self.file, self.release, self.run_check) }
    }

    /// The document's node. Of a text that is not valid YAML, every broken place is reported, and the sound parts are
    /// read.
    pub(super) fn root(&mut self, text: &'t Readable<'_>) -> Option<Node<'t>> {
        self.recovered = text.recovered();
        for damage in self.recovered.into_iter().flat_map(Recovered::damages) {
            let fault = faults::syntax(self.file, text.text(), damage);
            self.during(When::Parse, |reader| reader.report(fault));
        }
        text.tree().root()
    }

    /// Whether something is left out of a node, because it is not valid YAML.
    pub(super) fn is_incomplete(&self, node: Node<'t>) -> bool {
        self.recovered.is_some_and(|recovered| recovered.is_incomplete(node))
    }

    /// Whether an entry of the node itself may be left out.
    pub(super) fn is_directly_incomplete(&self, node: Node<'t>) -> bool {
        self.recovered.is_some_and(|recovered| recovered.is_directly_incomplete(node))
    }

    pub(super) fn at(&self, span: Span) -> Location {
        Location::new(self.file, span)
    }

    /// The line of a node, from 1, as yaml.v2 names it.
    pub(super) fn line(&self, node: Node<'_>) -> usize {
        let start = node.full_span().start as usize;
        let breaks = self.rare_breaks.get_or_init(|| rare_breaks(self.sources.text(self.file)));
        let rare = breaks.partition_point(|&at| at < start);
        self.sources.lines(self.file).line_of(start) + rare
    }

    /// Collects a fault, with the job and the item it is in.
    pub(super) fn report(&mut self, mut fault: Diagnostic) {
        let is_checked_later =
            matches!(self.when, When::Load(_)) && fault.id != ids::INVALID_YAML && !is_of_type(&fault);
        if self.is_overwritten && is_checked_later {
            return;
        }
        self.binary_values += usize::from(fault.id == ids::BINARY_VALUE);
        if self.is_only_counted(fault.id, fault.severity) {
            return;
        }
        self.errors += usize::from(fault.severity == Severity::Error);
        if fault.job.is_none() {
            fault.job.clone_from(&self.job);
        }
        if let Some((list, index)) = self.place {
            fault.arguments.insert(0, ("list", list.to_string()));
            fault.message = format!("{list}[{index}]: {}", fault.message);
        }
        self.faults.push(fault);
        if self.faults.as_slice().len() > self.found.len() {
            self.found.push(self.when);
        }
    }

    /// The faults, in the order in which Prometheus finds them.
    pub(super) fn take_faults(&mut self) -> Vec<Diagnostic> {
        order::in_order(std::mem::take(&mut self.faults).into_vec(), &std::mem::take(&mut self.found))
    }

    /// Forgets all that was reported and noted. Whether nothing was reported.
    pub(super) fn forget(&mut self) -> bool {
        self.marked_fields.clear();
        self.discovery_options.clear();
        let is_clean = self.faults.as_slice().is_empty();
        if !is_clean {
            self.faults = Bounded::default();
            self.found.clear();
            (self.errors, self.binary_values) = (0, 0);
        }
        is_clean
    }

    /// Reads something whose faults Prometheus finds at another time.
    pub(super) fn during<R>(&mut self, when: When, read: impl FnOnce(&mut Self) -> R) -> R {
        let outer = std::mem::replace(&mut self.when, when);
        let answer = read(self);
        self.when = outer;
        answer
    }

    /// Reads a field with code of its own. Values that a later one overwrites, as a merge key does, are decoded before it,
    /// for their faults alone.
    pub(super) fn own<R>(
        &mut self,
        entries: &Entries<'t>,
        key: &str,
        mut read: impl FnMut(&mut Self, Node<'t>) -> R,
    ) -> Option<R> {
        self.overwritten(entries, key, &mut read);
        entries.last(key).map(|pair| self.through(pair, |reader| read(reader, pair.value)))
    }

    /// The values of such a field that a later one overwrites.
    pub(super) fn overwritten<R>(
        &mut self,
        entries: &Entries<'t>,
        key: &str,
        mut read: impl FnMut(&mut Self, Node<'t>) -> R,
    ) {
        for pair in entries.overwritten(key) {
            let outer = std::mem::replace(&mut self.is_overwritten, true);
            // Empty items are looked for when the section has its last values.
            self.during(When::Load(None), |reader| reader.through(pair, |reader| read(reader, pair.value)));
            self.is_overwritten = outer;
        }
    }

    /// Whether a fault with this id would only be counted; it is counted then, and needs no words.
    pub(super) fn is_only_counted(&mut self, id: Id, severity: Severity) -> bool {
        if !self.faults.counts(id, self.file) {
            return false;
        }
        self.errors += usize::from(severity == Severity::Error);
        true
    }

    /// The number of errors so far: more of them after something was read mean that it is broken.
    pub(super) fn error_count(&self) -> usize {
        self.errors
    }

    /// The number of values so far that are not UTF-8.
    pub(super) fn binary_value_count(&self) -> usize {
        self.binary_values
    }

    /// Looks at a node, through an alias if it is one. Nothing is looked at any more in a document that aliases make
    /// too large.
    pub(super) fn visit<R: Default>(&mut self, node: Node<'t>, look: impl FnOnce(&mut Self, Node<'t>) -> R) -> R {
        if self.is_stopped {
            return R::default();
        }
        if let Err(message) = self.budget.count() {
            self.stop(node, &message);
            return R::default();
        }
        if node.kind() != NodeKind::Alias {
            // A null that is not one by its text: `!!null x`.
            if node.tag().is_some()
                && node.is_null()
                && let Err(ReadError::Broken(message)) = node.reads_as_zero()
            {
                self.give_up_on(node, &message);
                return R::default();
            }
            return look(self, node);
        }
        if let Err(message) = self.budget.enter(node) {
            self.give_up_on(node, &message);
            return R::default();
        }
        let answer = self.visit(node.resolved(), look);
        self.budget.leave();
        answer
    }

    /// Reports a fault that makes yaml.v2 give up on the document. Other values are read all the same: the fault that
    /// Prometheus reports may be one before it.
    pub(super) fn give_up_on(&mut self, node: Node<'t>, message: &str) {
        self.report(faults::broken_yaml(self.at(node.span()), message));
    }

    /// Reports that aliases make the document too large; nothing more is read.
    pub(super) fn stop(&mut self, node: Node<'t>, message: &str) {
        self.report(faults::broken_yaml(self.at(node.span()), message));
        self.is_stopped = true;
    }

    /// Reports that a node is not of the wanted type.
    pub(super) fn mismatch(&mut self, node: Node<'t>, what: &str, wanted: &str, fault: ReadError) {
        match fault {
            ReadError::Broken(message) => self.give_up_on(node, &message),
            fault => {
                let upstream = format!("line {}: {fault}", self.line(node));
                self.report(faults::wrong_type(self.at(node.full_span()), node, what, wanted, upstream));
            }
        }
    }
}

fn rare_breaks(text: &str) -> Vec<usize> {
    if text.is_ascii() {
        return Vec::new();
    }
    text.match_indices(['\u{85}', '\u{2028}', '\u{2029}']).map(|(at, _)| at).collect()
}

/// How much of a document may come from aliases.
///
/// Source: `decoder.unmarshal` and `allowedAliasRatio` of go.yaml.in/yaml/v2 v2.4.4.
#[derive(Debug, Default)]
struct AliasBudget {
    decoded: u64,
    aliased: u64,
    open: Vec<NodeId>,
}

impl AliasBudget {
    fn count(&mut self) -> Result<(), String> {
        self.decoded += 1;
        self.aliased += u64::from(!self.open.is_empty());
        if self.aliased > 100 && self.decoded > 1000 && self.ratio() > self.allowed_ratio() {
            return Err("document contains excessive aliasing".to_string());
        }
        Ok(())
    }

    fn enter(&mut self, alias: Node<'_>) -> Result<(), String> {
        if self.open.contains(&alias.id()) {
            return Err(format!("anchor '{}' value contains itself", alias.value()));
        }
        self.open.push(alias.id());
        Ok(())
    }

    fn leave(&mut self) {
        self.open.pop();
    }

    #[expect(clippy::cast_precision_loss, reason = "counts stay below 2⁵³")]
    fn ratio(&self) -> f64 {
        self.aliased as f64 / self.decoded as f64
    }

    /// 99 % up to 400,000 nodes, falling to 10 % at 4,000,000.
    #[expect(clippy::cast_precision_loss, reason = "counts stay below 2⁵³")]
    fn allowed_ratio(&self) -> f64 {
        const LOW: f64 = 400_000.0;
        const HIGH: f64 = 4_000_000.0;
        let decoded = (self.decoded as f64).clamp(LOW, HIGH);
        0.99 - 0.89 * (decoded - LOW) / (HIGH - LOW)
    }
}
