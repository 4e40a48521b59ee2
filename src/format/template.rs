//! Templates: texts that another program turns into a config.

use super::neighbor::Neighbor;

/// The template language that the name of a file shows, if it shows one.
pub(super) fn by_name(file: &str) -> Option<Neighbor> {
    let ending = file.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase())?;
    Some(match ending.as_str() {
        "j2" | "jinja" | "jinja2" => Neighbor::JINJA,
        "tmpl" | "gotmpl" | "tpl" => Neighbor::GO_TEMPLATE,
        "tftpl" => Neighbor::TERRAFORM,
        "erb" => Neighbor::ERB,
        "jsonnet" | "libsonnet" | "cue" | "dhall" | "pkl" => Neighbor::PROGRAM,
        "template" => Neighbor::TEMPLATE,
        "alloy" | "river" => Neighbor::ALLOY,
        _ => return None,
    })
}

/// The template language whose statements are in the text. A value such as `{{ x }}` in quotes is none: the
/// text around it is YAML all the same.
pub(super) fn by_statements(text: &str) -> Option<Neighbor> {
    let mut has_expression = false;
    for line in text.lines() {
        let start = line.trim_start();
        let item = start.strip_prefix("- ").map_or(start, str::trim_start);
        if start.starts_with('#') {
            continue;
        }
        if start.starts_with("{%") || start.contains("{%- ") {
            return Some(Neighbor::JINJA);
        }
        if start.starts_with("<%") {
            return Some(Neighbor::ERB);
        }
        if start.starts_with("%{") {
            return Some(Neighbor::TERRAFORM);
        }
        if let Some(expression) = item.strip_prefix("{{") {
            let expression = expression.trim_start_matches(['-', '~', ' ']);
            if expression.starts_with(['#', '/', '>']) {
                return Some(Neighbor::TEMPLATE);
            }
            let word = expression.split(|c: char| !c.is_ascii_alphabetic()).next().unwrap_or("");
            if GO_WORDS.contains(&word) || expression.starts_with(['.', '$']) {
                return Some(Neighbor::GO_TEMPLATE);
            }
            has_expression = true;
        }
    }
    has_expression.then_some(Neighbor::TEMPLATE)
}

/// The words that statements of Go templates begin with.
const GO_WORDS: [&str; 12] =
    ["if", "else", "end", "range", "with", "define", "template", "block", "include", "toYaml", "tpl", "printf"];

/// The template language whose expressions are in the values of a text that is no YAML.
pub(crate) fn by_expressions(text: &str) -> Option<Neighbor> {
    let lines = || text.lines().filter(|line| !line.trim_start().starts_with('#'));
    let has = |mark: &str| lines().any(|line| line.contains(mark));
    if has("<%=") {
        return Some(Neighbor::ERB);
    }
    if has("{%") {
        return Some(Neighbor::JINJA);
    }
    if lines().any(|line| line.match_indices("@@").count() >= 2) {
        return Some(Neighbor::TEMPLATE);
    }
    if has("{{") {
        let is_go = lines().any(|line| line.contains("{{ .") || line.contains("{{.") || line.contains("{{-"));
        return Some(if is_go { Neighbor::GO_TEMPLATE } else { Neighbor::TEMPLATE });
    }
    None
}

/// Whether all that is at the place of a section is a variable: `${jobs}`, `((jobs))`.
pub(super) fn by_whole_values(values: &[&str]) -> Option<Neighbor> {
    let is_between = |value: &str, open: &str, close: &str| value.starts_with(open) && value.ends_with(close);
    values.iter().find_map(|value| match value {
        value if is_between(value, "((", "))") => Some(Neighbor::BOSH),
        value if is_between(value, "${", "}") || is_between(value, "$(", ")") => Some(Neighbor::VARIABLES),
        value if is_between(value, "{{", "}}") => Some(Neighbor::TEMPLATE),
        _ => None,
    })
}
