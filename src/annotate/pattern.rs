//! Patterns that are fixed in the code.

use regex::Regex;
use std::sync::OnceLock;

/// Compiles a fixed pattern.
pub fn compile(pattern: &str) -> Regex {
    Regex::new(pattern).expect("the pattern is fixed and compiled by tests")
}

/// A fixed pattern that is compiled where it is first met.
pub fn fixed(cell: &'static OnceLock<Regex>, pattern: &str) -> &'static Regex {
    cell.get_or_init(|| compile(pattern))
}
