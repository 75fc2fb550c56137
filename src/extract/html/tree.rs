//! The parsed page as rows in reading order, with what is counted over and over: how much text a box
//! holds, and how much of it is links. A subtree is a range of rows.

use super::prepare::unmark_to;
use dom_query::{Document, NodeData, NodeId, NodeRef};
use std::borrow::Cow;
use std::ops::Range;

/// A row: an element or a text.
pub struct Node {
    /// Its node in the parsed page.
    pub id: NodeId,
    /// Lower-case name of the element; empty for a text.
    pub name: Cow<'static, str>,
    /// It is an element that begins and ends a line.
    block: bool,
    /// Its [`Tree::marks`] among the letters.
    marks: Range<usize>,
    /// Row of its parent; itself for the first.
    pub parent: usize,
    /// One past the last row of its subtree.
    pub end: usize,
    /// Characters of text in it, blanks not counted.
    pub chars: usize,
    /// Of these, characters within links.
    pub link_chars: usize,
    /// Links in it.
    pub links: usize,
    /// Commas, in both widths, and enumeration commas: running text has them, lists of links do not.
    pub commas: usize,
    /// Ends of sentences.
    pub stops: usize,
    /// Its [`Tree::text_at`] among the letters.
    text: Range<usize>,
    /// Its [`Tree::runs`] among all.
    runs: Range<usize>,
    /// Characters of running text in it: of lines that have a sentence or a comma and are not mostly links.
    pub prose: usize,
    /// It is no part of the main text.
    pub dropped: bool,
}

/// A page.
pub struct Tree {
    /// The rows in reading order; the first is the page's body.
    pub nodes: Vec<Node>,
    /// Texts and marks, one after the other: a page has thousands.
    letters: String,
    runs: Vec<(usize, usize)>,
}

impl Tree {
    /// Reads the body of a page. In `document`, texts of the body keep the numbers of their runs.
    pub fn new(document: &Document) -> Tree {
        let mut tree =
            Tree { nodes: Vec::with_capacity(document.tree.len()), letters: String::new(), runs: Vec::new() };
        let mut clean = Vec::new();
        // The head's title and the like carry numbers, too.
        if let Some(head) = document.head() {
            for node in head.descendants_it().filter(NodeRef::is_text) {
                let mut text = String::new();
                with_text(&node, |t| unmark_to(t, &mut text, &mut Vec::new()));
                clean.push((node.id, text));
            }
        }
        let body = document.body().unwrap_or_else(|| document.html_root());
        tree.add(&body, 0, false);
        tree.count_prose();
        for (id, text) in clean {
            document.tree.get_unchecked(&id).set_text(text);
        }
        tree
    }

    fn add(&mut self, node: &NodeRef, parent: usize, in_link: bool) -> usize {
        let row = self.nodes.len();
        let mut new = Node {
            id: node.id,
            name: Cow::Borrowed(""),
            block: false,
            marks: 0..0,
            parent,
            end: row + 1,
            chars: 0,
            link_chars: 0,
            links: 0,
            commas: 0,
            stops: 0,
            text: 0..0,
            runs: 0..0,
            prose: 0,
            dropped: false,
        };
        if node.is_text() {
            let (letters, runs) = (self.letters.len(), self.runs.len());
            with_text(node, |text| unmark_to(text, &mut self.letters, &mut self.runs));
            (new.text, new.runs) = (letters..self.letters.len(), runs..self.runs.len());
            count(&self.letters[letters..], &mut new);
            if in_link {
                new.link_chars = new.chars;
            }
            self.nodes.push(new);
            return row;
        }
        node.query(|n| {
            if let NodeData::Element(ref element) = n.data {
                new.name = interned(&element.name.local);
                new.block = !super::prepare::is_inline(&new.name);
                let begin = self.letters.len();
                for attribute in &element.attrs {
                    let name: &str = &attribute.name.local;
                    let is_part = name == "role" && attribute.value.starts_with("doc-");
                    if matches!(name, "class" | "id" | "itemprop" | "epub:type") || is_part {
                        if begin < self.letters.len() {
                            self.letters.push(' ');
                        }
                        self.letters.push_str(&attribute.value);
                    }
                }
                self.letters[begin..].make_ascii_lowercase();
                new.marks = begin..self.letters.len();
            }
        });
        let is_link = &*new.name == "a";
        new.links = usize::from(is_link);
        self.nodes.push(new);
        for child in node.children_it(false) {
            if !(child.is_element() || child.is_text()) {
                continue;
            }
            let added = self.add(&child, row, in_link || is_link);
            let [chars, link_chars, links, commas, stops, _] = self.nodes[added].counts();
            let own = &mut self.nodes[row];
            own.chars += chars;
            own.link_chars += link_chars;
            own.links += links;
            own.commas += commas;
            own.stops += stops;
        }
        self.nodes[row].end = self.nodes.len();
        row
    }

