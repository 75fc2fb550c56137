//! Places: the administrative divisions of China, its macro-regions and zones, and the countries of
//! the world, as one tree of codes with names and aliases in English and Chinese.
//!
//! Sources of the tables are named in `data/SOURCES.md`.

use super::own::Own;
use super::{Lexicon, key, nearest};
use crate::error::{Error, Result};
use crate::model::RegionId;
use std::borrow::Cow;
use std::sync::OnceLock;

include!(concat!(env!("OUT_DIR"), "/places.rs"));
static LOOKUP: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/lookup.bin"));

/// What a place is in the tree. The order is that of precedence when a name fits several.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// A country.
    Country,
    /// A province, autonomous region, municipality or special administrative region.
    Province,
    /// A prefecture or prefecture-level city.
    Prefecture,
    /// A county, district or county-level city.
    County,
    /// A region that crosses divisions: a river basin, a cluster of cities, a strategy's area.
    Macro,
    /// A new area or zone inside a division, without a code of its own in the national list.
    #[default]
    Zone,
}

impl Level {
    /// The name used in listings.
    pub fn name(self) -> &'static str {
        match self {
            Level::Country => "country",
            Level::Province => "province",
            Level::Prefecture => "prefecture",
            Level::County => "county",
            Level::Macro => "macro",
            Level::Zone => "zone",
        }
    }
}

/// A place of the gazetteer.
#[derive(Clone, Debug, Default)]
pub struct Place {
    /// Its code: GB/T 2260, ISO 3166 alpha-2, `M-…` or `Z-…`; `U-…` for a user's own.
    pub code: Cow<'static, str>,
    /// Where it stands in the tree.
    pub level: Level,
    pub(super) parent: Cow<'static, str>,
    /// Its English name without the generic word.
    pub name_en: Cow<'static, str>,
    /// Its official Chinese name.
    pub name_zh: Cow<'static, str>,
    pub(super) aliases_en: Cow<'static, str>,
    pub(super) aliases_zh: Cow<'static, str>,
    pub(super) flags: Cow<'static, str>,
    pub(super) members: Cow<'static, str>,
    pub(super) successor: Cow<'static, str>,
}

impl Place {
    /// The code of the place it lies in.
    pub fn parent(&self) -> Option<&str> {
        Some(&*self.parent).filter(|p| !p.is_empty())
    }

    /// Further English names: irregular romanisations, forms with the generic word.
    pub fn aliases_en(&self) -> impl Iterator<Item = &str> {
        list(&self.aliases_en, '|')
    }

    /// Further Chinese names, short forms first.
    pub fn aliases_zh(&self) -> impl Iterator<Item = &str> {
        list(&self.aliases_zh, '|')
    }

    /// The codes of the divisions a macro-region or zone consists of, or lies in.
    pub fn members(&self) -> impl Iterator<Item = &str> {
        list(&self.members, ',')
    }

    /// Whether the table flags its names so: `dup_en`, `dup_zh`, `word_en`, `word_zh`, `parent`, `former` …
    pub fn has_flag(&self, flag: &str) -> bool {
        list(&self.flags, ',').any(|f| f == flag)
    }

    /// Whether a user added it.
    pub fn is_own(&self) -> bool {
        self.has_flag("own")
    }

    /// The code of the division that took the place of this one, which was abolished or renamed.
    pub fn successor(&self) -> Option<&str> {
        Some(&*self.successor).filter(|s| !s.is_empty())
    }

    /// Whether the division was abolished or renamed.
    pub fn is_former(&self) -> bool {
        self.successor().is_some()
    }

    /// Both names for a reader: `Xinjiang 新疆`.
    pub fn label(&self) -> String {
        let (english, chinese) = (&*self.name_en, self.short_zh());
        match (english.is_empty(), chinese.is_empty()) {
            (false, false) => format!("{english} {chinese}"),
            _ => format!("{english}{chinese}"),
        }
    }

    /// The Chinese name as it is used in running text.
    pub fn short_zh(&self) -> &str {
        match self.level {
            Level::Province | Level::Prefecture => self.aliases_zh().next().unwrap_or(&self.name_zh),
            _ => &self.name_zh,
        }
    }
}

/// All places, by code: those compiled in, and the user's own.
#[derive(Default)]
pub struct Gazetteer {
    pub(super) own: Own,
}

