//! For the build script: the tables of `data/` → what the program has compiled in, ready to be read without being loaded.
//!
//! - `places.rs`: every place as a constant, by code;
//! - `names.fst`, `names.bin`: every name of every place, and what it can mean;
//! - `lookup.fst`, `lookup.bin`: names as they are typed in filters;
//! - `words.fst`: common words that place names can straddle;
//! - `topics.rs`, `terms.*`: see `terms/compile.rs`;
//! - `glossary.*`: see `glossary/compile.rs`.

#[path = "fold.rs"]
mod fold;
#[path = "glossary/compile.rs"]
mod glossary;

/// Topics and their terms, which are folded as the library folds them.
#[path = "terms"]
#[allow(dead_code)]
mod terms {
    pub mod compile;
    mod folding;
    mod prefixes;
    mod table;
    mod trie;
}

use fold::{folded, key};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

/// How much a name says without further evidence; the same numbers as `names::Strength`.
const WORD: u8 = 0;
const WEAK: u8 = 1;
const FAIR: u8 = 2;
const STRONG: u8 = 3;

/// Flags of a name; the same as in `names`.
const EXACT: u8 = 1;
const CAPITAL: u8 = 2;
const DEMONYM: u8 = 4;

/// Writes the tables of `data`.
pub fn compile(data: &Path, out: &Path) {
    let read = |name: &str| fs::read_to_string(data.join(name)).unwrap_or_else(|e| panic!("{name}: {e}"));
    let words: Vec<String> = read("words_zh.txt").lines().map(str::to_string).collect();
    let ordinary: Vec<String> = listed(&read("ordinary_zh.txt"));
    let places = places(&read("divisions.tsv"), &read("countries.tsv"), &read("macro_regions.tsv"));
    write(out, "places.rs", places_source(&places).as_bytes());
    for (name, bytes) in glossary::compiled(&read("glossary.tsv")) {
        write(out, name, &bytes);
    }
    for (name, bytes) in terms::compile::compiled(&read("taxonomy.toml")) {
        write(out, name, &bytes);
    }
    let mut names = Names::default();
    for (at, place) in places.iter().enumerate() {
        names.add_place(at, place, &ordinary);
    }
    for line in listed(&read("not_places.txt")) {
        names.add_not(&line);
    }
    names.write(out);
    write_lookup(&places, out);
    let mut words: Vec<&str> =
        words.iter().map(|w| w.trim()).filter(|w| !w.is_empty() && !w.starts_with('#')).collect();
    words.sort_unstable();
    words.dedup();
    let map = fst::Map::from_iter(words.into_iter().map(|word| (word, 1))).expect("words are sorted");
    write(out, "words.fst", map.as_fst().as_bytes());
}

fn write(out: &Path, name: &str, bytes: &[u8]) {
    fs::write(out.join(name), bytes).unwrap_or_else(|e| panic!("{name}: {e}"));
}

/// The lines of a list without comments.
fn listed(text: &str) -> Vec<String> {
    let lines = text.lines().map(str::trim).filter(|l| !l.is_empty() && !l.starts_with('#'));
    lines.map(str::to_string).collect()
}

struct Place {
    code: String,
    level: &'static str,
    parent: String,
    name_en: String,
    name_zh: String,
    aliases_en: String,
    aliases_zh: String,
    demonyms: String,
    flags: String,
    members: String,
    successor: String,
}

impl Place {
    fn has_flag(&self, flag: &str) -> bool {
        self.flags.split(',').any(|f| f == flag)
    }
    fn english(&self) -> impl Iterator<Item = &str> {
        std::iter::once(self.name_en.as_str())
            .chain(items(&self.aliases_en))
            .filter(|n| n.len() >= 2 && !n.contains('('))
    }
    fn chinese(&self) -> impl Iterator<Item = &str> {
        let all = std::iter::once(self.name_zh.as_str()).chain(items(&self.aliases_zh));
        all.map(|n| n.trim_matches(['“', '”'])).filter(|n| n.chars().count() >= 2 && !n.contains('('))
    }
}

fn items(field: &str) -> impl Iterator<Item = &str> {
    field.split('|').map(str::trim).filter(|item| !item.is_empty())
}

