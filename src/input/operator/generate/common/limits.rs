//! The limits of jobs: those of the object, and those that the server enforces.
//!
//! Source: `AddLimitsToYAML`, `getLimit`, `getLowerByteSize`.

use super::super::super::document::Out;
use super::super::super::value::Value;
use super::super::Server;

/// A limit that is a number.
pub(in super::super) struct Limit {
    /// Its key in objects, and in the server as the default of all jobs.
    pub(in super::super) key: &'static str,
    /// The key of its bound in the server.
    pub(in super::super) enforced: &'static str,
    /// Prometheus's key.
    pub(in super::super) name: &'static str,
    /// The first version that knows it in a job.
    since: (u64, u64),
}

/// The limits that are numbers, in the order in which they are written.
pub(in super::super) const LIMITS: [Limit; 6] = [
    Limit { key: "sampleLimit", enforced: "enforcedSampleLimit", name: "sample_limit", since: (2, 0) },
    Limit { key: "targetLimit", enforced: "enforcedTargetLimit", name: "target_limit", since: (2, 21) },
    Limit { key: "labelLimit", enforced: "enforcedLabelLimit", name: "label_limit", since: (2, 27) },
    Limit {
        key: "labelNameLengthLimit",
        enforced: "enforcedLabelNameLengthLimit",
        name: "label_name_length_limit",
        since: (2, 27),
    },
    Limit {
        key: "labelValueLengthLimit",
        enforced: "enforcedLabelValueLengthLimit",
        name: "label_value_length_limit",
        since: (2, 27),
    },
    Limit {
        key: "keepDroppedTargets",
        enforced: "enforcedKeepDroppedTargets",
        name: "keep_dropped_targets",
        since: (2, 47),
    },
];

/// Adds the limits of an object, but not its size limit.
pub(in super::super) fn put(server: &Server<'_>, job: &mut Out, spec: &Value) {
    for limit in LIMITS.iter().filter(|limit| server.is_from(limit.since.0, limit.since.1)) {
        job.put_some(limit.name, lower(server, spec.get(limit.key), server.get(limit.enforced)));
    }
}

/// The limit of an object within that of the server.
fn lower(server: &Server<'_>, own: Option<&Value>, enforced: Option<&Value>) -> Option<Out> {
    let Some(enforced) = enforced.filter(|value| number(value) > 0) else { return own.map(Out::copied) };
    match own.filter(|value| number(value) > 0) {
        // The limit in `global` applies.
        None if server.is_from(2, 45) => None,
        Some(own) if number(own) < number(enforced) => Some(Out::copied(own)),
        Some(_) | None => Some(Out::copied(enforced)),
    }
}

/// The number that a limit is; 0 if it is none.
pub(in super::super) fn number(value: &Value) -> i64 {
    value.as_int().unwrap_or(0)
}

/// `body_size_limit`: the lower one of the object's and the server's.
pub(in super::super) fn body_size(server: &Server<'_>, own: Option<&Value>) -> Option<Out> {
    let is_filled = |value: &&Value| value.as_str().is_some_and(|text| !text.is_empty());
    let own = own.filter(is_filled);
    let enforced = server.get("enforcedBodySizeLimit").filter(is_filled);
    let bytes = |value: &Value| bytes(value.as_str().unwrap_or(""));
    let lower = match (own, enforced) {
        (Some(own), Some(enforced)) if bytes(own) > bytes(enforced) => Out::copied(enforced),
        (Some(own), Some(_)) => Out::copied(own),
        (Some(one), None) | (None, Some(one)) => Out::copied(one),
        (None, None) => return None,
    };
    server.is_from(2, 28).then_some(lower)
}

/// The number of bytes of a size such as `1.5MB`, in which both `MB` and `MiB` are powers of 1024; 0 if it is not a size.
fn bytes(text: &str) -> f64 {
    let at = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    let (number, unit) = text.split_at(at);
    let unit = unit.strip_suffix('B').unwrap_or("?");
    let power = match unit.strip_suffix('i').unwrap_or(unit) {
        "" => 0,
        "K" => 1,
        "M" => 2,
        "G" => 3,
        "T" => 4,
        "P" => 5,
        "E" => 6,
        _ => return 0.0,
    };
    number.parse::<f64>().map_or(0.0, |number| (number * 1024_f64.powi(power)).floor())
}

#[cfg(test)]
mod tests {
    use super::bytes;

    #[test]
    fn sizes_are_read_with_powers_of_1024() {
        let read: Vec<f64> = ["0", "0B", "1B", "1KB", "1KiB", "1.5MB", "2GiB", "x", "1XB"].map(bytes).to_vec();
        assert_eq!(read, [0.0, 0.0, 1.0, 1024.0, 1024.0, 1_572_864.0, 2_147_483_648.0, 0.0, 0.0]);
    }
}
