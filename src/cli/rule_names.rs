//! The rules that a user names: ids and patterns such as `redundant-*`, separated by commas.

use promcfg::lint::rule_documents;
use promcfg::text::{matches_wildcards, most_similar};

use super::status::Failure;

/// The ids of the rules that a list names, in the order of the list.
///
/// # Errors
/// The first name that no rule has, or pattern that matches no rule.
pub(crate) fn rules_of_list(list: &str) -> Result<Vec<String>, Failure> {
    let mut rules = Vec::new();
    for name in list.split(',').map(str::trim) {
        rules.extend(rules_of_name(name)?);
    }
    Ok(rules)
}

/// Whether a name has wildcards.
pub(crate) fn is_pattern(name: &str) -> bool {
    name.contains(['*', '?'])
}

/// The ids that a name, an id or a pattern, is for.
fn rules_of_name(name: &str) -> Result<Vec<String>, Failure> {
    let found: Vec<String> = ids().filter(|id| matches_wildcards(name, id)).map(ToString::to_string).collect();
    if found.is_empty() { Err(unknown_rule(name)) } else { Ok(found) }
}

fn ids() -> impl Iterator<Item = &'static str> {
    rule_documents().iter().map(|rule| rule.id.as_str())
}

/// The message for a name that no rule has.
pub(crate) fn unknown_rule(name: &str) -> Failure {
    const LIST: &str = "list the rules with `promcfg rules`";
    if name.is_empty() {
        return Failure::new("missing rule id").with_help(LIST);
    }
    if is_pattern(name) {
        let failure = Failure::new(format!("the pattern {name:?} matches no rule"));
        return failure.with_help(
            nearest_to_pattern(name).map_or(LIST.to_string(), |near| format!("the nearest rule is {near}")),
        );
    }
    let failure = Failure::new(format!("unknown rule {name:?}"));
    let is_family = ids().any(|id| id.strip_prefix(name).is_some_and(|rest| rest.starts_with('-')));
    match most_similar(name, ids()) {
        _ if is_family => failure.with_help(format!("did you mean the pattern '{name}-*'?")),
        Some(similar) => failure.with_help(format!("did you mean {similar}?")),
        None => failure.with_help(LIST),
    }
}

/// The id that a pattern matches with the fewest characters changed, if they are few.
fn nearest_to_pattern(pattern: &str) -> Option<&'static str> {
    let pattern: Vec<char> = pattern.to_lowercase().replace('_', "-").chars().collect();
    let literals = pattern.iter().filter(|&&character| !matches!(character, '*' | '?')).count();
    let most_edits = (literals / 3).clamp(1, 4);
    let near = ids().map(|id| (edits_to_match(&pattern, id), id)).filter(|(edits, _)| *edits <= most_edits);
    near.min().map(|(_, id)| id)
}

/// How many characters of a pattern must be put in, taken out or replaced so that it matches a name.
fn edits_to_match(pattern: &[char], name: &str) -> usize {
    let name: Vec<char> = name.chars().collect();
    // The edits so that the pattern up to here matches the first characters of the name.
    let mut row: Vec<usize> = (0..=name.len()).collect();
    for wanted in pattern {
        let mut diagonal = row[0];
        if *wanted != '*' {
            row[0] += 1;
        }
        for (index, character) in name.iter().enumerate() {
            let above = row[index + 1];
            row[index + 1] = match wanted {
                '*' => above.min(row[index]),
                _ => {
                    let is_same = *wanted == '?' || wanted == character;
                    (diagonal + usize::from(!is_same)).min(above + 1).min(row[index] + 1)
                }
            };
            diagonal = above;
        }
    }
    row[name.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_has_ids_and_patterns() {
        let rules = rules_of_list("invalid-regex, redundant-*").expect("are rules");
        assert_eq!(rules[0], "invalid-regex");
        assert!(rules.len() > 2 && rules[1..].iter().all(|rule| rule.starts_with("redundant-")), "{rules:?}");
        assert_eq!(rules_of_list("*").expect("are rules").len(), rule_documents().len());
    }

    #[test]
    fn what_names_no_rule_is_reported_with_the_nearest_one() {
        let failed = |list: &str| {
            let failure = rules_of_list(list).expect_err("is not a rule");
            format!("{}; {}", failure.message, failure.help.unwrap_or_default())
        };
        assert_eq!(failed("invalid-regx"), "unknown rule \"invalid-regx\"; did you mean invalid-regex?");
        assert_eq!(failed("invalid-regex,"), "missing rule id; list the rules with `promcfg rules`");
        assert_eq!(failed("misread"), "unknown rule \"misread\"; did you mean the pattern 'misread-*'?");
        assert_eq!(
            failed("redundnt-anc*"),
            "the pattern \"redundnt-anc*\" matches no rule; the nearest rule is redundant-anchor"
        );
        assert_eq!(
            failed("redund*-ancor"),
            "the pattern \"redund*-ancor\" matches no rule; the nearest rule is redundant-anchor"
        );
        assert_eq!(
            failed("nonsense-*"),
            "the pattern \"nonsense-*\" matches no rule; list the rules with `promcfg rules`"
        );
    }

    #[test]
    fn a_star_matches_any_text_without_an_edit() {
        let edits = |pattern: &str, name: &str| edits_to_match(&pattern.chars().collect::<Vec<_>>(), name);
        assert_eq!(edits("a*", "abc"), 0);
        assert_eq!(edits("*", ""), 0);
        assert_eq!(edits("a?c", "abc"), 0);
        assert_eq!(edits("ab*x", "abc"), 1);
        assert_eq!(edits("", "abc"), 3);
    }
}
