//! Nodes as values of Go's types, with yaml.v2's leniency and its words when it refuses.

use std::borrow::Cow;
use std::fmt;

use crate::text::floor_boundary;

use super::number::{TWO_TO_63, TWO_TO_64, to_signed, to_unsigned};
use super::scalar::{Resolved, Value, is_merge_key, is_null_word, is_prepared_null, resolve, short_tag};
use super::token::ScalarStyle;
use super::tree::{Node, NodeKind};

/// Why a node is not of the wanted type.
///
/// Its text is yaml.v2's, without the line: ``cannot unmarshal !!str `x` into bool``.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ReadError {
    /// The node is of another type. yaml.v2 collects these faults and goes on.
    Mismatch {
        /// Short tag of what it is: `!!str`, `!!map`, `!mine`.
        tag: String,
        /// The scalar's text, cut after seven bytes when it has more than ten; `None` for a collection.
        shown: Option<String>,
        /// Go's name of the wanted type.
        wanted: &'static str,
    },
    /// The scalar contradicts its own tag, or is not base 64. yaml.v2 gives up on the document.
    Broken(String),
    /// `!!binary` bytes that are not UTF-8: a string for Go, but not for promcfg.
    NotText(Vec<u8>),
}

impl ReadError {
    /// The fault of a node that should have been of the Go type `wanted`.
    ///
    /// ```
    /// let tree = promcfg::yaml::Tree::parse("[a]");
    /// let fault = promcfg::yaml::ReadError::mismatch(tree.root().expect("has a node"), "string");
    /// assert_eq!(fault.to_string(), "cannot unmarshal !!seq into string");
    /// ```
    #[must_use]
    pub fn mismatch(node: Node<'_>, wanted: &'static str) -> Self {
        match node.kind() {
            NodeKind::Sequence => Self::Mismatch { tag: "!!seq".to_string(), shown: None, wanted },
            NodeKind::Mapping => Self::Mismatch { tag: "!!map".to_string(), shown: None, wanted },
            NodeKind::Scalar | NodeKind::Alias => match resolve(node) {
                Ok(resolved) => Self::scalar_mismatch(node, &resolved, wanted),
                Err(message) => Self::Broken(message),
            },
        }
    }

    fn scalar_mismatch(node: Node<'_>, resolved: &Resolved<'_>, wanted: &'static str) -> Self {
        let tag = node.tag().map_or_else(|| resolved.tag.clone(), short_tag);
        let text = node.value();
        if matches!(&*tag, "!!seq" | "!!map") {
            // A scalar with the tag of a collection: yaml.v2 writes its text right after the tag.
            return Self::Mismatch { tag: format!("{tag}{text}"), shown: None, wanted };
        }
        Self::Mismatch { tag: tag.into_owned(), shown: Some(cut(text)), wanted }
    }
}

/// More than ten bytes are cut to seven; each byte of half a character at the cut is a replacement character.
fn cut(text: &str) -> String {
    const KEPT: usize = 7;
    if text.len() <= 10 {
        return text.to_string();
    }
    let end = floor_boundary(text, KEPT);
    format!("{}{}...", &text[..end], "\u{fffd}".repeat(KEPT - end))
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Mismatch { tag, shown: Some(shown), wanted } => {
                write!(f, "cannot unmarshal {tag} `{shown}` into {wanted}")
            }
            Self::Mismatch { tag, shown: None, wanted } => write!(f, "cannot unmarshal {tag} into {wanted}"),
            Self::Broken(message) => write!(f, "yaml: {message}"),
            Self::NotText(_) => f.write_str("the bytes written in base 64 are not UTF-8"),
        }
    }
}

impl std::error::Error for ReadError {}

/// A scalar as yaml.v2 decodes it where any type will do.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum PlainValue<'t> {
    Null,
    Bool(bool),
    Int(i64),
    Unsigned(u64),
    Float(f64),
    /// Times and bytes are texts as well.
    Text(Cow<'t, str>),
}

