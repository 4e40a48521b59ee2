//! A pattern, a newline, a template, a newline, a text.

use promcfg::re2::{Captures, Regex, Shape, ShapePart, Template};

pub(crate) fn check(bytes: &[u8]) {
    let Ok(input) = std::str::from_utf8(bytes) else { return };
    let (pattern, rest) = input.split_once('\n').unwrap_or((input, ""));
    let (template, text) = rest.split_once('\n').unwrap_or(("$1", rest));
    match Regex::new(pattern) {
        Ok(regex) => check_regex(&regex, &Template::parse(template), text),
        Err(error) => {
            assert!(pattern.get(error.span.range()).is_some(), "the span of the error lies outside of the pattern");
            assert!(error.to_string().starts_with("error parsing regexp: "));
        }
    }
}

fn check_regex(regex: &Regex, template: &Template, text: &str) {
    let mut captures = Captures::new();
    let matched = regex.captures(text, &mut captures);
    assert_eq!(regex.is_match(text), matched, "with and without groups");
    if matched == Ok(true) {
        let (start, end) = captures.get(0).expect("a match has a whole");
        for group in 1..=regex.group_count() {
            if let Some((from, to)) = captures.get(group) {
                assert!(start <= from && from <= to && to <= end, "group {group} lies outside of the match");
                assert!(text.get(from..to).is_some(), "group {group} cuts a character");
            }
        }
        template.expand(regex, text, &captures, &mut String::new());
    }
    if let Ok(matched) = matched {
        check_shape(regex, text, matched, &captures);
        let mut replaced = String::new();
        if let Ok(found) = regex.replace_all(text, template, &mut replaced) {
            assert_eq!(found, matched);
            assert!(found || replaced == text);
        }
    }
}

/// What the shape tells is what the engine finds.
fn check_shape(regex: &Regex, text: &str, matched: bool, captures: &Captures) {
    let (expected, fixed, rest, groups) = match regex.shape() {
        Shape::Texts { texts, groups } => (texts.iter().any(|one| **one == *text), (0, text.len()), (0, 0), groups),
        Shape::Prefix { prefix, rest_may_be_empty, groups } => {
            let is_match = text.starts_with(&**prefix) && (*rest_may_be_empty || text.len() > prefix.len());
            (is_match, (0, prefix.len()), (prefix.len(), text.len()), groups)
        }
        Shape::Suffix { suffix, rest_may_be_empty, groups } => {
            let is_match = text.ends_with(&**suffix) && (*rest_may_be_empty || text.len() > suffix.len());
            let start = text.len().saturating_sub(suffix.len());
            (is_match, (start, text.len()), (0, start), groups)
        }
        Shape::Infix { infix, start_may_be_empty, end_may_be_empty, groups } => {
            let mut inner = text.chars();
            let has_start = *start_may_be_empty || inner.next().is_some();
            let has_end = *end_may_be_empty || inner.next_back().is_some();
            (has_start && has_end && inner.as_str().contains(&**infix), (0, 0), (0, 0), groups)
        }
        _ => return,
    };
    assert_eq!(expected, matched, "the shape and the engine");
    if matched {
        for (index, part) in groups.iter().enumerate() {
            let expected = match part {
                ShapePart::Whole => (0, text.len()),
                ShapePart::Fixed => fixed,
                ShapePart::Rest => rest,
            };
            assert_eq!(captures.get(index + 1), Some(expected), "group {}", index + 1);
        }
    }
}
