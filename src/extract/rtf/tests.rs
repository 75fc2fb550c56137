use super::*;
use crate::extract::{BlockKind, test::read};
use proptest::prelude::*;

#[track_caller]
fn blocks(body: impl AsRef<[u8]>) -> Vec<(BlockKind, String)> {
    let file = [b"{\\rtf1\\ansi\\ansicpg936\\deff0{\\fonttbl{\\f0\\fcharset0 Arial;}{\\f1\\fcharset134 A;}{\\f2\\fcharset136 B;}}{\\stylesheet{Normal;}{\\s1 heading 1;}{\\s2\\sbasedon1 Own;}{\\s3\\sbasedon1\\outlinelevel2 Other;}{\\s4 \\'b1\\'ea\\'cc\\'e2 2;}}", body.as_ref(), b"}"].concat();
    read("a.rtf", &file).unwrap().blocks.into_iter().map(|b| (b.kind, b.text.as_str().to_string())).collect()
}

#[track_caller]
fn check(body: impl AsRef<[u8]>, expected: &str) {
    let texts: Vec<String> = blocks(body).into_iter().map(|(_, text)| text).collect();
    assert_eq!(texts.join("/"), expected);
}

#[test]
fn characters_come_in_all_their_ways() {
    check(b"{\\f1 \\'bd\\'a8\\'c9\\'e8}{\\f2 \\'b4\\'e4} port", "建设港 port");
    check(b"\\f1 \xbd\xa8\\'c9\r\n\\'e8", "建设");
    check(b"\\loch\\af0\\hich\\af0\\dbch\\af1 \\'bd\\'a8\\loch\\f0 caf\\'e9", "建caf茅".replace('茅', "é").as_str());
    check(r"\uc1\u24314 ?\u-10179?\u-8704\'3fx\u8212", "建😀x—");
    check(
        r"\uc2\u24314\'bd\'a8{\uc0\u-30333}a",
        "建褃a".replace('褃', &char::from_u32(35203).unwrap().to_string()).as_str(),
    );
    check(r"\{a\~b\_c\-d\}\emdash\ldblquote x\rdblquote\tab y\\", "{a b-cd}—“x” y\\");
    check(r"{\upr{old}{\*\ud{new \u28207 ?}}}", "new 港");
}

