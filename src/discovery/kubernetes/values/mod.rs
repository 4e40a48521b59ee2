//! Values of objects, read from any format: null is an absent value, a value of another type is refused with the way to
//! it, and of a repeated key the last value counts.

mod fields;
mod path;
mod scalars;

pub(super) use fields::{KeySeed, MapFields, Read, next_value, read_fields, record};
pub(super) use path::{of_object, refuse_others, refused, unexpected, without_mark};
pub(super) use scalars::{PortReference, Presence, StringMap, Text};
