//! The version of Go that Prometheus is built with, and the version of Unicode that Go knows.

use super::Release;

/// The build.
impl Release {
    /// The same release, built with another version of Go: that of a distribution, or one's own. Patterns, the case
    /// of letters and the hosts of URLs depend on it.
    ///
    /// ```
    /// use promcfg::Release;
    /// let own = Release::LATEST.built_with_go(27);
    /// assert_eq!(own.to_string(), "3.14.0+go1.27");
    /// assert_eq!((Release::LATEST.unicode_version(), own.unicode_version()), (15, 17));
    /// ```
    #[must_use]
    pub fn built_with_go(self, minor: u16) -> Self {
        Self { go: Some(minor), ..self }
    }

    /// The minor version of Go that it is built with.
    ///
    /// ```
    /// let go = |release: &str| release.parse::<promcfg::Release>().unwrap().go_version();
    /// assert_eq!((go("2.42"), go("2.53.4"), go("2.53.5"), go("3.5.1"), go("3.5.2")), (19, 22, 23, 24, 25));
    /// assert_eq!(go("3.14+go1.27"), 27);
    /// ```
    #[must_use]
    pub fn go_version(self) -> u16 {
        self.go.unwrap_or_else(|| self.released_go_version())
    }

    /// The version of Unicode that its version of Go knows: which characters exist, their scripts and their case.
    ///
    /// ```
    /// let unicode = |release: &str| release.parse::<promcfg::Release>().unwrap().unicode_version();
    /// assert_eq!((unicode("2.45.1"), unicode("2.45.2"), unicode("2.46"), unicode("3.14")), (13, 15, 13, 15));
    /// ```
    #[must_use]
    pub fn unicode_version(self) -> u16 {
        unicode_of_go(self.go_version())
    }

    /// Whether the reader of JSON is that of Go 1.27, which says in other words where a value has the wrong type.
    #[must_use]
    pub fn has_new_json_reader(self) -> bool {
        self.go_version() >= 27
    }

    fn released_go_version(self) -> u16 {
        let backported = [(2, 45, 2, 21), (2, 53, 5, 23), (3, 5, 2, 25)];
        if let Some((.., go)) =
            backported.iter().find(|&&(major, minor, patch, _)| self.is_minor(major, minor) && self.patch >= patch)
        {
            return *go;
        }
        let since = [
            (3, 10, 26),
            (3, 7, 25),
            (3, 3, 24),
            (2, 55, 23),
            (2, 51, 22),
            (2, 47, 21),
            (2, 44, 20),
            (2, 39, 19),
            (2, 35, 18),
        ];
        since.iter().find(|&&(major, minor, _)| self.is_at_least(major, minor)).map_or(17, |&(.., go)| go)
    }
}

/// The major version of Unicode that a minor version of Go 1 knows.
pub(crate) fn unicode_of_go(go: u16) -> u16 {
    match go {
        27.. => 17,
        21.. => 15,
        _ => 13,
    }
}
