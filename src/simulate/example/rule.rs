//! A rule read backwards: what it must read so that it gives a wanted value.

use crate::re2::{Captures, GroupReference, Regex, Template, TemplatePiece};
use crate::relabel::RuleSpec;

/// A rule, and its pattern where it is valid.
#[derive(Debug)]
pub(super) struct Rule<'c> {
    pub(super) spec: &'c RuleSpec,
    pub(super) regex: Option<Regex>,
}

impl Rule<'_> {
    /// A text that the pattern matches and for which the replacement is `value`.
    pub(super) fn input_for(&self, value: &str) -> Option<String> {
        let regex = self.regex.as_ref()?;
        let template = Template::parse(&self.spec.replacement);
        let input = if template.has_references() {
            let groups = captured(regex, &template, value)?;
            match groups.iter().find(|(group, _)| *group == 0) {
                Some((_, whole)) => (*whole).to_string(),
                None => regex.example_with(&groups)?,
            }
        } else {
            regex.example()?
        };
        let mut captures = Captures::new();
        let mut result = String::new();
        if regex.captures(&input, &mut captures) != Ok(true) {
            return None;
        }
        template.expand(regex, &input, &captures, &mut result);
        (result == value).then_some(input)
    }
}

/// What each group that a template refers to must capture so that the template gives `value`.
fn captured<'v>(regex: &Regex, template: &Template, value: &'v str) -> Option<Vec<(usize, &'v str)>> {
    let pieces: Vec<TemplatePiece<'_>> = template.pieces().collect();
    let mut groups: Vec<(usize, &str)> = Vec::new();
    let mut rest = value;
    for (index, piece) in pieces.iter().enumerate() {
        match piece {
            TemplatePiece::Text(text) => rest = rest.strip_prefix(*text)?,
            TemplatePiece::Group(reference) => {
                let end = match pieces.get(index + 1) {
                    None => rest.len(),
                    Some(TemplatePiece::Text(text)) => rest.find(*text)?,
                    // Two groups side by side: the first one takes nothing.
                    Some(TemplatePiece::Group(_)) => 0,
                };
                let (taken, left) = rest.split_at(end);
                let group = group_number(regex, reference)?;
                if groups.iter().any(|(other, text)| *other == group && *text != taken) {
                    return None;
                }
                groups.push((group, taken));
                rest = left;
            }
        }
    }
    rest.is_empty().then_some(groups)
}

fn group_number(regex: &Regex, reference: &GroupReference) -> Option<usize> {
    match reference {
        GroupReference::Number(number) => (*number <= regex.group_count()).then_some(*number),
        GroupReference::Name(name) => regex.group_names().position(|own| own == Some(name.as_str())),
    }
}

/// The joined value of the source labels of a rule, taken apart: a value for each of them.
pub(super) fn parts(spec: &RuleSpec, input: &str) -> Option<Vec<(String, String)>> {
    let sources = spec.source_labels.as_deref().unwrap_or(&[]);
    let values: Vec<&str> = match sources.len() {
        0 => return None,
        1 => vec![input],
        _ if spec.separator.is_empty() => return None,
        count => input.splitn(count, &spec.separator).collect(),
    };
    (values.len() == sources.len())
        .then(|| sources.iter().cloned().zip(values.into_iter().map(str::to_string)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn input(pattern: &str, replacement: &str, value: &str) -> Option<String> {
        let spec =
            RuleSpec { regex: Some(pattern.to_string()), replacement: replacement.to_string(), ..RuleSpec::default() };
        Rule { spec: &spec, regex: Regex::new(pattern).ok() }.input_for(value)
    }

    #[test]
    fn groups_capture_what_the_replacement_needs() {
        assert_eq!(input("(.+)", "$1", "30s").as_deref(), Some("30s"));
        assert_eq!(input("every-(?P<time>.+)", "${time}", "30s").as_deref(), Some("every-30s"));
        let address = input(r"([^:]+)(?::\d+)?;(\d+)", "$1:$2", "10.0.0.1:8080");
        assert_eq!(address.as_deref(), Some("10.0.0.1;8080"));
        assert_eq!(input("(.+)", "$0", "x").as_deref(), Some("x"));
    }

    #[test]
    fn a_value_that_the_replacement_cannot_give_has_no_input() {
        assert_eq!(input("(.+)", "fixed", "30s"), None);
        assert_eq!(input("(a|b)", "$1", "30s"), None);
        assert_eq!(input("(.+)", "x-$1", "30s"), None);
        assert_eq!(input("yes", "fixed", "fixed").as_deref(), Some("yes"));
    }
}
