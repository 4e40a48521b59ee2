//! The selection of jobs by name or pattern.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::config::ScrapeConfig;
use crate::text::matches_wildcards;

/// A job name or pattern that no job has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownJobError {
    /// The name or pattern.
    pub name: String,
    /// The names of all jobs, in the order of the config.
    pub known: Vec<String>,
}

impl std::fmt::Display for UnknownJobError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "unknown job {:?}", self.name)?;
        match crate::text::most_similar(&self.name, self.known.iter().map(String::as_str)) {
            Some(similar) => write!(f, "; did you mean {similar:?}?"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for UnknownJobError {}

/// The names and patterns of [`select_jobs`], for asking whether it may select a job before the others are known.
///
/// ```
/// use promcfg::simulate::JobPatterns;
/// let patterns = ["web".to_string(), "db-*".to_string()];
/// let patterns = JobPatterns::new(&patterns);
/// assert_eq!(["web", "db-1", "db"].map(|name| patterns.may_select(name)), [true, true, false]);
/// assert!(JobPatterns::new(&[]).may_select("db"));
/// ```
#[derive(Clone, Debug)]
pub struct JobPatterns<'p> {
    names: FxHashSet<&'p str>,
    wildcards: Vec<&'p str>,
}

impl<'p> JobPatterns<'p> {
    /// Those of a selection; without any, all jobs are selected.
    #[must_use]
    pub fn new(patterns: &'p [String]) -> Self {
        let names: FxHashSet<&str> = patterns.iter().map(String::as_str).collect();
        let wildcards = names.iter().copied().filter(|name| name.contains(['*', '?'])).collect();
        Self { names, wildcards }
    }

    /// Whether a job with this name may be selected.
    #[must_use]
    pub fn may_select(&self, name: &str) -> bool {
        let matches = |pattern: &&str| matches_wildcards(pattern, name);
        self.names.is_empty() || self.names.contains(name) || self.wildcards.iter().any(matches)
    }
}

/// The jobs named by `patterns` in the order of the config; all of them when there is no pattern.
/// A pattern is first taken as a name; if no job has it, `*` matches any characters, `?` matches one.
///
/// # Errors
/// The first pattern that fits no job.
pub fn select_jobs<'c>(
    jobs: &'c [ScrapeConfig],
    patterns: &[String],
) -> Result<Vec<&'c ScrapeConfig>, UnknownJobError> {
    let names: Vec<&str> = jobs.iter().map(|job| job.job_name.value.as_str()).collect();
    let selected = select_names(&names, patterns)?;
    Ok(selected.into_iter().filter_map(|index| jobs.get(index)).collect())
}

/// The names of jobs in their order, and in the order of their ends: so that a pattern is compared with the names that
/// begin or end as it does.
struct SortedNames<'n> {
    names: &'n [&'n str],
    by_start: Vec<usize>,
    by_end: Vec<usize>,
}

impl<'n> SortedNames<'n> {
    fn new(names: &'n [&'n str]) -> Self {
        let (mut by_start, mut by_end): (Vec<usize>, Vec<usize>) =
            ((0..names.len()).collect(), (0..names.len()).collect());
        by_start.sort_by_key(|index| names[*index]);
        by_end.sort_by(|one, other| names[*one].bytes().rev().cmp(names[*other].bytes().rev()));
        Self { names, by_start, by_end }
    }

    /// The indices of names that a pattern may match.
    fn candidates(&self, pattern: &str) -> &[usize] {
        let start = pattern.split(['*', '?']).next().unwrap_or("");
        let end = pattern.rsplit(['*', '?']).next().unwrap_or("");
        let name = |index: &usize| self.names[*index];
        let ends_before = |name: &str| name.bytes().rev().lt(end.bytes().rev());
        let by_start = range(&self.by_start, |index| name(index) < start, |index| name(index).starts_with(start));
        let by_end = range(&self.by_end, |index| ends_before(name(index)), |index| name(index).ends_with(end));
        if by_end.len() < by_start.len() { by_end } else { by_start }
    }
}

/// Of sorted indices, those after the ones that come before, as long as they fit.
fn range(sorted: &[usize], is_before: impl Fn(&usize) -> bool, fits: impl Fn(&usize) -> bool) -> &[usize] {
    let from = sorted.partition_point(is_before);
    let rest = sorted.get(from..).unwrap_or(&[]);
    rest.get(..rest.partition_point(fits)).unwrap_or(&[])
}

/// As [`select_jobs`], for jobs of which only the names are known: their indices.
///
/// ```
/// use promcfg::simulate::select_names;
/// let patterns = ["web*".to_string()];
/// assert_eq!(select_names(&["web-1", "db", "web-2"], &patterns), Ok(vec![0, 2]));
/// ```
///
/// # Errors
/// As [`select_jobs`].
pub fn select_names(names: &[&str], patterns: &[String]) -> Result<Vec<usize>, UnknownJobError> {
    if patterns.is_empty() {
        return Ok((0..names.len()).collect());
    }
    let mut is_selected = vec![false; names.len()];
    let mut by_name: FxHashMap<&str, Vec<usize>> = FxHashMap::default();
    for (index, name) in names.iter().enumerate() {
        by_name.entry(name).or_default().push(index);
    }
    let mut sorted = None;
    for pattern in patterns {
        let mut found = false;
        if let Some(named) = by_name.get(pattern.as_str()) {
            found = true;
            named.iter().for_each(|index| is_selected[*index] = true);
        } else if pattern.contains(['*', '?']) {
            let sorted = sorted.get_or_insert_with(|| SortedNames::new(names));
            for &index in sorted.candidates(pattern).iter().filter(|index| matches_wildcards(pattern, names[**index])) {
                (is_selected[index], found) = (true, true);
            }
        }
        if !found {
            let known = names.iter().map(ToString::to_string).collect();
            return Err(UnknownJobError { name: pattern.clone(), known });
        }
    }
    Ok((0..names.len()).filter(|index| is_selected[*index]).collect())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_selects_the_names_that_it_matches() {
        let names = ["web-1", "web-2", "db", "web", "eu/web", "b", "", "éu", "web-1"];
        let patterns =
            ["*", "web*", "*web", "w*b", "web-?", "*b", "?", "*e*", "w*2", "db*b", "é*", "x*", "*é", "web*web"];
        for pattern in patterns {
            let expected: Vec<usize> =
                (0..names.len()).filter(|index| matches_wildcards(pattern, names[*index])).collect();
            let selected = select_names(&names, &[pattern.to_string()]);
            assert_eq!(selected.unwrap_or_default(), expected, "{pattern}");
        }
        let both = ["*2".to_string(), "d?".to_string(), "web".to_string()];
        assert_eq!(select_names(&names, &both).unwrap(), [1, 2, 3]);
        let unknown = select_names(&names, &["db".to_string(), "x*".to_string()]).unwrap_err();
        assert_eq!((unknown.name.as_str(), unknown.known.len()), ("x*", names.len()));
    }
}
