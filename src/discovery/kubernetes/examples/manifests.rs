//! Whether there are manifests among objects.

use super::super::objects::{KubernetesObjects, ObjectMeta};

impl KubernetesObjects {
    /// Whether there are objects that no server has seen, so that
    /// [`with_examples`](Self::with_examples) makes a difference.
    ///
    /// ```
    /// use promcfg::discovery::KubernetesObjects;
    /// let is_manifest = |text: &str| KubernetesObjects::read(text).0.has_manifests();
    /// assert!(is_manifest("kind: Deployment\nmetadata: {name: web}\nspec: {template: {}}\n"));
    /// assert!(!is_manifest("kind: Pod\nmetadata: {name: web, uid: 5f}\nstatus: {podIP: 10.0.0.1}\n"));
    /// ```
    #[must_use]
    pub fn has_manifests(&self) -> bool {
        let is_new = |meta: &ObjectMeta| meta.uid.is_empty();
        self.pods.iter().any(|pod| is_new(&pod.meta))
            || self.services.iter().any(|service| is_new(&service.meta))
            || self.endpoints.iter().any(|endpoints| is_new(&endpoints.meta))
            || self.slices.iter().any(|slice| is_new(&slice.meta))
            || self.ingresses.iter().any(|ingress| is_new(&ingress.meta))
            || self.jobs.iter().any(|job| is_new(&job.meta))
            || self.cron_jobs.iter().any(|job| is_new(&job.meta))
            || self.workloads.values().flatten().any(|workload| is_new(&workload.meta))
    }
}
