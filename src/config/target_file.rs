//! Files of target groups, as `file_sd_configs` read them.
//!
//! Source: `discovery/file` and `discovery/targetgroup` of Prometheus 3.14.

use crate::diagnostic::{Diagnostic, Severity, ids};
use crate::format::Format;
use crate::release::Release;
use crate::text::{FileId, Location, Sources, Span, decode_text};
use crate::yaml::{NodeKind, Tree};

use super::checks;
use super::faults;
use super::load::sorted;
use super::reader::{Readable, Reader, null_span};
use super::target_json;
use super::types::TargetGroup;

/// Reads a file of target groups, JSON or YAML by the ending of its path, and adds it to `sources`.
/// A broken file yields what could be read of it, with the faults; Prometheus skips such a file
/// completely.
///
/// ```
/// use promcfg::Sources;
/// use promcfg::config::read_target_file;
/// use promcfg::Release;
/// let mut sources = Sources::new();
/// let text = br#"[{"targets":["h:1"],"labels":{"env":"dev"}}]"#;
/// let (groups, faults) = read_target_file(&mut sources, "a.json", text, Release::LATEST);
/// assert!(faults.is_empty());
/// assert_eq!(groups[0].targets[0].value, "h:1");
/// ```
#[must_use]
pub fn read_target_file(
    sources: &mut Sources,
    path: &str,
    bytes: &[u8],
    release: Release,
) -> (Vec<TargetGroup>, Vec<Diagnostic>) {
    let extension =
        path.rsplit('/').next().and_then(|name| name.rsplit_once('.')).map_or("", |(_, extension)| extension);
    match extension.to_ascii_lowercase().as_str() {
        "json" => read_target_groups(sources, path, bytes, TargetFormat::Json, release),
        "yml" | "yaml" => read_target_groups(sources, path, bytes, TargetFormat::Yaml, release),
        _ => {
            let file = sources.add(path, "");
            let at = Location::new(file, Span::empty(0));
            let fault = Diagnostic::new(
                ids::INVALID_PATH_PATTERN,
                Severity::Error,
                at,
                "the file name does not end in .json, .yml or .yaml",
            )
            .with_argument("path", path)
            .with_upstream(format!("invalid file extension: \".{extension}\""));
            (Vec::new(), vec![fault])
        }
    }
}

/// The two forms of a file of target groups.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum TargetFormat {
    /// As Go's `encoding/json` reads it.
    Json,
    /// As yaml.v2 reads it.
    Yaml,
}

/// As [`read_target_file`], whatever the name is.
#[must_use]
pub fn read_target_groups(
    sources: &mut Sources,
    name: &str,
    bytes: &[u8],
    format: TargetFormat,
    release: Release,
) -> (Vec<TargetGroup>, Vec<Diagnostic>) {
    match format {
        TargetFormat::Json => target_json::read(sources, name, bytes, release),
        TargetFormat::Yaml => read_yaml(sources, name, bytes, release),
    }
}

fn read_yaml(sources: &mut Sources, path: &str, bytes: &[u8], release: Release) -> (Vec<TargetGroup>, Vec<Diagnostic>) {
    let tree = Tree::from_decoded(decode_text(bytes));
    let file = sources.add(path, tree.text().clone());
    read_groups_of(sources, file, &tree, release)
}

/// The target groups of a YAML text that is parsed already.
pub(crate) fn read_groups_of(
    sources: &Sources,
    file: FileId,
    tree: &Tree,
    release: Release,
) -> (Vec<TargetGroup>, Vec<Diagnostic>) {
    let text = Readable::of(tree);
    let mut reader = Reader::new(sources, file, release, checks::run);
    let root = reader.root(&text);
    let groups = root.map_or_else(Vec::new, |root| {
        reader.visit(root, |reader, node| {
            if node.kind() != NodeKind::Sequence {
                reader.refuse_unless_null(node, "a target file", "a list of target groups", "[]*targetgroup.Group");
                return Vec::new();
            }
            let items = node.items().enumerate().filter_map(|(index, item)| {
                reader.visit(item, |reader, node| {
                    if node.is_null() {
                        reader.report(faults::null_group(reader.at(null_span(item)), index));
                        return None;
                    }
                    reader.target_group(node).filter(|_| !reader.is_incomplete(node))
                })
            });
            items.collect()
        })
    });
    let mut faults = reader.faults.into_vec();
    text.retain_certain(&mut faults);
    (groups, named(sources, file, sorted(faults)))
}

/// The faults of a file that is something else as a whole: one, which says what it is.
fn named(sources: &Sources, file: FileId, faults: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let Some(first) = faults.iter().find(|fault| fault.is_error()) else { return faults };
    let format = Format::of_lines(sources.name(file), sources.text(file));
    match format {
        Format::Targets | Format::Unknown => faults,
        format => {
            let at = Location::new(file, Span::empty(0));
            let message = format!("the target file is {}", format.describe());
            let fault = Diagnostic::new(ids::WRONG_TYPE, Severity::Error, at, message)
                .with_help(match format {
                    Format::ScrapeConfig | Format::ScrapeConfigs | Format::Config => {
                        "a target file is a list of groups with `targets` and `labels`; files of scrape configs belong in `scrape_config_files`"
                    }
                    _ => "a target file is a list of groups with `targets` and `labels`",
                });
            let upstream = first.upstream.clone();
            vec![Diagnostic { upstream, ..fault }]
        }
    }
}
