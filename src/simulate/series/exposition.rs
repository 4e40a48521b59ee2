//! A `/metrics` page: the series in Prometheus's text format.
//!
//! Source: `model/textparse` of Prometheus 3.14, as far as names and labels go. Values are read only
//! to know where a line ends.

use std::collections::HashMap;

use super::{Series, SeriesError};

/// Reads the series of a page in Prometheus's text format (also the OpenMetrics form): names and
/// labels. Values of `le` of histograms and `quantile` of summaries are written as floats, as
/// Prometheus does: `1` becomes `1.0`.
///
/// ```
/// let page = "# TYPE http_requests_total counter\nhttp_requests_total{code=\"200\"} 3\n";
/// let series = promcfg::simulate::read_exposition(page)?;
/// assert_eq!(series[0].sample[0], ("__name__".to_string(), "http_requests_total".to_string()));
/// # Ok::<(), promcfg::simulate::SeriesError>(())
/// ```
///
/// # Errors
/// The first line that is not a series, with its number.
pub fn read_exposition(text: &str) -> Result<Vec<Series>, SeriesError> {
    Page::new(text).collect()
}

/// The series of a page, one after the other.
#[derive(Clone, Debug)]
pub(super) struct Page<'t> {
    lines: std::iter::Enumerate<std::str::Lines<'t>>,
    types: HashMap<&'t str, &'t str>,
}

impl<'t> Page<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        Self { lines: text.lines().enumerate(), types: HashMap::new() }
    }

    /// Notes the type of a metric.
    fn comment(&mut self, comment: &'t str) {
        let mut words = comment.split_ascii_whitespace();
        if words.next() == Some("TYPE")
            && let (Some(name), Some(kind)) = (words.next(), words.next())
        {
            self.types.insert(name, kind);
        }
    }
}

impl Iterator for Page<'_> {
    type Item = Result<Series, SeriesError>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let (index, line) = self.lines.next()?;
            let line = line.trim();
            if let Some(comment) = line.strip_prefix('#') {
                self.comment(comment);
            } else if !line.is_empty() {
                let sample = Reader { rest: line }.series();
                let sample = sample.map_err(|message| SeriesError { line: index + 1, message });
                let series =
                    |sample| Series { sample: normalized(sample, &self.types), target: None, is_report: false };
                return Some(sample.map(series));
            }
        }
    }
}

/// Writes bounds of histograms and summaries as floats.
fn normalized(mut sample: Vec<(String, String)>, types: &HashMap<&str, &str>) -> Vec<(String, String)> {
    let name = sample.iter().find(|(name, _)| name == "__name__").map_or("", |(_, value)| value.as_str());
    let label = match types.get(name.strip_suffix("_bucket").unwrap_or(name)) {
        Some(&"histogram" | &"gaugehistogram") if name.ends_with("_bucket") => "le",
        Some(&"summary") => "quantile",
        _ => return sample,
    };
    for (_, value) in sample.iter_mut().filter(|(name, _)| name == label) {
        let is_whole = !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit());
        if is_whole {
            value.push_str(".0");
        }
    }
    sample
}

struct Reader<'t> {
    rest: &'t str,
}

