//! Runs `checks/exposition.rs` on any bytes.

#![no_main]

#[path = "../checks/exposition.rs"]
mod exposition;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| exposition::check(bytes));
