//! Ranges of lines, one in the other or apart, and those around a line.

/// Lines from the first to the last, counted from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Extent {
    pub(super) first: usize,
    pub(super) last: usize,
}

impl Extent {
    /// Every line of a file.
    pub(super) const WHOLE_FILE: Self = Self { first: 0, last: usize::MAX };
}

/// Extents of which each is inside another one or apart from it.
#[derive(Debug, Default)]
pub(super) struct Extents {
    /// Each with the index of the smallest one around it.
    all: Vec<(Extent, Option<usize>)>,
}

impl Extents {
    pub(super) fn add(&mut self, extent: Extent) {
        if extent != Extent::WHOLE_FILE {
            self.all.push((extent, None));
        }
    }

    /// To be called after the last one is added.
    pub(super) fn sort(&mut self) {
        self.all.sort_unstable_by_key(|(extent, _)| (extent.first, std::cmp::Reverse(extent.last)));
        self.all.dedup_by_key(|(extent, _)| *extent);
        let mut open: Vec<usize> = Vec::new();
        for index in 0..self.all.len() {
            let first = self.all[index].0.first;
            while open.last().is_some_and(|last| self.all[*last].0.last < first) {
                open.pop();
            }
            self.all[index].1 = open.last().copied();
            open.push(index);
        }
    }

    /// The extents around a line, the smallest first.
    pub(super) fn around(&self, line: usize) -> impl Iterator<Item = Extent> {
        let last = self.all.partition_point(|(extent, _)| extent.first <= line).checked_sub(1);
        let chain = std::iter::successors(last, |index| self.all[*index].1);
        chain.map(|index| self.all[index].0).filter(move |extent| line <= extent.last)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_extents_around_a_line_are_found() {
        let mut extents = Extents::default();
        for (first, last) in [(2, 9), (3, 4), (3, 3), (6, 8), (2, 9), (12, 12)] {
            extents.add(Extent { first, last });
        }
        extents.add(Extent::WHOLE_FILE);
        extents.sort();
        let around = |line| extents.around(line).map(|extent| (extent.first, extent.last)).collect::<Vec<_>>();
        assert_eq!(around(1), []);
        assert_eq!(around(3), [(3, 3), (3, 4), (2, 9)]);
        assert_eq!(around(4), [(3, 4), (2, 9)]);
        assert_eq!(around(5), [(2, 9)]);
        assert_eq!(around(8), [(6, 8), (2, 9)]);
        assert_eq!((around(10), around(12)), (vec![], vec![(12, 12)]));
    }
}
