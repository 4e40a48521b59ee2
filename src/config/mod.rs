//! A config as Prometheus 3.14 decodes it: defaults, inheritance, and every fault with its place.

mod types;

pub use types::{Config, FileSd, Files, Global, RelabelRule, ScrapeConfig, Sd, StaticConfig};
