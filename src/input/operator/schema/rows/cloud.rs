//! Discovery by the APIs of clouds.

use super::super::shape::{Object, Pattern, Whole, choice, filled, flag, list, matching, object, whole};
use super::choices::{
    AZURE_METHODS, HETZNER_ROLES, OPENSTACK_ENDPOINTS, OPENSTACK_ROLES, OVHCLOUD_SERVICES, SCALEWAY_ROLES,
};
use super::client::{CREDENTIALS, PROXY, SECRET_KEY, TLS, TOKENS, TRANSPORT};
use super::registry::FILTERS;
use super::values::SOME_UNIQUE_FILLED_TEXTS;

/// Targets from Azure.
pub(super) static AZURE_SD: Object = Object::new(&[
    &[
        choice("authenticationMethod", AZURE_METHODS),
        filled("clientID"),
        object("clientSecret", &SECRET_KEY),
        filled("environment"),
        whole("port", Whole::INT32.from(0).to(65535)),
        matching("refreshInterval", Pattern::Duration),
        filled("resourceGroup"),
        filled("subscriptionID"),
        filled("tenantID"),
    ],
    PROXY,
    TRANSPORT,
    CREDENTIALS,
])
.required(&["subscriptionID"]);

/// Targets from DigitalOcean.
pub(super) static DIGITAL_OCEAN_SD: Object = Object::new(&[
    &[whole("port", Whole::INT32.from(0).to(65535)), matching("refreshInterval", Pattern::Duration)],
    PROXY,
    TRANSPORT,
    TOKENS,
]);

/// Targets from EC2.
pub(super) static EC2_SD: Object = Object::new(&[
    &[
        object("accessKey", &SECRET_KEY),
        list("filters", &FILTERS),
        whole("port", Whole::INT32.from(0).to(65535)),
        matching("refreshInterval", Pattern::Duration),
        filled("region"),
        filled("roleARN"),
        object("secretKey", &SECRET_KEY),
    ],
    PROXY,
    TRANSPORT,
]);

/// Targets from GCE.
pub(super) static GCE_SD: Object = Object::new(&[&[
    filled("filter"),
    whole("port", Whole::INT32.from(0).to(65535)),
    filled("project"),
    matching("refreshInterval", Pattern::Duration),
    filled("tagSeparator"),
    filled("zone"),
]])
.required(&["project", "zone"]);

/// Targets from Hetzner.
pub(super) static HETZNER_SD: Object = Object::new(&[
    &[
        filled("labelSelector"),
        whole("port", Whole::INT32.from(0).to(65535)),
        matching("refreshInterval", Pattern::Duration),
        choice("role", HETZNER_ROLES),
    ],
    PROXY,
    TRANSPORT,
    CREDENTIALS,
])
.required(&["role"]);

/// Targets from IONOS.
pub(super) static IONOS_SD: Object = Object::new(&[
    &[
        filled("datacenterID"),
        whole("port", Whole::INT32.from(0).to(65535)),
        matching("refreshInterval", Pattern::Duration),
    ],
    PROXY,
    TRANSPORT,
    TOKENS,
])
.required(&["authorization", "datacenterID"]);

/// Targets from Lightsail.
pub(super) static LIGHTSAIL_SD: Object = Object::new(&[
    &[
        object("accessKey", &SECRET_KEY),
        filled("endpoint"),
        whole("port", Whole::INT32.from(0).to(65535)),
        matching("refreshInterval", Pattern::Duration),
        filled("region"),
        filled("roleARN"),
        object("secretKey", &SECRET_KEY),
    ],
    PROXY,
    TRANSPORT,
    CREDENTIALS,
]);

/// Targets from Linode.
pub(super) static LINODE_SD: Object = Object::new(&[
    &[
        whole("port", Whole::INT32.from(0).to(65535)),
        matching("refreshInterval", Pattern::Duration),
        filled("region"),
        filled("tagSeparator"),
    ],
    PROXY,
    TRANSPORT,
    TOKENS,
]);

/// Targets from OpenStack.
pub(super) static OPENSTACK_SD: Object = Object::new(&[&[
    flag("allTenants"),
    filled("applicationCredentialId"),
    filled("applicationCredentialName"),
    object("applicationCredentialSecret", &SECRET_KEY),
    choice("availability", OPENSTACK_ENDPOINTS),
    filled("domainID"),
    filled("domainName"),
    matching("identityEndpoint", Pattern::WebUrl),
    object("password", &SECRET_KEY),
    whole("port", Whole::INT32.from(0).to(65535)),
    filled("projectID"),
    filled("projectName"),
    matching("refreshInterval", Pattern::Duration),
    filled("region"),
    choice("role", OPENSTACK_ROLES),
    object("tlsConfig", &TLS),
    filled("userid"),
    filled("username"),
]])
.required(&["region", "role"]);

/// Targets from OVHcloud.
pub(super) static OVHCLOUD_SD: Object = Object::new(&[&[
    filled("applicationKey"),
    object("applicationSecret", &SECRET_KEY),
    object("consumerKey", &SECRET_KEY),
    filled("endpoint"),
    matching("refreshInterval", Pattern::Duration),
    choice("service", OVHCLOUD_SERVICES),
]])
.required(&["applicationKey", "applicationSecret", "consumerKey", "service"]);

/// Targets from Scaleway.
pub(super) static SCALEWAY_SD: Object = Object::new(&[
    &[
        filled("accessKey"),
        matching("apiURL", Pattern::WebUrl),
        filled("nameFilter"),
        whole("port", Whole::INT32.from(0).to(65535)),
        filled("projectID"),
        matching("refreshInterval", Pattern::Duration),
        choice("role", SCALEWAY_ROLES),
        object("secretKey", &SECRET_KEY),
        list("tagsFilter", &SOME_UNIQUE_FILLED_TEXTS),
        filled("zone"),
    ],
    PROXY,
    TRANSPORT,
])
.required(&["accessKey", "projectID", "role", "secretKey"]);
