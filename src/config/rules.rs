//! Relabel rules.

use crate::diagnostic::Diagnostic;
use crate::re2::Syntax;
use crate::relabel::{Action, RuleError, RuleSpec, Semantics, check_rule_with};
use crate::release::Release;
use crate::text::{Location, Span};
use crate::yaml::{Node, NodeKind, ScalarStyle};

use super::faults;
use super::reader::{Entries, Reader, When, null_span};
use super::schema::RELABEL_RULE;
use super::types::RelabelRule;

/// The diagnostic of a rule that is refused: which fault it is, why, and what to do.
///
/// ```
/// use promcfg::{Release, Sources};
/// use promcfg::config::rule_diagnostic;
/// use promcfg::relabel::{NameScheme, RuleSpec, check_rule};
/// use promcfg::text::{Location, Span};
/// let file = Sources::new().add("rules.yml", "- {}\n");
/// let at = Location::new(file, Span::new(2, 4));
/// let fault = check_rule(&RuleSpec::default(), NameScheme::Utf8).unwrap_err();
/// assert_eq!(rule_diagnostic(at, &fault, Release::LATEST).id, "missing-target-label");
/// ```
#[must_use]
pub fn rule_diagnostic(at: Location, fault: &RuleError, release: Release) -> Diagnostic {
    faults::invalid_rule(at, fault, release)
}

/// A list of rules: its key, and what Prometheus says of an empty item.
#[derive(Clone, Copy)]
pub(super) struct RuleList {
    pub(super) key: &'static str,
    pub(super) null_message: &'static str,
}

pub(super) const RELABEL_CONFIGS: RuleList =
    RuleList { key: "relabel_configs", null_message: "empty or null target relabeling rule in scrape config" };
pub(super) const METRIC_RELABEL_CONFIGS: RuleList =
    RuleList { key: "metric_relabel_configs", null_message: "empty or null metric relabeling rule in scrape config" };

pub(super) const ALERT_RELABEL_CONFIGS: RuleList =
    RuleList { key: "alert_relabel_configs", null_message: "empty or null alert relabeling rule" };
pub(super) const ALERTMANAGER_RELABEL_CONFIGS: RuleList =
    RuleList { key: "relabel_configs", null_message: "empty or null Alertmanager target relabeling rule" };
pub(super) const ALERTMANAGER_ALERT_RELABEL_CONFIGS: RuleList =
    RuleList { key: "alert_relabel_configs", null_message: "empty or null Alertmanager alert relabeling rule" };
pub(super) const WRITE_RELABEL_CONFIGS: RuleList =
    RuleList { key: "write_relabel_configs", null_message: "empty or null relabeling rule in remote write config" };

impl<'t> Reader<'t> {
    /// Reads the rules of a section.
    pub(super) fn rule_list(
        &mut self,
        entries: &Entries<'t>,
        list: RuleList,
        semantics: Semantics,
    ) -> Vec<RelabelRule> {
        self.own(entries, list.key, |reader, node| reader.rules(list, node, semantics)).unwrap_or_default()
    }

    /// Reads a list of rules and checks each as Prometheus does. A refused rule is among them with
    /// what could be read of it, so that their indexes are those of the file.
    pub(super) fn rules(&mut self, list: RuleList, node: Node<'t>, semantics: Semantics) -> Vec<RelabelRule> {
        self.visit(node, |reader, node| {
            if node.kind() != NodeKind::Sequence {
                reader.refuse_unless_null(node, list.key, "a list of relabel rules", "[]*relabel.Config");
                return Vec::new();
            }
            // Without one of its items, a list has other indices.
            let is_numbered = !reader.is_directly_incomplete(node);
            let items = node.items().enumerate();
            let read = |(index, item)| {
                let place = is_numbered.then_some((list.key, index));
                reader.rule_at(list, place, item, semantics)
            };
            items.map(read).collect()
        })
    }

