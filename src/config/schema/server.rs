//! The server itself: storage, tracing, OTLP, the Go runtime.

use super::client::TLS_CONFIG;
use super::kind::{Field, Kind, Section, SectionCheck, duration, flag, int, one, text, texts};

pub(in crate::config) static STORAGE: Section = Section::new(
    "the `storage` section",
    "config.StorageConfig",
    &[&[one("tsdb", &TSDB).since(2, 39), one("exemplars", &EXEMPLARS)]],
);

static TSDB: Section = Section::new(
    "a `tsdb` section",
    "config.plain",
    &[&[
        duration("out_of_order_time_window").default("0s").since(2, 39),
        Field::new("outofordertimewindow", Kind::Int64).since(2, 39).deprecated("out_of_order_time_window"),
        Field::new("stale_series_compaction_threshold", Kind::Float).default("0").since(3, 10),
        one("chunk_encoding", &CHUNK_ENCODING).since(3, 13),
        one("retention", &RETENTION).since(3, 8),
    ]],
)
.fresh();

static CHUNK_ENCODING: Section = Section::new(
    "a `chunk_encoding` section",
    "config.ChunkEncodingConfig",
    &[&[text("floats").default("''").since(3, 13)]],
)
.checked(SectionCheck::ChunkEncoding);

static RETENTION: Section = Section::new(
    "a `retention` section",
    "config.plain",
    &[&[
        duration("time").default("0").since(3, 8),
        Field::new("size", Kind::Size).default("0").since(3, 8),
        Field::new("percentage", Kind::Float).default("0").since(3, 11),
    ]],
)
.fresh()
.checked(SectionCheck::Retention);

static EXEMPLARS: Section = Section::new(
    "an `exemplars` section",
    "config.ExemplarsConfig",
    &[&[Field::new("max_exemplars", Kind::Int64).default("100000").since(2, 29)]],
);

pub(in crate::config) static TRACING: Section = Section::new(
    "the `tracing` section",
    "config.plain",
    &[&[
        text("endpoint").since(2, 34),
        Field::new("client_type", Kind::Text("config.plain")).default("grpc").since(2, 34),
        Field::new("sampling_fraction", Kind::Float).default("0").since(2, 34),
        flag("insecure").default("false").since(2, 34),
        one("tls_config", &TLS_CONFIG).since(2, 34),
        Field::new("headers", Kind::Map("map[string]string", &Kind::STRING)).since(2, 34),
        text("compression").since(2, 34),
        duration("timeout").default("0").since(2, 34),
    ]],
)
.fresh()
.checked(SectionCheck::Tracing);

pub(in crate::config) const RUNTIME: Section =
    Section::new("the `runtime` section", "config.RuntimeConfig", &[&[int("gogc").default("75").since(2, 53)]]);

pub(in crate::config) static OTLP: Section = Section::new(
    "the `otlp` section",
    "config.plain",
    &[&[
        texts("promote_resource_attributes").since(2, 55),
        flag("promote_all_resource_attributes").default("false").since(3, 5),
        texts("ignore_resource_attributes").since(3, 5),
        Field::new("translation_strategy", Kind::Text("otlptranslator.TranslationStrategyOption"))
            .default("UnderscoreEscapingWithSuffixes")
            .since(3, 0),
        flag("keep_identifying_resource_attributes").default("false").since(3, 1),
        flag("convert_histograms_to_nhcb").default("false").since(3, 4),
        flag("promote_scope_metadata").default("false").since(3, 6),
        flag("label_name_underscore_sanitization").default("true").since(3, 8),
        flag("label_name_preserve_multiple_underscores").default("true").since(3, 8),
    ]],
)
.fresh()
.checked(SectionCheck::Otlp);