fn places(divisions: &str, countries: &str, macro_regions: &str) -> Vec<Place> {
    fn rows(table: &str) -> impl Iterator<Item = Vec<String>> + '_ {
        table.lines().skip(1).map(|line| line.split('\t').map(str::to_string).collect())
    }
    let at = |row: &[String], column: usize| row.get(column).cloned().unwrap_or_default();
    let mut out: Vec<Place> = Vec::new();
    for row in rows(divisions) {
        let level = match row[1].as_str() {
            "country" => "Country",
            "province" => "Province",
            "prefecture" => "Prefecture",
            _ => "County",
        };
        out.push(Place {
            code: at(&row, 0),
            level,
            parent: at(&row, 2),
            name_zh: at(&row, 3),
            name_en: at(&row, 4),
            aliases_zh: at(&row, 5),
            aliases_en: at(&row, 6),
            demonyms: String::new(),
            flags: at(&row, 7),
            members: String::new(),
            successor: at(&row, 10).strip_prefix("former:").unwrap_or_default().to_string(),
        });
    }
    // The divisions' own codes stand for these four.
    for row in rows(countries).filter(|r| !["CN", "HK", "MO", "TW"].contains(&r[0].as_str())) {
        out.push(Place {
            code: at(&row, 0),
            level: "Country",
            parent: String::new(),
            name_zh: at(&row, 4),
            // "Bahamas (The)", "Bolivia (Plurinational State of)": the name in use stands before.
            name_en: at(&row, 3).split(" (").next().unwrap_or_default().to_string(),
            aliases_zh: at(&row, 7),
            aliases_en: at(&row, 5),
            demonyms: at(&row, 6),
            flags: String::new(),
            members: String::new(),
            successor: String::new(),
        });
    }
    for row in rows(macro_regions) {
        out.push(Place {
            level: if row[0].starts_with("Z-") { "Zone" } else { "Macro" },
            code: at(&row, 0),
            parent: String::new(),
            name_zh: at(&row, 3),
            name_en: at(&row, 2),
            aliases_zh: at(&row, 6),
            aliases_en: at(&row, 5),
            demonyms: String::new(),
            flags: at(&row, 1),
            members: at(&row, 4),
            successor: String::new(),
        });
    }
    out.sort_by(|a, b| a.code.cmp(&b.code));
    out
}

fn places_source(places: &[Place]) -> String {
    let mut out = format!("static PLACES: [Place; {}] = [\n", places.len());
    for p in places {
        let _ = writeln!(
            out,
            "Place {{ code: Cow::Borrowed({:?}), level: Level::{}, parent: Cow::Borrowed({:?}), name_en: Cow::Borrowed({:?}), \
             name_zh: Cow::Borrowed({:?}), aliases_en: Cow::Borrowed({:?}), aliases_zh: Cow::Borrowed({:?}), \
             flags: Cow::Borrowed({:?}), members: Cow::Borrowed({:?}), \
             successor: Cow::Borrowed({:?}) }},",
            p.code,
            p.level,
            p.parent,
            p.name_en,
            p.name_zh,
            p.aliases_en,
            p.aliases_zh,
            p.flags,
            p.members,
            p.successor
        );
    }
    out + "];\n"
}

/// Topics, themes and phrases as constants.
#[derive(Default)]
struct Name {
    flags: u8,
    /// Place, strength, and whether the name has the generic word of the place's kind.
    readings: Vec<(usize, u8, bool)>,
    exact: String,
}

#[derive(Default)]
struct Names {
    by_name: BTreeMap<String, Name>,
}

/// English generic words of divisions.
const GENERIC_EN: &[&str] = &[
    "Province",
    "City",
    "County",
    "District",
    "Prefecture",
    "Banner",
    "Region",
    "Municipality",
    "League",
    "Area",
    "Zone",
    "Pass",
];
/// What a Chinese name of a division can end in.
const GENERIC_ZH: &[char] = &['省', '市', '县', '区', '州', '旗', '盟'];
/// Waters that name divisions: the short name is the water's first.
const WATERS_ZH: &[char] = &['河', '湖'];

impl Names {
    fn add_place(&mut self, at: usize, place: &Place, ordinary: &[String]) {
        let is_division = matches!(place.level, "Province" | "Prefecture" | "County");
        let short = bare(&place.name_en);
        for written in place.english() {
            self.add_english(at, place, written, strength_en(place, written), true);
        }
        if is_division {
            let is_autonomous = place.name_zh.contains("自治");
            let autonomous = if place.level == "Prefecture" { "Autonomous Prefecture" } else { "Autonomous County" };
            if is_autonomous && place.level != "Province" {
                self.add_english(at, place, &format!("{short} {autonomous}"), STRONG, true);
            }
            // Machines write every kind of division with every generic word.
            let generics: &[&str] = match place.level {
                "Province" => &["Province"],
                "Prefecture" => &["City", "Prefecture", "Region"],
                _ => &["County", "City", "District"],
            };
            for generic in generics {
                let fits = kind_fits(place, generic);
                let written = format!("{short} {generic}");
                let strength = if fits { STRONG } else { strength_en(place, short).clamp(WEAK, FAIR) };
                self.add_english(at, place, &written, strength, fits);
                if let Some(spaced) = spaced(short, &place.name_zh) {
                    self.add_english(at, place, &format!("{spaced} {generic}"), if fits { FAIR } else { WEAK }, fits);
                }
            }
        }
        for demonym in items(&place.demonyms) {
            self.add(at, demonym, STRONG, CAPITAL | DEMONYM, true);
        }
        for written in place.chinese() {
            let strength = strength_zh(place, written, ordinary);
            self.add(at, &fast2s::convert(written), strength, 0, true);
        }
    }

