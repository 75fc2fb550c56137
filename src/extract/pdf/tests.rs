use super::super::test::read;

/// A PDF of pages, each a stream of drawing instructions, set in Helvetica (`/F`).
fn pdf(pages: &[&str]) -> Vec<u8> {
    let kids: Vec<String> = (0..pages.len()).map(|n| format!("{} 0 R", 4 + 2 * n)).collect();
    let mut objects = vec![
        "<< /Type /Catalog /Pages 2 0 R >>".to_string(),
        format!("<< /Type /Pages /Count {} /Kids [{}] >>", pages.len(), kids.join(" ")),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>".to_string(),
    ];
    for (n, content) in pages.iter().enumerate() {
        objects.push(format!(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Resources << /Font << /F 3 0 R >> >> /Contents {} 0 R >>",
            5 + 2 * n
        ));
        objects.push(format!("<< /Length {} >>\nstream\n{content}\nendstream", content.len()));
    }
    let mut out = b"%PDF-1.4\n".to_vec();
    let mut places = Vec::new();
    for (n, object) in objects.iter().enumerate() {
        places.push(out.len());
        out.extend(format!("{} 0 obj\n{object}\nendobj\n", n + 1).into_bytes());
    }
    let table = out.len();
    out.extend(format!("xref\n0 {}\n0000000000 65535 f \n", places.len() + 1).into_bytes());
    for place in &places {
        out.extend(format!("{place:010} 00000 n \n").into_bytes());
    }
    let trailer = format!(
        "trailer << /Size {} /Root 1 0 R /Info << /Title (Microsoft Word - a.doc) /Author (Li Wei) >> >>\nstartxref\n{table}\n%%EOF",
        places.len() + 1
    );
    out.extend(trailer.into_bytes());
    out
}

/// Instructions that set lines of text: (size, x, y from the bottom, text).
fn set(lines: &[(u32, u32, u32, &str)]) -> String {
    lines.iter().map(|(size, x, y, text)| format!("BT /F {size} Tf {x} {y} Td ({text}) Tj ET\n")).collect()
}

fn report() -> Vec<u8> {
    let head = (9, 60, 770, "Gansu Work Report");
    pdf(&[
        &set(&[
            head,
            (20, 60, 700, "Report on the Work of 2021"),
            (10, 60, 660, "The provincial government will go on with the construction of infra-"),
            (10, 60, 648, "structure in all prefectures, and the second dry"),
            (10, 60, 636, "port at Wuwei opens before the year is out, as the plan of the province"),
            (9, 290, 30, "- 1 -"),
        ]),
        &set(&[head, (10, 60, 660, "has said for years. Freight trains leave every day."), (9, 290, 30, "- 2 -")]),
    ])
}

#[test]
fn a_report_comes_out_as_it_is_read() {
    let raw = read("a.pdf", &report()).unwrap();
    assert_eq!(raw.format, "pdf");
    assert_eq!(raw.metadata.title.as_ref().unwrap().value, "Report on the Work of 2021");
    assert_eq!(raw.metadata.authors[0].value, "Li Wei");
    let text: Vec<(&str, Option<u32>)> = raw.blocks.iter().map(|b| (b.text.as_str(), b.page)).collect();
    assert_eq!(
        text,
        [(
            "The provincial government will go on with the construction of infrastructure in all prefectures, and the \
             second dry port at Wuwei opens before the year is out, as the plan of the province has said for years. \
             Freight trains leave every day.",
            Some(1)
        )]
    );
    // What was left out can still be shown.
    assert!(raw.original.text.contains("Gansu Work Report") && raw.original.text.contains("- 2 -"));
    assert!(!raw.original.has_bytes());
}

#[test]
fn what_is_no_text_says_so() {
    let problem = |bytes: &[u8]| read("a.pdf", bytes).unwrap_err().to_string();
    assert_eq!(problem(&pdf(&["q 1 0 0 1 0 0 cm Q"])), "has no text: its pages are empty or drawn as shapes");
    assert_eq!(problem(b"%PDF-1.7\n"), "is damaged: the PDF is cut off before its end");
    assert!(problem(b"\x00\x01\x02").starts_with("is damaged, or no pdf"));
}

proptest::proptest! {
    #[test]
    fn no_bytes_make_it_panic(flips in proptest::collection::vec((0usize..4000, proptest::num::u8::ANY), 1..20), cut in 0usize..4000) {
        let mut bytes = report();
        for (at, byte) in flips {
            let length = bytes.len();
            bytes[at % length] = byte;
        }
        bytes.truncate(bytes.len().min(cut.max(8)));
        let _ = read("a.pdf", &bytes);
    }
}
