//! YAML as go.yaml.in/yaml/v2 v2.4.4 reads it: text to a tree whose nodes know their bytes.
//!
//! `scanner` makes tokens, `parser` events, `build` the tree; `scalar` reads values. `lines` reads
//! usual lines into the same tree without tokens. Nothing here recurses, whatever the nesting of the text.

mod bounds;
mod buffer;
mod build;
mod comments;
mod compare;
mod cursor;
mod data;
mod debug;
mod events;
mod fault;
mod lines;
mod literal;
mod number;
mod ownership;
mod parser;
mod read;
mod read_limit;
mod recovery;
mod scalar;
mod scanner;
#[cfg(test)]
mod tests;
mod token;
mod tree;

pub(crate) use comments::{comments, comments_among};

pub use compare::debug_lines;
pub use debug::debug_scalar;
pub use events::debug_yaml;
pub use fault::SyntaxError;
pub use literal::LiteralText;
pub use ownership::{Element, Ownership};
pub(crate) use read::PlainValue;
pub use read::ReadError;
pub use recovery::{Cause, Damage, Recovered};
pub use token::ScalarStyle;
pub use tree::{Node, NodeEntries, NodeId, NodeKind, Tree};
