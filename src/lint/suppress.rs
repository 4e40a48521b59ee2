//! `# promcfg: ignore[rule] reason`: findings that the author of a file does not want to see.
//!
//! - At the end of a line, it ignores findings whose place starts on that line.
//! - On a line of its own, it ignores those of the next line that is neither blank nor a comment: of that
//!   line only, whatever begins on it.
//! - `# promcfg: ignore-file[rule] reason`, or `ignore-file` for all rules, before the first content of a
//!   file ignores those of the whole file; in a manifest those of all configs in it.
//!
//! A comment that ignores nothing is itself reported, so that it does not outlive its cause.

use rustc_hash::FxHashMap;

use crate::diagnostic::{Diagnostic, Id, Severity, ids};
use crate::text::{FileId, LineIndex, Location, Sources, Span, most_similar};
use crate::yaml::{Tree, comments};

use super::documents;
use super::sink::Trees;

/// The beginning of every such comment.
const MARK: &str = "promcfg:";

/// An ignored rule (every rule if empty) on a line of a file (every line if 0).
type Ignored = (FileId, usize, &'static str);

/// Every line, and every rule.
const WHOLE_FILE: usize = 0;
const EVERY_RULE: &str = "";

/// The comments of all texts.
#[derive(Debug, Default)]
struct Comments {
    /// Where each is ignored.
    ignores: Vec<(Location, Ignored)>,
    /// Whether it suppressed a finding.
    is_used: FxHashMap<Ignored, bool>,
    findings: Vec<Diagnostic>,
}

/// Removes the findings that comments in the texts from `first` on ignore, and adds findings about the comments.
pub(super) fn suppress(
    sources: &Sources,
    first: usize,
    trees: &Trees<'_>,
    findings: Vec<Diagnostic>,
) -> Vec<Diagnostic> {
    let mut all = Comments::default();
    for index in first..sources.len() {
        let file = FileId(u32::try_from(index).unwrap_or(u32::MAX));
        if memchr::memmem::find(sources.text(file).as_bytes(), MARK.as_bytes()).is_none() {
            continue;
        }
        match trees.iter().find(|(own, _)| *own == file) {
            Some((_, tree)) => all.read(sources, file, tree),
            None => all.read(sources, file, &Tree::parse(sources.text(file).clone())),
        }
    }
    if all.ignores.is_empty() && all.findings.is_empty() {
        return findings;
    }
    // The rules do not judge a refused config, so its comments may be correct.
    let is_refused = findings.iter().any(|finding| finding.is_error() && finding.upstream.is_some());
    let mut left = findings;
    left.retain(|finding| !all.takes_away(sources, finding));
    if !is_refused {
        let is_unused = |ignored: &Ignored| !all.is_used.get(ignored).copied().unwrap_or(false);
        left.extend(
            all.ignores.iter().filter(|(_, ignored)| is_unused(ignored)).map(|&(at, ignored)| unused(at, ignored)),
        );
    }
    left.extend(all.findings);
    left
}

impl Comments {
    fn read(&mut self, sources: &Sources, file: FileId, tree: &Tree) {
        let text: &str = tree.text();
        let content = tree.root().map_or(text.len(), |root| root.full_span().start as usize);
        let mut lines = Lines { text, index: sources.lines(file), next: (0, 0) };
        for span in comments(tree) {
            let words = span.of(text).trim_start_matches('#');
            let Some(rest) = words.trim_start().strip_prefix(MARK) else { continue };
            let place = Place { at: Location::new(file, span), is_at_top: (span.start as usize) < content };
            self.directive(place, rest, &mut lines);
        }
    }

    /// Reads the text after the mark.
    fn directive(&mut self, place: Place, rest: &str, lines: &mut Lines<'_>) {
        let at = place.at;
        let words = rest.trim_start();
        let length = words.find(|c: char| c == '[' || c.is_whitespace()).unwrap_or(words.len());
        let (word, behind) = words.split_at(length);
        let names = behind.strip_prefix('[').map(|inner| inner.split_once(']').map_or("", |(names, _)| names));
        let line = match word {
            "ignore" => lines.meant_by(at.span),
            "ignore-file" if place.is_at_top => WHOLE_FILE,
            "ignore-file" => {
                self.findings.push(malformed(at, "move it to the top of the file"));
                return;
            }
            _ => {
                self.findings.push(malformed(at, "write `# promcfg: ignore[rule-name] reason`"));
                return;
            }
        };
        match names {
            Some(names) if !names.trim().is_empty() => {
                let start = at.span.end as usize - behind.len() + 1;
                self.names(at.file, start, names, line);
            }
            None if line == WHOLE_FILE => self.add(at, (at.file, line, EVERY_RULE)),
            _ => self.findings.push(malformed(at, "name the rules in brackets: `ignore[rule-name]`")),
        }
    }

    fn names(&mut self, file: FileId, start: usize, names: &str, line: usize) {
        let mut at = start;
        for part in names.split(',') {
            let name = part.trim();
            let from = at + part.len() - part.trim_start().len();
            let place = Location::new(file, Span::new(from, from + name.len()));
            at += part.len() + 1;
            match documents::rule_document(name) {
                Some(rule) => self.add(place, (file, line, rule.id.as_str())),
                None => self.findings.push(unknown(place, name)),
            }
        }
    }

    fn add(&mut self, at: Location, ignored: Ignored) {
        self.ignores.push((at, ignored));
        self.is_used.insert(ignored, false);
    }

    /// Whether a comment suppresses the finding; marks all comments that do as used.
    fn takes_away(&mut self, sources: &Sources, finding: &Diagnostic) -> bool {
        let (file, id) = (finding.at.file, finding.id.as_str());
        let outer = sources.outermost(finding.at).file;
        let line = sources.lines(file).line_of(finding.at.span.start as usize);
        let ways = [
            (file, line, id),
            (file, WHOLE_FILE, id),
            (file, WHOLE_FILE, EVERY_RULE),
            (outer, WHOLE_FILE, id),
            (outer, WHOLE_FILE, EVERY_RULE),
        ];
        let mut is_ignored = false;
        for way in ways {
            if let Some(is_used) = self.is_used.get_mut(&way) {
                *is_used = true;
                is_ignored = true;
            }
        }
        is_ignored
    }
}

/// A comment that begins with the mark.
#[derive(Clone, Copy)]
struct Place {
    at: Location,
    /// Whether only comments are before it.
    is_at_top: bool,
}

/// The lines of a text.
struct Lines<'t> {
    text: &'t str,
    index: &'t LineIndex,
    /// The last result: the lines from the first to the second have no content, the second has.
    next: (usize, usize),
}

