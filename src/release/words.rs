//! Messages that say the same in other words.

use super::Release;

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