    fn add_english(&mut self, at: usize, place: &Place, written: &str, strength: u8, fits: bool) {
        let acronym = written.len() <= 5 && written.bytes().all(|b| b.is_ascii_uppercase() || b == b'.');
        // Provinces and prefectures are met in lower case in what machines translated, wider regions in any text.
        let lower = strength == STRONG && matches!(place.level, "Province" | "Prefecture") && written.len() >= 5
            || place.level == "Macro" && written.contains([' ', '-']) && !place.has_flag("organisation");
        let flags = if acronym { EXACT } else { 0 } | if lower { 0 } else { CAPITAL };
        self.add(at, written, strength, flags, fits);
        if written.contains('\'') {
            // Yu'an is a district; yuan are money.
            let weaker = if place.level == "County" { strength.min(WEAK) } else { strength };
            self.add(at, &written.replace('\'', ""), weaker, flags, fits);
        }
    }

    fn add(&mut self, at: usize, written: &str, strength: u8, flags: u8, fits: bool) {
        let key = folded(written);
        let new = !self.by_name.contains_key(&key);
        let name = self.by_name.entry(key).or_default();
        if new {
            name.flags = flags;
            name.exact = written.to_string();
        }
        // It may be written small when any place of the name may.
        name.flags &= flags | !CAPITAL;
        if flags & EXACT == 0 {
            name.flags &= !EXACT;
        }
        match name.readings.iter_mut().find(|r| r.0 == at) {
            Some(known) => *known = (at, known.1.max(strength), known.2 || fits),
            None => name.readings.push((at, strength, fits)),
        }
    }

    fn add_not(&mut self, written: &str) {
        self.by_name.insert(folded(&fast2s::convert(written)), Name::default());
    }

    fn write(&self, out: &Path) {
        let mut blob: Vec<u8> = Vec::new();
        let mut map = fst::MapBuilder::memory();
        for (key, name) in &self.by_name {
            // "Enshi City" is the city, not the prefecture of that name.
            let fitting = name.readings.iter().any(|r| r.2);
            let readings: Vec<_> = name.readings.iter().filter(|r| r.2 || !fitting).collect();
            map.insert(key, blob.len() as u64).expect("names are sorted");
            blob.push(name.flags);
            blob.push(u8::try_from(readings.len()).expect("few places share a name"));
            for (place, strength, _) in readings {
                blob.extend(u16::try_from(*place).expect("fewer than 65,536 places").to_le_bytes());
                blob.push(*strength);
            }
            if name.flags & EXACT != 0 {
                blob.push(u8::try_from(name.exact.len()).expect("acronyms are short"));
                blob.extend(name.exact.as_bytes());
            }
        }
        // How names begin: by two characters; of those that have fewer than four, again; of the others by four; by the
        // first word.
        let mut tables = [(); 4].map(|()| vec![0u8; fold::PAIRS / 8]);
        for key in self.by_name.keys() {
            let mut set = |table: usize, bit: usize| tables[table][bit / 8] |= 1 << (bit % 8);
            let run = key.bytes().take_while(u8::is_ascii_alphanumeric).count();
            if run > 0 {
                set(3, fold::word(&key.as_bytes()[..run]));
            }
            let first: Vec<char> = key.chars().take(4).collect();
            if let [one, two, ..] = first[..] {
                set(0, fold::pair(one, two));
                match <[char; 4]>::try_from(first) {
                    Ok(four) => set(2, fold::four(four)),
                    Err(_) => set(1, fold::pair(one, two)),
                }
            }
        }
        write(out, "names.pairs", &tables.concat());
        write(out, "names.fst", &map.into_inner().expect("it is in memory"));
        write(out, "names.bin", &blob);
    }
}

const DIRECTIONS: &[&str] = &["Eastern", "Southern", "Northern", "Western", "North", "Islands", "Central"];

fn bare(name: &str) -> &str {
    GENERIC_EN.iter().find_map(|g| name.strip_suffix(g)).map_or(name, str::trim_end)
}

/// Whether a generic word is that of the division's kind.
fn kind_fits(place: &Place, generic: &str) -> bool {
    let last = place.name_zh.chars().next_back();
    match generic {
        "Province" => place.level == "Province",
        "City" => last == Some('市'),
        "County" => last == Some('县'),
        "District" => last == Some('区'),
        "Prefecture" => place.level == "Prefecture" && last != Some('市'),
        _ => false,
    }
}

