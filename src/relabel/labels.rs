//! Label sets.

use std::collections::BTreeMap;
use std::collections::btree_map;
use std::fmt;

use serde::Serialize;

use super::NameScheme;
use crate::text::go_quote;

/// A label set: names to values, in byte order of the names. An empty value means that the label
/// is absent, so none is ever stored.
///
/// ```
/// let mut labels: promcfg::Labels = [("job", "node"), ("env", "")].into_iter().collect();
/// assert_eq!(labels.get("job"), "node");
/// assert_eq!(labels.get("env"), ""); // absent
/// assert_eq!(labels.len(), 1);
/// labels.set("job", "");
/// assert!(labels.is_empty());
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct Labels(BTreeMap<String, String>);

impl Labels {
    /// The empty set.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The value of a label, `""` when it is absent.
    #[must_use]
    pub fn get(&self, name: &str) -> &str {
        self.0.get(name).map_or("", String::as_str)
    }

    /// The value of a label; `None` when it is absent.
    ///
    /// ```
    /// let labels: promcfg::Labels = [("job", "node")].into_iter().collect();
    /// assert_eq!((labels.find("job"), labels.find("env")), (Some("node"), None));
    /// ```
    #[must_use]
    pub fn find(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    /// Sets a label; an empty value removes it.
    pub fn set(&mut self, name: impl Into<String>, value: impl Into<String>) {
        let (name, value) = (name.into(), value.into());
        if value.is_empty() {
            self.0.remove(&name);
        } else {
            self.0.insert(name, value);
        }
    }

    /// Removes a label.
    pub fn remove(&mut self, name: &str) {
        self.0.remove(name);
    }

    /// Keeps the labels for which `keep` says so.
    pub fn retain(&mut self, mut keep: impl FnMut(&str, &str) -> bool) {
        self.0.retain(|name, value| keep(name, value));
    }

    /// Number of labels.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is no label.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Names and values in byte order of the names.
    #[must_use]
    pub fn iter(&self) -> Iter<'_> {
        Iter(self.0.iter())
    }
}

/// As Prometheus prints label sets: `{env="prod", job="node"}`. Names that are not legacy names are quoted.
///
/// ```
/// let labels: promcfg::Labels = [("job", "node"), ("a.b", "x\ny")].into_iter().collect();
/// assert_eq!(labels.to_string(), r#"{"a.b"="x\ny", job="node"}"#);
/// ```
impl fmt::Display for Labels {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("{")?;
        for (index, (name, value)) in self.iter().enumerate() {
            let separator = if index == 0 { "" } else { ", " };
            let value = go_quote(value);
            if NameScheme::Legacy.allows(name) {
                write!(f, "{separator}{name}={value}")?;
            } else {
                write!(f, "{separator}{}={value}", go_quote(name))?;
            }
        }
        f.write_str("}")
    }
}

/// Names and values of [`Labels`], in byte order of the names.
#[derive(Clone, Debug)]
pub struct Iter<'a>(btree_map::Iter<'a, String, String>);

impl<'a> Iterator for Iter<'a> {
    type Item = (&'a str, &'a str);

    fn next(&mut self) -> Option<Self::Item> {
        self.0.next().map(|(name, value)| (name.as_str(), value.as_str()))
    }
}

impl<'a> IntoIterator for &'a Labels {
    type Item = (&'a str, &'a str);
    type IntoIter = Iter<'a>;

    fn into_iter(self) -> Iter<'a> {
        self.iter()
    }
}

impl<N: Into<String>, V: Into<String>> FromIterator<(N, V)> for Labels {
    /// Later values of a name replace earlier ones, an empty one too.
    fn from_iter<I: IntoIterator<Item = (N, V)>>(pairs: I) -> Self {
        let mut labels = Self::new();
        for (name, value) in pairs {
            labels.set(name, value);
        }
        labels
    }
}
