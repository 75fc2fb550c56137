//! The analyser as the engine's tokenizer: the same tokens, one after the other.

use super::{Tokens, VALUES_APART};
use tantivy::tokenizer::{TextAnalyzer, Token, TokenStream, Tokenizer};

/// The name under which the tokenizer is registered and named in the schema.
pub const NAME: &str = "dryport";

/// The analyser in the engine's terms.
pub fn analyzer() -> TextAnalyzer {
    TextAnalyzer::builder(Analyser::default()).build()
}

/// Keeps the memory of one text for the next.
#[derive(Clone, Default)]
struct Analyser {
    tokens: Tokens,
    token: Token,
}

struct Stream<'a> {
    tokens: &'a Tokens,
    next: usize,
    token: &'a mut Token,
}

impl Tokenizer for Analyser {
    type TokenStream<'a> = Stream<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> Stream<'a> {
        self.tokens.refill(text);
        self.token.reset();
        Stream { tokens: &self.tokens, next: 0, token: &mut self.token }
    }
}

impl TokenStream for Stream<'_> {
    fn advance(&mut self) -> bool {
        let Some(token) = self.tokens.list.get(self.next) else { return false };
        self.next += 1;
        self.token.text.clear();
        self.token.text.push_str(self.tokens.form(token));
        self.token.offset_from = token.start;
        self.token.offset_to = token.end;
        self.token.position = token.position;
        // The engine lets the next value begin after the end of this one's last token, and one place.
        self.token.position_length = if self.next == self.tokens.list.len() { VALUES_APART } else { 1 };
        true
    }

    fn token(&self) -> &Token {
        self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        self.token
    }
}
