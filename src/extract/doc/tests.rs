use super::*;
use crate::extract::{BlockKind, test::read};
use proptest::prelude::*;
use std::io::Write;

/// Where the text begins in the stream, and how long a page of formats is.
const TEXT_AT: usize = 0x600;
const PAGE: usize = 512;

/// A document in the making.
#[derive(Default)]
struct Word {
    /// Paragraphs with their marks, styles and properties.
    paragraphs: Vec<(&'static str, u16, Vec<u8>)>,
    /// Stretches of characters with properties.
    characters: Vec<(usize, usize, Vec<u8>)>,
    /// Lengths of the stories; the first may be left to be counted.
    stories: [u32; 8],
    /// The first characters are kept with one byte each.
    narrow: usize,
    is_encrypted: bool,
}

fn put(bytes: &mut [u8], at: usize, number: usize) {
    bytes[at..at + 4].copy_from_slice(&(number as u32).to_le_bytes());
}

/// A page of formats: (start, end, properties with all that comes before them).
fn page(runs: &[(usize, usize, Vec<u8>)], entry: usize) -> Vec<u8> {
    let mut page = vec![0; PAGE];
    let mut free = PAGE - 2;
    for (n, (start, end, bytes)) in runs.iter().enumerate() {
        put(&mut page, 4 * n, *start);
        put(&mut page, 4 * n + 4, *end);
        free = (free - bytes.len()) & !1;
        page[free..free + bytes.len()].copy_from_slice(bytes);
        page[4 * (runs.len() + 1) + entry * n] = (free / 2) as u8;
    }
    page[PAGE - 1] = runs.len() as u8;
    page
}

fn compound(streams: &[(&str, &[u8])]) -> Vec<u8> {
    let mut file = cfb::CompoundFile::create(Cursor::new(Vec::new())).unwrap();
    for (name, bytes) in streams {
        file.create_stream(name).unwrap().write_all(bytes).unwrap();
    }
    file.flush().unwrap();
    file.into_inner().into_inner()
}

impl Word {
    fn paragraph(mut self, text: &'static str, style: u16, properties: &[u8]) -> Word {
        self.paragraphs.push((text, style, properties.to_vec()));
        self
    }

