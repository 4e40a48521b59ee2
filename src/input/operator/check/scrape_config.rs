//! ScrapeConfigs.
//!
//! Source: `checkScrapeConfig`.

use super::super::generate::Fault;
use super::super::objects::Object;
use super::{Checks, clients, items, mechanisms, probe, rules, tls, within};

pub(super) fn scrape_config(checks: &mut Checks<'_, '_>, object: &Object) -> Result<(), Fault> {
    let Some(spec) = object.value.get("spec") else { return Ok(()) };
    let namespace = &object.id.namespace;
    checks.class(spec)?;
    rules::under(checks, spec, "relabelings", "relabelConfigs")?;
    clients::basic_auth(checks, namespace, spec).map_err(within("basicAuth"))?;
    clients::authorization(checks, namespace, spec).map_err(within("authorization"))?;
    clients::oauth2(checks, namespace, spec).map_err(within("oauth2"))?;
    tls::add_under(checks, namespace, spec).map_err(within("tlsConfig"))?;
    checks.timeout(spec.filled("scrapeInterval"), spec.filled("scrapeTimeout"))?;
    clients::proxy(checks, namespace, spec)?;
    rules::under(checks, spec, "metricRelabelings", "metricRelabelConfigs")?;
    for (index, group) in items(spec, "staticConfigs").iter().enumerate() {
        probe::static_labels(checks, group).map_err(within(format!("staticConfigs: [{index}]")))?;
    }
    mechanisms::all(checks, namespace, spec)
}
