//! The checks across fields, which the schemas have as expressions of CEL.
//!
//! A field counts as given if it is there after the nulls are dropped. An expression that cannot be evaluated, since a
//! value has another type, says nothing: that the type is wrong is said already.

use super::super::value::{Data, Value};

/// Whether the object has the field.
fn has(object: &Value, key: &str) -> bool {
    object.entry(key).is_some()
}

/// ScrapeConfigs: one way to log in at most.
pub(super) fn one_login(spec: &Value) -> Vec<&'static str> {
    let ways = ["basicAuth", "authorization", "oauth2"].into_iter().filter(|key| has(spec, key)).count();
    if ways > 1 { vec!["at most one of basicAuth, authorization, or oauth2 can be configured"] } else { Vec::new() }
}

/// Signing for AWS: an external id is part of assuming a role.
pub(super) fn external_id(sigv4: &Value) -> Vec<&'static str> {
    if has(sigv4, "externalId") && !has(sigv4, "roleArn") {
        return vec!["externalId can only be used when roleArn is specified"];
    }
    Vec::new()
}

/// Sharding: zones are of the mode that uses them.
pub(super) fn topology(strategy: &Value) -> Vec<&'static str> {
    if has(strategy, "topology") && strategy.text("mode") != "Topology" {
        return vec!["topology can only be defined when mode is set to 'Topology'"];
    }
    Vec::new()
}

/// A server: each zone has a shard.
pub(super) fn shards(spec: &Value) -> Vec<&'static str> {
    let Some(strategy) = spec.get("shardingStrategy").filter(|strategy| strategy.text("mode") == "Topology") else {
        return Vec::new();
    };
    let zones = strategy.at_path(&["topology", "values"]).map_or(0, |values| values.items().len());
    let shards = match spec.get("shards") {
        None => Some(1),
        Some(shards) => shards.as_int(),
    };
    if zones > 0 && shards.is_some_and(|shards| i128::from(shards) < zones as i128) {
        return vec![
            "shards must be greater than or equal to the number of topology values when sharding strategy mode is Topology",
        ];
    }
    Vec::new()
}

/// An agent on every node does not pick all kinds of objects.
pub(super) fn agent(spec: &Value) -> Vec<&'static str> {
    /// Fields that it must not have, with the message.
    const FORBIDDEN: [(&str, &str); 12] = [
        ("replicas", "replicas cannot be set when mode is DaemonSet"),
        ("storage", "storage cannot be set when mode is DaemonSet"),
        ("shards", "shards cannot be greater than 1 when mode is DaemonSet"),
        (
            "persistentVolumeClaimRetentionPolicy",
            "persistentVolumeClaimRetentionPolicy cannot be set when mode is DaemonSet",
        ),
        ("scrapeConfigSelector", "scrapeConfigSelector cannot be set when mode is DaemonSet"),
        ("probeSelector", "probeSelector cannot be set when mode is DaemonSet"),
        ("scrapeConfigNamespaceSelector", "scrapeConfigNamespaceSelector cannot be set when mode is DaemonSet"),
        ("probeNamespaceSelector", "probeNamespaceSelector cannot be set when mode is DaemonSet"),
        ("serviceMonitorSelector", "serviceMonitorSelector cannot be set when mode is DaemonSet"),
        ("serviceMonitorNamespaceSelector", "serviceMonitorNamespaceSelector cannot be set when mode is DaemonSet"),
        ("additionalScrapeConfigs", "additionalScrapeConfigs cannot be set when mode is DaemonSet"),
        ("shardingStrategy", "shardingStrategy cannot be set when mode is DaemonSet"),
    ];
    let mut messages = Vec::new();
    if spec.text("mode") == "DaemonSet" {
        let given = FORBIDDEN.iter().filter(|(key, _)| match spec.entry(key).map(|entry| &entry.value.data) {
            Some(Data::Int(shards)) if *key == "shards" => *shards > 1,
            Some(_) => *key != "shards",
            None => false,
        });
        messages.extend(given.map(|(_, message)| *message));
    }
    messages.extend(shards(spec));
    messages
}