#[test]
fn paragraphs_headings_and_items_are_told() {
    let body = br"\pard\s1 One\par\pard\s2 Two\par\pard\s3 Three\par\pard\s4 Four\par\pard\outlinelevel1 Five\par
        \pard{\listtext\f0 1.\tab}Item\par\pard{\pntext\f0\'b7\tab}Bullet\line broken\par\pard Plain\page Next";
    let expected = [
        (BlockKind::Heading(1), "One"),
        (BlockKind::Heading(1), "Two"),
        (BlockKind::Heading(3), "Three"),
        (BlockKind::Heading(2), "Four"),
        (BlockKind::Heading(2), "Five"),
        (BlockKind::ListItem, "1. Item"),
        (BlockKind::ListItem, "Bullet broken"),
        (BlockKind::Paragraph, "Plain"),
        (BlockKind::Paragraph, "Next"),
    ];
    assert_eq!(blocks(body), expected.map(|(kind, text)| (kind, text.to_string())));
}

#[test]
fn what_is_not_shown_is_left_out() {
    check(r"a{\v hidden}{\deleted gone}{\*\unknown x{y}}{\pict 00ff}{\*\bkmkstart x}b", "ab");
    check(r"{\field{\*\fldinst HYPERLINK x}{\fldrslt shown}} {\object{\*\objdata 00}{\result result}}", "shown result");
    check(r"a{\*\annotation note}{\header Page}b{\footnote\pard Note.\par Two.}c", "abc/Note./Two.");
    check(
        r"before{\shp{\*\shpinst{\sp{\sn x}{\sv y}}{\shptxt in the box\par}}{\shprslt old}} after\par z",
        "before after/in the box/z",
    );
    check("a{\\pict\\bin5 }}}}}00}b", "ab");
    assert_eq!(blocks(r"a{\footnote N.}").last().unwrap().0, BlockKind::Footnote);
    let raw = read("a.rtf", br"{\rtf1{\footer Page 1}a}").unwrap();
    assert_eq!(raw.original.text, "Page 1\na\n");
}

#[test]
fn rows_hold_cells_and_cells_hold_tables() {
    let row = r"\trowd\cellx1\cellx2\pard\intbl a\par b\cell\pard\intbl c\cell\row\pard after\par";
    check(row, "a b | c/after");
    let nested = r"\trowd\pard\intbl x\cell\pard\intbl\itap2 m\nestcell n\nestcell{\*\nesttableprops\trowd\nestrow}{\nonesttables\par old}\pard\intbl y\cell\row";
    check(nested, "x | m | n y");
    check(r"\trowd\pard a\cell b\par c\cell\row", "a | b c");
}

#[test]
fn the_file_says_title_author_and_date() {
    let raw = read(
        "a.rtf",
        br"{\rtf1\ansi\ansicpg936{\info{\title \'b8\'db}{\author Li}{\author Wang}{\creatim\yr2021\mo2\dy4\hr3}{\version1}}a}",
    )
    .unwrap();
    let metadata = raw.metadata;
    assert_eq!(metadata.title.unwrap().value, "港");
    assert_eq!(metadata.authors[0].value, "Li");
    assert_eq!((metadata.dates[0].value.as_str(), metadata.dates[0].confidence), ("2021-02-04", Confidence::Low));
    let raw = read("a.rtf", br"{\rtf1{\info{\upr{\title a}{\*\ud{\title \u28207 ?}}}}a}").unwrap();
    assert_eq!(raw.metadata.title.unwrap().value, "港");
}

#[test]
fn a_file_that_breaks_off_is_said_to_be_damaged() {
    for (file, ok) in [
        (r"{\rtf1 whole}", true),
        (r"{\rtf1 whole\par", true),
        (r"{\rtf1 {\b whole}", true),
        (r"{\rtf1 whole} trailing", true),
        (r"{\rtf1 bro", false),
        (r"{\rtf1 a\par \'c4", false),
        (r"{\rtf1 a{\pict 00ff", false),
    ] {
        assert_eq!(read("a.rtf", file.as_bytes()).is_ok(), ok, "{file}");
    }
    assert!(read("a.rtf", &b"{".repeat(100_000)).is_err());
    let deep = [b"{\\rtf1 ".as_slice(), &b"{".repeat(100_000)].concat();
    assert!(read("a.rtf", &deep).unwrap_err().to_string().contains("nested"));
}

const SAMPLE: &[u8] = br"{\rtf1\ansi\ansicpg936\deff0{\fonttbl{\f0\fcharset0 A;}{\f1\fcharset134 B;}}{\stylesheet{\s1 heading 1;}}{\info{\title T}{\creatim\yr2021\mo2\dy4}}{\header H}\pard\s1 Title\par{\listtext 1.\tab}\f1\'bd\'a8{\uc2\u24314\'bd\'a8}{\footnote N}\trowd\intbl a\cell\itap2 b\nestcell\row{\upr{a}{\*\ud b}}{\field{\*\fldinst x}{\fldrslt y}}{\shp{\*\shpinst{\shptxt z}}}{\pict\bin2 ab}}";

proptest! {
    #[test]
    fn no_bytes_whatever_panic(bytes: Vec<u8>, cut in 0..SAMPLE.len(), at in 0..SAMPLE.len(), with: Vec<u8>) {
        let limits = Limits::default();
        let spliced = [&SAMPLE[..cut], &with, &SAMPLE[at..]].concat();
        for content in [[b"{\\rtf".as_slice(), &bytes].concat(), SAMPLE[..cut].to_vec(), spliced] {
            let _ = extract(&Blob::of_file("a.rtf", content), &limits);
        }
    }
}