impl Gazetteer {
    /// The compiled-in gazetteer.
    pub fn get() -> &'static Gazetteer {
        static GAZETTEER: OnceLock<Gazetteer> = OnceLock::new();
        GAZETTEER.get_or_init(Gazetteer::default)
    }

    /// Every place, those compiled in by code first.
    pub fn places(&self) -> impl Iterator<Item = &Place> {
        PLACES.iter().chain(&self.own.places)
    }

    /// The place with that number in the compiled-in tables.
    pub(super) fn numbered(number: u16) -> &'static Place {
        &PLACES[usize::from(number)]
    }

    /// The place of that code.
    pub fn place(&self, code: &str) -> Option<&Place> {
        let compiled = PLACES.binary_search_by(|p| (*p.code).cmp(code)).ok().map(|at| &PLACES[at]);
        compiled.or_else(|| self.own.place(code))
    }

    /// The code itself, those of all places it lies in and, for a zone, those of the divisions it
    /// lies in: what a passage about it is filed under. Most specific first, no code twice.
    pub fn closure(&self, code: &str) -> Vec<&str> {
        let mut out: Vec<&str> = Vec::new();
        let mut todo: Vec<&Place> = self.place(code).into_iter().collect();
        while let Some(place) = todo.pop() {
            if out.contains(&&*place.code) {
                continue;
            }
            out.push(&place.code);
            let within = place.parent().into_iter().chain(place.successor());
            todo.extend(within.filter_map(|c| self.place(c)));
            if place.level == Level::Zone {
                todo.extend(place.members().filter_map(|c| self.place(c)));
            }
        }
        out
    }

    /// The name of a place as it is shown: English, else Chinese, else the code.
    pub fn name<'a>(&'a self, region: &'a RegionId) -> &'a str {
        let names = self.place(&region.0).map(|p| [&*p.name_en, &*p.name_zh]);
        names.into_iter().flatten().find(|n| !n.is_empty()).unwrap_or(&region.0)
    }

    /// Whether `code` is `ancestor` or lies in it.
    pub fn is_within(&self, code: &str, ancestor: &str) -> bool {
        self.closure(code).contains(&ancestor)
    }

    /// The province (or country) a place lies in, if it is not above provinces itself.
    pub fn province(&self, code: &str) -> Option<&Place> {
        // A division's code begins with its province's.
        if code.len() == 6 && code.bytes().all(|b| b.is_ascii_digit()) {
            let mut province = *b"000000";
            province[..2].copy_from_slice(&code.as_bytes()[..2]);
            return self.place(std::str::from_utf8(&province).ok()?).filter(|p| p.level == Level::Province);
        }
        self.closure(code).into_iter().filter_map(|c| self.place(c)).find(|p| p.level == Level::Province)
    }

    /// The places a typed name means: by code, or by name or alias in either language. When a name
    /// fits places of several levels, those of the highest; several on one level are all returned.
    /// Errors: [`Error::UnknownRegion`] with the names nearest to it.
    pub fn find(&self, given: &str) -> Result<Vec<&Place>> {
        let typed = given.trim();
        if let Some(place) = self.place(&typed.to_uppercase()) {
            return Ok(vec![place]);
        }
        let wanted = key(typed);
        let mut found = self.named(&wanted);
        if found.is_empty() {
            found = self.named(&without_generic(&wanted));
        }
        let Some(best) = found.iter().map(|p| p.level).min() else {
            return Err(Error::UnknownRegion { given: typed.to_string(), near: self.near(&wanted) });
        };
        found.retain(|p| p.level == best);
        if found.iter().any(|p| !p.is_former()) {
            found.retain(|p| !p.is_former());
        }
        Ok(found)
    }

    /// Everything that a filter on this place should accept: itself and, for a macro-region, its members.
    pub fn accepted(&self, place: &Place) -> Vec<RegionId> {
        let mut out = vec![RegionId(place.code.to_string())];
        if place.level == Level::Macro {
            out.extend(place.members().map(|m| RegionId(m.to_string())));
        }
        out
    }

    /// The places inside `code`, one level down.
    pub fn children(&self, code: &str) -> impl Iterator<Item = &Place> {
        let code = code.to_string();
        self.places().filter(move |p| p.parent() == Some(code.as_str()))
    }

    fn named(&self, wanted: &str) -> Vec<&Place> {
        static NAMES: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/lookup.fst"));
        static LEXICON: OnceLock<Lexicon> = OnceLock::new();
        if wanted.is_empty() {
            return Vec::new();
        }
        let own = self.own.named(wanted).filter_map(|code| self.place(code));
        let at = LEXICON.get_or_init(|| Lexicon::compiled(NAMES)).number(wanted);
        let list = at.and_then(|at| LOOKUP.get(usize::try_from(at).ok()?..)).unwrap_or_default();
        let count = list.first().map_or(0, |c| usize::from(*c));
        let numbers = list.get(1..).unwrap_or_default().chunks_exact(2).take(count);
        let compiled = numbers.map(|n| Gazetteer::numbered(u16::from_le_bytes([n[0], n[1]])));
        let mut out: Vec<&Place> = Vec::new();
        for place in own.chain(compiled) {
            if out.iter().all(|p| p.code != place.code) {
                out.push(place);
            }
        }
        out
    }

    fn near(&self, wanted: &str) -> Vec<String> {
        let names = self.places().flat_map(|p| {
            let level = p.level as usize;
            [&*p.name_en, p.short_zh()].into_iter().map(move |n| (key(n), level, p.label()))
        });
        nearest(wanted, names, 3)
    }
}