    fn count_prose(&mut self) {
        let mut lines: Vec<[usize; 3]> = vec![[0; 3]; self.nodes.len()]; // characters, of links, marks
        let mut line_of = vec![0; self.nodes.len()];
        for row in 1..self.nodes.len() {
            let node = &self.nodes[row];
            line_of[row] = if node.is_block() { row } else { line_of[node.parent] };
            if node.is_text() {
                let line = &mut lines[line_of[row]];
                line[0] += node.chars;
                line[1] += node.link_chars;
                line[2] += node.stops + node.commas;
            }
        }
        for row in (1..self.nodes.len()).rev() {
            let line = lines[line_of[row]];
            if self.nodes[row].is_text() && line[2] > 0 && line[1] * 2 < line[0] {
                self.nodes[row].prose = self.nodes[row].chars;
            }
            let (parent, prose) = (self.nodes[row].parent, self.nodes[row].prose);
            self.nodes[parent].prose += prose;
        }
    }

    /// The text of a text; of an element none.
    pub fn text_at(&self, row: usize) -> &str {
        &self.letters[self.nodes[row].text.clone()]
    }

    /// Of a text: which runs of the page begin at which byte.
    pub fn runs(&self, row: usize) -> &[(usize, usize)] {
        &self.runs[self.nodes[row].runs.clone()]
    }

    /// Class names, id and what part of an article or book an element declares itself, in lower case, parted by blanks.
    pub fn marks(&self, row: usize) -> &str {
        &self.letters[self.nodes[row].marks.clone()]
    }

    /// Rows of the subtree of `row`, itself the first.
    pub fn subtree(&self, row: usize) -> Range<usize> {
        row..self.nodes[row].end
    }

    /// Rows of the children of `row`.
    pub fn children(&self, row: usize) -> impl Iterator<Item = usize> + '_ {
        let end = self.nodes[row].end;
        let mut next = row + 1;
        std::iter::from_fn(move || {
            let child = next;
            (child < end).then(|| {
                next = self.nodes[child].end;
                child
            })
        })
    }

    /// Rows of the ancestors of `row`, nearest first.
    pub fn ancestors(&self, row: usize) -> impl Iterator<Item = usize> + '_ {
        let mut at = row;
        std::iter::from_fn(move || {
            let parent = self.nodes[at].parent;
            (parent != at).then(|| {
                at = parent;
                parent
            })
        })
    }

    /// Takes a subtree out of the main text and out of what its ancestors count.
    pub fn drop(&mut self, row: usize) {
        if self.nodes[row].dropped {
            return;
        }
        self.nodes[row].dropped = true;
        self.recount(row);
    }

    /// Takes a subtree out of what the boxes around it count, up to the first that is dropped itself.
    fn recount(&mut self, row: usize) {
        let [chars, link_chars, links, commas, stops, prose] = self.nodes[row].counts();
        let mut at = row;
        while self.nodes[at].parent != at {
            at = self.nodes[at].parent;
            let node = &mut self.nodes[at];
            node.chars -= chars;
            node.link_chars -= link_chars;
            node.links -= links;
            node.commas -= commas;
            node.stops -= stops;
            node.prose -= prose;
            if node.dropped {
                break;
            }
        }
    }

    /// Whether a row or a box around it is dropped.
    pub fn is_gone(&self, row: usize) -> bool {
        self.nodes[row].dropped || self.ancestors(row).any(|a| self.nodes[a].dropped)
    }

    /// The rows of a subtree that are not dropped, in order.
    pub fn kept(&self, row: usize) -> impl Iterator<Item = usize> + '_ {
        let end = self.nodes[row].end;
        let mut next = row;
        std::iter::from_fn(move || {
            while next < end && self.nodes[next].dropped {
                next = self.nodes[next].end;
            }
            (next < end).then(|| {
                next += 1;
                next - 1
            })
        })
    }

    /// The kept text of a subtree, blanks squeezed.
    pub fn text(&self, row: usize) -> String {
        let mut out = String::new();
        for at in self.kept(row) {
            let node = &self.nodes[at];
            let text = self.text_at(at);
            if text.is_empty() {
                if !out.ends_with(' ') && !out.is_empty() && node.is_block() {
                    out.push(' ');
                }
                continue;
            }
            for c in text.chars() {
                if !c.is_whitespace() {
                    out.push(c);
                } else if !out.ends_with(' ') && !out.is_empty() {
                    out.push(' ');
                }
            }
        }
        out.truncate(out.trim_end().len());
        out
    }

    /// The text of a subtree, also of what is dropped, blanks squeezed; empty when it is longer than
    /// `max` characters.
    pub fn whole_text(&self, row: usize, max: usize) -> String {
        let mut out = String::new();
        if self.nodes[row].chars > max {
            return out;
        }
        for at in self.subtree(row) {
            let node = &self.nodes[at];
            if node.is_block() && !out.is_empty() && !out.ends_with(' ') {
                out.push(' ');
            }
            for c in self.text_at(at).chars() {
                if !c.is_whitespace() {
                    out.push(c);
                } else if !out.is_empty() && !out.ends_with(' ') {
                    out.push(' ');
                }
            }
        }
        out.truncate(out.trim_end().len());
        if out.chars().count() > max { String::new() } else { out }
    }

    /// Share of the text of a subtree that is within links.
    pub fn link_share(&self, row: usize) -> f64 {
        let node = &self.nodes[row];
        node.link_chars as f64 / node.chars.max(1) as f64
    }
}

