//! Topics and themes: a taxonomy of two levels with the terms that give each away.

use super::{key, nearest};
use crate::error::{Error, Result};
use crate::model::TopicId;
use serde::Deserialize;
use std::sync::OnceLock;

const TAXONOMY: &str = include_str!("data/taxonomy.toml");

/// A topic, or a theme inside one.
#[derive(Debug)]
pub struct Topic {
    /// Its identifier in filters and output.
    pub slug: String,
    /// The topic that a theme belongs to; none for a topic.
    pub parent: Option<String>,
    /// English name.
    pub name_en: String,
    /// Chinese name.
    pub name_zh: String,
    /// Terms of which one is evidence enough, in both languages.
    pub strong: Vec<String>,
    /// Terms of which two are, or one if it is all there is.
    pub medium: Vec<String>,
    /// Terms that count only beside another of the same topic.
    pub weak: Vec<String>,
}

impl Topic {
    /// Its identifier.
    pub fn id(&self) -> TopicId {
        TopicId(self.slug.clone())
    }
}

/// All topics and themes.
pub struct Taxonomy {
    topics: Vec<Topic>,
    phrases: Vec<String>,
}

#[derive(Deserialize)]
struct File {
    #[serde(default)]
    phrases: Phrases,
    topic: Vec<TopicRow>,
    theme: Vec<ThemeRow>,
}

#[derive(Default, Deserialize)]
struct Phrases {
    #[serde(default)]
    en: Vec<String>,
    #[serde(default)]
    zh: Vec<String>,
}

#[derive(Deserialize)]
struct TopicRow {
    slug: String,
    name_en: String,
    name_zh: String,
    #[serde(default)]
    strong_en: Vec<String>,
    #[serde(default)]
    strong_zh: Vec<String>,
    #[serde(default)]
    medium_en: Vec<String>,
    #[serde(default)]
    medium_zh: Vec<String>,
    #[serde(default)]
    weak_en: Vec<String>,
    #[serde(default)]
    weak_zh: Vec<String>,
}

#[derive(Deserialize)]
struct ThemeRow {
    slug: String,
    topic: String,
    name_en: String,
    name_zh: String,
    #[serde(default)]
    en: Vec<String>,
    #[serde(default)]
    zh: Vec<String>,
}

impl Taxonomy {
    /// The compiled-in taxonomy, made ready on first use.
    pub fn get() -> &'static Taxonomy {
        static TOPICS: OnceLock<Taxonomy> = OnceLock::new();
        TOPICS.get_or_init(|| Taxonomy::parse(TAXONOMY).expect("the compiled-in taxonomy parses, as a test shows"))
    }

    fn parse(text: &str) -> Result<Taxonomy, toml::de::Error> {
        let file: File = toml::from_str(text)?;
        let mut topics = Vec::with_capacity(file.topic.len() + file.theme.len());
        for row in file.topic {
            topics.push(Topic {
                slug: row.slug,
                parent: None,
                name_en: row.name_en,
                name_zh: row.name_zh,
                strong: [row.strong_en, row.strong_zh].concat(),
                medium: [row.medium_en, row.medium_zh].concat(),
                weak: [row.weak_en, row.weak_zh].concat(),
            });
        }
        for row in file.theme {
            let strong = [row.en, row.zh].concat();
            topics.push(Topic {
                slug: row.slug,
                parent: Some(row.topic),
                name_en: row.name_en,
                name_zh: row.name_zh,
                strong,
                medium: Vec::new(),
                weak: Vec::new(),
            });
        }
        Ok(Taxonomy { topics, phrases: [file.phrases.en, file.phrases.zh].concat() })
    }

    /// Topics first, then themes.
    pub fn topics(&self) -> &[Topic] {
        &self.topics
    }

    /// Phrases in which no term counts.
    pub fn phrases(&self) -> &[String] {
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
                    || t.strong.iter().chain(&t.medium).chain(&t.weak).any(|term| key(term) == wanted)
            })
            .map(|t| t.slug.clone())
            .take(3)
            .collect();
        if near.is_empty() {
            let candidates = self
                .topics
                .iter()
                .flat_map(|t| names(t).into_iter().map(move |n| (n, usize::from(t.parent.is_some()), t.slug.clone())));
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
        let taxonomy = Taxonomy::parse(TAXONOMY).unwrap();
        for theme in taxonomy.topics().iter().filter(|t| t.parent.is_some()) {
            let parent = taxonomy.topic(theme.parent.as_deref().unwrap()).expect("its topic exists");
            assert!(parent.parent.is_none());
        }
        let mut slugs: Vec<_> = taxonomy.topics().iter().map(|t| &t.slug).collect();
        slugs.sort();
        assert!(slugs.windows(2).all(|w| w[0] != w[1]), "a slug names one topic");
        assert!(taxonomy.topics().iter().all(|t| !t.strong.is_empty()));
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