impl Lines<'_> {
    /// The line that a comment applies to: its own if the comment is not alone there, else the next line
    /// with content.
    fn meant_by(&mut self, comment: Span) -> usize {
        let own = self.index.line_of(comment.start as usize);
        let before = &self.text[self.index.line_range(self.text, own).start..comment.start as usize];
        if !before.trim_matches([' ', '\t', '\u{feff}']).is_empty() {
            return own;
        }
        let (first, last) = self.next;
        if !(first..last).contains(&own) {
            let next = (own + 1..=self.index.line_count()).find(|line| self.has_content(*line));
            self.next = (own, next.unwrap_or(usize::MAX));
        }
        self.next.1
    }

    fn has_content(&self, line: usize) -> bool {
        let content = self.text[self.index.line_range(self.text, line)].trim();
        !content.is_empty() && !content.starts_with('#')
    }
}

fn finding(id: Id, at: Location, message: String) -> Diagnostic {
    let severity = documents::rule_document(id).map_or(Severity::Warning, |document| document.severity);
    Diagnostic::new(id, severity, at, message)
}

fn malformed(at: Location, help: &str) -> Diagnostic {
    finding(ids::MALFORMED_IGNORE, at, "this `promcfg:` comment is invalid and has no effect".to_string())
        .with_help(help)
}

fn unknown(at: Location, name: &str) -> Diagnostic {
    let finding = finding(ids::UNKNOWN_IGNORED_RULE, at, format!("unknown rule `{name}`"));
    let finding = finding.with_argument("rule", name);
    match most_similar(name, documents::rule_documents().iter().map(|rule| rule.id.as_str())) {
        Some(known) => finding.with_help(format!("did you mean `{known}`?")),
        None => finding.with_help("run `promcfg rules` to list the rules"),
    }
}

