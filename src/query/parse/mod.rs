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
//! text  := anything; '*' beside the letters of a word is any letters there too
//! ```
//!
//! Curly and full-width quotes, brackets, signs and colons count as the plain ones, but where they
//! are not paired, as in a piece of a page, they are part of the text. Operators are written in
//! capitals, or as `&&`, `||`.

mod field;
mod quoted;
mod word;

use super::lexis::{field_of, is_close, is_open, is_quote, near_operator, regex_of, unpaired};
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
/// Of them, those that can begin with any letter: for each, every word of the index has to be looked at.
const HEADLESS_MAX: usize = 4;
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
    let mut parser =
        Parser { text, chars, literal, at: 0, depth: 0, clauses: 0, wild: 0, headless: 0, excluded: 0, meaning };
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
    headless: usize,
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
                '-' | '－' => '-',
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
            if excluded {
                match self.exclusion(target)? {
                    // What an operator follows is but the first of several: `NOT a OR b`.
                    Some(node) if self.chained() => {
                        let first = self.all_of(Some(Item::Node(but(node))), target)?;
                        if let Some(Item::Node(node)) = self.any_of(first, target)? {
                            group.should.push(node);
                        }
                    }
                    node => group.not.extend(node),
                }
                continue;
            }
            let item = self.any(target)?;
            match (sign, item) {
                (_, None) => {}
                (' ', Some(Item::Plain(word))) => plain.push(word),
                (' ', Some(Item::Node(node))) => group.should.push(node),
                (sign, Some(item)) => {
                    debug_assert_eq!(sign, '+');
                    group.must.extend(self.node(item, target));
                }
            }
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

    /// Whether a binary operator stands here.
    fn chained(&mut self) -> bool {
        self.blanks();
        let at = self.at;
        let is_operator = self.operator(&["OR", "||", "AND", "&&"]);
        self.at = at;
        is_operator
    }

    /// What a `NOT` or a sign that is behind us excludes.
    fn exclusion(&mut self, target: Target) -> Result<Option<Node>> {
        self.excluded += 1;
        let item = self.close(target)?;
        let node = item.and_then(|item| self.node(item, target));
        self.excluded -= 1;
        Ok(node)
    }

    /// One side of a binary operator, which can be negated.
    fn side(&mut self, target: Target) -> Result<Option<Item>> {
        let at = self.at;
        if !(self.operator(&["NOT"]) || self.sign()) {
            return self.close(target);
        }
        self.operand(at, "NOT")?;
        Ok(self.exclusion(target)?.map(|node| Item::Node(but(node))))
    }

    fn any(&mut self, target: Target) -> Result<Option<Item>> {
        let first = self.all(target)?;
        self.any_of(first, target)
    }

    fn any_of(&mut self, first: Option<Item>, target: Target) -> Result<Option<Item>> {
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
        let first = self.side(target)?;
        self.all_of(first, target)
    }

    fn all_of(&mut self, first: Option<Item>, target: Target) -> Result<Option<Item>> {
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
            if negated {
                group.not.extend(self.exclusion(target)?);
            } else if let Some(item) = self.close(target)? {
                group.must.extend(self.node(item, target));
            }
            self.blanks();
            start = self.at;
            if !self.operator(&["AND", "&&"]) {
                return Ok(simplify(group).map(Item::Node));
            }
        }
    }

    /// A `-` right before a word, after a binary operator.
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

    /// What was read from a place up to here.
    fn leaf(&self, from: usize, target: Target, pattern: Pattern) -> Item {
        let typed: String = self.chars[from..self.at].iter().collect();
        Item::Node(Node::Leaf(Leaf::typed(target, pattern, typed.trim())))
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
        // A run of ideographs stands in a row where it has to stand near something.
        Node::Group(Group { run: Some(run), should, .. }) => match should.into_iter().next()? {
            Node::Leaf(leaf) => Some((leaf.target, Pattern::Phrase(run))),
            _ => None,
        },
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

/// All but this.
fn but(node: Node) -> Node {
    Node::Group(Group { not: vec![node], ..Group::default() })
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
mod tests;
