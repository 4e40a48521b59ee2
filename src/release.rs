//! The Prometheus version that a config is for, and what differs from version to version.
//!
//! Every number of a version stands here: elsewhere a [`Release`] is asked by a predicate with a name, or
//! by the [`Availability`] of a row of a table.
//!
//! Sources: the tags of prometheus/prometheus from 2.30.0 to 3.14.0 and its main branch, their `go.mod`
//! and `.promu.yml`, and CHANGELOG.md; for 2.42 and 3.14 also what `promtool` answers.

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

use crate::text::most_similar;

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
        Self { major, minor, patch }
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
        if self == Self::NEXT { "next".to_string() } else { format!("{}.{}", self.major, self.minor) }
    }

    fn is_at_least(self, major: u16, minor: u16) -> bool {
        self >= Self::new(major, minor, 0)
    }

    fn is_minor(self, major: u16, minor: u16) -> bool {
        (self.major, self.minor) == (major, minor)
    }
}

/// Names.
impl Release {
    /// Whether names of labels may hold any characters.
    #[must_use]
    pub fn has_utf8_names(self) -> bool {
        self.is_at_least(3, 0)
    }

    /// Whether the templates of `target_label` and of a labelmap's `replacement` may hold any characters:
    /// later than plain names.
    #[must_use]
    pub fn has_utf8_templates(self) -> bool {
        self.is_at_least(3, 2)
    }

    /// Whether `metric_name_validation_scheme: legacy` is about relabel rules and external labels, besides
    /// what is scraped.
    #[must_use]
    pub fn has_name_scheme_for_rules(self) -> bool {
        self.is_at_least(3, 7)
    }

    /// Whether a labelmap under the scheme `legacy` refuses references such as `$1` by mistake.
    #[must_use]
    pub fn refuses_legacy_labelmap_references(self) -> bool {
        self.is_minor(3, 7) && self.patch < 2
    }

    /// Whether a job with the scheme `legacy` in a config with `utf8` must also choose how names are escaped.
    #[must_use]
    pub fn needs_escaping_for_legacy_jobs(self) -> bool {
        self.is_at_least(3, 4) && !self.is_at_least(3, 7)
    }

    /// Whether `utf8` may be chosen as `metric_name_validation_scheme` without a feature flag.
    #[must_use]
    pub fn has_utf8_scheme(self) -> bool {
        self.is_at_least(3, 0)
    }

    /// Whether names are checked after `metric_relabel_configs`.
    #[must_use]
    pub fn checks_sample_names(self) -> bool {
        self.is_at_least(2, 41)
    }

    /// Whether the target label of `lowercase`, `uppercase`, `keepequal` and `dropequal` may hold references,
    /// which are then read literally.
    #[must_use]
    pub fn reads_references_literally(self) -> bool {
        !self.is_at_least(2, 50)
    }
}

/// Relabel rules and their patterns.
impl Release {
    /// Whether `.` in the pattern of a relabel rule matches a newline.
    #[must_use]
    pub fn has_dot_all(self) -> bool {
        self.is_at_least(3, 0)
    }

    /// Whether an empty result deletes the label that the template of `target_label` gives. Before, it deletes
    /// a label that is named like the template itself.
    #[must_use]
    pub fn deletes_templated_labels(self) -> bool {
        self.is_at_least(2, 50)
    }

