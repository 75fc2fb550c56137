//! Books in EPUB: chapters in the order of the spine, each read as a whole page, and what the package
//! says of itself.
//!
//! Left out: the navigation and pages of contents (shown as left out), covers and drawings.

use super::flow::Flow;
use super::parts::{self, Parts};
use super::xml::{Event, Xml};
use super::{BlockKind, Format, Metadata, RawDocument, html};
use crate::decode;
use crate::error::Problem;
use crate::model::{Found, Origin};
use crate::source::{Blob, Head, Limits, Package};
use std::collections::{HashMap, HashSet};

/// Books in EPUB.
pub const FORMAT: Format = Format {
    name: "epub",
    extensions: &["epub"],
    is_binary: true,
    recognises: |head: &Head| {
        head.is_package_of("application/epub+zip")
            || head.has_member(CONTAINER) && head.members().iter().any(|m| m.to_lowercase().ends_with(".opf"))
    },
    extract,
};

/// Says where the package's description is.
const CONTAINER: &str = "META-INF/container.xml";
/// Says which parts are encrypted.
const ENCRYPTION: &str = "META-INF/encryption.xml";
/// Algorithms that only make fonts unusable elsewhere.
const FONT_ALGORITHMS: &[&str] = &["http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC"];
/// Where the metadata stands, for people.
const PLACE: &str = "package metadata";

fn extract(blob: &Blob, limits: &Limits) -> Result<RawDocument, Problem> {
    let mut parts = Parts::new(Package::open(&blob.bytes, limits)?);
    let book = book(&mut parts, limits)?;
    let locked = locked(&mut parts, limits)?;
    if book.chapters.iter().any(|c| locked.contains(c)) {
        return Err(Problem::Content("is protected by DRM".into()));
    }
    let mut flow = Flow::new(limits);
    let mut found = 0;
    for chapter in &book.chapters {
        let Some(bytes) = parts.bytes(chapter)? else { continue };
        found += 1;
        let decoded = decode::decode(&bytes, html::declared_encoding(&bytes).as_deref());
        let whole = html::whole(&decoded.text)?;
        for (kind, text) in &whole.blocks {
            match kind {
                _ if whole.is_contents => flow.left_out(text),
                BlockKind::TableRow => flow.row(&text.split(" | ").collect::<Vec<_>>()),
                kind => flow.block(*kind, text),
            }
        }
        if flow.is_over() {
            break;
        }
    }
    if found == 0 {
        return Err(damaged("none of its chapters is there"));
    }
    let mut raw = flow.finish()?;
    raw.metadata = book.metadata;
    Ok(raw)
}

/// What the package's description says.
struct Book {
    metadata: Metadata,
    /// Paths of the chapters in reading order.
    chapters: Vec<String>,
}

fn damaged(what: &str) -> Problem {
    Problem::Content(format!("is damaged: {what}"))
}

fn book(parts: &mut Parts, limits: &Limits) -> Result<Book, Problem> {
    let path = description(parts, limits)?;
    let Some(opf) = path.as_deref().map(|p| parts.xml(p)).transpose()?.flatten() else {
        return Err(damaged("the description of the package is not there"));
    };
    let path = path.unwrap_or_default();
    let mut about = About::default();
    let mut items: HashMap<String, (String, bool)> = HashMap::new();
    let (mut in_order, mut spine, mut beside) = (Vec::new(), Vec::new(), Vec::new());
    let mut xml = Xml::new(&opf, "the description of the package", limits);
    while let Some(event) = xml.next()? {
        let Event::Start(element) = event else { continue };
        match element.name() {
            "item" => {
                let (Some(id), Some(href)) = (element.attribute("id"), element.attribute("href")) else { continue };
                let has = |name: &str, part: &str| element.attribute(name).is_some_and(|v| v.contains(part));
                let is_nav = element.attribute("properties").is_some_and(|p| p.split_whitespace().any(|p| p == "nav"));
                let href = href.split(['#', '?']).next().unwrap_or("").to_string();
                if !is_nav && (has("media-type", "html") || has("media-type", "dtbook")) {
                    in_order.push(id.clone());
                }
                items.insert(id, (href, is_nav));
            }
            "itemref" => {
                let Some(id) = element.attribute("idref") else { continue };
                if element.attribute("linear").as_deref() == Some("no") { beside.push(id) } else { spine.push(id) }
            }
            name @ ("title" | "creator" | "date" | "language" | "publisher") => {
                let name = name.to_string();
                let role = element.attribute(if name == "date" { "event" } else { "role" });
                about.take(&name, role.as_deref(), &xml.text()?);
            }
            _ => {}
        }
    }
    if spine.is_empty() && beside.is_empty() {
        spine = in_order;
    }
    // What stands beside the reading order is mostly notes: they come last.
    spine.append(&mut beside);
    let mut taken = HashSet::new();
    let mut chapters = Vec::new();
    for (href, _) in spine.iter().filter_map(|id| items.get(id)).filter(|(_, is_nav)| !is_nav) {
        let written = parts::resolved(&path, href);
        let decoded = parts::resolved(&path, &parts::percent_decoded(href));
        let chapter = if parts.has(&decoded) { decoded } else { written };
        if taken.insert(chapter.clone()) {
            chapters.push(chapter);
        }
    }
    Ok(Book { metadata: about.metadata(), chapters })
}

