//! Since which release something exists, and until which one.

use super::Release;
use super::parse::numbers;

/// The releases that have a field, a value or a label: those since one, and before another one that it is
/// gone from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Availability {
    /// The first release that has it; `None` for 2.30 and all before.
    pub since: Option<Release>,
    /// The first release that does not have it any more.
    pub until: Option<Release>,
}

impl Availability {
    /// Every release has it.
    pub const ALWAYS: Self = Self { since: None, until: None };

    /// Since a minor release.
    #[must_use]
    pub(crate) const fn since(self, major: u16, minor: u16) -> Self {
        self.since_patch(major, minor, 0)
    }

    /// Since a patch.
    #[must_use]
    pub(crate) const fn since_patch(self, major: u16, minor: u16, patch: u16) -> Self {
        Self { since: Some(Release::new(major, minor, patch)), ..self }
    }

    /// Since the first patch of a minor release that a table names; an empty text is always.
    pub(crate) fn since_name(name: &str) -> Self {
        match numbers(name) {
            Some((major, minor, patch)) => Self::ALWAYS.since_patch(major, minor, patch.unwrap_or(0)),
            None if name == "next" => Self::ALWAYS.since_next(),
            None => Self::ALWAYS,
        }
    }

    /// Gone from the first patch of a minor release that a table names; an empty text is never.
    pub(crate) fn until_name(self, name: &str) -> Self {
        match numbers(name) {
            Some((major, minor, _)) => self.gone_from(major, minor),
            None => self,
        }
    }

    /// Not before the next release.
    #[must_use]
    pub(crate) const fn since_next(self) -> Self {
        Self { since: Some(Release::NEXT), ..self }
    }

    /// The same, but in no release before this one.
    #[must_use]
    pub(crate) const fn not_before(self, major: u16, minor: u16) -> Self {
        match self.since {
            Some(since) if since.major > major || (since.major == major && since.minor >= minor) => self,
            _ => self.since(major, minor),
        }
    }

    /// Gone from a minor release.
    #[must_use]
    pub(crate) const fn gone_from(self, major: u16, minor: u16) -> Self {
        Self { until: Some(Release::new(major, minor, 0)), ..self }
    }

    /// Whether a release, or one before it, has removed it.
    pub(crate) fn is_gone_from(self, release: Release) -> bool {
        self.until.is_some_and(|until| release >= until)
    }

    /// Whether a release has it.
    ///
    /// ```
    /// use promcfg::Release;
    /// use promcfg::config::config_fields;
    /// let is_it = |field: &&promcfg::config::ConfigField| field.key == "scrape_config_files";
    /// let field = config_fields().iter().find(is_it).unwrap();
    /// assert!(field.availability.includes(Release::LATEST));
    /// assert!(!field.availability.includes("2.42".parse().unwrap()));
    /// ```
    #[must_use]
    pub fn includes(self, release: Release) -> bool {
        self.since.is_none_or(|since| release >= since) && !self.is_gone_from(release)
    }

    /// Why a release does not have it, in words: since when it exists, or when it was removed.
    #[must_use]
    pub(crate) fn absence(self, release: Release) -> Option<String> {
        if self.includes(release) {
            return None;
        }
        match (self.since, self.until) {
            (_, Some(until)) if release >= until => Some(format!("removed in Prometheus {}", until.shown())),
            (Some(Release::NEXT), _) => Some("in no release of Prometheus yet".to_string()),
            (Some(since), _) => Some(format!("new in Prometheus {}", since.shown())),
            (None, _) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Release {
        text.parse().unwrap()
    }

    #[test]
    fn a_row_says_why_a_release_lacks_it() {
        let row = Availability::ALWAYS.since(2, 45).gone_from(3, 0);
        let absence = |release: &str| row.absence(read(release));
        assert_eq!(absence("2.42").as_deref(), Some("new in Prometheus 2.45"));
        assert_eq!(absence("2.45"), None);
        assert_eq!(absence("3.0").as_deref(), Some("removed in Prometheus 3.0"));
        let patch = Availability::ALWAYS.since_patch(3, 11, 2);
        assert_eq!(patch.absence(read("3.11.1")).as_deref(), Some("new in Prometheus 3.11.2"));
        let next = Availability::ALWAYS.since_next();
        assert_eq!(next.absence(Release::LATEST).as_deref(), Some("in no release of Prometheus yet"));
        assert!(next.includes(Release::NEXT));
    }
}
