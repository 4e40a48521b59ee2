//! Releases by name: `2.53`, `v3.5.0`, `next`, `3.14+go1.27`.

use std::str::FromStr;

use thiserror::Error;

use super::{KNOWN, Release};
use crate::text::most_similar;

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
        let Some((major, minor, _)) = numbers(self.text.split('+').next().unwrap_or("")) else {
            let names: Vec<String> = Release::known().map(Release::minor_name).collect();
            let name = most_similar(&self.text, names.iter().map(String::as_str))?;
            return Release::known().find(|release| release.minor_name() == name);
        };
        let wanted = Release::new(major, minor, 0);
        let numbered = || Release::known().filter(|release| !release.is_next());
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
pub(super) fn numbers(text: &str) -> Option<(u16, u16, Option<u16>)> {
    let (major, rest) = text.strip_prefix('v').unwrap_or(text).split_once('.')?;
    match rest.split_once('.') {
        None => Some((number(major)?, number(rest)?, None)),
        Some((minor, patch)) => Some((number(major)?, number(minor)?, Some(number(patch)?))),
    }
}

fn number(text: &str) -> Option<u16> {
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok()).flatten()
}

fn read(text: &str) -> Option<Release> {
    if let Some((release, go)) = text.split_once("+go1.") {
        return Some(read(release)?.built_with_go(number(go)?));
    }
    if text == "next" {
        return Some(Release::NEXT);
    }
    let (major, minor, patch) = numbers(text)?;
    let known = Release::known().find(|release| release.is_minor(major, minor))?;
    Some(Release { patch: patch.unwrap_or(known.patch), ..known })
}

impl FromStr for Release {
    type Err = UnknownReleaseError;

    /// Reads `2.42`, `v3.5.0` or `next`. A minor release alone is its newest known patch. The version of Go of a build
    /// may follow: `3.14+go1.27`.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        read(text).ok_or_else(|| UnknownReleaseError { text: text.to_string() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
            ("3.14+go1.27", "3.14.0+go1.27"),
            ("2.42.0+go1.19", "2.42.0+go1.19"),
            ("next+go1.27", "next+go1.27"),
        ] {
            assert_eq!(text.parse::<Release>().unwrap().to_string(), shown);
        }
    }

    #[test]
    fn an_unknown_version_names_the_nearest() {
        let message = |text: &str| text.parse::<Release>().unwrap_err().to_string();
        assert_eq!(
            message("2.56"),
            "unknown Prometheus version \"2.56\": the known ones are 2.30 to 2.55, 3.0 to 3.14, and next; the nearest is 2.55"
        );
        for (text, nearest) in
            [("2.12", "2.30"), ("3.15.1", "3.14"), ("4.0", "3.14"), ("net", "next"), ("3.15+go1.27", "3.14")]
        {
            assert!(message(text).ends_with(&format!("the nearest is {nearest}")), "{}", message(text));
        }
        for text in [
            "",
            "latest",
            "3",
            "3.x",
            "2.53.",
            "-2.53",
            "+3.5",
            "99999.1",
            "3.14+go",
            "3.14+go1.",
            "3.14+go1.x",
            "3.14+1",
        ] {
            assert!(text.parse::<Release>().is_err(), "{text}");
        }
    }
}