/// The path of the package's description.
fn description(parts: &mut Parts, limits: &Limits) -> Result<Option<String>, Problem> {
    if let Some(container) = parts.xml(CONTAINER)? {
        let mut xml = Xml::new(&container, CONTAINER, limits);
        while let Some(event) = xml.next()? {
            let Event::Start(element) = event else { continue };
            let Some(path) = element.attribute("full-path").filter(|_| element.name() == "rootfile") else { continue };
            for path in [parts::resolved("", &path), parts::resolved("", &parts::percent_decoded(&path))] {
                if parts.has(&path) {
                    return Ok(Some(path));
                }
            }
        }
    }
    Ok(parts.paths().filter(|p| p.to_lowercase().ends_with(".opf")).min().map(str::to_string))
}

/// The paths of parts that are encrypted, fonts aside.
fn locked(parts: &mut Parts, limits: &Limits) -> Result<HashSet<String>, Problem> {
    let mut out = HashSet::new();
    let Some(encryption) = parts.xml(ENCRYPTION)? else { return Ok(out) };
    let mut xml = Xml::new(&encryption, ENCRYPTION, limits);
    let mut is_font = false;
    while let Some(event) = xml.next()? {
        let Event::Start(element) = event else { continue };
        match element.name() {
            "EncryptedData" => is_font = false,
            "EncryptionMethod" => {
                is_font |= element.attribute("Algorithm").is_some_and(|a| FONT_ALGORITHMS.contains(&a.as_str()));
            }
            "CipherReference" if !is_font => {
                if let Some(uri) = element.attribute("URI") {
                    out.insert(parts::resolved("", &uri));
                    out.insert(parts::resolved("", &parts::percent_decoded(&uri)));
                }
            }
            _ => {}
        }
    }
    Ok(out)
}

/// What the metadata says, gathered.
#[derive(Default)]
struct About {
    titles: Vec<String>,
    /// Names and whether they are those of authors, not of translators and the like.
    creators: Vec<(String, bool)>,
    /// Days with how little they tell of publication: 0 the most.
    dates: Vec<(String, u8)>,
    languages: Vec<String>,
    publishers: Vec<String>,
}

impl About {
    fn take(&mut self, name: &str, role: Option<&str>, text: &str) {
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        if text.is_empty() {
            return;
        }
        match name {
            "title" => self.titles.push(text),
            "creator" => self.creators.push((text, role.is_none_or(|r| r == "aut"))),
            "date" => {
                let rank = match role {
                    Some("publication") => 0,
                    None => 1,
                    Some("original-publication" | "creation") => 2,
                    // When it was converted tells nothing.
                    Some(_) => return,
                };
                self.dates.push((text, rank));
            }
            "language" => self.languages.push(text),
            _ => self.publishers.push(text),
        }
    }

