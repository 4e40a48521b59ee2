//! Any bytes as `promcfg.toml`: reading ends, and every fault has a place in the text.

#![no_main]

#[allow(dead_code, unused_imports)]
#[path = "../tool/mod.rs"]
mod cli;

use std::path::Path;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let Err(faults) = cli::lint::settings::read::read(text, "promcfg.toml", Path::new("repository")) else { return };
    assert!(!faults.is_empty(), "a refusal without a reason");
    let lines = text.split(['\n', '\r']).count();
    for fault in faults {
        let place = fault.message.strip_prefix("promcfg.toml:").and_then(|rest| rest.split(':').next());
        let line: usize = place.and_then(|line| line.parse().ok()).expect("a fault has a line");
        assert!((1..=lines).contains(&line), "line {line} of {lines}: {}", fault.message);
    }
});
