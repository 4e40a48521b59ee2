//! Lines of JSON that name the job of each target.

use promcfg::simulate::{PlacedTarget, TargetInputError, read_named_target_line};
use rustc_hash::FxHashMap;

use crate::cli::status::{Failure, Stop};

/// Lines that name their jobs. They are held as text: most jobs are looked at once.
#[derive(Default)]
pub(super) struct JobLines {
    texts: Vec<(String, String)>,
    /// For each job the text, the start and the end of each of its lines, and its number.
    jobs: FxHashMap<String, Vec<Line>>,
}

struct Line {
    text: usize,
    start: usize,
    end: usize,
    number: usize,
}

impl JobLines {
    /// Adds the lines of a text.
    ///
    /// # Errors
    /// A line is not a target, or names no job.
    pub(super) fn add(&mut self, name: &str, text: String) -> Result<(), Failure> {
        let mut start = 0;
        for (index, line) in text.split_inclusive('\n').enumerate() {
            let end = start + line.len();
            if !line.trim().is_empty() {
                let (job, _) =
                    read_named_target_line(line.trim()).map_err(|fault| bad_line(name, index + 1, &fault))?;
                let Some(job) = job else {
                    return Err(Failure::new(format!("{name}: line {}: it names no job", index + 1))
                        .with_note("the first line names one with `job`, so that all lines have to"));
                };
                let line = Line { text: self.texts.len(), start, end, number: index + 1 };
                self.jobs.entry(job).or_default().push(line);
            }
            start = end;
        }
        self.texts.push((name.to_string(), text));
        Ok(())
    }

    pub(super) fn has(&self, job: &str) -> bool {
        self.jobs.contains_key(job)
    }

    /// The names of the jobs, with the numbers of their targets.
    pub(super) fn jobs(&self) -> impl Iterator<Item = (&str, usize)> {
        self.jobs.iter().map(|(job, lines)| (job.as_str(), lines.len()))
    }

    /// Gives each target of a job to `take`.
    pub(super) fn each(&self, job: &str, take: &mut dyn FnMut(PlacedTarget) -> Result<(), Stop>) -> Result<(), Stop> {
        for line in self.jobs.get(job).into_iter().flatten() {
            let Some((name, text)) = self.texts.get(line.text) else { continue };
            let content = text.get(line.start..line.end).unwrap_or("").trim();
            let (_, target) = read_named_target_line(content).map_err(|fault| bad_line(name, line.number, &fault))?;
            take(target.into())?;
        }
        Ok(())
    }
}

/// Whether a line names the job of its target.
pub(super) fn names_job(line: &str) -> bool {
    matches!(read_named_target_line(line), Ok((Some(_), _)))
}

pub(super) fn bad_line(name: &str, number: usize, fault: &TargetInputError) -> Failure {
    Failure::new(format!("{name}: line {number}: {fault}"))
        .with_note("a line is {\"target\":{…},\"labels\":{…}}, or a map of the target's own labels")
}
