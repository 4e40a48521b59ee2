//! Two simulations compared: what a change does to the targets.

mod compare;
mod describe;

pub use compare::{ChangeKind, Effect, EffectGroup, LabelChange, compare};
pub(crate) use compare::{PairedEffect, address_of, differing, is_kept};
