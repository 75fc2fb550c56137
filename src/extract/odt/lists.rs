//! Counts the items of lists and the headings of an OpenDocument text, which the file does not number.
//!
//! In: the beginnings and ends of lists and items in order. Out: the label of an item: `1.`, `a)`, `（一）`.

use super::styles::{LEVELS, ListStyle, Styles};
use crate::extract::numerals::Numerals;
use std::cmp::Ordering;
use std::collections::HashMap;

/// How far each level has counted.
type Counts = [Option<u32>; LEVELS];

/// The open lists, and how far closed ones have counted.
#[derive(Default)]
pub struct Lists {
    open: Vec<Open>,
    counts: Counts,
    by_style: HashMap<String, Counts>,
    by_id: HashMap<String, Counts>,
    headings: Counts,
    /// Lists that are open around a table, a box or a note.
    outside: Vec<(Vec<Open>, Counts)>,
}

struct Open {
    style: String,
    id: Option<String>,
    /// An item has begun and has no paragraph yet: with the number that it says it has.
    fresh: Option<Option<u32>>,
}

/// What a list says of itself.
#[derive(Default)]
pub struct List {
    /// Its style; none: that of the list around it.
    pub style: Option<String>,
    /// Its name for others.
    pub id: Option<String>,
    /// It counts on from the last list of its style.
    pub continues: bool,
    /// It counts on from the list of that name.
    pub continues_list: Option<String>,
}

impl Lists {
    /// A list begins.
    pub fn begin(&mut self, list: List) {
        let style = list.style.or_else(|| self.open.last().map(|o| o.style.clone())).unwrap_or_default();
        if self.open.is_empty() {
            let named = list.continues_list.as_ref().and_then(|id| self.by_id.get(id));
            let before = named.or_else(|| self.by_style.get(&style).filter(|_| list.continues));
            self.counts = before.copied().unwrap_or_default();
        } else if !list.continues
            && let Some(deeper) = self.counts.get_mut(self.open.len()..)
        {
            deeper.fill(None);
        }
        self.open.push(Open { style, id: list.id, fresh: None });
    }

    /// The innermost list ends.
    pub fn end(&mut self) {
        if let Some(list) = self.open.pop()
            && self.open.is_empty()
        {
            self.by_id.extend(list.id.map(|id| (id, self.counts)));
            self.by_style.insert(list.style, self.counts);
        }
    }

    /// An item begins; it may say its number.
    pub fn item(&mut self, start: Option<u32>) {
        if let Some(list) = self.open.last_mut() {
            list.fresh = Some(start);
        }
    }

    /// Whether a list is open.
    pub fn is_open(&self) -> bool {
        !self.open.is_empty()
    }

    /// The label of a paragraph: of the first one in an item. An item that holds but another list does not count.
    pub fn label(&mut self, styles: &Styles) -> Option<String> {
        let at = self.open.len().checked_sub(1)?;
        let list = self.open.last_mut()?;
        let start = list.fresh.take()?;
        let style = styles.list(&list.style)?;
        count(style, &mut self.counts, at, start);
        written(style, &self.counts, at)
    }

    /// The label of a heading of a level counted from 0, outside of lists.
    pub fn heading(&mut self, styles: &Styles, at: usize, start: Option<u32>) -> Option<String> {
        let style = styles.outline();
        count(style, &mut self.headings, at, start);
        written(style, &self.headings, at)
    }

    /// What comes is in no list, until [`Lists::leave`].
    pub fn enter(&mut self) {
        self.outside.push((std::mem::take(&mut self.open), std::mem::take(&mut self.counts)));
    }

    /// Back in the lists that were open before.
    pub fn leave(&mut self) {
        (self.open, self.counts) = self.outside.pop().unwrap_or_default();
    }
}

fn count(style: &ListStyle, counts: &mut Counts, at: usize, start: Option<u32>) {
    let first = |at: usize| style.get(at).and_then(Option::as_ref).map_or(1, |l| l.start);
    for (level, number) in counts.iter_mut().enumerate() {
        let before = *number;
        *number = match level.cmp(&at) {
            // A level that was passed over counts as begun: what comes on it next is its second.
            Ordering::Less => before.or_else(|| Some(first(level))),
            Ordering::Equal => start.or(before.map(|n| n.saturating_add(1))).or_else(|| Some(first(level))),
            Ordering::Greater => None,
        };
    }
}

/// The label of a level; none where it shows no number.
fn written(style: &ListStyle, counts: &Counts, at: usize) -> Option<String> {
    let level = style.get(at)?.as_ref()?;
    if level.numerals == Numerals::Nothing {
        let label = format!("{}{}", level.prefix, level.suffix);
        return label.contains(char::is_alphanumeric).then(|| label.trim().to_string());
    }
    let number = |at: usize| {
        let level = style.get(at)?.as_ref()?;
        let number = counts.get(at).copied().flatten().unwrap_or(level.start);
        Some(level.numerals.write(number)).filter(|n| !n.is_empty())
    };
    let numbers: Vec<String> = ((at + 1).saturating_sub(level.shown)..=at).filter_map(number).collect();
    Some(format!("{}{}{}", level.prefix, numbers.join("."), level.suffix).trim().to_string())
}