impl Node {
    fn counts(&self) -> [usize; 6] {
        [self.chars, self.link_chars, self.links, self.commas, self.stops, self.prose]
    }

    /// Whether it is a text.
    pub fn is_text(&self) -> bool {
        self.name.is_empty()
    }

    /// Whether it begins and ends a line.
    pub fn is_block(&self) -> bool {
        self.block
    }

    /// The level of a heading.
    pub fn heading(&self) -> Option<u8> {
        match self.name.as_bytes() {
            [b'h', level @ b'1'..=b'6'] => Some(level - b'0'),
            _ => None,
        }
    }
}

/// Names of most elements need no copy.
fn interned(name: &str) -> Cow<'static, str> {
    const USUAL: &[&str] = &[
        "a",
        "article",
        "aside",
        "b",
        "blockquote",
        "br",
        "button",
        "cite",
        "dd",
        "div",
        "dl",
        "dt",
        "em",
        "figcaption",
        "figure",
        "font",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "header",
        "hr",
        "i",
        "iframe",
        "img",
        "input",
        "label",
        "li",
        "nav",
        "noscript",
        "option",
        "p",
        "picture",
        "script",
        "section",
        "small",
        "source",
        "span",
        "strong",
        "table",
        "tbody",
        "td",
        "time",
        "tr",
        "ul",
    ];
    match USUAL.binary_search(&name) {
        Ok(at) => Cow::Borrowed(USUAL[at]),
        Err(_) => Cow::Owned(name.to_lowercase()),
    }
}

/// Does something with the text of a text.
fn with_text(node: &NodeRef, read: impl FnOnce(&str)) {
    node.query(|n| {
        if let NodeData::Text { contents } = &n.data {
            read(contents);
        }
    });
}

fn count(text: &str, node: &mut Node) {
    for (at, c) in text.char_indices() {
        if c.is_ascii() {
            node.chars += usize::from(!c.is_ascii_whitespace());
            node.commas += usize::from(c == ',');
            if matches!(c, '.' | '!' | '?') {
                let next = text[at + 1..].chars().next();
                let ends = next.is_none_or(|n| n.is_whitespace() || matches!(n, '"' | '”' | '’' | ')'));
                node.stops += usize::from(ends);
            }
            continue;
        }
        node.chars += usize::from(!c.is_whitespace());
        match c {
            '，' | '、' | '；' => node.commas += 1,
            '。' | '！' | '？' => node.stops += 1,
            _ => {}
        }
    }
}
