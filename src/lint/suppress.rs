//! `# promcfg: ignore[rule] reason`: findings that the author of a file does not want to see.
//!
//! - At the end of a line, it ignores findings whose place starts on that line.
//! - On a line of its own, it ignores those of the next line that is neither blank nor a comment. If an item of a
//!   list begins on that line, such as a relabel rule, a target group or a job, it ignores those of the whole item.
//! - `# promcfg: ignore-file[rule] reason`, or `ignore-file` for all rules, before the first content of a
//!   file ignores those of the whole file; in a manifest those of all configs in it.
//!
//! A comment that ignores nothing is itself reported, so that it does not outlive its cause.

use rustc_hash::FxHashMap;

use crate::diagnostic::{Bounded, Diagnostic, Fate, Id, Severity, ids, retain_counted};
use crate::text::{FileId, LineIndex, Location, Sources, Span, most_similar};
use crate::yaml::{Node, NodeKind, Recovered, Tree, comments};

use super::documents;
use super::extents::{Extent, Extents};
use super::sink::Trees;

/// The beginning of every such comment.
const MARK: &str = "promcfg:";

/// An ignored rule (every rule if empty) on lines of a file.
type Ignored = (FileId, Extent, &'static str);

/// Every rule.
const EVERY_RULE: &str = "";

/// The comments of all texts.
#[derive(Debug, Default)]
struct Comments {
    /// Where each is ignored.
    ignores: Vec<(Location, Ignored)>,
    /// Whether it suppressed a finding.
    is_used: FxHashMap<Ignored, bool>,
    /// The lines with ignored findings of a rule in a file.
    lines: FxHashMap<(FileId, &'static str), Extents>,
    findings: Bounded,
}

/// Removes the findings that comments in the texts from `first` on ignore, and adds findings about the comments.
pub(super) fn suppress(
    sources: &Sources,
    first: usize,
    trees: &Trees<'_>,
    documents: Documents,
    findings: Vec<Diagnostic>,
) -> Vec<Diagnostic> {
    let mut all = Comments::default();
    for index in first..sources.len() {
        let file = FileId(u32::try_from(index).unwrap_or(u32::MAX));
        if memchr::memmem::find(sources.text(file).as_bytes(), MARK.as_bytes()).is_none() {
            continue;
        }
        match trees.iter().find(|(own, _)| *own == file) {
            Some((_, tree)) => all.read(sources, file, tree, documents),
            None => all.read(sources, file, &Tree::parse(sources.text(file).clone()), documents),
        }
    }
    if all.ignores.is_empty() && all.findings.as_slice().is_empty() {
        return findings;
    }
    // The rules do not judge a refused config, so its comments may be correct.
    let is_refused = findings.iter().any(|finding| finding.is_error() && finding.upstream.is_some());
    for (_, (file, extent, rule)) in &all.ignores {
        all.lines.entry((*file, *rule)).or_default().add(*extent);
    }
    all.lines.values_mut().for_each(Extents::sort);
    let mut left = findings;
    retain_counted(&mut left, |finding| all.fate(sources, finding));
    if !is_refused {
        let is_unused = |ignored: &Ignored| !all.is_used.get(ignored).copied().unwrap_or(false);
        left.extend(
            all.ignores.iter().filter(|(_, ignored)| is_unused(ignored)).map(|&(at, ignored)| unused(at, ignored)),
        );
    }
    left.extend(all.findings.into_vec());
    left
}

impl Comments {
    fn read(&mut self, sources: &Sources, file: FileId, tree: &Tree, documents: Documents) {
        let index = sources.lines(file);
        match documents {
            Documents::First => self.read_document(file, tree, index, Shift { bytes: 0, lines: 0 }),
            Documents::All => crate::input::documents(tree, &mut |document, bytes| match bytes {
                0 => self.read_document(file, document, index, Shift { bytes, lines: 0 }),
                _ => {
                    let lines = index.line_of(bytes) - 1;
                    self.read_document(file, document, &LineIndex::new(document.text()), Shift { bytes, lines });
                }
            }),
        }
    }

    fn read_document(&mut self, file: FileId, tree: &Tree, index: &LineIndex, shift: Shift) {
        let recovered = tree.recovered();
        let tree = recovered.as_ref().map_or(tree, Recovered::tree);
        let text: &str = tree.text();
        let content = tree.root().map_or(text.len(), |root| root.full_span().start as usize);
        let mut lines = Lines { tree, text, index, shift, next: (0, 0), last: None };
        for span in comments(tree) {
            let words = span.of(text).trim_start_matches('#');
            let Some(rest) = words.trim_start().strip_prefix(MARK) else { continue };
            let is_at_top = shift.bytes == 0 && (span.start as usize) < content;
            let outer = Span::new(shift.bytes + span.start as usize, shift.bytes + span.end as usize);
            self.directive(Place { at: Location::new(file, outer), span, is_at_top }, rest, &mut lines);
        }
    }

    /// Reads the text after the mark.
    fn directive(&mut self, place: Place, rest: &str, lines: &mut Lines<'_>) {
        let at = place.at;
        let words = rest.trim_start();
        let length = words.find(|c: char| c == '[' || c.is_whitespace()).unwrap_or(words.len());
        let (word, behind) = words.split_at(length);
        let names = behind.strip_prefix('[').map(|inner| inner.split_once(']').map_or("", |(names, _)| names));
        let extent = match word {
            "ignore" => lines.outer_extent_of(place.span),
            "ignore-file" if place.is_at_top => Extent::WHOLE_FILE,
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
                self.names(at.file, start, names, extent);
            }
            None if extent == Extent::WHOLE_FILE => self.add(at, (at.file, extent, EVERY_RULE)),
            _ => self.findings.push(malformed(at, "name the rules in brackets: `ignore[rule-name]`")),
        }
    }

    fn names(&mut self, file: FileId, start: usize, names: &str, extent: Extent) {
        let mut at = start;
        for part in names.split(',') {
            let name = part.trim();
            let from = at + part.len() - part.trim_start().len();
            let place = Location::new(file, Span::new(from, from + name.len()));
            at += part.len() + 1;
            match documents::rule_document(name) {
                Some(rule) => self.add(place, (file, extent, rule.id.as_str())),
                None if self.findings.counts(ids::UNKNOWN_IGNORED_RULE, file) => {}
                None => self.findings.push(unknown(place, name)),
            }
        }
    }

    fn add(&mut self, at: Location, ignored: Ignored) {
        self.ignores.push((at, ignored));
        self.is_used.insert(ignored, false);
    }

    /// Whether a comment suppresses the finding; marks all comments that do as used.
    fn fate(&mut self, sources: &Sources, finding: &Diagnostic) -> Fate {
        let (file, id) = (finding.at.file, finding.id.as_str());
        let outer = sources.outermost(finding.at).file;
        let line = sources.lines(file).line_of(finding.at.span.start as usize);
        let of_lines = self.lines.get(&(file, id)).into_iter().flat_map(|extents| extents.around(line));
        let ways: Vec<Ignored> = of_lines
            .map(|extent| (file, extent, id))
            .chain(
                [file, outer]
                    .into_iter()
                    .flat_map(|file| [(file, Extent::WHOLE_FILE, id), (file, Extent::WHOLE_FILE, EVERY_RULE)]),
            )
            .collect();
        let mut fate = Fate::Kept;
        for way in ways {
            if let Some(is_used) = self.is_used.get_mut(&way) {
                *is_used = true;
                fate = match (fate, way.1) {
                    (Fate::RemovedWithOmitted, _) | (_, Extent::WHOLE_FILE) => Fate::RemovedWithOmitted,
                    (Fate::Kept | Fate::Removed, _) => Fate::Removed,
                };
            }
        }
        fate
    }
}

/// A comment that begins with the mark.
#[derive(Clone, Copy)]
struct Place {
    at: Location,
    /// Its place in its document.
    span: Span,
    /// Whether only comments are before it.
    is_at_top: bool,
}

/// Which documents of a text have comments for promcfg.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Documents {
    /// The first, which is the only one that Prometheus reads.
    First,
    All,
}

