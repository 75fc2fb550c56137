//! Whole documents, as small as can be.

use super::*;
use crate::source::package::test::zip;

const OFD: &str = "<ofd:OFD xmlns:ofd='x'><ofd:DocBody><ofd:DocInfo><ofd:Title>陆港建设</ofd:Title>\
    <ofd:Author>甘肃省商务厅</ofd:Author><ofd:CreationDate>2021-12-01</ofd:CreationDate><ofd:Creator>W</ofd:Creator>\
    </ofd:DocInfo><ofd:DocRoot>/Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>";

const DOCUMENT: &str = "<Document><CommonData><PageArea><PhysicalBox>0 0 210 297</PhysicalBox></PageArea>\
    <PublicRes>PublicRes.xml</PublicRes><TemplatePage ID='50' BaseLoc='Tpls/T.xml'/>\
    <TemplatePage ID='51' BaseLoc='gone.xml'/></CommonData>\
    <Pages><Page ID='1' BaseLoc='Pages/Page_0/Content.xml'/><Page ID='2' BaseLoc='/Doc_0/Pages/P 1.xml'/></Pages>\
    <Annotations>Annotations.xml</Annotations></Document>";

fn object(text: &str, x: u32, y: u32) -> String {
    let steps = text.chars().count().saturating_sub(1);
    format!(
        "<TextObject Boundary='{x} {y} 99 6' Size='5'><TextCode X='0' Y='4' DeltaX='g {steps} 5'>{text}</TextCode></TextObject>"
    )
}

fn page(inside: &str) -> String {
    format!(
        "<Page><Template TemplateID='50'/><Template TemplateID='51'/><Content><Layer>{inside}</Layer></Content></Page>"
    )
}

fn package(more: &[(&str, &str)]) -> Vec<u8> {
    let first = page(&(object("全省已建成三个国际陆港，今年前十个月发运", 35, 80) + &object("— 1 —", 98, 280)));
    let second = page(&(object("国际货运班列。", 25, 30) + "<CompositeObject ResourceID='7'/>"));
    let template = page(&object("政府公报", 25, 12));
    let stamp =
        format!("<PageAnnot><Annot Type='Stamp'><Appearance>{}</Appearance></Annot></PageAnnot>", object("印章", 9, 9));
    let unit = format!(
        "<Res><CompositeGraphicUnits><CompositeGraphicUnit ID='7'>{}</CompositeGraphicUnit></CompositeGraphicUnits></Res>",
        object("图中", 9, 9)
    );
    let mut members = vec![
        (ROOT, OFD),
        ("Doc_0/Document.xml", DOCUMENT),
        ("Doc_0/Pages/Page_0/Content.xml", &first),
        ("Doc_0/Pages/P 1.xml", &second),
        ("Doc_0/Tpls/T.xml", &template),
        ("Doc_0/PublicRes.xml", &unit),
        ("Doc_0/Annotations.xml", "<Annotations><Page PageID='2'><FileLoc>A.xml</FileLoc></Page></Annotations>"),
        ("Doc_0/A.xml", &stamp),
    ];
    for (name, text) in more {
        members.retain(|(n, _)| n != name);
        members.push((name, text));
    }
    let members: Vec<(&str, &[u8])> = members.iter().map(|(n, t)| (*n, t.as_bytes())).collect();
    zip(&members)
}

fn read(bytes: Vec<u8>) -> Result<RawDocument, Problem> {
    let blob = Blob::of_file("a.ofd", bytes);
    assert!((FORMAT.recognises)(&Head::new(&blob.bytes)));
    extract(&blob, &Limits::default())
}

#[test]
fn a_paragraph_goes_on_over_the_page_and_what_is_no_text_is_left_out() {
    let raw = read(package(&[])).unwrap();
    let blocks: Vec<(&str, Option<u32>)> = raw.blocks.iter().map(|b| (b.text.as_str(), b.page)).collect();
    assert_eq!(blocks, [("全省已建成三个国际陆港，今年前十个月发运国际货运班列。", Some(1))]);
    let left_out: Vec<&str> = raw.original.text.lines().collect();
    assert_eq!(left_out, ["政府公报", blocks[0].0, "— 1 —", "图中", "印章"]);
    let meta = raw.metadata;
    assert_eq!(meta.title.unwrap().value, "陆港建设");
    assert_eq!((meta.authors[0].value.as_str(), meta.dates[0].value.as_str()), ("甘肃省商务厅", "2021-12-01"));
    assert_eq!(meta.dates[0].confidence, Confidence::Low);
}

