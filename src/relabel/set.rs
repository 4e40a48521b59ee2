//! The labels a chain works on.

use std::cmp::Ordering;

use super::Labels;
use super::names::{NameId, Names, START};
use super::order::Orders;
use super::value::Value;
use super::workspace::Workspace;

/// Bytes of names and values that a set may have, with some for each label.
const MAX_BYTES: usize = LabelBuilder::MAX_BYTES;
/// What a label counts besides its name and value.
const LABEL_BYTES: usize = 16;
/// Bytes of values, current and former, at which the former ones are thrown away.
const TIDY_TEXT: usize = 32 << 20;
/// Dead entries at which they are thrown away, if there are as many living ones or fewer.
const TIDY_ENTRIES: usize = 1 << 16;
/// Bytes of values, current and former, beyond which nothing is stored.
const MAX_TEXT: usize = 256 << 20;

/// A label set while a [`Chain`](crate::Chain) works on it.
///
/// Prometheus works on an unchanging *base* and on a list of labels *added* to it; rules about
/// names go over the untouched base labels in the order of their names first, then over the added
/// ones in the order they were added. Samples and plain label sets are a base
/// ([`load_base`](Self::load_base)); of a target every label is added
/// ([`load_added`](Self::load_added)).
///
/// It keeps its memory, and what it learned about names and the chain: use one set for many labels and
/// one chain.
///
/// ```
/// use promcfg::Chain;
/// use promcfg::relabel::{LabelBuilder, NameScheme, RuleSpec, Verdict};
/// let rule = RuleSpec { target_label: "team".to_string(), replacement: "core".to_string(), ..RuleSpec::default() };
/// let chain = Chain::new(&[rule], NameScheme::Utf8).unwrap();
/// let mut set = LabelBuilder::new();
/// for job in ["node", "web"] {
///     set.load_base([("job", job)]);
///     assert_eq!(chain.run(&mut set), Ok(Verdict::Kept));
///     assert!(set.iter().eq([("job", job), ("team", "core")]));
/// }
/// ```
#[derive(Debug, Default)]
pub struct LabelBuilder {
    pub(super) names: Names,
    names_epoch: u64,
    /// All values: current ones, former ones, and parts of both.
    pub(super) text: String,
    /// Base labels, then added ones. Those deleted or replaced stay as dead entries.
    pub(super) entries: Vec<Entry>,
    base_count: usize,
    base_is_sorted: bool,
    /// Where each name's current entry is; of former sets unless the generation is the current one.
    slots: Vec<Slot>,
    generation: u32,
    last_loaded: NameId,
    /// Bytes of the current names and values.
    bytes: usize,
    /// Whether something was not stored because there was too much.
    overflowed: bool,
    dead_count: usize,
    pub(super) collided: bool,
    orders: Orders,
    sorted: Vec<u32>,
    is_sorted: bool,
    live: Vec<u32>,
    live_names: Vec<NameId>,
    pub(super) workspace: Option<Box<Workspace>>,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Entry {
    pub(super) name: NameId,
    pub(super) value: Value,
    /// The rule that wrote it, as given to [`LabelBuilder::assign`]; [`TOMBSTONE`] when it is gone.
    pub(super) mark: u32,
}

/// The mark of an entry that was deleted or replaced.
pub(super) const TOMBSTONE: u32 = u32::MAX;
/// The mark of an entry no rule has written.
pub(super) const LOADED: u32 = u32::MAX - 1;

#[derive(Clone, Copy, Debug, Default)]
struct Slot {
    generation: u32,
    entry: u32,
}

impl LabelBuilder {
    /// Bytes of names and values that a set may have, with some for each label: 16 MiB. A [`Chain`](crate::Chain)
    /// refuses to work on more.
    pub const MAX_BYTES: usize = 16 << 20;

    /// An empty set.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// A set with these labels as its base.
    #[must_use]
    pub fn from_base(labels: &Labels) -> Self {
        let mut set = Self::new();
        set.load_base(labels);
        set
    }

    /// A set with an empty base and these labels added, in the order of their names.
    #[must_use]
    pub fn from_added(labels: &Labels) -> Self {
        let mut set = Self::new();
        set.load_added(labels);
        set
    }

    /// Starts anew with these labels as the base, in whatever order they come. Labels with an empty
    /// value are absent; of a repeated name the last value counts.
    pub fn load_base<'a>(&mut self, labels: impl IntoIterator<Item = (&'a str, &'a str)>) {
        self.clear();
        for (name, value) in labels {
            let value = self.store(value);
            self.load_value(name, value);
        }
        self.base_count = self.entries.len();
        self.base_is_sorted = self.base_count < 2;
    }

