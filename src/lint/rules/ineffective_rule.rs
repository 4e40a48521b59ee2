//! Rules that never change anything.

use super::filters::{condition, every};
use super::templates::variable_in_pattern;
use crate::analysis::{Needs, RelabelList, RuleFacts, Verdict};
use crate::diagnostic::Diagnostic;
use crate::lint::rule::Check;
use crate::lint::sink::{Sink, in_rule, short};
use crate::re2::{GroupReference, TokenKind};
use crate::relabel::Action;
use crate::text::Span;

pub(super) const CHECK: Check = Check::List(Needs::NOTHING, check);

fn check(list: &RelabelList<'_>, sink: &mut Sink<'_>) {
    for rule in &list.rules {
        sink.extend(finding(list, rule));
    }
}

fn finding(list: &RelabelList<'_>, rule: &RuleFacts<'_>) -> Option<Diagnostic> {
    if rule.verdict() == Some(Verdict::KeepsAll) {
        return of_filter(list, rule);
    }
    let (pattern, regex) = (&rule.pattern, rule.rule.field("regex"));
    let (at, message) = match rule.action {
        Action::LabelKeep if pattern.matches_everything() => {
            let at = regex.map_or(rule.rule.span, |regex| regex.value);
            (at, "the rule keeps every label".to_string())
        }
        // Another rule reports the variable of a pattern.
        Action::Replace | Action::LabelMap | Action::LabelDrop
            if pattern.matches_nothing() && variable_in_pattern(pattern.text()).is_none() =>
        {
            (regex?.value, format!("the rule has no effect: `{}` matches nothing", short(pattern.text())))
        }
        Action::LabelMap if copies_whole(rule) => {
            (action_or_whole(rule), "the rule has no effect: it copies each label to itself".to_string())
        }
        Action::Replace
            if rule.target().is_some_and(|target| rule.sources() == [target.as_ref()]) && copies_whole(rule) =>
        {
            let target = rule.rule.field("target_label")?.value;
            (target, format!("the rule has no effect: it copies `{}` to itself", rule.rule.spec.target_label))
        }
        _ => return None,
    };
    let finding = identified(rule, in_rule(list, rule, at, message));
    Some(finding.with_help("remove the rule, or correct its pattern or its labels"))
}

/// The finding with the arguments that distinguish its rule from others of the list.
fn identified(rule: &RuleFacts<'_>, finding: Diagnostic) -> Diagnostic {
    finding
        .with_argument("action", rule.action.to_string())
        .with_argument("source_labels", rule.sources().join(","))
        .with_argument("pattern", rule.pattern.text())
        .with_argument("target_label", rule.rule.spec.target_label.as_str())
}

fn action_or_whole(rule: &RuleFacts<'_>) -> Span {
    rule.rule.field("action").map_or(rule.rule.span, |action| action.value)
}

fn of_filter(list: &RelabelList<'_>, rule: &RuleFacts<'_>) -> Option<Diagnostic> {
    let condition = condition(rule)?;
    let message = format!("the rule keeps every {}: {}", every(list), condition.reason);
    let finding = identified(rule, in_rule(list, rule, condition.at, message));
    let sources = rule.sources();
    if let ([source], Action::Keep) = (sources, rule.action) {
        return Some(finding.with_help(format!("write `regex: .+` to drop every {} without `{source}`", every(list))));
    }
    let is_name = |text: &str| text.bytes().all(|byte| byte == b'_' || byte.is_ascii_alphanumeric());
    if sources.is_empty()
        && rule.action == Action::Drop
        && rule.pattern.texts().is_some_and(|all| all.iter().all(|text| is_name(text)))
    {
        return Some(finding.with_help(format!(
            "to remove labels by name, write `action: labeldrop`; to drop every {} with this value, name the label in `source_labels`",
            every(list)
        )));
    }
    Some(finding.with_help("remove the rule, or correct its `regex`"))
}

/// Whether the replacement is the whole text that the pattern matches.
fn copies_whole(rule: &RuleFacts<'_>) -> bool {
    let template = &rule.replacement;
    let [reference] = template.references() else { return false };
    if reference.span.len() != template.text().len() {
        return false;
    }
    match reference.group {
        GroupReference::Number(0) => true,
        GroupReference::Number(1) => first_group_is_whole(rule),
        _ => false,
    }
}

/// Whether the first group is around all of the pattern.
fn first_group_is_whole(rule: &RuleFacts<'_>) -> bool {
    let [first, inner @ .., last] = rule.pattern.tokens() else { return false };
    if !matches!(first.kind, TokenKind::Open { captures: true }) || last.kind != TokenKind::Close {
        return false;
    }
    let mut depth = 1_usize;
    inner.iter().all(|token| {
        match token.kind {
            TokenKind::Open { .. } => depth += 1,
            TokenKind::Close => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth > 0
    })
}
