//! For a person: hits, documents, one after the other.

use super::escape::{file_address, terminal};
use super::{Context, Present};
use crate::index::{DocumentRecord, PassageRecord};
use crate::model::{Confidence, Found, RegionId};
use crate::query::Node;
use crate::search::{Hit, Marker, Marks, Results};
use crate::vocab::Gazetteer;
use anstyle::{AnsiColor, Style};
use std::io::{self, Write};
use std::ops::Range;
use unicode_width::UnicodeWidthChar;

/// What the place that text is written to can show.
#[derive(Clone, Debug)]
pub struct Look {
    /// Colours and bold type.
    pub colour: bool,
    /// Links that a terminal opens; the name of this machine, which they need.
    pub links: Option<String>,
    /// Columns to wrap at; none: not at all.
    pub width: Option<usize>,
    /// Paths beneath this folder are shown relative to it.
    pub here: String,
}

pub(super) const TITLE: Style = Style::new().bold();
pub(super) const FAINT: Style = Style::new().dimmed();
pub(super) const PATH: Style = AnsiColor::Cyan.on_default();
const MATCH: Style = AnsiColor::Red.on_default().bold();

/// Widest column that text is wrapped to: longer lines are hard to read.
const WIDTH_MAX: usize = 100;
/// Near-copies of a document that are named.
const COPIES_SHOWN: usize = 10;

/// The format for people.
pub struct Text;

impl Present for Text {
    fn begin(&mut self, _: &Results, _: &Context, _: &mut dyn Write) -> io::Result<()> {
        Ok(())
    }

    fn hit(&mut self, hit: &Hit, context: &Context, out: &mut dyn Write) -> io::Result<()> {
        let look = &context.look;
        if hit.rank > 1 {
            writeln!(out)?;
        }
        write!(out, "{}. ", hit.rank)?;
        let title = marked(&hit.document.title.value, &hit.marks.title, look, TITLE);
        writeln!(out, "{title}")?;
        writeln!(out, "   {}", look.paint(FAINT, &facts(&hit.document, &hit.passage, context.gazetteer)))?;
        let place = format!("#{}", hit.passage.ordinal);
        let page = hit.passage.page.map(|p| format!(", p. {p}")).unwrap_or_default();
        writeln!(out, "   {}{}{}", look.link(&hit.document), look.paint(FAINT, &place), look.paint(FAINT, &page))?;
        if !hit.passage.heading.is_empty() {
            let empty = Vec::new();
            let parts = hit.passage.heading.iter().enumerate();
            let parts: Vec<String> =
                parts.map(|(at, h)| marked(h, hit.marks.heading.get(at).unwrap_or(&empty), look, FAINT)).collect();
            writeln!(out, "   {}", parts.join(&look.paint(FAINT, " › ")))?;
        }
        let (before, after) =
            (if hit.snippet.cut_before { "… " } else { "" }, if hit.snippet.cut_after { " …" } else { "" });
        paragraph(&hit.snippet.text, &hit.snippet.matches, before, after, look, out)?;
        if hit.copies > 0 {
            let count = format!("and {} {}", hit.copies, if hit.copies == 1 { "copy" } else { "copies" });
            writeln!(out, "   {}", look.paint(FAINT, &count))?;
        }
        for copy in &hit.copied {
            writeln!(out, "     {}", look.link(copy))?;
        }
        if !context.explain {
            return Ok(());
        }
        explained(&hit.passage, context.gazetteer, look, out)?;
        for (name, part) in &hit.parts {
            let line = terminal(&format!("score {part:6.2} {name}")).replace('\n', " ");
            writeln!(out, "   {}", look.paint(FAINT, &line))?;
        }
        Ok(())
    }

    fn end(&mut self, results: &Results, _: &Context, _: &mut dyn Write) -> io::Result<()> {
        debug_assert!(results.passages >= results.hits.len() as u64);
        Ok(())
    }
}

impl Look {
    pub(super) fn paint(&self, style: Style, text: &str) -> String {
        if self.colour && !text.is_empty() { format!("{style}{text}{style:#}") } else { text.to_string() }
    }

    fn short(&self, path: &str) -> String {
        let relative = path.strip_prefix(self.here.as_str()).and_then(|p| p.strip_prefix('/'));
        terminal(relative.filter(|p| !p.is_empty()).unwrap_or(path)).replace('\n', "\\n")
    }

