//! The status, which the operator writes, and which comes along when an object is exported from a cluster.

use super::super::shape::{Field, List, Object, Shape, Whole, choice, filled, flag, list, text, whole};

const CONDITION_REQUIRED: &[&str] = &["lastTransitionTime", "status", "type"];

const CONDITION_PARTS: &[Field] =
    &[text("lastTransitionTime"), text("message"), whole("observedGeneration", Whole::INT64), text("reason")];

/// A condition of a server.
static CONDITION: Object =
    Object::new(&[CONDITION_PARTS, &[text("status"), text("type")]]).required(CONDITION_REQUIRED);

static CONDITIONS: List = List::of(Shape::Object(&CONDITION)).by(&["type"]);

/// The pods of a shard.
static SHARD: Object = Object::new(&[&[
    whole("availableReplicas", Whole::INT32),
    whole("replicas", Whole::INT32),
    text("shardID"),
    whole("unavailableReplicas", Whole::INT32),
    whole("updatedReplicas", Whole::INT32),
]])
.required(&["availableReplicas", "replicas", "shardID", "unavailableReplicas", "updatedReplicas"]);

static SHARDS: List = List::of(Shape::Object(&SHARD)).by(&["shardID"]);

/// The status of a server.
pub(super) static SERVER_STATUS: Object = Object::new(&[&[
    whole("availableReplicas", Whole::INT32),
    list("conditions", &CONDITIONS),
    flag("paused"),
    whole("replicas", Whole::INT32),
    text("selector"),
    list("shardStatuses", &SHARDS),
    whole("shards", Whole::INT32),
    whole("unavailableReplicas", Whole::INT32),
    whole("updatedReplicas", Whole::INT32),
]]);

/// A condition of another object, for one server.
static BINDING_CONDITION: Object =
    Object::new(&[CONDITION_PARTS, &[filled("status"), choice("type", &["Accepted"])]]).required(CONDITION_REQUIRED);

static BINDING_CONDITIONS: List = List::of(Shape::Object(&BINDING_CONDITION)).by(&["type"]);

/// A server that picks an object.
static BINDING: Object = Object::new(&[&[
    list("conditions", &BINDING_CONDITIONS),
    choice("group", &["monitoring.coreos.com"]),
    filled("name"),
    filled("namespace"),
    choice("resource", &["prometheuses", "prometheusagents", "thanosrulers", "alertmanagers"]),
]])
.required(&["group", "name", "namespace", "resource"]);

static BINDINGS: List = List::of(Shape::Object(&BINDING)).by(&["group", "resource", "name", "namespace"]);

/// The status of another object.
pub(super) static STATUS: Object = Object::new(&[&[list("bindings", &BINDINGS)]]);
