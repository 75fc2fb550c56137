//! The analyser itself. Compiled into the build script too, and therefore without the engine.

use super::{chinese, english, is_ideograph};

/// Longest token kept, in bytes: longer runs of letters and digits are data, not words.
pub(super) const TOKEN_BYTES_MAX: usize = 64;

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenKind {
    /// A word or a number, reduced to its stem.
    Word,
    /// The same word as it is written, where that differs from its stem: what a prefix is compared with.
    Form,
    /// One ideograph, kana or hangul syllable.
    Single,
    /// Two of them in a row.
    Pair,
}

/// One token: a folded form and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    form: std::ops::Range<usize>,
    /// First byte in the text.
    pub start: usize,
    /// One past the last byte in the text.
    pub end: usize,
    /// Counts words and ideographs from 0. A pair has the position of its first character.
    pub position: usize,
    /// What it is.
    pub kind: TokenKind,
}

/// The tokens of a text, in the order of positions.
#[derive(Clone, Debug, Default)]
pub struct Tokens {
    forms: String,
    pub(super) list: Vec<Token>,
}

impl Tokens {
    /// The tokens in the order of positions; at one position the stem before the form, the single character before the pair.
    pub fn iter(&self) -> impl Iterator<Item = &Token> {
        self.list.iter()
    }

    /// The folded form of a token of this text.
    pub fn form(&self, token: &Token) -> &str {
        &self.forms[token.form.clone()]
    }

    /// Number of tokens, pairs included.
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// Analyses another text in the same memory.
    pub(super) fn refill(&mut self, text: &str) {
        self.forms.clear();
        self.list.clear();
        self.forms.reserve(text.len());
        self.list.reserve(text.len() / 4);
        analyse_to(text, self);
    }
}

/// Takes the tokens of a text one by one, in the order of positions.
pub trait Sink {
    /// Whether words are to be reduced to their stems. If not, a word has one token, as it is written.
    const STEMS: bool = true;

    /// A token: its folded form, its first byte in the text and one past its last, its position, and what it is.
    fn take(&mut self, form: &str, start: usize, end: usize, position: usize, kind: TokenKind);

    /// Whether the tokens of a word are of interest, from its folded form; to find its stem takes longest.
    fn wants(&self, _form: &str) -> bool {
        true
    }
}

impl Sink for Tokens {
    fn take(&mut self, form: &str, start: usize, end: usize, position: usize, kind: TokenKind) {
        let from = self.forms.len();
        self.forms.push_str(form);
        self.list.push(Token { form: from..self.forms.len(), start, end, position, kind });
    }
}

/// Analyses a text for the index, for a query or for highlighting.
pub fn analyse(text: &str) -> Tokens {
    let mut tokens = Tokens::default();
    tokens.refill(text);
    tokens
}

