//! Facts about a template: a replacement, or the target label of a replace.

use crate::re2::{GroupReference, Reference, Template, TemplatePiece};

use super::PatternFacts;

/// The constant result of a template, with `$$` as `$`; `None` if it refers to a group.
pub(crate) fn constant_text(template: &Template) -> Option<String> {
    if template.has_references() {
        return None;
    }
    template.pieces().map(|piece| if let TemplatePiece::Text(text) = piece { Some(text) } else { None }).collect()
}

/// Whether the template may produce the text, judged by its own text alone.
pub(crate) fn may_expand_to(template: &Template, text: &str) -> bool {
    if !template.has_references() {
        return constant_text(template).is_some_and(|constant| constant == text);
    }
    // A reference is between them: the first text and the last one are two.
    let fixed = |piece: Option<TemplatePiece<'_>>| match piece {
        Some(TemplatePiece::Text(text)) => text.len(),
        Some(TemplatePiece::Group(_)) | None => 0,
    };
    let is_at = |piece: Option<TemplatePiece<'_>>, fits: &dyn Fn(&str) -> bool| match piece {
        Some(TemplatePiece::Text(fixed)) => fits(fixed),
        Some(TemplatePiece::Group(_)) | None => true,
    };
    let (first, last) = (template.pieces().next(), template.pieces().last());
    fixed(first) + fixed(last) <= text.len()
        && is_at(first, &|fixed| text.starts_with(fixed))
        && is_at(last, &|fixed| text.ends_with(fixed))
}

/// The references of a template, each with whether the pattern has the group; `$0` always exists.
pub(crate) fn references<'t>(
    template: &'t Template,
    pattern: &'t PatternFacts,
) -> impl Iterator<Item = (&'t Reference, bool)> {
    template.references().iter().map(|reference| {
        let is_there = match &reference.group {
            GroupReference::Number(number) => *number <= pattern.group_count(),
            GroupReference::Name(name) => pattern.has_group_named(name),
        };
        (reference, is_there)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::Facts;

    #[test]
    fn templates_are_known_by_what_they_may_give() {
        let constant = |text: &str| constant_text(&Template::parse(text));
        assert_eq!((constant("a$$b"), constant("a$1")), (Some("a$b".to_string()), None));
        let may = |text: &str, name: &str| may_expand_to(&Template::parse(text), name);
        assert!(may("$1", "job") && may("x_$1", "x_") && may("x_${1}_y", "x_a_y") && may("env", "env"));
        assert!(!may("x_$1", "y_a") && !may("ab${1}ba", "aba") && !may("env", "en"));
    }

    #[test]
    fn references_to_groups_that_are_not_there_are_known() {
        let pattern = Facts::default().pattern("(?P<a>x)(y)").expect("is a pattern");
        let template = Template::parse("$0 $2 $3 $a $b");
        let there: Vec<bool> = references(&template, &pattern).map(|(_, is_there)| is_there).collect();
        assert_eq!(there, [true, true, false, true, false]);
    }
}
