//! Runs `checks/objects.rs` on any bytes.

#![no_main]

#[path = "../checks/objects.rs"]
mod objects;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| objects::check(bytes));