/// A name without the word for what it is: `xinjiangprovince` → `xinjiang`.
fn without_generic(wanted: &str) -> String {
    const GENERIC: [&str; 18] = [
        "autonomousregion",
        "autonomousprefecture",
        "autonomouscounty",
        "municipality",
        "prefecture",
        "province",
        "district",
        "county",
        "city",
        "banner",
        "省",
        "市",
        "自治区",
        "自治州",
        "地区",
        "州",
        "县",
        "区",
    ];
    GENERIC.iter().find_map(|g| wanted.strip_suffix(g)).unwrap_or("").to_string()
}

fn list(field: &str, separator: char) -> impl Iterator<Item = &str> {
    field.split(separator).map(str::trim).filter(|item| !item.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_find(given: &str, codes: &[&str]) {
        let found: Vec<_> = Gazetteer::get().find(given).unwrap().iter().map(|p| &*p.code).collect();
        assert_eq!(found, codes, "{given}");
    }

    #[test]
    fn a_place_is_found_by_code_name_pinyin_chinese_and_alias() {
        check_find("650000", &["650000"]);
        check_find("Xinjiang", &["650000"]);
        check_find("xinjiang province", &["650000"]);
        check_find("新疆", &["650000"]);
        check_find("新疆维吾尔自治区", &["650000"]);
        check_find("Ürümqi", &["650100"]);
        check_find("Urumqi", &["650100"]);
        check_find("Xi’an", &["610100"]);
        check_find("xian", &["610100"]);
        check_find("陝西", &["610000"]);
        check_find("kz", &["KZ"]);
        check_find("Kazakhstan", &["KZ"]);
        check_find("Greater Bay Area", &["M-GBA"]);
    }

    #[test]
    fn the_higher_level_wins_and_equals_are_all_returned() {
        check_find("Jilin", &["220000"]);
        check_find("Suzhou", &["320500", "341300"]);
        check_find("苏州", &["320500"]);
    }

    #[test]
    fn an_unknown_place_suggests_the_near_ones() {
        let Err(Error::UnknownRegion { near, .. }) = Gazetteer::get().find("Shanxii") else { panic!("found") };
        assert_eq!(&near[..2], ["Shanxi 山西", "Shaanxi 陕西"]);
        let Err(Error::UnknownRegion { near, .. }) = Gazetteer::get().find("Xinjang") else { panic!("found") };
        assert_eq!(near[0], "Xinjiang 新疆");
        assert!(matches!(Gazetteer::get().find(""), Err(Error::UnknownRegion { .. })));
        assert!(matches!(Gazetteer::get().find("!!"), Err(Error::UnknownRegion { .. })));
    }

    #[test]
    fn a_place_is_filed_under_all_it_lies_in() {
        let gazetteer = Gazetteer::get();
        assert_eq!(gazetteer.closure("650102"), ["650102", "650100", "650000", "100000"]);
        assert!(gazetteer.is_within("Z-URDRYPORT", "650100"));
        assert!(!gazetteer.is_within("610100", "650000"));
        assert_eq!(gazetteer.province("650102").unwrap().code, "650000");
    }

    #[test]
    fn every_parent_member_and_successor_is_a_place() {
        let gazetteer = Gazetteer::get();
        for place in gazetteer.places() {
            for code in place.parent().into_iter().chain(place.members()).chain(place.successor()) {
                assert!(gazetteer.place(code).is_some(), "{} names {code}", place.code);
            }
        }
        assert!(PLACES.windows(2).all(|w| w[0].code < w[1].code), "codes are unique");
    }
}
