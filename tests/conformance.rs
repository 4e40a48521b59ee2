//! Compares promcfg with what Prometheus, Go's regexp and yaml.v2 answer.

fn main() {}
