//! The query language.
//!
//! ```text
//! query := item+                        any may miss, near ones rank higher
//! item  := ('+' | '-' | 'NOT')? any     + must be there, - must not
//! any   := all ('OR' all)*
//! all   := one ('AND' one)*
//! one   := '(' query ')' | field ':' one | '"' phrase '"' | word '*'?
//! ```
//!
//! Curly and full-width quotes, brackets, signs and colons count as the plain ones. Operators are
//! written in capitals, or as `&&`, `||`.

use super::{Group, Leaf, Node, Pattern, Target};
use crate::analysis::{self, TokenKind};
use crate::error::{Error, Result};

/// Longest query, in characters.
const CHARS_MAX: usize = 4_000;
/// Deepest nesting of groups.
const DEPTH_MAX: usize = 32;
/// Most words, phrases and groups.
const CLAUSES_MAX: usize = 256;
/// A run of more ideographs than this is a question to be matched in part; a shorter one is a term.
const TERM_IDEOGRAPHS_MAX: usize = 4;

/// Parses a query. `None` when it holds nothing to look for.
/// Errors: [`Error::BadQuery`] with the place and the reason.
pub fn parse(text: &str) -> Result<Option<Node>> {
    let mut parser = Parser { text, chars: text.chars().collect(), at: 0, depth: 0, clauses: 0 };
    if parser.chars.len() > CHARS_MAX {
        let shown: String = parser.chars.iter().take(60).chain(&['…']).collect();
        let reason = format!("the query has {} characters, more than the limit of {CHARS_MAX}", parser.chars.len());
        return Err(Error::BadQuery { query: shown, at: 60, reason });
    }
    let node = parser.query()?;
    if parser.at < parser.chars.len() {
        return Err(parser.error(parser.at, "`)` closes nothing; put it in quotes to search for it"));
    }
    Ok(node)
}

/// The text as one phrase, operators and quotes in it taken literally.
pub fn as_phrase(text: &str) -> Option<Node> {
    phrase(text).map(|pattern| Node::Leaf(Leaf { target: Target::Any, pattern }))
}

/// Whether a text has anything in it that is an operator rather than a word.
pub fn has_operators(text: &str) -> bool {
    let quoted = text.chars().any(|c| is_quote(c) || matches!(c, '(' | ')' | '（' | '）' | '*' | '＊'));
    let signed = text.split_whitespace().any(|w| {
        matches!(w, "OR" | "AND" | "NOT" | "||" | "&&")
            || w.len() > 1 && w.starts_with(['+', '-', '＋', '－'])
            || field_of(&w.chars().collect::<Vec<_>>()).is_some()
    });
    quoted || signed
}

struct Parser<'a> {
    text: &'a str,
    chars: Vec<char>,
    at: usize,
    depth: usize,
    clauses: usize,
}

fn is_quote(c: char) -> bool {
    matches!(c, '"' | '“' | '”' | '„' | '＂' | '「' | '」' | '『' | '』' | '«' | '»')
}

fn is_open(c: char) -> bool {
    matches!(c, '(' | '（')
}

fn is_close(c: char) -> bool {
    matches!(c, ')' | '）')
}

/// The field named at the head of these characters, and the length of name and colon.
fn field_of(chars: &[char]) -> Option<(String, usize)> {
    let length = chars.iter().take_while(|c| c.is_ascii_alphabetic() || **c == '_').count();
    let colon = matches!(chars.get(length), Some(':' | '：')) && length > 0;
    // `http://…`, `12:30` and a colon at the end of a word are no fields.
    let value = chars.get(length + 1).is_some_and(|c| !c.is_whitespace() && *c != '/');
    (colon && value).then(|| (chars[..length].iter().collect::<String>().to_lowercase(), length + 1))
}

