//! Amazon's services.

use crate::config::faults;
use crate::config::schema::{Choice, choice};
use crate::text::go_quote;

use super::{Checker, client};

pub(in crate::config) fn check_aws(checker: &mut Checker<'_, '_>) {
    const ROLES: [Choice; 6] = [
        choice("ec2"),
        choice("ecs"),
        choice("elasticache").since(3, 11),
        choice("lightsail"),
        choice("msk").since(3, 10),
        choice("rds").since(3, 11),
    ];
    check_region(checker, "AWS");
    let role = checker.text("role");
    if !checker.known(&ROLES).contains(&role.as_str()) {
        let upstream = format!("unknown AWS SD role {}", go_quote(&role));
        if checker.is_given("role") {
            checker.unknown_choice("role", &ROLES, upstream);
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
    check_region(checker, "EC2");
    client::check_later(checker);
}

/// The mechanisms without a check of their own.
pub(in crate::config) fn check_others(checker: &mut Checker<'_, '_>) {
    check_region(checker, "AWS");
    client::check(checker);
}

pub(in crate::config) fn check_lightsail(checker: &mut Checker<'_, '_>) {
    check_region(checker, "Lightsail");
    client::check_later(checker);
}

/// A region must be known while the config is loaded. Without one in the config, releases that need it ask the
/// machine they run on: that it has none is not sure.
fn check_region(checker: &mut Checker<'_, '_>, name: &str) {
    if checker.release().needs_amazon_region() && checker.text("region").is_empty() && !checker.is_refused("region") {
        let at = checker.at(checker.span_of("region"));
        let upstream = if checker.release().asks_all_for_amazon_region() {
            "could not determine AWS region".to_string()
        } else {
            format!("{name} SD configuration requires a region")
        };
        let note =
            "before Prometheus 3.14 a config without it loads only where Prometheus finds the region on its machine";
        checker.report(faults::missing_field(at, checker.section.name, "region", upstream).with_note(note));
    }
}
