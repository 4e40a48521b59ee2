//! Texts → objects: JSON in one pass, YAML over the tree of each document.
//!
//! As the clients of Kubernetes read them: names of fields are case-sensitive, unknown fields are skipped, null is an
//! absent value, of a repeated key the last value counts, and a value of another type is refused.

mod json;
mod object;
mod yaml;

use std::fmt;

use super::objects::KubernetesObjects;

/// Why a text, or a document of it, holds no objects that can be used.
///
/// ```
/// use promcfg::discovery::KubernetesObjects;
/// let text = r#"{"kind": "Pod", "metadata": {"name": "cart", "namespace": "shop"}, "spec": {"nodeName": 7}}"#;
/// let (objects, errors) = KubernetesObjects::read(text);
/// assert!(objects.is_empty());
/// assert_eq!(errors[0].to_string(), "Pod shop/cart: spec.nodeName: expected a string, found a number (line 1, column 89)");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ObjectError {
    /// What is wrong, with the object and the field.
    pub message: String,
    /// The line in the text, from 1; 0 if it is not known.
    pub line: usize,
    /// The column in the line, from 1; 0 if it is not known.
    pub column: usize,
}

impl fmt::Display for ObjectError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)?;
        if self.line > 0 { write!(f, " (line {}, column {})", self.line, self.column) } else { Ok(()) }
    }
}

impl std::error::Error for ObjectError {}

/// A text that is not valid JSON, but may be YAML, is read again if it is not larger than that.
const MAX_SECOND_READ: usize = 16 << 20;

impl KubernetesObjects {
    /// Reads the objects of a text: JSON (a list, an object, or several one after the other) or YAML documents. Objects
    /// of kinds that discovery does not read are counted and skipped.
    ///
    /// The errors are of lists or documents, none of whose objects is used.
    ///
    /// ```
    /// use promcfg::discovery::KubernetesObjects;
    /// let text = "kind: Pod\nmetadata: {name: cart, namespace: shop}\n---\nkind: Secret\ndata: {a: Yg==}\n";
    /// let (objects, errors) = KubernetesObjects::read(text);
    /// assert_eq!((objects.len(), errors.len()), (1, 0));
    /// ```
    #[must_use]
    pub fn read(text: &str) -> (Self, Vec<ObjectError>) {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        if !text.trim_start().starts_with(['{', '[']) {
            return yaml::read(text);
        }
        let (objects, error) = json::read(text);
        let Some(error) = error else { return (objects, Vec::new()) };
        if error.is_syntax && text.len() <= MAX_SECOND_READ {
            let (objects, errors) = yaml::read(text);
            if errors.is_empty() {
                return (objects, errors);
            }
        }
        (objects, vec![error.error])
    }
}

#[cfg(test)]
mod tests;