    fn link(&self, document: &DocumentRecord) -> String {
        let shown = self.paint(PATH, &self.short(&document.path));
        match &self.links {
            // A member of a container can only be opened with its file.
            Some(host) => format!("\x1b]8;;{}\x1b\\{shown}\x1b]8;;\x1b\\", file_address(document.file(), host)),
            None => shown,
        }
    }

    pub(super) fn columns(&self) -> Option<usize> {
        self.width.map(|w| w.clamp(20, WIDTH_MAX))
    }
}

/// Region, year, kind and source in one line.
fn facts(document: &DocumentRecord, passage: &PassageRecord, gazetteer: &Gazetteer) -> String {
    let mut parts: Vec<String> = Vec::new();
    if !passage.regions.is_empty() {
        parts.push(names(&passage.regions[..passage.regions.len().min(6)], gazetteer));
    }
    match (&document.date, &document.year) {
        (Some(date), Some(year)) if date.value.year() == year.value => parts.push(date.value.to_string()),
        (_, Some(year)) => parts.push(year.value.to_string()),
        _ => {}
    }
    parts.push(document.kind.value.to_string());
    parts.extend(document.source.as_ref().map(|s| s.value.clone()));
    terminal(&parts.join(" · ")).into_owned()
}

/// The names of regions, in one line.
fn names(regions: &[RegionId], gazetteer: &Gazetteer) -> String {
    regions.iter().map(|r| gazetteer.name(r)).collect::<Vec<_>>().join(", ")
}

/// What gave each label, a line each.
fn explained(passage: &PassageRecord, gazetteer: &Gazetteer, look: &Look, out: &mut dyn Write) -> io::Result<()> {
    for evidence in &passage.evidence {
        let region = RegionId(evidence.label.clone());
        let label = gazetteer.place(&region.0).map_or(&*evidence.label, |_| gazetteer.name(&region));
        let is_mention = passage.mentions.contains(&region);
        let words = if evidence.words.is_empty() { String::new() } else { format!(" “{}”", evidence.words) };
        let role = if is_mention { " (mentioned)" } else { "" };
        let line = terminal(&format!("{label}{role}:{words} {}", evidence.rule)).replace('\n', " ");
        writeln!(out, "   {}", look.paint(FAINT, &line))?;
    }
    Ok(())
}

/// Text on one line with its matches marked: by colour, or between asterisks where there is none.
fn marked(text: &str, matches: &[Range<usize>], look: &Look, style: Style) -> String {
    let mut out = String::new();
    for (piece, is_match) in pieces(text, matches) {
        let piece = terminal(piece).replace('\n', " ");
        if is_match {
            out.push_str(&if look.colour { look.paint(MATCH, &piece) } else { format!("**{piece}**") });
        } else {
            out.push_str(&look.paint(style, &piece));
        }
    }
    out
}

fn pieces<'a>(text: &'a str, matches: &[Range<usize>]) -> Vec<(&'a str, bool)> {
    let mut out = Vec::with_capacity(matches.len() * 2 + 1);
    let mut from = 0;
    for range in matches {
        out.push((&text[from..range.start], false));
        out.push((&text[range.clone()], true));
        from = range.end;
    }
    out.push((&text[from..], false));
    out.retain(|(piece, _)| !piece.is_empty());
    out
}

/// Running text, indented and wrapped, its matches marked.
fn paragraph(
    text: &str,
    matches: &[Range<usize>],
    before: &str,
    after: &str,
    look: &Look,
    out: &mut dyn Write,
) -> io::Result<()> {
    const INDENT: &str = "   ";
    let width = look.columns().map_or(usize::MAX, |c| c - INDENT.len());
    let mut from = 0;
    let lines: Vec<&str> = text.split('\n').collect();
    let last = lines.iter().rposition(|l| !l.trim().is_empty()).unwrap_or(0);
    for (at, line) in lines.iter().enumerate() {
        let start = from;
        from += line.len() + 1;
        if line.trim().is_empty() {
            continue;
        }
        let inside: Vec<Range<usize>> = matches
            .iter()
            .filter(|m| m.start < start + line.len() && m.end > start)
            .map(|m| m.start.max(start) - start..m.end.min(start + line.len()) - start)
            .collect();
        let (head, tail) = (if at == 0 { before } else { "" }, if at == last { after } else { "" });
        for wrapped in wrap(head, line, tail, &inside, width, look) {
            writeln!(out, "{INDENT}{wrapped}")?;
        }
    }
    Ok(())
}

