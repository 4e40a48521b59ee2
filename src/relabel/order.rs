//! The sorted order of label sets, remembered by their names.

use rustc_hash::{FxHashMap, FxHasher};
use std::hash::Hasher;

use super::names::{NameId, Names};

/// Names in all remembered sequences together.
const MAX_REMEMBERED: usize = 1 << 20;

/// Sequences of names met so far, each with the order that sorts it.
#[derive(Clone, Debug, Default)]
pub(super) struct Orders {
    known: FxHashMap<u64, Order>,
    size: usize,
}

#[derive(Clone, Debug, Default)]
struct Order {
    names: Box<[NameId]>,
    sorted: Box<[u32]>,
}

impl Orders {
    /// The positions of `ids` in byte order of their names. No name may occur twice.
    pub(super) fn sorted(&mut self, ids: &[NameId], names: &Names) -> &[u32] {
        let mut hasher = FxHasher::default();
        let (twos, rest) = ids.as_chunks::<2>();
        for &[first, second] in twos {
            hasher.write_u64(u64::from(first) << 32 | u64::from(second));
        }
        for &id in rest {
            hasher.write_u32(id);
        }
        let key = hasher.finish();
        let is_known = self.known.get(&key).is_some_and(|order| *order.names == *ids);
        if !is_known {
            self.learn(key, ids, names);
        }
        self.known.get(&key).map_or(&[], |order| &order.sorted)
    }

    #[cold]
    fn learn(&mut self, key: u64, ids: &[NameId], names: &Names) {
        if self.size + ids.len() > MAX_REMEMBERED {
            *self = Self::default();
        }
        let mut sorted: Vec<u32> = (0..ids.len() as u32).collect();
        let name = |&position: &u32| ids.get(position as usize).copied().unwrap_or_default();
        sorted.sort_unstable_by(|left, right| names.compare(name(left), name(right)));
        self.size += ids.len();
        self.known.insert(key, Order { names: ids.into(), sorted: sorted.into() });
    }
}
