//! Amazon's services.

use crate::config::faults;
use crate::text::go_quote;

use super::{Checker, client};

pub(in crate::config) fn check_aws(checker: &mut Checker<'_, '_>) {
    const ROLES: [&str; 6] = ["ec2", "ecs", "elasticache", "lightsail", "msk", "rds"];
    let role = checker.text("role");
    if !ROLES.contains(&role.as_str()) {
        let upstream = format!("unknown AWS SD role {}", go_quote(&role));
        if checker.is_given("role") {
            checker.unknown("role", &ROLES, upstream);
        } else {
            checker.missing("role", upstream);
        }
    }
}

pub(in crate::config) fn check_ec2(checker: &mut Checker<'_, '_>) {
    for filter in checker.entries.items("filters") {
        let filter = filter.resolved();
        let values = filter.entries().find(|(key, _)| key.value() == "values").map(|(_, values)| values.resolved());
        if values.is_none_or(|values| values.items().next().is_none()) {
            let at = checker.at(filter.full_span());
            let upstream = "EC2 SD configuration filter values cannot be empty".to_string();
            checker.report(faults::missing_field(at, "a filter", "values", upstream));
        }
    }
    client::check(checker);
}
