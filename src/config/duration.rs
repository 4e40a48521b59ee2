//! Durations as Prometheus writes and reads them.

use crate::release::Release;
use std::fmt;

use thiserror::Error;

use crate::text::go_quote;

/// A duration in nanoseconds, from 0 to 2⁶³−1.
///
/// Source: `model.Duration` of prometheus/common 0.70. Displays as Prometheus writes it into labels:
/// years and weeks only when nothing else is left over.
///
/// ```
/// use promcfg::config::Duration;
/// let duration = Duration::parse("90s")?;
/// assert_eq!(duration.to_string(), "1m30s");
/// assert!(Duration::parse("15").is_err()); // a number needs a unit
/// # Ok::<(), promcfg::config::DurationError>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Duration {
    nanoseconds: i64,
}

const MILLISECOND: i64 = 1_000_000;
const SECOND: i64 = 1_000 * MILLISECOND;
const MINUTE: i64 = 60 * SECOND;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// Units in the order they must be written in; the flag says whether a duration is written in that
/// unit only if it is a whole number of it.
const UNITS: [(&str, i64, bool); 7] = [
    ("y", 365 * DAY, true),
    ("w", 7 * DAY, true),
    ("d", DAY, false),
    ("h", HOUR, false),
    ("m", MINUTE, false),
    ("s", SECOND, false),
    ("ms", MILLISECOND, false),
];

impl Duration {
    /// A duration of whole seconds.
    ///
    /// ```
    /// assert_eq!(promcfg::config::Duration::from_seconds(60).to_string(), "1m");
    /// ```
    #[must_use]
    pub const fn from_seconds(seconds: u32) -> Self {
        Self { nanoseconds: seconds as i64 * SECOND }
    }

    /// Reads `1h30m` and the like: numbers with units from `y` down to `ms`, or `0`.
    ///
    /// # Errors
    /// The text is none, or more than 292 years.
    pub fn parse(text: &str) -> Result<Self, DurationError> {
        match text {
            "" => return Err(DurationError::Empty),
            "0" => return Ok(Self::default()),
            _ => {}
        }
        let invalid = || DurationError::Invalid(text.to_string());
        let mut rest = text;
        let mut next_unit = 0;
        let mut total = 0_u64;
        while !rest.is_empty() {
            let (digits, after) = split_where(rest, |byte| !byte.is_ascii_digit());
            let number: u64 = digits.parse().map_err(|_| invalid())?;
            let (name, after) = split_where(after, |byte| byte.is_ascii_digit());
            if name.is_empty() {
                return Err(invalid());
            }
            let unit = UNITS.iter().position(|(unit, ..)| *unit == name);
            let unit =
                unit.ok_or_else(|| DurationError::UnknownUnit { unit: name.to_string(), text: text.to_string() })?;
            if unit < next_unit {
                return Err(invalid());
            }
            let length = number.checked_mul(UNITS[unit].1.unsigned_abs());
            total = length.and_then(|length| total.checked_add(length)).ok_or(DurationError::OutOfRange)?;
            next_unit = unit + 1;
            rest = after;
            if i64::try_from(total).is_err() {
                return Err(DurationError::OutOfRange);
            }
        }
        i64::try_from(total).map(|nanoseconds| Self { nanoseconds }).map_err(|_| DurationError::OutOfRange)
    }

    /// Whether it is 0, which means "not set" in most fields.
    #[must_use]
    pub const fn is_zero(self) -> bool {
        self.nanoseconds == 0
    }

    /// The number of nanoseconds.
    #[must_use]
    pub const fn as_nanoseconds(self) -> i64 {
        self.nanoseconds
    }
}

fn split_where(text: &str, is_end: impl Fn(u8) -> bool) -> (&str, &str) {
    let length = text.bytes().position(is_end).unwrap_or(text.len());
    text.split_at(length)
}

impl fmt::Display for Duration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut rest = self.nanoseconds / MILLISECOND * MILLISECOND;
        if rest == 0 {
            return f.write_str("0s");
        }
        for (unit, length, only_whole) in UNITS {
            if rest >= length && (!only_whole || rest % length == 0) {
                write!(f, "{}{unit}", rest / length)?;
                rest %= length;
            }
        }
        Ok(())
    }
}

/// Why a text is not a duration. Displays Prometheus's message.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum DurationError {
    /// The text is empty.
    #[error("empty duration string")]
    Empty,
    /// Not numbers with units, or units not from long to short.
    #[error("not a valid duration string: {}", go_quote(.0))]
    Invalid(String),
    /// A unit that is not known.
    #[error("unknown unit {} in duration {}", go_quote(.unit), go_quote(.text))]
    UnknownUnit {
        /// The unit.
        unit: String,
        /// The whole text.
        text: String,
    },
    /// More than 2⁶³−1 nanoseconds.
    #[error("duration out of range")]
    OutOfRange,
}

impl DurationError {
    /// The fault as a release reports it: before 2.43 it names no unit, and cuts numbers that are too long.
    #[must_use]
    pub fn in_words_of(&self, release: Release) -> Self {
        if release.names_unknown_units() {
            return self.clone();
        }
        match self {
            Self::UnknownUnit { text, .. } => Self::Invalid(text.clone()),
            Self::Invalid(text) if Duration::parse(&shortened(text)).is_ok() => Self::OutOfRange,
            fault => fault.clone(),
        }
    }
}

/// The text with `1` for every number.
fn shortened(text: &str) -> String {
    let mut short = String::new();
    for character in text.chars() {
        if !character.is_ascii_digit() {
            short.push(character);
        } else if !short.ends_with('1') {
            short.push('1');
        }
    }
    short
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(text: &str) -> String {
        Duration::parse(text).map_or_else(|fault| fault.to_string(), |duration| duration.to_string())
    }

    #[test]
    fn durations_are_written_with_years_and_weeks_only_when_whole() {
        for (text, expected) in [
            ("60s", "1m"),
            ("1500ms", "1s500ms"),
            ("14d", "2w"),
            ("8d", "8d"),
            ("365d", "1y"),
            ("1d2h", "1d2h"),
            ("24h", "1d"),
            ("010s", "10s"),
            ("0ms", "0s"),
            ("1y2w", "379d"),
        ] {
            assert_eq!(written(text), expected, "{text}");
        }
    }

    #[test]
    fn what_is_no_duration_is_refused_in_prometheuss_words() {
        for (text, expected) in [
            ("", "empty duration string"),
            ("15", r#"not a valid duration string: "15""#),
            ("00", r#"not a valid duration string: "00""#),
            ("-5s", r#"not a valid duration string: "-5s""#),
            ("1m5", r#"not a valid duration string: "1m5""#),
            ("1.5m", r#"unknown unit "." in duration "1.5m""#),
            ("1m 30s", r#"unknown unit "m " in duration "1m 30s""#),
            ("1M", r#"unknown unit "M" in duration "1M""#),
            ("5s1m", r#"not a valid duration string: "5s1m""#),
            ("1m1m", r#"not a valid duration string: "1m1m""#),
            ("293y", "duration out of range"),
            ("99999999999999999999s", r#"not a valid duration string: "99999999999999999999s""#),
        ] {
            assert_eq!(written(text), expected, "{text}");
        }
    }
}
