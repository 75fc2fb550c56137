//! Build script: what the program has compiled in, ready to be read without being made.

/// The analyser that the library has: terms are kept as it makes them.
#[path = "analysis"]
#[allow(dead_code, unused_imports)]
mod analysis {
    mod bytes;
    mod chinese;
    mod english;
    mod stems;
    mod tokens;
    pub use bytes::eight;
    pub use chinese::{is_alphabetic, is_alphanumeric, is_ideograph};
    pub use tokens::{TokenKind, analyse};
}

#[path = "pattern/compile.rs"]
mod pattern;
#[path = "vocab/compile.rs"]
mod vocab;

use std::path::PathBuf;
use std::{env, fs};

fn main() {
    // A program at a fixed place in memory need not be adapted to its place at each start: two of four milliseconds,
    // mostly for tables. What it reads is parsed by code that does not depend on addresses being secret.
    if env::var("CARGO_CFG_TARGET_OS").as_deref() == Ok("linux")
        && env::var("CARGO_CFG_TARGET_ENV").as_deref() == Ok("gnu")
    {
        println!("cargo:rustc-link-arg-bins=-no-pie");
    }
    // Any of them can have a pattern.
    println!("cargo:rerun-if-changed=src");
    let sources = PathBuf::from(env::var("CARGO_MANIFEST_DIR").expect("cargo sets it")).join("src");
    let out = PathBuf::from(env::var("OUT_DIR").expect("cargo sets it"));
    vocab::compile(&sources.join("vocab/data"), &out);
    let (list, bytes) = pattern::compiled(&sources);
    fs::write(out.join("patterns.rs"), list).expect("patterns.rs can be written");
    fs::write(out.join("patterns.bin"), bytes).expect("patterns.bin can be written");
}
