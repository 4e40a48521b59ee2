//! The entry of a target file in `file_sd_configs`, and the comments that it gets from `static_configs`.

use crate::config::ScrapeConfig;
use crate::diagnostic::{Diagnostic, ids};
use crate::text::Location;
use crate::yaml::Node;
use crate::yaml_edit::{New, Obstacle, Plan, Style};

use super::super::request::refused;
use super::nodes::{Nodes, is_empty, is_named};

const FILES: &str = "file_sd_configs";

/// Adds a target file to `file_sd_configs` of a job: in the place of `static_configs`, where these lose all targets. Whether
/// the removal of the groups is done with that.
pub(super) fn add_file_entry<'t>(
    plan: &mut Plan<'t>,
    nodes: Nodes<'t>,
    job: &ScrapeConfig,
    path: &str,
    loses_all: bool,
) -> Result<bool, Diagnostic> {
    let node = nodes.job(job)?;
    let entry = New::Map(vec![("files".to_string(), New::Row(vec![New::text(path)]))]);
    let groups = node.entries().find(|(key, _)| is_named(*key, "static_configs"));
    let outcome = match nodes.value(node, FILES)? {
        None => {
            let (list, style) = (New::List(vec![entry]), Style::of(nodes.tree, node));
            if let Some(groups) = groups.filter(|_| loses_all) {
                let outcome = plan.exchange_entry(node, groups, (FILES, list), style);
                return outcome.map(|()| true).map_err(|obstacle| nodes.obstacle(&obstacle));
            }
            // Above `static_configs`: below, it would be among the lines that go with the last target.
            let keys: Vec<Node<'t>> = node.entries().map(|(key, _)| key).collect();
            let place = keys.iter().position(|key| is_named(*key, "static_configs"));
            let above = place.and_then(|place| keys.get(place.checked_sub(1)?)).copied();
            match above {
                Some(above) => plan.insert_entry(node, Some(above), FILES, list, style),
                None => plan.append_entry(node, FILES, list, style),
            }
        }
        Some(list) if is_empty(list) => {
            plan.fill(list, New::List(vec![entry]));
            Ok(())
        }
        Some(list) => plan.append_items(list, vec![entry], Style::of(nodes.tree, list)),
    };
    outcome.map(|()| false).map_err(|obstacle| nodes.obstacle(&obstacle))
}

/// Writes the comments of `static_configs`, which goes, above `file_sd_configs`.
pub(super) fn carry_comments<'t>(plan: &mut Plan<'t>, nodes: Nodes<'t>, job: &ScrapeConfig) -> Result<(), Diagnostic> {
    let node = nodes.job(job)?;
    let entry = |name: &str| node.entries().find(|(key, _)| is_named(*key, name));
    let (Some(groups), Some((files, _))) = (entry("static_configs"), entry(FILES)) else { return Ok(()) };
    plan.carry_comments(node, groups, files, Style::of(nodes.tree, node)).map_err(|obstacle| match obstacle {
        Obstacle::Layout(_) => {
            let at = Location::new(nodes.file, groups.0.full_span());
            refused(ids::EDIT_COMMENT, at, "a comment of `static_configs`, which goes, has no place")
                .with_help("move the comment by hand, then the targets")
        }
        Obstacle::EndsInBlockScalar(_) => nodes.obstacle(&obstacle),
    })
}
