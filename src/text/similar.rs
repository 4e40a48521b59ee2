//! "Did you mean": the name most like a misspelt one.

/// The candidate that differs least from `wanted`, if one differs in few characters only: at most
/// one in three, and four. Case does not count.
///
/// ```
/// assert_eq!(promcfg::text::most_similar("relable_configs", ["relabel_configs", "params"]), Some("relabel_configs"));
/// assert_eq!(promcfg::text::most_similar("node", ["blackbox"]), None);
/// ```
#[must_use]
pub fn most_similar<'c>(wanted: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<&'c str> {
    let wanted: Vec<char> = folded(wanted);
    let most_edits = (wanted.len() / 3).clamp(1, 4);
    let near = candidates.into_iter().filter_map(|candidate| {
        let folded = folded(candidate);
        // Every edit changes the length by at most one.
        if folded.len().abs_diff(wanted.len()) > most_edits {
            return None;
        }
        let edits = edit_distance(&wanted, &folded, most_edits)?;
        (edits < wanted.len()).then_some((edits, candidate))
    });
    near.min().map(|(_, candidate)| candidate)
}

/// Whether at most `most` characters must be put in, taken out, replaced or swapped with their neighbor to make one text
/// the other.
pub(crate) fn is_within(one: &str, other: &str, most: usize) -> bool {
    edit_distance(&folded(one), &folded(other), most).is_some()
}

fn folded(text: &str) -> Vec<char> {
    const LONGEST: usize = 128;
    text.chars().take(LONGEST).flat_map(char::to_lowercase).collect()
}

/// How many characters must be put in, taken out, replaced or swapped with their neighbor to make
/// one text the other; `None` if that is more than `most`.
fn edit_distance(one: &[char], other: &[char], most: usize) -> Option<usize> {
    let width = one.len() + 1;
    let mut before_last = vec![0; width];
    let mut last: Vec<usize> = (0..width).collect();
    let mut current = vec![0; width];
    for (row, wanted) in other.iter().enumerate() {
        current[0] = row + 1;
        for column in 1..width {
            let is_same = one[column - 1] == *wanted;
            let replaced = last[column - 1] + usize::from(!is_same);
            current[column] = replaced.min(last[column] + 1).min(current[column - 1] + 1);
            let is_swapped = row > 0 && column > 1 && one[column - 2] == *wanted && one[column - 1] == other[row - 1];
            if is_swapped {
                current[column] = current[column].min(before_last[column - 2] + 1);
            }
        }
        std::mem::swap(&mut before_last, &mut last);
        std::mem::swap(&mut last, &mut current);
        // Each later row comes from one of the two rows before it.
        if last.iter().chain(&before_last).all(|edits| *edits > most) {
            return None;
        }
    }
    Some(last[width - 1]).filter(|edits| *edits <= most)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn swapped_neighbors_are_one_edit() {
        let distance = |one: &str, other: &str, most| edit_distance(&folded(one), &folded(other), most);
        assert_eq!(distance("lable", "label", 9), Some(1));
        assert_eq!(distance("", "abc", 9), Some(3));
        assert_eq!(distance("kitten", "sitting", 3), Some(3));
        assert_eq!(distance("kitten", "sitting", 2), None);
    }

    #[test]
    fn a_short_name_is_not_replaced_by_any_other() {
        assert_eq!(most_similar("a", ["b"]), None);
        assert_eq!(most_similar("kep", ["keep", "drop"]), Some("keep"));
    }
}
