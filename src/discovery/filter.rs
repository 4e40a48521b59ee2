//! The filters that a job sends to its server, as far as it is certain how the server applies them.

/// An item of `filters` in `docker_sd_configs`, `dockerswarm_sd_configs` and `ec2_sd_configs`.
///
/// ```
/// use promcfg::discovery::Filter;
/// let filter = Filter::new("label", ["prometheus.io/scrape=true"]);
/// assert_eq!(filter.values.len(), 1);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// `name`.
    pub name: String,
    /// `values`.
    pub values: Vec<String>,
}

impl Filter {
    /// A filter with these values.
    #[must_use]
    pub fn new<V: Into<String>>(name: impl Into<String>, values: impl IntoIterator<Item = V>) -> Self {
        Self { name: name.into(), values: values.into_iter().map(Into::into).collect() }
    }
}

/// Whether an object passes filters, all of one name taken together as the server takes them. `passes` says whether it
/// passes those of a name with these values.
pub(super) fn passes_all(filters: &[&Filter], passes: impl Fn(&str, &[&str]) -> bool) -> bool {
    let mut names: Vec<&str> = filters.iter().map(|filter| filter.name.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    names.into_iter().all(|name| {
        let of_name = filters.iter().filter(|filter| filter.name == name);
        let values: Vec<&str> = of_name.flat_map(|filter| filter.values.iter().map(String::as_str)).collect();
        values.is_empty() || passes(name, &values)
    })
}

/// Docker's filter of labels: every value must agree, which is a key, or a key and its value.
pub(super) fn has_labels<'l>(values: &[&str], label: impl Fn(&str) -> Option<&'l String>) -> bool {
    values.iter().all(|wanted| match wanted.split_once('=') {
        Some((key, value)) => label(key).is_some_and(|own| own == value),
        None => label(wanted).is_some(),
    })
}

/// Amazon's patterns: `*` is any text, `?` one character, and a backslash makes the next character an ordinary one.
/// Takes time proportional to the product of the two lengths at most.
pub(super) fn matches_pattern(pattern: &str, text: &str) -> bool {
    #[derive(Clone, Copy)]
    enum Part {
        Any,
        One,
        Just(char),
    }
    let mut parts = Vec::new();
    let mut rest = pattern.chars();
    while let Some(c) = rest.next() {
        parts.push(match c {
            '*' => Part::Any,
            '?' => Part::One,
            '\\' => Part::Just(rest.next().unwrap_or('\\')),
            c => Part::Just(c),
        });
    }
    let text: Vec<char> = text.chars().collect();
    let (mut part, mut at) = (0, 0);
    let mut last_any: Option<(usize, usize)> = None;
    while at < text.len() {
        match parts.get(part) {
            Some(Part::Any) => {
                last_any = Some((part, at));
                part += 1;
            }
            Some(Part::One) => (part, at) = (part + 1, at + 1),
            Some(Part::Just(c)) if *c == text[at] => (part, at) = (part + 1, at + 1),
            _ => match last_any {
                Some((any, start)) => {
                    last_any = Some((any, start + 1));
                    (part, at) = (any + 1, start + 1);
                }
                None => return false,
            },
        }
    }
    parts[part..].iter().all(|part| matches!(part, Part::Any))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_of_amazon_have_two_wildcards_and_escapes() {
        for (pattern, text, expected) in [
            ("web", "web", true),
            ("web", "Web", false),
            ("web-*", "web-1", true),
            ("*-?", "web-1", true),
            ("*-?", "web-", false),
            ("a*b*c", "aXbYbZc", true),
            ("\\*", "*", true),
            ("\\*", "x", false),
            ("*", "", true),
            ("", "", true),
            ("", "x", false),
        ] {
            assert_eq!(matches_pattern(pattern, text), expected, "{pattern} {text}");
        }
    }

    #[test]
    fn filters_of_one_name_are_taken_together_and_those_of_different_names_must_all_pass() {
        let (a, b, c) = (Filter::new("x", ["1"]), Filter::new("x", ["2"]), Filter::new("y", ["3"]));
        let passes = |filters: &[&Filter], own: &[(&str, &str)]| {
            passes_all(filters, |name, values| own.iter().any(|(key, value)| *key == name && values.contains(value)))
        };
        assert!(passes(&[&a, &b], &[("x", "2")]));
        assert!(!passes(&[&a, &c], &[("x", "1")]));
        assert!(passes(&[&a, &c], &[("x", "1"), ("y", "3")]));
        assert!(passes(&[], &[]));
    }
}
