//! What the user adds to the vocabularies: places of their own, names for known ones, topics, terms of the glossary.

use super::terms::Matcher;
use super::{Gazetteer, Glossary, Level, Lexicon, Place, Taxonomy, key};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::sync::OnceLock;

/// A place that the user adds, or a known one that gets more names.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OwnPlace {
    /// Its code; made from the name if not given. That of a known place gives names to it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub code: String,
    /// Its name.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// Its Chinese name.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub name_zh: String,
    /// Further names, in any language.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub aliases: Vec<String>,
    /// The place it lies in: a name or a code.
    #[serde(default, rename = "in", skip_serializing_if = "String::is_empty")]
    pub within: String,
    /// The places it goes through or consists of: a search for it finds theirs too.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub members: Vec<String>,
}

/// All that a user adds, as it is kept.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Definitions {
    /// Places.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub places: Vec<OwnPlace>,
    /// Texts of taxonomies, in the order they are added.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub taxonomies: Vec<String>,
    /// Texts of glossaries, in the order they are added. They widen queries: no label depends on them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub glossaries: Vec<String>,
}

/// The longest name, in bytes: longer ones are sentences.
const NAME_BYTES_MAX: usize = 200;
/// So many places of their own at most: they are written with every commit.
const PLACES_MAX: usize = 20_000;

impl Definitions {
    /// Whether nothing is added.
    pub fn is_empty(&self) -> bool {
        self.places.is_empty() && self.taxonomies.is_empty() && self.glossaries.is_empty()
    }

    /// Those on which the labels of documents depend.
    pub fn of_labels(&self) -> Definitions {
        Definitions { glossaries: Vec::new(), ..self.clone() }
    }

    /// Adds the places of a `places.toml`.
    /// Fails with what is wrong in it, for a reader; then nothing is added.
    pub fn add_places(&mut self, text: &str) -> Result<(), String> {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct File {
            #[serde(default)]
            place: Vec<OwnPlace>,
        }
        let file: File = toml::from_str(text).map_err(|e| said(&e, text))?;
        let before = self.places.len();
        for place in file.place {
            if !self.places[..before].contains(&place) {
                self.places.push(place);
            }
        }
        Vocabulary::new(self).map(|_| ()).inspect_err(|_| self.places.truncate(before))
    }

    /// Adds a taxonomy, which says itself whether it replaces what was there.
    /// Fails with what is wrong in it, for a reader; then nothing is added.
    pub fn add_taxonomy(&mut self, text: &str) -> Result<(), String> {
        let mut all = self.clone();
        all.taxonomies.retain(|t| t != text);
        all.taxonomies.push(text.to_string());
        Vocabulary::new(&all)?;
        *self = all;
        Ok(())
    }

    /// Adds a glossary.
    /// Fails with what is wrong in it, for a reader; then nothing is added.
    pub fn add_glossary(&mut self, text: &str) -> Result<(), String> {
        let kept = self.glossaries.iter().filter(|t| *t != text).cloned();
        let all: Vec<String> = kept.chain([text.to_string()]).collect();
        Glossary::with(&all)?;
        self.glossaries = all;
        Ok(())
    }
}

/// What is wrong with a file of TOML, with the line.
pub(super) fn said(error: &toml::de::Error, text: &str) -> String {
    let line = error.span().map(|s| text[..s.start.min(text.len())].matches('\n').count() + 1);
    format!("{}{}", line.map(|l| format!("line {l}: ")).unwrap_or_default(), error.message().replace('\n', " "))
}

/// The vocabularies that hold for an index: what is compiled in, and what the user adds.
pub struct Vocabulary {
    /// Places.
    pub gazetteer: Gazetteer,
    /// Topics.
    pub taxonomy: Taxonomy,
    /// Concepts with their terms in both languages.
    pub glossary: Glossary,
    /// What was added.
    pub definitions: Definitions,
    terms: OnceLock<Matcher>,
}

impl Default for Vocabulary {
    fn default() -> Vocabulary {
        Vocabulary {
            gazetteer: Gazetteer::default(),
            taxonomy: Taxonomy::get().clone(),
            glossary: Glossary::default(),
            definitions: Definitions::default(),
            terms: OnceLock::new(),
        }
    }
}

impl Vocabulary {
    /// Finds the terms of the topics; made ready on first use.
    pub fn terms(&self) -> &Matcher {
        self.terms.get_or_init(|| Matcher::new(&self.taxonomy))
    }

