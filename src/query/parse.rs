//! The query language: its grammar.
//!
//! ```text
//! query := item+                          any may miss, near ones rank higher
//! item  := ('+' | '-' | 'NOT')? any       + must be there, - must not
//! any   := all ('OR' all)*
//! all   := close ('AND' 'NOT'? close)*
//! close := one ('NEAR/' number one)*
//! one   := '(' query ')' | field ':' value | '='? '"' text '"' ('~' number | '->' number)? | '/' regex '/' | '='? word
//! word  := letters with '*' for any of them and '?' for one, or '~' (and 1 or 2) at its end
//! ```
//!
//! Curly and full-width quotes, brackets, signs and colons count as the plain ones, but where they
//! are not paired, as in a piece of a page, they are part of the text. Operators are written in
//! capitals, or as `&&`, `||`.

use super::lexis::{
    closes_quote, field_of, folded, fuzzy_of, is_close, is_open, is_quote, near_operator, regex_of, unpaired,
};
use super::{Filters, Group, Leaf, Node, Pattern, Target, WildKind, words};
use crate::error::{Error, Result};

/// Longest query, in characters.
const CHARS_MAX: usize = 4_000;
/// Deepest nesting of groups.
const DEPTH_MAX: usize = 32;
/// Most words, phrases and groups.
const CLAUSES_MAX: usize = 256;
/// Most words that stand for others: each is looked up in every word of the index.
const WILD_MAX: usize = 16;
/// Widest window, in words.
const WINDOW_MAX: u32 = 1_000;
/// Most windows that lie in one another.
const NEAR_DEPTH_MAX: usize = 3;

/// What the grammar leaves open: what words and values mean.
pub trait Meaning {
    /// The nodes of unquoted words that stand side by side, and whether each is a word that any
    /// text has and that need not be looked for beside others.
    fn words(&mut self, words: &[String], target: Target, stand: Stand) -> Vec<(Node, bool)>;
    /// The node of a quoted text; `pattern` is what it says.
    fn quoted(&mut self, text: &str, leaf: Leaf) -> Node;
    /// What the values of a field keep; the reason, for a reader, if one means nothing.
    fn filter(&mut self, field: &str, values: &[String]) -> std::result::Result<Filters, String>;
}

/// How words stand in a query.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stand {
    /// In the query itself.
    Whole,
    /// In a group or beside an operator.
    Part,
    /// They are to be excluded.
    Excluded,
}

/// The fields that can be named in a query, but for `title` and `heading`.
pub const FILTER_FIELDS: &[&str] = &["region", "topic", "year", "kind", "lang", "source", "path"];

/// Parses a query. `None` when it holds nothing to look for.
/// Errors: [`Error::BadQuery`] with the place and the reason.
pub fn parse(text: &str, meaning: &mut dyn Meaning) -> Result<Option<Node>> {
    let chars: Vec<char> = text.chars().collect();
    let literal = unpaired(&chars);
    let mut parser = Parser { text, chars, literal, at: 0, depth: 0, clauses: 0, wild: 0, excluded: 0, meaning };
    if parser.chars.len() > CHARS_MAX {
        let shown: String = parser.chars.iter().take(60).chain(&['…']).collect();
        let reason = format!("the query has {} characters, more than the limit of {CHARS_MAX}", parser.chars.len());
        return Err(Error::BadQuery { query: shown, at: 60, reason });
    }
    let node = parser.query(Target::Any)?;
    if parser.at < parser.chars.len() {
        return Err(parser.error(parser.at, "`)` closes nothing; put it in quotes to search for it"));
    }
    Ok(node)
}

struct Parser<'a> {
    text: &'a str,
    chars: Vec<char>,
    /// Quotes and brackets of pages that have no partner.
    literal: Vec<bool>,
    at: usize,
    depth: usize,
    clauses: usize,
    wild: usize,
    /// Excluded groups around the place.
    excluded: usize,
    meaning: &'a mut dyn Meaning,
}

/// What stands at a place of a query.
enum Item {
    /// An unquoted word, for which its neighbours matter.
    Plain(String),
    Node(Node),
}

