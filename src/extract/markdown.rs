//! Markdown with optional front matter in YAML or TOML.

use super::{BlockKind, Format, Metadata, RawBlock, RawDocument};
use crate::decode;
use crate::error::Problem;
use crate::model::{Found, Origin, Span};
use crate::offsets::Traced;
use crate::source::{Blob, Limits};
use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

/// Markdown.
pub const FORMAT: Format = Format {
    name: "markdown",
    extensions: &["md", "markdown", "mdown", "mkd"],
    is_binary: false,
    recognises: |_| false,
    extract,
};

fn extract(blob: &Blob, _: &Limits) -> Result<RawDocument, Problem> {
    let decoded = decode::decode(&blob.bytes, None);
    let mut raw = RawDocument::default();
    let (front, body) = split_front_matter(&decoded.text);
    for (key, value) in front {
        set(&mut raw.metadata, &key, value);
    }
    raw.blocks = blocks(body, decoded.text.len() - body.len());
    if raw.metadata.title.is_none()
        && let Some(first) = raw.blocks.iter().position(|b| !b.text.is_empty())
        && raw.blocks[first].kind == BlockKind::Heading(1)
    {
        raw.metadata.title = Some(Found::new(raw.blocks.remove(first).text.as_str().to_string(), Origin::Text));
    }
    raw.original = decoded;
    Ok(raw)
}

/// Front matter's names for what a document says of itself.
fn set(metadata: &mut Metadata, key: &str, value: String) {
    let found = Found::new(value, Origin::FrontMatter);
    match key {
        "title" | "标题" => metadata.title = Some(found),
        "date" | "published" | "publish_date" | "pubdate" | "日期" => metadata.dates.push(found),
        "year" | "年份" => metadata.year = Some(found),
        "source" | "publisher" | "来源" => metadata.sources.insert(0, found),
        "author" | "authors" | "作者" => metadata.authors.push(found),
        "url" | "source_url" | "link" => metadata.url = Some(found),
        "lang" | "language" => metadata.language = Some(found),
        "kind" | "type" => metadata.kind = Some(found),
        "region" | "province" | "city" | "地区" | "省份" => metadata.region = Some(found),
        _ => {}
    }
}

/// The pairs of the front matter and the text after it.
fn split_front_matter(text: &str) -> (Vec<(String, String)>, &str) {
    let text = text.trim_start_matches(['\u{feff}', '\n', '\r']);
    for (fence, toml) in [("---", false), ("+++", true)] {
        let Some(rest) = text.strip_prefix(fence).and_then(|r| r.strip_prefix('\n').or(r.strip_prefix("\r\n"))) else {
            continue;
        };
        let mut length = 0;
        for line in rest.split_inclusive('\n') {
            if line.trim_end() == fence || (!toml && line.trim_end() == "...") {
                let (front, body) = (&rest[..length], &rest[length + line.len()..]);
                return (if toml { toml_pairs(front) } else { yaml_pairs(front) }, body);
            }
            length += line.len();
        }
    }
    (Vec::new(), text)
}

fn toml_pairs(front: &str) -> Vec<(String, String)> {
    let Ok(table) = front.parse::<toml::Table>() else { return Vec::new() };
    table
        .into_iter()
        .filter_map(|(key, value)| {
            let text = match value {
                toml::Value::String(text) => text,
                toml::Value::Integer(_) | toml::Value::Datetime(_) | toml::Value::Float(_) => value.to_string(),
                _ => return None,
            };
            Some((key.to_lowercase(), text))
        })
        .collect()
}

/// The scalars at the outermost level: all that a document's front matter says of it.
fn yaml_pairs(front: &str) -> Vec<(String, String)> {
    front
        .lines()
        .filter(|line| !line.starts_with([' ', '\t', '#', '-']))
        .filter_map(|line| line.split_once(':'))
        .map(|(key, value)| (key.trim().trim_matches(['"', '\'']).to_lowercase(), unquote(value.trim())))
        .filter(|(_, value)| !value.is_empty() && !value.starts_with(['[', '{', '|', '>', '&', '*']))
        .collect()
}

fn unquote(value: &str) -> String {
    for quote in ['"', '\''] {
        if let Some(inner) = value.strip_prefix(quote).and_then(|v| v.strip_suffix(quote)) {
            let escaped: &[&str] = if quote == '"' { &["\\\"", "\""] } else { &["''", "'"] };
            return inner.replace(escaped[0], escaped[1]);
        }
    }
    value.split(" #").next().unwrap_or(value).trim().to_string()
}

