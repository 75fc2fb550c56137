//! Pages of lines → documents.

use super::super::{BlockKind, Flow, RawDocument};
use super::rows::test::line;
use super::*;
use crate::model::{Found, Origin};
use crate::source::Limits;

const FULL: &str = "各港区的账目逐月在门口张贴，供货主查对，有错当月改正。港区与";

/// A page of A4 with lines of (text, x, y, size).
fn page(lines: &[(&str, f32, f32, f32)]) -> Page {
    let mut page = Page { width: 595.0, height: 842.0, ..Page::default() };
    for (text, x, y, size) in lines {
        let glyphs = line(text, *x, *y).into_iter().map(|g| Drawn {
            x: x + (g.x - x) * size / 10.0,
            end: x + (g.end - x) * size / 10.0,
            size: *size,
            ..g
        });
        page.turned[0].extend(glyphs);
    }
    page
}

fn read(pages: Vec<Page>, declared: Option<&str>) -> (RawDocument, Option<String>) {
    let mut layout = Layout::default();
    pages.into_iter().for_each(|page| layout.add(page));
    let mut pages = layout.read();
    let title = pages.title(declared.map(|t| Found::new(t.to_string(), Origin::Meta)));
    let limits = Limits::default();
    let mut flow = Flow::new(&limits);
    pages.pour(&mut flow);
    (flow.finish().unwrap(), title.map(|t| t.value))
}

fn blocks(raw: &RawDocument) -> Vec<(BlockKind, &str, u32)> {
    raw.blocks.iter().map(|b| (b.kind, b.text.as_str(), b.page.unwrap_or(0))).collect()
}

#[test]
fn indents_and_short_lines_part_paragraphs_also_over_pages() {
    let pages = vec![
        page(&[
            ("甘肃省陆港建设工作报告", 120.0, 110.0, 16.0),
            ("各港区的账目逐月在门口张贴，供货主查对，有错当月改正当月", 70.0, 170.0, 10.0),
            ("当月改正。", 50.0, 186.0, 10.0),
            ("下一段的账目逐月在门口张贴，供货主查对，有错当月改正当月", 70.0, 202.0, 10.0),
            (FULL, 50.0, 218.0, 10.0),
            ("一、港口", 50.0, 234.0, 10.0),
            (FULL, 70.0, 250.0, 10.0),
        ]),
        page(&[("铁路局的清算。", 50.0, 130.0, 10.0), ("二、问题", 70.0, 170.0, 12.0)]),
    ];
    let (raw, title) = read(pages, None);
    assert_eq!(title.as_deref(), Some("甘肃省陆港建设工作报告"));
    let second = format!("下一段的账目逐月在门口张贴，供货主查对，有错当月改正当月{FULL}一、港口");
    let last = format!("{FULL}铁路局的清算。");
    use BlockKind::{Heading, Paragraph};
    assert_eq!(
        blocks(&raw),
        [
            (Paragraph, "各港区的账目逐月在门口张贴，供货主查对，有错当月改正当月当月改正。", 1),
            (Paragraph, second.as_str(), 1),
            (Paragraph, last.as_str(), 1),
            (Heading(2), "二、问题", 2),
        ]
    );
}

#[test]
fn a_paragraph_goes_on_in_the_next_column() {
    let mut lines = Vec::new();
    for at in 0..6 {
        let y = 300.0 + 12.0 * at as f32;
        lines.push(("the ports of the region and all the", 50.0, y, 10.0));
        lines.push(("roads that lead to them are open so", 300.0, y, 10.0));
    }
    let (raw, _) = read(vec![page(&lines)], None);
    assert_eq!(raw.blocks.len(), 1, "{:?}", blocks(&raw));
    assert!(raw.blocks[0].text.as_str().contains("and all the roads that lead"));
}

