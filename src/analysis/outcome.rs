//! The effect of a rule on one value, and on all values.

use crate::discovery::discovery_roles;
use crate::re2::{Captures, Regex, Template, TokenKind};
use crate::relabel::Action;

use super::list::RelabelList;
use super::pattern::PatternFacts;
use super::rule::RuleFacts;

/// The effect of a filter that is the same for all label sets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// It keeps all.
    KeepsAll,
    /// It drops all sets.
    DropsAll,
}

impl RuleFacts<'_> {
    /// The result of its template for a value; `None` if the pattern does not match, or if this is unknown.
    pub(crate) fn expanded(&self, template: &Template, input: &str) -> Option<String> {
        expand(self.pattern.regex(), template, input)
    }

    /// The effect of keep, drop, keepequal or dropequal, if it is the same for all label sets.
    pub(crate) fn verdict(&self) -> Option<Verdict> {
        let matches_all = match self.action {
            Action::Keep | Action::Drop => self.matches_always()?,
            Action::KeepEqual | Action::DropEqual => {
                let is_same = self.sources() == [self.rule.spec.target_label.as_str()];
                is_same.then_some(true)?
            }
            _ => return None,
        };
        let keeps = matches!(self.action, Action::Keep | Action::KeepEqual) == matches_all;
        Some(if keeps { Verdict::KeepsAll } else { Verdict::DropsAll })
    }

    /// Whether the pattern matches the joined value of the source labels always or never; `None` if it
    /// depends on the values, or is not easily seen.
    pub(crate) fn matches_always(&self) -> Option<bool> {
        if self.pattern.matches_nothing() {
            return Some(false);
        }
        if self.sources().is_empty() {
            return self.pattern.matches_empty();
        }
        let is_all = self.pattern.matches_everything()
            || matches_all_joined(&self.pattern, &self.rule.spec.separator, self.sources().len());
        is_all.then_some(true)
    }
}

impl RelabelList<'_> {
    /// A joined value that the rule's pattern matches: one as targets really have it, where that is
    /// known and does match, else one made from the pattern.
    pub(crate) fn example_input(&self, rule: &RuleFacts<'_>) -> Option<String> {
        if rule.sources().is_empty() {
            return rule.pattern.matches_empty().filter(|matches| *matches).map(|_| String::new());
        }
        let values: Option<Vec<&str>> = rule.sources().iter().map(|name| self.example_value(name)).collect();
        let separator = &*rule.rule.spec.separator;
        let is_match = |joined: &String| rule.pattern.matches(joined) == Some(true);
        let real = values.and_then(|values| {
            let distinct = distinct(rule.sources(), &values).join(separator);
            Some(distinct).filter(is_match).or_else(|| Some(values.join(separator)).filter(is_match))
        });
        real.or_else(|| rule.pattern.example().map(str::to_string))
    }

    /// A value that a label of that name may have.
    pub(crate) fn example_value(&self, name: &str) -> Option<&str> {
        match name {
            "__address__" | "instance" => return Some("10.0.0.1:9100"),
            "job" => return self.job.map(|job| job.job_name.as_str()),
            _ => {}
        }
        let roles = self.sources.roles.iter().copied().chain(discovery_roles());
        let mut labels = roles.flat_map(|role| role.labels.iter()).filter(|label| label.covers(name));
        labels.next().map(|label| label.example)
    }
}

/// The values of labels, of which other labels have no value twice: an example must show which one is used.
fn distinct(names: &[String], values: &[&str]) -> Vec<String> {
    let mut made: Vec<String> = Vec::with_capacity(values.len());
    for (index, (name, value)) in names.iter().zip(values).enumerate() {
        let same_label = names[..index].iter().position(|other| other == name).map(|at| made[at].clone());
        let count = (2..).find(|count| !made.contains(&format!("{value}{count}")));
        made.push(match (same_label, count) {
            (Some(same), _) => same,
            (None, Some(count)) if made.iter().any(|other| other == value) => format!("{value}{count}"),
            _ => (*value).to_string(),
        });
    }
    made
}

/// The result of a template for a match of a value.
fn expand(regex: &Regex, template: &Template, input: &str) -> Option<String> {
    let mut captures = Captures::new();
    if !regex.captures(input, &mut captures).ok()? {
        return None;
    }
    let mut out = String::new();
    template.expand(regex, input, &captures, &mut out);
    Some(out)
}

/// Whether the pattern is parts that match everything with the separator between them, such as
/// `(.*);(.*)`, and of that many values some joined ones have so many parts.
fn matches_all_joined(pattern: &PatternFacts, separator: &str, values: usize) -> bool {
    if values < 2 || !pattern.has_repeated_dot() {
        // Each part matches everything, which only a repetition does.
        return false;
    }
    let mut characters = separator.chars();
    let (Some(separator), None) = (characters.next(), characters.next()) else { return false };
    let (text, mut depth, mut start) = (pattern.text(), 0_usize, 0);
    let mut parts = Vec::new();
    for token in pattern.tokens() {
        match token.kind {
            TokenKind::Open { .. } => depth += 1,
            TokenKind::Close => depth = depth.saturating_sub(1),
            TokenKind::Alternate if depth == 0 => return false,
            TokenKind::Flags => return false,
            TokenKind::Literal(c) | TokenKind::Escaped(c) if depth == 0 && c == separator => {
                parts.extend(text.get(start..token.span.start as usize));
                start = token.span.end as usize;
            }
            _ => {}
        }
    }
    parts.extend(text.get(start..));
    let is_all = |part: &&str| Regex::new(part).is_ok_and(|regex| regex.matches_everything());
    (2..=values).contains(&parts.len()) && parts.iter().all(is_all)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::Facts;

    #[test]
    fn patterns_with_separators_match_all_joined_values() {
        let all = |pattern: &str, values: usize| {
            matches_all_joined(&Facts::default().pattern(pattern).expect("is a pattern"), ";", values)
        };
        assert!(all("(.*);(.*)", 2) && all(".*;.*", 3) && all("(.*)\\;(.*);.*", 3));
        assert!(!all("(.*);(.*)", 1) && !all("(.*);(.+)", 2) && !all("(.*);(.*)|x", 2) && !all("(.*;.*)", 2));
        assert!(!all("(.*);+(.*)", 2));
    }
}
