//! `global`.

use super::super::document::Out;
use super::Server;

pub(super) fn global(server: &Server<'_>) -> Out {
    let interval = |key: &str| server.get(key).map_or_else(|| Out::text("30s"), Out::copied);
    let labels = Out::map()
        .with("prometheus", Out::text(format!("{}/{}", server.id.namespace, server.id.name)))
        .with("prometheus_replica", Out::text("$(POD_NAME)"));
    Out::map()
        .with("scrape_interval", interval("scrapeInterval"))
        .with("external_labels", labels)
        .with("evaluation_interval", interval("evaluationInterval"))
}
