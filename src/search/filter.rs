//! Whether filters keep a passage: what the index answers by its lists, answered from the record.

use crate::index::{DocumentRecord, PassageRecord};
use crate::model::{Date, RegionId};
use crate::query::{Filters, globs};
use crate::vocab::Gazetteer;

/// Whether the filters keep the passage.
pub fn keeps(filters: &Filters, document: &DocumentRecord, passage: &PassageRecord, gazetteer: &Gazetteer) -> bool {
    let about = |regions: &[RegionId], wanted: &[RegionId]| {
        regions.iter().any(|r| gazetteer.closure(&r.0).iter().any(|code| wanted.iter().any(|w| w.0 == *code)))
    };
    let any = |wanted: bool, holds: bool| !wanted || holds;
    let within = |ranges: &[(u16, u16)], year: u16| ranges.iter().any(|(from, to)| (*from..=*to).contains(&year));
    let year = document.year.as_ref().map(|y| y.value.get());
    let day = document.date.as_ref().map(|d| d.value);
    let first = day.or_else(|| Date::new(year?.into(), 1, 1));
    let last = day.or_else(|| Date::new(year?.into(), 12, 31));
    let language = &document.language.value;
    let speaks = |wanted: &str| match wanted {
        "zh-Hans" => language.base() == "zh" && language.code() != "zh-Hant",
        crate::model::Lang::MACHINE_TRANSLATED => document.translated.is_some(),
        wanted => wanted == language.code() || wanted == language.base(),
    };
    let source = document.source.as_ref().map(|s| s.value.to_lowercase());
    let path = document.file();
    let beneath = |folder: &String| {
        path == folder || path.strip_prefix(folder.trim_end_matches('/')).is_some_and(|rest| rest.starts_with('/'))
    };
    any(!filters.regions.is_empty(), about(&passage.regions, &filters.regions))
        && any(
            !filters.mentioned.is_empty(),
            about(&passage.regions, &filters.mentioned) || about(&passage.mentions, &filters.mentioned),
        )
        && any(!filters.not_regions.is_empty(), !about(&passage.regions, &filters.not_regions))
        && any(!filters.topics.is_empty(), passage.topics.iter().any(|t| filters.topics.contains(t)))
        && any(!filters.years.is_empty(), year.is_some_and(|y| within(&filters.years, y)))
        && any(!filters.about_years.is_empty(), passage.years.iter().any(|y| within(&filters.about_years, y.get())))
        && filters.since.is_none_or(|since| last.is_some_and(|day| day >= since))
        && filters.until.is_none_or(|until| first.is_some_and(|day| day <= until))
        && any(!filters.kinds.is_empty(), filters.kinds.contains(&document.kind.value))
        && any(!filters.languages.is_empty(), filters.languages.iter().any(|l| speaks(l.code())))
        && any(
            !filters.sources.is_empty(),
            source.is_some_and(|s| filters.sources.iter().any(|w| s.contains(&w.to_lowercase()))),
        )
        && any(!filters.paths.is_empty(), globs(&filters.paths).is_ok_and(|set| set.is_match(path)))
        && any(!filters.within.is_empty(), filters.within.iter().any(beneath))
}
