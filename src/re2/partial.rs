//! Whether a pattern matches a text of which parts are not known.

use rustc_hash::{FxHashMap, FxHashSet};

use super::position::look_holds;
use super::program::{Inst, Program};
use super::tree::Look;

/// A part of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TextPart<'t> {
    /// These characters.
    Known(&'t str),
    /// One or more characters of [`UNKNOWN`].
    Unknown,
}

/// The characters of parts that are not known: those of names, addresses and numbers.
const UNKNOWN: &[u8] = b"0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-._:/";
/// The most sets of instructions that are looked at.
const MOST_SETS: usize = 2_000;
/// The most instructions of a program.
const MOST_INSTRUCTIONS: usize = 20_000;

/// Instructions that are reached side by side, sorted.
type Set = Vec<u32>;

/// Whether the program matches every text with these parts (`Some(true)`), or none (`Some(false)`). `None` where it depends
/// on the unknown parts, or takes too long to say.
pub(super) fn decide(program: &Program, parts: &[TextPart<'_>]) -> Option<bool> {
    if program.code.len() > MOST_INSTRUCTIONS || !is_plain(program) {
        return None;
    }
    let mut search = Search { program, sets: 0 };
    let mut now: FxHashSet<Set> = FxHashSet::default();
    now.insert(search.closure([0].into_iter(), true, false));
    let mut is_start = true;
    for part in parts {
        match part {
            TextPart::Known("") => {}
            TextPart::Known(text) => {
                for c in text.chars() {
                    now = now.iter().map(|set| search.step(set, c)).collect();
                }
                is_start = false;
            }
            TextPart::Unknown => {
                now = search.any(now)?;
                is_start = false;
            }
        }
    }
    let mut ends = now.iter().map(|set| {
        let end = search.closure(set.iter().copied(), is_start, true);
        end.iter().any(|&pc| matches!(program.code.get(pc as usize), Some(Inst::Match)))
    });
    let first = ends.next()?;
    ends.all(|end| end == first).then_some(first)
}

/// Whether a match begins at the start of the text, and no instruction looks at the characters around it.
fn is_plain(program: &Program) -> bool {
    program.anchored
        && program
            .code
            .iter()
            .all(|inst| !matches!(inst, Inst::Look(look) if !matches!(look, Look::TextStart | Look::TextEnd)))
}

struct Search<'p> {
    program: &'p Program,
    /// How many sets were made.
    sets: usize,
}

