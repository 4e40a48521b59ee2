//! Simple case folding, as the version of Unicode that a version of Go knows has it.

use regex_syntax::hir::{ClassUnicode, ClassUnicodeRange};

use crate::text::{NewCase, new_cases};

/// Small letters that fold to one another since Unicode 15.1, although they have one upper case in no version.
const NEW_EQUALS: [NewCase; 3] =
    [equals('\u{390}', '\u{1FD3}'), equals('\u{3B0}', '\u{1FE3}'), equals('\u{FB05}', '\u{FB06}')];

/// No letter that folds in some versions only is before it.
const FIRST: char = '\u{19B}';

const fn equals(upper: char, lower: char) -> NewCase {
    // No version of Go knows Unicode 15.1.
    NewCase { upper, lower, since: 16 }
}

/// The class and its case variants, when `fold` asks for them, by a major version of Unicode.
pub(super) fn folded(mut class: ClassUnicode, fold: bool, unicode: u16) -> ClassUnicode {
    if !fold {
        return class;
    }
    let changes = if class.ranges().last().is_none_or(|last| last.end() < FIRST) {
        Changes::default()
    } else {
        Changes::of(&class, unicode)
    };
    // The tables are compiled in, so folding cannot fail. They are those of Unicode 16.
    let _ = class.try_case_fold_simple();
    if !changes.added.is_empty() {
        class.union(&changes.added());
    }
    if !changes.removed.is_empty() {
        class.difference(&changes.removed());
    }
    class
}

/// How the variants of a class differ from those that Unicode 16 has.
#[derive(Default)]
struct Changes {
    added: Vec<char>,
    removed: Vec<char>,
}

impl Changes {
    fn of(class: &ClassUnicode, unicode: u16) -> Self {
        let mut changes = Self::default();
        for pair in NEW_EQUALS.into_iter().chain(new_cases()) {
            let variant = match (contains(class, pair.upper), contains(class, pair.lower)) {
                (true, false) => pair.lower,
                (false, true) => pair.upper,
                _ => continue,
            };
            if unicode >= pair.since { &mut changes.added } else { &mut changes.removed }.push(variant);
        }
        changes
    }

    fn added(&self) -> ClassUnicode {
        class_of(&self.added)
    }

    fn removed(&self) -> ClassUnicode {
        class_of(&self.removed)
    }
}

fn class_of(letters: &[char]) -> ClassUnicode {
    ClassUnicode::new(letters.iter().map(|&letter| ClassUnicodeRange::new(letter, letter)))
}

fn contains(class: &ClassUnicode, c: char) -> bool {
    let at = class.ranges().partition_point(|range| range.end() < c);
    class.ranges().get(at).is_some_and(|range| range.start() <= c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn variants(letter: char, unicode: u16) -> String {
        let class = folded(class_of(&[letter]), true, unicode);
        class.ranges().iter().flat_map(|range| range.start()..=range.end()).collect()
    }

    #[test]
    fn letters_fold_since_their_version_of_unicode() {
        for (upper, lower, since) in [
            ('\u{2C2F}', '\u{2C5F}', 14),
            ('\u{1057C}', '\u{105A3}', 14),
            ('\u{A7CB}', '\u{264}', 16),
            ('\u{10D65}', '\u{10D85}', 16),
            ('\u{A7D2}', '\u{A7D3}', 17),
            ('\u{16EA0}', '\u{16EBB}', 17),
            ('\u{16EB8}', '\u{16ED3}', 17),
            ('\u{390}', '\u{1FD3}', 16),
            ('\u{FB05}', '\u{FB06}', 16),
        ] {
            let both: String = [upper.min(lower), upper.max(lower)].into_iter().collect();
            for version in [13, 15, 16, 17] {
                let expected = |letter: char| if version >= since { both.clone() } else { letter.to_string() };
                assert_eq!(variants(upper, version), expected(upper), "{upper:?} in Unicode {version}");
                assert_eq!(variants(lower, version), expected(lower), "{lower:?} in Unicode {version}");
            }
        }
        for version in [13, 15, 17] {
            assert_eq!((variants('k', version), variants('ς', version)), ("Kk\u{212a}".into(), "Σςσ".into()));
        }
    }

    #[test]
    fn a_range_with_both_letters_stays_whole() {
        let range = || ClassUnicode::new([ClassUnicodeRange::new('\u{A7CB}', '\u{A7DD}')]);
        let old = folded(range(), true, 15);
        assert_eq!(old, range());
        let mut new = range();
        new.union(&class_of(&['\u{19B}', '\u{264}']));
        assert_eq!(folded(range(), true, 17), new);
    }
}
