//! Character classes: brackets, POSIX names, `\d`, `\p{…}`.

use regex_syntax::hir::{ClassUnicode, ClassUnicodeRange};

use super::super::error::RegexErrorKind;
use super::super::fold::folded;
use super::super::unicode;
use super::{ParseError, Parser};

/// Ranges collected before they are merged, so that a long class costs little memory and no quadratic time.
const MERGE_AT: usize = 1 << 16;

/// The content of a bracket class while it is read.
#[derive(Default)]
struct Members {
    /// Single characters and ranges, still to be folded.
    plain: Vec<ClassUnicodeRange>,
    /// The characters of named classes, folded where needed.
    named: Vec<ClassUnicodeRange>,
}

impl Members {
    fn add_named(&mut self, ranges: &[(char, char)]) {
        self.named.extend(ranges.iter().map(|&(low, high)| ClassUnicodeRange::new(low, high)));
        if self.named.len() > MERGE_AT {
            self.named = ClassUnicode::new(self.named.drain(..)).ranges().to_vec();
        }
    }

    fn add_plain(&mut self, low: u32, high: u32) {
        if let Some((low, high)) = unicode::text_range(low, high) {
            self.plain.push(ClassUnicodeRange::new(low, high));
        }
        if self.plain.len() > MERGE_AT {
            self.plain = ClassUnicode::new(self.plain.drain(..)).ranges().to_vec();
        }
    }

    fn class(self, fold_case: bool, unicode: u16) -> ClassUnicode {
        let mut class = folded(ClassUnicode::new(self.plain), fold_case, unicode);
        class.union(&ClassUnicode::new(self.named));
        class
    }
}

impl Parser<'_> {
    /// Reads `\d`, `\pL`, `\p{Greek}` and the like; `None` when something else follows.
    pub(super) fn class_escape(&mut self) -> Result<Option<u32>, ParseError> {
        if self.peek() != Some(b'\\') {
            return Ok(None);
        }
        let Some(letter) = self.peek_at(1) else { return Ok(None) };
        if matches!(letter, b'p' | b'P') {
            return self.unicode_escape(letter == b'P').map(Some);
        }
        let Some((ranges, negated)) = unicode::perl_class(letter) else { return Ok(None) };
        let start = self.at;
        self.at += 2;
        let fold_case = self.flags.fold_case;
        let key = (self.text.get(start..self.at).unwrap_or(""), fold_case);
        let fold = (fold_case, self.syntax.unicode());
        Ok(Some(self.cached_class(key, || folded_then_negated(unicode::class_of(ranges), fold, negated))))
    }

    fn unicode_escape(&mut self, mut negated: bool) -> Result<u32, ParseError> {
        let start = self.at;
        self.at += 2;
        let name_at = self.at;
        let name = match self.next_char() {
            None => return Err(ParseError::new(RegexErrorKind::InvalidCharRange, start, self.text.len())),
            Some('{') => {
                let Some(length) = self.rest().find('}') else {
                    return Err(ParseError::new(RegexErrorKind::InvalidCharRange, start, self.text.len()));
                };
                self.at += length + 1;
                self.text.get(name_at + 1..self.at - 1)
            }
            Some(_) => self.text.get(name_at..self.at),
        };
        let fold_case = self.flags.fold_case;
        let key = (self.text.get(start..self.at).unwrap_or(""), fold_case);
        if let Some(&class) = self.class_cache.get(&key) {
            return Ok(class);
        }
        let mut name = name.unwrap_or("");
        if let Some(rest) = name.strip_prefix('^') {
            negated = !negated;
            name = rest;
        }
        let fault = ParseError::new(RegexErrorKind::InvalidCharRange, start, self.at);
        let class = unicode::unicode_class(name, self.syntax).ok_or(fault)?;
        let fold = (fold_case, self.syntax.unicode());
        Ok(self.cached_class(key, || folded_then_negated(class, fold, negated)))
    }

    /// Reads `[…]`.
    pub(super) fn bracket_class(&mut self) -> Result<(), ParseError> {
        let start = self.at;
        let fold_case = self.flags.fold_case;
        self.at += 1;
        let negated = self.peek() == Some(b'^');
        self.at += usize::from(negated);
        let mut members = Members::default();
        let mut first = true;
        while first || self.peek() != Some(b']') {
            first = false;
            if self.posix_class(&mut members)? {
                continue;
            }
            match self.class_escape()? {
                Some(class) => members.add_named(self.tree.class(class)),
                None => self.class_range(start, &mut members)?,
            }
        }
        self.at += 1;
        let key = (self.text.get(start..self.at).unwrap_or(""), fold_case);
        let unicode = self.syntax.unicode();
        let class = self.cached_class(key, || {
            let mut class = members.class(fold_case, unicode);
            if negated {
                class.negate();
            }
            class
        });
        self.push_class(class)
    }

    /// Reads `[:name:]` or `[:^name:]` inside of a class.
    fn posix_class(&mut self, members: &mut Members) -> Result<bool, ParseError> {
        let Some(rest) = self.rest().strip_prefix("[:") else { return Ok(false) };
        let Some(length) = rest.find(":]") else { return Ok(false) };
        let start = self.at;
        self.at += length + 4;
        let name = rest.get(..length).unwrap_or("");
        let (name, negated) = match name.strip_prefix('^') {
            Some(name) => (name, true),
            None => (name, false),
        };
        let fault = ParseError::new(RegexErrorKind::InvalidCharRange, start, self.at);
        let class = unicode::class_of(unicode::posix_class(name).ok_or(fault)?);
        let class = folded_then_negated(class, (self.flags.fold_case, self.syntax.unicode()), negated);
        members.named.extend_from_slice(class.ranges());
        Ok(true)
    }

    /// Reads one character or a range of them.
    fn class_range(&mut self, bracket: usize, members: &mut Members) -> Result<(), ParseError> {
        let start = self.at;
        let low = self.class_character(bracket)?;
        let mut high = low;
        // A `-` before the closing bracket is itself.
        if self.peek() == Some(b'-') && self.peek_at(1).is_some_and(|byte| byte != b']') {
            self.at += 1;
            high = self.class_character(bracket)?;
            if high < low {
                return Err(ParseError::new(RegexErrorKind::InvalidCharRange, start, self.at));
            }
        }
        members.add_plain(low, high);
        Ok(())
    }

    fn class_character(&mut self, bracket: usize) -> Result<u32, ParseError> {
        if self.peek() == Some(b'\\') {
            return self.escaped_character();
        }
        let missing = ParseError::new(RegexErrorKind::MissingBracket, bracket, self.text.len());
        self.next_char().map(u32::from).ok_or(missing)
    }
}

/// Go folds a named class first and negates it afterwards.
fn folded_then_negated(class: ClassUnicode, (fold_case, unicode): (bool, u16), negated: bool) -> ClassUnicode {
    let mut class = folded(class, fold_case, unicode);
    if negated {
        class.negate();
    }
    class
}
