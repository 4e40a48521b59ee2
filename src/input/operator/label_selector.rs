//! Label selectors as objects have them: `matchLabels` and `matchExpressions`.
//!
//! Source: `metav1.LabelSelectorAsSelector`.

use crate::discovery::{LabelRequirement, LabelSelector};
use crate::text::Location;

use super::generate::Fault;
use super::value::{Entry, Value};

/// A label selector, of which each requirement knows its place.
#[derive(Clone, Debug, Default)]
pub(super) struct PlacedSelector {
    selector: LabelSelector,
    places: Vec<Location>,
}

impl PlacedSelector {
    /// Reads a selector. Kubernetes takes `matchLabels` in any order; here it is that of the names.
    ///
    /// # Errors
    /// What Kubernetes says of the first entry that is not valid.
    pub(super) fn of(value: &Value) -> Result<Self, Fault> {
        let mut own = Self::default();
        let mut labels: Vec<&Entry> = value.get("matchLabels").map_or(&[][..], Value::entries).iter().collect();
        labels.sort_by(|one, other| one.key.cmp(&other.key));
        for label in labels {
            let text = label.value.as_str().unwrap_or("");
            own.selector.require_value(&label.key, text).map_err(|why| Fault::new(why, label.value.at))?;
            own.places.push(label.value.at);
        }
        for expression in value.get("matchExpressions").map_or(&[][..], Value::items) {
            let values: Option<Vec<&str>> =
                expression.get("values").map(|values| values.items().iter().filter_map(Value::as_str).collect());
            let (key, operator) = (expression.text("key"), expression.text("operator"));
            own.selector.require(key, operator, values.as_deref()).map_err(|why| Fault::new(why, expression.at))?;
            own.places.push(expression.at);
        }
        Ok(own)
    }

    /// What it wants, each with its place.
    pub(super) fn requirements(&self) -> impl Iterator<Item = (&LabelRequirement, Location)> {
        self.selector.requirements().iter().zip(self.places.iter().copied())
    }
}
