//! A sample of a page, and the values in it.

use std::borrow::Cow;

use crate::text::parse_float;

use super::fault::Kind;
use super::format::PageFormat;

/// A sample of a page.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PageSample<'t> {
    /// The name of the metric.
    pub name: Cow<'t, str>,
    /// The labels in the order of the page. A name may occur several times, and `__name__` may be one of them.
    pub labels: Vec<(Cow<'t, str>, Cow<'t, str>)>,
    /// The value.
    pub value: f64,
    /// The timestamp in milliseconds.
    pub timestamp: Option<i64>,
}

/// The type of the metrics that follow, as far as it matters for labels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum MetricType {
    Histogram,
    Summary,
    Other,
}

impl MetricType {
    pub(super) fn named(name: &[u8], format: PageFormat) -> Option<Self> {
        match (name, format) {
            (b"histogram", _) => Some(Self::Histogram),
            (b"summary", _) => Some(Self::Summary),
            (b"counter" | b"gauge", _) | (b"untyped", PageFormat::Text) => Some(Self::Other),
            (b"gaugehistogram" | b"info" | b"stateset" | b"unknown", PageFormat::OpenMetrics) => Some(Self::Other),
            _ => None,
        }
    }

    /// The label whose values are floats.
    pub(super) fn bound(self) -> Option<&'static str> {
        match self {
            Self::Histogram => Some("le"),
            Self::Summary => Some("quantile"),
            Self::Other => None,
        }
    }
}

/// A value or a timestamp.
pub(super) fn number(text: &str) -> Result<f64, Kind> {
    let read = parse_float(text);
    if has_refused_character(text.as_bytes()) {
        return Err(Kind::NumberCharacter);
    }
    read.map_err(Kind::Number)
}

/// A time in seconds as milliseconds; `None` if it is not finite.
pub(super) fn milliseconds(seconds: f64) -> Option<i64> {
    seconds.is_finite().then_some((seconds * 1000.0) as i64)
}

/// Characters of Go's newer floats.
pub(super) fn has_refused_character(text: &[u8]) -> bool {
    text.iter().any(|byte| matches!(byte, b'p' | b'P' | b'_'))
}