#[test]
fn upright_columns_are_read_from_the_right() {
    let mut page = Page { width: 595.0, height: 842.0, ..Page::default() };
    for (text, x) in [("左列的文字", 300.0), ("右列的文字", 320.0)] {
        page.turned[1].extend(line(text, 100.0, -x));
    }
    let (raw, _) = read(vec![page], None);
    assert_eq!(raw.blocks[0].text, "右列的文字左列的文字");
}

#[test]
fn cells_keep_their_lines_and_lone_pairs_are_no_table() {
    let lines = [
        ("城市", 50.0, 300.0, 10.0),
        ("列数", 150.0, 300.0, 10.0),
        ("武威", 50.0, 316.0, 10.0),
        ("516", 150.0, 316.0, 10.0),
        ("列一年", 150.0, 330.0, 10.0),
        ("落款", 50.0, 500.0, 10.0),
        ("日期", 250.0, 500.0, 10.0),
    ];
    let (raw, _) = read(vec![page(&lines)], None);
    use BlockKind::{Paragraph, TableRow};
    assert_eq!(
        blocks(&raw),
        [(TableRow, "城市 | 列数", 1), (TableRow, "武威 | 516列一年", 1), (Paragraph, "落款 日期", 1)]
    );
}

#[test]
fn numbered_items_are_no_table_and_contents_are_parted() {
    let lines = [
        ("1.", 50.0, 300.0, 10.0),
        ("build a dry port", 80.0, 300.0, 10.0),
        ("2.", 50.0, 316.0, 10.0),
        ("open a second line", 80.0, 316.0, 10.0),
        ("一、港口....................................3", 50.0, 360.0, 10.0),
        ("二、铁路....................................9", 50.0, 376.0, 10.0),
    ];
    let (raw, _) = read(vec![page(&lines)], None);
    assert!(raw.blocks.iter().all(|b| b.kind == BlockKind::Paragraph) && raw.blocks.len() == 4, "{:?}", blocks(&raw));
}

#[test]
fn the_head_of_a_letter_is_no_title_and_a_declared_one_is_found() {
    let lines = [
        ("甘肃省商务厅文件", 100.0, 120.0, 24.0),
        ("关于陆港建设的通知", 150.0, 200.0, 16.0),
        (FULL, 50.0, 300.0, 10.0),
        (FULL, 50.0, 316.0, 10.0),
    ];
    let (raw, title) = read(vec![page(&lines)], None);
    assert_eq!(title.as_deref(), Some("关于陆港建设的通知"));
    assert_eq!(raw.blocks[0].text, "甘肃省商务厅文件");
    let (_, title) = read(vec![page(&lines)], Some("关于 陆港建设的通知"));
    assert_eq!(title.as_deref(), Some("关于 陆港建设的通知"));
    let (_, title) = read(vec![page(&[(FULL, 50.0, 300.0, 10.0)])], Some("陆港"));
    assert_eq!(title.as_deref(), Some("陆港"));
}

#[test]
fn what_has_no_place_is_text_only_of_an_otherwise_empty_page() {
    let drawn = |lines: &[(&str, f32, f32, f32)]| Page { unplaced: vec!["图中".into()], ..page(lines) };
    let (raw, _) = read(vec![drawn(&[("文字", 50.0, 300.0, 10.0)]), drawn(&[])], None);
    assert_eq!(blocks(&raw), [(BlockKind::Paragraph, "文字", 1), (BlockKind::Paragraph, "图中", 2)]);
    assert_eq!(raw.original.text, "文字\n图中\n图中\n");
}

#[test]
fn numbers_and_quotes_at_line_ends_are_joined_as_they_are_written() {
    let mut text = String::from("去年开行20");
    paragraphs::join(&mut text, "21列班列");
    assert_eq!(text, "去年开行2021列班列");
    let mut text = String::from("he called it the");
    paragraphs::join(&mut text, "“dry port”");
    paragraphs::join(&mut text, "of the north");
    assert_eq!(text, "he called it the “dry port” of the north");
}
