//! The rules for a probing exporter: they copy the address of each target to a parameter, and replace it
//! with the address of the exporter.

use crate::relabel::Action;

use super::{Needs, RelabelList, RuleFacts, Subjects};

const ADDRESS: &str = "__address__";
const TARGET: &str = "__param_target";

/// The rules of a list that concern probing.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ProbeRules<'l, 'c> {
    list: &'l RelabelList<'c>,
    /// The first that copies the address to the parameter `target`.
    pub(crate) copy: &'l RuleFacts<'c>,
}

impl<'l, 'c> ProbeRules<'l, 'c> {
    /// `None` if the address is not copied to the parameter `target`.
    pub(crate) fn of(list: &'l RelabelList<'c>) -> Option<Self> {
        if !list.has(Needs::one_rule(&[Subjects::ADDRESS_READ, Subjects::INTERNAL_TARGET])) {
            return None;
        }
        let is_copy = |rule: &&RuleFacts<'_>| {
            let is_of_address = rule.sources().iter().any(|name| name == ADDRESS);
            is_of_address && rule.constant().is_none() && rule.target().is_some_and(|name| name == TARGET)
        };
        let copy = list.rules.iter().find(is_copy)?;
        Some(Self { list, copy })
    }

    /// Whether any rule may change the address.
    pub(crate) fn may_replace_address(&self) -> bool {
        self.list.rules.iter().any(|rule| rule.may_write(ADDRESS))
    }

    /// The rule before the copy that gives every target one and the same address, with that address,
    /// if it is still there when it is copied.
    pub(crate) fn replaced_too_early(&self) -> Option<(&'l RuleFacts<'c>, String)> {
        let last = self.list.rules.iter().take(self.copy.index).rev().find(|rule| rule.may_write(ADDRESS))?;
        let address = last.constant().filter(|address| !address.is_empty() && last.is_unconditional())?;
        Some((last, address))
    }

    /// The rule after the copy that sets every target to the address of the exporter, and that address.
    pub(crate) fn exporter(&self) -> Option<(&'l RuleFacts<'c>, String)> {
        let mut behind = self.list.rules.iter().skip(self.copy.index + 1).filter(|rule| rule.may_write(ADDRESS));
        let only = behind.next().filter(|rule| rule.is_unconditional() && behind.next().is_none())?;
        let address = only.constant().filter(|address| !address.is_empty())?;
        Some((only, address))
    }

    /// Whether some rule may set a label that distinguishes the targets, and that samples keep.
    pub(crate) fn may_tell_targets_apart(&self) -> bool {
        self.list.rules.iter().any(|rule| match (rule.action, rule.target()) {
            (Action::LabelMap, _) => true,
            (Action::Replace, None) => rule.constant().is_none(),
            (_, Some(name)) => !name.starts_with("__") && rule.constant().is_none(),
            _ => false,
        })
    }
}
