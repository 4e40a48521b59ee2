//! Alertmanagers.

use crate::yaml::Node;

use crate::config::schema::{Choice, choice};

use super::{Checker, client};

const API_VERSIONS: [Choice; 2] = [choice("v1").gone_from(3, 0), choice("v2")];

pub(in crate::config) fn check_alertmanager(checker: &mut Checker<'_, '_>) {
    let version = checker.entries.get("api_version").map(Node::resolved);
    let known = checker.known(&API_VERSIONS);
    let own = checker.text("api_version");
    if version.is_some_and(|node| !node.is_null()) && !known.contains(&own.as_str()) {
        let upstream = format!("expected Alertmanager api version to be one of [{}] but got {own}", known.join(" "));
        checker.unknown_choice("api_version", &API_VERSIONS, upstream);
    }
    client::check(checker);
    let others = ["basic_auth", "authorization", "oauth2"];
    let mut given: Vec<&str> = others.into_iter().filter(|key| checker.is_given(key)).collect();
    given.extend(checker.set_of(&["bearer_token", "bearer_token_file"]));
    if checker.is_given("sigv4") && !given.is_empty() {
        let keys: Vec<&str> = std::iter::once("sigv4").chain(given).collect();
        checker.conflict(&keys, "at most one of basic_auth, authorization, oauth2, & sigv4 must be configured");
    }
}
