//! Small values that several rooms must agree on. No other room is used here.

mod key;

pub use key::{key_bytes, key_of, path_of};

use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::fmt;

/// A half-open range of bytes in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

impl Span {
    /// The text that the span covers.
    pub fn of<'a>(&self, text: &'a str) -> &'a str {
        &text[self.start..self.end]
    }
}

/// Where a value was found, so that a reader can doubt it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Origin {
    /// Front matter at the head of the file.
    #[serde(rename = "front matter")]
    FrontMatter,
    /// Machine-readable metadata: meta tags, JSON-LD, OpenGraph, `<time>`, `<title>`.
    #[serde(rename = "meta")]
    Meta,
    /// The document's title.
    #[serde(rename = "title")]
    Title,
    /// The running text.
    #[serde(rename = "text")]
    Text,
    /// The file's name.
    #[serde(rename = "file name")]
    FileName,
    /// A folder the file lies in.
    #[serde(rename = "folder")]
    Folder,
    /// A column of the table that the document is a row of.
    #[serde(rename = "column")]
    Column,
    /// What the container says of its member: a feed of its item, a mail's head, an archive's record.
    #[serde(rename = "container")]
    Container,
    /// What the owner of the folder says, in `dryport.toml` or beside the file.
    #[serde(rename = "override")]
    Override,
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Origin::FrontMatter => "front matter",
            Origin::Meta => "meta",
            Origin::Title => "title",
            Origin::Text => "text",
            Origin::FileName => "file name",
            Origin::Folder => "folder",
            Origin::Column => "column",
            Origin::Container => "container",
            Origin::Override => "override",
        })
    }
}

/// How far a value can be believed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Confidence {
    /// Inferred; often right.
    Low,
    /// Read where such values stand, without a label.
    #[default]
    Medium,
    /// Declared for this purpose by the document.
    High,
}

impl fmt::Display for Confidence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Confidence::Low => "low",
            Confidence::Medium => "medium",
            Confidence::High => "high",
        })
    }
}

/// A value, where it was found and how far it can be believed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Found<T> {
    /// What was found.
    pub value: T,
    /// Where.
    pub origin: Origin,
    /// Where exactly: a meta tag's name, an element; empty if the origin says it all.
    #[serde(default, skip_serializing_if = "str::is_empty")]
    pub place: Cow<'static, str>,
    /// How far it can be believed.
    #[serde(default)]
    pub confidence: Confidence,
}

impl<T> Found<T> {
    /// Pairs a value with its origin, and believes it as far as values from there deserve.
    pub fn new(value: T, origin: Origin) -> Self {
        let confidence = match origin {
            Origin::FrontMatter | Origin::Meta | Origin::Column | Origin::Container | Origin::Override => {
                Confidence::High
            }
            Origin::Title | Origin::Text => Confidence::Medium,
            Origin::FileName | Origin::Folder => Confidence::Low,
        };
        Found { value, origin, place: Cow::Borrowed(""), confidence }
    }

    /// Says where exactly.
    pub fn at(mut self, place: impl Into<Cow<'static, str>>) -> Self {
        self.place = place.into();
        self
    }

    /// Believes it this far.
    pub fn sure(mut self, confidence: Confidence) -> Self {
        self.confidence = confidence;
        self
    }

    /// Another value read from this one.
    pub fn map<U>(self, value: U) -> Found<U> {
        Found { value, origin: self.origin, place: self.place, confidence: self.confidence }
    }
}

/// What sort of document it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// A government's report on its work.
    Report,
    /// A news article.
    News,
    /// A notice, plan, opinion, regulation or other act.
    Policy,
    /// Anything else.
    Other,
}

impl Kind {
    /// Every kind, in the order of listings.
    pub const ALL: [Kind; 4] = [Kind::Report, Kind::News, Kind::Policy, Kind::Other];

