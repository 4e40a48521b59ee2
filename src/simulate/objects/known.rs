//! What jobs find in objects of Kubernetes, found once for jobs that ask for the same one after the other.

use std::sync::{Arc, Mutex, PoisonError};

use crate::discovery::{DiscoveredGroup, KubernetesContext, KubernetesDiscovery, KubernetesError, KubernetesOptions};
use crate::release::Release;

/// What is found, and its groups.
pub(super) type Found = Result<(KubernetesDiscovery, Arc<Vec<DiscoveredGroup>>), KubernetesError>;

/// What was asked for.
#[derive(Debug, PartialEq, Eq)]
struct Request {
    options: KubernetesOptions,
    own_namespace: Option<String>,
    release: Release,
}

/// The last thing that was found.
#[derive(Debug, Default)]
pub(super) struct Known {
    last: Mutex<Option<(Request, Arc<Found>)>>,
}

impl Clone for Known {
    fn clone(&self) -> Self {
        Self::default()
    }
}

impl Known {
    /// What was found, if the same was asked for, else what `find` finds.
    pub(super) fn get_or_find(
        &self,
        options: &KubernetesOptions,
        context: KubernetesContext<'_>,
        find: impl FnOnce() -> Result<KubernetesDiscovery, KubernetesError>,
    ) -> Arc<Found> {
        let request = Request {
            options: options.clone(),
            own_namespace: context.own_namespace.map(str::to_string),
            release: context.release,
        };
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((known, found)) = &*last
            && *known == request
        {
            return Arc::clone(found);
        }
        let found = Arc::new(find().map(|mut found| {
            let groups = Arc::new(std::mem::take(&mut found.groups));
            (found, groups)
        }));
        *last = Some((request, Arc::clone(&found)));
        found
    }
}
