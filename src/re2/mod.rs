//! Go's regular expressions: own parser, engines of `regex-automata`, template expansion.
