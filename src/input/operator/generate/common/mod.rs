//! The parts of jobs that several kinds of objects share.

pub(super) mod auth;
pub(super) mod class;
pub(super) mod histograms;
pub(super) mod limits;
pub(super) mod protocols;
pub(super) mod proxy;
pub(super) mod rules;
pub(super) mod selector;
pub(super) mod tls;

use super::super::document::Out;
use super::super::objects::{Object, place_of};
use super::super::value::Value;
use super::Server;

/// The items of a list that a value has under a key; none if it has no such list.
pub(super) fn items<'v>(value: &'v Value, key: &str) -> &'v [Value] {
    value.get(key).map_or(&[], Value::items)
}

/// `honor_labels` of an object that says so, or whose kind always has the key.
pub(super) fn honor_labels(server: &Server<'_>, own: Option<&Value>) -> Out {
    let overrides = server.get("overrideHonorLabels").filter(|value| value.as_bool() == Some(true));
    match (own, overrides) {
        (Some(own), Some(overrides)) if own.as_bool() == Some(true) => Out::bool(false).because(overrides.at),
        (Some(own), _) => Out::copied(own),
        (None, _) => Out::bool(false),
    }
}

/// `honor_timestamps`; without an own value it is there only if the server overrides it.
pub(super) fn honor_timestamps(server: &Server<'_>, own: Option<&Value>) -> Option<Out> {
    let overrides = server.get("overrideHonorTimestamps").filter(|value| value.as_bool() == Some(true));
    let honor = match (own, overrides) {
        (_, Some(overrides)) => Out::bool(false).because(overrides.at),
        (Some(own), None) => Out::copied(own),
        (None, None) => return None,
    };
    server.is_from(2, 9).then_some(honor)
}

/// `track_timestamps_staleness`, if the object has it.
pub(super) fn track_timestamps_staleness(server: &Server<'_>, own: &Value) -> Option<Out> {
    Out::member(own, "trackTimestampsStaleness").filter(|_| server.is_from(2, 48))
}

/// Adds the copies of texts that are not empty, in the order of the list.
pub(super) fn put_filled(job: &mut Out, own: &Value, keys: &[(&str, &str)]) {
    for (key, name) in keys {
        job.put_some(name, own.filled(key).and_then(|_| Out::member(own, key)));
    }
}

/// `scheme`, in lower case, if it is given.
pub(super) fn scheme(own: &Value) -> Option<Out> {
    let scheme = own.filled("scheme")?;
    let text = scheme.as_str().unwrap_or("");
    let lower = text.to_ascii_lowercase();
    Some(if lower == text { Out::member(own, "scheme")? } else { Out::text(lower).because(scheme.at) })
}

/// `follow_redirects`, if it is given.
pub(super) fn follow_redirects(server: &Server<'_>, own: &Value) -> Option<Out> {
    Out::member(own, "followRedirects").filter(|_| server.is_from(2, 26))
}

/// `enable_http2`, if it is given.
pub(super) fn enable_http2(server: &Server<'_>, own: &Value, key: &str) -> Option<Out> {
    Out::member(own, key).filter(|_| server.is_from(2, 35))
}

/// The name of a job, which is made of the name of its object.
pub(super) fn job_name(object: &Object, name: String) -> Out {
    Out::text(name).because(place_of(&object.value))
}

/// The `spec` of an object.
pub(super) fn spec(object: &Object) -> Option<&Value> {
    object.value.get("spec")
}
