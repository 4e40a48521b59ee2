//! Findings in the relabel rules of objects of the VictoriaMetrics operator.

use crate::diagnostic::{Diagnostic, Id, Label, ids};
use crate::input::operator::{ForeignRules, foreign_rules};
use crate::lint::lint_rules;
use crate::options::Options;
use crate::text::{FileId, Sources};
use crate::yaml::Tree;

use super::raise::SILENT;
use super::words;

/// Rules that take a list without a config for one of series.
const ABOUT_SERIES: [Id; 4] =
    [ids::LEAKING_TEMPORARY_LABEL, ids::UNREACHABLE_INTERNAL_LABEL, ids::UNREACHABLE_META_LABEL, ids::UNREMOVED_LABEL];

/// The findings in the lists of an input, which is the text `outer`.
pub(in crate::lint) fn judge(sources: &Sources, outer: FileId, tree: &Tree, options: &Options<'_>) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for ForeignRules { object, path, list } in foreign_rules(tree, outer) {
        let mut sources = sources.clone();
        let file = list.add_to(&mut sources, "rules.yml");
        let tree = Tree::parse(sources.text(file).clone());
        let findings = lint_rules(&mut sources, file, &tree, options);
        let is_of_targets = path.rsplit('.').next().is_some_and(|key| key.starts_with("relabel"));
        let is_silent = |id: &Id| SILENT.contains(id) || is_of_targets && ABOUT_SERIES.contains(id);
        let findings = findings.into_iter().filter(|finding| !is_silent(&finding.id));
        found.extend(findings.map(|finding| raised(&sources, finding, &object, &path)));
    }
    found
}

fn raised(sources: &Sources, finding: Diagnostic, object: &str, path: &str) -> Diagnostic {
    let sentence = |text: &str| words::reworded(text, &mut |_, index| Some(format!("{path}[{index}]")));
    let message = sentence(&finding.message);
    let message = if message.starts_with(path) { message } else { format!("{path}: {message}") };
    let at = sources.outermost(finding.at);
    let mut raised = Diagnostic::new(finding.id, finding.severity, at, format!("{object}: {message}"));
    raised = raised.with_argument("object", object);
    for (name, value) in &finding.arguments {
        raised = raised.with_argument(name, value.as_str());
    }
    for Label { at, message, .. } in &finding.labels {
        raised = raised.with_label(sources.outermost(*at), sentence(message));
    }
    for note in &finding.notes {
        raised = raised.with_note(sentence(note));
    }
    if let Some(help) = &finding.help {
        raised = raised.with_help(sentence(help));
    }
    raised.upstream = finding.upstream;
    raised.omitted = finding.omitted;
    raised
}