    /// The name used in filters, listings and the index.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Report => "report",
            Kind::News => "news",
            Kind::Policy => "policy",
            Kind::Other => "other",
        }
    }

    /// The kind of that name.
    pub fn named(name: &str) -> Option<Kind> {
        Kind::ALL.into_iter().find(|k| k.name().eq_ignore_ascii_case(name.trim()))
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A calendar year.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Year(u16);

impl Year {
    /// The earliest year a document can be of: before it, four digits are hardly ever a year of publication.
    pub const FIRST: u16 = 1900;
    /// The latest year that can be spoken of: far plans name 2035, 2050 and 2060.
    pub const LAST: u16 = 2100;

    /// A year between [`Year::FIRST`] and [`Year::LAST`].
    pub fn new(year: i64) -> Option<Year> {
        u16::try_from(year).ok().filter(|y| (Year::FIRST..=Year::LAST).contains(y)).map(Year)
    }

    /// The number.
    pub fn get(self) -> u16 {
        self.0
    }
}

impl fmt::Display for Year {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

/// A day of the Gregorian calendar that exists.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date(time::Date);

impl Date {
    /// The day, if there is one and its year is a [`Year`].
    pub fn new(year: i64, month: i64, day: i64) -> Option<Date> {
        Year::new(year)?;
        let month = time::Month::try_from(u8::try_from(month).ok()?).ok()?;
        time::Date::from_calendar_date(i32::try_from(year).ok()?, month, u8::try_from(day).ok()?).ok().map(Date)
    }

    /// Reads `2020-06-05`.
    pub fn parse_iso(text: &str) -> Option<Date> {
        let mut parts = text.trim().splitn(3, '-').map(|p| p.parse::<i64>().ok());
        Date::new(parts.next()??, parts.next()??, parts.next()??)
    }

    /// Today, in universal time. Only the doors ask: rooms are told.
    pub fn today() -> Date {
        Date(time::OffsetDateTime::now_utc().date())
    }

    /// Its year.
    pub fn year(self) -> Year {
        // Checked on construction; today's clock is clamped to the range.
        Year::new(i64::from(self.0.year())).unwrap_or(Year(Year::LAST))
    }

    /// Days since 1970-01-01; negative before.
    pub fn days(self) -> i64 {
        i64::from(self.0.to_julian_day() - time::OffsetDateTime::UNIX_EPOCH.date().to_julian_day())
    }

    /// The day so many days later, or earlier; none outside the range of years.
    pub fn plus_days(self, days: i64) -> Option<Date> {
        let date = self.0.checked_add(time::Duration::days(days.clamp(-1_000_000, 1_000_000)))?;
        Date::new(i64::from(date.year()), i64::from(u8::from(date.month())), i64::from(date.day()))
    }

    /// The day after.
    pub fn tomorrow(self) -> Option<Date> {
        self.0.next_day().map(Date)
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.0.year(), u8::from(self.0.month()), self.0.day())
    }
}

impl Serialize for Date {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Date {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let text = String::deserialize(d)?;
        Date::parse_iso(&text).ok_or_else(|| serde::de::Error::custom("not a date"))
    }
}

/// The language of a document: an ISO 639-1 code, Chinese with its script.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Lang(String);

impl Lang {
    /// What filters and the index call English that a machine made of Chinese.
    pub const MACHINE_TRANSLATED: &str = "en-mt";

    /// A language by its code, such as `en`, `zh` or `zh-Hant`.
    pub fn new(code: impl Into<String>) -> Lang {
        Lang(code.into())
    }

    /// The code.
    pub fn code(&self) -> &str {
        &self.0
    }

    /// The code without script: what `--lang zh` asks for.
    pub fn base(&self) -> &str {
        self.0.split('-').next().unwrap_or(&self.0)
    }
}

impl fmt::Display for Lang {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The code of a place: a GB/T 2260 code, an ISO 3166 country, or a macro-region of the gazetteer.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RegionId(pub String);

/// The slug of a topic or a theme of the taxonomy.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TopicId(pub String);

/// What a text is labelled with, and what gave the label.
#[derive(Clone, Debug, PartialEq)]
pub struct Label<T> {
    /// The region, topic or year.
    pub value: T,
    /// How much speaks for it; compared among labels of one sort only.
    pub score: f32,
    /// The words that gave it, as written; of several the first. Empty when it was inherited.
    pub words: String,
    /// The rule by which they did.
    pub rule: &'static str,
}

impl<T> Label<T> {
    /// A label with its evidence and a score of 1.
    pub fn new(value: T, words: impl Into<String>, rule: &'static str) -> Label<T> {
        Label { value, score: 1.0, words: words.into(), rule }
    }

    /// The same with that score.
    pub fn scored(mut self, score: f32) -> Label<T> {
        self.score = score;
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_exist_or_are_refused() {
        assert_eq!(Date::parse_iso("2020-06-05").unwrap().to_string(), "2020-06-05");
        assert_eq!(Date::parse_iso("2020-02-30"), None);
        assert_eq!(Date::parse_iso("0340-01-01"), None);
        assert_eq!(Date::new(1970, 1, 2).unwrap().days(), 1);
        assert_eq!(Date::new(1969, 12, 31).unwrap().days(), -1);
    }

    #[test]
    fn years_outside_the_range_are_refused() {
        assert!(Year::new(340).is_none());
        assert!(Year::new(2103).is_none());
        assert_eq!(Year::new(2020).unwrap().get(), 2020);
    }
}
