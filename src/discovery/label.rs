//! Labels of targets, and those that are made of keys and values of an object.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::{LabelPair, Undetermined};

pub(super) fn pair(name: &str, value: impl Into<Arc<str>>) -> LabelPair {
    (name.into(), value.into())
}

/// `prefix` and a key in which `_` replaces each character but ASCII letters, digits and `_`.
///
/// Source: `SanitizeLabelName` in `util/strutil` of Prometheus 3.14.
pub(super) fn label_name(prefix: &str, key: &str) -> String {
    let mut name = String::with_capacity(prefix.len() + key.len());
    name.push_str(prefix);
    name.extend(key.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }));
    name
}

/// The labels of a Go map, whose order Prometheus does not decide: where keys become one name with different values, any
/// of them can be the value.
pub(super) fn of_map<'m>(
    prefix: &str,
    map: impl IntoIterator<Item = (&'m String, &'m String)>,
    source: &str,
    undetermined: &mut Vec<Undetermined>,
) -> Vec<LabelPair> {
    let mut labels: Vec<LabelPair> = Vec::new();
    let mut seen: FxHashMap<Arc<str>, usize> = FxHashMap::default();
    let mut open: FxHashMap<usize, Vec<Arc<str>>> = FxHashMap::default();
    for (key, value) in map {
        let (name, value): LabelPair = (label_name(prefix, key).into(), value.as_str().into());
        match seen.get(&name) {
            None => {
                seen.insert(Arc::clone(&name), labels.len());
                labels.push((name, value));
            }
            Some(&index) => open.entry(index).or_default().push(value),
        }
    }
    let mut open: Vec<_> = open.into_iter().collect();
    open.sort_by_key(|(index, _)| *index);
    for (index, others) in open {
        let (label, first) = &labels[index];
        let mut values = vec![Arc::clone(first)];
        values.extend(others);
        let mut distinct = rustc_hash::FxHashSet::default();
        values.retain(|value| distinct.insert(Arc::clone(value)));
        if values.len() > 1 {
            undetermined.push(Undetermined { source: source.into(), label: Arc::clone(label), values });
        }
    }
    labels
}

/// The labels of a list, of which the last one counts.
pub(super) fn of_list<'m>(prefix: &str, list: impl IntoIterator<Item = (&'m str, &'m str)>) -> Vec<LabelPair> {
    let mut labels: Vec<LabelPair> = Vec::new();
    let mut seen: FxHashMap<Arc<str>, usize> = FxHashMap::default();
    for (key, value) in list {
        let name: Arc<str> = label_name(prefix, key).into();
        let index = *seen.entry(Arc::clone(&name)).or_insert(labels.len());
        match labels.get_mut(index) {
            Some(label) => label.1 = value.into(),
            None => labels.push((name, value.into())),
        }
    }
    labels
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    #[test]
    fn each_character_that_a_name_cannot_have_becomes_one_underscore() {
        for (key, expected) in
            [("a-b.c/d", "p_a_b_c_d"), ("Ünï", "p__n_"), ("UP", "p_UP"), ("a--b", "p_a__b"), ("😀", "p__"), ("", "p_")]
        {
            assert_eq!(label_name("p_", key), expected);
        }
    }

    #[test]
    fn keys_of_a_map_that_become_one_name_leave_the_value_open_unless_the_values_agree() {
        let map: BTreeMap<String, String> = [("a.b", "1"), ("a_b", "2"), ("a-b", "1"), ("c.d", "x"), ("c_d", "x")]
            .into_iter()
            .map(|(key, value)| (key.to_string(), value.to_string()))
            .collect();
        let mut undetermined = Vec::new();
        let labels = of_map("p_", &map, "Docker", &mut undetermined);
        let shown: Vec<_> = labels.iter().map(|(name, value)| (&**name, &**value)).collect();
        assert_eq!(shown, [("p_a_b", "1"), ("p_c_d", "x")]);
        let values = vec!["1".into(), "2".into()];
        assert_eq!(undetermined, [Undetermined { source: "Docker".into(), label: "p_a_b".into(), values }]);
    }

    #[test]
    fn of_a_list_the_last_value_counts() {
        let labels = of_list("t_", [("a.b", "1"), ("c", "2"), ("a_b", "3")]);
        assert_eq!(labels, [pair("t_a_b", "3"), pair("t_c", "2")]);
    }
}