    /// The minor version of Go that it is built with.
    ///
    /// ```
    /// let go = |release: &str| release.parse::<promcfg::Release>().unwrap().go_version();
    /// assert_eq!((go("2.42"), go("2.53.4"), go("2.53.5"), go("3.5.1"), go("3.5.2")), (19, 22, 23, 24, 25));
    /// ```
    #[must_use]
    pub fn go_version(self) -> u16 {
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

/// Targets and what is scraped from them.
impl Release {
    /// Whether an address without a port gets `:80` or `:443`, by its scheme.
    #[must_use]
    pub fn appends_default_port(self) -> bool {
        !self.is_at_least(3, 0)
    }

    /// Whether the host of a scrape URL must be a name, an IPv4 address, or an IPv6 address in brackets, and its first
    /// colon begins the port.
    #[must_use]
    pub fn has_strict_hosts(self) -> bool {
        self.go_version() >= 26
    }

    /// Whether a `__param_` label of a target counts more than `params` of the job.
    #[must_use]
    pub fn has_params_from_labels(self) -> bool {
        self.is_at_least(3, 0)
    }

    /// Whether targets have labels for the three settings of histograms, which rules may set.
    #[must_use]
    pub fn has_histogram_labels(self) -> bool {
        self.is_at_least(3, 13)
    }

    /// Whether the labels `__scrape_interval__` and `__scrape_timeout__` are always checked.
    #[must_use]
    pub fn checks_interval_labels(self) -> bool {
        self >= Self::new(2, 32, 1)
    }

    /// Whether the label `__unix_socket__` names a socket to scrape; the address may then be empty.
    #[must_use]
    pub fn has_unix_sockets(self) -> bool {
        self == Self::NEXT
    }

    /// Whether the values of `le` and `quantile` are numbers in one form: `1.0`, not `1`.
    #[must_use]
    pub fn has_float_buckets(self) -> bool {
        self.is_at_least(3, 0)
    }

    /// Whether native histograms are scraped only where `scrape_native_histograms` says so.
    #[must_use]
    pub fn needs_native_histogram_field(self) -> bool {
        self.is_at_least(3, 9)
    }
}

/// `global` and the rest of a config.
impl Release {
    /// Whether variables in `external_labels` are replaced without a feature flag.
    #[must_use]
    pub fn expands_external_labels(self) -> bool {
        self.is_at_least(3, 0)
    }

    /// Whether `enable_http2` of remote write exists, and is `true` where it is not written.
    #[must_use]
    pub fn has_remote_write_http2(self) -> bool {
        self.is_at_least(2, 35) && !self.is_at_least(3, 0)
    }

    /// Whether the limits of `queue_config` are checked.
    #[must_use]
    pub fn checks_queue_limits(self) -> bool {
        self.is_at_least(3, 12)
    }

    /// Whether the HTTP client fields of `azure`, `ec2`, `http`, `lightsail`, `puppetdb` and `uyuni` discovery
    /// are checked.
    #[must_use]
    pub fn checks_discovery_clients(self) -> bool {
        self.is_at_least(2, 48)
    }

    /// Whether `oauth2` must have a secret.
    #[must_use]
    pub fn needs_oauth2_secret(self) -> bool {
        !self.is_at_least(2, 51)
    }

    /// Whether Amazon's mechanisms must know their region while the config is loaded.
    #[must_use]
    pub fn needs_amazon_region(self) -> bool {
        !self.is_at_least(3, 14)
    }

    /// Whether all that may name a region is asked before an Amazon mechanism is refused for the lack of one.
    #[must_use]
    pub fn asks_all_for_amazon_region(self) -> bool {
        self.is_at_least(3, 10)
    }
}

/// Words of messages that say the same in other words.
impl Release {
    /// Whether a duration with an unknown unit is reported by that unit.
    #[must_use]
    pub fn names_unknown_units(self) -> bool {
        self.is_at_least(2, 43)
    }

    /// Whether a private key without a certificate is reported as a fault of two fields each.
    #[must_use]
    pub fn has_inline_certificates(self) -> bool {
        self.is_at_least(2, 45)
    }

    /// Whether credentials may be references to secrets.
    #[must_use]
    pub fn has_secret_references(self) -> bool {
        self.is_at_least(2, 53)
    }

    /// Whether rules about names go over the labels of a target in the order in which they were added.
    #[must_use]
    pub fn keeps_order_of_labels(self) -> bool {
        self.is_at_least(2, 43)
    }

    /// Whether a proxy may come from the environment.
    #[must_use]
    pub fn has_environment_proxies(self) -> bool {
        self.is_at_least(2, 43)
    }

    /// Whether remote write can sign requests for Azure.
    #[must_use]
    pub fn has_azuread(self) -> bool {
        self.is_at_least(2, 45)
    }

    /// Whether remote write can sign requests for Google.
    #[must_use]
    pub fn has_google_iam(self) -> bool {
        self.is_at_least(2, 55)
    }

    /// Whether `oauth2` knows more than one type of grant.
    #[must_use]
    pub fn has_oauth2_grants(self) -> bool {
        self.is_at_least(3, 8)
    }

    /// Which words are used for an unknown `metric_name_validation_scheme`.
    #[must_use]
    pub fn name_scheme_words(self) -> NameSchemeWords {
        match self {
            _ if self.is_at_least(3, 6) => NameSchemeWords::Unrecognized,
            _ if self.is_at_least(3, 4) => NameSchemeWords::ByOwner,
            _ => NameSchemeWords::Method,
        }
    }
}

/// How Prometheus reports an unknown `metric_name_validation_scheme`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NameSchemeWords {
    /// `unknown name validation method specified`, until 3.3.
    Method,
    /// `unknown global name validation method specified`, 3.4 and 3.5.
    ByOwner,
    /// `unrecognized ValidationScheme`, since 3.6.
    Unrecognized,
}

impl Default for Release {
    fn default() -> Self {
        Self::LATEST
    }
}

impl fmt::Display for Release {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if *self == Self::NEXT {
            return f.write_str("next");
        }
        write!(f, "{}.{}.{}", self.major, self.minor, self.patch)
    }
}