#[test]
fn a_scan_is_a_reason_unless_its_text_was_recognised() {
    let picture = page("<ImageObject ResourceID='1'/>");
    let pages = [("Doc_0/Pages/Page_0/Content.xml", picture.as_str()), ("Doc_0/Pages/P 1.xml", &picture)];
    let problem = read(package(&pages)).unwrap_err();
    assert_eq!(problem.to_string(), "has no text layer: its pages are pictures (a scan)");
    let recognised = picture.replace(
        "<Layer>",
        &format!("<Layer>{}", object("港口", 25, 30).replace("<TextObject", "<TextObject Visible='false'")),
    );
    let raw =
        read(package(&[("Doc_0/Pages/Page_0/Content.xml", &recognised), ("Doc_0/Pages/P 1.xml", &picture)])).unwrap();
    assert_eq!(raw.blocks[0].text, "港口");
}

#[test]
fn damage_and_locks_are_named() {
    let said = |more: &[(&str, &str)]| read(package(more)).unwrap_err().to_string();
    assert_eq!(said(&[("Encryptions.xml", "<EncryptInfo/>")]), "is protected by a password");
    assert_eq!(said(&[(ROOT, "<OFD/>")]), "is damaged: OFD.xml names no document");
    assert_eq!(
        said(&[("Doc_0/Document.xml", "<Document><Pages><Page BaseLoc='x'/></Pages></Document>")]),
        "is damaged: page 1 is not there"
    );
    assert!(said(&[("Doc_0/Pages/P 1.xml", "<Page><Content>")]).starts_with("is damaged: page 2 is no whole XML"));
}

#[test]
fn a_page_of_many_single_glyphs_is_read_in_time() {
    let objects: String = (0..40_000).map(|i| object("港", i % 300 * 5, i / 300 * 8)).collect();
    let start = std::time::Instant::now();
    let raw = read(package(&[("Doc_0/Pages/Page_0/Content.xml", &page(&objects))])).unwrap();
    let chars: usize = raw.blocks.iter().map(|b| b.text.chars().filter(|c| *c == '港').count()).sum();
    assert!(chars >= 39_000, "{chars}");
    assert!(start.elapsed().as_secs() < 10);
}

proptest::proptest! {
    #![proptest_config(proptest::test_runner::Config::with_cases(48))]
    #[test]
    fn any_damage_gives_a_document_or_a_reason(
        part in 0usize..4,
        at in proptest::prelude::any::<proptest::sample::Index>(),
        to in proptest::prelude::any::<proptest::sample::Index>(),
        with in "[0-9<>/='a-zA-Z &;.e-]{0,8}",
        way in 0u8..3,
    ) {
        let content = page(&(object("陆港", 35, 80) + &object("port", 35, 80)));
        let names = [ROOT, "Doc_0/Document.xml", "Doc_0/Pages/Page_0/Content.xml", ""];
        let name = names[part];
        let mut bytes = match part {
            0 => OFD.as_bytes().to_vec(),
            1 => DOCUMENT.as_bytes().to_vec(),
            2 => content.into_bytes(),
            _ => package(&[]),
        };
        let (at, to) = (at.index(bytes.len()), to.index(bytes.len()));
        match way {
            0 => bytes.truncate(at),
            1 => drop(bytes.splice(at..(at + 3).min(bytes.len()), with.bytes())),
            _ => drop(bytes.drain(at.min(to)..at.max(to))),
        }
        if name.is_empty() {
            let _ = extract(&Blob::of_file("a.ofd", bytes), &Limits::default());
        } else {
            let _ = read(package(&[(name, &String::from_utf8_lossy(&bytes))]));
        }
    }

    #[test]
    fn any_places_make_lines(numbers in proptest::collection::vec(-1.0e7f32..1.0e7, 0..40), text in "[a新 ]{1,4}") {
        let objects: String = numbers.chunks(4).map(|n| {
            let [x, y, size, step] = [0, 1, 2, 3].map(|i| n.get(i).copied().unwrap_or(1.0));
            format!("<TextObject Boundary='{x} {y} 1 1' Size='{size}' CTM='{step} 0 0 {size} {x} 0'><TextCode X='{x}' Y='{y}' DeltaX='g 9 {step}'>{text}</TextCode></TextObject>")
        }).collect();
        let _ = read(package(&[("Doc_0/Pages/Page_0/Content.xml", &page(&objects))]));
    }
}