/// Breaks a line to a width between words, and between ideographs, marks kept whole over the break.
fn wrap(head: &str, line: &str, tail: &str, matches: &[Range<usize>], width: usize, look: &Look) -> Vec<String> {
    // Units that are not broken: a word with the blank after it, or one wide character.
    let mut units: Vec<(String, bool)> = vec![(head.to_string(), false)];
    for (piece, is_match) in pieces(line, matches) {
        let piece = terminal(piece);
        if width == usize::MAX {
            units.push((piece.into_owned(), is_match));
            continue;
        }
        let mut unit = String::new();
        for c in piece.chars() {
            let wide = c.width().unwrap_or(0) > 1;
            if wide && !unit.is_empty() {
                units.push((std::mem::take(&mut unit), is_match));
            }
            unit.push(c);
            if wide || c == ' ' {
                units.push((std::mem::take(&mut unit), is_match));
            }
        }
        units.push((unit, is_match));
    }
    units.push((tail.to_string(), false));
    units.retain(|(u, _)| !u.is_empty());
    let columns = |text: &str| text.chars().map(|c| c.width().unwrap_or(0)).sum::<usize>();
    let mut lines: Vec<Vec<(String, bool)>> = vec![Vec::new()];
    let mut filled = 0;
    for (unit, is_match) in units {
        if width < usize::MAX {
            let needed = columns(unit.trim_end());
            if filled + needed > width && filled > 0 {
                lines.push(Vec::new());
                filled = 0;
            }
            filled += columns(&unit);
        }
        if let Some(open) = lines.last_mut() {
            match open.last_mut().filter(|(_, same)| *same == is_match) {
                Some((text, _)) => text.push_str(&unit),
                None => open.push((unit, is_match)),
            }
        }
    }
    lines
        .into_iter()
        .map(|units| {
            let painted = units.iter().map(|(text, is_match)| match (is_match, look.colour) {
                (false, _) => text.clone(),
                (true, true) => look.paint(MATCH, text),
                (true, false) => {
                    let inner = text.trim_end();
                    format!("**{inner}**{}", &text[inner.len()..])
                }
            });
            painted.collect::<String>().trim_end().to_string()
        })
        .collect()
}

/// What is known of a document: name, value, where it was found.
pub(super) fn known(document: &DocumentRecord, gazetteer: &Gazetteer) -> Vec<(&'static str, String, String)> {
    fn fact<T: ToString>(name: &'static str, found: &Found<T>) -> (&'static str, String, String) {
        let place = if found.place.is_empty() { String::new() } else { format!(": {}", found.place) };
        let doubt = if found.confidence == Confidence::Low { ", a guess" } else { "" };
        (name, found.value.to_string(), format!("{}{place}{doubt}", found.origin))
    }
    let issuer = document.issuer.as_ref().map(|i| i.clone().map(gazetteer.name(&i.value).to_string()));
    let all = [
        Some(fact("kind", &document.kind)),
        Some(fact("language", &document.language)),
        document.translated.as_ref().map(|f| fact("translated", &f.clone().map("by a machine"))),
        document.date.as_ref().map(|f| fact("date", f)),
        document.year.as_ref().map(|f| fact("year", f)),
        document.source.as_ref().map(|f| fact("source", f)),
        document.author.as_ref().map(|f| fact("author", f)),
        issuer.as_ref().map(|f| fact("issuer", f)),
        document.url.as_ref().map(|f| fact("address", f)),
    ];
    all.into_iter().flatten().collect()
}

/// What is shown of a document beside what it is.
#[derive(Clone, Copy)]
pub struct Shown<'a> {
    /// The names of places.
    pub gazetteer: &'a Gazetteer,
    /// A query whose matches are marked.
    pub node: Option<&'a Node>,
    /// What gave each label of a passage.
    pub explain: bool,
    /// Its near-copies.
    pub copies: &'a [DocumentRecord],
}

