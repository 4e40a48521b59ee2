//! The target files of a run.

use std::io;
use std::sync::Arc;

use rustc_hash::FxHashMap;

use crate::config::{TargetGroup, read_target_file};
use crate::diagnostic::Diagnostic;
use crate::options::Options;
use crate::release::Release;
use crate::text::Sources;

/// The target files of a run: each is read, parsed and held once, however many jobs name it. They belong to one set of
/// [`Sources`]. See [`known_targets`](super::known_targets).
#[derive(Debug, Default)]
pub struct TargetFiles {
    read: FxHashMap<String, io::Result<TargetFile>>,
}

/// A target file that was read.
#[derive(Clone, Debug)]
pub(super) struct TargetFile {
    pub(super) groups: Arc<[TargetGroup]>,
    pub(super) faults: Vec<Diagnostic>,
}

impl TargetFile {
    /// Whether Prometheus skips it.
    pub(super) fn is_broken(&self) -> bool {
        self.faults.iter().any(Diagnostic::is_error)
    }
}

impl TargetFiles {
    /// None is read yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// A file, or why it cannot be read.
    pub(super) fn read(
        &mut self,
        path: &str,
        release: Release,
        sources: &mut Sources,
        options: &Options<'_>,
    ) -> Result<&TargetFile, &io::Error> {
        let file = self.read.entry(path.to_string()).or_insert_with(|| {
            let bytes = options.files.read(path)?;
            let (groups, faults) = read_target_file(sources, path, &bytes, release);
            Ok(TargetFile { groups: groups.into(), faults })
        });
        file.as_ref()
    }
}
