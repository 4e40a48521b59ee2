//! The text of a job as its sections: the lines of each of its fields.

/// A job in YAML whose fields begin in the first column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Sections {
    /// The name of each field, with its lines.
    sections: Vec<(String, Vec<String>)>,
}

/// The fields that can be added, in the order in which jobs are written.
const ORDER: [&str; 6] = ["job_name", "honor_labels", "scrape_interval", "scheme", "metrics_path", "params"];

impl Sections {
    pub(super) fn of(text: &str) -> Self {
        let mut sections: Vec<(String, Vec<String>)> = Vec::new();
        for line in text.lines() {
            let key = line.split_once(':').map(|(key, _)| key).filter(|_| !line.starts_with([' ', '#']));
            match (key, sections.last_mut()) {
                (None, Some((_, lines))) => lines.push(line.to_string()),
                (key, _) => sections.push((key.unwrap_or_default().to_string(), vec![line.to_string()])),
            }
        }
        Self { sections }
    }

    pub(super) fn text(&self) -> String {
        let lines = self.sections.iter().flat_map(|(_, lines)| lines);
        lines.map(|line| format!("{line}\n")).collect()
    }

    /// The lines of a field; without any if it is missing.
    pub(super) fn lines(&self, key: &str) -> &[String] {
        self.sections.iter().find(|(own, _)| own == key).map_or(&[], |(_, lines)| lines)
    }

    /// Writes a field: in the place of the one that there is, or where jobs have it.
    pub(super) fn set(&mut self, key: &str, lines: Vec<String>) {
        if let Some((_, own)) = self.sections.iter_mut().find(|(own, _)| own == key) {
            *own = lines;
            return;
        }
        let rank = |key: &str| ORDER.iter().position(|own| *own == key).unwrap_or(ORDER.len());
        let last = self.sections.iter().rposition(|(own, _)| rank(own) < rank(key));
        let at = if rank(key) < ORDER.len() { last.map_or(0, |last| last + 1) } else { self.sections.len() };
        self.sections.insert(at, (key.to_string(), lines));
    }

    /// Replaces a text wherever it is.
    pub(super) fn replace(&mut self, old: &str, new: &str) {
        for line in self.sections.iter_mut().flat_map(|(_, lines)| lines) {
            *line = line.replace(old, new);
        }
    }

    /// Writes lines after the first one that begins with a text.
    pub(super) fn insert_after(&mut self, start: &str, new: &[String]) {
        for (_, lines) in &mut self.sections {
            if let Some(at) = lines.iter().position(|line| line.starts_with(start)) {
                lines.splice(at + 1..at + 1, new.iter().cloned());
                return;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_is_written_where_jobs_have_it() {
        let mut job = Sections::of("job_name: NAME\nmetrics_path: /x\nstatic_configs:\n  - targets: [a]\n");
        job.set("scrape_interval", vec!["scrape_interval: 5s".to_string()]);
        job.set("metrics_path", vec!["metrics_path: /y".to_string()]);
        job.set("relabel_configs", vec!["relabel_configs: []".to_string()]);
        let expected = "job_name: NAME\nscrape_interval: 5s\nmetrics_path: /y\nstatic_configs:\n  - targets: [a]\nrelabel_configs: []\n";
        assert_eq!(job.text(), expected);
    }

    #[test]
    fn the_text_of_each_preset_is_its_sections() {
        for preset in super::super::Preset::ALL {
            assert_eq!(Sections::of(preset.template()).text(), preset.template(), "{preset}");
        }
    }
}
