//! Remote write over HTTP/2 by a default that Prometheus 3.0 changes.

use crate::lint::rule::{Check, Input};
use crate::lint::sink::{Sink, in_file};
use crate::text::Span;

pub(super) const CHECK: Check = Check::Input(check);

fn check(input: &Input<'_>, sink: &mut Sink<'_>) {
    let config = input.config;
    if !config.release.has_remote_write_http2() {
        return;
    }
    let text = sink.tree(config.file).map_or("", |tree| tree.text());
    for (index, endpoint) in config.remote_write.iter().enumerate() {
        // HTTP/2 needs TLS.
        let is_secure = |url: Span| is_https(url.of(text));
        let Some(url) = endpoint.field("url").filter(|url| url.text.is_some_and(is_secure)) else { continue };
        if endpoint.field("enable_http2").is_some() {
            continue;
        }
        let message = format!("remote_write[{index}] uses HTTP/2 by default, and Prometheus 3.0 uses HTTP/1.1");
        sink.push(
            in_file(config.file, url.key, message)
                .with_argument("section", "remote_write")
                .with_argument("field", "enable_http2")
                .with_note("the default of `enable_http2` in `remote_write` is `false` since Prometheus 3.0")
                .with_help("write `enable_http2: true` to keep HTTP/2 after an upgrade"),
        );
    }
}

fn is_https(url: &str) -> bool {
    url.get(..8).is_some_and(|start| start.eq_ignore_ascii_case("https://"))
}
