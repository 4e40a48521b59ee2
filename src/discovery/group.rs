//! The target groups that all discovery mechanisms give: plain labels, before a job adds its own.

use std::sync::Arc;

use serde::ser::{Serialize, SerializeMap, SerializeStruct, Serializer};

/// A label: its name and its value. Both are shared, since many targets have the same.
pub type LabelPair = (Arc<str>, Arc<str>);

/// A target group as a discovery mechanism hands it over: nothing in it has a place in a text.
///
/// ```
/// use promcfg::discovery::DiscoveredGroup;
/// let mut group = DiscoveredGroup::new("node/a");
/// group.labels.push(("__meta_kubernetes_node_name".into(), "a".into()));
/// group.targets.push(vec![("__address__".into(), "10.0.0.1:10250".into())]);
/// assert_eq!(group.targets.len(), 1);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct DiscoveredGroup {
    /// What Prometheus knows the group by: a group of the same source replaces it.
    pub source: Arc<str>,
    /// The labels that its targets share, in the order in which the mechanism sets them. Each name occurs once, and an
    /// empty value is kept.
    pub labels: Vec<LabelPair>,
    /// The labels of each target, `__address__` among them. Each name occurs once, and an empty value is kept: it hides
    /// the group's label of that name.
    pub targets: Vec<Vec<LabelPair>>,
}

impl DiscoveredGroup {
    /// A group without labels and targets.
    #[must_use]
    pub fn new(source: impl Into<Arc<str>>) -> Self {
        Self { source: source.into(), labels: Vec::new(), targets: Vec::new() }
    }
}

/// The shape of the conformance data: `{"source", "labels", "targets"}`.
impl Serialize for DiscoveredGroup {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let targets: Vec<AsMap<'_>> = self.targets.iter().map(|target| AsMap(target)).collect();
        let mut group = serializer.serialize_struct("DiscoveredGroup", 3)?;
        group.serialize_field("source", &*self.source)?;
        group.serialize_field("labels", &AsMap(&self.labels))?;
        group.serialize_field("targets", &targets)?;
        group.end()
    }
}

/// Labels as an object of JSON.
struct AsMap<'l>(&'l [LabelPair]);

impl Serialize for AsMap<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (name, value) in self.0 {
            map.serialize_entry(&**name, &**value)?;
        }
        map.end()
    }
}

/// A label whose value Prometheus does not decide: keys of one object that differ become the same label name, and the
/// value is that of any of them.
///
/// ```
/// use promcfg::discovery::Undetermined;
/// let label = Undetermined {
///     source: "pod/shop/cart".into(),
///     label: "__meta_kubernetes_pod_label_a_b".into(),
///     values: vec!["1".into(), "2".into()],
/// };
/// assert_eq!(label.values.len(), 2);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Undetermined {
    /// The source of the group.
    pub source: Arc<str>,
    /// The name of the label.
    pub label: Arc<str>,
    /// The values it may have; the group has the first one.
    pub values: Vec<Arc<str>>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_group_is_written_in_the_shape_of_the_conformance_data() {
        let mut group = DiscoveredGroup::new("svc/d/s");
        group.labels = vec![("b".into(), "".into()), ("a".into(), "1".into())];
        group.targets = vec![vec![("__address__".into(), "s.d.svc:80".into())], vec![]];
        let text = serde_json::to_string(&group).unwrap();
        let expected = r#"{"source":"svc/d/s","labels":{"b":"","a":"1"},"targets":[{"__address__":"s.d.svc:80"},{}]}"#;
        assert_eq!(text, expected);
    }
}
