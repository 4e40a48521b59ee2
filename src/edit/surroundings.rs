//! Other manifests of the cluster: what is in them qualifies the objects of the text that is edited.

use std::sync::Arc;

use crate::input::operator::{OperatorObjects, common_folders, may_have_surroundings};
use crate::text::Sources;
use crate::yaml::Tree;

/// Manifests beside the one that is edited: the Prometheuses that select its objects, namespaces with their labels, and the
/// ConfigMaps and Secrets that objects refer to.
///
/// ```
/// use promcfg::{Document, Options};
/// use promcfg::edit::OtherManifests;
/// let server = "apiVersion: monitoring.coreos.com/v1\nkind: Prometheus\nmetadata: {name: k8s}\n\
///     spec: {podMonitorSelector: {}, sampleLimit: 7}\n";
/// let monitor = "apiVersion: monitoring.coreos.com/v1\nkind: PodMonitor\nmetadata: {name: web}\n\
///     spec: {selector: {}, podMetricsEndpoints: [{port: http}]}\n";
/// let others = OtherManifests::new([("server.yml".to_string(), server.into())]);
/// let document = Document::among("web.yml", monitor, &Options::default(), &others);
/// assert_eq!(document.jobs()[0].sample_limit, 7);
/// ```
#[derive(Clone, Debug, Default)]
pub struct OtherManifests {
    files: Arc<[Manifest]>,
}

#[derive(Debug)]
struct Manifest {
    name: String,
    tree: Tree,
}

impl OtherManifests {
    /// Reads manifests; of other texts nothing is used.
    #[must_use]
    pub fn new(files: impl IntoIterator<Item = (String, Arc<str>)>) -> Self {
        let can_matter = |(_, text): &(String, Arc<str>)| may_have_surroundings(text);
        let manifest = |(name, text): (String, Arc<str>)| Manifest { name, tree: Tree::parse(text) };
        Self { files: files.into_iter().filter(can_matter).map(manifest).collect() }
    }

    /// Whether the file of that name is one of them.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.files.iter().any(|file| file.name == name)
    }

    /// The objects of a text with those of all others but itself. Where several others have an object, the one in the nearest
    /// folder counts.
    pub(super) fn add_to(&self, own: OperatorObjects, name: &str, sources: &mut Sources) -> OperatorObjects {
        let mut files: Vec<&Manifest> = self.files.iter().filter(|file| file.name != name).collect();
        if files.is_empty() {
            return own;
        }
        files.sort_by_key(|file| common_folders(&file.name, name));
        let mut others = OperatorObjects::default();
        for file in files {
            let id = sources.add(&*file.name, file.tree.text().clone());
            others.add(&file.tree, id);
        }
        own.with_others(others)
    }
}