/// Values. An alias is to be resolved first ([`Node::resolved`]). `null` in any form reads as the
/// zero value of the type, as in Go.
///
/// Source of all of them: go.yaml.in/yaml/v2 v2.4.4, `decoder.scalar`.
impl<'t> Node<'t> {
    /// The node as a string: any scalar, as it is written.
    ///
    /// ```
    /// let tree = promcfg::yaml::Tree::parse("[010, null, 'null', yes]");
    /// let texts: Result<Vec<_>, _> = tree.root().expect("is a list").items().map(|item| item.read_string()).collect();
    /// assert_eq!(texts.expect("are scalars"), ["010", "", "null", "yes"]);
    /// ```
    ///
    /// # Errors
    /// It is a collection, contradicts its tag, or is not text.
    pub fn read_string(self) -> Result<Cow<'t, str>, ReadError> {
        if let Some(text) = self.untagged_text() {
            return Ok(Cow::Borrowed(text));
        }
        match self.resolve_for("string")?.value {
            Value::Null => Ok(Cow::Borrowed("")),
            Value::Binary(bytes) => {
                String::from_utf8(bytes).map(Cow::Owned).map_err(|error| ReadError::NotText(error.into_bytes()))
            }
            _ => Ok(Cow::Borrowed(self.value())),
        }
    }

    /// The text of a scalar without a tag, which a string has as it is written, unless it is a null.
    fn untagged_text(self) -> Option<&'t str> {
        let style = self.style()?;
        let text = self.value();
        let is_null = style == ScalarStyle::Plain && is_null_word(text);
        (self.tag().is_none()).then_some(if is_null { "" } else { text })
    }

    /// The node as a truth value: `true`, `yes`, `on`, `y` and their opposites, not in quotes.
    ///
    /// # Errors
    /// It is anything else.
    pub fn read_bool(self) -> Result<bool, ReadError> {
        let resolved = self.resolve_for("bool")?;
        match resolved.value {
            Value::Null => Ok(false),
            Value::Bool(value) => Ok(value),
            _ => Err(ReadError::scalar_mismatch(self, &resolved, "bool")),
        }
    }

    /// The node as a signed whole number. A fraction is cut off.
    ///
    /// ```
    /// let tree = promcfg::yaml::Tree::parse("-2.9");
    /// assert_eq!(tree.root().expect("has a node").read_i64(), Ok(-2));
    /// ```
    ///
    /// # Errors
    /// It is not a number, or too large.
    pub fn read_i64(self) -> Result<i64, ReadError> {
        let resolved = self.resolve_for("int")?;
        match resolved.value {
            Value::Null => Ok(0),
            Value::Int(value) => Ok(value),
            Value::Float(value) if value <= TWO_TO_63 => Ok(to_signed(value)),
            _ => Err(ReadError::scalar_mismatch(self, &resolved, "int")),
        }
    }

    /// The node as an unsigned whole number. A fraction is cut off; a negative fraction wraps, as Go
    /// does on amd64.
    ///
    /// # Errors
    /// It is not a number, negative, or too large.
    pub fn read_u64(self) -> Result<u64, ReadError> {
        let resolved = self.resolve_for("uint64")?;
        match resolved.value {
            Value::Null => Ok(0),
            Value::Unsigned(value) => Ok(value),
            Value::Int(value) if value >= 0 => Ok(value.cast_unsigned()),
            Value::Float(value) if value <= TWO_TO_64 => Ok(to_unsigned(value)),
            _ => Err(ReadError::scalar_mismatch(self, &resolved, "uint64")),
        }
    }

    /// The node as a floating point number.
    ///
    /// # Errors
    /// It is not a number.
    #[expect(clippy::cast_precision_loss, reason = "as in Go")]
    pub fn read_f64(self) -> Result<f64, ReadError> {
        let resolved = self.resolve_for("float64")?;
        match resolved.value {
            Value::Null => Ok(0.0),
            Value::Int(value) => Ok(value as f64),
            Value::Unsigned(value) => Ok(value as f64),
            Value::Float(value) => Ok(value),
            _ => Err(ReadError::scalar_mismatch(self, &resolved, "float64")),
        }
    }

    /// The node as what it looks like. Bytes that are not text have replacement characters.
    ///
    /// # Errors
    /// It is a collection, or contradicts its tag.
    pub(crate) fn read_plain(self) -> Result<PlainValue<'t>, ReadError> {
        Ok(match self.resolve_for("interface {}")?.value {
            Value::Null => PlainValue::Null,
            Value::Bool(value) => PlainValue::Bool(value),
            Value::Int(value) => PlainValue::Int(value),
            Value::Unsigned(value) => PlainValue::Unsigned(value),
            Value::Float(value) => PlainValue::Float(value),
            Value::Text(text) => PlainValue::Text(Cow::Borrowed(text)),
            Value::Timestamp => PlainValue::Text(Cow::Borrowed(self.value())),
            Value::Binary(bytes) => PlainValue::Text(Cow::Owned(String::from_utf8_lossy(&bytes).into_owned())),
        })
    }

    /// Whether yaml.v2 leaves the field alone that has this value: nothing, `null`, `~`, and also the
    /// quoted `'null'` and `'~'`; not `Null`, which reads as the zero value of the field's type.
    ///
    /// ```
    /// let tree = promcfg::yaml::Tree::parse("{a: , b: ~, c: '', d: Null}");
    /// let nulls: Vec<bool> = tree.root().expect("is a map").entries().map(|(_, value)| value.is_null()).collect();
    /// assert_eq!(nulls, [true, true, false, false]);
    /// ```
    #[must_use]
    pub fn is_null(self) -> bool {
        is_prepared_null(self)
    }

    /// Whether the node reads as the zero value of any type: all forms of null, `''` excepted.
    ///
    /// # Errors
    /// It contradicts its tag.
    pub fn reads_as_zero(self) -> Result<bool, ReadError> {
        match self.kind() {
            NodeKind::Scalar => Ok(resolve(self).map_err(ReadError::Broken)?.value == Value::Null),
            _ => Ok(false),
        }
    }

    /// Whether the scalar is a text for yaml.v2 whatever the field's type: not a number, a truth value,
    /// a time or null.
    ///
    /// ```
    /// let is_text = |text: &str| promcfg::yaml::Tree::parse(text).root().expect("has a node").is_text();
    /// assert!(is_text("prod") && is_text("'1'") && !is_text("1_000") && !is_text("on"));
    /// ```
    #[must_use]
    pub fn is_text(self) -> bool {
        self.kind() == NodeKind::Scalar && resolve(self).is_ok_and(|resolved| matches!(resolved.value, Value::Text(_)))
    }

    /// Whether the node is the key `<<` that merges the entries of its value into the mapping.
    #[must_use]
    pub fn is_merge_key(self) -> bool {
        is_merge_key(self)
    }

    fn resolve_for(self, wanted: &'static str) -> Result<Resolved<'t>, ReadError> {
        if self.kind() != NodeKind::Scalar {
            return Err(ReadError::mismatch(self, wanted));
        }
        resolve(self).map_err(ReadError::Broken)
    }
}