/// A document with its metadata, each with where it was found, and its passages.
pub fn document(
    document: &DocumentRecord,
    passages: &[PassageRecord],
    shown: Shown,
    look: &Look,
    out: &mut dyn Write,
) -> io::Result<()> {
    let Shown { gazetteer, node, explain, copies } = shown;
    let marker = node.map(|node| Marker::new(node, gazetteer));
    let marks = |p| marker.as_ref().and_then(|marker| marker.marks(document, p)).unwrap_or_default();
    let all_marks: Vec<Marks> = passages.iter().map(marks).collect();
    let in_title = all_marks.iter().map(|m| m.title.as_slice()).find(|m| !m.is_empty()).unwrap_or_default();
    writeln!(out, "{}", marked(&document.title.value, in_title, look, TITLE))?;
    let plain = |name: &str, value: &str, out: &mut dyn Write| {
        writeln!(out, "{} {value}", look.paint(FAINT, &format!("{name:<9}")))
    };
    plain("document", &document.id, out)?;
    plain("path", &look.link(document), out)?;
    for (name, value, found) in known(document, gazetteer) {
        let value = terminal(&value).replace('\n', " ");
        plain(name, &format!("{value} {}", look.paint(FAINT, &format!("({})", terminal(&found)))), out)?;
    }
    if !document.regions.is_empty() {
        plain("regions", &names(&document.regions, gazetteer), out)?;
    }
    if !document.topics.is_empty() {
        plain("topics", &document.topics.iter().map(|t| t.0.as_str()).collect::<Vec<_>>().join(", "), out)?;
    }
    for (at, copy) in copies.iter().take(COPIES_SHOWN).enumerate() {
        plain(if at == 0 { "copies" } else { "" }, &look.link(copy), out)?;
    }
    if copies.len() > COPIES_SHOWN {
        plain("", &format!("and {} more", copies.len() - COPIES_SHOWN), out)?;
    }
    let mut shown: &[String] = &[];
    for (passage, marks) in passages.iter().zip(&all_marks) {
        writeln!(out)?;
        if passage.heading != shown {
            let common = passage.heading.iter().zip(shown).take_while(|(a, b)| a == b).count();
            for (level, heading) in passage.heading.iter().enumerate().skip(common) {
                let in_heading = marks.heading.get(level).map_or(&[][..], Vec::as_slice);
                writeln!(out, "{} {}", "#".repeat(level + 2), marked(heading, in_heading, look, TITLE))?;
            }
            shown = &passage.heading;
        }
        let mut notes = vec![format!("#{}", passage.ordinal)];
        notes.extend(passage.page.map(|p| format!("p. {p}")));
        notes.extend((!passage.regions.is_empty()).then(|| names(&passage.regions, gazetteer)));
        notes.extend(
            (!passage.topics.is_empty())
                .then(|| passage.topics.iter().map(|t| t.0.as_str()).collect::<Vec<_>>().join(", ")),
        );
        notes.extend(
            (!passage.years.is_empty())
                .then(|| passage.years.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")),
        );
        writeln!(out, "{}", look.paint(FAINT, &terminal(&notes.join(" · "))))?;
        paragraph(&passage.text, &marks.text, "", "", look, out)?;
        if explain {
            explained(passage, gazetteer, look, out)?;
        }
    }
    out.flush()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn look() -> Look {
        Look { colour: false, links: None, width: Some(30), here: "/home/a".into() }
    }

    #[test]
    fn text_is_wrapped_between_words_and_ideographs() {
        let lines = wrap("", "the dry port of the capital", "", std::slice::from_ref(&(4..12)), 12, &look());
        assert_eq!(lines, ["the **dry port**", "of the", "capital"]);
        let lines = wrap("", "新疆国际陆港区", "", std::slice::from_ref(&(12..18)), 8, &look());
        assert_eq!(lines.concat(), "新疆国际**陆港**区");
    }

    #[test]
    fn paths_are_shown_from_here() {
        assert_eq!(look().short("/home/a/b/c.txt"), "b/c.txt");
        assert_eq!(look().short("/home/ab/c.txt"), "/home/ab/c.txt");
        assert_eq!(look().short("/home/a/\u{1b}[2J"), "\\u{1b}[2J");
    }
}
