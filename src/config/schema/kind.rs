//! The types of field values.

use crate::release::{Availability, Release};

/// A mapping with known keys.
#[derive(Debug)]
pub(in crate::config) struct Section {
    /// Its name in messages: "a scrape config".
    pub(in crate::config) name: &'static str,
    /// Prometheus's name for it in its own messages.
    pub(in crate::config) go: &'static str,
    /// The same before proxies could come from the environment, where that changed it.
    go_before_proxies: Option<&'static str>,
    /// Its own fields, then those of sections that are inline in it.
    pub(in crate::config) fields: &'static [&'static [Field]],
    /// What Prometheus checks when the section is decoded.
    pub(in crate::config) check: Option<SectionCheck>,
    /// Whether it begins from its defaults each time it is decoded: nothing that a merge key brought is left in it.
    pub(in crate::config) is_fresh: bool,
}

impl Section {
    pub(super) const fn new(name: &'static str, go: &'static str, fields: &'static [&'static [Field]]) -> Self {
        Self { name, go, go_before_proxies: None, fields, check: None, is_fresh: false }
    }

    /// With the name that Prometheus had for it before proxies could come from the environment.
    pub(super) const fn formerly(self, go: &'static str) -> Self {
        Self { go_before_proxies: Some(go), ..self }
    }

    /// Begins from its defaults each time it is decoded.
    pub(super) const fn fresh(self) -> Self {
        Self { is_fresh: true, ..self }
    }

    /// With a check of the whole section.
    pub(super) const fn checked(self, check: SectionCheck) -> Self {
        Self { check: Some(check), ..self }
    }

    /// Prometheus's name for it in its own messages, in a release.
    pub(in crate::config) fn go_name(&self, release: Release) -> &'static str {
        if release.has_environment_proxies() { self.go } else { self.go_before_proxies.unwrap_or(self.go) }
    }

    /// The field of that name, whichever release has it.
    pub(in crate::config) fn field(&self, key: &str) -> Option<&'static Field> {
        self.fields.iter().find_map(|fields| fields.iter().find(|field| field.key == key))
    }

    /// The fields that a release knows.
    pub(in crate::config) fn fields_of(&self, release: Release) -> impl Iterator<Item = &'static Field> {
        self.fields().filter(move |field| field.availability.includes(release))
    }

    /// All fields of all releases.
    pub(in crate::config) fn fields(&self) -> impl Iterator<Item = &'static Field> {
        self.fields.iter().flat_map(|fields| fields.iter())
    }
}

/// A check of a section as a whole. The table says which check a section has; `checks` has the code.
#[derive(Clone, Copy, Debug)]
pub(in crate::config) enum SectionCheck {
    Alertmanager,
    Amazon,
    Aws,
    Azure,
    Azuread,
    ChunkEncoding,
    Consul,
    Digitalocean,
    Dns,
    Docker,
    Dockerswarm,
    Ec2,
    Eureka,
    Gce,
    Hetzner,
    Http,
    HttpClient,
    Ionos,
    Kubernetes,
    Kuma,
    Lightsail,
    Marathon,
    Nerve,
    Nomad,
    Oauth2Proxy,
    Oci,
    Openstack,
    Otlp,
    Outscale,
    Ovhcloud,
    Puppetdb,
    RemoteRead,
    RemoteWrite,
    Retention,
    Scaleway,
    Serverset,
    Sigv4,
    Stackit,
    Tls,
    Tracing,
    Triton,
    Uyuni,
}

/// A row: a field and the values it accepts.
#[derive(Clone, Copy, Debug)]
pub(in crate::config) struct Field {
    pub(in crate::config) key: &'static str,
    pub(in crate::config) kind: Kind,
    /// The value when the field is not given; empty when it has no default.
    pub(in crate::config) default: &'static str,
    /// The releases of Prometheus that know the field.
    pub(in crate::config) availability: Availability,
    /// The replacement of the key, if it is deprecated.
    pub(in crate::config) successor: Option<&'static str>,
    /// Whether the value names files that Prometheus reads.
    pub(in crate::config) names_files: bool,
}

/// The same rows, none of them known before a release: a section may have had them later than others.
pub(super) const fn not_before<const N: usize>(rows: &[Field], major: u16, minor: u16) -> [Field; N] {
    let mut later = [rows[0]; N];
    let mut index = 0;
    while index < N {
        let row = rows[index];
        later[index] = Field { availability: row.availability.not_before(major, minor), ..row };
        index += 1;
    }
    later
}

/// A text.
pub(super) const fn text(key: &'static str) -> Field {
    Field::new(key, Kind::STRING)
}

/// A list of texts.
pub(super) const fn texts(key: &'static str) -> Field {
    Field::new(key, Kind::STRINGS)
}

/// A text that is never shown.
pub(super) const fn secret(key: &'static str) -> Field {
    Field::new(key, Kind::Secret)
}