/// What is before a document in its file.
#[derive(Clone, Copy)]
struct Shift {
    bytes: usize,
    lines: usize,
}

/// The lines of a document.
struct Lines<'t> {
    tree: &'t Tree,
    text: &'t str,
    index: &'t LineIndex,
    shift: Shift,
    /// The last result: the lines from the first to the second have no content, the second has.
    next: (usize, usize),
    /// The last line for which an extent was searched, with the result.
    last: Option<(usize, Extent)>,
}

impl Lines<'_> {
    /// The same lines, counted in the file.
    fn outer_extent_of(&mut self, comment: Span) -> Extent {
        let Extent { first, last } = self.extent_of(comment);
        let shifted = |line: usize| line.saturating_add(self.shift.lines);
        Extent { first: shifted(first), last: shifted(last) }
    }

    /// The lines that a comment applies to: its own if the comment is not alone there, else the next line
    /// with content, and the whole item if an item of a list begins on it.
    fn extent_of(&mut self, comment: Span) -> Extent {
        let own = self.index.line_of(comment.start as usize);
        let before = &self.text[self.index.line_range(self.text, own).start..comment.start as usize];
        if !before.trim_matches([' ', '\t', '\u{feff}']).is_empty() {
            return Extent { first: own, last: own };
        }
        let (first, last) = self.next;
        if !(first..last).contains(&own) {
            let next = (own + 1..=self.index.line_count()).find(|line| self.has_content(*line));
            self.next = (own, next.unwrap_or(usize::MAX));
        }
        let line = self.next.1;
        match self.last {
            Some((known, extent)) if known == line => extent,
            _ => {
                let extent = Extent { first: line, last: self.last_line_of_item(line).unwrap_or(line) };
                self.last = Some((line, extent));
                extent
            }
        }
    }

    /// The last line of the item of a list in block style that begins on a line.
    fn last_line_of_item(&self, line: usize) -> Option<usize> {
        if line > self.index.line_count() {
            return None;
        }
        let start = self.index.line_range(self.text, line).start;
        let rest = self.text[start..].trim_start_matches([' ', '\t', '\u{feff}']).strip_prefix('-')?;
        let content = rest.trim_start_matches(['-', ' ', '\t', '\r', '\n']);
        let at = u32::try_from(self.text.len() - content.len()).ok()?;
        let is_item = |node: &Node<'_>| {
            node.parent().is_some_and(|parent| parent.kind() == NodeKind::Sequence && !parent.is_flow())
        };
        let item = self.tree.nodes_at(at).find(is_item)?;
        let written = item.full_span().of(self.text).trim_end();
        Some(self.index.line_of(item.full_span().start as usize + written.len()).max(line))
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

