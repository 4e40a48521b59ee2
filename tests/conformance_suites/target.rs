//! From a target group to a scrape target.

use promcfg::simulate::debug_target;
use serde_json::Value;

use super::{build, same};

/// The same labels before relabeling, and the same verdict, labels and URL after it.
pub(super) fn check(case: &Value) -> Result<(), String> {
    let answer = debug_target(case, build())?;
    ["discovered", "dropped", "error", "final", "public", "url"]
        .into_iter()
        .try_for_each(|member| same(member, &case[member], &answer[member]))
}
