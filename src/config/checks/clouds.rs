//! Cloud providers other than Amazon.

use crate::config::schema::{Choice, choice};
use crate::config::url::{parse_url, without_password};
use crate::text::go_quote;

use super::{Checker, client};

pub(in crate::config) fn check_azure(checker: &mut Checker<'_, '_>) {
    const METHODS: [Choice; 4] = [
        choice("OAuth"),
        choice("ManagedIdentity"),
        choice("SDK").since(2, 52),
        choice("WorkloadIdentity").since(3, 11),
    ];
    checker.require("subscription_id", "azure SD configuration requires a subscription_id");
    let method = checker.text_or("authentication_method", "OAuth");
    if method == "OAuth" {
        for key in ["tenant_id", "client_id", "client_secret"] {
            checker.require(key, &format!("azure SD configuration requires a {key}"));
        }
    }
    let known = checker.known(&METHODS);
    if !known.contains(&method.as_str()) {
        let quoted: Vec<String> = known.iter().map(|name| go_quote(name)).collect();
        let (last, first) = quoted.split_last().map_or(("", &[][..]), |(last, first)| (last.as_str(), first));
        let upstream = format!(
            "unknown authentication_type {}. Supported types are {} or {last}",
            go_quote(&method),
            first.join(", ")
        );
        checker.unknown_choice("authentication_method", &METHODS, upstream);
    }
    client::check_later(checker);
}

pub(in crate::config) fn check_digitalocean(checker: &mut Checker<'_, '_>) {
    const ROLES: [Choice; 2] = [choice("droplets"), choice("databases")];
    if checker.entries.get("role").is_some() || checker.is_zero() {
        let unknown = |role: &str| format!("unknown DigitalOcean SD role {role}");
        checker.role(&ROLES, "role missing (one of: droplets, databases)", unknown);
    }
    client::check(checker);
}

pub(in crate::config) fn check_gce(checker: &mut Checker<'_, '_>) {
    checker.require("project", "GCE SD configuration requires a project");
    checker.require("zone", "GCE SD configuration requires a zone");
}

pub(in crate::config) fn check_hetzner(checker: &mut Checker<'_, '_>) {
    let unknown = |role: &str| format!("unknown role {role}");
    checker.role(&[choice("robot"), choice("hcloud")], "role missing (one of: robot, hcloud)", unknown);
    client::check(checker);
}

pub(in crate::config) fn check_ionos(checker: &mut Checker<'_, '_>) {
    checker.require("datacenter_id", "datacenter id can't be empty");
    client::check(checker);
}

pub(in crate::config) fn check_oci(checker: &mut Checker<'_, '_>) {
    checker.require("region", "oci_sd: region is required");
    let method = checker.text_or("auth", "api_key");
    match method.as_str() {
        "api_key" => {
            for key in ["tenancy", "user", "fingerprint", "key_file"] {
                checker.require(key, &format!("oci_sd: api_key auth requires {key}"));
            }
            checker.at_most_one(
                &["key_passphrase", "key_passphrase_file"],
                "oci_sd: at most one of key_passphrase and key_passphrase_file must be configured",
            );
        }
        "instance_principal" => {
            let keys = ["tenancy", "user", "fingerprint", "key_file", "key_passphrase", "key_passphrase_file"];
            let set = checker.set_of(&keys);
            if !set.is_empty() {
                let keys: Vec<&str> = std::iter::once("auth").chain(set).collect();
                checker.conflict(&keys, "oci_sd: instance_principal auth must not have tenancy, user, fingerprint, key_file, key_passphrase, or key_passphrase_file set");
            }
        }
        other => {
            let upstream = format!(
                "oci_sd: unknown auth method {}, expected \"api_key\" or \"instance_principal\"",
                go_quote(other)
            );
            checker.unknown("auth", &["api_key", "instance_principal"], upstream);
        }
    }
    for (index, compartment) in checker.list("compartments").into_iter().enumerate() {
        if compartment.value.is_empty() {
            checker.invalid(
                "compartments",
                "empty item in `compartments`",
                format!("oci_sd: compartments[{index}] must not be empty"),
            );
        }
    }
    let refresh = checker.entries.duration("refresh_interval");
    if checker.entries.get("refresh_interval").is_some() && refresh.is_zero() && !checker.is_refused("refresh_interval")
    {
        let upstream = format!("oci_sd: refresh_interval must be positive, got {refresh}");
        checker.invalid("refresh_interval", "`refresh_interval` must be more than 0", upstream);
    }
    client::check(checker);
}

pub(in crate::config) fn check_openstack(checker: &mut Checker<'_, '_>) {
    const PLACES: [&str; 3] = ["admin", "internal", "public"];
    let unknown = |role: &str| format!("unknown OpenStack SD role {role}");
    const ROLES: [Choice; 3] = [choice("instance"), choice("hypervisor"), choice("loadbalancer").since(3, 2)];
    let missing = format!("role missing (one of: {})", checker.known(&ROLES).join(", "));
    checker.role(&ROLES, &missing, unknown);
    let availability = checker.text_or("availability", "public");
    if !PLACES.contains(&availability.as_str()) {
        let upstream = format!("unknown availability {availability}, must be one of admin, internal or public");
        checker.unknown("availability", &PLACES, upstream);
    }
    checker.require("region", "openstack SD configuration requires a region");
}

pub(in crate::config) fn check_outscale(checker: &mut Checker<'_, '_>) {
    if checker.text_or("region", "eu-west-2").is_empty() {
        checker.missing("region", "outscale SD configuration requires a region");
    }
    checker.require("access_key", "outscale SD configuration requires access_key");
    check_secret_key(checker);
    client::check(checker);
}

