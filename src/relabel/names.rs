//! Label names as small numbers.

use rustc_hash::FxHashMap;

/// A label name, known by its number.
pub(super) type NameId = u32;

/// Stands before the first name of a set.
pub(super) const START: NameId = 0;

/// Names that are remembered from one set to the next, and their bytes.
const MAX_REMEMBERED: usize = 1 << 16;
const MAX_REMEMBERED_BYTES: usize = 8 << 20;
/// Bytes of names that one run may add up to.
const MAX_BYTES: usize = 64 << 20;

/// All names met so far, numbered, and which name usually follows which: sets that come one after
/// the other mostly have the same names in the same order, so that most names are found by one
/// comparison instead of a look-up.
#[derive(Clone, Debug)]
pub(super) struct Names {
    text: String,
    entries: Vec<Entry>,
    known: FxHashMap<Box<str>, NameId>,
}

#[derive(Clone, Copy, Debug)]
struct Entry {
    start: u32,
    length: u32,
    /// The names that followed this one last, the latest first.
    followers: [Follower; 2],
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Follower {
    pub(super) name: NameId,
    /// Whether it sorts after the name it follows.
    pub(super) ascends: bool,
}

const NO_FOLLOWER: Follower = Follower { name: START, ascends: false };

impl Default for Names {
    fn default() -> Self {
        let start = Entry { start: 0, length: 0, followers: [NO_FOLLOWER; 2] };
        Self { text: String::new(), entries: vec![start], known: FxHashMap::default() }
    }
}

impl Names {
    /// Numbers in use: all are below it.
    pub(super) fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there are more names than are worth remembering.
    pub(super) fn is_full(&self) -> bool {
        self.entries.len() > MAX_REMEMBERED || self.text.len() > MAX_REMEMBERED_BYTES
    }

    /// Whether a name of `length` bytes is beyond what one run may add.
    pub(super) fn is_beyond(&self, length: usize) -> bool {
        self.text.len() + length > MAX_BYTES
    }

    /// The text of a name.
    #[inline]
    pub(super) fn text(&self, id: NameId) -> &str {
        self.entries.get(id as usize).map_or("", |entry| self.text_of(entry))
    }

    #[inline]
    fn text_of(&self, entry: &Entry) -> &str {
        let start = entry.start as usize;
        self.text.get(start..start + entry.length as usize).unwrap_or("")
    }

    /// The number of a name, if it has one.
    pub(super) fn find(&self, name: &str) -> Option<NameId> {
        self.known.get(name).copied()
    }

    /// The number of a name.
    pub(super) fn intern(&mut self, name: &str) -> NameId {
        if let Some(&id) = self.known.get(name) {
            return id;
        }
        let id = self.entries.len() as NameId;
        let entry = Entry { start: self.text.len() as u32, length: name.len() as u32, followers: [NO_FOLLOWER; 2] };
        self.text.push_str(name);
        self.entries.push(entry);
        self.known.insert(name.into(), id);
        id
    }

    /// The number of a name that follows `previous` in a set, and whether it sorts after it.
    #[inline]
    pub(super) fn intern_after(&mut self, previous: NameId, name: &str) -> Follower {
        let followers = self.entries.get(previous as usize).map_or([NO_FOLLOWER; 2], |entry| entry.followers);
        if followers[0].name != START && self.text(followers[0].name) == name {
            return followers[0];
        }
        if followers[1].name != START && self.text(followers[1].name) == name {
            self.set_followers(previous, [followers[1], followers[0]]);
            return followers[1];
        }
        let ascends = previous == START || self.text(previous) < name;
        let follower = Follower { name: self.intern(name), ascends };
        self.set_followers(previous, [follower, followers[0]]);
        follower
    }

    fn set_followers(&mut self, id: NameId, followers: [Follower; 2]) {
        if let Some(entry) = self.entries.get_mut(id as usize) {
            entry.followers = followers;
        }
    }
}
