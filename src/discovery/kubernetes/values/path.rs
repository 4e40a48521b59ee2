//! Errors about values, with the way to the value: each reader of a collection adds its step.

use std::fmt::{self, Display};

use serde::de::Error;

/// What the text of an error about a value begins with. Steps are added after it.
const MARK: char = '\u{1}';

/// A value of another type.
pub(in crate::discovery::kubernetes) fn unexpected<E: Error>(wanted: &str, found: &str) -> E {
    E::custom(format_args!("{MARK}: expected {wanted}, found {found}"))
}

/// A value that cannot be used.
pub(in crate::discovery::kubernetes) fn refused<E: Error>(message: &str) -> E {
    E::custom(format_args!("{MARK}: {message}"))
}

/// The error of a value, as one of the collection that holds it.
pub(in crate::discovery::kubernetes) fn inside<E: Error>(error: E, step: Step<'_>) -> E {
    match error.to_string().strip_prefix(MARK) {
        Some(rest) => E::custom(format_args!("{MARK}{step}{rest}")),
        None => error,
    }
}

/// The error of an object, with the object's name, to which nothing is added any more.
pub(in crate::discovery::kubernetes) fn of_object<E: Error>(error: E, object: &str) -> E {
    match error.to_string().strip_prefix(MARK) {
        Some(rest) => E::custom(format_args!("{object}: {}", without_mark(rest))),
        None => error,
    }
}

/// The text of an error without what is for adding steps.
pub(in crate::discovery::kubernetes) fn without_mark(text: &str) -> &str {
    text.trim_start_matches([MARK, '.']).trim_start_matches(": ")
}

/// A step on the way to a value.
#[derive(Clone, Copy)]
pub(in crate::discovery::kubernetes) enum Step<'k> {
    /// The value of a key.
    Key(&'k str),
    /// An item of a list.
    Index(usize),
}

impl Display for Step<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Key(key) => write!(f, ".{key}"),
            Self::Index(index) => write!(f, "[{index}]"),
        }
    }
}

/// The methods of a visitor that refuse all scalars but null.
macro_rules! refuse_others {
    ($wanted:expr) => {
        fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str($wanted)
        }

        fn visit_bool<E: serde::de::Error>(self, _: bool) -> Result<Self::Value, E> {
            Err($crate::discovery::kubernetes::values::unexpected($wanted, "a truth value"))
        }

        fn visit_i64<E: serde::de::Error>(self, _: i64) -> Result<Self::Value, E> {
            Err($crate::discovery::kubernetes::values::unexpected($wanted, "a number"))
        }

        fn visit_u64<E: serde::de::Error>(self, _: u64) -> Result<Self::Value, E> {
            Err($crate::discovery::kubernetes::values::unexpected($wanted, "a number"))
        }

        fn visit_f64<E: serde::de::Error>(self, _: f64) -> Result<Self::Value, E> {
            Err($crate::discovery::kubernetes::values::unexpected($wanted, "a number"))
        }

        fn visit_str<E: serde::de::Error>(self, _: &str) -> Result<Self::Value, E> {
            Err($crate::discovery::kubernetes::values::unexpected($wanted, "a string"))
        }
    };
}
pub(in crate::discovery::kubernetes) use refuse_others;
