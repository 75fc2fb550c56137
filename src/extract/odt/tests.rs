//! OpenDocument texts as a whole: small files in, blocks out.

use super::*;
use crate::extract::BlockKind::{self, *};
use crate::extract::test::read;
use crate::source::package::test::zip;

/// A single file with those styles and that body.
fn flat(styles: &str, body: &str) -> String {
    format!(
        "<?xml version='1.0'?><office:document office:mimetype='{MEDIA_TYPE}'>\
         <office:meta><dc:title>Khorgos</dc:title><meta:initial-creator>Ma</meta:initial-creator><dc:date>2020</dc:date></office:meta>\
         <office:styles>{styles}</office:styles><office:master-styles><text:p>Running head</text:p></office:master-styles>\
         <office:body><office:text>{body}</office:text></office:body></office:document>"
    )
}

const LISTS: &str = "<text:list-style style:name='L'>\
    <text:list-level-style-number text:level='1' style:num-format='1' style:num-suffix='.'/>\
    <text:list-level-style-number text:level='2' style:num-format='a' style:num-suffix=')'/></text:list-style>\
    <text:list-style style:name='Z'><text:list-level-style-number text:level='1' style:num-format='一, 二, 三, ...' style:num-prefix='（' style:num-suffix='）'/></text:list-style>\
    <text:list-style style:name='B'><text:list-level-style-bullet text:level='1' text:bullet-char='•'/></text:list-style>";

fn p(inside: &str) -> String {
    format!("<text:p>{inside}</text:p>")
}

#[track_caller]
fn check(styles: &str, body: &str, expected: &[(BlockKind, &str)]) {
    let raw = read("a.fodt", flat(styles, body).as_bytes()).unwrap();
    let blocks: Vec<(BlockKind, &str)> = raw.blocks.iter().map(|b| (b.kind, b.text.as_str())).collect();
    assert_eq!(blocks, expected, "{body}");
}

#[test]
fn text_is_what_a_reader_sees() {
    let hidden =
        "<style:style style:name='H' style:family='text'><style:text-properties text:display='none'/></style:style>";
    let body = "<text:tracked-changes><text:p>deleted</text:p></text:tracked-changes>\
        <text:p>forty<text:s text:c='2'/>waggons<text:tab/>of\n  <text:span>pot</text:span>ash<text:line-break/>left\
        <office:annotation><text:p>Who says?</text:p></office:annotation><text:span text:style-name='H'> secret</text:span>\
        <text:ruby><text:ruby-base>港</text:ruby-base><text:ruby-text>gang</text:ruby-text></text:ruby></text:p>\
        <text:section text:display='none'><text:p>unseen</text:p></text:section>";
    check(hidden, body, &[(Paragraph, "forty waggons of potash left港")]);
}

#[test]
fn headings_have_levels_and_numbers() {
    let outline = "<text:outline-style style:name='Outline'>\
        <text:outline-level-style text:level='1' style:num-format='1'/>\
        <text:outline-level-style text:level='2' style:num-format='1' text:display-levels='2'/></text:outline-style>";
    let body = "<text:h text:outline-level='1'>One</text:h><text:h text:outline-level='2'>Under</text:h>\
        <text:h text:outline-level='1'>Two</text:h><text:h text:outline-level='9' >Deep</text:h>";
    check(
        outline,
        body,
        &[(Heading(1), "1 One"), (Heading(2), "1.1 Under"), (Heading(1), "2 Two"), (Heading(6), "Deep")],
    );
    check("", body, &[(Heading(1), "One"), (Heading(2), "Under"), (Heading(1), "Two"), (Heading(6), "Deep")]);
}

#[test]
fn lists_are_counted() {
    let item = |inside: &str| format!("<text:list-item>{inside}</text:list-item>");
    let list = |more: &str, inside: &str| format!("<text:list {more}>{inside}</text:list>");
    let inner = list("", &[item(&p("x")), item(&p("y"))].concat());
    let body = [
        list(
            "text:style-name='L' xml:id='one'",
            &[item(&[p("a"), inner, p("still a")].concat()), item(&p("b"))].concat(),
        ),
        list("text:style-name='Z'", &item(&p("甲方"))),
        list("text:style-name='L' text:continue-list='one'", &item(&p("c"))),
        list("text:style-name='L' text:continue-numbering='true'", &item(&list("", &item(&p("z"))))),
        list("text:style-name='L'", "<text:list-item text:start-value='7'><text:p>d</text:p></text:list-item>"),
        list("text:style-name='B'", &item(&p("e"))),
    ];
    let expected = ["1. a", "a) x", "b) y", "still a", "2. b", "（一）甲方", "3. c", "a) z", "7. d", "e"];
    check(LISTS, &body.concat(), &expected.map(|text| (ListItem, text)));
}