impl Reader<'_> {
    /// `name{label="value", …} value [timestamp] [# exemplar]`; the name can also be in quotes
    /// among the labels.
    fn series(&mut self) -> Result<Vec<(String, String)>, String> {
        let name = self.take_while(|character| !character.is_whitespace() && character != '{');
        let mut sample = Vec::new();
        if !name.is_empty() {
            sample.push(("__name__".to_string(), name));
        }
        self.skip_blanks();
        if self.take('{') {
            self.labels(&mut sample)?;
        }
        self.skip_blanks();
        let value = self.take_while(|character| !character.is_whitespace());
        if value.is_empty() {
            return Err("missing value after the series".to_string());
        }
        if value.parse::<f64>().is_err() && !value.starts_with('{') {
            return Err(format!("invalid number {value:?}"));
        }
        Ok(sample)
    }

    fn labels(&mut self, sample: &mut Vec<(String, String)>) -> Result<(), String> {
        loop {
            self.skip_blanks();
            if self.take('}') {
                return Ok(());
            }
            let (name, was_quoted) = self.name()?;
            self.skip_blanks();
            if self.take('=') {
                self.skip_blanks();
                let value = self
                    .quoted()?
                    .ok_or_else(|| format!("expected double quotes around the value of label {name:?}"))?;
                sample.push((name, value));
            } else if was_quoted {
                sample.insert(0, ("__name__".to_string(), name));
            } else {
                return Err(format!("missing `=` after the label {name:?}"));
            }
            self.skip_blanks();
            if !self.take(',') && !self.rest.starts_with('}') {
                return Err("expected `,` or `}` after a label".to_string());
            }
        }
    }

    fn name(&mut self) -> Result<(String, bool), String> {
        if let Some(name) = self.quoted()? {
            return Ok((name, true));
        }
        let name = self.take_while(|character| character.is_ascii_alphanumeric() || matches!(character, '_' | ':'));
        if name.is_empty() { Err("missing label name".to_string()) } else { Ok((name, false)) }
    }

    /// A text in double quotes with `\\`, `\"` and `\n`.
    fn quoted(&mut self) -> Result<Option<String>, String> {
        if !self.take('"') {
            return Ok(None);
        }
        let mut text = String::new();
        let mut characters = self.rest.char_indices();
        while let Some((index, character)) = characters.next() {
            match character {
                '"' => {
                    self.rest = &self.rest[index + 1..];
                    return Ok(Some(text));
                }
                '\\' => match characters.next() {
                    Some((_, 'n')) => text.push('\n'),
                    Some((_, escaped @ ('"' | '\\'))) => text.push(escaped),
                    Some((_, other)) => text.extend(['\\', other]),
                    None => break,
                },
                _ => text.push(character),
            }
        }
        Err("missing closing quote".to_string())
    }

    fn take_while(&mut self, is_part: impl Fn(char) -> bool) -> String {
        let end = self.rest.find(|character| !is_part(character)).unwrap_or(self.rest.len());
        let (taken, rest) = self.rest.split_at(end);
        self.rest = rest;
        taken.to_string()
    }

    fn take(&mut self, sign: char) -> bool {
        match self.rest.strip_prefix(sign) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    fn skip_blanks(&mut self) {
        self.rest = self.rest.trim_start_matches([' ', '\t']);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(page: &str) -> Vec<String> {
        match read_exposition(page) {
            Ok(series) => series
                .iter()
                .map(|series| {
                    let labels: Vec<String> =
                        series.sample.iter().map(|(name, value)| format!("{name}={value}")).collect();
                    labels.join(",")
                })
                .collect(),
            Err(fault) => vec![fault.to_string()],
        }
    }

    #[test]
    fn names_and_labels_are_read_and_values_skipped() {
        let page = "# HELP a x\n# TYPE a counter\na 1\na{b=\"c\\\"\\n\", d=\"\",} 2.5e3 1700000000\n{\"my.metric\", x=\"1\"} NaN\n\n# EOF\n";
        assert_eq!(shown(page), ["__name__=a", "__name__=a,b=c\"\n,d=", "__name__=my.metric,x=1"]);
    }

    #[test]
    fn bounds_are_written_as_floats_where_the_type_is_known() {
        let page = "# TYPE h histogram\nh_bucket{le=\"1\"} 1\nh_bucket{le=\"+Inf\"} 1\ng_bucket{le=\"1\"} 1\n";
        assert_eq!(shown(page), ["__name__=h_bucket,le=1.0", "__name__=h_bucket,le=+Inf", "__name__=g_bucket,le=1"]);
    }

    #[test]
    fn another_line_is_refused_with_its_number() {
        assert_eq!(shown("a 1\nb\n"), ["line 2: missing value after the series"]);
        assert_eq!(shown("a{b=c} 1\n"), ["line 1: expected double quotes around the value of label \"b\""]);
        assert_eq!(shown("a x\n"), ["line 1: invalid number \"x\""]);
        assert_eq!(shown("a{b=\"c} 1\n"), ["line 1: missing closing quote"]);
    }
}