fn unused(at: Location, (_, extent, rule): Ignored) -> Diagnostic {
    let place = match extent {
        Extent::WHOLE_FILE => "in this file",
        Extent { first, last } if first == last => "on the line that this comment applies to",
        _ => "in the item that this comment applies to",
    };
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
    fn a_comment_above_an_item_of_a_list_is_about_all_its_lines() {
        let job = |comments: [&str; 3]| {
            format!(
                "scrape_configs:
{}- job_name: a
  static_configs:
{}  - labels: {{x: y}}
    targets:
    - h:1
    - h:1
  relabel_configs:
{}  - source_labels: [__address__]
    target_label: b
    replacement: $1_x
- job_name: b
  static_configs:
  - targets: ['h:2', 'h:2']
",
                comments[0], comments[1], comments[2]
            )
        };
        let found = |comments: [&str; 3]| found(&job(comments));
        assert_eq!(found(["", "", ""]), ["7 duplicate-target", "11 misread-group", "14 duplicate-target"]);
        assert_eq!(found(["# promcfg: ignore[duplicate-target, misread-group]\n", "", ""]), ["15 duplicate-target"]);
        assert_eq!(
            found(["", "  # promcfg: ignore[duplicate-target]\n", "  # promcfg: ignore[misread-group]\n\n"]),
            ["17 duplicate-target"]
        );
        assert_eq!(
            found(["# promcfg: ignore[duplicate-target]\n", "  # promcfg: ignore[misread-group]\n", ""]),
            ["5 unused-ignore", "13 misread-group", "16 duplicate-target"]
        );
    }

    #[test]
    fn an_item_may_begin_below_its_dash() {
        let text = "scrape_configs:
# promcfg: ignore[duplicate-target]
-
  job_name: a
  static_configs: [{targets: ['h:1', 'h:1']}]
";
        assert_eq!(found(text), Vec::<String>::new());
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
    fn a_thousand_unknown_names_are_reported_and_the_others_counted() {
        let names: Vec<String> = (0..20_000).map(|number| format!("duplicate-targat{number}")).collect();
        let text = format!("# promcfg: ignore-file[{}]\n{}", names.join(", "), job("", ""));
        let findings = lint_config(&mut Sources::new(), "p.yml", &Tree::parse(text), &Options::default());
        let unknown: Vec<&Diagnostic> =
            findings.iter().filter(|finding| finding.id == "unknown-ignored-rule").collect();
        assert_eq!(unknown.len(), 1_000);
        assert_eq!(unknown.iter().map(|finding| 1 + finding.omitted).sum::<usize>(), 20_000);
        assert_eq!(unknown[0].help.as_deref(), Some("did you mean `duplicate-target`?"));
    }

    #[test]
    fn many_comments_are_read_in_linear_time() {
        let comments = "# promcfg: ignore[duplicate-target]\n".repeat(100_000);
        assert!(found(&format!("{comments}{}", job("", ""))).len() > 99_999);
    }
}
