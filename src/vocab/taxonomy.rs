//! Topics and themes: a taxonomy of two levels with the terms that give each away.

use super::{key, nearest};
use crate::error::{Error, Result};
use crate::model::TopicId;
use serde::Deserialize;
use serde::de::IgnoredAny;
use std::borrow::Cow;

include!(concat!(env!("OUT_DIR"), "/topics.rs"));

/// A topic, or a theme inside one.
#[derive(Clone, Debug)]
pub struct Topic {
    /// Its identifier in filters and output.
    pub slug: Text,
    /// The topic that a theme belongs to; empty for a topic.
    parent: Text,
    /// English name.
    pub name_en: Text,
    /// Chinese name.
    pub name_zh: Text,
    /// Terms of which one is evidence enough, in both languages.
    pub strong: List,
    /// Terms of which two are, or one if it is all there is.
    pub medium: List,
    /// Terms that count only beside another of the same topic.
    pub weak: List,
}

/// Text that is compiled in, or the user's.
type Text = Cow<'static, str>;
/// Terms that are compiled in, or the user's too.
type List = Cow<'static, [Text]>;

impl Topic {
    /// Its identifier.
    pub fn id(&self) -> TopicId {
        TopicId(self.slug.to_string())
    }

    /// The topic that a theme belongs to; none for a topic.
    pub fn parent(&self) -> Option<&str> {
        Some(&*self.parent).filter(|p| !p.is_empty())
    }
}