#[cfg(test)]
mod tests {
    use crate::yaml::Tree;

    #[test]
    fn every_scalar_but_null_is_a_string_as_written() {
        for (text, expected) in
            [("0x10", "0x10"), ("Null", ""), ("'~'", "~"), ("2001-1-2", "2001-1-2"), ("!!binary aGk=", "hi")]
        {
            assert_eq!(Tree::parse(text).root().unwrap().read_string().unwrap(), expected);
        }
    }

    #[test]
    fn a_refusal_shows_the_tag_and_the_beginning_of_the_value() {
        let refused = |text: &str| Tree::parse(text).root().unwrap().read_bool().unwrap_err().to_string();
        assert_eq!(refused("'true'"), "cannot unmarshal !!str `true` into bool");
        assert_eq!(refused("12345678901"), "cannot unmarshal !!int `1234567...` into bool");
        assert_eq!(refused("{a: b}"), "cannot unmarshal !!map into bool");
        assert_eq!(refused("!mine x"), "cannot unmarshal !mine `x` into bool");
        assert_eq!(refused("!!seq 12345678901"), "cannot unmarshal !!seq12345678901 into bool");
        assert_eq!(refused("!!int x"), "yaml: cannot decode !!str `x` as a !!int");
    }

    #[test]
    fn bytes_that_are_no_text_are_reported_not_replaced() {
        let tree = Tree::parse("!!binary /w==");
        assert_eq!(tree.root().unwrap().read_string(), Err(super::ReadError::NotText(vec![255])));
    }

    #[test]
    fn numbers_go_into_the_types_they_fit() {
        let unsigned = |text: &str| Tree::parse(text).root().unwrap().read_u64().ok();
        assert_eq!(unsigned("18446744073709551615"), Some(u64::MAX));
        assert_eq!(unsigned("-1"), None);
        assert_eq!(unsigned("1.9"), Some(1));
        assert_eq!(unsigned("~"), Some(0));
        let signed = |text: &str| Tree::parse(text).root().unwrap().read_i64().ok();
        assert_eq!(signed("9223372036854775808"), None);
        assert_eq!(signed("1e30"), None);
        assert_eq!(signed(".nan"), None);
    }
}
