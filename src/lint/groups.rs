//! One finding for all places of a file that have the same one: of rules whose findings are minor, and often many.

use rustc_hash::FxHashMap;

use crate::diagnostic::{Diagnostic, Fix, Id, Label, ids};
use crate::text::{Edits, FileId, Span};

/// Such a rule, and the argument in which the findings of a group agree.
const GROUPED: [(Id, &str); 12] = [
    (ids::DEFAULT_DISCOVERY_PORT, "field"),
    (ids::DEPRECATED_FIELD, "field"),
    (ids::EMPTY_REPLACEMENT, "label"),
    (ids::IPV4_ONLY_ADDRESS, ""),
    (ids::MISSING_FILE, "path"),
    (ids::NEEDLESS_SOURCE_LABEL, ""),
    (ids::OVERWRITING_LABELMAP, "labels"),
    (ids::REDUNDANT_ANCHOR, ""),
    (ids::REDUNDANT_DEFAULT, ""),
    (ids::UNBOUNDED_LABELMAP, ""),
    (ids::UNESCAPED_DOT, ""),
    (ids::UNUSED_SEPARATOR, ""),
];

/// The limit of places that a finding names.
const MOST_PLACES: usize = 20;

/// Joins the findings of each group, at the first of its places.
pub(super) fn grouped(findings: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let mut all: Vec<Diagnostic> = Vec::with_capacity(findings.len());
    let mut groups: FxHashMap<(FileId, Id, String), Vec<Diagnostic>> = FxHashMap::default();
    for finding in findings {
        match key_of(&finding) {
            Some(key) => groups.entry((finding.at.file, finding.id, key)).or_default().push(finding),
            None => all.push(finding),
        }
    }
    all.extend(groups.into_values().filter_map(joined));
    all
}

/// The value in which the findings of a group agree; `None` if the rule has no groups.
fn key_of(finding: &Diagnostic) -> Option<String> {
    let (_, argument) = GROUPED.iter().find(|(id, _)| *id == finding.id)?;
    let value = finding.arguments.iter().find(|(name, _)| name == argument);
    Some(value.map(|(_, value)| value.to_string()).unwrap_or_default())
}

/// A group as one finding.
fn joined(mut group: Vec<Diagnostic>) -> Option<Diagnostic> {
    group.sort_by(|one, other| (one.at, &one.message).cmp(&(other.at, &other.message)));
    group.dedup_by(|one, other| {
        let is_same = one.at == other.at && one.message == other.message;
        other.omitted += if is_same { one.omitted } else { 0 };
        is_same
    });
    let fix = fix_of(&group);
    let mut group = group.into_iter();
    let mut first = group.next()?;
    let rest: Vec<Diagnostic> = group.collect();
    let more = rest.len() + first.omitted + rest.iter().map(|other| other.omitted).sum::<usize>();
    if more == 0 {
        return Some(first);
    }
    first.omitted = 0;
    let places = if more == 1 { "place" } else { "places" };
    let message = std::mem::take(&mut first.message);
    first.message = format!("{message}; the same in {more} more {places} of the file");
    for other in rest.into_iter().take(MOST_PLACES) {
        let is_same = other.message == message;
        let reason = if is_same { "also here".to_string() } else { other.message };
        first.labels.push(Label { at: other.at, message: reason });
        first.labels.extend(other.labels);
    }
    first.fix = fix;
    Some(first)
}

/// The fixes of a group as one, if they are of one kind and do not overlap; else that of the first.
fn fix_of(group: &[Diagnostic]) -> Option<Fix> {
    let fixes: Vec<&Fix> = group.iter().filter_map(|finding| finding.fix.as_ref()).collect();
    let first = fixes.first()?;
    let is_like = |fix: &&Fix| fix.title == first.title && fix.safety == first.safety;
    let alike = fixes.iter().copied().filter(is_like).flat_map(|fix| fix.edits.iter());
    let mut edits: Vec<(Span, String)> = alike.map(|edit| (edit.span, edit.text.clone())).collect();
    edits.sort_unstable();
    edits.dedup();
    match Edits::new(edits) {
        Some(edits) => Some(Fix::new(first.title.clone(), first.safety, edits)),
        None => group.first()?.fix.clone(),
    }
}

#[cfg(test)]
mod tests {
    use crate::diagnostic::Diagnostic;
    use crate::lint::lint_config;
    use crate::options::Options;
    use crate::text::Sources;
    use crate::yaml::Tree;

    fn found(text: &str, id: &str) -> Vec<Diagnostic> {
        let mut sources = Sources::new();
        let findings = lint_config(&mut sources, "p.yml", &Tree::parse(text), &Options::default());
        findings.into_iter().filter(|finding| finding.id == id).collect()
    }

    #[test]
    fn the_same_minor_finding_is_reported_once_a_file_with_all_places_and_fixes() {
        let job = |name: &str| {
            format!(
                "- job_name: {name}\n  bearer_token_file: /t\n  relabel_configs:\n  - {{source_labels: [x], regex: ^a$, target_label: y, replacement: z}}\n"
            )
        };
        let text = format!("scrape_configs:\n{}{}{}", job("a"), job("b"), job("c"));
        let deprecated = found(&text, "deprecated-field");
        assert_eq!(deprecated.len(), 1);
        assert_eq!(deprecated[0].message, "`bearer_token_file` is deprecated; the same in 2 more places of the file");
        assert_eq!((deprecated[0].job.as_deref(), deprecated[0].labels.len()), (Some("a"), 2));
        let anchors = found(&text, "redundant-anchor");
        let fixed = anchors[0].fix.as_ref().expect("has a fix").edits.apply(&text);
        assert_eq!((anchors.len(), fixed.matches("regex: a,").count()), (1, 3));
    }

    #[test]
    fn a_comment_suppresses_its_own_place_of_a_group() {
        let text = "scrape_configs:
- job_name: a
  bearer_token_file: /t # promcfg: ignore[deprecated-field]
- job_name: b
  bearer_token_file: /t
";
        let deprecated = found(text, "deprecated-field");
        assert_eq!(deprecated.iter().map(|finding| finding.job.as_deref()).collect::<Vec<_>>(), [Some("b")]);
        assert!(found(text, "unused-ignore").is_empty());
    }
}
