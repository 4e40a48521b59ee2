//! The formats of a page, and how one is chosen.

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
}

impl fmt::Display for ContentTypeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "unknown content type {:?}", self.content_type)
    }
}

impl std::error::Error for ContentTypeError {}

impl PageFormat {
    /// The format that a `Content-Type` header names. Its parameters change nothing: Prometheus reads all versions alike.
    ///
    /// ```
    /// use promcfg::exposition::PageFormat;
    /// let format = PageFormat::of_content_type("application/openmetrics-text; version=1.0.0; charset=utf-8");
    /// assert_eq!(format, Ok(PageFormat::OpenMetrics));
    /// assert!(PageFormat::of_content_type("text/html").is_err());
    /// ```
    ///
    /// # Errors
    /// Another type, also that of protocol buffers, which are not text.
    pub fn of_content_type(content_type: &str) -> Result<Self, ContentTypeError> {
        let media_type = content_type.split(';').next().unwrap_or_default().trim();
        if media_type.eq_ignore_ascii_case("text/plain") {
            Ok(Self::Text)
        } else if media_type.eq_ignore_ascii_case("application/openmetrics-text") {
            Ok(Self::OpenMetrics)
        } else {
            Err(ContentTypeError { content_type: content_type.to_string() })
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
    pub fn of_content(text: &str) -> Self {
        let content = text.trim_ascii_end();
        let last = content.rsplit('\n').next().unwrap_or_default();
        if last == "# EOF" { Self::OpenMetrics } else { Self::Text }
    }
}
