#![no_main]

libfuzzer_sys::fuzz_target!(|text: &str| dryport_fuzz::query(text));
