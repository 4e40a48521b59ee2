//! A body of HTTP discovery → the target groups of `http_sd_configs`.
//!
//! Source: `discovery/http/http.go` and `discovery/targetgroup/targetgroup.go` of Prometheus 3.14.0.

use serde::de::{Deserializer, Error, MapAccess};

use super::found::{Discovered, DiscoveryError, DiscoveryNote, Targets};
use super::json::{DumpError, Map, Object, Read, field, read, read_object};
use super::label::pair;
use super::{DiscoveredGroup, LabelPair, discovery_role};
use crate::relabel::NameScheme;
use crate::release::Release;

/// An item of `http_sd_configs`, as far as it decides on targets.
///
/// ```
/// let options = promcfg::discovery::HttpOptions::new("http://sd.example/targets");
/// assert_eq!(options.url, "http://sd.example/targets");
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct HttpOptions {
    /// `url`.
    pub url: String,
}

impl HttpOptions {
    /// Those of an item with nothing but a URL.
    #[must_use]
    pub fn new(url: impl Into<String>) -> Self {
        Self { url: url.into() }
    }
}

/// A target group of a body. It may have no other fields.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Group {
    targets: Vec<String>,
    labels: Map<String>,
}

impl Object for Group {
    fn set<'de, A: MapAccess<'de>>(&mut self, key: &str, access: &mut A) -> Result<bool, A::Error> {
        if key.eq_ignore_ascii_case("targets") {
            self.targets.clear();
            field("targets", access, &mut self.targets)?;
        } else if key.eq_ignore_ascii_case("labels") {
            field("labels", access, &mut self.labels)?;
        } else {
            return Err(A::Error::custom(format_args!("unknown field `{key}` in a target group")));
        }
        Ok(true)
    }
}

impl<'de> Read<'de> for Group {
    fn read<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        read_object(deserializer)
    }
}

/// What a server of HTTP discovery answers.
///
/// ```
/// use promcfg::Release;
/// use promcfg::discovery::{HttpBody, HttpOptions};
/// let mut body = HttpBody::default();
/// body.add(r#"[{"targets": ["h:1"], "labels": {"env": "dev"}}]"#)?;
/// let found = body.groups(&HttpOptions::new("http://sd.example/"), Release::LATEST).unwrap();
/// assert_eq!(&*found.groups[0].source, "http://sd.example/:0");
/// assert!(found.groups[0].labels.contains(&("__meta_url".into(), "http://sd.example/".into())));
/// # Ok::<(), promcfg::discovery::DumpError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HttpBody {
    groups: Vec<Group>,
    bodies: usize,
}

impl HttpBody {
    /// Adds a body; how many groups it has.
    ///
    /// # Errors
    /// A text that is not JSON, an empty group, a field that is unknown, or a value of a wrong type. Prometheus keeps the
    /// targets it had.
    pub fn add(&mut self, text: &str) -> Result<usize, DumpError> {
        let groups: Vec<Option<Group>> = read(text)?;
        let groups: Option<Vec<Group>> = groups.into_iter().collect();
        let groups = groups.ok_or_else(|| DumpError::new("empty target group"))?;
        let count = groups.len();
        self.groups.extend(groups);
        self.bodies += 1;
        Ok(count)
    }

