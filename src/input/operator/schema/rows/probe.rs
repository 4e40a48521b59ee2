//! Probes.

use super::super::shape::{
    List, Object, Pattern, Shape, choice, filled, flag, list, map, matching, object, objects, text, texts,
};
use super::choices::SCHEMES;
use super::client::{CREDENTIALS, PROXY, SECRET_KEY, TLS};
use super::monitor::{HISTOGRAMS, LIMITS};
use super::relabel::RELABEL_RULE;
use super::selector::{LABEL_SELECTOR, NAMESPACE_SELECTOR};
use super::values::{SOME_FILLED_TEXTS, TEXT, UNIQUE_PROTOCOLS};

/// The spec of a Probe.
pub(super) static PROBE_SPEC: Object = Object::new(&[
    &[
        object("bearerTokenSecret", &SECRET_KEY),
        flag("enableHttp2"),
        flag("followRedirects"),
        matching("interval", Pattern::Duration),
        text("jobName"),
        objects("metricRelabelings", &RELABEL_RULE),
        text("module"),
        list("params", &SOME_PROBE_PARAMS),
        object("prober", &PROBER),
        filled("scrapeClass"),
        list("scrapeProtocols", &UNIQUE_PROTOCOLS),
        matching("scrapeTimeout", Pattern::Duration),
        object("targets", &PROBE_TARGETS),
        object("tlsConfig", &TLS),
    ],
    LIMITS,
    HISTOGRAMS,
    CREDENTIALS,
]);

/// A query parameter.
pub(super) static PROBE_PARAM: Object =
    Object::new(&[&[filled("name"), list("values", &SOME_FILLED_TEXTS)]]).required(&["name"]);

/// The program that probes.
pub(super) static PROBER: Object =
    Object::new(&[&[text("path").default("/probe"), choice("scheme", SCHEMES), filled("url")], PROXY])
        .required(&["url"]);

/// Where the targets of a Probe come from.
pub(super) static PROBE_TARGETS: Object =
    Object::new(&[&[object("ingress", &PROBE_INGRESS), object("staticConfig", &PROBE_STATIC)]]);

/// Targets from Ingresses.
pub(super) static PROBE_INGRESS: Object = Object::new(&[&[
    object("namespaceSelector", &NAMESPACE_SELECTOR),
    objects("relabelingConfigs", &RELABEL_RULE),
    object("selector", &LABEL_SELECTOR),
]]);

/// Targets that are listed.
pub(super) static PROBE_STATIC: Object =
    Object::new(&[&[map("labels", &TEXT), objects("relabelingConfigs", &RELABEL_RULE), texts("static")]]);

pub(super) static SOME_PROBE_PARAMS: List = List::of(Shape::Object(&PROBE_PARAM)).by(&["name"]).filled();
