//! The secrets of the lines of a text that are shown: those of the whole text, or, where it has many jobs that do not
//! depend on each other, those of the jobs that the lines are in.

use std::borrow::Cow;
use std::cell::{OnceCell, RefCell};
use std::ops::Range;
use std::rc::Rc;

use crate::secrets::{KnownNames, Secrets};

/// The secrets of a text, found where they are asked for.
pub(super) struct ShownSecrets<'t> {
    text: &'t str,
    /// Where the parts begin that are read without each other; empty for a text that is read as a whole.
    starts: Vec<usize>,
    /// The part that was asked for last.
    last: RefCell<Option<(usize, Rc<Secrets>)>>,
    whole: OnceCell<Secrets>,
    names: RefCell<KnownNames>,
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
        Self { text, starts, last: RefCell::new(None), whole: OnceCell::new(), names: RefCell::default() }
    }

    /// Whether a byte of the range, which is in one line, is secret.
    pub(super) fn overlaps(&self, range: &Range<usize>) -> bool {
        match self.part_of(range) {
            Some((start, secrets)) => secrets.overlaps(&(range.start - start..range.end - start)),
            None => self.whole().overlaps(range),
        }
    }

    /// The range, which is in one line, without its secrets.
    pub(super) fn masked(&self, range: Range<usize>) -> Cow<'t, str> {
        let shown = self.text.get(range.clone()).unwrap_or("");
        let is_open = !self.overlaps(&range);
        match self.part_of(&range) {
            _ if is_open => Cow::Borrowed(shown),
            Some((start, secrets)) => {
                Cow::Owned(secrets.masked(&self.text[start..], range.start - start..range.end - start))
            }
            None => Cow::Owned(self.whole().masked(self.text, range)),
        }
    }

    fn whole(&self) -> &Secrets {
        self.whole.get_or_init(|| Secrets::find(self.text))
    }

    /// The part with the range: where it begins, and its secrets.
    fn part_of(&self, range: &Range<usize>) -> Option<(usize, Rc<Secrets>)> {
        let part = self.starts.partition_point(|start| *start <= range.start).checked_sub(1)?;
        let start = *self.starts.get(part)?;
        let end = self.starts.get(part + 1).copied().unwrap_or(self.text.len());
        let mut last = self.last.borrow_mut();
        if let Some((_, secrets)) = last.as_ref().filter(|(known, _)| *known == part) {
            return Some((start, Rc::clone(secrets)));
        }
        if self.whole.get().is_some() || range.end > end {
            return None;
        }
        match Secrets::of_part(self.text.get(start..end)?, &mut self.names.borrow_mut()) {
            Some(secrets) => {
                let secrets = Rc::new(secrets);
                *last = Some((part, Rc::clone(&secrets)));
                Some((start, secrets))
            }
            None => {
                self.whole();
                None
            }
        }
    }
}

/// Whether something in a text looks like an anchor.
fn has_anchors(text: &str) -> bool {
    let is_name = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-') || !byte.is_ascii();
    memchr::memchr_iter(b'&', text.as_bytes()).any(|at| text.as_bytes().get(at + 1).is_some_and(is_name))
}
