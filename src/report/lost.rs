//! Why an object of the operator, or one of its jobs, has no target: one sentence.

use std::io::{self, Write};

use serde_json::{Value, json};

use crate::input::operator::ObjectId;
use crate::secrets::masked_value;
use crate::simulate::{Lost, LostReason};
use crate::text::{Sources, bounded_sentence};

use super::look::Look;
use super::shown_path;

/// Why there is no target, in one sentence.
///
/// ```
/// use promcfg::Sources;
/// use promcfg::input::operator::{Kind, ObjectId};
/// use promcfg::simulate::{Lost, LostReason, ObjectName};
/// use promcfg::report::lost_sentence;
/// let owner = ObjectName::new("Deployment", "shop", "web");
/// let object = ObjectId::new(Kind::PodMonitor, "shop", "web");
/// assert_eq!(lost_sentence(&object, &LostReason::NoReplicas { owner }), "Deployment shop/web has `replicas: 0`");
/// ```
#[must_use]
pub fn lost_sentence(object: &ObjectId, reason: &LostReason) -> String {
    bounded_sentence(masked_value(&reason.sentence(object)))
}

/// Why there is no target, as JSON.
#[must_use]
pub fn lost_json(sources: &Sources, lost: &Lost) -> Value {
    let position = sources.position(lost.at);
    json!({
        "step": lost.reason.step(),
        "message": lost_sentence(&lost.object, &lost.reason),
        "file": sources.name(sources.outermost(lost.at).file),
        "line": position.line,
        "column": position.column,
    })
}

/// An object that has no job, with the reason, as JSON.
#[must_use]
pub fn lost_object_json(sources: &Sources, lost: &Lost) -> Value {
    json!({ "object": lost.object.to_string(), "lost": lost_json(sources, lost) })
}

/// Writes the sentence with its place.
///
/// # Errors
/// Those of the writer.
pub(super) fn write_lost(out: &mut dyn Write, sources: &Sources, lost: &Lost, look: Look) -> io::Result<()> {
    let place =
        format!("{}:{}", shown_path(sources.name(sources.outermost(lost.at).file)), sources.position(lost.at).line);
    let sign = look.bad(look.dropped_sign());
    writeln!(out, "  {sign} {}: {}", look.dim(&place), look.warn(&lost_sentence(&lost.object, &lost.reason)))
}

/// Writes the objects that have no job, each with the reason.
///
/// # Errors
/// Those of the writer.
pub fn write_lost_objects(out: &mut dyn Write, sources: &Sources, lost: &[Lost], look: Look) -> io::Result<()> {
    for lost in lost {
        let heading = match lost.reason {
            LostReason::NoEndpoint { .. } => "a port without an endpoint",
            _ => "no job",
        };
        writeln!(out, "{}  {heading}", look.strong(&super::labels::short(&lost.object.to_string())))?;
        write_lost(out, sources, lost, look)?;
        writeln!(out)?;
    }
    Ok(())
}