#[test]
fn tables_notes_and_boxes() {
    let body = "<text:p>Text<text:note text:note-class='footnote'><text:note-citation>1</text:note-citation>\
        <text:note-body><text:p>The note.</text:p></text:note-body></text:note>, and more\
        <draw:frame><svg:title>Picture</svg:title><draw:text-box><text:p>In the box.</text:p></draw:text-box></draw:frame>.</text:p>\
        <table:table><table:table-header-rows><table:table-row><table:table-cell><text:p>a</text:p></table:table-cell>\
        <table:table-cell><text:p>b</text:p><text:p>c</text:p></table:table-cell></table:table-row></table:table-header-rows>\
        <table:table-row table:number-rows-repeated='2'><table:table-cell table:number-columns-repeated='2'><text:p>1</text:p></table:table-cell>\
        <table:covered-table-cell><text:p>unseen</text:p></table:covered-table-cell></table:table-row>\
        <table:table-row table:number-rows-repeated='1000000'><table:table-cell table:number-columns-repeated='16000'/></table:table-row></table:table>";
    let expected = [
        (Paragraph, "Text, and more."),
        (Paragraph, "In the box."),
        (TableRow, "a | b c"),
        (TableRow, "1 | 1"),
        (TableRow, "1 | 1"),
        (Footnote, "The note."),
    ];
    check("", body, &expected);
}

#[test]
fn the_title_is_a_style_or_a_property() {
    let styles = "<style:style style:name='P1' style:family='paragraph' style:parent-style-name='Title'/>";
    let text = "<text:p>Text.</text:p>";
    let raw = read("a.fodt", flat(styles, &format!("<text:p text:style-name='P1'>Report</text:p>{text}")).as_bytes())
        .unwrap();
    assert_eq!((raw.metadata.title.unwrap().value.as_str(), raw.blocks.len()), ("Report", 1));
    let raw = read("a.fodt", flat(styles, text).as_bytes()).unwrap();
    assert_eq!(raw.metadata.title.unwrap().value, "Khorgos");
    assert_eq!(raw.metadata.authors[0].value, "Ma");
    assert!(raw.metadata.dates.is_empty(), "the day of the last change says nothing");
}

#[test]
fn a_table_of_contents_is_left_out_but_can_be_shown() {
    let body = "<text:table-of-content><text:table-of-content-source><text:index-title-template>T</text:index-title-template>\
        </text:table-of-content-source><text:index-body><text:p>Trade<text:tab/>1</text:p></text:index-body></text:table-of-content><text:p>Text.</text:p>";
    let raw = read("a.fodt", flat("", body).as_bytes()).unwrap();
    assert_eq!(raw.blocks.len(), 1);
    assert_eq!(raw.original.text, "Trade 1\nText.\n");
}

#[test]
fn packages_are_read_or_say_why_not() {
    let content = flat(LISTS, &p("In a package."));
    let kind = MEDIA_TYPE.as_bytes();
    let odt = |name: &'static str, bytes: &[u8]| {
        zip(&[("content.xml", content.as_bytes()), ("mimetype", kind), (name, bytes)])
    };
    let raw = read("a.odt", &odt("meta.xml", b"<broken")).unwrap();
    assert_eq!((raw.format, raw.blocks[0].text.as_str()), ("odt", "In a package."));
    let manifest = b"<m:manifest><m:file-entry><m:encryption-data/></m:file-entry></m:manifest>";
    let said = |bytes: &[u8]| read("a.odt", bytes).unwrap_err().to_string();
    assert_eq!(said(&odt("META-INF/manifest.xml", manifest)), "is protected by a password");
    assert!(
        said(&zip(&[("mimetype", kind), ("content.xml", b"<office:document-content><a>")])).starts_with("is damaged")
    );
}

proptest::proptest! {
    #[test]
    fn no_bytes_are_too_odd(edits in proptest::collection::vec((0usize..4000, 0usize..40, ".{0,12}"), 0..12), cut in 0usize..4000) {
        let body = "<text:list text:style-name='L'><text:list-item><text:p>a</text:p><text:list><text:list-item><text:h text:outline-level='2'>b</text:h></text:list-item></text:list></text:list-item></text:list>\
            <table:table><table:table-row table:number-rows-repeated='3'><table:table-cell table:number-columns-repeated='9'><text:p>c<text:note><text:note-body><text:p>d</text:p></text:note-body></text:note></text:p></table:table-cell></table:table-row></table:table>";
        let mut text = flat(LISTS, body);
        for (at, length, new) in edits {
            let start = text.floor_char_boundary(at.min(text.len()));
            let end = text.floor_char_boundary((start + length).min(text.len())).max(start);
            text.replace_range(start..end, &new);
        }
        text.truncate(text.floor_char_boundary(text.len().saturating_sub(cut / 8)));
        let _ = extract(&Blob::of_file("a", text.as_bytes()), &Limits::default());
        let _ = extract(&Blob::of_file("a", zip(&[("content.xml", text.as_bytes()), ("styles.xml", text.as_bytes())])), &Limits::default());
    }
}
