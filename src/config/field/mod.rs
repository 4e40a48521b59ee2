//! Fields by their paths, and values for them: `path` reads the way to a field, `value` what is to be written there, and
//! `texts` finds all values that are strings.

mod path;
mod texts;
mod value;

pub(crate) use path::{FieldError, FieldPath, FieldRoot, Step, keys_of_global, keys_of_jobs, shown_steps, steps_of};
pub(crate) use texts::text_nodes;
pub(crate) use value::FieldValue;

#[cfg(test)]
mod tests;