    /// Reads one rule; `place` is the list and the index that its faults name.
    pub(super) fn rule_at(
        &mut self,
        list: RuleList,
        place: Option<(&'static str, usize)>,
        item: Node<'t>,
        semantics: Semantics,
    ) -> RelabelRule {
        if let Some(known) = self.known_rules.as_ref().and_then(|rules| rules.find(item, semantics)) {
            return known;
        }
        let outer = std::mem::replace(&mut self.place, place);
        let before = self.error_count();
        let rule = self.visit(item, |reader, node| {
            if node.is_null() {
                let upstream = list.null_message;
                reader.report(faults::null_rule(reader.at(null_span(item)), list.key, upstream));
                return None;
            }
            reader.during(When::Value, |reader| reader.rule(node, semantics))
        });
        self.place = outer;
        let rule = rule.unwrap_or_else(|| RelabelRule::new(RuleSpec::default(), Span::empty(0)));
        let rule = RelabelRule { span: item.full_span(), is_valid: self.error_count() == before, ..rule };
        // Where nothing is reported yet, nothing is wrong with the rule.
        if self.faults.as_slice().is_empty()
            && let Some(rules) = &mut self.known_rules
        {
            rules.keep(item, semantics, &rule);
        }
        rule
    }

    fn rule(&mut self, node: Node<'t>, semantics: Semantics) -> Option<RelabelRule> {
        let before = self.error_count();
        let entries = self.section(&RELABEL_RULE, node)?;
        let spec = RuleSpec {
            source_labels: self.source_labels(&entries),
            separator: entries.text_or("separator", RuleSpec::DEFAULT_SEPARATOR),
            regex: self.regex(&entries, semantics.syntax()),
            modulus: entries.unsigned("modulus"),
            target_label: entries.text_or("target_label", ""),
            replacement: entries.text_or("replacement", RuleSpec::DEFAULT_REPLACEMENT),
            action: self.action(&entries),
        };
        if self.error_count() == before {
            let when = if self.release.has_name_scheme_for_rules() {
                When::Load(self.loaded_item)
            } else {
                When::Section(node.full_span(), 0)
            };
            self.during(when, |reader| reader.check_rule(&entries, &spec, semantics));
        }
        let source_spans = entries.items("source_labels").map(Node::full_span).collect();
        Some(RelabelRule { fields: entries.written(), source_spans, ..RelabelRule::new(spec, node.full_span()) })
    }

    fn source_labels(&mut self, entries: &Entries<'t>) -> Option<Vec<String>> {
        const WANTED: &str = "a list of label names";
        let read = |reader: &mut Self, node: Node<'t>| {
            if node.kind() != NodeKind::Sequence {
                reader.refuse_unless_null(node, "source_labels", WANTED, "model.LabelNames");
                return None;
            }
            Some(node.items().filter_map(|item| reader.source_label(item)).collect())
        };
        self.own(entries, "source_labels", |reader, node| reader.visit(node, read))?
    }

    fn source_label(&mut self, item: Node<'t>) -> Option<String> {
        self.visit(item, |reader, node| match node.read_string() {
            // A null is not asked whether it is a name.
            Ok(name) if reader.plain_names().allows(&name) || node.is_null() => Some(name.into_owned()),
            Ok(name) => {
                reader.report_name(node.full_span(), &name);
                None
            }
            Err(fault) => {
                reader.mismatch(node, "source_labels", "a list of label names", fault);
                None
            }
        })
    }

    /// The pattern, compiled as soon as it is read: a bad one is reported whatever else is wrong.
    fn regex(&mut self, entries: &Entries<'t>, syntax: Syntax) -> Option<String> {
        self.own(entries, "regex", |reader, node| reader.during(When::Value, |reader| reader.pattern(node, syntax)))
    }

    fn pattern(&mut self, value: Node<'t>, syntax: Syntax) -> String {
        let node = value.resolved();
        if node.is_null() && node.reads_as_zero() == Ok(false) {
            // yaml.v2 does not ask the type of a field about 'null' and '~', even in quotes.
            self.refuse(node, "regex", "a regular expression other than `null` and `~`", "relabel.Regexp");
        }
        let pattern = node.read_string().unwrap_or_default().into_owned();
        if let Err(error) = self.patterns.get_in(syntax, &pattern) {
            let at = self.at(regex_span(value, error.span));
            self.report(faults::invalid_rule(at, &RuleError::Regex(error), self.release));
        }
        pattern
    }

    fn action(&mut self, entries: &Entries<'t>) -> Option<Action> {
        // A rule that is written as `Null` has no defaults.
        let is_zero = entries.node().kind() != NodeKind::Mapping;
        let read = |reader: &mut Self, node: Node<'t>| {
            reader.during(When::Value, |reader| reader.named_action(node.resolved()))
        };
        self.own(entries, "action", read).unwrap_or_else(|| (!is_zero).then(Action::default))
    }

    fn named_action(&mut self, node: Node<'t>) -> Option<Action> {
        if node.is_null() && node.style() == Some(ScalarStyle::Plain) {
            return None;
        }
        let name = node.read_string().ok()?;
        let action = Action::from_name(&name);
        let known = action.filter(|action| action.availability().includes(self.release));
        if known.is_none() {
            let absence = action.and_then(|action| action.availability().absence(self.release));
            let fault = faults::invalid_action(self.at(node.full_span()), &name, self.release);
            self.report(faults::explain_absence(fault, absence, self.release));
        }
        known
    }

    /// Prometheus's own check of a well-formed rule.
    fn check_rule(&mut self, entries: &Entries<'t>, spec: &RuleSpec, semantics: Semantics) {
        let Err(fault) = check_rule_with(&mut self.patterns, spec, semantics) else { return };
        let field = fault.field();
        let whole = |key: Node<'t>| key.full_span().to(entries.span_of(field));
        let span = entries.key(field).map_or_else(|| entries.heading(), whole);
        let mut diagnostic = faults::invalid_rule(self.at(span), &fault, self.release);
        // They tell two broken rules of one list apart.
        for (name, value) in [
            ("source_labels", spec.source_labels.as_ref().map(|labels| labels.join(","))),
            ("regex", spec.regex.clone()),
        ] {
            if let Some(value) = value {
                diagnostic = diagnostic.with_argument(name, value);
            }
        }
        self.report(diagnostic);
    }
}

/// The place of the part `inner` of a rule's regex in the file; the whole value if its escapes or
/// folded lines do not allow to say.
fn regex_span(value: Node<'_>, inner: Span) -> Span {
    match value.resolved().raw_text_span() {
        Some(raw) if inner.end as usize <= raw.len() => {
            let start = raw.start as usize;
            Span::new(start + inner.start as usize, start + inner.end as usize)
        }
        _ => value.full_span(),
    }
}
