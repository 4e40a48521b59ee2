//! Runs `checks/lint.rs` on any bytes.

#![no_main]

#[path = "../checks/lint.rs"]
mod lint;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| lint::check(bytes));