    /// What is compiled in.
    pub fn builtin() -> &'static Vocabulary {
        static BUILTIN: OnceLock<Vocabulary> = OnceLock::new();
        BUILTIN.get_or_init(Vocabulary::default)
    }

    /// What is compiled in and what is added to it.
    /// Fails with what is wrong with the additions, for a reader.
    pub fn new(definitions: &Definitions) -> Result<Vocabulary, String> {
        let mut taxonomy = Taxonomy::get().clone();
        for text in &definitions.taxonomies {
            taxonomy = taxonomy.and(text)?;
        }
        if definitions.places.len() > PLACES_MAX {
            return Err(format!("there are more than {PLACES_MAX} places"));
        }
        let mut gazetteer = Gazetteer::default();
        for place in &definitions.places {
            let named = [&place.name, &place.name_zh, &place.code].into_iter().find(|n| !n.is_empty());
            let called = named.ok_or("a place has neither `name` nor `code`")?.clone();
            add(&mut gazetteer, place).map_err(|reason| format!("the place `{called}`: {reason}"))?;
        }
        gazetteer.own.finish();
        let glossary = Glossary::with(&definitions.glossaries)?;
        Ok(Vocabulary { gazetteer, taxonomy, glossary, definitions: definitions.clone(), terms: OnceLock::new() })
    }
}

/// Adds one place, whose codes and containers are among those before it.
fn add(gazetteer: &mut Gazetteer, given: &OwnPlace) -> Result<(), String> {
    let one = |gazetteer: &Gazetteer, name: &str| -> Result<String, String> {
        let hint = |e: &crate::error::Error| e.hint().map(|h| format!("; {h}")).unwrap_or_default();
        let found = gazetteer.find(name).map_err(|e| format!("{e}{}", hint(&e)))?;
        match found.as_slice() {
            [only] => Ok(only.code.to_string()),
            several => {
                let list: Vec<String> = several.iter().take(4).map(|p| format!("{} {}", p.code, p.label())).collect();
                Err(format!("`{name}` names several places; give the code: {}", list.join(", ")))
            }
        }
    };
    let names: Vec<String> =
        [&given.name, &given.name_zh].into_iter().chain(&given.aliases).map(|n| n.trim().to_string()).collect();
    if let Some(long) = names.iter().find(|n| n.len() > NAME_BYTES_MAX) {
        return Err(format!("the name `{}…` is too long", long.chars().take(30).collect::<String>()));
    }
    if let Some(short) = names.iter().find(|n| !n.is_empty() && n.chars().filter(|c| c.is_alphanumeric()).count() < 2) {
        return Err(format!("`{short}` is too short for a name"));
    }
    let code = if given.code.is_empty() {
        let named = if given.name.is_empty() { &given.name_zh } else { &given.name };
        format!("U-{}", key(named).to_uppercase())
    } else {
        given.code.trim().to_uppercase()
    };
    if code.len() < 3 && gazetteer.place(&code).is_none()
        || code.len() > NAME_BYTES_MAX
        || code.contains(char::is_whitespace)
    {
        return Err(format!("`{code}` is no code: give letters and digits, such as U-PORT1"));
    }
    let known = gazetteer.place(&code);
    let differs =
        |p: &Place| !given.within.is_empty() || !given.members.is_empty() || p.is_own() && given.code.is_empty();
    if let Some(known) = known.filter(|p| differs(p)) {
        return Err(format!(
            "its code {code} is that of {}; give another `code`, or leave out `in` and `members`",
            known.label()
        ));
    }
    if code.contains([',', '|', '!']) || code.len() == 6 && code.bytes().all(|b| b.is_ascii_digit()) && known.is_none()
    {
        return Err(format!("`{code}` is no code of one's own: give letters and digits, such as U-PORT1"));
    }
    if known.is_none() {
        if given.name.is_empty() && given.name_zh.is_empty() {
            return Err("there is no place of that code; a new one needs a `name`".into());
        }
        let within = if given.within.is_empty() { None } else { Some(one(gazetteer, &given.within)?) };
        let members = given.members.iter().map(|m| one(gazetteer, m)).collect::<Result<Vec<_>, _>>()?;
        let level = if members.is_empty() { Level::Zone } else { Level::Macro };
        let is_zh =
            !given.name.is_ascii() && given.name_zh.is_empty() && given.name.chars().any(crate::analysis::is_ideograph);
        let (name_en, name_zh) =
            if is_zh { ("", given.name.as_str()) } else { (given.name.as_str(), given.name_zh.as_str()) };
        gazetteer.own.by_code.insert(code.clone(), gazetteer.own.places.len());
        gazetteer.own.places.push(Place {
            code: code.clone().into(),
            level,
            name_en: name_en.to_string().into(),
            name_zh: name_zh.to_string().into(),
            aliases_en: given.aliases.join("|").into(),
            members: within.into_iter().chain(members).collect::<Vec<_>>().join(",").into(),
            flags: "own".into(),
            ..Place::default()
        });
    }
    for name in names.into_iter().filter(|n| !n.is_empty()) {
        gazetteer.own.by_key.entry(key(&name)).or_default().push(code.clone());
        gazetteer.own.names.push((name, code.clone()));
    }
    Ok(())
}