    fn of(paragraphs: &[&'static str]) -> Word {
        paragraphs.iter().fold(Word::default(), |word, text| word.paragraph(text, 0, &[]))
    }

    fn file(&self) -> Vec<u8> {
        let text: Vec<u16> = self.paragraphs.iter().flat_map(|(t, ..)| t.encode_utf16()).collect();
        let place = |character: usize| TEXT_AT + character.min(self.narrow) + 2 * character.saturating_sub(self.narrow);
        let mut document = vec![0; TEXT_AT];
        document[..4].copy_from_slice(&[0xec, 0xa5, 0xc1, 0]);
        document[0xb] = if self.is_encrypted { 3 } else { 2 };
        document.extend(text[..self.narrow].iter().map(|u| *u as u8));
        document.extend(text[self.narrow..].iter().flat_map(|u| u.to_le_bytes()));
        document.resize(document.len().next_multiple_of(PAGE), 0);
        for (n, length) in self.stories.iter().enumerate() {
            put(&mut document, 0x4c + 4 * n, *length as usize);
        }
        if self.stories == [0; 8] {
            put(&mut document, 0x4c, text.len());
        }
        let mut at = 0;
        let mut runs = Vec::new();
        for (text, style, properties) in &self.paragraphs {
            let end = at + text.encode_utf16().count();
            let bytes = [&style.to_le_bytes()[..], properties].concat();
            let head =
                if bytes.len() % 2 == 1 { vec![(bytes.len() / 2 + 1) as u8] } else { vec![0, (bytes.len() / 2) as u8] };
            runs.push((place(at), place(end), [head, bytes].concat()));
            at = end;
        }
        let paragraphs = page(&runs, 13);
        let runs: Vec<_> = self
            .characters
            .iter()
            .map(|(a, b, p)| (place(*a), place(*b), [&[p.len() as u8], &p[..]].concat()))
            .collect();
        let characters = page(&runs, 1);
        let first = document.len() / PAGE;
        document.extend([paragraphs, characters].concat());

        use styles::test::{sheet, style};
        let (lists, levels) =
            lists::test::list(lists::test::level(1, 37, "\0、"), lists::test::level(1, 23, "\u{f0b7}"));
        let list =
            |page: usize| [0u32, u32::MAX, page as u32].iter().flat_map(|n| n.to_le_bytes()).collect::<Vec<u8>>();
        let mut pieces = vec![2, if self.narrow > 0 { 28 } else { 16 }, 0, 0, 0];
        let mut borders = vec![0, self.narrow, text.len()];
        borders.dedup();
        borders.iter().for_each(|b| pieces.extend((*b as u32).to_le_bytes()));
        if self.narrow > 0 {
            pieces.extend([&[0, 0], &(0x4000_0000 | (2 * TEXT_AT) as u32).to_le_bytes()[..], &[0, 0]].concat());
        }
        pieces.extend([&[0, 0], &(place(self.narrow) as u32).to_le_bytes()[..], &[0, 0]].concat());
        let mut table = vec![0; 4];
        for (number, part) in [
            (fib::STYLES, sheet(&[style(0, 0xfff, "Normal", &[]), style(1, 0, "heading 1", &[])])),
            (fib::PARAGRAPHS, list(first)),
            (fib::CHARACTERS, list(first + 1)),
            (fib::PIECES, pieces),
            (fib::LIST_FORMATS, lists::test::formats()),
            (fib::LISTS, lists),
        ] {
            put(&mut document, 0x9a + 8 * number, table.len());
            put(&mut document, 0x9e + 8 * number, part.len());
            table.extend(part);
        }
        table.extend(levels);
        let summary = summary::test::summary(936, b"\xb8\xdb", b"Li", 132_568_992_000_000_000);
        compound(&[(STREAM, &document), ("1Table", &table), ("\u{5}SummaryInformation", &summary)])
    }

    #[track_caller]
    fn blocks(&self) -> Vec<(BlockKind, String)> {
        let raw = read("a.doc", &self.file()).unwrap();
        raw.blocks.into_iter().map(|b| (b.kind, b.text.as_str().to_string())).collect()
    }

    #[track_caller]
    fn check(&self, expected: &str) {
        let texts: Vec<String> = self.blocks().into_iter().map(|(_, text)| text).collect();
        assert_eq!(texts.join("/"), expected);
    }
}

const IN_TABLE: &[u8] = &[0x16, 0x24, 1];
const ROW_END: &[u8] = &[0x16, 0x24, 1, 0x17, 0x24, 1];

#[test]
fn characters_and_marks_become_paragraphs() {
    Word::of(&["The\u{b}dry\tport\u{1e}of\u{a0}Urum\u{1f}qi\u{1}\u{2}\r", "新疆\u{b}陆港😀\r", "a\u{c}b\u{e}c\r"])
        .check("The dry port-of Urumqi/新疆陆港😀/a/b/c");
    Word { narrow: 4, ..Word::of(&["caf\u{e9} 港\r"]) }.check("café 港");
    Word::of(&["a \u{13}HYPERLINK \u{13}x\u{14}y\u{15}\u{14}shown \u{13}z\u{15}\u{15} b\r"]).check("a shown b");
    Word::of(&["a\u{13}never ends\u{7}", "b\r"]).check("a/b");
}

#[test]
fn headings_items_and_rows_are_told_by_their_formats() {
    let list = |level: u8| [0x0b, 0x46, 1, 0, 0x0a, 0x26, level];
    let word = Word::default()
        .paragraph("Heading\r", 1, &[])
        .paragraph("Outline\r", 0, &[0x40, 0x26, 1])
        .paragraph("一项\r", 0, &list(0))
        .paragraph("\r", 0, &list(1))
        .paragraph("Bullet\r", 0, &list(1))
        .paragraph("二项\r", 0, &list(0))
        .paragraph("a\r", 0, IN_TABLE)
        .paragraph("b\u{7}", 0, IN_TABLE)
        .paragraph("\u{7}", 0, IN_TABLE)
        .paragraph("c\u{7}", 0, IN_TABLE)
        .paragraph("\u{7}", 0, ROW_END)
        .paragraph("Text\r", 0, &[]);
    let expected = [
        (BlockKind::Heading(1), "Heading"),
        (BlockKind::Heading(2), "Outline"),
        (BlockKind::ListItem, "一、一项"),
        (BlockKind::ListItem, "Bullet"),
        (BlockKind::ListItem, "二、二项"),
        (BlockKind::TableRow, "a b | c"),
        (BlockKind::Paragraph, "Text"),
    ];
    assert_eq!(word.blocks(), expected.map(|(kind, text)| (kind, text.to_string())));
}

#[test]
fn hidden_and_deleted_characters_are_left_out() {
    let hidden = vec![0x3c, 0x08, 1];
    let deleted = vec![0x00, 0x08, 1];
    let symbol = vec![0x09, 0x6a, 0, 0, 0xd8, 0xf0];
    let characters = vec![(2, 4, hidden), (4, 5, vec![]), (5, 6, deleted), (6, 7, vec![]), (7, 8, symbol)];
    Word { characters, ..Word::of(&["a-hh+d=(.\r"]) }.check("a-+=.");
}

#[test]
fn stories_go_where_they_belong() {
    let word = Word {
        stories: [3, 2, 2, 0, 2, 2, 2, 2],
        ..Word::of(&["ab\r", "f\r", "h\r", "c\r", "e\r", "t\r", "r\r", "\r"])
    };
    let kinds = [
        (BlockKind::Paragraph, "ab"),
        (BlockKind::Paragraph, "t"),
        (BlockKind::Footnote, "f"),
        (BlockKind::Footnote, "e"),
    ];
    assert_eq!(word.blocks(), kinds.map(|(kind, text)| (kind, text.to_string())));
    assert!(read("a.doc", &word.file()).unwrap().original.text.contains("h\n"));
}

#[test]
fn the_file_says_title_author_and_date() {
    let metadata = read("a.doc", &Word::of(&["a\r"]).file()).unwrap().metadata;
    assert_eq!(metadata.title.unwrap().value, "港");
    assert_eq!(metadata.authors[0].value, "Li");
    assert_eq!((metadata.dates[0].value.as_str(), metadata.dates[0].confidence), ("2021-02-04", Confidence::Low));
}

#[test]
fn files_before_word_97_give_their_text() {
    let mut document = vec![0; 0x300];
    document[..8].copy_from_slice(&[0xdc, 0xa5, 0x65, 0, 0, 0, 0x04, 0x08]);
    let text = b"\xbd\xa8\xc9\xe8\ra\x07b\x07\x07end\r";
    put(&mut document, 0x18, 0x300);
    put(&mut document, 0x1c, 0x300 + text.len());
    put(&mut document, 0x34, text.len());
    document.extend(text);
    let raw = read("a.doc", &compound(&[(STREAM, &document)])).unwrap();
    let blocks: Vec<(BlockKind, &str)> = raw.blocks.iter().map(|b| (b.kind, b.text.as_str())).collect();
    assert_eq!(blocks, [(BlockKind::Paragraph, "建设"), (BlockKind::TableRow, "a | b"), (BlockKind::Paragraph, "end")]);
}

#[test]
fn what_cannot_be_read_is_said() {
    let problem = |bytes: &[u8]| read("a.doc", bytes).unwrap_err().to_string();
    let word = Word { is_encrypted: true, ..Word::of(&["a\r"]) };
    assert_eq!(problem(&word.file()), "is protected by a password");
    let whole = Word::of(&["a\r"]).file();
    assert!(problem(&whole[..whole.len() / 2]).starts_with("is damaged"));
    let beyond = Word { stories: [900, 0, 0, 0, 0, 0, 0, 0], ..Word::of(&["a\r"]) };
    assert!(read("a.doc", &beyond.file()).is_ok());
    assert!(problem(&compound(&[(STREAM, &[0; 600])])).starts_with("is damaged"));
    let inner = compound(&[("Workbook", b"WordDocument")]);
    assert!(!recognises(&Head::new(&inner)));
}

proptest! {
    #[test]
    fn no_bytes_whatever_panic(changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..12), cut: prop::sample::Index, random: Vec<u8>) {
        let limits = Limits::default();
        let mut word = Word::of(&["a\u{13}b\u{14}c\u{15}\r", "d\u{7}", "\u{7}", "f\r"]);
        word.characters = vec![(1, 2, vec![0x3c, 0x08, 1])];
        word = word.paragraph("x\r", 1, &[0x0b, 0x46, 1, 0, 0x46, 0x66, 0, 0, 0, 0]);
        let mut bytes = word.file();
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        let _ = extract(&Blob::of_file("a.doc", bytes.clone()), &limits);
        bytes.truncate(cut.index(bytes.len()));
        bytes.extend(&random);
        recognises(&Head::new(&bytes));
        let _ = extract(&Blob::of_file("a.doc", bytes), &limits);
        let _ = extract(&Blob::of_file("a.doc", [MAGIC, &random].concat()), &limits);
        let _ = summary::read(&random);
        // The parts by themselves: most changes to a file break it before they are reached.
        let _ = pieces::pieces(&random, false);
        let _ = Styles::read(&random, &random);
        let mut lists = Lists::read(&random, Some((0, random.len() / 2)), &random);
        let _ = lists.label(1, 3);
        format::Properties(&random).for_each(drop);
    }

    #[test]
    fn no_streams_whatever_panic(document: Vec<u8>, table: Vec<u8>, changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..40)) {
        let word = Word { narrow: 2, ..Word::of(&["a\u{13}b\u{14}c\u{15}\r", "d\u{7}", "\u{7}", "f\r"]) };
        let mut file = cfb::CompoundFile::open(Cursor::new(word.file())).unwrap();
        let mut streams = ["WordDocument", "1Table"].map(|name| {
            let mut bytes = Vec::new();
            file.open_stream(name).unwrap().read_to_end(&mut bytes).unwrap();
            bytes
        });
        for (n, (at, byte)) in changes.iter().enumerate() {
            let stream = &mut streams[n % 2];
            let at = at.index(stream.len());
            stream[at] = *byte;
        }
        for (document, table) in [(&streams[0], &streams[1]), (&streams[0], &table), (&document, &table)] {
            if let Ok(fib) = Fib::read(document) {
                let limits = Limits::default();
                for body in [modern(&fib, [document, table, table], &limits), old(&fib, document, &limits)].into_iter().flatten() {
                    let mut flow = Flow::new(&limits);
                    body.pour(&mut flow);
                    let _ = flow.finish();
                }
            }
        }
    }
}
