//! What is assumed of a cluster where the input does not say it.

use super::objects::StoreKind;

/// Something that the input does not say, and that is assumed.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Assumption {
    /// The labels of a namespace are not in the input: it is selected.
    Namespace {
        /// The namespace.
        namespace: String,
        /// The field of the Prometheus that asks for labels, such as `serviceMonitorNamespaceSelector`.
        selector: &'static str,
    },
    /// A Secret or ConfigMap is not in the input: it exists and has the key.
    Key {
        /// `Secret` or `ConfigMap`.
        kind: &'static str,
        /// Its namespace.
        namespace: String,
        /// Its name.
        name: String,
        /// The key.
        key: String,
    },
    /// The jobs or rules in a Secret are not in the input: they are left out.
    LeftOut {
        /// The field of the Prometheus, such as `additionalScrapeConfigs`.
        field: &'static str,
        /// The name of the Secret.
        name: String,
    },
}

impl Assumption {
    pub(super) fn key(kind: StoreKind, namespace: &str, name: &str, key: &str) -> Self {
        let kind = match kind {
            StoreKind::Secret => "Secret",
            StoreKind::ConfigMap => "ConfigMap",
        };
        Self::Key { kind, namespace: namespace.to_string(), name: name.to_string(), key: key.to_string() }
    }
}
