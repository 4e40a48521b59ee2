//! What a text is, by its content: the answers and objects from which discovery makes target groups.

use std::borrow::Cow;
use std::cell::Cell;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::dns::DnsRecords;

/// A kind of objects, or of answers, that discovery reads.
///
/// ```
/// use promcfg::discovery::{DumpKind, recognize};
/// assert_eq!(recognize(r#"{"Reservations": []}"#), [DumpKind::Instances]);
/// assert_eq!(DumpKind::Instances.to_string(), "the output of `aws ec2 describe-instances`");
/// assert_eq!(DumpKind::Instances.mechanisms(), ["ec2_sd_configs"]);
/// assert_eq!(recognize("scrape_configs: []"), []);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum DumpKind {
    /// Containers of Docker, as its API lists them.
    Containers,
    /// Containers, as `docker inspect` shows them.
    InspectedContainers,
    /// Containers, as `docker ps --format json` shows them: without networks, so that nothing can be made of them.
    ContainerSummary,
    /// Networks of Docker.
    Networks,
    /// Services of a swarm.
    SwarmServices,
    /// Tasks of a swarm.
    SwarmTasks,
    /// Nodes of a swarm.
    SwarmNodes,
    /// Instances of EC2.
    Instances,
    /// Instances of EC2 without their reservations.
    InstanceList,
    /// A reservation of EC2 with its instances.
    Reservation,
    /// Availability zones of EC2.
    Zones,
    /// The services in Consul's catalog.
    ConsulCatalog,
    /// The health of a service in Consul.
    ConsulHealth,
    /// An agent of Consul, about itself.
    ConsulAgent,
    /// Target groups, as a server of HTTP discovery gives them.
    TargetGroups,
    /// Records of DNS.
    DnsRecords,
    /// Objects of Kubernetes.
    Kubernetes,
}

impl DumpKind {
    /// The keys of the mechanisms that read it; none for a kind that none of them can use.
    #[must_use]
    pub const fn mechanisms(self) -> &'static [&'static str] {
        match self {
            Self::Containers | Self::InspectedContainers => &["docker_sd_configs"],
            Self::ContainerSummary => &[],
            Self::Networks => &["docker_sd_configs", "dockerswarm_sd_configs"],
            Self::SwarmServices | Self::SwarmTasks | Self::SwarmNodes => &["dockerswarm_sd_configs"],
            Self::Instances | Self::InstanceList | Self::Reservation | Self::Zones => &["ec2_sd_configs"],
            Self::ConsulCatalog | Self::ConsulHealth | Self::ConsulAgent => &["consul_sd_configs"],
            Self::TargetGroups => &["http_sd_configs"],
            Self::DnsRecords => &["dns_sd_configs"],
            Self::Kubernetes => &["kubernetes_sd_configs"],
        }
    }
}

impl fmt::Display for DumpKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Containers => "containers of the Docker API",
            Self::InspectedContainers => "the output of `docker inspect`",
            Self::ContainerSummary => "the output of `docker ps`",
            Self::Networks => "networks of Docker",
            Self::SwarmServices => "services of Docker Swarm",
            Self::SwarmTasks => "tasks of Docker Swarm",
            Self::SwarmNodes => "nodes of Docker Swarm",
            Self::Instances => "the output of `aws ec2 describe-instances`",
            Self::InstanceList => "instances of EC2",
            Self::Reservation => "a reservation of EC2",
            Self::Zones => "the output of `aws ec2 describe-availability-zones`",
            Self::ConsulCatalog => "the catalog of Consul",
            Self::ConsulHealth => "the health of services of Consul",
            Self::ConsulAgent => "an agent of Consul",
            Self::TargetGroups => "target groups",
            Self::DnsRecords => "the output of `dig`",
            Self::Kubernetes => "objects of Kubernetes",
        })
    }
}

/// The kinds of objects that a text has, each once, in the order of the text; none if it is something else.
#[must_use]
pub fn recognize(text: &str) -> Vec<DumpKind> {
    let mut kinds = Vec::new();
    let mut push = |kind: DumpKind| {
        if !kinds.contains(&kind) {
            kinds.push(kind);
        }
    };
    if is_kubernetes(text) {
        return vec![DumpKind::Kubernetes];
    }
    match parts(text) {
        Some(parts) => parts.iter().for_each(|part| push(part.kind)),
        None if DnsRecords::recognizes(text) => push(DumpKind::DnsRecords),
        None => {}
    }
    kinds
}

/// Whether a text begins with an object of Kubernetes, or has documents of YAML that are some. Of JSON only the first
/// fields are read, however long it is.
pub(super) fn is_kubernetes(text: &str) -> bool {
    let text = text.trim_start_matches('\u{feff}').trim_start();
    if text.starts_with('[') {
        return false;
    }
    if text.starts_with('{') {
        let found = Cell::new(false);
        let _ = FirstFields { found: &found }.deserialize(&mut serde_json::Deserializer::from_str(text));
        return found.get();
    }
    let has = |field: &str| text.lines().any(|line| line.strip_prefix(field).is_some_and(|rest| rest.starts_with(':')));
    has("apiVersion") && has("kind")
}

