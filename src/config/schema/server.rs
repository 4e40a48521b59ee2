//! The server itself: storage, tracing, OTLP, the Go runtime.

use crate::config::checks::server;

use super::client::TLS_CONFIG;
use super::kind::{Field, Kind, Section, duration, flag, int, one, text, texts};

pub(in crate::config) const STORAGE: Section = Section::new(
    "the `storage` section",
    "config.StorageConfig",
    &[&[one("tsdb", &TSDB), one("exemplars", &EXEMPLARS)]],
);

const TSDB: Section = Section::new(
    "a `tsdb` section",
    "config.plain",
    &[&[
        duration("out_of_order_time_window"),
        int("outofordertimewindow"),
        Field::new("stale_series_compaction_threshold", Kind::Float),
        one("chunk_encoding", &CHUNK_ENCODING),
        one("retention", &RETENTION),
    ]],
);

const CHUNK_ENCODING: Section =
    Section::new("a `chunk_encoding` section", "config.ChunkEncodingConfig", &[&[text("floats")]])
        .checked(server::check_chunk_encoding);

const RETENTION: Section = Section::new(
    "a `retention` section",
    "config.plain",
    &[&[duration("time"), Field::new("size", Kind::Size), Field::new("percentage", Kind::Float)]],
)
.checked(server::check_retention);

const EXEMPLARS: Section = Section::new("an `exemplars` section", "config.ExemplarsConfig", &[&[int("max_exemplars")]]);

pub(in crate::config) const TRACING: Section = Section::new(
    "the `tracing` section",
    "config.plain",
    &[&[
        text("endpoint"),
        text("client_type"),
        Field::new("sampling_fraction", Kind::Float),
        flag("insecure"),
        one("tls_config", &TLS_CONFIG),
        Field::new("headers", Kind::Map("map[string]string", &Kind::STRING)),
        text("compression"),
        duration("timeout"),
    ]],
)
.checked(server::check_tracing);

pub(in crate::config) const RUNTIME: Section =
    Section::new("the `runtime` section", "config.RuntimeConfig", &[&[int("gogc")]]);

pub(in crate::config) const OTLP: Section = Section::new(
    "the `otlp` section",
    "config.plain",
    &[&[
        texts("promote_resource_attributes"),
        flag("promote_all_resource_attributes"),
        texts("ignore_resource_attributes"),
        text("translation_strategy"),
        flag("keep_identifying_resource_attributes"),
        flag("convert_histograms_to_nhcb"),
        flag("promote_scope_metadata"),
        flag("label_name_underscore_sanitization"),
        flag("label_name_preserve_multiple_underscores"),
    ]],
)
.checked(server::check_otlp);
