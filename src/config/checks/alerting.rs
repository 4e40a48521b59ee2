//! Alertmanagers.

use crate::yaml::Node;

use super::{Checker, client};

pub(in crate::config) fn check_alertmanager(checker: &mut Checker<'_, '_>) {
    let version = checker.entries.get("api_version").map(Node::resolved);
    if version.is_some_and(|node| !node.is_null()) && checker.text("api_version") != "v2" {
        let upstream =
            format!("expected Alertmanager api version to be one of [v2] but got {}", checker.text("api_version"));
        checker.unknown("api_version", &["v2"], upstream);
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