/// The text as blocks, without marks; of HTML in it, the text.
fn blocks(text: &str, from: usize) -> Vec<RawBlock> {
    let mut out: Vec<RawBlock> = Vec::new();
    let mut kind = BlockKind::Paragraph;
    let mut open = Traced::default();
    let mut items = 0usize;
    let mut cells = 0usize;
    let mut in_cell = false;
    let mut html: Option<String> = None;
    let mut flush = |open: &mut Traced, kind: BlockKind| {
        let text = std::mem::take(open);
        let mut start = 0;
        for line in text.split_inclusive('\n') {
            let inner = start + (line.len() - line.trim_start().len());
            if !line.trim().is_empty() {
                out.push(RawBlock::new(kind, text.part(Span { start: inner, end: inner + line.trim().len() })));
            }
            start += line.len();
        }
    };
    let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_FOOTNOTES;
    for (event, place) in Parser::new_ext(text, options).into_offset_iter() {
        let source = Span { start: from + place.start, end: from + place.end };
        match event {
            Event::Start(Tag::Heading { level, .. }) => {
                flush(&mut open, kind);
                kind = BlockKind::Heading(level as u8);
            }
            Event::Start(Tag::Item) => {
                flush(&mut open, kind);
                items += 1;
                kind = BlockKind::ListItem;
            }
            Event::Start(Tag::TableRow | Tag::TableHead) => {
                flush(&mut open, kind);
                cells = 0;
            }
            Event::Start(Tag::TableCell) => {
                if cells > 0 {
                    open.put_in(" | ");
                }
                cells += 1;
                in_cell = true;
            }
            Event::End(TagEnd::TableCell) => in_cell = false,
            Event::End(TagEnd::TableRow | TagEnd::TableHead) => {
                flush(&mut open, BlockKind::TableRow);
            }
            Event::Start(Tag::Paragraph | Tag::CodeBlock(_) | Tag::BlockQuote(_)) => flush(&mut open, kind),
            Event::End(TagEnd::Item) => {
                flush(&mut open, kind);
                items = items.saturating_sub(1);
                kind = if items > 0 { BlockKind::ListItem } else { BlockKind::Paragraph };
            }
            Event::End(TagEnd::Heading(_) | TagEnd::Paragraph | TagEnd::CodeBlock) => {
                flush(&mut open, kind);
                if kind != BlockKind::Footnote {
                    kind = if items > 0 { BlockKind::ListItem } else { BlockKind::Paragraph };
                }
            }
            Event::Start(Tag::FootnoteDefinition(_)) => {
                flush(&mut open, kind);
                kind = BlockKind::Footnote;
            }
            Event::End(TagEnd::FootnoteDefinition) => {
                flush(&mut open, kind);
                kind = BlockKind::Paragraph;
            }
            Event::Start(Tag::HtmlBlock) => {
                flush(&mut open, kind);
                html = Some(String::new());
            }
            Event::Html(piece) => {
                if let Some(html) = &mut html {
                    html.push_str(&piece);
                }
            }
            Event::End(TagEnd::HtmlBlock) => {
                // Tables and centred lines are often written so.
                let text = html.take().unwrap_or_default();
                for (kind, text) in super::html::whole(&text).map(|w| w.blocks).unwrap_or_default() {
                    let mut block = Traced::default();
                    block.push(&text, source, false);
                    flush(&mut block, kind);
                }
            }
            // Code stands between marks, entities are not what they are in the source.
            Event::Text(piece) => open.push(&piece, source, text.get(place) == Some(&*piece)),
            Event::Code(piece) => open.push(&piece, source, false),
            // In a file of lines, a line is what its author saw as a paragraph only where a blank
            // line follows; Chinese needs no blank where lines join.
            Event::SoftBreak if open.ends_with(crate::analysis::is_ideograph) => {}
            Event::SoftBreak => open.push(" ", source, false),
            Event::HardBreak => open.push(if in_cell { " " } else { "\n" }, source, false),
            _ => {}
        }
    }
    flush(&mut open, kind);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> RawDocument {
        extract(&Blob::of_file("a.md", text), &Limits::default()).unwrap()
    }

    #[test]
    fn front_matter_in_yaml_and_toml_is_read() {
        for text in [
            "---\ntitle: \"Dry \\\"port\\\"\"\ndate: 2020-06-05 # day\ntags: [a]\nregion: Xinjiang\n---\nText.",
            "+++\ntitle = 'Dry \"port\"'\ndate = 2020-06-05\nregion = \"Xinjiang\"\n+++\nText.",
        ] {
            let raw = read(text);
            assert_eq!(raw.metadata.title.unwrap().value, "Dry \"port\"");
            assert_eq!(raw.metadata.dates[0].value, "2020-06-05");
            assert_eq!(raw.metadata.region.unwrap(), Found::new("Xinjiang".to_string(), Origin::FrontMatter));
            assert_eq!((raw.blocks.len(), raw.blocks[0].text.as_str()), (1, "Text."));
        }
    }

    #[test]
    fn headings_lists_and_tables_are_told_apart() {
        let raw = read(
            "# Title\n\n## Part\n\nSome *marked* [text](http://a).\n\n- one\n- two\n\n| a | b |\n|---|---|\n| 1 | 2 |\n",
        );
        assert_eq!(raw.metadata.title.unwrap().value, "Title");
        let blocks: Vec<(BlockKind, &str)> = raw.blocks.iter().map(|b| (b.kind, b.text.as_str())).collect();
        assert_eq!(
            blocks,
            [
                (BlockKind::Heading(2), "Part"),
                (BlockKind::Paragraph, "Some marked text."),
                (BlockKind::ListItem, "one"),
                (BlockKind::ListItem, "two"),
                (BlockKind::TableRow, "a | b"),
                (BlockKind::TableRow, "1 | 2"),
            ]
        );
    }

    #[test]
    fn html_in_it_is_text_too() {
        let raw = read(
            "Before.\n\n<table><tr><td>Growth</td><td>8 percent</td></tr></table>\n\n<div>\n\nInside.\n\n</div>\n\n<p align=\"center\">Centred</p>\n\nAfter.\n",
        );
        let blocks: Vec<(BlockKind, &str)> = raw.blocks.iter().map(|b| (b.kind, b.text.as_str())).collect();
        use BlockKind::{Paragraph, TableRow};
        let expected = [
            (Paragraph, "Before."),
            (TableRow, "Growth | 8 percent"),
            (Paragraph, "Inside."),
            (Paragraph, "Centred"),
            (Paragraph, "After."),
        ];
        assert_eq!(blocks, expected);
    }

    #[test]
    fn a_rule_at_the_head_is_no_front_matter() {
        let raw = read("---\nno end\n\nText.");
        assert!(raw.blocks.iter().any(|b| b.text.contains("Text.")));
    }
}