/// Reads an object until it is clear that it is one of Kubernetes, and then stops with an error.
struct FirstFields<'f> {
    found: &'f Cell<bool>,
}

impl<'de> DeserializeSeed<'de> for FirstFields<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for FirstFields<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<(), A::Error> {
        let (mut has_version, mut has_kind) = (false, false);
        while let Some(super::json::Key(key)) = access.next_key()? {
            has_version |= key == "apiVersion";
            has_kind |= key == "kind";
            // A list has its items between both.
            if has_version && (has_kind || key == "items") {
                self.found.set(true);
                return Err(A::Error::custom("found"));
            }
            access.next_value::<IgnoredAny>()?;
        }
        Ok(())
    }
}

/// A part of a text that is of one kind: a whole value of JSON, or an item of a list.
pub(super) struct Part<'t> {
    pub(super) kind: DumpKind,
    pub(super) text: &'t str,
    /// Its place in its list; `None` for a whole value.
    pub(super) index: Option<usize>,
}

/// The parts of a text of JSON values that are recognized. `None` for other texts.
pub(super) fn parts(text: &str) -> Option<Vec<Part<'_>>> {
    let text = text.trim_start_matches('\u{feff}');
    if !text.trim_start().starts_with(['{', '[']) {
        return None;
    }
    let mut parts = Vec::new();
    for value in serde_json::Deserializer::from_str(text).into_iter::<&RawValue>() {
        add_parts(value.ok()?.get(), &mut parts);
    }
    Some(parts)
}

fn add_parts<'t>(value: &'t str, parts: &mut Vec<Part<'t>>) {
    if !value.starts_with('[') {
        parts.extend(kind_of_value(value).map(|kind| Part { kind, text: value, index: None }));
        return;
    }
    let items: Vec<&RawValue> = serde_json::from_str(value).unwrap_or_default();
    let kinds: Vec<Option<DumpKind>> = items.iter().map(|item| kind_of_item(item.get())).collect();
    // A body is read as a whole: one wrong group makes Prometheus refuse it.
    if kinds.contains(&Some(DumpKind::TargetGroups)) {
        return parts.push(Part { kind: DumpKind::TargetGroups, text: value, index: None });
    }
    let items = items.into_iter().enumerate().zip(kinds);
    parts.extend(
        items.filter_map(|((index, item), kind)| Some(Part { kind: kind?, text: item.get(), index: Some(index) })),
    );
}

/// What a value of JSON is that is not in a list.
fn kind_of_value(value: &str) -> Option<DumpKind> {
    let shape = Shape::of(value)?;
    kind_of_shape(&shape).or_else(|| shape.has_only_lists_of_texts().then_some(DumpKind::ConsulCatalog))
}

/// What an item of a list is.
fn kind_of_item(item: &str) -> Option<DumpKind> {
    let shape = Shape::of(item)?;
    let is_of_group = |key: &str| key.eq_ignore_ascii_case("targets") || key.eq_ignore_ascii_case("labels");
    let is_group = shape.members.iter().any(|(key, _)| key.eq_ignore_ascii_case("targets"))
        && shape.members.iter().all(|(key, _)| is_of_group(key));
    kind_of_shape(&shape).or_else(|| is_group.then_some(DumpKind::TargetGroups))
}

fn kind_of_shape(shape: &Shape<'_>) -> Option<DumpKind> {
    const KINDS: &[(&[&str], DumpKind)] = &[
        (&["kind", "apiVersion"], DumpKind::Kubernetes),
        (&["Reservations"], DumpKind::Instances),
        (&["AvailabilityZones"], DumpKind::Zones),
        (&["ReservationId", "Instances"], DumpKind::Reservation),
        (&["InstanceId", "State"], DumpKind::InstanceList),
        (&["Node", "Service", "Checks"], DumpKind::ConsulHealth),
        (&["Config", "Member"], DumpKind::ConsulAgent),
        (&["Id", "Names", "Image"], DumpKind::Containers),
        (&["ID", "Names", "Image"], DumpKind::ContainerSummary),
        (&["Id", "Config", "NetworkSettings"], DumpKind::InspectedContainers),
        (&["Id", "Name", "Scope", "IPAM"], DumpKind::Networks),
        (&["ID", "Spec", "DesiredState"], DumpKind::SwarmTasks),
        (&["ID", "Spec", "Description", "Status"], DumpKind::SwarmNodes),
        (&["ID", "Spec", "Endpoint"], DumpKind::SwarmServices),
    ];
    let has = |key: &&str| shape.members.iter().any(|(own, _)| own == key);
    KINDS.iter().find(|(keys, _)| keys.iter().all(has)).map(|(_, kind)| *kind)
}