    fn metadata(mut self) -> Metadata {
        let found = |text: String| Found::new(text, Origin::Meta).at(PLACE);
        let authors_only = self.creators.iter().any(|(_, is_author)| *is_author);
        self.creators
            .retain(|(name, is_author)| (*is_author || !authors_only) && !name.eq_ignore_ascii_case("unknown"));
        self.dates.sort_by_key(|(_, rank)| *rank);
        Metadata {
            title: self.titles.iter().find_map(|t| parts::title(t, PLACE)),
            authors: self.creators.into_iter().map(|(name, _)| found(name)).collect(),
            dates: self.dates.into_iter().map(|(date, _)| found(date)).collect(),
            language: self.languages.into_iter().find(|l| !l.eq_ignore_ascii_case("und")).map(found),
            sources: self.publishers.into_iter().map(found).collect(),
            ..Metadata::default()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::package::test::zip;

    const CONTAINER_XML: &[u8] = b"<container><rootfiles><rootfile full-path='OEBPS/content.opf' \
        media-type='application/oebps-package+xml'/></rootfiles></container>";

    const OPF: &str = "<package xmlns:dc='d' xmlns:opf='o'><metadata><dc:title>Annals of the Inland Ports</dc:title>\
        <dc:creator opf:role='trl'>T. Ranslator</dc:creator><dc:creator opf:role='aut'>Zhang Heping</dc:creator>\
        <dc:date opf:event='conversion'>2023-01-01</dc:date><dc:date>2022-03-15</dc:date><dc:language>en</dc:language>\
        <dc:publisher>Loess Plateau Press</dc:publisher></metadata><manifest>\
        <item id='n' href='nav.xhtml' media-type='application/xhtml+xml' properties='nav'/>\
        <item id='a' href='text/c%201.xhtml' media-type='application/xhtml+xml'/>\
        <item id='b' href='../c2.xhtml' media-type='application/xhtml+xml'/>\
        <item id='f' href='notes.xhtml' media-type='application/xhtml+xml'/>\
        <item id='x' href='gone.xhtml' media-type='application/xhtml+xml'/></manifest>\
        <spine><itemref idref='f' linear='no'/><itemref idref='n'/><itemref idref='b'/><itemref idref='x'/>\
        <itemref idref='a'/><itemref idref='a'/></spine></package>";

    fn book(more: &[(&str, &[u8])]) -> Vec<u8> {
        let mut members: Vec<(&str, &[u8])> = vec![
            (CONTAINER, CONTAINER_XML),
            ("OEBPS/content.opf", OPF.as_bytes()),
            ("OEBPS/nav.xhtml", b"<body><p>navigation</p></body>"),
            ("OEBPS/text/c 1.xhtml", "<body><h1>One</h1><p>沿黄\n九省区。</p></body>".as_bytes()),
            ("c2.xhtml", b"<body><p>Two.</p><table><tr><td>a</td><td>b</td></tr></table></body>"),
            ("OEBPS/notes.xhtml", b"<body><aside epub:type='footnote'>A note.</aside></body>"),
        ];
        members.extend(more);
        zip(&members)
    }

    fn read(bytes: Vec<u8>) -> Result<RawDocument, Problem> {
        let blob = Blob::of_file("a.epub", bytes);
        assert!((FORMAT.recognises)(&Head::new(&blob.bytes)));
        extract(&blob, &Limits::default())
    }

    #[test]
    fn chapters_come_in_the_order_of_the_spine() {
        let raw = read(book(&[])).unwrap();
        let blocks: Vec<(BlockKind, &str)> = raw.blocks.iter().map(|b| (b.kind, b.text.as_str())).collect();
        assert_eq!(
            blocks,
            [
                (BlockKind::Paragraph, "Two."),
                (BlockKind::TableRow, "a | b"),
                (BlockKind::Heading(1), "One"),
                (BlockKind::Paragraph, "沿黄九省区。"),
                (BlockKind::Footnote, "A note."),
            ]
        );
        let meta = raw.metadata;
        assert_eq!(meta.title.unwrap().value, "Annals of the Inland Ports");
        assert_eq!(meta.authors.iter().map(|a| a.value.as_str()).collect::<Vec<_>>(), ["Zhang Heping"]);
        assert_eq!(meta.dates.iter().map(|d| d.value.as_str()).collect::<Vec<_>>(), ["2022-03-15"]);
        assert_eq!(
            (meta.language.unwrap().value, meta.sources[0].value.as_str()),
            ("en".into(), "Loess Plateau Press")
        );
    }

    #[test]
    fn a_locked_chapter_is_a_reason_and_a_locked_font_is_none() {
        let data = |algorithm: &str, uri: &str| {
            format!(
                "<encryption><EncryptedData><EncryptionMethod Algorithm='{algorithm}'/><CipherData>\
                 <CipherReference URI='{uri}'/></CipherData></EncryptedData></encryption>"
            )
        };
        let font = data(FONT_ALGORITHMS[0], "OEBPS/a.ttf");
        assert!(read(book(&[(ENCRYPTION, font.as_bytes())])).is_ok());
        let chapter = data("http://www.w3.org/2001/04/xmlenc#aes128-cbc", "OEBPS/text/c%201.xhtml");
        let problem = read(book(&[(ENCRYPTION, chapter.as_bytes())])).unwrap_err();
        assert_eq!(problem.to_string(), "is protected by DRM");
    }

    #[test]
    fn a_book_without_chapters_is_damaged() {
        let bytes = zip(&[(CONTAINER, CONTAINER_XML), ("OEBPS/content.opf", OPF.as_bytes())]);
        assert!(read(bytes).unwrap_err().to_string().starts_with("is damaged: none of its chapters"));
        let bytes = zip(&[("mimetype", b"application/epub+zip")]);
        let problem = extract(&Blob::of_file("a.epub", bytes), &Limits::default()).unwrap_err();
        assert!(problem.to_string().starts_with("is damaged: the description"));
    }

    proptest::proptest! {
        #![proptest_config(proptest::test_runner::Config::with_cases(64))]
        #[test]
        fn any_damage_gives_a_document_or_a_reason(
            at in proptest::prelude::any::<proptest::sample::Index>(),
            to in proptest::prelude::any::<proptest::sample::Index>(),
            bits in 0u8..=255,
            cut in 0u8..4,
        ) {
            // The description itself, and the file as a whole.
            for is_part in [true, false] {
                let mut bytes = if is_part { OPF.as_bytes().to_vec() } else { book(&[]) };
                let (at, to) = (at.index(bytes.len()), to.index(bytes.len()));
                match cut {
                    0 => bytes.truncate(at),
                    1 => drop(bytes.drain(at.min(to)..at.max(to))),
                    2 => bytes.copy_within(at.min(to)..at.max(to), 0),
                    _ => bytes[at] ^= bits,
                }
                let bytes = if is_part { zip(&[(CONTAINER, CONTAINER_XML), ("OEBPS/content.opf", &bytes), ("c2.xhtml", b"<p>x")]) } else { bytes };
                let _ = extract(&Blob::of_file("a.epub", bytes), &Limits::default());
            }
        }
    }
}
