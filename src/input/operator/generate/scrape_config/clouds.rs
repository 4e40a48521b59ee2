//! Targets that providers of machines know.

use super::super::super::document::Out;
use super::super::super::value::Value;
use super::super::Server;
use super::parts::Part::{
    Always, Authorization, BasicAuth, Copy, Filled, Filters, FollowRedirects, Http2, Keys, Lower, OAuth2, Own, Proxy,
    Secret, Since, Tls,
};
use super::parts::{Mechanism, Part};

const REFRESH: Part = Copy("refreshInterval", "refresh_interval");
const PORT: Part = Copy("port", "port");
const REGION: Part = Copy("region", "region");
const ROLE_ARN: Part = Copy("roleARN", "role_arn");

pub(super) const EC2: Mechanism = Mechanism {
    key: "ec2SDConfigs",
    name: "ec2_sd_configs",
    parts: &[
        Proxy,
        REGION,
        Keys,
        ROLE_ARN,
        REFRESH,
        PORT,
        Since([2, 3, 0], &[Filters]),
        Since([2, 41, 0], &[FollowRedirects, Http2, Tls]),
    ],
};

pub(super) const AZURE: Mechanism = Mechanism {
    key: "azureSDConfigs",
    name: "azure_sd_configs",
    parts: &[
        Copy("environment", "environment"),
        Copy("authenticationMethod", "authentication_method"),
        Filled("subscriptionID", "subscription_id"),
        Copy("tenantID", "tenant_id"),
        Copy("clientID", "client_id"),
        Secret("clientSecret", "client_secret"),
        Copy("resourceGroup", "resource_group"),
        REFRESH,
        PORT,
        // The operator checks the other fields of the client, but does not write them.
    ],
};

pub(super) const GCE: Mechanism = Mechanism {
    key: "gceSDConfigs",
    name: "gce_sd_configs",
    parts: &[
        Always("project", "project"),
        Always("zone", "zone"),
        Copy("filter", "filter"),
        REFRESH,
        PORT,
        Copy("tagSeparator", "tag_separator"),
    ],
};

pub(super) const OPENSTACK: Mechanism = Mechanism {
    key: "openstackSDConfigs",
    name: "openstack_sd_configs",
    parts: &[
        Lower("role", "role"),
        Always("region", "region"),
        Copy("identityEndpoint", "identity_endpoint"),
        Copy("username", "username"),
        Copy("userid", "userid"),
        Secret("password", "password"),
        Copy("domainName", "domain_name"),
        Copy("domainID", "domain_id"),
        Copy("projectName", "project_name"),
        Copy("projectID", "project_id"),
        Copy("applicationCredentialName", "application_credential_name"),
        Copy("applicationCredentialId", "application_credential_id"),
        Secret("applicationCredentialSecret", "application_credential_secret"),
        Copy("allTenants", "all_tenants"),
        REFRESH,
        PORT,
        Copy("availability", "availability"),
        Tls,
    ],
};

pub(super) const DIGITAL_OCEAN: Mechanism = Mechanism {
    key: "digitalOceanSDConfigs",
    name: "digitalocean_sd_configs",
    parts: &[Authorization, OAuth2, Proxy, FollowRedirects, Http2, Tls, PORT, REFRESH],
};

pub(super) const LINODE: Mechanism = Mechanism {
    key: "linodeSDConfigs",
    name: "linode_sd_configs",
    parts: &[
        Authorization,
        OAuth2,
        Proxy,
        Tls,
        PORT,
        REGION,
        Http2,
        Copy("tagSeparator", "tag_separator"),
        REFRESH,
        FollowRedirects,
    ],
};

pub(super) const HETZNER: Mechanism = Mechanism {
    key: "hetznerSDConfigs",
    name: "hetzner_sd_configs",
    parts: &[
        BasicAuth,
        Authorization,
        OAuth2,
        Proxy,
        Lower("role", "role"),
        FollowRedirects,
        Http2,
        Tls,
        PORT,
        REFRESH,
        Since([3, 5, 0], &[Filled("labelSelector", "label_selector")]),
    ],
};

pub(super) const LIGHTSAIL: Mechanism = Mechanism {
    key: "lightSailSDConfigs",
    name: "lightsail_sd_configs",
    parts: &[
        BasicAuth,
        Authorization,
        Proxy,
        OAuth2,
        REGION,
        Copy("endpoint", "endpoint"),
        PORT,
        REFRESH,
        Keys,
        ROLE_ARN,
        Tls,
        FollowRedirects,
        Http2,
    ],
};

pub(super) const OVH_CLOUD: Mechanism = Mechanism {
    key: "ovhcloudSDConfigs",
    name: "ovhcloud_sd_configs",
    parts: &[
        Always("applicationKey", "application_key"),
        Secret("applicationSecret", "application_secret"),
        Secret("consumerKey", "consumer_key"),
        Own(ovh_service),
        Copy("endpoint", "endpoint"),
        REFRESH,
    ],
};

fn ovh_service(_: &Server<'_>, own: &Value, out: &mut Out) {
    let name = match own.text("service") {
        "VPS" => "vps",
        "DedicatedServer" => "dedicated_server",
        _ => return,
    };
    let service = Out::text(name);
    out.put("service", own.get("service").map_or(service.clone(), |own| service.because(own.at)));
}

pub(super) const SCALEWAY: Mechanism = Mechanism {
    key: "scalewaySDConfigs",
    name: "scaleway_sd_configs",
    parts: &[
        Always("accessKey", "access_key"),
        Secret("secretKey", "secret_key"),
        Always("projectID", "project_id"),
        Lower("role", "role"),
        PORT,
        Copy("apiURL", "api_url"),
        Copy("zone", "zone"),
        Copy("nameFilter", "name_filter"),
        Filled("tagsFilter", "tags_filter"),
        REFRESH,
        Proxy,
        Tls,
        FollowRedirects,
        Http2,
    ],
};

pub(super) const IONOS: Mechanism = Mechanism {
    key: "ionosSDConfigs",
    name: "ionos_sd_configs",
    parts: &[Authorization, Proxy, Tls, Always("datacenterID", "datacenter_id"), FollowRedirects, Http2, PORT, REFRESH],
};