/// The members of an object, not yet read.
struct Shape<'t> {
    members: Vec<(Cow<'t, str>, &'t RawValue)>,
}

impl<'t> Shape<'t> {
    fn of(value: &'t str) -> Option<Self> {
        if !value.starts_with('{') {
            return None;
        }
        Members.deserialize(&mut serde_json::Deserializer::from_str(value)).ok()
    }

    /// Whether it has members, and each is a list of texts, or null.
    fn has_only_lists_of_texts(&self) -> bool {
        let is_text = |item: &&RawValue| item.get().starts_with('"');
        let is_list = |value: &RawValue| {
            let items = || serde_json::from_str::<Vec<&RawValue>>(value.get());
            value.get() == "null"
                || value.get().starts_with('[') && items().is_ok_and(|items| items.iter().all(is_text))
        };
        !self.members.is_empty() && self.members.iter().all(|(key, value)| key != "targets" && is_list(value))
    }
}

struct Members;

impl<'de> DeserializeSeed<'de> for Members {
    type Value = Shape<'de>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Members {
    type Value = Shape<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Self::Value, A::Error> {
        let mut members = Vec::new();
        while let Some((super::json::Key(key), value)) = access.next_entry()? {
            members.push((key, value));
        }
        Ok(Shape { members })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_is_recognized_by_its_fields() {
        for (text, kind) in [
            (r#"[{"Id": "1", "Names": ["/a"], "Image": "i", "Ports": []}]"#, DumpKind::Containers),
            (r#"[{"Id": "1", "Name": "/a", "Config": {}, "NetworkSettings": {}}]"#, DumpKind::InspectedContainers),
            ("{\"ID\": \"1\", \"Names\": \"a\", \"Image\": \"i\"}\n", DumpKind::ContainerSummary),
            (r#"[{"Name": "bridge", "Id": "1", "Scope": "local", "IPAM": {}}]"#, DumpKind::Networks),
            (r#"[{"ID": "1", "Spec": {}, "Endpoint": {}}]"#, DumpKind::SwarmServices),
            (r#"[{"ID": "1", "Spec": {}, "DesiredState": "running", "Status": {}}]"#, DumpKind::SwarmTasks),
            (r#"[{"ID": "1", "Spec": {}, "Description": {}, "Status": {}}]"#, DumpKind::SwarmNodes),
            (r#"{"Reservations": []}"#, DumpKind::Instances),
            (r#"[{"InstanceId": "i-1", "State": {}}]"#, DumpKind::InstanceList),
            (r#"[{"ReservationId": "r-1", "Instances": []}]"#, DumpKind::Reservation),
            (r#"{"AvailabilityZones": []}"#, DumpKind::Zones),
            (r#"{"consul": [], "web": ["a", "b"]}"#, DumpKind::ConsulCatalog),
            (r#"[{"Node": {}, "Service": {}, "Checks": []}]"#, DumpKind::ConsulHealth),
            (r#"{"Config": {"Datacenter": "dc1"}, "Member": {}}"#, DumpKind::ConsulAgent),
            (r#"[{"targets": ["h:1"], "labels": {}}]"#, DumpKind::TargetGroups),
            ("a.example. 60 IN A 10.0.0.1\n", DumpKind::DnsRecords),
            (r#"{"kind": "PodList", "apiVersion": "v1", "items": []}"#, DumpKind::Kubernetes),
            (r#"{"apiVersion": "v1", "items": [{}], "kind": "List"}"#, DumpKind::Kubernetes),
            ("apiVersion: v1\nkind: Pod\n", DumpKind::Kubernetes),
        ] {
            assert_eq!(recognize(text), [kind], "{text}");
        }
    }

    #[test]
    fn a_list_and_a_text_can_have_several_kinds() {
        let inspected = r#"{"Id": "1", "Name": "/a", "Config": {}, "NetworkSettings": {}}"#;
        let network = r#"{"Id": "2", "Name": "n", "Scope": "local", "IPAM": {}}"#;
        let both = [DumpKind::InspectedContainers, DumpKind::Networks];
        assert_eq!(recognize(&format!("[{inspected}, {network}, {inspected}, 7]")), both);
        assert_eq!(recognize(&format!("[{inspected}]\n[{network}]\n")), both);
    }

    #[test]
    fn other_texts_are_not_recognized() {
        for text in [
            "",
            "{}",
            "[]",
            "[1]",
            "null",
            "{\"a\": 1}",
            "{\"targets\": [\"a\"]}",
            "{\"a\": [1]}",
            "{\"status\": \"success\", \"data\": {}}",
            "[{\"targets\": [\"a\"], \"x\": 1}]",
            "{\"Reservations\": [",
            "global: {}\n",
        ] {
            assert_eq!(recognize(text), [], "{text}");
        }
    }
}
