//! `^` and `$` that Prometheus adds anyway.

use super::partial_anchor::{one_sided, removable};
use crate::analysis::{Needs, RelabelList, Subjects};
use crate::diagnostic::Safety;
use crate::lint::fix;
use crate::lint::rule::Check;
use crate::lint::sink::{Sink, in_rule};
use crate::re2::Regex;
use crate::text::{Location, Span};

pub(super) const CHECK: Check = Check::List(Needs::one_rule(&[Subjects::ANCHOR, Subjects::REGEX_GIVEN]), check);

fn check(list: &RelabelList<'_>, sink: &mut Sink<'_>) {
    for rule in list.rules.iter().filter(|rule| rule.action.has_regex()) {
        let Some(regex) = rule.rule.field("regex") else { continue };
        let anchors = removable(&rule.pattern);
        let [first, rest @ ..] = &anchors[..] else { continue };
        if one_sided(&rule.pattern).is_some() {
            continue;
        }
        let pattern = rule.pattern.text();
        let bare = without(pattern, &anchors);
        let is_same = Regex::new(&bare).is_ok_and(|bare| bare.group_count() == rule.pattern.group_count());
        if !is_same {
            continue;
        }
        let written = match rest {
            [] => format!("redundant `{}`", first.of(pattern)),
            _ => "redundant `^` and `$`".to_string(),
        };
        let message = format!("{written}: a pattern always matches the whole value");
        let mut finding = in_rule(list, rule, regex.part(*first), message).with_argument("regex", pattern);
        for anchor in rest {
            finding = finding.with_label(Location::new(list.file, regex.part(*anchor)), "also redundant");
        }
        let edits = sink.tree(list.file).and_then(|tree| fix::with_text(tree, rule.rule, regex, &bare));
        sink.push(fix::attached(finding, "remove the redundant anchors", Safety::Safe, edits));
    }
}

fn without(text: &str, spans: &[Span]) -> String {
    let mut left = text.to_string();
    for span in spans.iter().rev() {
        left.replace_range(span.range(), "");
    }
    left
}
