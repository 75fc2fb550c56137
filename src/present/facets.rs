//! Counts by facet: bars for a person, JSON, CSV.

use super::escape::{cell, json, terminal};
use super::text::{FAINT, Look, PATH, TITLE};
use super::{Format, SearchedOut};
use crate::index::Tally;
use crate::query::Facet;
use crate::search::{Facets, Value, Values};
use serde::Serialize;
use std::io::{self, Write};
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Columns where nobody says how many there are.
const WIDTH_DEFAULT: usize = 80;
/// The longest bar, in columns.
const BAR_MAX: usize = 40;
/// The shortest column for labels.
const LABEL_MIN: usize = 8;

/// Writes counts in a format. There is nothing to be written a hit a line: such lines are those of JSON.
pub fn facets(
    format: Format,
    facets: &Facets,
    query: &str,
    took_ms: f64,
    look: &Look,
    out: &mut dyn Write,
) -> io::Result<()> {
    match format {
        Format::Text => text(facets, look, out)?,
        Format::Csv => csv(facets, out)?,
        Format::Json | Format::JsonLines => object(facets, query, took_ms, out)?,
    }
    out.flush()
}

/// A line of the text.
struct Row {
    label: String,
    /// None: the label says it all.
    tally: Option<Tally>,
    style: anstyle::Style,
}

fn text(facets: &Facets, look: &Look, out: &mut dyn Write) -> io::Result<()> {
    let shown = facets.facets.iter().filter(|f| !f.values.is_empty() || f.without.passages > 0);
    for (at, values) in shown.enumerate() {
        if at > 0 {
            writeln!(out)?;
        }
        table(values, look, out)?;
    }
    Ok(())
}

fn table(values: &Values, look: &Look, out: &mut dyn Write) -> io::Result<()> {
    let mut rows: Vec<Row> = Vec::new();
    let earlier = |n| Row { label: format!("… {n} earlier"), tally: None, style: FAINT };
    rows.extend((values.facet == Facet::Year && values.more > 0).then(|| earlier(values.more)));
    rows_of(&values.values, if values.facet == Facet::Year { 0 } else { values.more }, 0, values.facet, &mut rows);
    if values.without.passages > 0 {
        rows.push(Row { label: "(none)".into(), tally: Some(values.without), style: FAINT });
    }
    let width = look.columns().unwrap_or(WIDTH_DEFAULT);
    let numbers = |of: fn(&Tally) -> u64, head: &str| {
        rows.iter().filter_map(|r| r.tally.as_ref()).map(|t| of(t).to_string().len()).chain([head.len()]).max()
    };
    let documents = numbers(|t| t.documents, "documents").unwrap_or(0);
    let passages = numbers(|t| t.passages, "passages").unwrap_or(0);
    let head = values.facet.name();
    // At most half of the line is for labels.
    let room = (width / 2).min(width.saturating_sub(documents + passages + 4)).max(LABEL_MIN);
    let label = rows.iter().map(|r| r.label.width()).max().unwrap_or(0).min(room).max(head.len());
    let bar = width.saturating_sub(label + documents + passages + 6).min(BAR_MAX);
    let most = rows.iter().filter_map(|r| r.tally).map(|t| t.documents).max().unwrap_or(0).max(1);
    let heads = format!("  {:>documents$}  {:>passages$}", "documents", "passages");
    writeln!(out, "{}{}{}", look.paint(TITLE, head), " ".repeat(label - head.len()), look.paint(FAINT, &heads))?;
    for row in rows {
        let name = cut(&row.label, label);
        let Some(tally) = row.tally else {
            writeln!(out, "{}", look.paint(row.style, &name))?;
            continue;
        };
        let blanks = " ".repeat(label - name.width());
        let numbers = format!("  {:>documents$}  {:>passages$}", tally.documents, tally.passages);
        let drawn = drawn(tally.documents, most, bar);
        let gap = if drawn.is_empty() { "" } else { "  " };
        writeln!(out, "{}{blanks}{numbers}{gap}{}", look.paint(row.style, &name), look.paint(PATH, &drawn))?;
    }
    Ok(())
}

fn rows_of(values: &[Value], more: u64, depth: usize, facet: Facet, rows: &mut Vec<Row>) {
    let indent = "  ".repeat(depth);
    for value in values {
        let mark = if value.selected { " *" } else { "" };
        let style = if value.selected { TITLE } else { anstyle::Style::new() };
        let label = terminal(&label(value, facet)).replace('\n', " ");
        rows.push(Row { label: format!("{indent}{label}{mark}"), tally: Some(value.tally), style });
        rows_of(&value.inside, value.more, depth + 1, facet, rows);
    }
    if more > 0 {
        rows.push(Row { label: format!("{indent}… {more} more"), tally: None, style: FAINT });
    }
}

/// A topic goes by the slug that a filter takes, a place by its names.
fn label(value: &Value, facet: Facet) -> String {
    let first = if facet == Facet::Region && !(value.name.is_empty() && value.name_zh.is_empty()) {
        &value.name
    } else {
        &value.value
    };
    [first.as_str(), &value.name_zh].into_iter().filter(|n| !n.is_empty()).collect::<Vec<_>>().join(" ")
}

/// Text cut to so many columns.
fn cut(text: &str, width: usize) -> String {
    if text.width() <= width {
        return text.to_string();
    }
    let mut out = String::new();
    let mut filled = 1;
    for c in text.chars() {
        filled += c.width().unwrap_or(0);
        if filled > width {
            break;
        }
        out.push(c);
    }
    out + "…"
}

