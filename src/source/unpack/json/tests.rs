use super::super::test::{lines as listing, members, members_of};
use super::*;
use crate::source::Limits;
use proptest::prelude::*;

const TWO: &str = r#"{"id": 7, "title": "A &amp; B", "content": "<p>x</p>", "published_at": 1704844800000, "author": ["M", "N"], "year": 2024}
{"title": "B", "content": ["one", "two"], "author": null, "meta": {"url": "http://a.example/"}}"#;

#[test]
fn an_object_a_line_is_a_document_and_a_broken_one_costs_itself() {
    let text = format!("{TWO}\n\n{{\"content\": \"cut\n{{\"a\": 1}}\n{{\"text\": \"z\"}}\n");
    let expected = [
        "7 [a 1.fragment.html] <html><body><p>x</p></body></html>",
        "2 [a 2.txt] one\n\ntwo",
        "4: is damaged: line 4 is no whole JSON (EOF while parsing a string)",
        "5: has no text: it has a; --map text=NAME tells which is the text",
        "6 [a 6.txt] z",
    ];
    assert_eq!(listing(&LINES, "a.jsonl", text.as_bytes()), expected);
    assert_eq!(listing(&CONTAINER, "a.json", text.as_bytes()), expected);
    let (members, _) = members(&LINES, "a.jsonl", text.as_bytes());
    let given =
        |at: usize, field: &str| members[at].1.clone().unwrap().given.field(field).unwrap().take().map(|f| f.value);
    let some = |v: &str| Some(v.to_string());
    assert_eq!((given(0, "title"), given(0, "date")), (some("A & B"), some("2024-01-10")));
    assert_eq!((given(0, "author"), given(0, "year")), (some("M, N"), some("2024")));
    assert_eq!((given(1, "author"), given(1, "url")), (None, some("http://a.example/")));
}

#[test]
fn a_broken_first_line_is_not_the_whole() {
    let text = "{\"text\": \"a\n{\"text\": \"b\"}";
    let expected = ["1: is damaged: line 1 is no whole JSON (EOF while parsing a string)", "2 [a 2.txt] b"];
    assert_eq!(listing(&CONTAINER, "a.jsonl", text.as_bytes()), expected);
}

#[test]
fn arrays_are_read_where_they_are() {
    let array = format!("[{}]", TWO.replace("}\n{", "},\n{"));
    let expected = ["7 [a 1.fragment.html] <html><body><p>x</p></body></html>", "2 [a 2.txt] one\n\ntwo"];
    for text in [
        array.clone(),
        format!("{{\"code\": 0, \"data\": {array}, \"total\": 2}}"),
        format!(
            "{{\"title\": \"Feed\", \"description\": \"All news\", \"result\": {{\"list\": {array}}}, \"tags\": [\"a\"]}}"
        ),
    ] {
        assert_eq!(listing(&CONTAINER, "a.json", text.as_bytes()), expected, "{text}");
        assert!(recognises(&Head::new(text.as_bytes())));
    }
    let cut = listing(&CONTAINER, "a.json", &array.as_bytes()[..array.len() - 3]);
    assert_eq!(cut[0], expected[0]);
    assert!(cut[1].starts_with("end: is damaged: it is no whole JSON from line 2"), "{cut:?}");
}

#[test]
fn one_object_can_be_a_document_and_others_are_none() {
    let article = r#"{"title": "T", "text": ["a", "b"], "comments": [{"user": "x", "text": "no", "date": "1"}]}"#;
    assert_eq!(listing(&CONTAINER, "a.json", article.as_bytes()), ["1 [a 1.txt] a\n\nb"]);
    for none in
        [r#"{"name": "x", "description": "a program", "author": "y"}"#, "[1, 2]", "{}", "[]", r#"[{"a": "b"}]"#, "3"]
    {
        let said = "end: JSON without documents is not a format that is read";
        assert_eq!(listing(&CONTAINER, "a.json", none.as_bytes()), [said], "{none}");
    }
    assert!(!recognises(&Head::new(b"[{\"a\"}]")) && !recognises(&Head::new(b"{\"title\": \"x\"}\n\nText of a page.")));
}

#[test]
fn what_is_mapped_is_the_text() {
    let text = br#"[{"head": "T", "story": {"long": "x"}}]"#;
    let map = |column: &'static str| {
        let (members, result) = members_of(
            &CONTAINER,
            &Blob::of_file("a.json", text),
            &Limits::default(),
            &[("text", column), ("title", "head")],
        );
        (members.into_iter().map(|(_, m)| m.unwrap()).collect::<Vec<_>>(), result)
    };
    let (members, _) = map("story.long");
    assert_eq!(
        (members[0].bytes.as_slice(), members[0].given.title.as_ref().unwrap().value.as_str()),
        (&b"x"[..], "T")
    );
    assert_eq!(map("z").1.unwrap_err().to_string(), "has no `z`: its objects have head, story.long");
}

#[test]
fn nesting_is_bounded_and_limits_end_it() {
    let deep = "[".repeat(100_000);
    assert!(listing(&CONTAINER, "a.json", deep.as_bytes())[0].contains("recursion limit"));
    let deep = "{\"a\":".repeat(100_000);
    assert_eq!(listing(&CONTAINER, "a.json", deep.as_bytes()).len(), 1);
    let limits = Limits { members: 1, ..Limits::default() };
    let blob = Blob::of_file("a.json", r#"[{"text": "a"}, {"text": "b"}]"#);
    let (members, result) = members_of(&CONTAINER, &blob, &limits, &[]);
    assert_eq!((members.len(), result), (1, Err(limits.over("max-members"))));
}

proptest! {
    #[test]
    fn no_bytes_panic(bytes: Vec<u8>, at in 0..TWO.len(), cut in 0usize..40, put in "[\\[\\]{}\":,a1 ]{0,8}") {
        let _ = members(&CONTAINER, "a.json", &bytes);
        let mut text = TWO.as_bytes().to_vec();
        let end = (at + cut).min(text.len());
        text.splice(at..end, put.bytes());
        let _ = members(&LINES, "a.jsonl", &text);
        let _ = members(&CONTAINER, "a.json", &text);
    }
}
