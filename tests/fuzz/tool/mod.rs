//! The modules of the command-line tool that read settings, at the paths they have there. The tool is no library, so
//! they are compiled into the target; none of them reads a file.

pub mod lint;

#[path = "../../../src/cli/rule_names.rs"]
pub mod rule_names;

#[path = "../../../src/cli/status.rs"]
pub mod status;
