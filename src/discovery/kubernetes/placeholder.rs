//! Values that nobody knows before a cluster decides on them, as texts that can be seen in results.

use std::sync::Arc;

/// What a placeholder is in the place of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum PlaceholderKind {
    /// The address of a pod.
    PodIp,
    /// The address of a node.
    HostIp,
    /// The name of a node.
    Node,
    /// The hash of a template of pods.
    Hash,
    /// Random characters at the end of a name.
    Random,
    /// The minutes since 1970 in the name of a job.
    Minutes,
    /// The number of changes of a template.
    Generation,
    /// The id of an object.
    Uid,
    /// The id of a container.
    ContainerId,
    /// The address of a service.
    ClusterIp,
}

impl PlaceholderKind {
    /// The text of each placeholder of the kind, but of addresses of pods, each of which has its own.
    pub(super) const fn text(self) -> &'static str {
        match self {
            Self::PodIp => "<pod IP>",
            Self::HostIp => "<host IP>",
            Self::Node => "<node>",
            Self::Hash => "<hash>",
            Self::Random => "<random>",
            Self::Minutes => "<minutes>",
            Self::Generation => "<generation>",
            Self::Uid => "<uid>",
            Self::ContainerId => "<container ID>",
            Self::ClusterIp => "<cluster IP>",
        }
    }
}

/// A text in the place of a value that is not known. Values of labels contain it, alone or with texts that are known.
///
/// ```
/// use promcfg::discovery::KubernetesObjects;
/// let text = "kind: Deployment\nmetadata: {name: web}\nspec: {template: {spec: {containers: [{name: web}]}}}\n";
/// let (objects, _) = KubernetesObjects::read(text);
/// let examples = objects.with_examples("shop");
/// let texts: Vec<&str> = examples.placeholders.iter().map(|placeholder| &*placeholder.text).collect();
/// assert!(texts.contains(&"<hash>") && texts.contains(&"192.0.2.100"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Placeholder {
    /// The text. None is a part of another one.
    pub text: Arc<str>,
    /// What it is in the place of.
    pub kind: PlaceholderKind,
}

/// The placeholders that are in use.
#[derive(Default)]
pub(super) struct Placeholders {
    used: Vec<Placeholder>,
    addresses: usize,
}

/// Addresses for documentation and for benchmarks, of one length in each block, so that none begins another one.
const BLOCKS: [&str; 3] = ["192.0.2.", "198.51.100.", "203.0.113."];
const FIRST: usize = 100;
const IN_BLOCK: usize = 155;

impl Placeholders {
    /// The text of a placeholder.
    pub(super) fn text(&mut self, kind: PlaceholderKind) -> &'static str {
        let text = kind.text();
        if !self.used.iter().any(|own| own.kind == kind) {
            self.used.push(Placeholder { text: text.into(), kind });
        }
        text
    }

    /// The address of one more pod.
    pub(super) fn pod_ip(&mut self) -> Arc<str> {
        let text: Arc<str> = address(self.addresses).into();
        self.addresses += 1;
        self.used.push(Placeholder { text: Arc::clone(&text), kind: PlaceholderKind::PodIp });
        text
    }

    pub(super) fn into_used(self) -> Vec<Placeholder> {
        self.used
    }
}

/// The addresses repeat after some 48,000.
fn address(index: usize) -> String {
    let last = FIRST + index % IN_BLOCK;
    match BLOCKS.get(index / IN_BLOCK) {
        Some(block) => format!("{block}{last}"),
        None => {
            let block = index / IN_BLOCK - BLOCKS.len();
            format!("198.{}.{}.{last}", 18 + block / IN_BLOCK % 2, FIRST + block % IN_BLOCK)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_address_begins_another_one() {
        let all: std::collections::BTreeSet<String> = (0..48_000).map(address).collect();
        assert_eq!(all.len(), 48_000);
        let all: Vec<&String> = all.iter().collect();
        assert!(all.windows(2).all(|two| !two[1].starts_with(two[0].as_str())));
        assert_eq!(address(155), "198.51.100.100");
        assert_eq!(address(465), "198.18.100.100");
    }
}
