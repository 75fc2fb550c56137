//! Word documents as a whole: small packages in, blocks out.

use super::*;
use crate::extract::BlockKind::{self, *};
use crate::extract::test::read;
use crate::source::package::test::zip;

/// A package with that body; other parts by name.
fn package(body: &str, parts: &[(&str, &str)]) -> Vec<u8> {
    let text = format!("<?xml version='1.0'?><w:document xmlns:w='x'><w:body>{body}</w:body></w:document>");
    let mut members: Vec<(&str, &[u8])> = vec![("[Content_Types].xml", b"<Types/>"), (MAIN, text.as_bytes())];
    members.extend(parts.iter().map(|(name, text)| (*name, text.as_bytes())));
    zip(&members)
}

const MAIN: &str = "word/document.xml";

fn blocks(raw: &RawDocument) -> Vec<(BlockKind, String)> {
    raw.blocks.iter().map(|b| (b.kind, b.text.as_str().to_string())).collect()
}

/// Texts of the blocks of a body.
#[track_caller]
fn check(body: &str, expected: &[&str]) {
    let raw = read("a.docx", &package(body, &[])).unwrap();
    let texts: Vec<&str> = raw.blocks.iter().map(|b| b.text.as_str()).collect();
    assert_eq!(texts, expected, "{body}");
}

fn p(inside: &str) -> String {
    format!("<w:p>{inside}</w:p>")
}

fn r(text: &str) -> String {
    format!("<w:r><w:t>{text}</w:t></w:r>")
}

/// A paragraph with properties.
fn styled(properties: &str, text: &str) -> String {
    format!("<w:p><w:pPr>{properties}</w:pPr>{}</w:p>", r(text))
}

#[test]
fn runs_are_one_text() {
    check(&p(&[r("The dry p"), r("orts &amp; yards")].concat()), &["The dry ports & yards"]);
    let signs = "<w:r><w:t>a</w:t><w:tab/><w:t>b</w:t><w:br/><w:t>Sino</w:t><w:noBreakHyphen/><w:t>Kazakh so</w:t><w:softHyphen/><w:t>ft</w:t></w:r>";
    check(&p(signs), &["a b Sino-Kazakh soft"]);
    check(&p("<w:r><w:t>陆</w:t><w:br/><w:t>港</w:t></w:r>"), &["陆港"]);
    check(&p("<w:r><w:t>一。</w:t><w:br/><w:t>\u{3000}\u{3000}二。</w:t></w:r>"), &["一。", "二。"]);
}

#[test]
fn what_was_put_in_is_there_and_what_was_taken_out_is_not() {
    let body = [
        r("Trade "),
        format!("<w:ins>{}</w:ins>", r("grew")),
        format!("<w:del><w:r><w:delText>fell</w:delText></w:r>{}</w:del>", r("sank")),
        format!("<w:moveFrom>{}</w:moveFrom><w:moveTo>{}</w:moveTo>", r("gone"), r(" moved")),
        "<w:r><w:rPr><w:vanish/></w:rPr><w:t>secret</w:t></w:r>".to_string(),
        "<w:r><w:rPr><w:vanish w:val='0'/></w:rPr><w:t> shown</w:t></w:r>".to_string(),
        "<w:r><w:sym w:font='Wingdings' w:char='F0FC'/></w:r>".to_string(),
        "<w:sdt><w:sdtPr><w:alias w:val='x'/></w:sdtPr><w:sdtContent><w:smartTag><w:r><w:t> here</w:t></w:r></w:smartTag></w:sdtContent></w:sdt>".to_string(),
    ];
    check(&p(&body.concat()), &["Trade grew moved shown here"]);
    let gone = "<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr><w:r><w:t>One </w:t></w:r></w:p>";
    check(&[gone, &p(&r("line."))].concat(), &["One line."]);
    check(&[&p(&r("Text.")), gone].concat(), &["Text.", "One"]);
}

#[test]
fn fields_show_their_result() {
    let field = |kind: &str| format!("<w:r><w:fldChar w:fldCharType='{kind}'/></w:r>");
    let code = "<w:r><w:instrText>HYPERLINK x</w:instrText></w:r>";
    let body =
        [field("begin"), code.into(), r("if"), field("separate"), r("result"), field("end"), r(" after")].concat();
    check(&p(&body), &["result after"]);
    // A field without an end hides no more than its paragraph.
    check(&[p(&[r("a"), field("begin"), r("x")].concat()), p(&r("b"))].concat(), &["a", "b"]);
}

