//! A value that a label gets from other labels.

use std::fmt;

use crate::re2::{Captures, GroupReference, Regex, Template};
use crate::relabel::Action;

/// The letters of a copied value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum LetterCase {
    /// All in lower case.
    Lower,
    /// All in upper case.
    Upper,
}

impl LetterCase {
    /// The action that writes a value so.
    pub(super) fn action(self) -> Action {
        match self {
            Self::Lower => Action::Lowercase,
            Self::Upper => Action::Uppercase,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Lower => "lower",
            Self::Upper => "upper",
        }
    }
}

/// The value of other labels, or a part of it.
///
/// ```
/// use promcfg::edit::CopiedValue;
/// let host = CopiedValue { regex: Some("(.+):.+".into()), ..CopiedValue::of(["__address__"]) };
/// assert_eq!(host.value(|_| "web-1:9100"), Some("web-1".to_string()));
/// assert_eq!(host.value(|_| "web-1"), None);
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CopiedValue {
    /// The labels whose values are copied.
    pub from: Vec<String>,
    /// The text between the values of several labels.
    pub separator: String,
    /// The pattern that the whole text must match. Without it, each of the labels must exist.
    pub regex: Option<String>,
    /// The value, with `$1` for what the first group of the pattern matches.
    pub replacement: String,
    /// Whether letters become those of another case; without a pattern and a replacement.
    pub case: Option<LetterCase>,
}

impl Default for CopiedValue {
    fn default() -> Self {
        Self { from: Vec::new(), separator: ";".to_string(), regex: None, replacement: WHOLE.to_string(), case: None }
    }
}

/// The template of a value that is copied as it is.
pub(super) const WHOLE: &str = "$1";

impl CopiedValue {
    /// The values of these labels as they are.
    #[must_use]
    pub fn of<N: Into<String>>(from: impl IntoIterator<Item = N>) -> Self {
        Self { from: from.into_iter().map(Into::into).collect(), ..Self::default() }
    }

    /// The value, from the labels of a target; `None` where nothing is copied.
    pub fn value<'l>(&self, get: impl Fn(&str) -> &'l str) -> Option<String> {
        let values: Vec<&str> = self.from.iter().map(|name| get(name)).collect();
        if self.regex.is_none() && values.contains(&"") {
            return None;
        }
        let joined = values.join(&self.separator);
        if let Some(case) = self.case {
            return Some(match case {
                LetterCase::Lower => joined.to_lowercase(),
                LetterCase::Upper => joined.to_uppercase(),
            });
        }
        let regex = Regex::new(self.regex.as_deref().unwrap_or("((?s:.*))")).ok()?;
        let (mut captures, mut value) = (Captures::new(), String::new());
        if regex.captures(&joined, &mut captures) != Ok(true) {
            return None;
        }
        Template::parse(&self.replacement).expand(&regex, &joined, &captures, &mut value);
        Some(value).filter(|value| !value.is_empty())
    }

    /// What is wrong with the pattern or the replacement, and what to do.
    pub(super) fn fault(&self) -> Option<(String, String)> {
        let regex = match self.regex.as_deref().map(Regex::new) {
            Some(Ok(regex)) => Some(regex),
            Some(Err(error)) => {
                return Some((
                    format!("the pattern of --regex is not a regular expression: {error}"),
                    "the pattern follows the syntax of relabel rules and matches the whole value".to_string(),
                ));
            }
            None => None,
        };
        let count = regex.as_ref().map_or(1, Regex::group_count);
        let has_name = |name: &str| regex.iter().flat_map(Regex::group_names).flatten().any(|own| own == name);
        let template = Template::parse(&self.replacement);
        let is_missing = |group: &GroupReference| match group {
            GroupReference::Number(number) => *number > count,
            GroupReference::Name(name) => !has_name(name),
        };
        let missing = template.references().iter().find(|reference| is_missing(&reference.group))?;
        let written = missing.span.of(&self.replacement);
        let help = match &missing.group {
            _ if self.replacement == WHOLE => {
                "put the part to copy in parentheses, or give its place in --replacement".to_string()
            }
            GroupReference::Name(name) if name.starts_with(|c: char| c.is_ascii_digit()) => {
                let digits = name.bytes().take_while(u8::is_ascii_digit).count();
                format!("write ${{{}}}{}", &name[..digits], &name[digits..])
            }
            GroupReference::Number(_) | GroupReference::Name(_) => match &self.regex {
                Some(_) => "name a group of the pattern".to_string(),
                None => "add --regex PATTERN with groups in parentheses; $1 is the whole value without it".to_string(),
            },
        };
        Some((format!("the replacement refers to {written}, and the pattern has no such group"), help))
    }

    /// The template of the value: without quotes, because it is not the value.
    fn template(&self) -> String {
        let quoted = format!("{:?}", self.replacement);
        quoted.trim_start_matches('"').strip_suffix('"').unwrap_or_default().to_string()
    }

    /// The labels, as they are joined.
    pub(super) fn names(&self) -> String {
        self.from.join(&self.separator)
    }
}

/// What a label gets, in words after its name.
impl fmt::Display for CopiedValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.regex, self.case) {
            (_, Some(case)) => return write!(f, ", copied from {} in {} case", self.from.join(" and "), case.name()),
            _ if Template::parse(&self.replacement).references().is_empty() => {
                return write!(f, "={:?}", self.replacement);
            }
            (Some(_), None) => return write!(f, "={} with the groups of that pattern", self.template()),
            (None, None) => {}
        }
        if self.replacement != WHOLE {
            write!(f, "={}, where $1 is the value of {}", self.template(), self.names())
        } else if self.from.len() > 1 {
            write!(f, ", copied from {} with {:?} between them", self.from.join(" and "), self.separator)
        } else {
            write!(f, ", copied from {}", self.names())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn copied(from: &[&str], regex: Option<&str>, replacement: &str) -> CopiedValue {
        let (regex, replacement) = (regex.map(Into::into), replacement.to_string());
        CopiedValue { regex, replacement, ..CopiedValue::of(from.iter().copied()) }
    }

    #[test]
    fn a_value_is_copied_where_all_labels_exist() {
        let get = |name: &str| if name == "a" { "x" } else { "" };
        assert_eq!(copied(&["a"], None, "$1").value(get), Some("x".to_string()));
        assert_eq!(copied(&["b"], None, "$1").value(get), None);
        assert_eq!(copied(&["a", "b"], None, "$1").value(get), None);
        assert_eq!(copied(&["a", "b"], Some("(.*);(.*)"), "$1-$2").value(get), Some("x-".to_string()));
        assert_eq!(copied(&["a"], Some("(y)?x"), "$1").value(get), None);
        let upper = CopiedValue { case: Some(LetterCase::Upper), ..CopiedValue::of(["a"]) };
        assert_eq!(upper.value(get), Some("X".to_string()));
    }

    #[test]
    fn a_replacement_names_groups_of_the_pattern() {
        let help =
            |regex: Option<&str>, replacement: &str| copied(&["a"], regex, replacement).fault().map(|(_, help)| help);
        assert_eq!(help(None, "$1"), None);
        assert_eq!(help(Some("(?P<host>.+):.*"), "$host-${host}"), None);
        assert_eq!(
            help(Some(".+"), "$1").as_deref(),
            Some("put the part to copy in parentheses, or give its place in --replacement")
        );
        assert_eq!(help(Some("(.+)"), "$1_x").as_deref(), Some("write ${1}_x"));
        assert_eq!(help(Some("(.+)"), "$1-$2").as_deref(), Some("name a group of the pattern"));
        assert!(help(Some("("), "$1").is_some());
    }
}
