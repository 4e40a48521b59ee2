//! `storage` and `runtime`.
//!
//! Source: `appendStorageSettingsConfig`, `GenerateAgentConfiguration`, `appendRuntime`.

use super::super::document::Out;
use super::super::kind::Kind;
use super::super::value::Value;
use super::Server;
use super::common::histograms::quantity;

/// How long samples are kept if neither a time nor a size is given.
const DEFAULT_RETENTION: &str = "24h";

pub(super) fn storage(server: &Server<'_>) -> Option<Out> {
    let is_agent = server.id.kind == Kind::PrometheusAgent;
    let mut out = Out::map();
    if !is_agent {
        let most = server.get("exemplars").and_then(|own| own.get("maxSize")).filter(|_| server.is_from(2, 29));
        out.put_some("exemplars", most.map(|most| Out::map().with("max_exemplars", Out::copied(most))));
    }
    let mut tsdb = Out::map();
    // Before that, the options of the command line say it.
    if !is_agent && server.is_from(3, 11) {
        tsdb.put("retention", retention(server));
    }
    let own = server.get("tsdb");
    let of =
        |key: &str, major: u64, minor: u64| own.and_then(|own| own.get(key)).filter(|_| server.is_from(major, minor));
    let window = of("outOfOrderTimeWindow", 2, if is_agent { 54 } else { 39 });
    tsdb.put_some("out_of_order_time_window", window.map(Out::copied));
    if !is_agent {
        tsdb.put_some("stale_series_compaction_threshold", of("staleSeriesCompactionThreshold", 3, 10).map(quantity));
        let floats = of("chunkEncoding", 3, 13).and_then(|own| own.get("floats"));
        let encoding = floats.map(|floats| {
            let name = Out::text(floats.as_str().unwrap_or("").to_ascii_lowercase()).because(floats.at);
            Out::map().with("floats", name)
        });
        tsdb.put_some("chunk_encoding", encoding);
    }
    out.put_some("tsdb", Some(tsdb).filter(|tsdb| !tsdb.is_empty()));
    Some(out).filter(|out| !out.is_empty())
}

/// The time and the size, whichever is given.
fn retention(server: &Server<'_>) -> Out {
    let filled = |key: &str| server.spec.and_then(|spec| spec.filled(key));
    let (time, size) = (filled("retention"), filled("retentionSize"));
    let mut out = Out::map();
    match (time, size) {
        (None, None) => out.put("time", Out::text(DEFAULT_RETENTION)),
        (time, size) => {
            out.put_some("time", time.map(Out::copied));
            out.put_some("size", size.map(Out::copied));
        }
    }
    out
}

pub(super) fn runtime(server: &Server<'_>) -> Option<Out> {
    let own = server.get("runtime").filter(|_| server.is_from(2, 53))?;
    let mut out = Out::map();
    out.put_some("gogc", own.get("goGC").map(Out::copied));
    Some(out.because(own.at))
}

/// `rule_files`: the rules are objects, whose files are not known here.
pub(super) fn rule_files(server: &Server<'_>) -> Option<Out> {
    let selector: &Value = server.get("ruleSelector").filter(|_| server.id.kind == Kind::Prometheus)?;
    Some(Out::list(Vec::new()).because(selector.at))
}