#[test]
fn ruby_and_formulas() {
    let ruby = format!(
        "<w:r><w:ruby><w:rubyPr/><w:rt>{}</w:rt><w:rubyBase>{}</w:rubyBase></w:ruby></w:r>",
        r("gǎng"),
        r("港")
    );
    check(&p(&[r("陆"), ruby].concat()), &["陆港"]);
    let formula =
        "<m:oMath><m:f><m:num><m:r><m:t>3</m:t></m:r></m:num><m:den><m:r><m:t>4</m:t></m:r></m:den></m:f></m:oMath>";
    check(&p(formula), &["3/4"]);
}

#[test]
fn a_box_comes_once_and_after_its_paragraph() {
    let inside = format!("<w:txbxContent>{}</w:txbxContent>", p(&r("In the box.")));
    let drawing = format!("<w:drawing><a:p><a:r><a:t>shape</a:t></a:r></a:p><wps:txbx>{inside}</wps:txbx></w:drawing>");
    let old = format!("<w:pict><v:textbox>{inside}</v:textbox></w:pict>");
    let both = format!(
        "<w:r><mc:AlternateContent><mc:Choice>{drawing}</mc:Choice><mc:Fallback>{old}</mc:Fallback></mc:AlternateContent></w:r>"
    );
    check(&p(&[both, r("Around it.")].concat()), &["Around it.", "In the box."]);
    let empty = format!(
        "<w:r><mc:AlternateContent><mc:Choice><w:drawing/></mc:Choice><mc:Fallback>{old}</mc:Fallback></mc:AlternateContent></w:r>"
    );
    check(&p(&empty), &["In the box."]);
}

#[test]
fn tables_are_rows() {
    let cell = |properties: &str, inside: &str| format!("<w:tc><w:tcPr>{properties}</w:tcPr>{inside}</w:tc>");
    let text = |text: &str| cell("", &p(&r(text)));
    let row = |cells: &[String]| format!("<w:tr>{}</w:tr>", cells.concat());
    let inner = format!("<w:tbl>{}</w:tbl>", row(&[text("c"), text("d")]));
    let body = [
        "<w:tbl>".to_string(),
        row(&[cell("<w:vMerge w:val='restart'/>", &p(&r("Port"))), text("2021")]),
        row(&[cell("<w:vMerge/>", &p(&r("unseen"))), text("2022")]),
        row(&[cell("", &[p(&r("a")), p(&r("b")), inner].concat()), text("e")]),
        format!("<w:tr><w:trPr><w:del/></w:trPr>{}</w:tr>", text("gone")),
        "</w:tbl>".to_string(),
    ];
    let raw = read("a.docx", &package(&body.concat(), &[])).unwrap();
    let expected = [(TableRow, "Port | 2021"), (TableRow, "2022"), (TableRow, "a b c | d | e")];
    assert_eq!(blocks(&raw), expected.map(|(k, t)| (k, t.to_string())));
    let limits = Limits { cells: 3, ..Limits::default() };
    let blob = Blob::of_file("a.docx", package(&body.concat(), &[]));
    assert_eq!(extract(&blob, &limits).unwrap_err(), limits.over("max-cells"));
}

