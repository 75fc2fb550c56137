//! A query as it was understood, written in the query language.

use super::{Filters, Group, Leaf, Node, Pattern, Target, WildKind, Word};
use std::fmt::{self, Display, Formatter};

/// Words of an index that are named where a word stands for several.
const TERMS_SHOWN: usize = 5;

impl Display for Node {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Node::Leaf(leaf) => leaf.fmt(f),
            Node::Filter(filters) => filters.fmt(f),
            Node::Group(group) => {
                f.write_str("(")?;
                group.fmt(f)?;
                f.write_str(")")
            }
        }
    }
}

impl Display for Group {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let mut first = true;
        let either = if self.near || !self.must.is_empty() || !self.not.is_empty() { " " } else { " OR " };
        for (sign, nodes) in [("+", &self.must), ("", &self.should), ("-", &self.not)] {
            for node in nodes {
                if !first {
                    f.write_str(either)?;
                }
                first = false;
                write!(f, "{sign}{node}")?;
            }
        }
        Ok(())
    }
}

impl Display for Leaf {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(match self.target {
            Target::Any => "",
            Target::Title => "title:",
            Target::Heading => "heading:",
        })?;
        self.pattern.fmt(f)
    }
}

impl Display for Pattern {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Pattern::Phrase(words) => match words.as_slice() {
                [(_, word)] => word.fmt(f),
                words => write!(f, "\"{}\"", Phrase(words)),
            },
            Pattern::Any(list) => {
                for (at, part) in list.iter().enumerate() {
                    write!(f, "{}{part}", if at == 0 { "(" } else { " OR " })?;
                }
                f.write_str(")")
            }
            Pattern::Near(near) => {
                for (at, part) in near.parts.iter().enumerate() {
                    write!(f, "{}{part}", if at == 0 { "[" } else { " " })?;
                }
                write!(f, "]{}{}", if near.ordered { "->" } else { "~" }, near.window)
            }
        }
    }
}

/// The words of a phrase; overlapping pairs of ideographs as the run they are.
struct Phrase<'a>(&'a [(u32, Word)]);

impl Display for Phrase<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let mut next = 0; // the place after what is written
        for (at, word) in self.0 {
            let text = word.to_string();
            let wide = word.width() == 2;
            if *at < next && wide {
                f.write_str(&text.chars().skip(1).collect::<String>())?;
            } else {
                let gap = at.saturating_sub(next) as usize;
                f.write_str(&"?".repeat(if next == 0 { 0 } else { gap }))?;
                let apart = next > 0 && gap == 0 && !text.chars().next().is_some_and(crate::analysis::is_ideograph);
                f.write_str(if apart { " " } else { "" })?;
                f.write_str(&text)?;
            }
            next = at + word.width();
        }
        Ok(())
    }
}

impl Display for Word {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Word::Term(term) => f.write_str(term),
            Word::Written(form) => write!(f, "={form}"),
            Word::Only { term, .. } => write!(f, "={term}"),
            Word::Like(wild) => f.write_str(&wild.typed),
            Word::Terms { typed, terms } => {
                write!(f, "{typed}={{{}", terms.iter().take(TERMS_SHOWN).cloned().collect::<Vec<_>>().join(" "))?;
                match terms.len().saturating_sub(TERMS_SHOWN) {
                    0 => f.write_str("}"),
                    more => write!(f, " … {more} more}}"),
                }
            }
        }
    }
}

impl Display for WildKind {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            WildKind::Prefix(head) => write!(f, "{head}*"),
            WildKind::Wildcard(glob) => f.write_str(glob),
            WildKind::Fuzzy(word, edits) => write!(f, "{word}~{edits}"),
            WildKind::Regex(regex) => write!(f, "/{regex}/"),
        }
    }
}

impl Display for Filters {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let years = |list: &[(u16, u16)]| -> Vec<String> {
            list.iter().map(|(a, b)| if a == b { a.to_string() } else { format!("{a}..{b}") }).collect()
        };
        let ids = |list: &[crate::model::RegionId]| list.iter().map(|r| r.0.clone()).collect::<Vec<_>>();
        let all: [(&str, Vec<String>); 12] = [
            ("region", ids(&self.regions)),
            ("region-mentioned", ids(&self.mentioned)),
            ("not-region", ids(&self.not_regions)),
            ("topic", self.topics.iter().map(|t| t.0.clone()).collect()),
            ("year", years(&self.years)),
            ("about-year", years(&self.about_years)),
            ("since", self.since.iter().map(ToString::to_string).collect()),
            ("until", self.until.iter().map(ToString::to_string).collect()),
            ("kind", self.kinds.iter().map(|k| k.name().to_string()).collect()),
            ("lang", self.languages.iter().map(|l| l.code().to_string()).collect()),
            ("source", self.sources.clone()),
            ("path", self.paths.iter().chain(&self.within).cloned().collect()),
        ];
        let mut first = true;
        for (name, values) in all.iter().filter(|(_, values)| !values.is_empty()) {
            write!(f, "{}{name}:{}", if first { "" } else { " " }, values.join("|"))?;
            first = false;
        }
        Ok(())
    }
}
