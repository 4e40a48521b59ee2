//! The patterns of the schemas, compiled when they are first used.

use std::sync::OnceLock;

use crate::re2::Regex;

/// A pattern that texts must match.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Pattern {
    Duration,
    Size,
    /// A URL of any kind of server.
    AnyUrl,
    HttpUrl,
    WebUrl,
    ProxyUrl,
    TargetFile,
    /// A number with the units of Kubernetes.
    Quantity,
    Identifier,
    Scope,
}

/// How many there are.
const COUNT: usize = Pattern::Scope as usize + 1;

impl Pattern {
    /// As the schemas spell it.
    pub(super) const fn text(self) -> &'static str {
        match self {
            Self::Duration => {
                "^(0|(([0-9]+)y)?(([0-9]+)w)?(([0-9]+)d)?(([0-9]+)h)?(([0-9]+)m)?(([0-9]+)s)?(([0-9]+)ms)?)$"
            }
            Self::Size => "(^0|([0-9]*[.])?[0-9]+((K|M|G|T|E|P)i?)?B)$",
            Self::AnyUrl => "^[a-zA-Z][a-zA-Z0-9+.-]*://.+$",
            Self::HttpUrl => "^(http|https)://.+$",
            Self::WebUrl => "^https?://.+$",
            Self::ProxyUrl => "^(http|https|socks5)://.+$",
            Self::TargetFile => r"^[^*]*(\*[^/]*)?\.(json|yml|yaml|JSON|YML|YAML)$",
            Self::Quantity => concat!(
                r"^(\+|-)?(([0-9]+(\.[0-9]*)?)|(\.[0-9]+))",
                r"(([KMGTPE]i)|[numkMGTPE]|([eE](\+|-)?(([0-9]+(\.[0-9]*)?)|(\.[0-9]+))))?$"
            ),
            Self::Identifier => "^[0-9a-zA-Z-.]+$",
            Self::Scope => r"^[\w\s:/.\\-]+$",
        }
    }

    /// Whether it matches anywhere in the text. A text that is too large for the engine does not.
    pub(super) fn is_match(self, text: &str) -> bool {
        static COMPILED: [OnceLock<Option<Regex>>; COUNT] = [const { OnceLock::new() }; COUNT];
        let regex = COMPILED[self as usize].get_or_init(|| {
            // The engine matches whole texts, in which `.` is any character.
            let before = if self.text().starts_with('^') { "" } else { ".*" };
            Regex::new(&format!("{before}(?-s:{})", self.text())).ok()
        });
        regex.as_ref().is_some_and(|regex| regex.is_match(text).unwrap_or(false))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_have_units_in_order_and_may_be_empty() {
        for text in ["", "0", "30s", "1y2w3d4h5m6s7ms"] {
            assert!(Pattern::Duration.is_match(text), "{text:?}");
        }
        for text in ["30", "1.5m", "1m 30s", "-5s", "1h1d", "30s\n", "00"] {
            assert!(!Pattern::Duration.is_match(text), "{text:?}");
        }
    }

    #[test]
    fn a_size_is_the_end_of_its_text() {
        for text in ["0", "10MB", "1.5GiB", "size 10MB", "\n10B"] {
            assert!(Pattern::Size.is_match(text), "{text:?}");
        }
        for text in ["", "10", "10mb", "10MB ", "00"] {
            assert!(!Pattern::Size.is_match(text), "{text:?}");
        }
    }

    #[test]
    fn urls_are_on_one_line() {
        assert!(Pattern::ProxyUrl.is_match("socks5://a"));
        assert!(!Pattern::ProxyUrl.is_match("http://a\nb"));
        assert!(!Pattern::HttpUrl.is_match("socks5://a"));
    }

    #[test]
    fn every_pattern_compiles() {
        let all = [
            (Pattern::Duration, "1s"),
            (Pattern::Size, "1B"),
            (Pattern::AnyUrl, "grpc://a"),
            (Pattern::HttpUrl, "http://a"),
            (Pattern::WebUrl, "https://a"),
            (Pattern::ProxyUrl, "http://a"),
            (Pattern::TargetFile, "/a/*.json"),
            (Pattern::Quantity, "1.5Gi"),
            (Pattern::Identifier, "a-1.b"),
            (Pattern::Scope, "https://a/.default"),
        ];
        assert_eq!(all.len(), COUNT);
        for (pattern, text) in all {
            assert!(pattern.is_match(text), "{pattern:?}");
            assert!(!pattern.is_match("\u{1}"), "{pattern:?}");
        }
    }
}
