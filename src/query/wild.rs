//! Words that stand for others: which words of an index they are.

use super::WildKind;
use regex::{Regex, RegexBuilder};

/// Largest regular expression, compiled, in bytes: larger ones are slow on every word.
const REGEX_BYTES_MAX: usize = 1 << 18;

/// Compiles a regular expression for whole words; the reason, for a reader, if it cannot be.
pub fn compile_regex(pattern: &str) -> Result<Regex, String> {
    RegexBuilder::new(&format!("^(?:{})$", folded(pattern)))
        .size_limit(REGEX_BYTES_MAX)
        .dfa_size_limit(REGEX_BYTES_MAX)
        .nest_limit(50)
        .case_insensitive(true)
        .build()
        .map_err(|error| match error {
            regex::Error::CompiledTooBig(_) => "the regular expression is too large".to_string(),
            other => {
                let text = other.to_string();
                let reason = text.lines().last().unwrap_or_default().trim_start_matches("error: ");
                format!("the regular expression cannot be read: {reason}")
            }
        })
}

/// How the words of a kind are recognised.
pub enum Recognizer {
    /// They begin so.
    Prefix(String),
    /// They begin so and match.
    Matching(String, Regex),
}

impl Recognizer {
    /// For a kind; none for what cannot be compiled, and for letters amiss, which the index finds by a way of its own.
    pub fn new(kind: &WildKind) -> Option<Recognizer> {
        Some(match kind {
            WildKind::Prefix(head) => Recognizer::Prefix(head.clone()),
            WildKind::Fuzzy(..) => return None,
            WildKind::Regex(pattern) => Recognizer::Matching(literal_head(pattern), compile_regex(pattern).ok()?),
            WildKind::Wildcard(glob) => {
                let head: String = glob.chars().take_while(|c| !matches!(c, '*' | '?')).collect();
                let mut pattern = String::new();
                for c in glob.chars() {
                    match c {
                        '*' => pattern += ".*",
                        '?' => pattern.push('.'),
                        c => pattern += &regex::escape(c.encode_utf8(&mut [0; 4])),
                    }
                }
                Recognizer::Matching(head, compile_regex(&pattern).ok()?)
            }
        })
    }

    /// Every word of the kind begins so.
    pub fn head(&self) -> &str {
        match self {
            Recognizer::Prefix(head) | Recognizer::Matching(head, _) => head,
        }
    }

    /// Whether a word that begins with [`Recognizer::head`] is of the kind.
    pub fn accepts(&self, word: &str) -> bool {
        match self {
            Recognizer::Prefix(_) => true,
            Recognizer::Matching(_, regex) => regex.is_match(word),
        }
    }
}

/// An expression whose letters are folded as those of words are, where that is one letter by another.
fn folded(pattern: &str) -> String {
    let fold = |c: char| {
        if c.is_ascii() || !c.is_alphabetic() {
            return c;
        }
        let tokens = crate::analysis::analyse(c.encode_utf8(&mut [0; 4]));
        let form = tokens.iter().next().map(|token| tokens.form(token)).unwrap_or_default();
        let mut letters = form.chars();
        letters.next().filter(|_| letters.next().is_none()).unwrap_or(c)
    };
    pattern.chars().map(fold).collect()
}

/// Whether an expression has alternatives that are in no brackets.
fn is_parted(pattern: &str) -> bool {
    let (mut depth, mut in_class, mut escaped) = (0usize, false, false);
    for c in pattern.chars() {
        match c {
            _ if std::mem::take(&mut escaped) => {}
            '\\' => escaped = true,
            ']' => in_class = false,
            _ if in_class => {}
            '[' => in_class = true,
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            '|' if depth == 0 => return true,
            _ => {}
        }
    }
    false
}

/// Letters and digits with which everything that an expression matches begins.
fn literal_head(pattern: &str) -> String {
    if is_parted(pattern) {
        return String::new();
    }
    let pattern = folded(pattern);
    let mut head: Vec<char> = pattern.chars().take_while(|c| c.is_alphanumeric() && !c.is_uppercase()).collect();
    // A sign after the last letter may make it optional.
    if pattern.chars().nth(head.len()).is_some_and(|c| matches!(c, '*' | '?' | '{')) {
        head.pop();
    }
    head.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(kind: WildKind, accepted: &[&str], refused: &[&str]) {
        let recognizer = Recognizer::new(&kind).unwrap();
        let accepts = |word: &str| word.starts_with(recognizer.head()) && recognizer.accepts(word);
        accepted.iter().for_each(|word| assert!(accepts(word), "{kind:?} {word}"));
        refused.iter().for_each(|word| assert!(!accepts(word), "{kind:?} {word}"));
    }

    #[test]
    fn kinds_of_words_are_recognised_whole() {
        check(WildKind::Prefix("port".into()), &["port", "ports"], &["airport"]);
        check(WildKind::Wildcard("p?rt*".into()), &["port", "parts"], &["prt", "sport"]);
        check(WildKind::Wildcard("*port".into()), &["port", "airport"], &["ports"]);
        check(WildKind::Regex("ports?".into()), &["port", "ports"], &["por", "airport"]);
        check(WildKind::Regex("a|b".into()), &["a", "b"], &["ab"]);
        check(WildKind::Regex("rail(way|road)".into()), &["railway", "railroad"], &["rail", "way"]);
        check(WildKind::Regex("ürümqi|陸港".into()), &["urumqi", "陆港"], &["陸港"]);
        assert_eq!(literal_head("rail(way|road)"), "rail");
        assert_eq!(literal_head("rail|road"), "");
        check(WildKind::Regex("(rail|high)way".into()), &["railway", "highway"], &["way"]);
        check(WildKind::Regex("colou?r".into()), &["color", "colour"], &["colouur"]);
    }

    #[test]
    fn an_expression_that_cannot_be_is_refused_in_one_line() {
        for pattern in ["(", "[", "a{1000}{1000}", "(a{100}){100}", "*"] {
            let reason = compile_regex(pattern).unwrap_err();
            assert!(!reason.contains('\n') && !reason.is_empty(), "{reason}");
        }
    }
}
