//! Fields of a query and their values: `title:port`, `region:(Xinjiang OR Gansu)`.

use super::super::lexis::{is_close, is_open, is_quote};
use super::super::{Node, Target};
use super::{FILTER_FIELDS, Item, Parser};
use crate::error::Result;

impl Parser<'_> {
    pub(super) fn field(&mut self, name: &str, start: usize) -> Result<Option<Item>> {
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
}
