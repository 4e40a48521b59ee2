//! What is asked for: the monitor by its name, and the names of ports.

use super::EditError;
use crate::input::operator::{Kind, ObjectId, OperatorObjects};
use crate::text::most_similar;

/// The most ports of one edit.
const MOST_PORTS: usize = 1_000;

/// The monitor with that name.
pub(super) fn find_monitor(objects: &OperatorObjects, name: &str) -> Result<ObjectId, EditError> {
    const FORM: &str = "name it as servicemonitor/NAMESPACE/NAME or podmonitor/NAMESPACE/NAME";
    let parts: Vec<&str> = name.split('/').collect();
    let kind = match parts.first().map(|kind| kind.to_lowercase()).as_deref() {
        Some("servicemonitor" | "servicemonitors") => Kind::ServiceMonitor,
        Some("podmonitor" | "podmonitors") => Kind::PodMonitor,
        _ => return Err(EditError::request(format!("expected a ServiceMonitor or PodMonitor, found {name:?}"), FORM)),
    };
    let (namespace, own) = match parts[..] {
        [_, own] => (None, own),
        [_, namespace, own] => (Some(namespace), own),
        _ => return Err(EditError::request(format!("expected the name of an object, found {name:?}"), FORM)),
    };
    let is_found = |id: &&ObjectId| {
        id.kind == kind && id.name == own && namespace.is_none_or(|namespace| namespace == id.namespace)
    };
    let mut found: Vec<&ObjectId> = objects.ids().filter(is_found).collect();
    found.dedup();
    match found[..] {
        [id] => Ok(id.clone()),
        [] => {
            let names: Vec<String> = objects.ids().filter(|id| id.kind == kind).map(ToString::to_string).collect();
            let wanted = format!("{}/{}/{own}", kind.name(), namespace.unwrap_or("default"));
            let similar = most_similar(&wanted, names.iter().map(String::as_str)).or(names.first().map(String::as_str));
            let help = similar.map_or_else(String::new, |similar| format!("did you mean {similar}?"));
            Err(EditError::request(format!("the input has no {name}"), help))
        }
        [first, second, ..] => Err(EditError::request(
            format!("{name} is the name of several objects: {first} and {second}"),
            "name its namespace as well, and each object once",
        )),
    }
}

/// The names of ports, with those in braces one by one, each once.
pub(super) fn expanded(ports: &[String]) -> Result<Vec<String>, EditError> {
    let mut all: Vec<String> = Vec::new();
    for port in ports {
        for name in braces(port).ok_or_else(|| {
            EditError::request(format!("invalid port name {port:?}"), "write several as metrics-{1..5} or {http,admin}")
        })? {
            if !all.contains(&name) {
                all.push(name);
            }
        }
    }
    if all.len() > MOST_PORTS {
        return Err(EditError::request(format!("more than {MOST_PORTS} ports are given"), "add them in several runs"));
    }
    if all.is_empty() || all.iter().any(String::is_empty) {
        return Err(EditError::request("a port needs a name", "give it with --port NAME"));
    }
    Ok(all)
}

/// The names that a name with braces is for; nothing if the braces are wrong.
fn braces(port: &str) -> Option<Vec<String>> {
    let Some((before, rest)) = port.split_once('{') else {
        return (!port.contains('}')).then(|| vec![port.to_string()]);
    };
    let (inner, after) = rest.split_once('}')?;
    let middle: Vec<String> = match inner.split_once("..") {
        Some((first, last)) => {
            let (from, to) = (first.parse::<u32>().ok()?, last.parse::<u32>().ok()?);
            let is_bounded = from <= to && to - from < u32::try_from(MOST_PORTS).ok()?;
            if !is_bounded {
                return None;
            }
            (from..=to).map(|number| number.to_string()).collect()
        }
        None => inner.split(',').map(|part| part.trim().to_string()).collect(),
    };
    let rest = braces(after)?;
    let join = |middle: &String| rest.iter().map(|rest| format!("{before}{middle}{rest}")).collect::<Vec<_>>();
    let all: Vec<String> = middle.iter().take(MOST_PORTS + 1).flat_map(join).take(MOST_PORTS + 1).collect();
    Some(all)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn names(port: &str) -> Vec<String> {
        expanded(&[port.to_string()]).unwrap_or_default()
    }

    #[test]
    fn braces_are_several_names() {
        assert_eq!(names("metrics-{1..3}"), ["metrics-1", "metrics-2", "metrics-3"]);
        assert_eq!(names("{http,admin}-{1..2}"), ["http-1", "http-2", "admin-1", "admin-2"]);
        assert_eq!(names("http"), ["http"]);
    }

    #[test]
    fn wrong_braces_and_too_many_names_are_refused() {
        for port in ["a{", "a}", "a{1..}", "a{3..1}", "a{1..4000000000}", "{1..900}{1..900}", ""] {
            assert_eq!(names(port), Vec::<String>::new(), "{port}");
        }
    }
}