/// A text that names no known release.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("unknown Prometheus version {text:?}: the known ones are {known}{hint}", known = known_in_words(), hint = self.hint())]
pub struct UnknownReleaseError {
    text: String,
}

impl UnknownReleaseError {
    /// The nearest minor release that is known, if the text looks like a version.
    ///
    /// ```
    /// let error = "2.56".parse::<promcfg::Release>().unwrap_err();
    /// assert_eq!(error.nearest().map(|release| release.minor_name()).as_deref(), Some("2.55"));
    /// ```
    #[must_use]
    pub fn nearest(&self) -> Option<Release> {
        let Some((major, minor, _)) = numbers(&self.text) else {
            let names: Vec<String> = Release::known().map(Release::minor_name).collect();
            let name = most_similar(&self.text, names.iter().map(String::as_str))?;
            return Release::known().find(|release| release.minor_name() == name);
        };
        let wanted = Release::new(major, minor, 0);
        let numbered = || Release::known().filter(|release| *release != Release::NEXT);
        numbered().filter(|release| *release <= wanted).last().or_else(|| numbered().next())
    }

    fn hint(&self) -> String {
        self.nearest().map_or_else(String::new, |release| format!("; the nearest is {}", release.minor_name()))
    }
}

/// `2.30 to 2.55, 3.0 to 3.14, next`.
fn known_in_words() -> String {
    let ranges = KNOWN.iter().map(|(major, first, patches)| {
        format!("{major}.{first} to {major}.{}", usize::from(*first) + patches.len().saturating_sub(1))
    });
    ranges.chain(["and next".to_string()]).collect::<Vec<_>>().join(", ")
}

/// Major, minor and patch of a version; a `v` may be in front.
fn numbers(text: &str) -> Option<(u16, u16, Option<u16>)> {
    let number = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit()).then(|| part.parse().ok()).flatten();
    let parts: Vec<&str> = text.strip_prefix('v').unwrap_or(text).split('.').collect();
    match parts[..] {
        [major, minor] => Some((number(major)?, number(minor)?, None)),
        [major, minor, patch] => Some((number(major)?, number(minor)?, Some(number(patch)?))),
        _ => None,
    }
}

impl FromStr for Release {
    type Err = UnknownReleaseError;

    /// Reads `2.42`, `v3.5.0` or `next`. A minor release alone is its newest known patch.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text == "next" {
            return Ok(Self::NEXT);
        }
        let read = numbers(text).and_then(|(major, minor, patch)| {
            let known = Self::known().find(|release| release.is_minor(major, minor))?;
            Some(Self { patch: patch.unwrap_or(known.patch), ..known })
        });
        read.ok_or_else(|| UnknownReleaseError { text: text.to_string() })
    }
}

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

impl Release {
    /// Without a patch that is 0: `2.53`, `3.11.2`.
    fn shown(self) -> String {
        if self.patch == 0 { self.minor_name() } else { self.to_string() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Release {
        text.parse().unwrap()
    }

    #[test]
    fn a_minor_release_is_its_newest_patch() {
        for (text, shown) in [
            ("2.42", "2.42.0"),
            ("2.53", "2.53.5"),
            ("3.5", "3.5.5"),
            ("3.14", "3.14.0"),
            ("2.53.4", "2.53.4"),
            ("v3.5.0", "3.5.0"),
            ("3.5.9", "3.5.9"),
            ("next", "next"),
        ] {
            assert_eq!(read(text).to_string(), shown);
        }
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
    fn an_unknown_version_names_the_nearest() {
        let message = |text: &str| text.parse::<Release>().unwrap_err().to_string();
        assert_eq!(
            message("2.56"),
            "unknown Prometheus version \"2.56\": the known ones are 2.30 to 2.55, 3.0 to 3.14, and next; the nearest is 2.55"
        );
        for (text, nearest) in [("2.12", "2.30"), ("3.15.1", "3.14"), ("4.0", "3.14"), ("net", "next")] {
            assert!(message(text).ends_with(&format!("the nearest is {nearest}")), "{}", message(text));
        }
        for text in ["", "latest", "3", "3.x", "2.53.", "-2.53", "+3.5", "99999.1"] {
            assert!(text.parse::<Release>().is_err(), "{text}");
        }
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

    #[test]
    fn backports_are_known_by_their_patch() {
        assert_eq!((read("2.45.1").go_version(), read("2.45.2").go_version()), (20, 21));
        assert!(read("3.7.1").refuses_legacy_labelmap_references());
        assert!(!read("3.7").refuses_legacy_labelmap_references());
        assert!(read("3.5").needs_escaping_for_legacy_jobs() && !read("3.3").needs_escaping_for_legacy_jobs());
        assert!(!read("2.32.0").checks_interval_labels() && read("2.32").checks_interval_labels());
    }
}
