//! The formats of a page, and how one is chosen.

use super::media_type::{MediaTypeError, media_type};
use crate::text::go_quote;

use std::fmt;

/// The format of a page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum PageFormat {
    /// The Prometheus text format, `text/plain`.
    #[default]
    Text,
    /// OpenMetrics, `application/openmetrics-text`.
    OpenMetrics,
}

/// Why a content type names no format of a page.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ContentTypeError {
    /// The content type.
    pub content_type: String,
    kind: Kind,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Kind {
    Empty,
    Invalid(MediaTypeError),
    Unknown,
    /// Protocol buffers are not text.
    Binary,
}

impl fmt::Display for ContentTypeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let content_type = go_quote(&self.content_type);
        match &self.kind {
            Kind::Empty => f.write_str("empty content type"),
            Kind::Invalid(error) => write!(f, "invalid content type {content_type}: {}", error.message()),
            Kind::Unknown => write!(f, "unknown content type {content_type}"),
            Kind::Binary => write!(f, "pages in protocol buffers are not read"),
        }
    }
}

impl std::error::Error for ContentTypeError {}

impl ContentTypeError {
    /// The message with which the scrape of a job without `fallback_scrape_protocol` fails; `None` if Prometheus reads such
    /// pages, and promcfg does not.
    ///
    /// ```
    /// use promcfg::exposition::PageFormat;
    /// let error = PageFormat::of_content_type("").unwrap_err();
    /// let message = "non-compliant scrape target sending blank Content-Type and no fallback_scrape_protocol specified for target";
    /// assert_eq!(error.upstream().as_deref(), Some(message));
    /// ```
    #[must_use]
    pub fn upstream(&self) -> Option<String> {
        let content_type = go_quote(&self.content_type);
        let none = "no fallback_scrape_protocol";
        match &self.kind {
            Kind::Empty => {
                Some(format!("non-compliant scrape target sending blank Content-Type and {none} specified for target"))
            }
            Kind::Invalid(error) => Some(format!(
                "cannot parse Content-Type {content_type} and {none} for target\nmime: {}",
                error.message()
            )),
            Kind::Unknown => {
                Some(format!("received unsupported Content-Type {content_type} and {none} specified for target"))
            }
            Kind::Binary => None,
        }
    }
}

impl PageFormat {
    /// The format that a `Content-Type` header names, of a target without `fallback_scrape_protocol`. The header is read as
    /// Go's `mime.ParseMediaType` reads it. Its parameters change nothing: Prometheus reads all versions alike.
    ///
    /// ```
    /// use promcfg::exposition::PageFormat;
    /// let format = PageFormat::of_content_type("application/openmetrics-text; version=1.0.0; charset=utf-8");
    /// assert_eq!(format, Ok(PageFormat::OpenMetrics));
    /// assert!(PageFormat::of_content_type("text/html").is_err());
    /// assert!(PageFormat::of_content_type("text/plain; version").is_err());
    /// ```
    ///
    /// # Errors
    /// No type, a header that is not valid, another type; also that of protocol buffers, which are not text.
    pub fn of_content_type(content_type: &str) -> Result<Self, ContentTypeError> {
        let error = |kind| Err(ContentTypeError { content_type: content_type.to_string(), kind });
        if content_type.is_empty() {
            return error(Kind::Empty);
        }
        match media_type(content_type) {
            Err(invalid) => error(Kind::Invalid(invalid)),
            Ok(media_type) => match media_type.as_str() {
                "text/plain" => Ok(Self::Text),
                "application/openmetrics-text" => Ok(Self::OpenMetrics),
                "application/vnd.google.protobuf" => error(Kind::Binary),
                _ => error(Kind::Unknown),
            },
        }
    }

    /// The format that a `Content-Type` header names; where it names none, that of `fallback_scrape_protocol` of the job.
    ///
    /// ```
    /// use promcfg::exposition::PageFormat;
    /// assert_eq!(PageFormat::with_fallback("text/html", "OpenMetricsText1.0.0"), Ok(PageFormat::OpenMetrics));
    /// assert_eq!(PageFormat::with_fallback("text/plain", "OpenMetricsText1.0.0"), Ok(PageFormat::Text));
    /// assert!(PageFormat::with_fallback("text/html", "").is_err());
    /// ```
    ///
    /// # Errors
    /// As [`of_content_type`](Self::of_content_type), if the job has no fallback; protocol buffers.
    pub fn with_fallback(content_type: &str, protocol: &str) -> Result<Self, ContentTypeError> {
        let error = match Self::of_content_type(content_type) {
            Err(error) if error.kind != Kind::Binary => error,
            chosen => return chosen,
        };
        match Self::of_protocol(protocol) {
            Some(format) => Ok(format),
            None if protocol.is_empty() => Err(error),
            None => Err(ContentTypeError { kind: Kind::Binary, ..error }),
        }
    }

    /// The format of a scrape protocol by its name in a config; `None` for protocol buffers and for unknown names.
    ///
    /// ```
    /// use promcfg::exposition::PageFormat;
    /// assert_eq!(PageFormat::of_protocol("PrometheusText0.0.4"), Some(PageFormat::Text));
    /// assert_eq!(PageFormat::of_protocol("PrometheusProto"), None);
    /// ```
    #[must_use]
    pub fn of_protocol(protocol: &str) -> Option<Self> {
        match protocol {
            "PrometheusText0.0.4" | "PrometheusText1.0.0" => Some(Self::Text),
            "OpenMetricsText0.0.1" | "OpenMetricsText1.0.0" => Some(Self::OpenMetrics),
            _ => None,
        }
    }

    /// The format that a page without a content type has by its content: OpenMetrics requires `# EOF` as the last line,
    /// which is a comment without use in the text format. Blank lines after it are a mistake in the page, and decide nothing.
    ///
    /// ```
    /// use promcfg::exposition::PageFormat;
    /// assert_eq!(PageFormat::of_content("up 1\n# EOF\n"), PageFormat::OpenMetrics);
    /// assert_eq!(PageFormat::of_content("up 1\n"), PageFormat::Text);
    /// ```
    #[must_use]
    pub fn of_content(page: &(impl AsRef<[u8]> + ?Sized)) -> Self {
        let content = page.as_ref().trim_ascii_end();
        let is_last =
            content.strip_suffix(b"# EOF").is_some_and(|before| before.last().is_none_or(|byte| *byte == b'\n'));
        if is_last { Self::OpenMetrics } else { Self::Text }
    }
}