fn check_secret_key(checker: &mut Checker<'_, '_>) {
    const KEYS: [&str; 2] = ["secret_key", "secret_key_file"];
    if checker.set_of(&KEYS).is_empty() {
        checker.missing("secret_key_file", "one of secret_key & secret_key_file must be configured");
    }
    checker.at_most_one(&KEYS, "at most one of secret_key & secret_key_file must be configured");
}

pub(in crate::config) fn check_ovhcloud(checker: &mut Checker<'_, '_>) {
    if checker.text_or("endpoint", "ovh-eu").is_empty() {
        checker.missing("endpoint", "endpoint can not be empty");
    }
    checker.require("application_key", "application key can not be empty");
    checker.require("application_secret", "application secret can not be empty");
    checker.require("consumer_key", "consumer key can not be empty");
    let service = checker.text("service");
    if !matches!(service.as_str(), "vps" | "dedicated_server") {
        let upstream = format!("unknown service: {service}");
        if checker.is_given("service") {
            checker.unknown("service", &["vps", "dedicated_server"], upstream);
        } else {
            checker.missing("service", upstream);
        }
    }
}

pub(in crate::config) fn check_scaleway(checker: &mut Checker<'_, '_>) {
    const UUID_FORM: &str = "expected a UUID: xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";
    let unknown = |role: &str| format!("unknown role {role}");
    checker.role(&[choice("instance"), choice("baremetal")], "role missing (one of: instance, baremetal)", unknown);
    check_secret_key(checker);
    if checker.require("project_id", "project_id is mandatory") && !is_uuid(&checker.text("project_id")) {
        let upstream =
            format!("scaleway-sdk-go: invalid project ID format '{}', {UUID_FORM}", checker.text("project_id"));
        checker.invalid("project_id", "`project_id` must be a UUID", upstream);
    }
    if checker.require("access_key", "access_key is mandatory") && !is_scaleway_key(&checker.text("access_key")) {
        let upstream = format!(
            "scaleway-sdk-go: invalid access key format '{}', expected SCWXXXXXXXXXXXXXXXXX format",
            checker.text("access_key")
        );
        checker.invalid("access_key", "`access_key` must be `SCW` and 17 upper-case letters or digits", upstream);
    }
    // Prometheus shows secrets so, and so do configs that are generated from objects.
    let is_shown = checker.text("secret_key") == "<secret>";
    if checker.is_set("secret_key") && !is_shown && !is_uuid(&checker.text("secret_key")) {
        let upstream = format!("scaleway-sdk-go: invalid secret key format '<secret>', {UUID_FORM}");
        checker.invalid("secret_key", "`secret_key` must be a UUID", upstream);
    }
    check_scaleway_zone(checker);
    let api_url = checker.text_or("api_url", "https://api.scaleway.com");
    if !checker.is_refused("api_url") && (api_url.is_empty() || parse_url(&api_url).is_err()) {
        let upstream = format!("scaleway-sdk-go: invalid API url '{}'", without_password(&api_url));
        checker.invalid("api_url", "`api_url` must be a URL", upstream);
    } else if api_url.ends_with('/') {
        let upstream = format!("scaleway-sdk-go: invalid API url '{api_url}' it should not have a trailing slash");
        checker.invalid("api_url", "`api_url` must not end in `/`", upstream);
    }
    client::check(checker);
}

fn check_scaleway_zone(checker: &mut Checker<'_, '_>) {
    const ZONES: &str =
        "fr-par-1, fr-par-2, fr-par-3, nl-ams-1, nl-ams-2, nl-ams-3, pl-waw-1, pl-waw-2, pl-waw-3, it-mil-1";
    let zone = checker.text_or("zone", "fr-par-1");
    let parts: Vec<&str> = zone.split('-').collect();
    let is_lower = |part: &str| part.bytes().all(|byte| byte.is_ascii_lowercase());
    let is_zone = matches!(parts[..], [country, place, number] if country.len() == 2 && place.len() == 3
        && is_lower(country) && is_lower(place) && number.len() == 1 && number.bytes().all(|byte| byte.is_ascii_digit()));
    if zone.is_empty() {
        checker.missing("zone", "scaleway-sdk-go: default zone cannot be empty");
    } else if !is_zone {
        let upstream = format!("scaleway-sdk-go: invalid default zone format '{zone}', available zones are: {ZONES}");
        checker.invalid("zone", "`zone` must look like `fr-par-1`", upstream);
    }
}

/// `SCW` and 17 capitals or digits.
fn is_scaleway_key(text: &str) -> bool {
    let rest = text.strip_prefix("SCW").unwrap_or("");
    rest.len() == 17 && rest.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
}

/// 32 hexadecimal digits in groups of 8, 4, 4, 4 and 12.
pub(super) fn is_uuid(text: &str) -> bool {
    let lengths: Vec<usize> = text.split('-').map(str::len).collect();
    lengths == [8, 4, 4, 4, 12] && text.bytes().all(|byte| byte == b'-' || byte.is_ascii_hexdigit())
}

pub(in crate::config) fn check_stackit(checker: &mut Checker<'_, '_>) {
    if !checker.is_set("endpoint") && checker.text_or("region", "eu01").is_empty() {
        checker.missing("region", "stackit_sd: endpoint and region missing");
    }
    let endpoint = checker.text("endpoint");
    checker.url("endpoint", |message| format!("stackit_sd: invalid endpoint {}: {message}", go_quote(&endpoint)));
    client::check(checker);
}
