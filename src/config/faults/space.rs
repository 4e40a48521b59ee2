//! A space that is missing after a `-` or a `:`, so that YAML reads a line as one text or as another key.

use crate::config::schema::is_key_of_any_section;
use crate::diagnostic::Diagnostic;
use crate::text::{Location, Span, line_start};
use crate::yaml::{Node, NodeKind, ScalarStyle};

/// The sign or the key with its colon that no space follows.
#[derive(Clone, Copy)]
pub(super) struct MissingSpace<'t> {
    span: Span,
    after: &'t str,
}

impl<'t> MissingSpace<'t> {
    /// The first one in the lines at a place and before it; of consecutive lines without a space, the first.
    pub(super) fn near(text: &'t str, at: usize) -> Option<Self> {
        const MOST_LINES: usize = 5;
        let mut found = None;
        let mut start = line_start(text, at.min(text.len()));
        for _ in 0..MOST_LINES {
            let line = text.get(start..)?.lines().next().unwrap_or("");
            match Self::in_line(line, start) {
                None if found.is_some() => break,
                Some(missing) => found = Some(missing),
                None => {}
            }
            match start.checked_sub(1) {
                Some(before) => start = line_start(text, before),
                None => break,
            }
        }
        found
    }

    /// One at the beginning of a value of the wrong type, if it explains the type.
    pub(super) fn in_value(node: Node<'t>, wanted: &str) -> Option<Self> {
        let text: &str = node.tree().text();
        let (is_list, is_plain) = (wanted.starts_with("a list"), node.style() == Some(ScalarStyle::Plain));
        match node.kind() {
            NodeKind::Mapping if is_list => {
                let (key, _) = node.entries().next()?;
                Self::after_dash(key.span().of(text), key.span().start as usize)
            }
            NodeKind::Scalar if is_plain => {
                let (value, start) = (node.span().of(text), node.span().start as usize);
                let after_dash = || Self::after_dash(value, start).filter(|_| is_list);
                after_dash().or_else(|| Self::after_key(value, start, |key| !is_list || is_known(key)))
            }
            _ => None,
        }
    }

    /// One after the `-` of a key, if the rest of the key is known.
    pub(super) fn in_key(key: &'t str, start: usize) -> Option<Self> {
        Self::after_dash(key, start).filter(|_| is_known(&key[1..]))
    }

    fn in_line(line: &'t str, start: usize) -> Option<Self> {
        let mut rest = line.trim_start_matches(' ');
        let is_item = rest.starts_with("- ");
        while let Some(inner) = rest.strip_prefix("- ") {
            rest = inner.trim_start_matches(' ');
        }
        let start = start + line.len() - rest.len();
        Self::after_dash(rest, start)
            .or_else(|| Self::after_key(rest, start, |key| is_known(key) || !is_item))
            .or_else(|| Self::in_braces(rest, start))
    }

    /// `-targets`: text follows the dash.
    fn after_dash(text: &'t str, start: usize) -> Option<Self> {
        let next = text.strip_prefix('-')?.chars().next()?;
        let is_address = || next.is_ascii_digit() && text.contains(['.', ':']);
        let is_text = next.is_alphabetic() || matches!(next, '_' | '\'' | '"' | '{' | '[') || is_address();
        is_text.then(|| Self { span: Span::new(start, start + 1), after: &text[..1] })
    }

    /// `job_name:a`: text that is not a URL or a port follows the colon of a key.
    fn after_key(text: &'t str, start: usize, is_key: impl Fn(&str) -> bool) -> Option<Self> {
        let length = text.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'_').count();
        let (key, rest) = text.split_at(length);
        let value = rest.strip_prefix(':')?;
        let is_port = value.starts_with(|c: char| c.is_ascii_digit()) && !is_known(key);
        let is_other = value.starts_with(char::is_whitespace) || value.starts_with("//") || is_port;
        if key.is_empty() || value.is_empty() || is_other || !is_key(key) {
            return None;
        }
        Some(Self { span: Span::new(start, start + length + 1), after: &text[..=length] })
    }

    /// `{targets:['h:1']}`: the same after a brace or a comma.
    fn in_braces(text: &'t str, start: usize) -> Option<Self> {
        text.match_indices(['{', ',']).find_map(|(at, _)| {
            let rest = &text[at + 1..];
            let inner = rest.trim_start_matches(' ');
            Self::after_key(inner, start + text.len() - inner.len(), is_known)
        })
    }

    /// The fault at the place of the missing space.
    pub(super) fn explain(self, fault: Diagnostic) -> Diagnostic {
        let note = format!("without a space, `{}` is part of the text", self.after);
        let mut fault = fault.with_note(note).with_help(format!("write a space after `{}`", self.after));
        fault.at = Location::new(fault.at.file, self.span);
        fault
    }
}

