//! The Prometheus version that an object names, by which the operator leaves fields out.
//!
//! Source: `NewConfigGenerator`; the library `blang/semver`, by which it reads versions.

use super::value::Value;
use crate::release::Release;
use crate::text::{Location, go_quote};

/// The release that a Prometheus runs, as its object says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NamedRelease {
    /// The release.
    pub release: Release,
    /// The field that names it: `version` or `image`.
    pub field: &'static str,
    /// The place of the field.
    pub at: Location,
}

impl NamedRelease {
    /// The release of `spec.version`; without that field, the one of the tag of `spec.image`.
    pub(crate) fn of(object: &Value) -> Option<Self> {
        let spec = object.get("spec")?;
        let (field, value, text) = match (spec.filled("version"), spec.filled("image")) {
            (Some(version), _) => ("version", version, version.as_str()?),
            (None, Some(image)) => ("image", image, tag(image.as_str()?)?),
            (None, None) => return None,
        };
        let text = text.trim();
        let text = text.split_once(['-', '+']).map_or(text, |(release, _)| release);
        let release = text.strip_prefix('v').unwrap_or(text).parse().ok()?;
        Some(Self { release, field, at: value.at })
    }
}

/// The tag of an image: `v3.5.0` of `quay.io:443/prometheus/prometheus:v3.5.0@sha256:0a`.
fn tag(image: &str) -> Option<&str> {
    let image = image.split_once('@').map_or(image, |(image, _)| image);
    image.rsplit('/').next()?.split_once(':').map(|(_, tag)| tag)
}

/// The version of a Prometheus.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Version {
    pub(super) major: u64,
    pub(super) minor: u64,
    pub(super) patch: u64,
    pub(super) phase: Phase,
}

/// How far a version is on its way to its release.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Phase {
    /// Before the first release candidate.
    Early,
    /// `rc.0` or later.
    Candidate,
    Released,
}

/// The version that the operator installs by default (`pkg/operator/defaults.go`).
pub(super) const DEFAULT: Version = Version { major: 3, minor: 13, patch: 2, phase: Phase::Released };

impl Version {
    /// The version that the `spec` of a Prometheus names.
    ///
    /// # Errors
    /// The operator does not know it; what it says.
    pub(super) fn of_spec(spec: &Value) -> Result<Self, String> {
        let Some(text) = spec.filled("version").and_then(Value::as_str) else { return Ok(DEFAULT) };
        let version = Self::parse(text).map_err(|why| format!("failed to parse Prometheus version: {why}"))?;
        match version.major {
            2 | 3 => Ok(version),
            _ => Err(format!("unsupported Prometheus version {}", go_quote(text))),
        }
    }

    /// Reads `v2.53.1`, `2.53`, `v3.0.0-rc.0` and the like.
    ///
    /// # Errors
    /// It is not the version of a release; in the words of the library.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let text = text.trim();
        let mut parts: Vec<String> = text.strip_prefix('v').unwrap_or(text).splitn(3, '.').map(unpadded).collect();
        if parts.len() < 3 && parts.last().is_some_and(|part| part.contains(['+', '-'])) {
            return Err("Short version cannot contain PreRelease/Build meta data".to_string());
        }
        parts.resize(3, "0".to_string());
        let patch = parts.pop().unwrap_or_default();
        let (patch, build) = patch.split_once('+').map_or((&*patch, None), |(patch, build)| (patch, Some(build)));
        let (patch, early) = patch.split_once('-').map_or((patch, None), |(patch, early)| (patch, Some(early)));
        let identifiers = [("prerelease", early), ("build meta data", build)];
        for (what, text) in identifiers {
            for part in text.into_iter().flat_map(|text| text.split('.')) {
                if part.is_empty() {
                    return Err(format!(
                        "{} is empty",
                        if what == "prerelease" { "Prerelease" } else { "Build meta data" }
                    ));
                }
                if !part.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-') {
                    return Err(format!("Invalid character(s) found in {what} {}", go_quote(part)));
                }
            }
        }
        Ok(Self {
            major: number("major", &parts[0])?,
            minor: number("minor", &parts[1])?,
            patch: number("patch", patch)?,
            phase: early.map_or(Phase::Released, phase),
        })
    }

    /// The version of a release; of what comes after the newest one, a later one.
    pub(super) fn of_release(release: Release) -> Self {
        let name = release.to_string();
        let number = name.split_once('+').map_or(name.as_str(), |(number, _)| number);
        Self::parse(number).unwrap_or(Self { minor: u64::MAX, ..DEFAULT })
    }

    /// Whether it is that minor release or a later one.
    pub(super) fn is_from(self, major: u64, minor: u64) -> bool {
        self >= Self { major, minor, patch: 0, phase: Phase::Released }
    }

    /// As [`is_from`](Self::is_from), or a candidate for that release.
    pub(super) fn is_from_candidate(self, major: u64, minor: u64) -> bool {
        self >= Self { major, minor, patch: 0, phase: Phase::Candidate }
    }
}