    /// Whether no body was added.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.bodies == 0
    }

    /// Whether Prometheus reads a body that is served with this content type.
    ///
    /// ```
    /// use promcfg::discovery::HttpBody;
    /// assert!(HttpBody::accepts_content_type(" application/json; charset=UTF-8"));
    /// assert!(!HttpBody::accepts_content_type("text/plain"));
    /// ```
    #[must_use]
    pub fn accepts_content_type(content_type: &str) -> bool {
        let is_go_space = |c: char| c.is_whitespace();
        let lower = content_type.trim_matches(is_go_space).to_ascii_lowercase();
        let Some(rest) = lower.strip_prefix("application/json") else { return false };
        if rest.is_empty() {
            return true;
        }
        let blanks = [' ', '\t', '\n', '\u{c}', '\r'];
        let charset = rest.strip_prefix(';').and_then(|rest| rest.trim_start_matches(blanks).strip_prefix("charset="));
        matches!(charset, Some("utf-8" | "\"utf-8\""))
    }

    /// The target groups that Prometheus would make of it.
    ///
    /// # Errors
    /// A label name that Prometheus refuses, for which it keeps the targets it had; more labels than are made here.
    pub fn groups(&self, options: &HttpOptions, release: Release) -> Result<Discovered, DiscoveryError> {
        let scheme = if release.has_utf8_names() { NameScheme::Utf8 } else { NameScheme::Legacy };
        let mut names = self.groups.iter().flat_map(|group| group.labels.keys());
        if let Some(name) = names.find(|name| !scheme.allows(name)) {
            return Err(DiscoveryError::LabelName { name: name.clone() });
        }
        let mut found = Discovered::default();
        if self.bodies > 1 {
            found.notes.push(DiscoveryNote::JoinedBodies { count: self.bodies });
        }
        let mut count = Targets::default();
        for (index, group) in self.groups.iter().enumerate() {
            let mut made = DiscoveredGroup::new(format!("{}:{index}", options.url));
            let own = group.labels.iter().filter(|(name, _)| *name != "__meta_url");
            made.labels = own.map(|(name, value)| pair(name, value.as_str())).collect();
            made.labels.push(pair("__meta_url", options.url.as_str()));
            let target = |address: &String| -> Vec<LabelPair> { vec![pair("__address__", address.as_str())] };
            made.targets = group.targets.iter().map(target).collect();
            for target in &made.targets {
                count.count(target)?;
            }
            found.groups.push(made);
        }
        Ok(found.of_release(discovery_role("http_sd_configs", ""), release))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn added(text: &str) -> Result<usize, String> {
        HttpBody::default().add(text).map_err(|error| error.to_string())
    }

    #[test]
    fn a_body_is_refused_as_a_whole() {
        for (text, message) in [
            ("[null, {\"targets\": [\"a\"]}]", "empty target group"),
            ("[{\"source\": \"x\"}]", "line 1: unknown field `source` in a target group"),
            ("{}", "line 1: expected a list, found an object"),
            ("[{\"targets\": [1]}]", "line 1: expected a string for `[0].targets[0]`, found a number"),
            ("[{\"labels\": {\"a\": 1}}]", "line 1: expected a string for `[0].labels.a`, found a number"),
            ("[] x", "line 1: invalid JSON: trailing characters"),
            ("", "line 1: invalid JSON: EOF while parsing a value"),
        ] {
            assert_eq!(added(text).as_ref().map_err(String::as_str), Err(message), "{text}");
        }
    }

    #[test]
    fn names_of_labels_are_those_that_the_release_allows() {
        let names = |text: &str, release: Release| {
            let mut body = HttpBody::default();
            body.add(text).unwrap();
            body.groups(&HttpOptions::new("http://h"), release).map(|found| found.groups.len())
        };
        let refused = |name: &str| Err(DiscoveryError::LabelName { name: name.to_string() });
        let dotted = "[{\"labels\": {\"a.b\": \"\"}}]";
        assert_eq!(names(dotted, Release::LATEST), Ok(1));
        assert_eq!(names(dotted, "2.53".parse().unwrap()), refused("a.b"));
        assert_eq!(names("[{\"labels\": {\"\": \"\"}}]", Release::LATEST), refused(""));
    }

    #[test]
    fn null_is_no_group_and_an_empty_text() {
        assert_eq!(added("null"), Ok(0));
        assert_eq!(added("[{\"targets\": null, \"labels\": null}, {}]"), Ok(2));
        assert_eq!(added("[{\"targets\": [null], \"labels\": {\"a.b\": null}}]"), Ok(1));
    }

    #[test]
    fn names_agree_in_any_case_and_the_url_of_the_config_counts() {
        let mut body = HttpBody::default();
        body.add(r#"[{"Targets": ["a"], "targets": ["b"], "LABELS": {"x": "", "__meta_url": "y"}}]"#).unwrap();
        let found = body.groups(&HttpOptions::new("http://h"), Release::LATEST).unwrap();
        assert_eq!(found.groups[0].targets, [vec![pair("__address__", "b")]]);
        assert_eq!(found.groups[0].labels, [pair("x", ""), pair("__meta_url", "http://h")]);
    }

    #[test]
    fn content_types_are_those_that_prometheus_reads() {
        for (content_type, expected) in [
            ("application/json", true),
            ("Application/JSON;charset=utf-8", true),
            ("application/json; charset=\"UTF-8\"", true),
            ("application/json ; charset=utf-8", false),
            ("application/json; charset=utf-8; x=y", false),
            ("application/json; charset=latin1", false),
            ("", false),
        ] {
            assert_eq!(HttpBody::accepts_content_type(content_type), expected, "{content_type}");
        }
    }
}