impl Parser<'_> {
    fn error(&self, at: usize, reason: impl Into<String>) -> Error {
        Error::BadQuery { query: self.text.replace(['\n', '\r', '\t'], " "), at, reason: reason.into() }
    }

    fn blanks(&mut self) {
        while self.chars.get(self.at).is_some_and(|c| c.is_whitespace() || *c == '\u{3000}') {
            self.at += 1;
        }
    }

    /// Whether an operator stands here as a word of its own; goes past it.
    fn operator(&mut self, names: &[&str]) -> bool {
        for name in names {
            let end = self.at + name.len();
            let here = self.chars.get(self.at..end).is_some_and(|c| c.iter().collect::<String>() == **name);
            if here
                && self.chars.get(end).is_none_or(|c| c.is_whitespace() || is_open(*c) || is_close(*c) || is_quote(*c))
            {
                self.at = end;
                return true;
            }
        }
        false
    }

    fn count(&mut self, at: usize) -> Result<()> {
        self.clauses += 1;
        if self.clauses > CLAUSES_MAX {
            return Err(self.error(at, format!("the query has more than {CLAUSES_MAX} words and phrases")));
        }
        Ok(())
    }

    fn query(&mut self) -> Result<Option<Node>> {
        let mut group = Group::default();
        loop {
            self.blanks();
            let Some(c) = self.chars.get(self.at).copied() else { break };
            if is_close(c) {
                break;
            }
            let start = self.at;
            if self.operator(&["OR", "||", "AND", "&&"]) {
                return Err(
                    self.error(start, "an operator needs words on both sides; put it in quotes to search for it")
                );
            }
            let sign = match c {
                '+' | '＋' => '+',
                '-' | '－' | '−' | '–' => '-',
                '!' | '！'
                    if self
                        .chars
                        .get(self.at + 1)
                        .is_some_and(|n| n.is_alphanumeric() || is_open(*n) || is_quote(*n)) =>
                {
                    '-'
                }
                _ if self.operator(&["NOT"]) => 'N',
                _ => ' ',
            };
            if sign == '+' || sign == '-' {
                self.at += 1;
                // A sign between blanks is a dash of the text, not an operator.
                if self.chars.get(self.at).is_none_or(|c| c.is_whitespace()) {
                    continue;
                }
            }
            self.blanks();
            if sign == 'N' && self.chars.get(self.at).is_none_or(|c| is_close(*c)) {
                return Err(self.error(start, "`NOT` needs a word after it; put it in quotes to search for it"));
            }
            let Some(node) = self.any()? else { continue };
            match sign {
                '+' => group.must.push(node),
                '-' | 'N' => group.not.push(node),
                _ => group.should.push(node),
            }
        }
        Ok(simplify(group))
    }

    fn any(&mut self) -> Result<Option<Node>> {
        let mut nodes: Vec<Node> = self.all()?.into_iter().collect();
        let mut alternatives = false;
        loop {
            self.blanks();
            let start = self.at;
            if !self.operator(&["OR", "||"]) {
                break;
            }
            alternatives = true;
            self.blanks();
            if self.chars.get(self.at).is_none_or(|c| is_close(*c)) {
                return Err(self.error(start, "`OR` needs a word after it; put it in quotes to search for it"));
            }
            nodes.extend(self.all()?);
        }
        Ok(match nodes.len() {
            0 => None,
            1 if !alternatives => nodes.pop(),
            _ => Some(Node::Group(Group { should: nodes, ..Group::default() })),
        })
    }

    fn all(&mut self) -> Result<Option<Node>> {
        let mut group = Group::default();
        let mut count = 0;
        loop {
            self.blanks();
            let negated = count > 0 && (self.operator(&["NOT"]) || self.sign());
            self.blanks();
            let node = self.one(Target::Any)?;
            count += 1;
            match node {
                Some(node) if negated => group.not.push(node),
                Some(node) => group.must.push(node),
                None => {}
            }
            self.blanks();
            let start = self.at;
            if !self.operator(&["AND", "&&"]) {
                break;
            }
            self.blanks();
            if self.chars.get(self.at).is_none_or(|c| is_close(*c)) {
                return Err(self.error(start, "`AND` needs a word after it; put it in quotes to search for it"));
            }
        }
        Ok(if group.must.len() == 1 && group.not.is_empty() {
            group.must.pop()
        } else if group.must.is_empty() && group.not.is_empty() {
            None
        } else {
            Some(Node::Group(group))
        })
    }

    /// A `-` right before a word, after `AND`.
    fn sign(&mut self) -> bool {
        let is_sign = matches!(self.chars.get(self.at), Some('-' | '－'))
            && self.chars.get(self.at + 1).is_some_and(|c| !c.is_whitespace());
        self.at += usize::from(is_sign);
        is_sign
    }

    fn one(&mut self, target: Target) -> Result<Option<Node>> {
        let start = self.at;
        let Some(c) = self.chars.get(self.at).copied() else { return Ok(None) };
        if is_open(c) {
            return self.group(start, target);
        }
        if is_quote(c) {
            return self.quoted(start, target);
        }
        if let Some((name, length)) = field_of(&self.chars[self.at..]) {
            let target = match name.as_str() {
                "title" => Target::Title,
                "heading" => Target::Heading,
                _ => {
                    let reason = format!(
                        "there is no field `{name}`: use `title:` or `heading:`, filters such as --region, or quotes"
                    );
                    return Err(self.error(start, reason));
                }
            };
            self.at += length;
            return self.one(target);
        }
        self.word(target)
    }

    fn group(&mut self, start: usize, target: Target) -> Result<Option<Node>> {
        self.depth += 1;
        if self.depth > DEPTH_MAX {
            return Err(self.error(start, format!("groups are nested deeper than {DEPTH_MAX}")));
        }
        self.count(start)?;
        self.at += 1;
        let node = self.query()?;
        if !self.chars.get(self.at).is_some_and(|c| is_close(*c)) {
            return Err(self.error(start, "`(` is not closed; put it in quotes to search for it"));
        }
        self.at += 1;
        self.depth -= 1;
        Ok(node.map(|node| retarget(node, target)))
    }

    fn quoted(&mut self, start: usize, target: Target) -> Result<Option<Node>> {
        let open = self.chars[start];
        let closes = |c: char| match open {
            '“' | '„' | '”' => matches!(c, '”' | '“' | '"'),
            '「' => c == '」',
            '『' => c == '』',
            '«' | '»' => matches!(c, '«' | '»'),
            _ => matches!(c, '"' | '＂' | '”'),
        };
        let Some(length) = self.chars[start + 1..].iter().position(|c| closes(*c)) else {
            return Err(self.error(start, "the quote is not closed"));
        };
        let text: String = self.chars[start + 1..start + 1 + length].iter().collect();
        self.at = start + length + 2;
        if let Some(c @ ('~' | '*' | '^')) = self.chars.get(self.at).copied() {
            return Err(self.error(self.at, format!("`{c}` after a phrase is not understood")));
        }
        self.count(start)?;
        Ok(phrase(&text).map(|pattern| Node::Leaf(Leaf { target, pattern })))
    }

    fn word(&mut self, target: Target) -> Result<Option<Node>> {
        let start = self.at;
        let ends =
            |c: char| c.is_whitespace() || c == '\u{3000}' || is_open(c) || is_close(c) || is_quote(c) && c != '\'';
        while self.chars.get(self.at).is_some_and(|c| !ends(*c)) {
            self.at += 1;
        }
        if self.at == start {
            // Something that neither opens, closes nor begins a word: a stray closing quote.
            self.at += 1;
            return Ok(None);
        }
        self.count(start)?;
        let word: String = self.chars[start..self.at].iter().collect();
        let leaf = |pattern| Some(Node::Leaf(Leaf { target, pattern }));
        if let Some(stars) = word.find(['*', '＊']) {
            let (head, tail) = word.split_at(stars);
            if !tail.chars().all(|c| matches!(c, '*' | '＊')) {
                let at = start + head.chars().count();
                return Err(self.error(at, "`*` can only stand at the end of a word"));
            }
            return match prefix(head) {
                Some(pattern) => Ok(leaf(pattern)),
                None if head.is_empty() => Err(self.error(start, "`*` needs the beginning of a word before it")),
                None => Err(self.error(start, "`*` can only follow one word, without a hyphen or apostrophe in it")),
            };
        }
        if word.starts_with(['~', '^']) || word.len() > 1 && word.contains('~') && !word.contains('/') {
            let at = start + word.chars().position(|c| matches!(c, '~' | '^')).unwrap_or(0);
            return Err(self.error(at, "`~` and `^` are not understood; put the word in quotes to search for it"));
        }
        Ok(plain(&word).and_then(leaf))
    }
}

