//! A `labelmap` whose pattern lacks the group that its replacement refers to.

use crate::analysis::{Needs, RelabelList, Subjects, references};
use crate::lint::rule::Check;
use crate::lint::sink::{Sink, in_rule};
use crate::relabel::Action;
use crate::text::Location;

pub(super) const CHECK: Check = Check::List(Needs::one_rule(&[Subjects::LABELMAP, Subjects::GROUP_MISSING]), check);

fn check(list: &RelabelList<'_>, sink: &mut Sink<'_>) {
    for rule in list.rules.iter().filter(|rule| rule.action == Action::LabelMap && rule.pattern.group_count() == 0) {
        let (pattern, template) = (&rule.pattern, &rule.replacement);
        let Some((reference, _)) = references(template, pattern).find(|(_, is_there)| !is_there) else { continue };
        let Some(regex) = rule.rule.field("regex") else { continue };
        let written = reference.span.of(template.text());
        let message = format!("`{}` has no group, so `{written}` is empty", pattern.text());
        let becomes = if template.text() == written { "a label with an empty name" } else { "the same label" };
        let mut finding = in_rule(list, rule, regex.value, message)
            .with_argument("regex", pattern.text())
            .with_note(format!("every matching label is copied to {becomes}"))
            .with_help("put the part of the name to keep in parentheses, such as `__meta_kubernetes_pod_label_(.+)`");
        if let Some(replacement) = rule.rule.field("replacement") {
            let at = Location::new(list.file, replacement.part(reference.span));
            finding = finding.with_label(at, "the replacement refers to the group here");
        }
        sink.push(finding);
    }
}