impl Parser<'_> {
    fn error(&self, at: usize, reason: impl Into<String>) -> Error {
        Error::BadQuery { query: self.text.replace(['\n', '\r', '\t'], " "), at, reason: reason.into() }
    }

    fn here(&self) -> Option<char> {
        self.chars.get(self.at).copied()
    }

    /// Whether the character at a place is one of these, and no mere part of the text.
    fn is(&self, at: usize, test: fn(char) -> bool) -> bool {
        self.chars.get(at).is_some_and(|c| test(*c)) && !self.literal[at]
    }

    fn blanks(&mut self) {
        while self.here().is_some_and(char::is_whitespace) {
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

    /// After a binary operator: something has to follow.
    fn operand(&mut self, start: usize, name: &str) -> Result<()> {
        self.blanks();
        if self.at >= self.chars.len() || self.is(self.at, is_close) {
            return Err(self.error(start, format!("`{name}` needs a word after it; put it in quotes to search for it")));
        }
        Ok(())
    }

    fn count(&mut self, at: usize) -> Result<()> {
        self.clauses += 1;
        if self.clauses > CLAUSES_MAX {
            return Err(self.error(at, format!("the query has more than {CLAUSES_MAX} words and phrases")));
        }
        Ok(())
    }

    fn query(&mut self, target: Target) -> Result<Option<Node>> {
        let mut group = Group::default();
        let mut plain: Vec<String> = Vec::new();
        loop {
            self.blanks();
            let Some(c) = self.here() else { break };
            if self.is(self.at, is_close) {
                break;
            }
            let start = self.at;
            if self.operator(&["OR", "||", "AND", "&&"]) || near_operator(&self.chars[start..]).is_some() {
                return Err(
                    self.error(start, "an operator needs words on both sides; put it in quotes to search for it")
                );
            }
            let next = self.chars.get(start + 1).copied();
            let sign = match c {
                '+' | '＋' => '+',
                '-' | '－' | '−' | '–' => '-',
                '!' | '！' if next.is_some_and(|n| n.is_alphanumeric() || is_open(n) || is_quote(n)) => '-',
                _ if self.operator(&["NOT"]) => 'N',
                _ => ' ',
            };
            if sign == '+' || sign == '-' {
                self.at += 1;
                // A sign between blanks is a dash of the text, not an operator.
                if self.here().is_none_or(char::is_whitespace) {
                    continue;
                }
            }
            self.blanks();
            if sign == 'N' {
                self.operand(start, "NOT")?;
            }
            let excluded = matches!(sign, '-' | 'N');
            self.excluded += usize::from(excluded);
            let item = self.any(target)?;
            match (sign, item) {
                (_, None) => {}
                (' ', Some(Item::Plain(word))) => plain.push(word),
                (' ', Some(Item::Node(node))) => group.should.push(node),
                (sign, Some(item)) => {
                    let node = self.node(item, target);
                    match sign {
                        '+' => group.must.extend(node),
                        _ => group.not.extend(node),
                    }
                }
            }
            self.excluded -= usize::from(excluded);
        }
        let words = self.meaning.words(&plain, target, self.stand(self.depth == 0));
        let others = !group.must.is_empty() || !group.should.is_empty() || words.iter().any(|(_, common)| !common);
        let words = words.into_iter().filter(|(_, common)| !(*common && others)).map(|(node, _)| node);
        group.should.splice(0..0, words);
        Ok(simplify(group))
    }

    /// How unquoted words stand here.
    fn stand(&self, alone: bool) -> Stand {
        match self.excluded {
            0 if alone => Stand::Whole,
            0 => Stand::Part,
            _ => Stand::Excluded,
        }
    }

    /// A single item as a node.
    fn node(&mut self, item: Item, target: Target) -> Option<Node> {
        match item {
            Item::Node(node) => Some(node),
            Item::Plain(word) => {
                let nodes = self.meaning.words(&[word], target, self.stand(false));
                simplify(Group { should: nodes.into_iter().map(|(node, _)| node).collect(), ..Group::default() })
            }
        }
    }

    fn any(&mut self, target: Target) -> Result<Option<Item>> {
        let first = self.all(target)?;
        self.blanks();
        let mut start = self.at;
        if !self.operator(&["OR", "||"]) {
            return Ok(first);
        }
        let mut should: Vec<Node> = first.and_then(|item| self.node(item, target)).into_iter().collect();
        loop {
            self.operand(start, "OR")?;
            if let Some(item) = self.all(target)? {
                should.extend(self.node(item, target));
            }
            self.blanks();
            start = self.at;
            if !self.operator(&["OR", "||"]) {
                return Ok(alternatives(should).map(Item::Node));
            }
        }
    }

    fn all(&mut self, target: Target) -> Result<Option<Item>> {
        let first = self.close(target)?;
        self.blanks();
        let mut start = self.at;
        if !self.operator(&["AND", "&&"]) {
            return Ok(first);
        }
        let mut group =
            Group { must: first.and_then(|item| self.node(item, target)).into_iter().collect(), ..Group::default() };
        loop {
            self.operand(start, "AND")?;
            let at = self.at;
            let negated = self.operator(&["NOT"]) || self.sign();
            if negated {
                self.operand(at, "NOT")?;
            }
            self.excluded += usize::from(negated);
            let item = self.close(target)?;
            let node = item.and_then(|item| self.node(item, target));
            self.excluded -= usize::from(negated);
            match negated {
                true => group.not.extend(node),
                false => group.must.extend(node),
            }
            self.blanks();
            start = self.at;
            if !self.operator(&["AND", "&&"]) {
                return Ok(simplify(group).map(Item::Node));
            }
        }
    }

    /// A `-` right before a word, after `AND`.
    fn sign(&mut self) -> bool {
        let is_sign =
            matches!(self.here(), Some('-' | '－')) && self.chars.get(self.at + 1).is_some_and(|c| !c.is_whitespace());
        self.at += usize::from(is_sign);
        is_sign
    }

    /// Things near one another.
    fn close(&mut self, target: Target) -> Result<Option<Item>> {
        let begun = self.at;
        let mut item = self.one(target)?;
        loop {
            self.blanks();
            let start = self.at;
            let Some((window, length)) = near_operator(&self.chars[start..]) else { return Ok(item) };
            self.at += length;
            let window = self.window(window.ok(), start)?;
            self.operand(start, "NEAR")?;
            let at = self.at;
            let second = self.one(target)?;
            let sides = [(begun, item), (at, second)];
            let mut parts = Vec::with_capacity(2);
            let mut targets = Vec::with_capacity(2);
            for (at, side) in sides {
                let side = side.and_then(|s| self.node(s, target));
                let Some((target, part)) = side.and_then(as_pattern) else {
                    let reason = "`NEAR` needs a word, a phrase or (words OR phrases) of one field on both sides";
                    return Err(self.error(at, reason));
                };
                parts.push(part);
                targets.push(target);
            }
            if targets[0] != targets[1] {
                return Err(self.error(start, "`NEAR` needs both sides in one field"));
            }
            let pattern = words::window_of(parts, window, false);
            if depth(&pattern) > NEAR_DEPTH_MAX {
                return Err(self.error(start, format!("more than {NEAR_DEPTH_MAX} windows lie in one another")));
            }
            item = Some(self.leaf(begun, targets[0], pattern));
        }
    }

    fn window(&self, given: Option<u32>, at: usize) -> Result<u32> {
        match given {
            Some(window @ 1..=WINDOW_MAX) => Ok(window),
            _ => {
                Err(self
                    .error(at, format!("a window is 1 to {WINDOW_MAX} words wide, as in `a NEAR/5 b` or `\"a b\"~5`")))
            }
        }
    }

    fn one(&mut self, target: Target) -> Result<Option<Item>> {
        let start = self.at;
        let Some(c) = self.here() else { return Ok(None) };
        if self.is(start, is_open) {
            return self.group(start, target);
        }
        let exact =
            matches!(c, '=' | '＝') && self.chars.get(start + 1).is_some_and(|c| c.is_alphanumeric() || is_quote(*c));
        if exact {
            self.at += 1;
        }
        if self.is(self.at, is_quote) {
            return self.quoted(target, exact);
        }
        if exact {
            return self.word(target, true);
        }
        if let Some((regex, length)) = regex_of(&self.chars[start..]) {
            self.at += length;
            self.count(start)?;
            return self.like(start, &format!("/{regex}/"), WildKind::Regex(regex), target).map(Some);
        }
        if let Some((name, length)) = field_of(&self.chars[start..]) {
            self.at += length;
            return self.field(&name, start);
        }
        self.word(target, false)
    }

    fn field(&mut self, name: &str, start: usize) -> Result<Option<Item>> {
        let target = match name {
            "title" => Some(Target::Title),
            "heading" => Some(Target::Heading),
            _ => None,
        };
        if let Some(target) = target {
            let item = self.one(target)?;
            return Ok(item.and_then(|item| self.node(item, target)).map(Item::Node));
        }
        let name = if name == "language" { "lang" } else { name };
        if !FILTER_FIELDS.contains(&name) {
            let all = ["title", "heading"].iter().chain(FILTER_FIELDS);
            let near = all.max_by(|a, b| strsim::jaro_winkler(a, name).total_cmp(&strsim::jaro_winkler(b, name)));
            let near = near.filter(|n| strsim::jaro_winkler(n, name) > 0.8);
            let hint = near.map_or_else(
                || format!("fields are title, heading, {}", FILTER_FIELDS.join(", ")),
                |n| format!("did you mean `{n}:`?"),
            );
            return Err(self.error(start, format!("there is no field `{name}`: {hint} (or put it in quotes)")));
        }
        self.count(start)?;
        let at = self.at;
        let values = self.values()?;
        let filters = self.meaning.filter(name, &values).map_err(|reason| self.error(at, reason))?;
        Ok(Some(Item::Node(Node::Filter(Box::new(filters)))))
    }

    /// The value of a field, or several in brackets.
    fn values(&mut self) -> Result<Vec<String>> {
        let start = self.at;
        if !self.is(start, is_open) {
            return Ok(vec![self.value()?]);
        }
        self.at += 1;
        let mut out = Vec::new();
        loop {
            self.blanks();
            while self.operator(&["OR", "||"]) {
                self.blanks();
            }
            match self.here() {
                None => return Err(self.error(start, "`(` is not closed")),
                Some(_) if self.is(self.at, is_close) => {
                    self.at += 1;
                    return Ok(out);
                }
                Some(_) => out.push(self.value()?),
            }
        }
    }

    fn value(&mut self) -> Result<String> {
        let start = self.at;
        if self.is(start, is_quote) {
            return self.inside_quotes();
        }
        while self.here().is_some_and(|c| !c.is_whitespace()) && !self.is(self.at, is_close) {
            self.at += 1;
        }
        if self.at == start {
            return Err(self.error(start, "a value is missing"));
        }
        Ok(self.chars[start..self.at].iter().collect())
    }

    fn group(&mut self, start: usize, target: Target) -> Result<Option<Item>> {
        self.depth += 1;
        if self.depth > DEPTH_MAX {
            return Err(self.error(start, format!("groups are nested deeper than {DEPTH_MAX}")));
        }
        self.count(start)?;
        self.at += 1;
        let node = self.query(target)?;
        if !self.is(self.at, is_close) {
            return Err(self.error(start, "`(` is not closed; put it in quotes to search for it"));
        }
        self.at += 1;
        self.depth -= 1;
        Ok(node.map(Item::Node))
    }

    /// What is between quotes; goes past them.
    fn inside_quotes(&mut self) -> Result<String> {
        let start = self.at;
        let open = self.chars[start];
        let Some(length) = self.chars[start + 1..].iter().position(|c| closes_quote(open, *c)) else {
            return Err(self.error(start, "the quote is not closed"));
        };
        self.at = start + length + 2;
        Ok(self.chars[start + 1..start + 1 + length].iter().collect())
    }

    fn quoted(&mut self, target: Target, exact: bool) -> Result<Option<Item>> {
        let start = self.at;
        let text = self.inside_quotes()?;
        self.count(start)?;
        let suffix = self.at;
        let ordered = self.chars[suffix..].starts_with(&['-', '>']);
        if ordered || matches!(self.here(), Some('~' | '～')) {
            self.at += if ordered { 2 } else { 1 };
            let digits: String = self.chars[self.at..].iter().take_while(|c| c.is_ascii_digit()).collect();
            self.at += digits.len();
            let window = self.window(digits.parse().ok(), suffix)?;
            let pattern = words::near(&text, window, ordered, exact);
            return Ok(pattern.map(|p| self.leaf(start, target, p)));
        }
        if let Some(c @ ('*' | '^')) = self.here() {
            return Err(self.error(suffix, format!("`{c}` after a phrase is not understood")));
        }
        let pattern = words::phrase(&text, exact);
        let Some(pattern) = pattern else { return Ok(None) };
        Ok(Some(match self.leaf(start - usize::from(exact), target, pattern) {
            Item::Node(Node::Leaf(leaf)) => {
                let leaf = Leaf { quoted: true, ..leaf };
                Item::Node(if exact { Node::Leaf(leaf) } else { self.meaning.quoted(&text, leaf) })
            }
            item => item,
        }))
    }

    fn word(&mut self, target: Target, exact: bool) -> Result<Option<Item>> {
        let start = self.at;
        while self.here().is_some_and(|c| !c.is_whitespace())
            && !self.is(self.at, |c| is_open(c) || is_close(c) || is_quote(c))
        {
            self.at += 1;
        }
        if self.at == start {
            // Something that neither opens, closes nor begins a word.
            self.at += 1;
            return Ok(None);
        }
        self.count(start)?;
        let word: String = self.chars[start..self.at].iter().collect();
        if exact {
            return Ok(words::phrase(&word, true).map(|p| self.leaf(start - 1, target, p)));
        }
        let word = word.replace('＊', "*");
        if let Some((head, edits)) = fuzzy_of(&word) {
            let Some(form) = words::one_word(head) else {
                return Err(
                    self.error(start, "`~` can only follow one word of letters, without a hyphen or apostrophe in it")
                );
            };
            return self.like(start, &word, WildKind::Fuzzy(form, edits), target).map(Some);
        }
        // `10~20` is a range of the text; `word~3` asks for what there is not.
        if let Some((head, edits)) = word.split_once('~')
            && edits.parse::<u32>().is_ok()
            && words::one_word(head).is_some_and(|form| form.chars().any(char::is_alphabetic))
        {
            let at = start + head.chars().count();
            return Err(self.error(at, "a word can have `~`, `~1` or `~2` at its end: so many letters may differ"));
        }
        self.wildcards(start, word, target)
    }

    /// A word with `*` or `?` in it. A question mark at its end is that of a question.
    fn wildcards(&mut self, start: usize, word: String, target: Target) -> Result<Option<Item>> {
        let asked = word.trim_end_matches(['?', '？']);
        if !word.contains('*') {
            let letters = asked.replace('?', "");
            if !asked.contains('?') || words::one_word(&letters).is_none() {
                let gapped = asked.contains(['?', '？']).then(|| words::gapped(asked)).flatten();
                return Ok(Some(match gapped {
                    Some(pattern) => self.leaf(start, target, pattern),
                    None => Item::Plain(word),
                }));
            }
            let glob = folded(asked);
            return self.like(start, asked, WildKind::Wildcard(glob), target).map(Some);
        }
        let (head, stars) = word.split_at(word.find('*').unwrap_or(0));
        let only_at_end = stars.bytes().all(|b| b == b'*');
        let letters: String = word.chars().filter(|c| !matches!(c, '*' | '?')).collect();
        if letters.is_empty() {
            return Err(self.error(start, "`*` needs some letters of a word"));
        }
        if only_at_end && head.chars().any(crate::analysis::is_ideograph) {
            return Ok(Some(Item::Plain(head.to_string())));
        }
        let Some(form) = words::one_word(&letters) else {
            let reason = "`*` can only stand in one word of letters, without a hyphen or apostrophe in it";
            return Err(self.error(start, reason));
        };
        let kind = match only_at_end && !head.contains('?') {
            true => WildKind::Prefix(form),
            false => WildKind::Wildcard(folded(&word)),
        };
        self.like(start, &word, kind, target).map(Some)
    }

    /// What was read from a place up to here.
    fn leaf(&self, from: usize, target: Target, pattern: Pattern) -> Item {
        let typed: String = self.chars[from..self.at].iter().collect();
        Item::Node(Node::Leaf(Leaf::typed(target, pattern, typed.trim())))
    }

    fn like(&mut self, at: usize, typed: &str, kind: WildKind, target: Target) -> Result<Item> {
        self.wild += 1;
        if self.wild > WILD_MAX {
            return Err(self.error(at, format!("the query has more than {WILD_MAX} words with `*`, `?`, `~` or `/…/`")));
        }
        if let WildKind::Regex(regex) = &kind
            && let Err(error) = super::wild::compile_regex(regex)
        {
            return Err(self.error(at, error));
        }
        Ok(self.leaf(at, target, words::like(typed, kind)))
    }
}

/// How many windows lie in one another.
fn depth(pattern: &Pattern) -> usize {
    match pattern {
        Pattern::Phrase(_) => 0,
        Pattern::Any(list) => list.iter().map(depth).max().unwrap_or(0),
        Pattern::Near(near) => 1 + near.parts.iter().map(depth).max().unwrap_or(0),
    }
}

/// A node that can stand near another: a leaf, or leaves of one field of which any will do.
fn as_pattern(node: Node) -> Option<(Target, Pattern)> {
    match node {
        Node::Leaf(leaf) => Some((leaf.target, leaf.pattern)),
        Node::Group(group) if group.must.is_empty() && group.not.is_empty() => {
            let all: Option<Vec<(Target, Pattern)>> = group.should.into_iter().map(as_pattern).collect();
            let all = all?;
            let target = all.first()?.0;
            all.iter()
                .all(|(t, _)| *t == target)
                .then(|| (target, Pattern::Any(all.into_iter().map(|(_, p)| p).collect())))
        }
        _ => None,
    }
}

/// Any of these.
fn alternatives(mut should: Vec<Node>) -> Option<Node> {
    match should.len() {
        0 => None,
        1 => should.pop(),
        _ => Some(Node::Group(Group { should, ..Group::default() })),
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::query::meaning::{Lexical, Widening};
    use crate::vocab::Vocabulary;

    fn parsed(query: &str) -> Result<Option<Node>> {
        let plain = Widening { expand: false, also: None, places: false };
        parse(query, &mut Lexical::new(Vocabulary::builtin(), plain))
    }

    #[track_caller]
    fn check(query: &str, expected: &str) {
        let node = parsed(query).unwrap_or_else(|e| panic!("{query}: {e}"));
        assert_eq!(node.map(|n| format!("{n:#}")).unwrap_or_default(), expected, "{query}");
    }

    #[track_caller]
    fn check_error(query: &str, at: usize) {
        match parsed(query) {
            Err(Error::BadQuery { at: found, .. }) => assert_eq!(found, at, "{query}"),
            other => panic!("{query} gave {other:?}"),
        }
    }

    #[test]
    fn words_phrases_signs_and_operators() {
        check("dry port", "(dri port)");
        check("\"dry ports\"", "\"dri port\"");
        check("“dry port”", "\"dri port\"");
        check("+dry -port x", "(+dri x -port)");
        check("rail OR road", "(rail OR road)");
        check("rail AND road OR sea", "((+rail +road) OR sea)");
        check("rail AND NOT road", "(+rail -road)");
        check("(rail) AND (NOT road)", "(+rail +(-road))");
        check("rail (road sea)", "(rail (road sea))");
        check("NOT rail", "(-rail)");
        check("NOT (rail OR road)", "(-(rail OR road))");
        check("title:port rail", "(rail title:port)");
        check("title:(dry port)", "(title:dri title:port)");
        check("title:\"dry port\"", "title:\"dri port\"");
        check("", "");
        check("…  ！", "");
        check("\"\" ()", "");
    }

    #[test]
    fn what_is_typed_as_one_word_stays_together() {
        check("China-Europe", "\"china europ\"");
        check("COVID-19 R&D U.S.", "(\"covid 19\" \"r d\" \"u s\")");
        check("\"COVID-19\"", "\"covid 19\"");
        check("government's 2,000", "(govern 2000)");
        check("ＣＯＶＩＤ", "covid");
        check("rail - road", "(rail road)");
        check("http://a.b/c", "\"http a b c\"");
        check("10~20", "\"10 20\"");
        check("and/or", "\"and or\"");
    }

    #[test]
    fn common_words_are_left_out_beside_others() {
        check("the port of Urumqi", "(port urumqi)");
        check("the of", "(the of)");
        check("the \"dry port\"", "\"dri port\"");
        check("+the port", "(+the port)");
    }

    #[test]
    fn windows_in_any_order_or_as_written() {
        check("\"dry port\"~5", "[dri port]~5");
        check("\"dry port\"->5", "[dri port]->5");
        check("dry NEAR/5 port", "[dri port]~5");
        check("dry NEAR/1 port", "[dri port]~2");
        check("(rail OR road) NEAR/3 \"dry port\"", "[(rail OR road) \"dri port\"]~3");
        check("a1 NEAR/5 b1 NEAR/3 c1", "[[a1 b1]~5 c1]~3");
        check("a1 NEAR/5 b1 AND c1", "(+[a1 b1]~5 +c1)");
        check("port* NEAR/3 dry~", "[port* dry~]~3");
        check("title:(dry NEAR/2 port)", "[title:dri port]~2".replace("[title:dri", "title:[dri").as_str());
        check("\"COVID-19 cases\"~6", "[\"covid 19\" case]~6");
        check("NEAR KASHGAR", "(near kashgar)");
    }

    #[test]
    fn words_that_stand_for_others() {
        check("port*", "port*");
        check("Ports*", "Ports*");
        check("p?rt wom*n *port", "(p?rt wom*n *port)");
        check("what is a dry port?", "(dri port)");
        check("urumqi~ urumqi~1", "(urumqi~ urumqi~1)");
        check("/ports?/ /usr/lib", "(\"usr lib\" /ports?/)");
        check("=ports =\"Dry Ports\"", "(=ports \"=dry =ports\")");
        check("title:=ports", "title:=ports");
    }

    #[test]
    fn fields_keep_passages() {
        check("port year:2018..2020", "(port year:2018..2020)");
        check("region:Xinjiang", "region:650000");
        check("region:(Xinjiang OR \"Inner Mongolia\") port", "(port region:650000|150000)");
        check("NOT kind:news", "(-kind:news)");
        check("lang:zh path:reports/**", "(lang:zh path:reports/**)");
    }

    #[test]
    fn ideographs_are_pairs_in_order() {
        check("陆港", "陆港");
        check("无水港", "\"无水港\"");
        check("無水港", "\"无水港\"");
        check("港", "港");
        check("陆港*", "陆港");
        check("国?陆港", "\"国?陆港\"");
        check("GDP增长", "\"gdp增长\"");
        check("（陆港　铁路）", "(陆港 铁路)");
        check("建设（一期", "\"建设一期\"");
        check("“一带 一路", "(一带 一路)");
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
        check_error("a-b*", 0);
        check_error("*", 0);
        check_error("health:x", 0);
        check_error("x fuzzy~3", 7);
        check_error("陆港~1", 0);
        check_error("\"a b\"~", 5);
        check_error("\"a b\"~0", 5);
        check_error("a NEAR/9999 b", 2);
        check_error("a NEAR/5", 2);
        check_error("NEAR/5 a", 0);
        check_error("a NEAR/5 (b AND c)", 9);
        check_error("title:a NEAR/5 b", 8);
        check_error("year:20x", 5);
        check_error("region:Shanxii", 7);
        check_error("/(/", 0);
        check_error(&"(".repeat(1000), 32);
        check_error(&"a ".repeat(1000), 512);
        check_error(&"a".repeat(5000), 60);
        check_error(&"a* ".repeat(17), 48);
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_understood_or_refused(text in "\\PC{0,60}|[a1(\")*+: ~=>?/NEARNOT新陆“”（）-]{0,60}") {
            match parsed(&text) {
                Ok(node) => drop(node.map(|n| n.to_string())),
                Err(Error::BadQuery { at, reason, .. }) => {
                    assert!(at <= text.chars().count());
                    assert!(!reason.contains('\n'), "{reason}");
                }
                Err(other) => panic!("{other}"),
            }
        }
    }
}
