//! Discovery by registries and schedulers.

use super::super::shape::{
    Field, List, Object, Pattern, Shape, Text, Whole, choice, filled, flag, list, map, matching, object, whole,
};
use super::choices::{SCHEMES, SWARM_ROLES};
use super::client::{CREDENTIALS, PROXY, SECRET_KEY, TRANSPORT};
use super::values::{SOME_UNIQUE_FILLED_TEXTS, TEXT, UNIQUE_TEXTS};

/// Targets from Consul.
pub(super) static CONSUL_SD: Object = Object::new(&[
    &[
        flag("allowStale"),
        filled("datacenter"),
        filled("filter"),
        filled("healthFilter"),
        filled("namespace"),
        map("nodeMeta", &TEXT),
        filled("partition"),
        filled("pathPrefix"),
        matching("refreshInterval", Pattern::Duration),
        choice("scheme", SCHEMES),
        filled("server"),
        list("services", &UNIQUE_TEXTS),
        filled("tagSeparator"),
        list("tags", &UNIQUE_TEXTS),
        object("tokenRef", &SECRET_KEY),
    ],
    PROXY,
    TRANSPORT,
    CREDENTIALS,
])
.required(&["server"]);

/// Targets from Docker.
pub(super) static DOCKER_SD: Object = Object::new(&[
    &[
        list("filters", &FILTERS),
        Field::new("host", Shape::Text(Text::FILLED.matching(Pattern::AnyUrl))),
        filled("hostNetworkingHost"),
        flag("matchFirstNetwork"),
        whole("port", Whole::INT32.from(0).to(65535)),
        matching("refreshInterval", Pattern::Duration),
    ],
    PROXY,
    TRANSPORT,
    CREDENTIALS,
])
.required(&["host"]);

/// A filter of an API.
pub(super) static FILTER: Object =
    Object::new(&[&[filled("name"), list("values", &SOME_UNIQUE_FILLED_TEXTS)]]).required(&["name", "values"]);

/// Targets from Docker Swarm.
pub(super) static DOCKER_SWARM_SD: Object = Object::new(&[
    &[
        list("filters", &FILTERS),
        matching("host", Pattern::AnyUrl),
        whole("port", Whole::INT32.from(0).to(65535)),
        matching("refreshInterval", Pattern::Duration),
        choice("role", SWARM_ROLES),
    ],
    PROXY,
    TRANSPORT,
    CREDENTIALS,
])
.required(&["host", "role"]);

/// Targets from Eureka.
pub(super) static EUREKA_SD: Object = Object::new(&[
    &[matching("refreshInterval", Pattern::Duration), matching("server", Pattern::WebUrl)],
    PROXY,
    TRANSPORT,
    CREDENTIALS,
])
.required(&["server"]);

/// Targets from Kuma.
pub(super) static KUMA_SD: Object = Object::new(&[
    &[
        filled("clientID"),
        matching("fetchTimeout", Pattern::Duration),
        matching("refreshInterval", Pattern::Duration),
        matching("server", Pattern::WebUrl),
    ],
    PROXY,
    TRANSPORT,
    CREDENTIALS,
])
.required(&["server"]);

/// Targets from Nomad.
pub(super) static NOMAD_SD: Object = Object::new(&[
    &[
        flag("allowStale"),
        filled("namespace"),
        matching("refreshInterval", Pattern::Duration),
        filled("region"),
        matching("server", Pattern::WebUrl),
        filled("tagSeparator"),
    ],
    PROXY,
    TRANSPORT,
    CREDENTIALS,
])
.required(&["server"]);

/// Targets from PuppetDB.
pub(super) static PUPPETDB_SD: Object = Object::new(&[
    &[
        flag("includeParameters"),
        whole("port", Whole::INT32.from(0).to(65535)),
        filled("query"),
        matching("refreshInterval", Pattern::Duration),
        matching("url", Pattern::WebUrl),
    ],
    PROXY,
    TRANSPORT,
    CREDENTIALS,
])
.required(&["query", "url"]);

pub(super) static FILTERS: List = List::of(Shape::Object(&FILTER)).by(&["name"]);