/// All topics and themes.
#[derive(Clone)]
pub struct Taxonomy {
    topics: Cow<'static, [Topic]>,
    phrases: List,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    /// Of the form of the file; there is one so far.
    #[serde(default, rename = "version")]
    _version: IgnoredAny,
    /// Nothing of what was there stays.
    #[serde(default)]
    replace: bool,
    #[serde(default)]
    phrases: Phrases,
    #[serde(default)]
    topic: Vec<TopicRow>,
    #[serde(default)]
    theme: Vec<ThemeRow>,
}

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Phrases {
    en: Vec<Text>,
    zh: Vec<Text>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TopicRow {
    slug: Text,
    /// The topics of the Comparative Agendas Project that it belongs to: for whoever adds up by them.
    #[serde(default, rename = "cap")]
    _cap: IgnoredAny,
    #[serde(default)]
    name_en: Text,
    #[serde(default)]
    name_zh: Text,
    #[serde(default)]
    strong_en: Vec<Text>,
    #[serde(default)]
    strong_zh: Vec<Text>,
    #[serde(default)]
    medium_en: Vec<Text>,
    #[serde(default)]
    medium_zh: Vec<Text>,
    #[serde(default)]
    weak_en: Vec<Text>,
    #[serde(default)]
    weak_zh: Vec<Text>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ThemeRow {
    slug: Text,
    topic: Text,
    #[serde(default)]
    name_en: Text,
    #[serde(default)]
    name_zh: Text,
    #[serde(default)]
    en: Vec<Text>,
    #[serde(default)]
    zh: Vec<Text>,
}

impl Taxonomy {
    /// The compiled-in taxonomy.
    pub fn get() -> &'static Taxonomy {
        static BUILTIN: Taxonomy = Taxonomy { topics: Cow::Borrowed(&TOPICS), phrases: Cow::Borrowed(&PHRASES) };
        &BUILTIN
    }

    /// Whether it is the compiled-in one, without anything of a user's.
    pub(super) fn is_builtin(&self) -> bool {
        matches!((&self.topics, &self.phrases), (Cow::Borrowed(_), Cow::Borrowed(_)))
    }

    /// This taxonomy with another file's topics and themes: new ones are added, known ones get their terms too; or,
    /// if the file says `replace = true`, the file's alone.
    /// Fails with what is wrong in the file, for a reader.
    pub(super) fn and(self, text: &str) -> Result<Taxonomy, String> {
        let file: File = toml::from_str(text).map_err(|e| super::own::said(&e, text))?;
        let (mut topics, mut phrases) =
            if file.replace { Default::default() } else { (self.topics.into_owned(), self.phrases.into_owned()) };
        phrases.extend([file.phrases.en, file.phrases.zh].concat());
        let rows = file.topic.into_iter().map(|row| Topic {
            slug: row.slug,
            parent: Text::default(),
            name_en: row.name_en,
            name_zh: row.name_zh,
            strong: [row.strong_en, row.strong_zh].concat().into(),
            medium: [row.medium_en, row.medium_zh].concat().into(),
            weak: [row.weak_en, row.weak_zh].concat().into(),
        });
        let themes = file.theme.into_iter().map(|row| Topic {
            slug: row.slug,
            parent: row.topic,
            name_en: row.name_en,
            name_zh: row.name_zh,
            strong: [row.en, row.zh].concat().into(),
            medium: List::default(),
            weak: List::default(),
        });
        for topic in rows.chain(themes).collect::<Vec<_>>() {
            if topic.slug.is_empty() || topic.slug.chars().any(|c| c.is_whitespace() || c.is_control()) {
                return Err(format!("`{}` is no slug: give a short name without blanks", topic.slug));
            }
            let mut terms = topic.strong.iter().chain(topic.medium.iter()).chain(topic.weak.iter());
            if let Some(empty) = terms.find(|t| !t.chars().any(char::is_alphanumeric)) {
                return Err(format!("`{empty}` of `{}` is no term: it has no letter", topic.slug));
            }
            match topics.iter_mut().find(|t| t.slug == topic.slug) {
                Some(known) => {
                    known.strong.to_mut().extend(topic.strong.into_owned());
                    known.medium.to_mut().extend(topic.medium.into_owned());
                    known.weak.to_mut().extend(topic.weak.into_owned());
                }
                None => topics.push(topic),
            }
        }
        topics.sort_by_key(|t| t.parent().is_some());
        let is_topic = |slug: &str| topics.iter().any(|t| t.slug == slug && t.parent().is_none());
        if let Some((theme, topic)) = topics.iter().find_map(|t| Some((t, t.parent().filter(|p| !is_topic(p))?))) {
            return Err(format!("the theme `{}` is of the topic `{topic}`, which there is not", theme.slug));
        }
        Ok(Taxonomy { topics: topics.into(), phrases: phrases.into() })
    }

    /// Topics first, then themes.
    pub fn topics(&self) -> &[Topic] {
        &self.topics
    }

    /// Phrases in which no term counts.
    pub fn phrases(&self) -> &[Text] {
        &self.phrases
    }

    /// The topic or theme of that slug.
    pub fn topic(&self, slug: &str) -> Option<&Topic> {
        self.topics.iter().find(|t| t.slug == slug)
    }

    /// The topic or theme of a typed slug or name, in either language.
    /// Errors: [`Error::UnknownTopic`] with the names nearest to it.
    pub fn find(&self, given: &str) -> Result<&Topic> {
        let wanted = key(given);
        let names = |t: &Topic| [key(&t.slug), key(&t.name_en), key(&t.name_zh)];
        if let Some(topic) = self.topics.iter().find(|t| !wanted.is_empty() && names(t).contains(&wanted)) {
            return Ok(topic);
        }
        // A word of a name, or a term that gives the topic away, is a good guess at what was meant.
        let mut near: Vec<String> = self
            .topics
            .iter()
            .filter(|_| wanted.chars().count() > 1)
            .filter(|t| {
                names(t).iter().any(|n| wanted.len() > 2 && n.contains(&wanted))
                    || t.strong.iter().chain(t.medium.iter()).chain(t.weak.iter()).any(|term| key(term) == wanted)
            })
            .map(|t| t.slug.to_string())
            .take(3)
            .collect();
        if near.is_empty() {
            let candidates = self.topics.iter().flat_map(|t| {
                names(t).into_iter().map(move |n| (n, usize::from(t.parent().is_some()), t.slug.to_string()))
            });
            near = nearest(&wanted, candidates, 3);
        }
        Err(Error::UnknownTopic { given: given.trim().to_string(), near })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_compiled_in_taxonomy_is_whole() {
        let taxonomy = Taxonomy::get();
        for theme in taxonomy.topics().iter().filter(|t| t.parent().is_some()) {
            let parent = taxonomy.topic(theme.parent().unwrap()).expect("its topic exists");
            assert!(parent.parent().is_none());
        }
        let mut slugs: Vec<_> = taxonomy.topics().iter().map(|t| &t.slug).collect();
        slugs.sort();
        assert!(slugs.windows(2).all(|w| w[0] != w[1]), "a slug names one topic");
        assert!(taxonomy.topics().iter().all(|t| !t.strong.is_empty()));
    }

    #[test]
    fn a_users_taxonomy_adds_or_replaces() {
        let text = "[[topic]]\nslug = \"ports\"\nstrong_en = [\"quay\"]\n[[topic]]\nslug = \"energy\"\nstrong_en = [\"peat\"]\n\
                    [[theme]]\nslug = \"cranes\"\ntopic = \"ports\"\nen = [\"gantry crane\"]\n";
        let added = Taxonomy::get().clone().and(text).unwrap();
        assert_eq!(added.topics().len(), Taxonomy::get().topics().len() + 2);
        assert!(added.topic("energy").unwrap().strong.iter().any(|t| t == "peat"));
        assert_eq!(added.topic("cranes").unwrap().parent(), Some("ports"));
        let replaced = Taxonomy::get().clone().and(&format!("replace = true\n{text}")).unwrap();
        assert_eq!(replaced.topics().len(), 3);
        for (text, expected) in [
            ("[[theme]]\nslug = \"x\"\ntopic = \"none\"\n", "which there is not"),
            ("[[topic]]\nslug = \"a b\"\n", "is no slug"),
            ("[[topic]]\nslug = \"a\"\nweak_en = [\"*\"]\n", "is no term"),
            ("[[topic]]\ncolour = \"x\"\n", "line 2"),
        ] {
            let error = Taxonomy::get().clone().and(text).err().unwrap();
            assert!(error.contains(expected), "{text}: {error}");
        }
    }

    #[test]
    fn a_topic_is_found_by_slug_and_name_in_both_languages() {
        let taxonomy = Taxonomy::get();
        assert_eq!(taxonomy.find("transport").unwrap().slug, "transport");
        assert_eq!(taxonomy.find("Belt and Road").unwrap().slug, "belt-and-road");
        assert_eq!(taxonomy.find("能源").unwrap().slug, "energy");
    }

    #[test]
    fn an_unknown_topic_suggests_the_near_ones() {
        let near = |given| match Taxonomy::get().find(given) {
            Err(Error::UnknownTopic { near, .. }) => near,
            _ => panic!("{given} was found"),
        };
        assert_eq!(near("trasport")[0], "transport");
        assert!(near("logistics").contains(&"transport".to_string()));
        assert!(near("").is_empty());
    }
}
