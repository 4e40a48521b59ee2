//! The text of a new target file.

use crate::diagnostic::{Diagnostic, ids};
use crate::text::{Edits, Span};
use crate::yaml::Tree;
use crate::yaml_edit::{New, Style};

use super::super::request::refused;
use super::new::{NewGroup, NewTarget};
use super::targets::WrittenTexts;

/// A target file with these groups, written by the ending of its name.
pub(super) fn text_of_file(
    name: &str,
    groups: &[NewGroup],
    written: &WrittenTexts,
) -> Result<Option<(Edits, Tree)>, Diagnostic> {
    let is_json = name.rsplit_once('.').is_some_and(|(_, ending)| ending.eq_ignore_ascii_case("json"));
    let text = if is_json { json(groups, written)? } else { yaml(groups, written) };
    let edits = Edits::new(vec![(Span::empty(0), text.clone())]);
    Ok(edits.map(|edits| (edits, Tree::parse(text))))
}

fn yaml(groups: &[NewGroup], written: &WrittenTexts) -> String {
    let group = |group: &NewGroup| {
        let target = |target: &NewTarget| {
            let value = New::text(&target.address);
            match target.from.and_then(|from| written.get(&from)) {
                Some(text) => text.noted(value),
                None => value,
            }
        };
        let mut entries = vec![("targets".to_string(), New::List(group.targets.iter().map(target).collect()))];
        if !group.labels.is_empty() {
            let labels = group.labels.iter().map(|label| (label.name.clone(), New::text(&label.value)));
            entries.push(("labels".to_string(), New::Map(labels.collect())));
        }
        New::Map(entries)
    };
    let lines = New::List(groups.iter().map(group).collect()).lines(Style::default());
    lines.join("\n") + "\n"
}

fn json(groups: &[NewGroup], written: &WrittenTexts) -> Result<String, Diagnostic> {
    let commented = groups.iter().flat_map(|group| &group.targets).find_map(|target| {
        let from = target.from?;
        written.get(&from).filter(|text| text.has_comments()).map(|_| (target, from))
    });
    if let Some((target, from)) = commented {
        let message = format!("the target {} has a comment, which JSON cannot have", target.address);
        return Err(refused(ids::EDIT_COMMENT, from, message)
            .with_help("name a file that ends with .yml, or remove the comment"));
    }
    let quoted = |text: &str| serde_json::Value::from(text).to_string();
    let group = |group: &NewGroup| {
        let targets: Vec<String> = group.targets.iter().map(|target| quoted(&target.address)).collect();
        let labels = group.labels.iter().map(|label| format!("{}: {}", quoted(&label.name), quoted(&label.value)));
        let labels = labels.collect::<Vec<_>>().join(", ");
        let labels = if labels.is_empty() { labels } else { format!(", \"labels\": {{{labels}}}") };
        format!("  {{\"targets\": [{}]{labels}}}", targets.join(", "))
    };
    Ok(format!("[\n{}\n]\n", groups.iter().map(group).collect::<Vec<_>>().join(",\n")))
}
