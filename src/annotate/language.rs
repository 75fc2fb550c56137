//! The language of a document, by its text.

use crate::analysis::is_ideograph;
use crate::clean::Document;
use crate::model::{Found, Lang, Origin};

/// Characters looked at: enough to tell, whatever the document's length.
const SAMPLE_CHARS: usize = 1_500;
/// Of the ideographs of a traditional text, about a third differ from the simplified ones.
const TRADITIONAL_SHARE: f64 = 0.08;

/// The language, by counting characters first: identification by n-grams takes Chinese with figures
/// and names in it for many things.
pub fn detect(document: &Document) -> Found<Lang> {
    let sample: String =
        document.title.value.chars().chain(" ".chars()).chain(document.text.chars()).take(SAMPLE_CHARS).collect();
    Found::new(of_text(&sample), Origin::Text)
}

fn of_text(sample: &str) -> Lang {
    let count = |test: fn(char) -> bool| sample.chars().filter(|c| test(*c)).count();
    let hangul = count(|c| ('\u{ac00}'..='\u{d7a3}').contains(&c));
    let kana = count(|c| ('\u{3041}'..='\u{30fa}').contains(&c));
    let ideographs = count(is_ideograph) - hangul;
    let letters = count(char::is_alphabetic) - ideographs - hangul;
    if hangul * 3 > letters {
        return Lang::new("ko");
    }
    if kana * 5 > ideographs && kana * 2 > letters {
        return Lang::new("ja");
    }
    // A Chinese word is two characters, an English one five letters.
    if ideographs * 3 > letters {
        let simplified = fast2s::convert(sample);
        let changed = sample.chars().zip(simplified.chars()).filter(|(a, b)| a != b).count();
        let traditional = changed as f64 > TRADITIONAL_SHARE * ideographs as f64;
        return Lang::new(if traditional { "zh-Hant" } else { "zh" });
    }
    if is_english(sample) {
        return Lang::new("en");
    }
    match whatlang::detect(sample) {
        Some(found) if found.is_reliable() => Lang::new(code(found.lang())),
        // Short or full of names and figures: in this alphabet, of these documents, English.
        _ => Lang::new("en"),
    }
}

/// Whether the commonest words of English are as common as in English, and in no other language.
fn is_english(sample: &str) -> bool {
    const SHARE_MIN: f64 = 0.05;
    let (mut words, mut english) = (0, 0);
    for word in sample.split(|c: char| !c.is_alphabetic()).filter(|w| !w.is_empty()) {
        words += 1;
        english += usize::from(["the", "of", "and", "The"].contains(&word));
    }
    words >= 40 && english as f64 >= SHARE_MIN * words as f64
}

fn code(lang: whatlang::Lang) -> &'static str {
    use whatlang::Lang::*;
    match lang {
        Eng => "en",
        Cmn => "zh",
        Rus => "ru",
        Fra => "fr",
        Deu => "de",
        Spa => "es",
        Por => "pt",
        Ita => "it",
        Nld => "nl",
        Pol => "pl",
        Tur => "tr",
        Ara => "ar",
        Vie => "vi",
        Tha => "th",
        Ind => "id",
        Jpn => "ja",
        Kor => "ko",
        Ukr => "uk",
        Hin => "hi",
        Pes => "fa",
        Swe => "sv",
        Dan => "da",
        Fin => "fi",
        Ces => "cs",
        Hun => "hu",
        Ron => "ro",
        Ell => "el",
        Heb => "he",
        other => other.code(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn languages_are_told_by_script_first() {
        for (text, expected) in [
            ("GDP增长5%，中欧班列开行1000列", "zh"),
            ("臺灣與大陸之間的貿易持續增長，港口吞吐量創下新高", "zh-Hant"),
            ("Budget 2024", "en"),
            ("The regional government said that the dry port of the capital would open a second yard.", "en"),
            ("Le gouvernement régional a déclaré que le port sec de la capitale ouvrirait une deuxième cour.", "fr"),
            ("ウルムチの内陸港は年末までに第二ヤードを開設する予定です", "ja"),
            ("", "en"),
        ] {
            assert_eq!(of_text(text).code(), expected, "{text}");
        }
    }
}
