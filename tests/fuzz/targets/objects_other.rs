//! Runs `checks/objects_other.rs` on any bytes.

#![no_main]

#[path = "../checks/objects_other.rs"]
mod objects_other;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| objects_other::check(bytes));
