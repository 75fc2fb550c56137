//! Every search parameter, declared once: as typed by a person or sent by a program.

use super::Also;

// `//` and not `///` on the struct: the command line would show it as the command's own description.
// What to search for. Each field's text is its help.
#[derive(clap::Args, serde::Deserialize, Clone, Debug, Default)]
#[serde(default, deny_unknown_fields)]
#[allow(missing_docs)]
pub struct Params {
    /// Words, "quoted phrases", +must, -not, OR, AND, NOT, (groups), prefix*, title:word, heading:word
    ///
    /// An argument with blanks and without operators is searched as a phrase; several arguments are words.
    #[arg(value_name = "QUERY")]
    pub query: Vec<String>,

    /// Only passages about this place or any place inside it: English, pinyin or Chinese name, or code (repeatable)
    #[arg(long, value_name = "PLACE", help_heading = "Filters")]
    pub region: Vec<String>,

    /// Only passages about this place or any place inside it, or that mention one by the way (repeatable)
    #[arg(long, value_name = "PLACE", help_heading = "Filters")]
    pub region_mentioned: Vec<String>,

    /// No passages about this place or any place inside it (repeatable)
    #[arg(long, value_name = "PLACE", help_heading = "Filters")]
    pub not_region: Vec<String>,

    /// Only passages on this topic or theme; `dryport topics` lists them (repeatable)
    #[arg(long, value_name = "TOPIC", help_heading = "Filters")]
    pub topic: Vec<String>,

    /// Only documents of this year, or of a range such as 2018..2022, 2018.. or ..2022 (repeatable)
    #[arg(long, value_name = "YEAR", help_heading = "Filters")]
    pub year: Vec<String>,

    /// Only passages that speak of this year, or of one in a range, whatever the document's year (repeatable)
    #[arg(long, value_name = "YEAR", help_heading = "Filters")]
    pub about_year: Vec<String>,

    /// Only documents published on this day or later: 2020, 2020-06 or 2020-06-05
    #[arg(long, value_name = "DATE", help_heading = "Filters")]
    pub since: Option<String>,

    /// Only documents published on this day or before: 2020, 2020-06 or 2020-06-05
    #[arg(long, value_name = "DATE", help_heading = "Filters")]
    pub until: Option<String>,

    /// Only documents of this kind: report, news, policy or other (repeatable)
    #[arg(long, value_name = "KIND", help_heading = "Filters")]
    pub kind: Vec<String>,

    /// Only documents in this language: en, zh, zh-Hant …, or en-mt: English that a machine translated (repeatable)
    #[arg(long, value_name = "LANG", help_heading = "Filters")]
    pub lang: Vec<String>,

    /// Only documents whose publisher's name contains this (repeatable)
    #[arg(long, value_name = "NAME", help_heading = "Filters")]
    pub source: Vec<String>,

    /// Only files whose path matches this glob, such as `reports/**` or `*.html` (repeatable)
    #[arg(long, value_name = "GLOB", help_heading = "Filters")]
    pub path: Vec<String>,

    /// Only as typed: places and years in the query do not raise what is about them
    #[arg(long, help_heading = "Query")]
    pub literal: bool,

    /// Do not add other words for the same from the glossary
    #[arg(long, help_heading = "Query")]
    pub no_expand: bool,

    /// Also find the same in Chinese, English or both by the glossary, of quoted phrases too
    #[arg(long, value_name = "LANG", value_enum, help_heading = "Query", conflicts_with = "no_expand")]
    pub also: Option<Also>,

    /// Give up a search that takes longer than so many seconds [default: 30]
    #[arg(long, value_name = "SECONDS", help_heading = "Query")]
    pub max_time: Option<f64>,
}
