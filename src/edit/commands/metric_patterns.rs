//! Patterns of the names of metrics: which are refused, and what is worth knowing about the others.

use rustc_hash::FxHashSet;

use crate::effect::is_kept;
use crate::re2::{Regex, Shape};

use super::super::driver::JobView;
use super::super::ops::METRIC_NAME;
use super::super::request::EditError;

/// What is done with the samples of the metrics that the patterns match.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum MetricFilter {
    /// They are dropped.
    #[default]
    Drop,
    /// They are kept, and all others are dropped.
    Keep,
}

/// Refuses a pattern that is not a regular expression, and one that matches every name or none.
pub(super) fn check_pattern(pattern: &str, filter: MetricFilter) -> Result<(), EditError> {
    let regex = Regex::new(pattern).map_err(|error| {
        let message = format!("the pattern {pattern:?} is not a regular expression: {error}");
        EditError::request(message, "the pattern follows the syntax of relabel rules and matches the whole name")
    })?;
    if matches_every_name(pattern, &regex) {
        let message = format!("the pattern {pattern:?} matches every metric");
        return Err(match filter {
            MetricFilter::Drop => EditError::declined(message, "`promcfg remove-job` removes a whole job"),
            MetricFilter::Keep => EditError::declined(message, "name the metrics that are to be kept"),
        });
    }
    let names = names_in(pattern);
    let is_reports = !names.is_empty() && names.iter().all(|name| REPORTS.contains(&name.as_str()));
    if filter == MetricFilter::Drop && is_reports {
        let names = names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(" and ");
        let message = format!("no rule can drop {names}: Prometheus adds such series after all rules");
        return Err(EditError::declined(message, "leave the pattern out"));
    }
    let examples = regex.examples(8);
    if regex.matches_nothing() || (!examples.is_empty() && examples.iter().all(String::is_empty)) {
        let message = format!("the pattern {pattern:?} matches no name of a metric");
        return Err(EditError::declined(message, "the pattern matches the whole name, for example 'go_.*'"));
    }
    Ok(())
}

/// Whether a pattern matches all texts that are not empty.
fn matches_every_name(pattern: &str, regex: &Regex) -> bool {
    regex.matches_everything() || Regex::new(&format!("(?:{pattern})?")).is_ok_and(|regex| regex.matches_everything())
}

/// The series that Prometheus itself adds for each scrape: no rule sees them.
const REPORTS: [&str; 8] = [
    "up",
    "scrape_duration_seconds",
    "scrape_samples_scraped",
    "scrape_samples_post_metric_relabeling",
    "scrape_series_added",
    "scrape_timeout_seconds",
    "scrape_sample_limit",
    "scrape_body_size_bytes",
];

/// What is worth knowing about the patterns, whatever the config.
pub(super) fn remarks(patterns: &[String], filter: MetricFilter) -> Vec<String> {
    let mut notes = Vec::new();
    for pattern in patterns {
        let reports = reports_of(pattern);
        if !reports.is_empty() {
            let (them, reports) = match reports.as_slice() {
                [one] => ("it", format!("`{one}`")),
                [one, other] => ("them", format!("`{one}` and `{other}`")),
                [first, ..] => ("them", format!("series such as `{first}`")),
                [] => continue,
            };
            notes.push(match filter {
                MetricFilter::Drop => format!("Prometheus adds {reports} after all rules: no rule can drop {them}"),
                MetricFilter::Keep => format!("Prometheus adds {reports} after all rules: no rule has to keep {them}"),
            });
        }
        let before_star = pattern.strip_suffix('*').and_then(|rest| rest.chars().last());
        if let Some(c) = before_star.filter(|c| c.is_ascii_alphanumeric() || "_:".contains(*c)) {
            let better = format!("{}.*", pattern.trim_end_matches('*'));
            notes.push(format!("`*` in {pattern:?} repeats the `{c}`; {better:?} matches all names that begin so"));
        }
        if is_name_with_dots(pattern) {
            let exact = pattern.replace('.', "\\.");
            notes.push(format!("`.` in {pattern:?} matches any character; {exact:?} matches this name alone"));
        }
    }
    notes
}

/// The series of Prometheus itself that a pattern is about: those that it lists, or all that begin like them.
fn reports_of(pattern: &str) -> Vec<&'static str> {
    let names = names_in(pattern);
    let is_listed = |report: &&&str| names.iter().any(|name| name == **report);
    if !names.is_empty() {
        return REPORTS.iter().filter(is_listed).copied().collect();
    }
    let regex = Regex::new(pattern).ok().filter(|_| pattern.starts_with("scrape_"));
    let is_matched = |report: &&&str| regex.as_ref().is_some_and(|regex| regex.is_match(report) == Ok(true));
    REPORTS.iter().filter(is_matched).copied().collect()
}

/// Whether a pattern reads like a name with dots, which metrics can have since names may be any UTF-8.
fn is_name_with_dots(pattern: &str) -> bool {
    let parts: Vec<&str> = pattern.split('.').collect();
    let is_word = |part: &&str| !part.is_empty() && part.chars().all(|c| c.is_alphanumeric() || "_:-/".contains(c));
    parts.len() > 1 && parts.iter().all(is_word)
}