/// A part of a version without zeros before its number.
fn unpadded(part: &str) -> String {
    if part.len() < 2 {
        return part.to_string();
    }
    let rest = part.trim_start_matches('0');
    if rest.starts_with(|c: char| c.is_ascii_digit()) { rest.to_string() } else { format!("0{rest}") }
}

fn number(what: &str, text: &str) -> Result<u64, String> {
    if !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(format!("Invalid character(s) found in {what} number {}", go_quote(text)));
    }
    let reason = if text.is_empty() { "invalid syntax" } else { "value out of range" };
    text.parse().map_err(|_| format!("strconv.ParseUint: parsing {}: {reason}", go_quote(text)))
}

/// How identifiers such as `rc.1` compare with `rc.0`.
fn phase(identifiers: &str) -> Phase {
    let mut parts = identifiers.split('.');
    let first = parts.next().unwrap_or("");
    let is_number = first.bytes().all(|byte| byte.is_ascii_digit());
    let is_candidate = !is_number && (first > "rc" || (first == "rc" && parts.next().is_some()));
    if is_candidate { Phase::Candidate } else { Phase::Early }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Sources;
    use crate::yaml::Tree;

    #[test]
    fn the_release_of_a_server_is_its_version_else_the_tag_of_its_image() {
        let release = |spec: &str| {
            let text = format!("spec: {spec}");
            let file = Sources::new().add("a.yml", text.as_str());
            let tree = Tree::parse(text.as_str());
            let value = Value::of_node(tree.root().unwrap(), file, 0).unwrap();
            NamedRelease::of(&value).map(|named| format!("{} {}", named.field, named.release))
        };
        let shown = |text: &str| Some(text.to_string());
        assert_eq!(release("{version: v2.53.1}"), shown("version 2.53.1"));
        assert_eq!(release("{version: '2.53'}"), shown("version 2.53.5"));
        assert_eq!(release("{image: 'r:5000/prometheus:v3.5.0-distroless@sha256:0a'}"), shown("image 3.5.0"));
        assert_eq!(release("{version: v2.53.1, image: 'prometheus:v3.5.0'}"), shown("version 2.53.1"));
        assert_eq!(release("{image: 'r:5000/prometheus'}"), None);
        assert_eq!(release("{version: v9.1.0}"), None);
    }

    #[test]
    fn releases_are_versions() {
        assert!(Version::of_release("2.53".parse().unwrap()).is_from(2, 53));
        assert!(!Version::of_release("2.53".parse().unwrap()).is_from(3, 0));
        assert!(Version::of_release(Release::NEXT).is_from(3, 99));
    }

    #[test]
    fn versions_compare_as_semver_does() {
        let version = |text: &str| Version::parse(text).unwrap();
        assert!(version("v2.45.0").is_from(2, 45));
        assert!(version("2.45").is_from(2, 45) && version(" 3").is_from(3, 0) && version("02.045.00").is_from(2, 45));
        assert!(!version("2.44.9").is_from(2, 45));
        assert!(!version("v3.0.0-rc.0").is_from(3, 0) && version("v3.0.0-rc.0").is_from(2, 55));
        assert!(version("v3.0.0-rc.1+x").is_from_candidate(3, 0) && !version("3.0.0-beta.0").is_from_candidate(3, 0));
        assert!(version("3.0.1-beta.0").is_from(3, 0));
    }

    #[test]
    fn what_is_no_version_is_refused_in_the_words_of_the_library() {
        let messages: Vec<String> =
            ["", "latest", "2.x.0", "2.1-rc", "2.1.0-", "2.1.0-a_b", "2.99999999999999999999.0"]
                .map(|text| Version::parse(text).unwrap_err())
                .to_vec();
        assert_eq!(
            messages,
            [
                "strconv.ParseUint: parsing \"\": invalid syntax",
                "Invalid character(s) found in major number \"0latest\"",
                "Invalid character(s) found in minor number \"x\"",
                "Short version cannot contain PreRelease/Build meta data",
                "Prerelease is empty",
                "Invalid character(s) found in prerelease \"a_b\"",
                "strconv.ParseUint: parsing \"99999999999999999999\": value out of range",
            ]
        );
    }
}