/// The same, for who keeps no tokens. Returns how many positions the text has.
pub fn analyse_to(text: &str, tokens: &mut impl Sink) -> usize {
    let mut position = 0;
    let mut word = english::Word::default();
    let mut previous_ideograph: Option<(char, usize, usize)> = None; // folded, first byte, one past its last
    let bytes = text.as_bytes();
    let mut next = 0;
    while next < bytes.len() {
        let at = next;
        if bytes[at].is_ascii() {
            // Most text is of these: they need no look at what else a character can be.
            let run = bytes[at..].iter().take_while(|b| b.is_ascii_alphanumeric()).count();
            if run > 0 {
                word.take_run(&text[at..at + run], at);
                next = at + run;
                continue;
            }
            next = at + 1;
            if bytes[at] == b' ' || !word.take(char::from(bytes[at]), at, next, &text[next..]) {
                position += word.flush(tokens, position);
            }
            continue;
        }
        let Some(c) = text[at..].chars().next() else { break };
        let end = at + c.len_utf8();
        next = end;
        if is_ideograph(c) {
            position += word.flush(tokens, position);
            let folded = chinese::fold(c);
            let mut form = [0u8; 8];
            let length = folded.encode_utf8(&mut form).len();
            if let Some((before, start, stop)) = previous_ideograph.filter(|p| p.2 == at) {
                debug_assert!(position > 0 && stop == at);
                let mut pair = [0u8; 8];
                let first = before.encode_utf8(&mut pair).len();
                let length = first + folded.encode_utf8(&mut pair[first..]).len();
                let pair = std::str::from_utf8(&pair[..length]).unwrap_or_default();
                tokens.take(pair, start, end, position - 1, TokenKind::Pair);
            }
            let form = std::str::from_utf8(&form[..length]).unwrap_or_default();
            tokens.take(form, at, end, position, TokenKind::Single);
            position += 1;
            previous_ideograph = Some((folded, at, end));
            continue;
        }
        if english::is_invisible(c) {
            // Inside a word it is a hint for typesetting; between ideographs it must not part them.
            if let Some(previous) = previous_ideograph.as_mut().filter(|p| p.2 == at) {
                previous.2 = end;
            }
            continue;
        }
        if !word.take(c, at, end, &text[end..]) {
            position += word.flush(tokens, position);
        }
    }
    position + word.flush(tokens, position)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn forms(text: &str) -> String {
        let tokens = analyse(text);
        let list: Vec<String> = tokens
            .iter()
            .filter(|t| t.kind != TokenKind::Form)
            .map(|t| format!("{}/{}", tokens.form(t), t.position))
            .collect();
        list.join(" ")
    }

    #[track_caller]
    fn check(text: &str, expected: &str) {
        assert_eq!(forms(text), expected, "{text:?}");
    }

    #[test]
    fn words_are_folded_and_stemmed() {
        check("Dry Ports", "dri/0 port/1");
        check("Ürümqi ＧＤＰ", "urumqi/0 gdp/1");
        check("China-Europe Train", "china/0 europ/1 train/2");
        check("2,000 tons, 3.5%", "2000/0 ton/1 3/2 5/3");
        check("", "");
        check("— … ！", "");
    }

    #[test]
    fn a_word_is_also_indexed_as_it_is_written() {
        let tokens = analyse("Dry transportation");
        let forms: Vec<&str> = tokens.iter().filter(|t| t.kind == TokenKind::Form).map(|t| tokens.form(t)).collect();
        assert_eq!(forms, ["dry", "transportation"]);
    }

    #[test]
    fn apostrophes_and_possessives_do_not_part_words() {
        check("Shaanxi ’s action plan", "shaanxi/0 action/1 plan/2");
        check("Shaanxi's action", "shaanxi/0 action/1");
        check("Xi’an, Xi'an and Xian", "xian/0 xian/1 and/2 xian/3");
        check("don't", "dont/0");
    }

    #[test]
    fn ideographs_are_single_tokens_and_pairs() {
        check("陆港", "陆/0 陆港/0 港/1");
        check("陸港", "陆/0 陆港/0 港/1");
        check("2020年GDP增", "2020/0 年/1 gdp/2 增/3");
    }

    #[test]
    fn invisible_characters_part_nothing() {
        check("in\u{ad}land p\u{200b}ort", "inland/0 port/1");
        check("陆\u{200b}港", "陆/0 陆港/0 港/1");
    }

    #[test]
    fn offsets_point_to_the_original() {
        let text = "新疆的 Dry\u{ad}Ports’";
        let tokens = analyse(text);
        let last = tokens.iter().last().unwrap();
        assert_eq!(&text[last.start..last.end], "Dry\u{ad}Ports");
    }

    proptest::proptest! {
        #[test]
        fn any_text_gives_ordered_tokens_on_character_borders(text in "\\PC{0,200}") {
            let tokens = analyse(&text);
            let mut position = 0;
            for token in tokens.iter() {
                assert!(text.is_char_boundary(token.start) && text.is_char_boundary(token.end));
                assert!(token.start < token.end);
                assert!(token.position + 1 >= position);
                position = token.position;
            }
        }

        #[test]
        fn a_substring_of_ideographs_has_tokens_of_the_whole(text in "[\u{4e00}-\u{4eff}]{1,30}", from in 0usize..30, length in 1usize..30) {
            let part: String = text.chars().skip(from).take(length).collect();
            let whole = analyse(&text);
            let all: Vec<&str> = whole.iter().map(|t| whole.form(t)).collect();
            let tokens = analyse(&part);
            for token in tokens.iter() {
                assert!(all.contains(&tokens.form(token)));
            }
        }
    }
}
