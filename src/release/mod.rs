//! The Prometheus version that a config is for, and what differs from version to version.
//!
//! Every number of a version is here: elsewhere a [`Release`] is asked by a predicate with a name, or
//! by the [`Availability`] of a row of a table.
//!
//! Sources: the tags of prometheus/prometheus from 2.30.0 to 3.14.0 and its main branch, their `go.mod`
//! and `.promu.yml`, and CHANGELOG.md; for 2.42 and 3.14 also what `promtool` answers.

mod availability;
mod config;
mod go;
mod names;
mod parse;
mod rules;
mod targets;
mod words;

use std::fmt;

pub use availability::Availability;
pub(crate) use go::unicode_of_go;
pub use parse::UnknownReleaseError;
pub use words::NameSchemeWords;

/// A Prometheus release from 2.30 on, or what comes after the newest one. The newest release is the default.
///
/// ```
/// use promcfg::Release;
/// let release: Release = "2.53".parse().unwrap();
/// assert_eq!(release.to_string(), "2.53.5");
/// assert!(release.appends_default_port() && !release.has_utf8_names());
/// assert!(release < Release::LATEST && Release::LATEST < Release::NEXT);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Release {
    major: u16,
    minor: u16,
    patch: u16,
    /// The minor version of Go, where it is not that of the released build.
    go: Option<u16>,
}

/// The first minor release of each major version, and for each of its minor releases the newest known patch.
const KNOWN: &[(u16, u16, &[u16])] = &[
    (2, 30, &[3, 2, 1, 5, 0, 0, 2, 9, 0, 2, 7, 0, 0, 1, 0, 6, 0, 2, 1, 1, 1, 2, 0, 5, 1, 1]),
    (3, 0, &[1, 0, 1, 1, 2, 5, 0, 3, 1, 1, 0, 3, 0, 0, 0]),
];

impl Release {
    /// The newest release: Prometheus 3.14.
    pub const LATEST: Self = Self::new(3, 14, 0);

    /// What is on Prometheus's main branch and in no release yet.
    pub const NEXT: Self = Self::new(u16::MAX, 0, 0);

    const fn new(major: u16, minor: u16, patch: u16) -> Self {
        Self { major, minor, patch, go: None }
    }

    /// Every minor release that is known, with its newest patch, from old to new, [`Release::NEXT`] last.
    ///
    /// ```
    /// use promcfg::Release;
    /// let known: Vec<String> = Release::known().map(|release| release.to_string()).collect();
    /// assert_eq!((known[0].as_str(), known[known.len() - 1].as_str()), ("2.30.3", "next"));
    /// assert!(Release::known().any(|release| release == Release::LATEST));
    /// ```
    pub fn known() -> impl Iterator<Item = Self> {
        let minors = KNOWN.iter().flat_map(|&(major, first, patches)| {
            patches.iter().zip(first..).map(move |(&patch, minor)| Self::new(major, minor, patch))
        });
        minors.chain([Self::NEXT])
    }

    /// The minor release without its patch, such as `2.53`.
    ///
    /// ```
    /// let release: promcfg::Release = "2.53.4".parse().unwrap();
    /// assert_eq!(release.minor_name(), "2.53");
    /// ```
    #[must_use]
    pub fn minor_name(self) -> String {
        if self.is_next() { "next".to_string() } else { format!("{}.{}", self.major, self.minor) }
    }

    fn is_next(self) -> bool {
        self.major == Self::NEXT.major
    }

    fn is_at_least(self, major: u16, minor: u16) -> bool {
        self >= Self::new(major, minor, 0)
    }

    fn is_minor(self, major: u16, minor: u16) -> bool {
        (self.major, self.minor) == (major, minor)
    }
}

impl Release {
    /// Without a patch that is 0: `2.53`, `3.11.2`.
    fn shown(self) -> String {
        if self.patch == 0 { self.minor_name() } else { self.to_string() }
    }
}

impl Default for Release {
    fn default() -> Self {
        Self::LATEST
    }
}

impl fmt::Display for Release {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_next() {
            f.write_str("next")?;
        } else {
            write!(f, "{}.{}.{}", self.major, self.minor, self.patch)?;
        }
        self.go.map_or(Ok(()), |go| write!(f, "+go1.{go}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Release {
        text.parse().unwrap()
    }

    #[test]
    fn releases_are_ordered_by_number_and_next_is_last() {
        let texts = ["2.30", "2.53.4", "2.53.5", "2.55", "3.0", "3.5.1", "3.9", "3.14", "next"];
        let releases = texts.map(read);
        assert!(releases.is_sorted(), "{releases:?}");
        assert!(Release::known().is_sorted());
        assert_eq!(Release::known().count(), 26 + 15 + 1);
    }

    #[test]
    fn backports_are_known_by_their_patch() {
        assert_eq!((read("2.45.1").go_version(), read("2.45.2").go_version()), (20, 21));
        assert!(read("3.7.1").refuses_legacy_labelmap_references());
        assert!(!read("3.7").refuses_legacy_labelmap_references());
        assert!(read("3.5").needs_escaping_for_legacy_jobs() && !read("3.3").needs_escaping_for_legacy_jobs());
        assert!(!read("2.32.0").checks_interval_labels() && read("2.32").checks_interval_labels());
    }

    #[test]
    fn a_build_with_another_go_is_the_same_release() {
        let own = read("3.14+go1.27");
        assert!(own > Release::LATEST && own < Release::NEXT && own.minor_name() == "3.14");
        assert!(own.appends_default_port() == Release::LATEST.appends_default_port() && own.has_dot_all());
        assert!(read("next+go1.27").has_unix_sockets() && !own.has_unix_sockets());
        assert!(!read("2.42+go1.26").has_dot_all() && read("2.42+go1.26").has_strict_hosts());
    }
}
