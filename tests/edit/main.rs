//! Edits as a whole: real configs, generated ones, and the cases that are hard.

mod corpus;