/// The names that a pattern lists.
fn names_in(pattern: &str) -> Vec<String> {
    match Regex::new(pattern).as_ref().map(Regex::shape) {
        Ok(Shape::Texts { texts, .. }) => texts.iter().map(ToString::to_string).collect(),
        Ok(Shape::Prefix { .. } | Shape::Suffix { .. } | Shape::Infix { .. } | Shape::General) | Err(_) => Vec::new(),
    }
}

/// The names of the samples that the user gave, as they are stored, each once.
fn stored_names<'v>(view: &'v JobView<'_>) -> Vec<&'v str> {
    if !view.has_given_samples() {
        return Vec::new();
    }
    let stored = view.before.targets.iter().filter(|result| is_kept(result));
    let mut seen = FxHashSet::default();
    stored.map(|result| result.labels.get(METRIC_NAME)).filter(|name| seen.insert(*name)).collect()
}

/// The patterns that match no name on the page.
pub(super) fn unmatched(patterns: &[String], view: &JobView<'_>) -> Vec<String> {
    let names = stored_names(view);
    let is_missing = |pattern: &&String| {
        let regex = Regex::new(pattern).ok().filter(|_| !names.is_empty());
        regex.is_some_and(|regex| names.iter().all(|name| regex.is_match(name) == Ok(false)))
    };
    patterns.iter().filter(is_missing).map(|pattern| format!("{pattern:?} matches no series of --series")).collect()
}

/// The ends of the names of the series of a histogram.
const PARTS: [&str; 3] = ["_bucket", "_sum", "_count"];

/// Histograms of which some series are dropped and others stay: those on the page, and those that a pattern names.
pub(super) fn halved_histograms(patterns: &[String], filter: MetricFilter, view: &JobView<'_>) -> Vec<String> {
    let regexes: Vec<Regex> = patterns.iter().filter_map(|pattern| Regex::new(pattern).ok()).collect();
    let is_matched = |name: &str| regexes.iter().any(|regex| regex.is_match(name) == Ok(true));
    let is_dropped = |name: &str| is_matched(name) == (filter == MetricFilter::Drop);
    let stored = stored_names(view);
    let listed: Vec<String> = patterns.iter().filter(|_| stored.is_empty()).flat_map(|one| names_in(one)).collect();
    let named = listed.iter().map(String::as_str);
    let mut seen = FxHashSet::default();
    let buckets = stored.iter().copied().chain(named).filter_map(|name| name.strip_suffix("_bucket"));
    let families = buckets.filter(|family| seen.insert(*family));
    let halved = families.filter_map(|family| {
        let is_known = |name: &String| stored.is_empty() || stored.contains(&name.as_str());
        let names = PARTS.iter().map(|part| format!("{family}{part}")).filter(is_known);
        let (dropped, left): (Vec<String>, Vec<String>) = names.partition(|name| is_dropped(name));
        let are = if left.len() == 1 { "stays" } else { "stay" };
        let note =
            || format!("of the histogram {family}, {} is dropped and {} {are}", dropped.join(", "), left.join(", "));
        (!dropped.is_empty() && !left.is_empty()).then(note)
    });
    halved.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_that_match_every_name_or_none_are_refused() {
        let refusal = |pattern: &str| check_pattern(pattern, MetricFilter::Drop).err().map(|error| error.to_string());
        for pattern in [".*", ".+", "(.*)", "^.*$", ".*|x", "(?:.+)"] {
            assert!(refusal(pattern).is_some_and(|message| message.contains("matches every metric")), "{pattern}");
        }
        for pattern in ["", "a^", "$", "^"] {
            assert!(refusal(pattern).is_some_and(|message| message.contains("matches no name")), "{pattern}");
        }
        assert!(refusal("go_(").is_some_and(|message| message.contains("is not a regular expression")));
        for pattern in ["up", "up|scrape_samples_scraped", "scrape_(?:series_added|body_size_bytes)"] {
            assert!(
                refusal(pattern).is_some_and(|message| message.contains("adds such series after all rules")),
                "{pattern}"
            );
            assert!(check_pattern(pattern, MetricFilter::Keep).is_ok(), "{pattern}");
        }
        for pattern in ["go_.*", "up|x", "scrape_.*", ".*_bucket", "x?", "[a-z]+"] {
            assert_eq!(refusal(pattern), None, "{pattern}");
        }
    }

    #[test]
    fn a_star_that_is_meant_as_a_wildcard_is_noted() {
        let notes = remarks(&["go_*".to_string(), "up|x".to_string(), "http.größe".to_string()], MetricFilter::Drop);
        assert_eq!(
            notes,
            [
                "`*` in \"go_*\" repeats the `_`; \"go_.*\" matches all names that begin so",
                "Prometheus adds `up` after all rules: no rule can drop it",
                "`.` in \"http.größe\" matches any character; \"http\\\\.größe\" matches this name alone"
            ]
        );
    }
}
