//! Text → tokens with byte offsets and positions: one analyser for indexing, querying and highlighting.
//!
//! In: any text. Out: [`Tokens`]. Never: changes the text, reads files, or needs a dictionary.
//!
//! Words are folded (case, width, accents), freed of apostrophes and of the possessive `’s`, and
//! reduced to their English stem. Every ideograph is a token of its own, and two in a row give a
//! pair at the position of the first, so that any run of characters is found by the characters in
//! it whatever a segmenter would think. Traditional characters are folded to simplified ones.

mod bytes;
mod chinese;
mod engine;
mod english;
mod stems;
mod tokens;

pub use bytes::{eight, hash};
pub use chinese::{common_in, has_ideograph, is_alphabetic, is_alphanumeric, is_ideograph, is_mark};
pub use engine::{NAME as TOKENIZER, analyzer};

/// Places between the last token of a value and the first of the next, where a field has several: wider than any window.
pub const VALUES_APART: usize = 1024;

pub use english::{is_stop_word, stem};
pub use tokens::{Sink, Token, TokenKind, Tokens, analyse, analyse_to};