impl Search<'_> {
    /// All that is reached from instructions without taking a character.
    fn closure(&self, from: impl Iterator<Item = u32>, is_start: bool, is_end: bool) -> Set {
        let (mut open, mut seen): (Vec<u32>, FxHashSet<u32>) = (from.collect(), FxHashSet::default());
        let holds = |look: Look| match look {
            Look::TextStart => is_start,
            Look::TextEnd => is_end,
            other => look_holds(other, b"", 0),
        };
        while let Some(pc) = open.pop() {
            if !seen.insert(pc) {
                continue;
            }
            match self.program.code.get(pc as usize) {
                Some(Inst::Split(split)) => {
                    if let Some(split) = self.program.splits.get(*split as usize) {
                        open.extend([split.first, split.second]);
                    }
                }
                Some(Inst::Jump(to)) => open.push(*to),
                Some(Inst::Save(_)) => open.push(pc + 1),
                Some(Inst::Look(look)) if holds(*look) => open.push(pc + 1),
                Some(Inst::Look(_) | Inst::Byte(_) | Inst::Char(_) | Inst::Class(_) | Inst::Match) | None => {}
            }
        }
        // Branches and jumps are followed already.
        let code = &self.program.code;
        let is_kept =
            |pc: &u32| !matches!(code.get(*pc as usize), Some(Inst::Split(_) | Inst::Jump(_) | Inst::Save(_)));
        let mut set: Set = seen.into_iter().filter(is_kept).collect();
        set.sort_unstable();
        set
    }

    fn step(&self, set: &Set, c: char) -> Set {
        let takes = |pc: &u32| match self.program.code.get(*pc as usize) {
            Some(Inst::Byte(byte)) => c == char::from(*byte),
            Some(Inst::Char(wanted)) => c == *wanted,
            Some(Inst::Class(class)) => self
                .program
                .classes
                .get(*class as usize)
                .is_some_and(|class| if c.is_ascii() { class.has_ascii(c as u8) } else { class.has_other(c) }),
            Some(Inst::Split(_) | Inst::Jump(_) | Inst::Save(_) | Inst::Look(_) | Inst::Match) | None => false,
        };
        self.closure(set.iter().filter(|pc| takes(pc)).map(|pc| pc + 1), false, false)
    }

    /// The sets after one or more unknown characters; `None` if there are too many.
    fn any(&mut self, from: FxHashSet<Set>) -> Option<FxHashSet<Set>> {
        let characters = self.representatives();
        let mut reached: FxHashSet<Set> = FxHashSet::default();
        let mut open: Vec<Set> = from.into_iter().collect();
        while let Some(set) = open.pop() {
            for &c in &characters {
                let next = self.step(&set, c);
                if !reached.contains(&next) {
                    self.sets += 1;
                    if self.sets > MOST_SETS {
                        return None;
                    }
                    reached.insert(next.clone());
                    open.push(next);
                }
            }
        }
        Some(reached)
    }

    /// Of the unknown characters, one of each kind that the program tells apart.
    fn representatives(&self) -> Vec<char> {
        let mut kinds: FxHashMap<Vec<bool>, char> = FxHashMap::default();
        let takes = |byte: u8| -> Vec<bool> {
            let code = self.program.code.iter();
            code.filter_map(|inst| match inst {
                Inst::Byte(wanted) => Some(*wanted == byte),
                Inst::Class(class) => {
                    Some(self.program.classes.get(*class as usize).is_some_and(|class| class.has_ascii(byte)))
                }
                Inst::Char(_) | Inst::Split(_) | Inst::Jump(_) | Inst::Save(_) | Inst::Look(_) | Inst::Match => None,
            })
            .collect()
        };
        for &byte in UNKNOWN {
            kinds.entry(takes(byte)).or_insert(char::from(byte));
        }
        kinds.into_values().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::TextPart::{Known, Unknown};
    use super::*;
    use crate::re2::Regex;

    fn decided(pattern: &str, parts: &[TextPart<'_>]) -> Option<bool> {
        Regex::new(pattern).unwrap().decide(parts)
    }

    #[test]
    fn a_pattern_that_every_such_text_matches_is_decided() {
        for pattern in [".*", ".+", "(.+)", "[^;]+", "[^:]*.*", "|.+", "[a-zA-Z0-9._:/-]+"] {
            assert_eq!(decided(pattern, &[Unknown]), Some(true), "{pattern}");
        }
        assert_eq!(decided("[^;]+;true", &[Unknown, Known(";true")]), Some(true));
        assert_eq!(decided("cart-.+", &[Known("cart-"), Unknown]), Some(true));
    }

    #[test]
    fn a_pattern_that_no_such_text_matches_is_decided() {
        assert_eq!(decided("", &[Unknown]), Some(false));
        assert_eq!(decided(";.*", &[Unknown]), Some(false));
        assert_eq!(decided(".+;true", &[Unknown, Known(";false")]), Some(false));
        assert_eq!(decided("web-.*", &[Known("cart-"), Unknown]), Some(false));
    }

    #[test]
    fn a_pattern_whose_answer_depends_on_the_unknown_part_is_not() {
        for pattern in ["10\\.1\\..*", "a", "[0-9]+", ".{5}", "a|b", "ab*"] {
            assert_eq!(decided(pattern, &[Unknown]), None, "{pattern}");
        }
        assert_eq!(decided("cart-[a-f0-9]+", &[Known("cart-"), Unknown]), None);
        assert_eq!(decided("\\bcart.*", &[Unknown]), None);
    }

    #[test]
    fn a_known_text_is_decided_as_it_matches() {
        for (pattern, text) in [("a+b", "aab"), ("a+b", "ab"), ("(?i)A", "a"), ("", ""), ("^x$", "x"), ("é+", "éé")]
        {
            assert_eq!(decided(pattern, &[Known(text)]), Some(true), "{pattern}");
        }
        assert_eq!(decided("a+b", &[Known("b")]), Some(false));
    }

    #[test]
    fn a_pattern_that_takes_too_long_to_decide_is_left_open() {
        assert_eq!(decided("(.*a.{20})", &[Unknown]), None);
    }
}
