//! Which pods a service selects.

use rustc_hash::{FxHashMap, FxHashSet};

use super::objects::{Pod, Service};
use super::values::Text;

/// A namespace, and a label with its value.
type LabelKey<'o> = (&'o str, &'o str, &'o str);

/// Pods by the labels that selectors of services name.
pub(super) struct ServicePods<'o> {
    by_label: FxHashMap<LabelKey<'o>, Vec<&'o Pod>>,
}

impl<'o> ServicePods<'o> {
    pub(super) fn new(services: impl Iterator<Item = &'o Service>, pods: impl Iterator<Item = &'o Pod>) -> Self {
        let names: FxHashSet<&str> =
            services.flat_map(|service| service.spec.selector.iter()).map(|(name, _)| &**name).collect();
        let mut by_label: FxHashMap<LabelKey<'o>, Vec<&'o Pod>> = FxHashMap::default();
        for pod in pods {
            for (name, value) in pod.meta.labels.iter().filter(|(name, _)| names.contains(&***name)) {
                by_label.entry((&pod.meta.namespace, name, value)).or_default().push(pod);
            }
        }
        Self { by_label }
    }

    /// The pods of a service, in the order given. A service without a selector has none.
    pub(super) fn of(&self, service: &'o Service) -> impl Iterator<Item = &'o Pod> {
        let with = |(name, value): (&'o Text, &'o Text)| {
            let key = (&*service.meta.namespace, &**name, &**value);
            self.by_label.get(&key).map_or(&[][..], Vec::as_slice)
        };
        let fewest = service.spec.selector.iter().map(with).min_by_key(|pods| pods.len()).unwrap_or(&[]);
        fewest.iter().copied().filter(|pod| service.spec.selector.is_within(&pod.meta.labels))
    }
}
