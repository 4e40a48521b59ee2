//! The arguments of the commands that edit a config: one file per group of commands, and what all of them have.

mod common;
mod endpoint;
mod fields;
mod format;
mod jobs;
mod labels;
mod metrics;
mod script;
mod targets;
mod unused;

pub(crate) use common::{
    AllowArguments, AnchorChoice, ConfigArguments, EditFormat, EditOptions, GivenArguments, GivenTargets, JobArguments,
    MethodChoice, SelectionArguments,
};
pub(crate) use endpoint::AddEndpointArguments;
pub(crate) use fields::{LimitArguments, SetArguments, UnsetArguments};
pub(crate) use format::FormatArguments;
pub(crate) use jobs::{AddJobArguments, CopyJobArguments, RemoveJobArguments, RenameJobArguments};
pub(crate) use labels::{
    AddLabelArguments, CaseChoice, CopiedArguments, DropLabelArguments, KeepLabelArguments, MapLabelsArguments,
    NamedLabelArguments, NewLabel, RemoveLabelArguments, RenameLabelArguments,
};
pub(crate) use metrics::{DropMetricArguments, KeepMetricArguments, MetricArguments};
pub(crate) use script::ScriptArguments;
pub(crate) use targets::{
    AddTargetArguments, DropTargetArguments, KeepTargetArguments, ListFormat, ListTargetsArguments,
    MoveTargetArguments, RemoveTargetArguments,
};
pub(crate) use unused::why_unused;
#[cfg(test)]
pub(crate) use unused::{OF_ALL, reasons};
