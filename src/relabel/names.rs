//! Label names as small numbers.

use std::cmp::Ordering;

use rustc_hash::FxHashMap;

/// A label name, known by its number.
pub(super) type NameId = u32;

/// Stands before the first name of a set.
pub(super) const START: NameId = 0;

/// Names that are remembered from one set to the next, and their bytes.
const MAX_REMEMBERED: usize = 1 << 16;
const MAX_REMEMBERED_BYTES: usize = 8 << 20;
/// The rank of a name that was not given one.
const UNRANKED: u64 = u64::MAX;
/// Bytes of names that one run may add up to.
const MAX_BYTES: usize = 64 << 20;

/// All names met so far, numbered, and which name usually follows which: sets that come one after
/// the other mostly have the same names in the same order, so that most names are found by one
/// comparison instead of a look-up.
#[derive(Clone, Debug)]
pub(super) struct Names {
    entries: Vec<Entry>,
    /// Bytes of all names together.
    bytes: usize,
    known: FxHashMap<Box<str>, NameId>,
    /// The names in byte order, as far as they have a rank.
    sorted: Vec<NameId>,
}

#[derive(Clone, Debug)]
struct Entry {
    text: Box<str>,
    /// Ascends in byte order of the names, with gaps for new ones.
    rank: u64,
    /// The names that followed this one last, the latest first.
    followers: [NameId; 2],
}

impl Default for Names {
    fn default() -> Self {
        let start = Entry { text: "".into(), rank: 0, followers: [START; 2] };
        Self { entries: vec![start], bytes: 0, known: FxHashMap::default(), sorted: Vec::new() }
    }
}

impl Names {
    /// Numbers in use: all are below it.
    pub(super) fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there are more names than are worth remembering.
    pub(super) fn is_full(&self) -> bool {
        self.entries.len() > MAX_REMEMBERED || self.bytes > MAX_REMEMBERED_BYTES
    }

    /// Whether a name of `length` bytes is beyond what one run may add.
    pub(super) fn is_beyond(&self, length: usize) -> bool {
        self.bytes + length > MAX_BYTES
    }

    /// The text of a name.
    #[inline]
    pub(super) fn text(&self, id: NameId) -> &str {
        self.entries.get(id as usize).map_or("", |entry| &entry.text)
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
        self.bytes += name.len();
        self.entries.push(Entry { text: name.into(), rank: UNRANKED, followers: [START; 2] });
        self.known.insert(name.into(), id);
        if self.sorted.len() < MAX_REMEMBERED {
            self.rank(id);
        }
        id
    }

    /// Finds the place of a new name among the others.
    fn rank(&mut self, id: NameId) {
        let name = self.text(id);
        let place = self.sorted.partition_point(|&other| self.text(other) < name);
        self.sorted.insert(place, id);
        let before = place.checked_sub(1).and_then(|place| self.sorted.get(place)).map_or(0, |&id| self.rank_of(id));
        let after = self.sorted.get(place + 1).map_or(UNRANKED, |&id| self.rank_of(id));
        let rank = before + (after - before) / 2;
        if rank == before {
            self.rank_anew();
        } else if let Some(entry) = self.entries.get_mut(id as usize) {
            entry.rank = rank;
        }
    }

    fn rank_anew(&mut self) {
        let step = UNRANKED / (self.sorted.len() as u64 + 2);
        for (place, &id) in self.sorted.iter().enumerate() {
            if let Some(entry) = self.entries.get_mut(id as usize) {
                entry.rank = step * (place as u64 + 1);
            }
        }
    }

    #[inline]
    fn rank_of(&self, id: NameId) -> u64 {
        self.entries.get(id as usize).map_or(UNRANKED, |entry| entry.rank)
    }

    /// Compares two names bytewise.
    #[inline]
    pub(super) fn compare(&self, left: NameId, right: NameId) -> Ordering {
        match (self.rank_of(left), self.rank_of(right)) {
            (UNRANKED, _) | (_, UNRANKED) => self.text(left).cmp(self.text(right)),
            (left, right) => left.cmp(&right),
        }
    }

    /// The number of a name that follows `previous` in a set, if it is the one that usually does.
    #[inline]
    pub(super) fn follower(&self, previous: NameId, name: &str) -> Option<NameId> {
        let id = self.entries.get(previous as usize)?.followers[0];
        let entry = self.entries.get(id as usize)?;
        (*entry.text == *name && id != START).then_some(id)
    }

    /// The number of a name that follows `previous` in a set, and usually does not.
    pub(super) fn intern_follower(&mut self, previous: NameId, name: &str) -> NameId {
        let followers = self.entries.get(previous as usize).map_or([START; 2], |entry| entry.followers);
        let id =
            if followers[1] != START && self.text(followers[1]) == name { followers[1] } else { self.intern(name) };
        if let Some(entry) = self.entries.get_mut(previous as usize) {
            entry.followers = [id, followers[0]];
        }
        id
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranks_follow_the_bytes_of_the_names_however_they_come() {
        let mut names = Names::default();
        // Ever smaller names use up the gaps again and again.
        let texts: Vec<String> = (0..500).rev().map(|number| format!("n{number:03}")).chain([String::new()]).collect();
        let ids: Vec<NameId> = texts.iter().map(|text| names.intern(text)).collect();
        for (left, &left_id) in texts.iter().zip(&ids) {
            for (right, &right_id) in texts.iter().zip(&ids) {
                assert_eq!(names.compare(left_id, right_id), left.cmp(right));
            }
        }
    }

    #[test]
    fn a_name_keeps_its_number_whatever_it_follows() {
        let mut names = Names::default();
        let mut after = |previous: NameId, name: &str| {
            names.follower(previous, name).unwrap_or_else(|| names.intern_follower(previous, name))
        };
        let a = after(START, "a");
        let b = after(a, "b");
        assert_ne!(a, b);
        for _ in 0..2 {
            assert_eq!(after(START, "b"), b);
            assert_eq!(after(START, "a"), a);
            assert_eq!(after(b, "a"), a);
        }
        assert_eq!((names.text(a), names.find("b"), names.find("c")), ("a", Some(b), None));
    }
}
