//! Runs `checks/monitors.rs` on any bytes.

#![no_main]

#[path = "../checks/monitors.rs"]
mod monitors;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| monitors::check(bytes));
