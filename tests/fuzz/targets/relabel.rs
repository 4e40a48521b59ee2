//! Runs `checks/relabel.rs` on any bytes.

#![no_main]

#[path = "../checks/relabel.rs"]
mod relabel;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| relabel::check(bytes));
