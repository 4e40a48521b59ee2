//! Letters that got an upper or lower case after Unicode 13: the oldest version of Unicode that a known release of
//! Prometheus is built with.
//!
//! Source: `UnicodeData.txt` and `CaseFolding.txt` of the Unicode Character Database, 13.0 to 17.0.

/// Pairs of letters of which one is the other in upper case: how many, the first of each case, and the major version
/// of Unicode that has them first. The pairs follow one another in both cases.
const NEW_PAIRS: &[(u32, char, char, u16)] = &[
    (1, '\u{2C2F}', '\u{2C5F}', 14),
    (1, '\u{A7C0}', '\u{A7C1}', 14),
    (1, '\u{A7D0}', '\u{A7D1}', 14),
    (1, '\u{A7D6}', '\u{A7D7}', 14),
    (1, '\u{A7D8}', '\u{A7D9}', 14),
    (11, '\u{10570}', '\u{10597}', 14),
    (15, '\u{1057C}', '\u{105A3}', 14),
    (7, '\u{1058C}', '\u{105B3}', 14),
    (2, '\u{10594}', '\u{105BB}', 14),
    (1, '\u{1C89}', '\u{1C8A}', 16),
    (1, '\u{A7CB}', '\u{264}', 16),
    (1, '\u{A7CC}', '\u{A7CD}', 16),
    (1, '\u{A7DA}', '\u{A7DB}', 16),
    (1, '\u{A7DC}', '\u{19B}', 16),
    (22, '\u{10D50}', '\u{10D70}', 16),
    (1, '\u{A7CE}', '\u{A7CF}', 17),
    (1, '\u{A7D2}', '\u{A7D3}', 17),
    (1, '\u{A7D4}', '\u{A7D5}', 17),
    (25, '\u{16EA0}', '\u{16EBB}', 17),
];

/// No letter of the table is before it.
const FIRST: char = '\u{19B}';

/// Two letters that differ in case only, in versions of Unicode since one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct NewCase {
    pub(crate) upper: char,
    pub(crate) lower: char,
    pub(crate) since: u16,
}

/// All pairs of letters that got their case after Unicode 13.
pub(crate) fn new_cases() -> impl Iterator<Item = NewCase> {
    NEW_PAIRS.iter().flat_map(|&(count, upper, lower, since)| {
        let at = |first: char, index: u32| char::from_u32(u32::from(first) + index);
        (0..count).filter_map(move |index| Some(NewCase { upper: at(upper, index)?, lower: at(lower, index)?, since }))
    })
}

/// The pair of a letter that got its case after Unicode 13.
pub(crate) fn new_case_of(letter: char) -> Option<NewCase> {
    if letter < FIRST {
        return None;
    }
    let code = u32::from(letter);
    NEW_PAIRS.iter().find_map(|&(count, upper, lower, since)| {
        let index = [upper, lower].map(|first| code.wrapping_sub(u32::from(first))).into_iter().min()?;
        let at = |first: char| char::from_u32(u32::from(first) + index);
        if index < count { Some(NewCase { upper: at(upper)?, lower: at(lower)?, since }) } else { None }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_letter_has_the_pair_that_the_table_lists() {
        let found = |letter| new_case_of(letter).map(|pair| (pair.upper, pair.lower, pair.since));
        assert_eq!(found('\u{264}'), Some(('\u{A7CB}', '\u{264}', 16)));
        assert_eq!(found('\u{10D65}'), Some(('\u{10D65}', '\u{10D85}', 16)));
        assert_eq!(found('\u{10D66}'), None);
        assert_eq!(found('\u{16ED3}'), Some(('\u{16EB8}', '\u{16ED3}', 17)));
        assert_eq!((found('a'), found('\u{416}'), found(char::MAX)), (None, None, None));
        for pair in new_cases() {
            assert_eq!((new_case_of(pair.upper), new_case_of(pair.lower)), (Some(pair), Some(pair)));
        }
    }

    #[test]
    fn unicode_16_and_17_have_110_letters_with_a_new_case() {
        let count = |versions: &[u16]| 2 * new_cases().filter(|pair| versions.contains(&pair.since)).count();
        assert_eq!((count(&[14]), count(&[16]), count(&[17]), count(&[16, 17])), (80, 54, 56, 110));
    }
}