    /// Starts anew with an empty base and these labels added in the order given, as Prometheus does
    /// for targets (where that order is not defined).
    pub fn load_added<'a>(&mut self, labels: impl IntoIterator<Item = (&'a str, &'a str)>) {
        self.load_base(labels);
        self.base_count = 0;
        self.base_is_sorted = true;
    }

    /// The value of a label, `""` when it is absent.
    ///
    /// ```
    /// let mut set = promcfg::relabel::LabelBuilder::new();
    /// set.load_base([("job", "node")]);
    /// assert_eq!((set.get("job"), set.get("env")), ("node", ""));
    /// ```
    #[must_use]
    pub fn get(&self, name: &str) -> &str {
        self.names.find(name).map_or("", |id| self.value_text(self.value(id)))
    }

    /// Sets a label: a new one, or one of the base, becomes the last of the added ones. An empty value deletes it.
    pub fn set(&mut self, name: &str, value: &str) {
        if self.names.is_beyond(name.len()) {
            self.overflowed = true;
            return;
        }
        let id = self.names.intern(name);
        self.grow_slots();
        self.compact();
        if value.is_empty() {
            self.delete(id);
        } else {
            let value = self.store(value);
            self.assign(id, value, LOADED);
        }
    }

    /// Deletes a label.
    pub fn remove(&mut self, name: &str) {
        if let Some(id) = self.names.find(name) {
            self.delete(id);
        }
    }

    /// Whether a labelmap copied different values from several labels to one, since the labels were loaded: the
    /// last one won. Of a target Prometheus goes over the labels in random order, so that there the result is not
    /// defined. See [`Step::collisions`](crate::relabel::Step::collisions) for which labels.
    #[must_use]
    pub fn has_collisions(&self) -> bool {
        self.collided
    }

    /// The labels as they are now, in byte order of their names.
    pub fn iter(&mut self) -> impl ExactSizeIterator<Item = (&str, &str)> {
        self.sort();
        self.sorted.iter().map(|&index| match self.entries.get(index as usize) {
            Some(entry) => (self.names.text(entry.name), self.value_text(entry.value)),
            None => ("", ""),
        })
    }

    /// The labels as they are now.
    #[must_use]
    pub fn to_labels(&self) -> Labels {
        let live = self.entries.iter().filter(|entry| entry.mark != TOMBSTONE);
        Labels::of_pairs(live.map(|entry| (self.names.text(entry.name), self.value_text(entry.value))).collect())
    }
}

