//! The Prometheus version that an object names, by which the operator leaves fields out.

use super::value::Value;

/// The version of a Prometheus.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Version {
    pub(super) major: u64,
    pub(super) minor: u64,
    pub(super) patch: u64,
}

/// The version that the operator installs by default (`pkg/operator/defaults.go`).
pub(super) const DEFAULT: Version = Version { major: 3, minor: 13, patch: 2 };

impl Version {
    /// The version that the `spec` of a Prometheus names.
    ///
    /// # Errors
    /// It is not the version of a release; what the operator says.
    pub(super) fn of_spec(spec: &Value) -> Result<Self, String> {
        let Some(text) = spec.filled("version").and_then(Value::as_str) else { return Ok(DEFAULT) };
        let version = Self::parse(text).ok_or_else(|| format!("failed to parse Prometheus version {text:?}"))?;
        match version.major {
            2 | 3 => Ok(version),
            _ => Err(format!("unsupported Prometheus version {text:?}")),
        }
    }

    /// Reads `v2.53.1`, `2.53` and the like; what comes after the three numbers is left out.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let text = text.strip_prefix('v').unwrap_or(text);
        let numbers = text.split(['-', '+']).next()?;
        let mut numbers = numbers.split('.').map(|number| number.parse().ok());
        let major = numbers.next()??;
        let minor = numbers.next().unwrap_or(Some(0))?;
        let patch = numbers.next().unwrap_or(Some(0))?;
        numbers.next().is_none().then_some(Self { major, minor, patch })
    }

    /// Whether it is that minor release or a later one.
    pub(super) fn is_from(self, major: u64, minor: u64) -> bool {
        (self.major, self.minor) >= (major, minor)
    }
}
