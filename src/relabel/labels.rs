//! Label sets.

use std::cmp::Ordering;
use std::fmt;

use serde::{Serialize, Serializer};

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
#[derive(Clone, Default, PartialEq, Eq, Hash)]
pub struct Labels {
    /// Each name with its value after it, in byte order of the names.
    text: String,
    /// Where in the text each label ends.
    ends: Vec<End>,
}

/// Bytes of a text from which on it gets no more room than it needs.
const LARGE: usize = 1 << 14;

/// Where the name of a label and its value end.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct End {
    name: usize,
    value: usize,
}

impl Labels {
    /// The empty set.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The value of a label, `""` when it is absent.
    #[must_use]
    pub fn get(&self, name: &str) -> &str {
        self.find(name).unwrap_or("")
    }

    /// The value of a label; `None` when it is absent.
    ///
    /// ```
    /// let labels: promcfg::Labels = [("job", "node")].into_iter().collect();
    /// assert_eq!((labels.find("job"), labels.find("env")), (Some("node"), None));
    /// ```
    #[must_use]
    pub fn find(&self, name: &str) -> Option<&str> {
        self.place(name).ok().map(|index| self.label(index).1)
    }

    /// Sets a label; an empty value removes it.
    pub fn set(&mut self, name: impl Into<String>, value: impl Into<String>) {
        let (name, value) = (name.into(), value.into());
        match self.place(&name) {
            Ok(index) => {
                self.cut(index);
                self.insert(index, &name, &value);
            }
            Err(index) => self.insert(index, &name, &value),
        }
    }

    /// Removes a label.
    pub fn remove(&mut self, name: &str) {
        if let Ok(index) = self.place(name) {
            self.cut(index);
        }
    }

    /// Keeps the labels for which `keep` says so.
    pub fn retain(&mut self, mut keep: impl FnMut(&str, &str) -> bool) {
        let kept: Vec<(&str, &str)> = self.iter().filter(|(name, value)| keep(name, value)).collect();
        if kept.len() < self.len() {
            *self = Self::of_sorted(&kept);
        }
    }

    /// Number of labels.
    #[must_use]
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there is no label.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// Names and values in byte order of the names.
    #[must_use]
    pub fn iter(&self) -> Iter<'_> {
        Iter { labels: self, next: 0 }
    }

    /// The bytes of memory that the names and values take.
    ///
    /// ```
    /// let labels: promcfg::Labels = [("job", "x".repeat(1000))].into_iter().collect();
    /// assert!((1003..1100).contains(&labels.memory()));
    /// ```
    #[must_use]
    pub fn memory(&self) -> usize {
        self.text.capacity() + self.ends.capacity() * size_of::<End>()
    }
}

impl Labels {
    /// Labels in any order; of a repeated name the last value counts.
    pub(crate) fn of_pairs(mut pairs: Vec<(&str, &str)>) -> Self {
        pairs.sort_by_key(|(name, _)| *name);
        pairs.dedup_by(|later, earlier| {
            let is_repeated = later.0 == earlier.0;
            if is_repeated {
                *earlier = *later;
            }
            is_repeated
        });
        pairs.retain(|(_, value)| !value.is_empty());
        Self::of_sorted(&pairs)
    }

    /// Labels in byte order of their names, none of them empty or repeated.
    fn of_sorted(pairs: &[(&str, &str)]) -> Self {
        let length = pairs.iter().map(|(name, value)| name.len() + value.len()).sum();
        let mut labels = Self { text: String::with_capacity(length), ends: Vec::with_capacity(pairs.len()) };
        for (name, value) in pairs {
            labels.text.push_str(name);
            let name = labels.text.len();
            labels.text.push_str(value);
            labels.ends.push(End { name, value: labels.text.len() });
        }
        labels
    }

    /// Where the label with this index starts in the text.
    fn start(&self, index: usize) -> usize {
        index.checked_sub(1).and_then(|before| self.ends.get(before)).map_or(0, |end| end.value)
    }