/// A whole number.
pub(super) const fn int(key: &'static str) -> Field {
    Field::new(key, Kind::Int)
}

/// `true` or `false`.
pub(super) const fn flag(key: &'static str) -> Field {
    Field::new(key, Kind::Bool)
}

/// A duration.
pub(super) const fn duration(key: &'static str) -> Field {
    Field::new(key, Kind::Duration)
}

/// A section.
pub(super) const fn one(key: &'static str, section: &'static Section) -> Field {
    Field::new(key, Kind::One(section))
}

impl Field {
    pub(super) const fn new(key: &'static str, kind: Kind) -> Self {
        Self { key, kind, default: "", availability: Availability::ALWAYS, successor: None, names_files: false }
    }

    /// The value names a file that Prometheus reads, or several.
    pub(super) const fn files(self) -> Self {
        Self { names_files: true, ..self }
    }

    pub(super) const fn default(self, default: &'static str) -> Self {
        Self { default, ..self }
    }

    pub(super) const fn since(self, major: u16, minor: u16) -> Self {
        Self { availability: self.availability.since(major, minor), ..self }
    }

    pub(super) const fn since_patch(self, major: u16, minor: u16, patch: u16) -> Self {
        Self { availability: self.availability.since_patch(major, minor, patch), ..self }
    }

    /// On Prometheus's main branch, in no release yet.
    pub(super) const fn since_next(self) -> Self {
        Self { availability: self.availability.since_next(), ..self }
    }

    /// Unknown again from a release on.
    pub(super) const fn gone_from(self, major: u16, minor: u16) -> Self {
        Self { availability: self.availability.gone_from(major, minor), ..self }
    }

    /// Deprecated: another key of the section, or of a section in it, does the same.
    pub(super) const fn deprecated(self, successor: &'static str) -> Self {
        Self { successor: Some(successor), ..self }
    }
}

/// The type of a value.
#[derive(Clone, Copy, Debug)]
pub(in crate::config) enum Kind {
    /// A text of the Go type given: any scalar.
    Text(&'static str),
    /// A text that is never shown.
    Secret,
    /// `true` or `false`.
    Bool,
    /// A whole number.
    Int,
    /// A whole number of 64 bits by name.
    Int64,
    /// A whole number that is not negative.
    Uint,
    /// A whole number that is not negative, of 64 bits by name.
    Uint64,
    /// A number.
    Float,
    /// `1h30m`.
    Duration,
    /// `10MB`.
    Size,
    /// A URL.
    Url,
    /// A list of texts; Go types of the list and of an item.
    Texts(&'static str, &'static str),
    /// A list of texts that are never shown.
    Secrets,
    /// A mapping of any names to values of one kind; Go type of the mapping.
    Map(&'static str, &'static Kind),
    /// A mapping whose names must be label names; Go types of the mapping and of a value.
    Labels(&'static str, &'static str),
    /// A section.
    One(&'static Section),
    /// A list of sections; Go type of the list. An empty item is skipped.
    Many(&'static str, &'static Section),
    /// A list of sections of a discovery mechanism, without empty items; Go type of the list.
    Discovery(&'static str, &'static Section),
    /// Anything.
    Any,
    /// Read by code of its own.
    Own,
}

impl Kind {
    pub(super) const STRING: Self = Self::Text("string");
    pub(super) const STRINGS: Self = Self::Texts("[]string", "string");

    /// Whether a value is added to the content that the field has, and does not replace it.
    pub(in crate::config) fn keeps_content(self) -> bool {
        match self {
            Self::Map(..) | Self::Labels(..) | Self::One(_) => true,
            Self::Text(_)
            | Self::Secret
            | Self::Bool
            | Self::Int
            | Self::Int64
            | Self::Uint
            | Self::Uint64
            | Self::Float
            | Self::Duration
            | Self::Size
            | Self::Url
            | Self::Texts(..)
            | Self::Secrets
            | Self::Many(..)
            | Self::Discovery(..)
            | Self::Any
            | Self::Own => false,
        }
    }

    /// The expected type, in messages.
    pub(in crate::config) fn wanted(self) -> &'static str {
        match self {
            Self::Text(_) | Self::Secret => "a string",
            Self::Bool => "`true` or `false`",
            Self::Int | Self::Int64 => "a whole number",
            Self::Uint | Self::Uint64 => "a whole number (0 or more)",
            Self::Float => "a number",
            Self::Duration => "a duration such as `30s`",
            Self::Size => "a size such as `10MB`",
            Self::Url => "a URL",
            Self::Texts(..) | Self::Secrets => "a list of strings",
            Self::Map(..) => "a mapping",
            Self::Labels(..) => "a mapping of label names to values",
            Self::One(section) => section.name,
            Self::Many(..) | Self::Discovery(..) => "a list",
            Self::Any | Self::Own => "something else",
        }
    }
}
