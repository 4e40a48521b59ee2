//! Which of Go's regular-expression syntaxes a pattern is written in.

use crate::release::{Release, unicode_of_go};

/// The syntax of patterns: it differs by the version of Go, and by what Prometheus puts around a pattern.
/// The default is that of Go 1.27, with `.` matching newlines as since Prometheus 3.0; no release is built with it.
///
/// ```
/// use promcfg::re2::{Regex, Syntax};
/// let old = Syntax::of("2.42".parse().unwrap());
/// assert_eq!(Regex::new("a.b").unwrap().is_match("a\nb"), Ok(true));
/// assert_eq!(Regex::with_syntax("a.b", old).unwrap().is_match("a\nb"), Ok(false));
/// assert!(Regex::with_syntax("(?<name>a)", old).is_err());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Syntax {
    is_dot_all: bool,
    go: u16,
}

impl Default for Syntax {
    fn default() -> Self {
        Self { is_dot_all: true, go: 27 }
    }
}

impl Syntax {
    /// The syntax of the patterns of relabel rules in a release.
    #[must_use]
    pub fn of(release: Release) -> Self {
        Self { is_dot_all: release.has_dot_all(), go: release.go_version() }
    }

    /// What Prometheus puts before a pattern.
    pub(super) fn prefix(self) -> &'static str {
        if self.is_dot_all { "^(?s:" } else { "^(?:" }
    }

    /// Whether a group may be named as `(?<name>…)`.
    pub(super) fn has_short_names(self) -> bool {
        self.go >= 22
    }

    /// Whether long names of classes are known, and case, blanks, `_` and `-` in the names do not count.
    pub(super) fn has_loose_class_names(self) -> bool {
        self.go >= 25
    }

    /// The major version of Unicode.
    pub(crate) fn unicode(self) -> u16 {
        unicode_of_go(self.go)
    }
}
