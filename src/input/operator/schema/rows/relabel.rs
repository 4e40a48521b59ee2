//! Relabel rules.

use super::super::shape::{List, Object, Shape, choice, count, text, texts};
use super::choices::ACTIONS;

/// A relabel rule.
pub(in super::super) static RELABEL_RULE: Object = Object::new(&[&[
    choice("action", ACTIONS).default("replace"),
    count("modulus"),
    text("regex"),
    text("replacement"),
    text("separator"),
    texts("sourceLabels"),
    text("targetLabel"),
]]);

pub(super) static SOME_RELABEL_RULES: List = List::of(Shape::Object(&RELABEL_RULE)).filled();
