//! The Prometheus version that a config is for.

/// A Prometheus release. The newest one is the default.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Release {
    major: u16,
    minor: u16,
    patch: u16,
}

impl Release {
    /// The newest release: Prometheus 3.14.
    pub const LATEST: Self = Self { major: 3, minor: 14, patch: 0 };
}

impl Default for Release {
    fn default() -> Self {
        Self::LATEST
    }
}