/// A group of one is that one.
fn simplify(mut group: Group) -> Option<Node> {
    match (group.must.len(), group.should.len(), group.not.len()) {
        (0, 0, 0) => None,
        (0, 1, 0) => group.should.pop(),
        (1, 0, 0) => group.must.pop(),
        _ => {
            group.near = group.should.len() > 1;
            Some(Node::Group(group))
        }
    }
}

/// Leaves of a group after `title:` look there.
fn retarget(node: Node, target: Target) -> Node {
    match node {
        Node::Leaf(leaf) if leaf.target == Target::Any => Node::Leaf(Leaf { target, ..leaf }),
        Node::Leaf(leaf) => Node::Leaf(leaf),
        Node::Group(group) => {
            let each = |nodes: Vec<Node>| nodes.into_iter().map(|n| retarget(n, target)).collect();
            Node::Group(Group {
                must: each(group.must),
                should: each(group.should),
                not: each(group.not),
                near: group.near,
            })
        }
    }
}

/// The terms of a text that must follow one another: words, pairs of ideographs, and single ones that have no neighbour.
fn terms(text: &str) -> Vec<(usize, String)> {
    let tokens = analysis::analyse(text);
    let paired: Vec<usize> =
        tokens.iter().filter(|t| t.kind == TokenKind::Pair).flat_map(|t| [t.position, t.position + 1]).collect();
    tokens
        .iter()
        .filter(|t| match t.kind {
            TokenKind::Word | TokenKind::Pair => true,
            TokenKind::Single => !paired.contains(&t.position),
            TokenKind::Form => false,
        })
        .map(|t| (t.position, tokens.form(t).to_string()))
        .collect()
}