#[test]
fn styles_lists_notes_and_properties_come_from_their_parts() {
    let styles = "<w:styles>\
        <w:style w:type='paragraph' w:styleId='a3'><w:name w:val='Title'/></w:style>\
        <w:style w:type='paragraph' w:styleId='1'><w:name w:val='heading 1'/><w:pPr><w:numPr><w:numId w:val='2'/></w:numPr></w:pPr></w:style>\
        <w:style w:type='paragraph' w:styleId='TOC1'><w:name w:val='toc 1'/></w:style></w:styles>";
    let numbering = "<w:numbering>\
        <w:abstractNum w:abstractNumId='0'><w:lvl w:ilvl='0'><w:numFmt w:val='chineseCounting'/><w:lvlText w:val='（%1）'/></w:lvl></w:abstractNum>\
        <w:abstractNum w:abstractNumId='1'><w:lvl w:ilvl='0'><w:numFmt w:val='decimal'/><w:lvlText w:val='%1'/><w:pStyle w:val='1'/></w:lvl></w:abstractNum>\
        <w:num w:numId='1'><w:abstractNumId w:val='0'/></w:num><w:num w:numId='2'><w:abstractNumId w:val='1'/></w:num></w:numbering>";
    let notes = format!(
        "<w:footnotes><w:footnote w:type='separator' w:id='-1'>{}</w:footnote><w:footnote w:id='7'>{}</w:footnote><w:footnote w:id='8'>{}</w:footnote></w:footnotes>",
        p(&r("line")),
        p(&r("A note.")),
        p(&r("Of nothing."))
    );
    let core = "<c><dc:title>Document1</dc:title><dc:creator>Ma Wenjun</dc:creator><dcterms:created>2023-01-10T02:00:00Z</dcterms:created></c>";
    let relations = "<Relationships><Relationship Type='http://x/styles' Target='odd/looks.xml'/>\
        <Relationship Type='http://x/attachedTemplate' TargetMode='External' Target='http://elsewhere/'/></Relationships>";
    let contents = "<w:p><w:pPr><w:pStyle w:val='TOC1'/></w:pPr><w:r><w:t>Trade</w:t><w:tab/><w:t>1</w:t></w:r></w:p>";
    let item = "<w:numPr><w:ilvl w:val='0'/><w:numId w:val='1'/></w:numPr>";
    let body = [
        styled("<w:pStyle w:val='a3'/>", "Report"),
        contents.to_string(),
        styled("<w:pStyle w:val='1'/>", "Trade"),
        p("<w:r><w:t>Rail</w:t><w:footnoteReference w:id='7'/><w:t> grew.</w:t></w:r>"),
        styled(item, "建库"),
        styled(item, "开窗"),
        styled("<w:outlineLvl w:val='1'/>", "Next"),
        styled("<w:pStyle w:val='1'/><w:numPr><w:numId w:val='0'/></w:numPr>", "End"),
    ]
    .concat();
    let parts = [
        ("word/odd/looks.xml", styles),
        ("word/numbering.xml", numbering),
        ("word/footnotes.xml", &notes),
        ("docProps/core.xml", core),
        ("word/_rels/document.xml.rels", relations),
    ];
    let raw = read("a.docx", &package(&body, &parts)).unwrap();
    assert_eq!(raw.metadata.title.as_ref().unwrap().value, "Report");
    assert_eq!(raw.metadata.authors[0].value, "Ma Wenjun");
    assert_eq!(raw.metadata.dates[0].value, "2023-01-10T02:00:00Z");
    let expected = [
        (Heading(1), "1 Trade"),
        (Paragraph, "Rail grew."),
        (ListItem, "（一）建库"),
        (ListItem, "（二）开窗"),
        (Heading(2), "Next"),
        (Heading(1), "End"),
        (Footnote, "A note."),
    ];
    assert_eq!(blocks(&raw), expected.map(|(k, t)| (k, t.to_string())));
    assert!(raw.original.text.contains("Trade 1"), "what is left out can be shown");
}

#[test]
fn the_text_may_lie_elsewhere() {
    let text = format!("<w:document><w:body>{}</w:body></w:document>", p(&r("Found.")));
    let types = "<Types><Override PartName='/doc/main.xml' ContentType='application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml'/></Types>";
    let relations = "<R><Relationship Type='http://purl.oclc.org/ooxml/officeDocument/relationships/officeDocument' Target='/doc/main.xml'/></R>";
    let bytes = zip(&[("[Content_Types].xml", types.as_bytes()), ("doc/main.xml", text.as_bytes())]);
    assert_eq!(read("a.docx", &bytes).unwrap().blocks[0].text.as_str(), "Found.");
    let bytes = zip(&[
        ("[Content_Types].xml", types.as_bytes()),
        ("_rels/.rels", relations.as_bytes()),
        ("doc/main.xml", text.as_bytes()),
    ]);
    assert_eq!(read("a", &bytes).unwrap().format, "docx");
}

#[test]
fn one_file_may_hold_all() {
    let part = |name: &str, inside: &str| {
        format!("<pkg:part pkg:name='{name}'><pkg:xmlData>{inside}</pkg:xmlData></pkg:part>")
    };
    let note = format!("<w:footnotes><w:footnote w:id='1'>{}</w:footnote></w:footnotes>", p(&r("Note.")));
    let body =
        [styled("<w:pStyle w:val='x'/>", "Head"), p("<w:r><w:t>Text.</w:t><w:footnoteReference w:id='1'/></w:r>")];
    let package = [
        "<?xml version='1.0'?><?mso-application progid=\"Word.Document\"?><pkg:package>".to_string(),
        part("/word/footnotes.xml", &note),
        part("/word/document.xml", &format!("<w:document><w:body>{}</w:body></w:document>", body.concat())),
        part("/word/glossary/document.xml", &format!("<w:document><w:body>{}</w:body></w:document>", p(&r("No.")))),
        part("/word/styles.xml", "<w:styles><w:style w:styleId='x'><w:name w:val='heading 2'/></w:style></w:styles>"),
        "</pkg:package>".to_string(),
    ];
    let raw = read("a.xml", package.concat().as_bytes()).unwrap();
    let expected = [(Heading(2), "Head"), (Paragraph, "Text."), (Footnote, "Note.")];
    assert_eq!(blocks(&raw), expected.map(|(k, t)| (k, t.to_string())));
}