impl LabelBuilder {
    /// Starts anew with the labels of a line as the base: `text` holds the values, `pairs` names and
    /// where in `text` their values are.
    pub(super) fn load_base_from<'a>(&mut self, text: &str, pairs: impl Iterator<Item = (&'a str, Value)>) {
        self.clear();
        let whole = self.store(text);
        if whole.length as usize == text.len() {
            for (name, value) in pairs {
                self.load_value(name, value);
            }
        }
        self.base_count = self.entries.len();
        self.base_is_sorted = self.base_count < 2;
    }

    /// The values' text, and the entries in byte order of their names.
    pub(super) fn sorted_entries(&mut self) -> (&str, impl Iterator<Item = &Entry>) {
        self.sort();
        (&self.text, self.sorted.iter().filter_map(|&index| self.entries.get(index as usize)))
    }

    /// Changes when the names get other numbers.
    pub(super) fn names_epoch(&self) -> u64 {
        self.names_epoch
    }

    /// Forgets the labels, and the names too when they have become too many.
    fn clear(&mut self) {
        if self.names.is_full() {
            *self = Self { names_epoch: self.names_epoch + 1, ..Self::default() };
        }
        self.text.clear();
        self.text.shrink_to(MAX_BYTES);
        self.entries.clear();
        self.generation = self.generation.wrapping_add(1);
        if self.generation == 0 {
            self.slots.clear();
            self.generation = 1;
        }
        self.grow_slots();
        self.last_loaded = START;
        self.base_count = 0;
        self.base_is_sorted = true;
        self.bytes = 0;
        self.overflowed = false;
        self.dead_count = 0;
        self.collided = false;
        self.is_sorted = false;
    }

    /// Makes a slot for every name. To be called after names were added.
    #[inline]
    pub(super) fn grow_slots(&mut self) {
        if self.slots.len() < self.names.len() {
            self.slots.resize(self.names.len(), Slot::default());
        }
    }

    #[inline]
    fn load_value(&mut self, name: &str, value: Value) {
        let id = match self.names.follower(self.last_loaded, name) {
            Some(id) => id,
            None => match self.load_name(name) {
                Some(id) => id,
                None => return,
            },
        };
        self.last_loaded = id;
        let Some(slot) = self.slots.get_mut(id as usize) else { return };
        if slot.generation == self.generation {
            self.load_again(id, value);
        } else if value.length > 0 {
            *slot = Slot { generation: self.generation, entry: self.entries.len() as u32 };
            self.entries.push(Entry { name: id, value, mark: LOADED });
            self.bytes += name.len() + value.length as usize + LABEL_BYTES;
        }
    }

    #[cold]
    fn load_name(&mut self, name: &str) -> Option<NameId> {
        if self.names.is_beyond(name.len()) {
            self.overflowed = true;
            return None;
        }
        let id = self.names.intern_follower(self.last_loaded, name);
        self.grow_slots();
        Some(id)
    }

    /// Loads a name that was there before: the last value counts.
    #[cold]
    fn load_again(&mut self, name: NameId, value: Value) {
        self.delete(name);
        if value.length > 0 {
            self.append(name, value, LOADED);
        }
    }

    /// Whether the labels are more than a chain may work on.
    #[inline]
    pub(super) fn is_too_large(&self) -> bool {
        self.overflowed || self.bytes > MAX_BYTES
    }

    /// Whether values of these many bytes in all are more than a set may hold.
    #[inline]
    pub(super) fn is_too_long(length: usize) -> bool {
        length > MAX_BYTES
    }

    /// Whether the entries are known to be in the iteration order.
    pub(super) fn is_in_order(&self) -> bool {
        self.base_is_sorted
    }

    /// Which of two entries comes first in the iteration order: base labels by name, then added ones by position.
    #[inline]
    pub(super) fn compare(&self, left: u32, right: u32) -> Ordering {
        let is_base = |index: u32| (index as usize) < self.base_count;
        if is_base(left) && is_base(right) { self.compare_names(left, right) } else { left.cmp(&right) }
    }

    /// The order of two entries by name.
    pub(super) fn compare_names(&self, left: u32, right: u32) -> Ordering {
        let name = |index: u32| self.entries.get(index as usize).map_or(START, |entry| entry.name);
        self.names.compare(name(left), name(right))
    }

    #[inline]
    fn entry_of(&self, name: NameId) -> Option<&Entry> {
        let slot = self.slots.get(name as usize)?;
        if slot.generation != self.generation {
            return None;
        }
        self.entries.get(slot.entry as usize).filter(|entry| entry.mark != TOMBSTONE)
    }

    /// The value of a label, empty when it is absent.
    #[inline]
    pub(super) fn value(&self, name: NameId) -> Value {
        self.entry_of(name).map_or(Value::default(), |entry| entry.value)
    }

    #[inline]
    pub(super) fn value_text(&self, value: Value) -> &str {
        self.text.get(value.range()).unwrap_or("")
    }

    /// Appends to the text what may become a value. When there is too much of it nothing is stored, and the set
    /// counts as too large.
    #[inline]
    pub(super) fn store(&mut self, text: &str) -> Value {
        if self.text.len() + text.len() > MAX_TEXT {
            self.overflowed = true;
            return Value::default();
        }
        let start = self.text.len() as u32;
        self.text.push_str(text);
        Value { start, length: text.len() as u32 }
    }

    /// Appends a copy of a value to the text.
    pub(super) fn store_copy(&mut self, value: Value) {
        if self.text.len() + value.length as usize > MAX_TEXT {
            self.overflowed = true;
        } else if self.text.get(value.range()).is_some() {
            self.text.extend_from_within(value.range());
        }
    }

    /// Gives a label a value that is not empty, and says what it had before and which rule wrote that.
    #[inline]
    pub(super) fn assign(&mut self, name: NameId, value: Value, mark: u32) -> Option<(Value, u32)> {
        self.is_sorted = false;
        let Some(slot) = self.slots.get(name as usize).filter(|slot| slot.generation == self.generation) else {
            self.append(name, value, mark);
            return None;
        };
        let index = slot.entry as usize;
        let Some(entry) = self.entries.get_mut(index).filter(|entry| entry.mark != TOMBSTONE) else {
            self.append(name, value, mark);
            return None;
        };
        let before = (entry.value, entry.mark);
        if index < self.base_count {
            self.delete(name);
            self.append(name, value, mark);
        } else {
            self.bytes = self.bytes - entry.value.length as usize + value.length as usize;
            entry.value = value;
            entry.mark = mark;
        }
        Some(before)
    }

    fn append(&mut self, name: NameId, value: Value, mark: u32) {
        self.is_sorted = false;
        if let Some(slot) = self.slots.get_mut(name as usize) {
            *slot = Slot { generation: self.generation, entry: self.entries.len() as u32 };
        }
        self.entries.push(Entry { name, value, mark });
        self.bytes += self.names.text(name).len() + value.length as usize + LABEL_BYTES;
    }

    /// Deletes a label, and says what it had.
    pub(super) fn delete(&mut self, name: NameId) -> Option<Value> {
        self.is_sorted = false;
        let slot = self.slots.get(name as usize).filter(|slot| slot.generation == self.generation)?;
        let entry = self.entries.get_mut(slot.entry as usize).filter(|entry| entry.mark != TOMBSTONE)?;
        entry.mark = TOMBSTONE;
        let before = entry.value;
        self.dead_count += 1;
        self.bytes -= self.names.text(name).len() + before.length as usize + LABEL_BYTES;
        Some(before)
    }

    /// Throws away removed entries, when there are many. Values handed out before are void then.
    #[inline]
    pub(super) fn compact(&mut self) {
        if self.text.len() > TIDY_TEXT || (self.dead_count > TIDY_ENTRIES && self.dead_count * 2 > self.entries.len()) {
            self.tidy_now();
        }
    }

    #[cold]
    fn tidy_now(&mut self) {
        let mut text = String::with_capacity(self.bytes.min(MAX_BYTES));
        let mut base_count = 0;
        let mut entries = Vec::with_capacity(self.entries.len() - self.dead_count);
        for (index, entry) in self.entries.iter().enumerate().filter(|(_, entry)| entry.mark != TOMBSTONE) {
            let value = Value { start: text.len() as u32, length: entry.value.length };
            text.push_str(self.value_text(entry.value));
            if let Some(slot) = self.slots.get_mut(entry.name as usize) {
                slot.entry = entries.len() as u32;
            }
            entries.push(Entry { value, ..*entry });
            base_count += usize::from(index < self.base_count);
        }
        // A name all of whose entries are dead has no slot any more.
        for entry in self.entries.iter().filter(|entry| entry.mark == TOMBSTONE) {
            if let Some(slot) = self.slots.get_mut(entry.name as usize) {
                let is_alive = entries.get(slot.entry as usize).is_some_and(|alive: &Entry| alive.name == entry.name);
                if !is_alive {
                    *slot = Slot::default();
                }
            }
        }
        self.text = text;
        self.entries = entries;
        self.base_count = base_count;
        self.dead_count = 0;
        self.is_sorted = false;
    }

    /// Brings the base into the order of its names, which is the order Prometheus keeps it in.
    pub(super) fn sort_base(&mut self) {
        if self.base_is_sorted {
            return;
        }
        let names = &self.names;
        if let Some(base) = self.entries.get_mut(..self.base_count) {
            base.sort_by(|left, right| names.compare(left.name, right.name));
        }
        for (index, entry) in self.entries.iter().enumerate().filter(|(_, entry)| entry.mark != TOMBSTONE) {
            if let Some(slot) = self.slots.get_mut(entry.name as usize) {
                slot.entry = index as u32;
            }
        }
        self.base_is_sorted = true;
        self.is_sorted = false;
    }

    /// One of the labels in byte order of their names, after [`sort`](Self::sort).
    pub(super) fn sorted_label(&self, index: usize) -> Option<(&str, &str)> {
        let entry = self.entries.get(*self.sorted.get(index)? as usize)?;
        Some((self.names.text(entry.name), self.value_text(entry.value)))
    }

    /// Notes where the living entries are, in byte order of their names.
    pub(super) fn sort(&mut self) {
        if self.is_sorted {
            return;
        }
        // Every entry is written down, and stays if it lives: that takes no branches.
        self.live.resize(self.entries.len(), 0);
        self.live_names.resize(self.entries.len(), START);
        let mut count = 0;
        for (index, entry) in self.entries.iter().enumerate() {
            if let (Some(place), Some(name)) = (self.live.get_mut(count), self.live_names.get_mut(count)) {
                (*place, *name) = (index as u32, entry.name);
            }
            count += usize::from(entry.mark != TOMBSTONE);
        }
        self.live.truncate(count);
        self.live_names.truncate(count);
        let order = self.orders.sorted(&self.live_names, &self.names);
        self.sorted.clear();
        self.sorted.extend(order.iter().map(|&position| self.live.get(position as usize).copied().unwrap_or(0)));
        self.is_sorted = true;
    }
}
