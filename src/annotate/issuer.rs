//! Whose government speaks in a report or an act: by front matter, title, the line of delivery,
//! file name and folder.

use super::{names, region::Marker};
use crate::clean::Document;
use crate::model::{Confidence, Found, Kind, Origin, RegionId};
use crate::pattern::{Pattern, pattern};

/// Blocks at the head that can tell before which congress a report was given.
const HEAD_BLOCKS: usize = 8;
const COUNTRY: &str = "100000";

/// The region whose government speaks, for reports and acts; for other kinds only what front matter says.
pub fn find(document: &Document, kind: Kind, marker: &Marker) -> Option<Found<RegionId>> {
    if let Some(given) = &document.metadata.region
        && let Ok(places) = marker.gazetteer().find(&given.value)
        && let Some(place) = places.first()
    {
        return Some(given.clone().map(RegionId(place.code.to_string())));
    }
    if !matches!(kind, Kind::Report | Kind::Policy) {
        return None;
    }
    let title = innermost(marker, marker.regions_in(&document.title.value)).map(|r| Found::new(r, Origin::Title));
    if title.as_ref().is_some_and(|t| t.value.0 != COUNTRY) {
        return title;
    }
    if kind == Kind::Report {
        let head = document.blocks.iter().take(HEAD_BLOCKS).map(|b| document.text_of(b));
        for text in head.chain(document.metadata.bylines.iter().map(String::as_str)) {
            if let Some(region) = before_congress(text, marker) {
                return Some(Found::new(region, Origin::Text));
            }
        }
    }
    let named = names(document).find_map(|(name, origin)| {
        let spaced = capitalised(name.rsplit_once('.').map_or(name, |(stem, _)| stem));
        innermost(marker, marker.regions_in(&spaced)).map(|r| Found::new(r, origin))
    });
    title.or(named).or_else(|| national(document)).or_else(|| {
        let region = marker.named_most().filter(|_| kind == Kind::Report)?;
        Some(Found::new(region, Origin::Text).at("named most").sure(Confidence::Low))
    })
}

/// The country, if a body of it speaks at the head or gives a folder its name.
fn national(document: &Document) -> Option<Found<RegionId>> {
    const BODIES: &[&str] = &[
        "国务院",
        "国家统计局",
        "国家发展改革委",
        "国家发展和改革委员会",
        "全国人民代表大会",
        "全国人大",
        "State Council",
        "National People's Congress",
    ];
    let speaks = |text: &str| BODIES.iter().any(|b| text.contains(b));
    let country = |origin| Some(Found::new(RegionId(COUNTRY.to_string()), origin));
    if speaks(&document.title.value) {
        return country(Origin::Title);
    }
    if let Some((_, origin)) = names(document).find(|(name, _)| speaks(name)) {
        return country(origin);
    }
    // A province's report thanks the State Council further down; one of the country is by it, or before the congress.
    let head = document.blocks.iter().take(3).map(|b| document.text_of(b));
    let mut head = head.chain(document.metadata.bylines.iter().map(String::as_str)).filter(|t| t.chars().count() < 80);
    head.any(speaks).then(|| country(Origin::Text)).flatten()
}

/// The region of "在新疆维吾尔自治区第十三届人民代表大会…上" or "… Session of the Xinjiang … People's Congress".
fn before_congress(text: &str, marker: &Marker) -> Option<RegionId> {
    static PATTERN: Pattern = pattern!(
        r"(?i).{0,40}第?[一二三四五六七八九十0-9]{1,4}届人民代表大会|.{0,40}人民代表大会|.{0,80}People['’]s[\x20\u{3000}]+Congress(?:[\x20\u{3000}]+of[\x20\u{3000}]+.{0,60})?"
    );
    let found = PATTERN.find(text)?.as_str();
    if found.contains("全国人民代表大会") || found.to_lowercase().contains("national people") {
        return Some(RegionId(COUNTRY.to_string()));
    }
    innermost(marker, marker.regions_in(found))
}

/// Of regions that lie in one another, the innermost; of others, the first.
fn innermost(marker: &Marker, regions: Vec<RegionId>) -> Option<RegionId> {
    let gazetteer = marker.gazetteer();
    let first = regions.iter().find(|r| !r.0.starts_with("M-"))?;
    let inside = regions.iter().filter(|r| gazetteer.is_within(&r.0, &first.0) && !r.0.starts_with("Z-"));
    inside.max_by_key(|r| gazetteer.closure(&r.0).len()).or(Some(first)).cloned()
}

/// A file's name as words with capitals: `xinjiang-2020_report` → `Xinjiang 2020 Report`.
fn capitalised(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    let mut start = true;
    for c in name.chars() {
        let c = if matches!(c, '-' | '_' | '.') { ' ' } else { c };
        out.extend(if start { c.to_uppercase().collect::<Vec<_>>() } else { vec![c] });
        start = !c.is_alphanumeric();
    }
    out
}

#[cfg(test)]
mod tests {
    use super::super::test::{document, named_document};
    use super::*;
    use crate::vocab::Gazetteer;

    #[track_caller]
    fn check(document: Document, expected: Option<(&str, Origin)>) {
        let marker = Marker::new(&document, Gazetteer::get());
        let found = find(&document, Kind::Report, &marker);
        assert_eq!(found.map(|f| (f.value.0, f.origin)), expected.map(|(c, o)| (c.to_string(), o)));
    }

    #[test]
    fn the_issuer_is_found_where_reports_have_it() {
        check(document("2020年新疆维吾尔自治区政府工作报告", &["各位代表："]), Some(("650000", Origin::Title)));
        check(document("新疆维吾尔自治区乌鲁木齐市政府工作报告", &["各位代表："]), Some(("650100", Origin::Title)));
        check(
            document("政府工作报告", &["——2021年1月20日在甘肃省第十三届人民代表大会第四次会议上"]),
            Some(("620000", Origin::Text)),
        );
        check(
            document("政府工作报告", &["2021年3月5日在第十三届全国人民代表大会第四次会议上"]),
            Some((COUNTRY, Origin::Text)),
        );
        check(named_document("xinjiang-2020.txt", "Work report", &["Text."]), Some(("650000", Origin::FileName)));
        check(named_document("甘肃省/2020.txt", "政府工作报告", &["正文。"]), Some(("620000", Origin::Folder)));
        check(document("政府工作报告", &["正文。"]), None);
    }
}