#[test]
fn word_2003_is_read() {
    let body = [
        styled("<w:pStyle w:val='x'/>", "Head"),
        styled("<w:listPr><w:ilvl w:val='0'/><w:ilfo w:val='1'/><wx:t wx:val='1.'/></w:listPr>", "First"),
        p(&format!(
            "<aml:annotation w:type='Word.Deletion'><aml:content>{}</aml:content></aml:annotation><w:r><w:t>Text.</w:t><w:footnote>{}</w:footnote></w:r>",
            r("Gone"),
            p(&r("Note."))
        )),
        format!("<w:sectPr><w:hdr>{}</w:hdr></w:sectPr>", p(&r("Running head"))),
    ];
    let text = format!(
        "<?xml version='1.0'?><w:wordDocument><o:DocumentProperties><o:Title>T</o:Title><o:Author>A</o:Author></o:DocumentProperties>\
         <w:styles><w:style w:type='paragraph' w:styleId='x'><w:name w:val='heading 1'/></w:style></w:styles>\
         <w:body><wx:sect>{}</wx:sect></w:body></w:wordDocument>",
        body.concat()
    );
    let raw = read("a.doc", text.as_bytes()).unwrap();
    assert_eq!(raw.metadata.authors[0].value, "A");
    let expected = [(Heading(1), "Head"), (ListItem, "1. First"), (Paragraph, "Text."), (Footnote, "Note.")];
    assert_eq!(blocks(&raw), expected.map(|(k, t)| (k, t.to_string())));
}

#[test]
fn what_cannot_be_read_says_why() {
    let said = |bytes: &[u8]| read("a.docx", bytes).unwrap_err().to_string();
    let mut locked = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".to_vec();
    locked.extend("EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes));
    assert_eq!(said(&locked), "is protected by a password");
    let whole = package(&p(&r("Text.")), &[]);
    assert!(said(&whole[..whole.len() / 2]).starts_with("is damaged"));
    let broken = zip(&[("[Content_Types].xml", b"<Types/>"), (MAIN, b"<w:document><w:body><w:p>")]);
    assert!(said(&broken).contains("it ends in the middle"));
    assert_eq!(said(&package(&p(""), &[])), "has no text");
}

proptest::proptest! {
    #[test]
    fn no_bytes_are_too_odd(edits in proptest::collection::vec((0usize..4000, 0usize..40, ".{0,12}"), 0..12), cut in 0usize..4000) {
        let body = [
            styled("<w:pStyle w:val='x'/><w:numPr><w:ilvl w:val='1'/><w:numId w:val='1'/></w:numPr>", "Head"),
            format!("<w:tbl><w:tr><w:tc><w:tcPr><w:vMerge/></w:tcPr>{}</w:tc><w:tc>{}</w:tc></w:tr></w:tbl>", p(&r("a")), p(&r("b"))),
            p("<w:r><mc:AlternateContent><mc:Choice><w:drawing><w:txbxContent><w:p><w:r><w:t>x</w:t></w:r></w:p></w:txbxContent></w:drawing></mc:Choice><mc:Fallback/></mc:AlternateContent></w:r>"),
            p("<w:r><w:fldChar w:fldCharType='begin'/><w:t>1</w:t><w:fldChar w:fldCharType='separate'/><w:footnote><w:p/></w:footnote></w:r>"),
        ];
        let mut text = format!("<w:wordDocument><w:styles><w:style w:styleId='x'><w:basedOn w:val='x'/></w:style></w:styles><w:body>{}</w:body></w:wordDocument>", body.concat());
        for (at, length, new) in edits {
            let start = text.floor_char_boundary(at.min(text.len()));
            let end = text.floor_char_boundary((start + length).min(text.len())).max(start);
            text.replace_range(start..end, &new);
        }
        text.truncate(text.floor_char_boundary(text.len().saturating_sub(cut / 8)));
        let _ = one_file(text.as_bytes(), &Limits::default());
        let _ = extract(&Blob::of_file("a", zip(&[(MAIN, text.as_bytes()), ("word/styles.xml", text.as_bytes()), ("word/numbering.xml", text.as_bytes())])), &Limits::default());
    }

    #[test]
    fn no_package_is_too_odd(flips in proptest::collection::vec((0usize..2000, 0u8..255), 0..8), cut in 0usize..2000) {
        let mut bytes = package(&p(&r("Text.")), &[("word/styles.xml", "<w:styles/>"), ("_rels/.rels", "<R/>")]);
        for (at, flip) in flips {
            let length = bytes.len();
            bytes[at % length] ^= flip;
        }
        bytes.truncate(bytes.len().saturating_sub(cut / 4));
        let _ = read("a.docx", &bytes);
        bytes.reverse();
        let _ = extract(&Blob::of_file("a", bytes), &Limits::default());
    }
}