fn unused(at: Location, (_, line, rule): Ignored) -> Diagnostic {
    let place = if line == WHOLE_FILE { "in this file" } else { "on the line that this comment applies to" };
    let message = match rule {
        EVERY_RULE => format!("no rule has findings {place}"),
        rule => format!("`{rule}` has no findings {place}"),
    };
    finding(ids::UNUSED_IGNORE, at, message)
        .with_argument("rule", rule)
        .with_help("remove the comment, so that it does not hide a later finding")
}

#[cfg(test)]
mod tests {
    use crate::diagnostic::Diagnostic;
    use crate::input::Input;
    use crate::lint::{lint_config, lint_input};
    use crate::options::Options;
    use crate::text::Sources;
    use crate::yaml::Tree;

    fn shown(sources: &Sources, findings: &[Diagnostic]) -> Vec<String> {
        findings.iter().map(|finding| format!("{} {}", sources.position(finding.at).line, finding.id)).collect()
    }

    fn found(text: &str) -> Vec<String> {
        let mut sources = Sources::new();
        let findings = lint_config(&mut sources, "p.yml", &Tree::parse(text), &Options::default());
        shown(&sources, &findings)
    }

    fn found_in_manifest(text: &str) -> Vec<String> {
        let mut sources = Sources::new();
        let findings = lint_input(&mut sources, &Input::parse("cm.yml", text), &Options::default());
        shown(&sources, &findings)
    }

    /// A job whose line 4 has a duplicate target.
    fn job(above: &str, behind: &str) -> String {
        format!("scrape_configs:\n- job_name: a\n  static_configs:\n{above}  - targets: ['h:1', 'h:1']{behind}\n")
    }

    #[test]
    fn a_comment_is_about_its_own_line_or_about_the_next_one_with_content() {
        assert_eq!(found(&job("", "")), ["4 duplicate-target"]);
        assert!(found(&job("", " # promcfg: ignore[duplicate-target] on purpose")).is_empty());
        assert!(found(&job("  # promcfg: ignore[duplicate-target]\n\n  # more\n", "")).is_empty());
        assert!(
            found(&job("", " ## promcfg:ignore[ unknown-field , duplicate-target ]"))
                .contains(&"4 unused-ignore".into())
        );
        assert_eq!(
            found(&job("  # promcfg: ignore[duplicate-target]\n  - targets: []\n", "")),
            ["4 unused-ignore", "6 duplicate-target"]
        );
    }

    #[test]
    fn what_stands_in_a_scalar_is_no_comment() {
        assert_eq!(found("scrape_configs:\n- job_name: 'a # promcfg: nonsense'\n"), Vec::<String>::new());
    }

    #[test]
    fn a_file_is_ignored_as_a_whole_from_its_top_only() {
        let ignored = |comment: &str| format!("{comment}\n{}", job("", ""));
        assert!(found(&ignored("# promcfg: ignore-file")).is_empty());
        assert!(found(&ignored("# promcfg: ignore-file[duplicate-target] reason")).is_empty());
        assert_eq!(found(&job("  # promcfg: ignore-file\n", "")), ["4 malformed-ignore", "5 duplicate-target"]);
    }

    #[test]
    fn where_something_is_refused_no_comment_counts_as_unused() {
        let text = "scrape_configs:\n- job_name: a # promcfg: ignore[duplicate-target]\n  x: 1\n";
        assert_eq!(found(text), ["3 unknown-field"]);
    }

    #[test]
    fn comments_work_in_a_config_map() {
        let manifest = |top: &str, comment: &str| {
            let config: String = job("", comment).lines().map(|line| format!("    {line}\n")).collect();
            format!("{top}kind: ConfigMap\ndata:\n  p.yml: |\n{config}")
        };
        assert_eq!(found_in_manifest(&manifest("", "")), ["7 duplicate-target"]);
        assert!(found_in_manifest(&manifest("", " # promcfg: ignore[duplicate-target]")).is_empty());
        assert!(found_in_manifest(&manifest("# promcfg: ignore-file\n", "")).is_empty());
    }

    #[test]
    fn many_comments_are_read_in_linear_time() {
        let comments = "# promcfg: ignore[duplicate-target]\n".repeat(100_000);
        assert!(found(&format!("{comments}{}", job("", ""))).len() > 99_999);
    }
}
