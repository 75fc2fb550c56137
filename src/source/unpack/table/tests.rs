use super::super::test::{lines, members_of};
use super::*;
use crate::source::Limits;
use proptest::prelude::*;

#[track_caller]
fn check(name: &str, table: &str, expected: &[&str]) {
    assert_eq!(lines(&CONTAINER, name, table.as_bytes()), expected);
}

fn given(table: &str) -> Given {
    let (mut members, _) = members_of(&CONTAINER, &Blob::of_file("a.csv", table), &Limits::default(), &[]);
    members.remove(0).1.unwrap().given
}

#[test]
fn a_row_is_a_document_with_what_its_columns_say() {
    let table = "\u{feff}id,Title,text,publish_date,province,source_url\r\n\
        gs-1,One,\"A, \"\"b\"\".\n\nC.\",2022-03-01,甘肃,http://a.example/\r\n,Two,<p>x</p>,,,\r\n";
    check(
        "t.csv",
        table,
        &["gs-1 [t 1.txt] A, \"b\".\n\nC.", "2 [t 2.fragment.html] <html><body><p>x</p></body></html>"],
    );
    let given = given(table);
    let value = |f: Option<crate::model::Found<String>>| f.map(|f| (f.value, f.place.into_owned()));
    let some = |v: &str, p: &str| Some((v.to_string(), p.to_string()));
    assert_eq!(value(given.title), some("One", "Title"));
    assert_eq!(value(given.date), some("2022-03-01", "publish_date"));
    assert_eq!(value(given.region), some("甘肃", "province"));
    assert_eq!(value(given.url), some("http://a.example/", "source_url"));
}

#[test]
fn delimiters_quotes_and_encodings_are_told_from_the_content() {
    for (name, table, expected) in [
        ("a.csv", "title;content\n\"a; b\";c, d\n", "1 [a 1.txt] c, d"),
        ("a.tsv", "title\ttext\nA\t\"so\" he said, \"now\"\nB\t\"open\n", "1 [a 1.txt] \"so\" he said, \"now\""),
        ("a.tsv", "title\ttext\nA\t\"x\ny\"\n", "1 [a 1.txt] x\ny"),
        ("a.csv", "title|text\nA|b, c\n", "1 [a 1.txt] b, c"),
        ("a.csv", "sep=;\ntitle;text\nA;b\n", "1 [a 1.txt] b"),
        ("a.csv", "text\nb, c\n", "1 [a 1.txt] b, c"),
        ("a.csv", "\"the\ntitle\",text\nA,b\n", "1 [a 1.txt] b"),
    ] {
        assert_eq!(lines(&CONTAINER, name, table.as_bytes())[0], expected, "{table}");
    }
    let gbk = encoding_rs::GBK.encode("标题,正文,日期\n平凉苹果,\"装上冷藏车，\n运往阿拉木图。\",2023年6月9日\n").0;
    assert_eq!(lines(&CONTAINER, "a.csv", &gbk), ["1 [a 1.txt] 装上冷藏车，\n运往阿拉木图。"]);
}

#[test]
fn a_text_without_its_name_is_known_by_its_length_or_must_be_named() {
    let long = "word ".repeat(60);
    check("a.csv", &format!("nr,story,when\n1,{long},2020\n"), &[&format!("1 [a 1.txt] {long}")]);
    check(
        "a.csv",
        "nr,story,when\n1,short,2020\n",
        &[
            "end: has no column that is known to hold the text: its columns are nr, story, when; --map text=COLUMN tells which does",
        ],
    );
    let mapped = |column: &str| {
        let blob = Blob::of_file("a.csv", "nr,tale,when\n1,short,2020\n");
        members_of(&CONTAINER, &blob, &Limits::default(), &[("text", column), ("date", "when")])
    };
    let (members, _) = mapped("tale");
    let blob = members[0].1.as_ref().unwrap();
    assert_eq!((blob.bytes.as_slice(), blob.given.date.as_ref().unwrap().value.as_str()), (&b"short"[..], "2020"));
    assert_eq!(mapped("x").1.unwrap_err().to_string(), "has no column `x`: its columns are nr, tale, when");
}

#[test]
fn rows_that_are_parts_become_one_document() {
    let expected = ["a [t 1.txt] One.\n\nTwo.\n\nThree.\n\n", "b [t 4.txt] Four."];
    check("t.csv", "doc_id,paragraph_no,text\na,1,One.\na,10,Three.\na,2,Two.\nb,1,Four.\n", &expected);
    // Rows have their own numbers; a document begins anew where these do.
    check(
        "t.csv",
        "id,title,para,text\n1,T,1,One.\n2,T,2,Two.\n3,T,1,Three.\n",
        &["1 [t 1.txt] One.\n\nTwo.\n\n", "3 [t 3.txt] Three."],
    );
    check(
        "t.csv",
        "url,section,text\nu,一、回顾,一。\nu,一、回顾,二。\nu,二、任务,<p>三。\n",
        &[
            "1 [t 1.fragment.html] <html><body><p>一、回顾</p><p>一。</p><p>二。</p><p>二、任务</p><p>三。\n\n</body></html>",
        ],
    );
    // The same title or section makes no parts.
    check("t.csv", "title,section,text\nT,World,One.\nT,World,Two.\n", &["1 [t 1.txt] One.", "2 [t 2.txt] Two."]);
    check("t.csv", "title,text\nT,One.\nT,Two.\n", &["1 [t 1.txt] One.", "2 [t 2.txt] Two."]);
    check("t.csv", "序号,标题,正文\n1,甲,一。\n2,乙,二。\n", &["1 [t 1.txt] 一。", "2 [t 2.txt] 二。"]);
}

#[test]
fn ragged_blank_and_open_rows() {
    check(
        "a.csv",
        "title,text\nA\nB,b\n,\nC,c, d\n",
        &["1: has no text in column `text`", "2 [a 2.txt] b", "3 [a 3.txt] c, d"],
    );
    check(
        "a.csv",
        "title,text\nA,a\nB,\"b\nC,c\n",
        &["1 [a 1.txt] a", "end: is damaged: a quotation in the last row does not end"],
    );
    check("a.csv", "title,text\n", &["end: has no rows"]);
    check("a.csv", "\n", &["end: has no rows"]);
    check("a.csv", "title,text\nA,a", &["1 [a 1.txt] a"]);
}

#[test]
fn cells_are_counted() {
    let limits = Limits { cells: 5, ..Limits::default() };
    let (members, result) = members_of(&CONTAINER, &Blob::of_file("a.csv", "title,text\nA,a\nB,b\n"), &limits, &[]);
    assert_eq!((members.len(), result), (1, Err(limits.over("max-cells"))));
}

proptest! {
    #[test]
    fn no_bytes_panic(bytes: Vec<u8>, text in "[a\",;\t|\n港\r<p> ]{0,60}") {
        lines(&CONTAINER, "a.csv", &bytes);
        lines(&CONTAINER, "a.csv", format!("id,title,para,text,section\n{text}").as_bytes());
    }
}
