//! The secrets of the lines of a text that are shown: those of the whole text, or, where it has many jobs that do not
//! depend on each other, those of the jobs that the lines are in.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{OnceLock, PoisonError, RwLock};

use rustc_hash::FxHashMap;

use crate::options::Executor;
use crate::secrets::{KnownNames, Secrets};

/// The secrets of a text, found where they are asked for.
pub(super) struct ShownSecrets<'t> {
    text: &'t str,
    /// Where the parts begin that are read without each other; empty for a text that is read as a whole.
    starts: Vec<usize>,
    /// The parts that were asked for; `None` for one that cannot be read alone.
    parts: RwLock<FxHashMap<usize, Option<Secrets>>>,
    whole: OnceLock<Secrets>,
}

impl<'t> ShownSecrets<'t> {
    /// Those of a text with jobs that begin at these places, the end of the last one among them. What comes before and
    /// after the jobs are parts as well.
    ///
    /// A part has the secrets that it has in the whole text: a key makes what is below it a secret, or what is next to it,
    /// and an alias what its anchor is about. Jobs are not below each other, and where a text has a sign of an anchor, all
    /// of it is read.
    pub(super) fn new(text: &'t str, cuts: Option<Vec<usize>>) -> Self {
        let mut starts = vec![0];
        starts.extend(cuts.unwrap_or_default());
        starts.dedup();
        if starts.len() < 2 || has_anchors(text) {
            starts.clear();
        }
        Self { text, starts, parts: RwLock::default(), whole: OnceLock::new() }
    }

    /// Looks at the parts with these places, in the order of the text, on the executor: so that nothing is left to be
    /// found when they are shown.
    pub(super) fn look_at(&self, places: impl Iterator<Item = usize>, executor: &dyn Executor) {
        /// So many parts are looked at together.
        const TOGETHER: usize = 64;
        let mut wanted: Vec<usize> = places.filter_map(|place| self.part_at(place)).collect();
        wanted.dedup();
        let chunks: Vec<&[usize]> = wanted.chunks(TOGETHER).collect();
        let next = AtomicUsize::new(0);
        let work = |_: usize| {
            let mut names = KnownNames::default();
            while let Some(chunk) = chunks.get(next.fetch_add(1, Ordering::Relaxed)) {
                let found: Vec<(usize, Option<Secrets>)> =
                    chunk.iter().map(|part| (*part, self.secrets_of(*part, &mut names))).collect();
                self.parts.write().unwrap_or_else(PoisonError::into_inner).extend(found);
            }
        };
        match executor.width().min(chunks.len()) {
            0 => {}
            1 => work(0),
            workers => executor.run(workers, &work),
        }
    }

    /// Whether a byte of the range, which is in one line, is secret.
    pub(super) fn overlaps(&self, range: &Range<usize>) -> bool {
        self.with_secrets(range, |secrets, start| secrets.overlaps(&(range.start - start..range.end - start)))
    }

    /// The secrets in the range, which is in one line.
    pub(super) fn within(&self, range: &Range<usize>) -> Vec<&'t str> {
        self.with_secrets(range, |secrets, start| {
            let own = range.start - start..range.end - start;
            let parts = secrets.in_range(&own).map(|secret| start + secret.start..start + secret.end);
            let parts = parts.map(|secret| secret.start.max(range.start)..secret.end.min(range.end));
            parts.filter_map(|secret| self.text.get(secret)).collect()
        })
    }

    /// The range, which is in one line, without its secrets.
    pub(super) fn masked(&self, range: Range<usize>) -> Cow<'t, str> {
        if !self.overlaps(&range) {
            return Cow::Borrowed(self.text.get(range).unwrap_or(""));
        }
        self.with_secrets(&range, |secrets, start| {
            let text = self.text.get(start..).unwrap_or("");
            Cow::Owned(secrets.masked(text, range.start - start..range.end - start))
        })
    }

    /// Asks the secrets of the part with a range, which begins at an offset; or those of the whole text.
    fn with_secrets<R>(&self, range: &Range<usize>, ask: impl FnOnce(&Secrets, usize) -> R) -> R {
        let part =
            self.part_at(range.start).filter(|part| range.end <= self.end_of(*part) && self.whole.get().is_none());
        if let Some((part, start)) = part.and_then(|part| Some((part, *self.starts.get(part)?))) {
            if !self.parts.read().unwrap_or_else(PoisonError::into_inner).contains_key(&part) {
                let found = self.secrets_of(part, &mut KnownNames::default());
                self.parts.write().unwrap_or_else(PoisonError::into_inner).insert(part, found);
            }
            if let Some(Some(secrets)) = self.parts.read().unwrap_or_else(PoisonError::into_inner).get(&part) {
                return ask(secrets, start);
            }
        }
        ask(self.whole.get_or_init(|| Secrets::find(self.text)), 0)
    }

    /// The part that a place is in, if the text has parts.
    fn part_at(&self, place: usize) -> Option<usize> {
        self.starts.partition_point(|start| *start <= place).checked_sub(1)
    }

    fn end_of(&self, part: usize) -> usize {
        self.starts.get(part + 1).copied().unwrap_or(self.text.len())
    }

    fn secrets_of(&self, part: usize, names: &mut KnownNames) -> Option<Secrets> {
        let start = *self.starts.get(part)?;
        Secrets::of_part(self.text.get(start..self.end_of(part))?, names)
    }
}

/// Whether something in a text looks like an anchor.
fn has_anchors(text: &str) -> bool {
    let is_name = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-') || !byte.is_ascii();
    memchr::memchr_iter(b'&', text.as_bytes()).any(|at| text.as_bytes().get(at + 1).is_some_and(is_name))
}
