//! Runs `checks/re2.rs` on any bytes.

#![no_main]

#[path = "../checks/re2.rs"]
mod re2;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| re2::check(bytes));
