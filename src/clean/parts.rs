//! What became of each part of the original: kept, dropped, put right, or read as metadata.

use super::{Document, RepairKind};
use crate::extract::Visible;
use crate::model::Span;

/// What became of a part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It is in the text.
    Kept,
    /// It is not.
    Dropped,
    /// It is in the title, or a line that says by whom and when.
    Metadata,
    /// It is in the text as something else.
    Repaired {
        /// Why.
        kind: RepairKind,
        /// What is there now; empty if it was taken out.
        now: String,
    },
}

/// A part of the original.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// What a reader of the original saw.
    pub text: String,
    /// It begins a new line.
    pub begins_line: bool,
    /// What became of it.
    pub fate: Fate,
}

/// The visible text of the original in order, each part with its fate.
pub fn parts(document: &Document) -> Vec<Part> {
    let original = &document.original.text;
    let whole: Vec<Visible>;
    let visible = if document.visible.is_empty() {
        whole = lines(original);
        &whole
    } else {
        &document.visible
    };
    let kept = kept(document);
    let mut repairs: Vec<_> = document.repairs.iter().filter(|r| r.source.start < r.source.end).collect();
    repairs.sort_by_key(|r| r.source.start);
    let metadata = metadata_lines(document, visible);
    let mut out: Vec<Part> = Vec::new();
    for (at, run) in visible.iter().enumerate() {
        let mut from = run.source.start;
        let mut begins_line = run.begins_line;
        while from < run.source.end {
            // The kept stretch and the repair that hold this place, else the next ones.
            let next = kept.partition_point(|k| k.end <= from);
            let stretch = kept.get(next).filter(|k| k.start < run.source.end);
            let repair = repairs[repairs.partition_point(|r| r.source.end <= from)..]
                .first()
                .filter(|r| r.source.start < run.source.end);
            let (end, fate) = match (stretch, repair) {
                (Some(k), Some(r)) if r.source.start <= from && k.end > from => {
                    (r.source.end, Fate::Repaired { kind: r.kind, now: r.now.clone() })
                }
                (Some(k), r) if k.start <= from => {
                    (r.map_or(k.end, |r| k.end.min(r.source.start.max(from + 1))), Fate::Kept)
                }
                (Some(k), _) => (k.start, Fate::Dropped),
                (None, _) => (run.source.end, Fate::Dropped),
            };
            let end = border(original, end.clamp(from + 1, run.source.end));
            let text = &original[from..end];
            let fate = match fate {
                // Blanks between kept words are neither.
                Fate::Dropped if text.trim().is_empty() => Fate::Kept,
                Fate::Dropped if metadata[at] => Fate::Metadata,
                fate => fate,
            };
            let text = if text.starts_with('&') && text.ends_with(';') {
                html_escape::decode_html_entities(text).into_owned()
            } else {
                text.to_string()
            };
            match out.last_mut() {
                Some(last) if last.fate == fate && !begins_line => last.text.push_str(&text),
                _ => out.push(Part { text, begins_line, fate }),
            }
            begins_line = false;
            from = end;
        }
    }
    out
}

/// The next border of a character.
fn border(text: &str, at: usize) -> usize {
    (at..=text.len()).find(|i| text.is_char_boundary(*i)).unwrap_or(text.len())
}

/// The stretches of the original that are in the text, in order and not overlapping.
fn kept(document: &Document) -> Vec<Span> {
    let whole = Span { start: 0, end: document.text.len() };
    let mut spans: Vec<Span> =
        document.map.stretches(whole).map(|(_, source, _)| source).filter(|s| s.start < s.end).collect();
    spans.sort_unstable();
    let mut out: Vec<Span> = Vec::with_capacity(spans.len());
    for span in spans {
        match out.last_mut() {
            Some(last) if span.start <= last.end => last.end = last.end.max(span.end),
            _ => out.push(span),
        }
    }
    out
}

/// For each visible run, whether its line is the title or a byline.
fn metadata_lines(document: &Document, visible: &[Visible]) -> Vec<bool> {
    let key = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).collect::<String>();
    let title = key(&document.title.value);
    let bylines: Vec<String> = document.metadata.bylines.iter().map(|b| key(b)).collect();
    let mut out = vec![false; visible.len()];
    let mut start = 0;
    while start < visible.len() {
        let end = visible[start + 1..].iter().position(|v| v.begins_line).map_or(visible.len(), |e| start + 1 + e);
        let line: String = visible[start..end].iter().map(|v| v.source.of(&document.original.text)).collect();
        if line.len() < 1_000 {
            let line = key(&line);
            let told = !line.is_empty()
                && (line == title || bylines.iter().any(|b| b.contains(&line) && line.len() * 4 >= b.len()));
            out[start..end].fill(told);
        }
        start = end;
    }
    out
}

/// A text without markup: all of it is visible.
fn lines(text: &str) -> Vec<Visible> {
    let mut out = Vec::new();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let end = start + line.trim_end_matches(['\n', '\r']).len();
        if start < end {
            out.push(Visible { source: Span { start, end }, begins_line: true });
        }
        start += line.len();
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(name: &str, text: &str) -> Vec<(String, Fate)> {
        let raw = crate::extract::test::read(name, text.as_bytes()).unwrap();
        parts(&crate::clean::clean(raw)).into_iter().map(|p| (p.text, p.fate)).collect()
    }

    #[test]
    fn every_visible_part_has_its_fate() {
        let body = "The regional government said that the dry port would open, and that trains would leave every day. "
            .repeat(3);
        let page = format!(
            "<title>Dry port opens</title><nav>Home</nav><h1>Dry port opens</h1><article><p>{body}</p><p>Shaanxi ’s plan &amp; more.</p></article><footer>Imprint</footer>"
        );
        let found = of("a.html", &page);
        let fate = |text: &str| found.iter().find(|(t, _)| t.contains(text)).map(|(_, f)| f.clone()).unwrap();
        assert_eq!(fate("Home"), Fate::Dropped);
        assert_eq!(fate("Imprint"), Fate::Dropped);
        assert_eq!(fate("regional government"), Fate::Kept);
        assert_eq!(fate("’s plan & more."), Fate::Kept);
        assert!(
            found.iter().any(|(t, f)| t == " " && matches!(f, Fate::Repaired { kind: RepairKind::Blank, .. })),
            "{found:?}"
        );
        assert_eq!(
            found.iter().filter(|(t, _)| t == "Dry port opens").map(|(_, f)| f.clone()).collect::<Vec<_>>(),
            [Fate::Metadata, Fate::Metadata]
        );
    }

    #[test]
    fn plain_text_is_visible_as_a_whole() {
        let found = of("a.txt", "A title\n\nＧＤＰ grew.\n责任编辑：张伟\n");
        let text: String = found.iter().map(|(t, _)| t.as_str()).collect();
        assert_eq!(text, "A titleＧＤＰ grew.责任编辑：张伟");
        assert_eq!(found[0].1, Fate::Metadata);
        assert!(matches!(found[1].1, Fate::Repaired { kind: RepairKind::Wide, .. }));
        assert_eq!(found.last().unwrap().1, Fate::Dropped);
    }
}
