//! Classes of characters of any script.

use std::sync::OnceLock;

use regex_syntax::hir::{Class, ClassUnicode, HirKind};

/// A class that is made when it is first needed, from a pattern of one bracket.
#[derive(Debug)]
pub(super) struct CharacterClass {
    pattern: &'static str,
    made: OnceLock<Option<ClassUnicode>>,
}

impl CharacterClass {
    pub(super) const fn new(pattern: &'static str) -> Self {
        Self { pattern, made: OnceLock::new() }
    }

    pub(super) fn contains(&self, character: char) -> bool {
        let made = self.made.get_or_init(|| match regex_syntax::parse(self.pattern).ok()?.into_kind() {
            HirKind::Class(Class::Unicode(class)) => Some(class),
            _ => None,
        });
        made.as_ref().is_some_and(|class| {
            let ranges = class.ranges();
            let at = ranges.partition_point(|range| range.end() < character);
            ranges.get(at).is_some_and(|range| range.start() <= character)
        })
    }
}