    /// The name and the value of the label with this index.
    fn label(&self, index: usize) -> (&str, &str) {
        let start = self.start(index);
        let Some(end) = self.ends.get(index) else { return ("", "") };
        (self.text.get(start..end.name).unwrap_or(""), self.text.get(end.name..end.value).unwrap_or(""))
    }

    /// The index of a label, or the one that it would get.
    fn place(&self, name: &str) -> Result<usize, usize> {
        let (mut low, mut high) = (0, self.len());
        while low < high {
            let middle = low.midpoint(high);
            match self.label(middle).0.cmp(name) {
                Ordering::Less => low = middle + 1,
                Ordering::Greater => high = middle,
                Ordering::Equal => return Ok(middle),
            }
        }
        Err(low)
    }

    fn cut(&mut self, index: usize) {
        let start = self.start(index);
        let Some(end) = self.ends.get(index).map(|end| end.value) else { return };
        self.text.replace_range(start..end, "");
        self.ends.remove(index);
        for after in self.ends.iter_mut().skip(index) {
            (after.name, after.value) = (after.name - (end - start), after.value - (end - start));
        }
    }

    fn insert(&mut self, index: usize, name: &str, value: &str) {
        if value.is_empty() {
            return;
        }
        let (start, length) = (self.start(index), name.len() + value.len());
        // Texts that are large do not get twice the room that they need.
        if self.text.len() > LARGE {
            self.text.reserve_exact(length);
        }
        self.text.insert_str(start, value);
        self.text.insert_str(start, name);
        for after in self.ends.iter_mut().skip(index) {
            (after.name, after.value) = (after.name + length, after.value + length);
        }
        self.ends.insert(index, End { name: start + name.len(), value: start + length });
    }
}

impl fmt::Debug for Labels {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self).finish()
    }
}

impl Serialize for Labels {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self)
    }
}

impl Ord for Labels {
    fn cmp(&self, other: &Self) -> Ordering {
        self.iter().cmp(other.iter())
    }
}

impl PartialOrd for Labels {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
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
pub struct Iter<'a> {
    labels: &'a Labels,
    next: usize,
}

impl<'a> Iterator for Iter<'a> {
    type Item = (&'a str, &'a str);

    fn next(&mut self) -> Option<Self::Item> {
        let index = self.next;
        (index < self.labels.len()).then(|| {
            self.next += 1;
            self.labels.label(index)
        })
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let left = self.labels.len() - self.next;
        (left, Some(left))
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
        let pairs: Vec<(String, String)> = pairs.into_iter().map(|(name, value)| (name.into(), value.into())).collect();
        Self::of_pairs(pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn labels_are_what_a_map_of_names_to_values_is() {
        let (mut labels, mut map) = (Labels::new(), BTreeMap::new());
        let mut number = 7_u32;
        for _ in 0..2000 {
            number = number.wrapping_mul(1_103_515_245).wrapping_add(12_345);
            let name = format!("n{}", (number >> 8) % 20);
            let value = "v".repeat((number >> 16) as usize % 4);
            labels.set(name.as_str(), value.as_str());
            if value.is_empty() {
                map.remove(&name)
            } else {
                map.insert(name, value)
            };
            assert!(labels.iter().eq(map.iter().map(|(name, value)| (name.as_str(), value.as_str()))));
        }
        let again: Labels = map.iter().rev().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        assert_eq!(again, labels);
        assert_eq!(labels.get("n21"), "");
    }

    #[test]
    fn a_later_value_replaces_an_earlier_one_even_if_it_is_empty() {
        let labels: Labels = [("b", "1"), ("a", "2"), ("b", ""), ("a", "3")].into_iter().collect();
        assert_eq!(labels.to_string(), "{a=\"3\"}");
        assert_eq!(format!("{labels:?}"), "{\"a\": \"3\"}");
    }

    #[test]
    fn sets_are_ordered_as_their_labels_are() {
        let set = |pairs: &[(&str, &str)]| Labels::of_pairs(pairs.to_vec());
        assert!(set(&[("a", "b")]) < set(&[("ab", "")]).clone().max(set(&[("ab", "a")])));
        assert!(set(&[("a", "1")]) < set(&[("a", "1"), ("b", "1")]));
    }
}