fn phrase(text: &str) -> Option<Pattern> {
    let mut terms = terms(text);
    let first = terms.first()?.0;
    for (position, _) in &mut terms {
        *position -= first;
    }
    Some(if terms.len() == 1 { Pattern::Term(terms.remove(0).1) } else { Pattern::Phrase(terms) })
}

/// An unquoted word: what punctuation parts in it must follow one another, but a long run of
/// ideographs is a sentence whose words the author left unparted.
fn plain(word: &str) -> Option<Pattern> {
    let ideographs = word.chars().filter(|c| analysis::is_ideograph(*c)).count();
    match phrase(word)? {
        Pattern::Phrase(terms) if ideographs > TERM_IDEOGRAPHS_MAX => Some(Pattern::Run(terms)),
        pattern => Some(pattern),
    }
}

/// The beginning of a word: for ideographs, the same as the characters alone.
fn prefix(head: &str) -> Option<Pattern> {
    let tokens = analysis::analyse(head);
    if tokens.iter().any(|t| t.kind == TokenKind::Single) {
        return plain(head);
    }
    let mut written = tokens.iter().filter(|t| t.kind == TokenKind::Word).collect::<Vec<_>>();
    let only = written.pop().filter(|_| written.is_empty())?;
    let form = tokens.iter().find(|t| t.kind == TokenKind::Form).unwrap_or(only);
    Some(Pattern::Prefix(tokens.form(form).to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn show(node: &Node) -> String {
        match node {
            Node::Leaf(leaf) => {
                let field = match leaf.target {
                    Target::Any => "",
                    Target::Title => "title:",
                    Target::Heading => "heading:",
                };
                let list = |terms: &[(usize, String)]| {
                    terms.iter().map(|(p, t)| format!("{t}@{p}")).collect::<Vec<_>>().join(" ")
                };
                field.to_string()
                    + &match &leaf.pattern {
                        Pattern::Term(term) => term.clone(),
                        Pattern::Phrase(terms) => format!("\"{}\"", list(terms)),
                        Pattern::Prefix(prefix) => format!("{prefix}*"),
                        Pattern::Run(terms) => format!("<{}>", list(terms)),
                    }
            }
            Node::Group(group) => {
                let each =
                    |sign: &str, nodes: &[Node]| nodes.iter().map(|n| format!("{sign}{}", show(n))).collect::<Vec<_>>();
                format!(
                    "({})",
                    [each("+", &group.must), each("", &group.should), each("-", &group.not)].concat().join(" ")
                )
            }
        }
    }

    #[track_caller]
    fn check(query: &str, expected: &str) {
        let node = parse(query).unwrap_or_else(|e| panic!("{query}: {e}"));
        assert_eq!(node.as_ref().map(show).unwrap_or_default(), expected, "{query}");
    }

    #[track_caller]
    fn check_error(query: &str, at: usize) {
        match parse(query) {
            Err(Error::BadQuery { at: found, .. }) => assert_eq!(found, at, "{query}"),
            other => panic!("{query} gave {other:?}"),
        }
    }

    #[test]
    fn words_phrases_signs_and_operators() {
        check("dry port", "(dri port)");
        check("\"dry ports\"", "\"dri@0 port@1\"");
        check("“dry port”", "\"dri@0 port@1\"");
        check("+dry -port x", "(+dri x -port)");
        check("a OR b", "(a b)");
        check("a AND b OR c", "((+a +b) c)");
        check("a AND NOT b", "(+a -b)");
        check("(a) AND (NOT b)", "(+a +(-b))");
        check("a (b c)", "(a (b c))");
        check("NOT a", "(-a)");
        check("port*", "port*");
        check("ports*", "ports*");
        check("title:port x", "(title:port x)");
        check("title:(dry port)", "(title:dri title:port)");
        check("title:\"dry port\"", "title:\"dri@0 port@1\"");
        check("China-Europe", "\"china@0 europ@1\"");
        check("COVID-19 R&D U.S.", "(\"covid@0 19@1\" \"r@0 d@1\" \"u@0 s@1\")");
        check("government's", "govern");
        check("a - b", "(a b)");
        check("http://a.b/c", "\"http@0 a@1 b@2 c@3\"");
        check("and or not", "(and or not)");
        check("", "");
        check("…  ！", "");
        check("\"\" ()", "");
    }

    #[test]
    fn ideographs_are_pairs_in_order() {
        check("陆港", "陆港");
        check("无水港", "\"无水@0 水港@1\"");
        check("無水港", "\"无水@0 水港@1\"");
        check("港", "港");
        check("陆港*", "陆港");
        check("新疆陆港建设", "<新疆@0 疆陆@1 陆港@2 港建@3 建设@4>");
        check("GDP增长", "\"gdp@0 增长@1\"");
        check("（陆港　铁路）", "(陆港 铁路)");
    }

    #[test]
    fn mistakes_are_pointed_at() {
        check_error("(a", 0);
        check_error("a)", 1);
        check_error("x \"open", 2);
        check_error("a OR", 2);
        check_error("OR a", 0);
        check_error("a AND", 2);
        check_error("a NOT", 2);
        check_error("a*b", 1);
        check_error("*", 0);
        check_error("health:x", 0);
        check_error("x fuzzy~1", 7);
        check_error("\"a b\"~3", 5);
        check_error(&"(".repeat(1000), 32);
        check_error(&"a ".repeat(1000), 512);
        check_error(&"a".repeat(5000), 60);
    }

    #[test]
    fn operators_are_seen_in_an_argument() {
        for text in ["a OR b", "\"a b\"", "+a b", "a -b", "a b*", "(a b)", "title:a b", "“a b”"] {
            assert!(has_operators(text), "{text}");
        }
        for text in ["dry port", "Belt and Road", "China-Europe train", "at 12:30 today", "a - b"] {
            assert!(!has_operators(text), "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_understood_or_refused(text in "\\PC{0,60}|[a(\")*+: ~NOT新陆-]{0,60}") {
            match parse(&text) {
                Ok(_) => {}
                Err(Error::BadQuery { at, reason, .. }) => {
                    assert!(at <= text.chars().count());
                    assert!(!reason.contains('\n'));
                }
                Err(other) => panic!("{other}"),
            }
        }
    }
}
