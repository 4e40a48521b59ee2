//! The path of a value in its object.

use std::fmt;

/// A path, from its end; written only if there is something to say about it.
#[derive(Clone, Copy, Debug)]
pub(super) enum Path<'p> {
    Root,
    Key(&'p Path<'p>, &'p str),
    Index(&'p Path<'p>, usize),
}

impl<'p> Path<'p> {
    pub(super) fn key(&'p self, key: &'p str) -> Self {
        Self::Key(self, key)
    }

    pub(super) fn index(&'p self, index: usize) -> Self {
        Self::Index(self, index)
    }

    /// An upper bound of its length.
    pub(super) fn length(&self) -> usize {
        let mut length = 0;
        let mut rest = self;
        loop {
            rest = match rest {
                Self::Root => return length,
                Self::Key(before, key) => {
                    length += key.len() + 1;
                    before
                }
                Self::Index(before, _) => {
                    length += 10;
                    before
                }
            };
        }
    }
}

impl fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Root => Ok(()),
            Self::Key(Path::Root, key) => f.write_str(key),
            Self::Key(before, key) => write!(f, "{before}.{key}"),
            Self::Index(before, index) => write!(f, "{before}[{index}]"),
        }
    }
}
