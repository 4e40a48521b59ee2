//! The selection of jobs by name or pattern.

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

/// The jobs named by `patterns` in the order of the config; all of them when there is no pattern.
/// A pattern is first taken as a name; if no job has it, `*` matches any characters, `?` matches one.
///
/// # Errors
/// The first pattern that fits no job.
pub fn select_jobs<'c>(
    jobs: &'c [ScrapeConfig],
    patterns: &[String],
) -> Result<Vec<&'c ScrapeConfig>, UnknownJobError> {
    if patterns.is_empty() {
        return Ok(jobs.iter().collect());
    }
    let mut is_selected = vec![false; jobs.len()];
    for pattern in patterns {
        let is_name = jobs.iter().any(|job| job.job_name.value == *pattern);
        let mut found = false;
        for (job, selected) in jobs.iter().zip(&mut is_selected) {
            let name = &job.job_name.value;
            if name == pattern || (!is_name && matches_wildcards(pattern, name)) {
                (*selected, found) = (true, true);
            }
        }
        if !found {
            let known = jobs.iter().map(|job| job.job_name.value.clone()).collect();
            return Err(UnknownJobError { name: pattern.clone(), known });
        }
    }
    Ok(jobs.iter().zip(is_selected).filter_map(|(job, selected)| selected.then_some(job)).collect())
}
