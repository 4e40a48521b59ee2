//! Selectors of Kubernetes objects by their fields, with its words for what is wrong.
//!
//! Source: the package `fields` of apimachinery.

use std::borrow::Cow;

/// A selector of objects by their fields.
///
/// ```
/// use promcfg::discovery::FieldSelector;
/// assert!(FieldSelector::parse("spec.nodeName!=,status.phase=Running").is_ok());
/// let fault = FieldSelector::parse("status.phase").unwrap_err();
/// assert_eq!(fault.message, "invalid selector: 'status.phase'; can't understand 'status.phase'");
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FieldSelector {
    terms: Vec<FieldTerm>,
}

/// What a selector wants of one field.
#[derive(Clone, Debug, PartialEq, Eq)]
struct FieldTerm {
    field: String,
    value: String,
    is_equal: bool,
}

/// A term of a field selector that Kubernetes refuses.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct FieldSelectorFault {
    /// The term.
    pub term: String,
    /// What Kubernetes says.
    pub message: String,
}

impl FieldSelector {
    /// Reads a selector; an empty one selects all objects.
    ///
    /// # Errors
    /// The first term that is refused: Kubernetes goes over them in sorted order.
    pub fn parse(text: &str) -> Result<Self, FieldSelectorFault> {
        let mut terms = unescaped_split(text);
        terms.sort_unstable();
        let terms = terms
            .into_iter()
            .filter(|term| !term.is_empty())
            .map(|term| term_of(text, term).map_err(|message| FieldSelectorFault { term: term.to_string(), message }));
        terms.collect::<Result<_, _>>().map(|terms| Self { terms })
    }

    /// Whether it selects all objects.
    #[must_use]
    pub fn is_everything(&self) -> bool {
        self.terms.is_empty()
    }

    /// Whether it selects an object with these values of fields.
    pub(super) fn selects<'o>(&self, value: impl Fn(&str) -> Option<Cow<'o, str>>) -> bool {
        self.terms.iter().all(|term| value(&term.field).is_some_and(|value| (value == term.value) == term.is_equal))
    }

    /// The names of the fields, in the order of the terms.
    pub(super) fn fields(&self) -> impl Iterator<Item = &str> {
        self.terms.iter().map(|term| term.field.as_str())
    }
}

fn term_of(selector: &str, term: &str) -> Result<FieldTerm, String> {
    let Some(at) = term.find('=') else {
        return Err(format!("invalid selector: '{selector}'; can't understand '{term}'"));
    };
    let (left, right) = (&term[..at], &term[at + 1..]);
    let (field, is_equal) = left.strip_suffix('!').map_or((left, true), |field| (field, false));
    let value = right.strip_prefix('=').filter(|_| is_equal).unwrap_or(right);
    Ok(FieldTerm { field: field.to_string(), value: unescaped(value)?, is_equal })
}

/// A backslash, a comma and an equals sign in a value need a backslash before them.
fn unescaped(value: &str) -> Result<String, String> {
    let mut text = String::with_capacity(value.len());
    let mut characters = value.chars();
    while let Some(character) = characters.next() {
        match character {
            '\\' => match characters.next() {
                Some(escaped @ ('\\' | ',' | '=')) => text.push(escaped),
                Some(other) => return Err(format!("invalid field selector: invalid escape sequence: \\{other}")),
                None => return Err("invalid field selector: invalid escape sequence: \\".to_string()),
            },
            ',' | '=' => {
                let code = u32::from(character);
                return Err(format!("invalid field selector: unescaped character in value: {code}"));
            }
            _ => text.push(character),
        }
    }
    Ok(text)
}

/// The terms of a field selector: commas with a backslash before them do not part them.
fn unescaped_split(text: &str) -> Vec<&str> {
    let mut terms = Vec::new();
    let (mut start, mut is_escaped) = (0, false);
    for (index, byte) in text.bytes().enumerate() {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' => is_escaped = true,
            b',' => {
                terms.push(&text[start..index]);
                start = index + 1;
            }
            _ => {}
        }
    }
    terms.push(&text[start..]);
    terms
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn field_selectors_are_those_of_kubernetes() {
        let message = |text: &str| FieldSelector::parse(text).err().map(|fault| fault.message);
        for text in ["", "a=b", "a!=b,c==d", "a=b\\,c", "a=\\="] {
            assert_eq!(message(text), None, "{text:?}");
        }
        let is = |text: &str, expected: &str| assert_eq!(message(text).as_deref(), Some(expected), "{text:?}");
        is("b,a", "invalid selector: 'b,a'; can't understand 'a'");
        is("a=b=c", "invalid field selector: unescaped character in value: 61");
        is("a=\\b", "invalid field selector: invalid escape sequence: \\b");
    }

    #[test]
    fn terms_of_field_selectors_are_parted_by_commas() {
        assert_eq!(unescaped_split("a=b,c=d\\,e"), ["a=b", "c=d\\,e"]);
    }

    #[test]
    fn a_field_is_compared_with_the_value_without_escapes() {
        let value = |name: &str| match name {
            "a" => Some(Cow::Borrowed("1,2")),
            "b" => Some(Cow::Borrowed("")),
            _ => None,
        };
        let selects = |text: &str| FieldSelector::parse(text).unwrap().selects(value);
        assert!(selects("") && selects("a=1\\,2") && selects("a==1\\,2,b=") && selects("a!="));
        assert!(!selects("a=1") && !selects("b!=") && !selects("x=") && !selects("x!=1"));
    }
}