fn strength_en(place: &Place, written: &str) -> u8 {
    let generic = GENERIC_EN.iter().any(|g| written.ends_with(g) && written.len() > g.len() + 2);
    match place.level {
        "Country" | "Province" | "Macro" | "Zone" => STRONG,
        // The districts of Hong Kong that are called by a direction.
        _ if place.code.starts_with("8100") && DIRECTIONS.iter().any(|d| written.starts_with(d)) => WORD,
        _ if generic => STRONG,
        "Prefecture" if place.has_flag("word_en") && written.len() < 5 => WEAK,
        "Prefecture" => STRONG,
        _ if place.has_flag("word_en") => WORD,
        _ if place.has_flag("dup_en") || written.len() < 5 => WEAK,
        _ => FAIR,
    }
}

fn strength_zh(place: &Place, written: &str, ordinary: &[String]) -> u8 {
    if matches!(place.level, "Country" | "Province" | "Macro" | "Zone") {
        return STRONG;
    }
    if ordinary.iter().any(|o| o == written) {
        return WORD;
    }
    let chars = written.chars().count();
    let last = written.chars().next_back().unwrap_or_default();
    let full = GENERIC_ZH.contains(&last) && written != short_zh(&place.name_zh);
    match (chars, full) {
        (2, true) => WEAK,
        (_, true) => STRONG,
        _ if place.level == "Prefecture" => STRONG,
        _ if WATERS_ZH.contains(&last) => WORD,
        (3.., false) => STRONG,
        _ if place.has_flag("word_zh") => WORD,
        _ if last == '江' => WEAK,
        _ => FAIR,
    }
}

fn short_zh(full: &str) -> &str {
    full.strip_suffix(GENERIC_ZH).unwrap_or(full)
}

/// `Tengchong` → `Teng Chong`, when the name is pinyin of the Chinese one.
fn spaced(name: &str, zh: &str) -> Option<String> {
    let count = short_zh(zh).chars().count();
    if count < 2 || !name.bytes().all(|b| b.is_ascii_alphabetic()) {
        return None;
    }
    let mut parts = Vec::new();
    syllables(&name.to_lowercase(), count, &mut parts).then(|| {
        let capital = |part: &String| part[..1].to_uppercase() + &part[1..];
        parts.iter().map(capital).collect::<Vec<_>>().join(" ")
    })
}

fn syllables(rest: &str, count: usize, parts: &mut Vec<String>) -> bool {
    if count == 0 {
        return rest.is_empty();
    }
    for length in (1..=rest.len().min(6)).rev() {
        if is_syllable(&rest[..length]) {
            parts.push(rest[..length].to_string());
            if syllables(&rest[length..], count - 1, parts) {
                return true;
            }
            parts.pop();
        }
    }
    false
}

fn is_syllable(text: &str) -> bool {
    const INITIALS: &[&str] = &[
        "zh", "ch", "sh", "b", "p", "m", "f", "d", "t", "n", "l", "g", "k", "h", "j", "q", "x", "r", "z", "c", "s",
        "y", "w", "",
    ];
    const FINALS: &[&str] = &[
        "a", "o", "e", "ai", "ei", "ao", "ou", "an", "en", "ang", "eng", "ong", "i", "ia", "ie", "iao", "iu", "ian",
        "in", "iang", "ing", "iong", "u", "ua", "uo", "uai", "ui", "uan", "un", "uang", "ue", "er",
    ];
    INITIALS.iter().filter_map(|i| text.strip_prefix(i)).any(|f| FINALS.contains(&f))
}

/// Names as people type them in filters: letters, digits and ideographs only.
fn write_lookup(places: &[Place], out: &Path) {
    let mut by_key: BTreeMap<String, Vec<u16>> = BTreeMap::new();
    for (at, place) in places.iter().enumerate() {
        let written = [&place.name_en, &place.name_zh].into_iter().map(String::as_str);
        for name in written.chain(items(&place.aliases_en)).chain(items(&place.aliases_zh)) {
            let list = by_key.entry(key(name)).or_default();
            let at = u16::try_from(at).expect("fewer than 65,536 places");
            if !list.contains(&at) {
                list.push(at);
            }
        }
    }
    by_key.remove("");
    let mut blob: Vec<u8> = Vec::new();
    let mut map = fst::MapBuilder::memory();
    for (key, list) in &by_key {
        map.insert(key, blob.len() as u64).expect("keys are sorted");
        blob.push(u8::try_from(list.len()).expect("few places share a name"));
        list.iter().for_each(|at| blob.extend(at.to_le_bytes()));
    }
    write(out, "lookup.fst", &map.into_inner().expect("it is in memory"));
    write(out, "lookup.bin", &blob);
}
