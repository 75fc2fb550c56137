#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| dryport_fuzz::document("seed.odt", data));