fn is_known(key: &str) -> bool {
    is_key_of_any_section(key)
}

#[cfg(test)]
mod tests {
    use crate::config::Config;
    use crate::options::Options;
    use crate::text::Sources;

    /// The place and the help of the first fault.
    fn first_fault(text: &str) -> String {
        let mut sources = Sources::new();
        let file = sources.add("p.yml", text);
        let (_, faults) = Config::read(&mut sources, file, &Options::default());
        let fault = faults.first().expect("has a fault");
        let position = sources.position(fault.at);
        format!("{}:{} {}", position.line, position.column, fault.help.as_deref().unwrap_or(""))
    }

    fn in_job(lines: &str) -> String {
        first_fault(&format!("scrape_configs:\n- job_name: a\n{lines}"))
    }

    #[test]
    fn a_missing_space_is_reported_in_its_line() {
        let dash = "write a space after `-`";
        assert_eq!(in_job("  static_configs:\n    -targets: ['h:1']\n"), format!("4:5 {dash}"));
        assert_eq!(in_job("  static_configs:\n    -targets: ['h:1']\n     labels: {a: b}\n"), format!("4:5 {dash}"));
        assert_eq!(in_job("  static_configs:\n  - targets: ['h:1']\n  -targets: ['i:1']\n"), format!("5:3 {dash}"));
        assert_eq!(in_job("  static_configs:\n  - targets:\n    -h:1\n    -i:1\n"), format!("5:5 {dash}"));
        assert_eq!(in_job("  static_configs:\n  - targets:\n    -h:1\n    - i:1\n"), format!("5:5 {dash}"));
        assert_eq!(first_fault("rule_files:\n  -a.yml\n"), format!("2:3 {dash}"));
        assert_eq!(first_fault("scrape_configs:\n  -job_name: a\n   scheme: https\n"), format!("2:3 {dash}"));
        assert_eq!(
            first_fault("scrape_configs:\n- job_name:a\n  scheme: https\n"),
            "2:3 write a space after `job_name:`"
        );
        assert_eq!(first_fault("global:\n  scrape_interval:15s\n"), "2:3 write a space after `scrape_interval:`");
        assert_eq!(in_job("  scrape_interval:15s\n  scheme: https\n"), "3:3 write a space after `scrape_interval:`");
        assert_eq!(in_job("  metrics_path:/m\n"), "3:3 write a space after `metrics_path:`");
        assert_eq!(in_job("  static_configs:\n  - targets:['h:1']\n"), "4:5 write a space after `targets:`");
        assert_eq!(in_job("  static_configs: [{targets:['h:1']}]\n"), "3:21 write a space after `targets:`");
        assert_eq!(
            in_job("  static_configs:\n  - targets: ['h:1']\n    labels:\n      env:prod\n      zone: a\n"),
            "6:7 write a space after `env:`"
        );
        assert_eq!(
            in_job("  static_configs:\n  - targets: ['h:1']\n    labels:\n      env:prod\n"),
            "6:7 write a space after `env:`"
        );
        assert_eq!(
            in_job("  relabel_configs:\n  - source_labels:[a]\n    target_label: b\n"),
            "4:5 write a space after `source_labels:`"
        );
    }

    #[test]
    fn other_faults_have_another_help() {
        for lines in [
            "  static_configs:\n  - targets: ['h:1', 'i:1'\n",
            "  static_configs:\n  - targets:\n    - h:1\n   - i:1\n",
            "  static_configs: h:1\n",
            "  static_configs:\n    targets: ['h:1']\n",
            "  proxy_url: http://a\n  scheme: a: b\n",
            "  scrape_interval: -1m\n",
        ] {
            assert!(!in_job(lines).contains("a space after"), "{lines}: {}", in_job(lines));
        }
    }
}
