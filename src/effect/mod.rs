//! Two simulations compared: what a change does to the targets.

mod compare;
mod describe;

pub use compare::{Effect, EffectGroup, Happening, LabelChange, compare};
pub(crate) use compare::{address_of, is_kept};
