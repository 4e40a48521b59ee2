//! A relabel rule.

use super::kind::{Field, Kind, Section};

pub(in crate::config) static RELABEL_RULE: Section = Section::new(
    "a relabel rule",
    "relabel.plain",
    &[&[
        Field::new("source_labels", Kind::Own),
        Field::new("separator", Kind::STRING),
        Field::new("regex", Kind::STRING),
        Field::new("modulus", Kind::Uint64),
        Field::new("target_label", Kind::STRING),
        Field::new("replacement", Kind::STRING),
        Field::new("action", Kind::STRING),
    ]],
);
