//! The formats in which a job asks for metrics.
//!
//! Source: `addScrapeProtocols`, `addFallbackScrapeProtocol`.

use super::super::super::document::Out;
use super::super::super::value::Value;
use super::super::Server;
use super::class::Class;
use super::items;

/// The format that only Prometheus 3 knows.
const LATEST: &str = "PrometheusText1.0.0";

/// `scrape_protocols`, without those that the version does not know.
pub(in super::super) fn scrape_protocols(server: &Server<'_>, own: &Value) -> Option<Out> {
    let list = own.get("scrapeProtocols").filter(|list| !list.items().is_empty() && server.is_from(2, 49))?;
    let knows_latest = server.version.is_from_candidate(3, 0);
    let known = items(own, "scrapeProtocols").iter().filter(|one| knows_latest || one.as_str() != Some(LATEST));
    Some(Out::list(known.map(Out::copied).collect()).because(list.at))
}

/// `fallback_scrape_protocol` of an object; that of its class if it has none.
pub(in super::super) fn fallback(server: &Server<'_>, own: &Value, class: Class<'_>) -> Option<Out> {
    let protocol = own.get("fallbackScrapeProtocol").or(class.get("fallbackScrapeProtocol"))?;
    server.is_from(3, 0).then(|| Out::copied(protocol))
}