/// A user's own places and names.
#[derive(Default)]
pub(super) struct Own {
    pub(super) places: Vec<Place>,
    names: Vec<(String, String)>,
    by_code: HashMap<String, usize>,
    by_key: HashMap<String, Vec<String>>,
    lexicon: Option<Lexicon>,
}

impl Own {
    /// Makes the names ready to be looked up.
    fn finish(&mut self) {
        let simplified: Vec<String> = self.names.iter().map(|(name, _)| fast2s::convert(name)).collect();
        let numbered = simplified.iter().zip(0u64..).map(|(name, at)| (name.as_str(), at));
        self.lexicon = (!self.names.is_empty()).then(|| Lexicon::of(numbered));
    }

    /// The place of that code.
    pub(super) fn place(&self, code: &str) -> Option<&Place> {
        self.places.get(*self.by_code.get(code)?)
    }

    /// Whether there are any.
    pub(super) fn has_names(&self) -> bool {
        self.lexicon.is_some()
    }

    /// Codes of the places that a typed name, as a key, was given to.
    pub(super) fn named<'o>(&'o self, wanted: &str) -> impl Iterator<Item = &'o str> {
        self.by_key.get(wanted).into_iter().flatten().map(String::as_str)
    }

    /// The longest own name that begins at a byte of a text and is accepted: one past its last byte, and the place's code.
    pub(super) fn begins_at(&self, text: &str, start: usize, accepts: impl Fn(usize) -> bool) -> Option<(usize, &str)> {
        let mut best = None;
        self.lexicon.as_ref()?.begin_at(text, start, |end, number| {
            if accepts(end) {
                best = Some((end, number));
            }
        });
        let (end, number) = best?;
        Some((end, &self.names.get(usize::try_from(number).ok()?)?.1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_of_ones_own_are_found_and_lie_where_they_are_put() {
        let mut definitions = Definitions::default();
        definitions
            .add_places(
                "[[place]]\nname = \"Khorgos Gateway\"\naliases = [\"霍尔果斯东门\"]\nin = \"Horgos\"\n\
                 [[place]]\nname = \"Middle Corridor\"\nmembers = [\"Xinjiang\", \"Kazakhstan\"]\n\
                 [[place]]\ncode = \"650000\"\naliases = [\"Western Regions\"]\n",
            )
            .unwrap();
        let gazetteer = Vocabulary::new(&definitions).unwrap().gazetteer;
        let found = |name: &str| gazetteer.find(name).unwrap().iter().map(|p| p.code.to_string()).collect::<Vec<_>>();
        assert_eq!(found("khorgos gateway"), ["U-KHORGOSGATEWAY"]);
        assert_eq!(found("霍尔果斯东门"), ["U-KHORGOSGATEWAY"]);
        assert!(gazetteer.is_within("U-KHORGOSGATEWAY", "650000"));
        assert_eq!(found("western regions"), ["650000"]);
        let corridor = gazetteer.place("U-MIDDLECORRIDOR").unwrap();
        assert_eq!(gazetteer.accepted(corridor).len(), 3);
    }

    #[test]
    fn a_place_of_ones_own_can_lie_in_another_and_two_do_not_share_a_code() {
        let yard = "[[place]]\nname = \"East Yard\"\nin = \"Urumqi\"\n";
        let mut definitions = Definitions::default();
        definitions.add_places(&format!("{yard}[[place]]\nname = \"Gate Nine\"\nin = \"East Yard\"\n")).unwrap();
        let gazetteer = Vocabulary::new(&definitions).unwrap().gazetteer;
        assert!(gazetteer.is_within("U-GATENINE", "650100"));
        definitions.add_places(yard).unwrap();
        assert_eq!(definitions.places.len(), 2, "the same again is the same");
        let error = definitions.add_places("[[place]]\nname = \"East-Yard\"\nin = \"Nanjing\"\n").unwrap_err();
        assert!(error.contains("its code U-EASTYARD is that of East Yard"), "{error}");
        assert_eq!(definitions.places.len(), 2, "what is wrong adds nothing");
    }

    #[test]
    fn what_is_wrong_is_said() {
        for (text, expected) in [
            ("[[place]]\naliases = [\"x\"]\n", "neither `name` nor `code`"),
            ("[[place]]\nname = \"Port\"\nin = \"Shanxii\"\n", "unknown region `Shanxii`"),
            ("[[place]]\nname = \"Port\"\nin = \"Suzhou\"\n", "names several places"),
            ("[[place]]\nname = \"Port\"\ncolour = \"red\"\n", "line 3"),
            ("[[place]]\ncode = \"U-NONE\"\n", "there is no place of that code"),
            ("[[place]]\nname = \"Port\"\ncode = \"999999\"\n", "no code of one's own"),
            ("[[place]]\nname = \"P\"\n", "too short"),
        ] {
            let error = Definitions::default().add_places(text).unwrap_err();
            assert!(error.contains(expected), "{text}: {error}");
        }
    }
}