/// A bar in eighths of a column. What there is is seen, however little.
fn drawn(count: u64, most: u64, width: usize) -> String {
    const EIGHTHS: [&str; 8] = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];
    let eighths = (count as f64 / most as f64 * width as f64 * 8.0).round() as usize;
    let eighths = if count > 0 && width > 0 { eighths.max(1) } else { 0 };
    format!("{}{}", "█".repeat(eighths / 8), EIGHTHS[eighths % 8])
}

#[derive(Serialize)]
struct FacetsOut<'a> {
    query: &'a str,
    total: u64,
    documents: u64,
    fell_back_to_words: bool,
    took_ms: f64,
    searched: SearchedOut,
    facets: Vec<FacetOut<'a>>,
}

#[derive(Serialize)]
struct FacetOut<'a> {
    facet: &'a str,
    values: Vec<ValueOut<'a>>,
    more: u64,
    without: TallyOut,
}

#[derive(Serialize)]
struct TallyOut {
    documents: u64,
    passages: u64,
}

#[derive(Serialize)]
struct ValueOut<'a> {
    value: &'a str,
    name: Option<&'a str>,
    name_zh: Option<&'a str>,
    level: Option<&'a str>,
    parent: Option<&'a str>,
    documents: u64,
    passages: u64,
    selected: bool,
    more: u64,
}

/// The values of a facet, each followed by those inside it.
fn flat<'a>(values: &'a [Value], parent: Option<&'a str>, out: &mut Vec<ValueOut<'a>>) {
    fn some(name: &str) -> Option<&str> {
        Some(name).filter(|n| !n.is_empty())
    }
    for v in values {
        out.push(ValueOut {
            value: &v.value,
            name: some(&v.name),
            name_zh: some(&v.name_zh),
            level: v.level,
            parent,
            documents: v.tally.documents,
            passages: v.tally.passages,
            selected: v.selected,
            more: v.more,
        });
        flat(&v.inside, Some(&v.value), out);
    }
}

fn list(values: &Values) -> Vec<ValueOut<'_>> {
    let mut out = Vec::new();
    flat(&values.values, None, &mut out);
    out
}

fn object(facets: &Facets, query: &str, took_ms: f64, out: &mut dyn Write) -> io::Result<()> {
    let all = FacetsOut {
        query,
        total: facets.all.passages,
        documents: facets.all.documents,
        fell_back_to_words: facets.fell_back,
        took_ms: (took_ms * 1000.0).round() / 1000.0,
        searched: SearchedOut::from(&facets.searched),
        facets: facets
            .facets
            .iter()
            .map(|f| FacetOut {
                facet: f.facet.name(),
                values: list(f),
                more: f.more,
                without: TallyOut { documents: f.without.documents, passages: f.without.passages },
            })
            .collect(),
    };
    out.write_all(json(&serde_json::to_string(&all)?).as_bytes())?;
    out.write_all(b"\n")
}

fn csv(facets: &Facets, out: &mut dyn Write) -> io::Result<()> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record([
        "facet",
        "value",
        "name",
        "name_zh",
        "level",
        "parent",
        "documents",
        "passages",
        "selected",
    ])?;
    for values in &facets.facets {
        for v in list(values) {
            let cells = [
                values.facet.name(),
                v.value,
                v.name.unwrap_or_default(),
                v.name_zh.unwrap_or_default(),
                v.level.unwrap_or_default(),
                v.parent.unwrap_or_default(),
                &v.documents.to_string(),
                &v.passages.to_string(),
                if v.selected { "yes" } else { "" },
            ];
            writer.write_record(cells.map(|c| cell(&terminal(c)).into_owned()))?;
        }
    }
    let bytes = writer.into_inner().map_err(|e| io::Error::other(e.to_string()))?;
    out.write_all(&bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(value: &str, documents: u64) -> Value {
        Value { value: value.into(), tally: Tally { documents, passages: documents * 2 }, ..Value::default() }
    }

    fn shown(values: Values, width: usize) -> String {
        let look = Look { colour: false, links: None, width: Some(width), here: String::new() };
        let mut out = Vec::new();
        text(&Facets { facets: vec![values], ..Facets::default() }, &look, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn bars_stand_in_one_column_whatever_the_script() {
        let xinjiang =
            Value { name: "Xinjiang".into(), name_zh: "新疆".into(), selected: true, ..value("650000", 8) };
        let china = Value {
            name: "China".into(),
            name_zh: "中国".into(),
            inside: vec![xinjiang],
            more: 3,
            ..value("100000", 16)
        };
        let values =
            Values { facet: Facet::Region, values: vec![china], more: 0, without: Tally { documents: 1, passages: 1 } };
        assert_eq!(
            shown(values, 60),
            "region             documents  passages\n\
             China 中国                16        32  ████████████████████\n\
             \u{20} Xinjiang 新疆 *          8        16  ██████████\n\
             \u{20} … 3 more\n\
             (none)                     1         1  █▎\n"
        );
    }

    #[test]
    fn no_line_is_wider_than_the_terminal_and_long_names_are_cut() {
        let values = |name: &str| Values {
            facet: Facet::Source,
            values: vec![value(name, 9), value("b", 1)],
            more: 2,
            without: Tally::default(),
        };
        for width in [20, 40, 60, 100] {
            for name in ["新华社新疆分社乌鲁木齐记者站新闻信息中心", "a\u{1b}[31m name of many, many words indeed"]
            {
                for line in shown(values(name), width).lines() {
                    // Numbers are never cut.
                    assert!(line.width() <= width.max(LABEL_MIN + 21), "{width}: {line}");
                    assert!(!line.contains('\u{1b}'));
                }
            }
        }
    }

    #[test]
    fn earlier_years_are_said_before_the_others() {
        let values = Values { facet: Facet::Year, values: vec![value("2020", 1)], more: 4, without: Tally::default() };
        assert_eq!(shown(values, 60).lines().nth(1), Some("… 4 earlier"));
    }
}
