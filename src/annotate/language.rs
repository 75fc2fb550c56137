//! The language of a document: what its owner says, else its text; what pages declare is often wrong.

use crate::analysis::{is_alphabetic, is_ideograph};
use crate::clean::Document;
use crate::model::{Confidence, Found, Lang, Origin};

/// Bytes looked at: enough to tell, whatever the document's length.
const SAMPLE: usize = 4_800;
/// Places of a long document that they are taken from: the longer part of one in two languages decides.
const PLACES: usize = 8;
/// Of the ideographs of a traditional text, about a third differ from the simplified ones.
const TRADITIONAL_SHARE: f64 = 0.08;
/// Fewer letters than these, in ideographs threefold, tell a language only by their script.
const LETTERS_MIN: usize = 20;
/// Of Japanese written without kana, as in headings and tables, at least so much has forms that no Chinese text has.
const JAPANESE_SHARE: usize = 10;
/// Forms of characters that are written so in Japan alone.
const JAPANESE: &str = "円駅売広気対済経発県図鉄検験険伝転実価単択沢浜渋桜辺込働峠畑匂枠栃応戦総続増関権拡覧満両児従歩帰労営変読鉱銭雑焼様黒粛縦繊脳";

/// The language, as the owner of the document says, else by counting characters first: identification by n-grams
/// takes Chinese with figures and names in it for many things.
pub fn detect(document: &Document) -> Found<Lang> {
    let given = document.metadata.language.as_ref();
    let owners = given.filter(|g| matches!(g.origin, Origin::Override | Origin::Column | Origin::FrontMatter));
    if let Some(given) = owners
        && let Some(lang) = declared(&given.value)
    {
        return given.clone().map(lang);
    }
    let (lang, sure) = of_text(&sample(&document.title.value, &document.text));
    Found::new(lang, Origin::Text).sure(sure)
}

/// The code that a declaration means, if it is one: `zh_CN`, `zh-TW`, `English`, `中文`.
fn declared(given: &str) -> Option<Lang> {
    let given = given.trim().to_lowercase().replace('_', "-");
    let code = match given.as_str() {
        "chinese" | "mandarin" | "中文" | "汉语" | "简体中文" | "简体" | "simplified chinese" | "chi" | "zho" => {
            "zh"
        }
        "traditional chinese" | "繁體中文" | "繁体中文" | "繁體" | "cantonese" | "yue" => "zh-Hant",
        "english" | "英文" | "英语" | "eng" => "en",
        _ => {
            let mut tags = given.split('-');
            let base = tags.next().unwrap_or_default();
            let plausible = (2..=3).contains(&base.len()) && base.bytes().all(|b| b.is_ascii_lowercase());
            let known = plausible && !["und", "mul", "zxx", "mis"].contains(&base);
            let traditional = base == "zh" && tags.any(|t| ["hant", "tw", "hk", "mo"].contains(&t));
            return known.then(|| Lang::new(if traditional { "zh-Hant" } else { base }));
        }
    };
    Some(Lang::new(code))
}

/// The title and as much of the text, from its beginning or, if it is long, from places all over it.
fn sample(title: &str, text: &str) -> String {
    let border = |at: usize| (at..=text.len()).find(|at| text.is_char_boundary(*at)).unwrap_or(text.len());
    let mut sample = format!("{title} ");
    if text.len() <= SAMPLE {
        sample.push_str(text);
        return sample;
    }
    for place in 0..PLACES {
        let start = border((text.len() - SAMPLE / PLACES) / (PLACES - 1) * place);
        sample.push_str(&text[start..border((start + SAMPLE / PLACES).min(text.len()))]);
        sample.push(' ');
    }
    sample
}

fn of_text(sample: &str) -> (Lang, Confidence) {
    // Each of these words has a letter or more, each character of another script two bytes or more that are not ASCII:
    // with so few of them none of the scripts below can outweigh the letters.
    let english = english_words(sample);
    let foreign = sample.bytes().filter(|b| !b.is_ascii()).count();
    if english.is_some_and(|words| foreign <= words) {
        return (Lang::new("en"), Confidence::Medium);
    }
    let count = |test: fn(char) -> bool| sample.chars().filter(|c| test(*c)).count();
    let hangul = count(|c| ('\u{ac00}'..='\u{d7a3}').contains(&c));
    let kana = count(|c| ('\u{3041}'..='\u{30fa}').contains(&c));
    let ideographs = count(is_ideograph) - hangul;
    let letters = letters(sample);
    let sure = |enough: bool| if enough { Confidence::Medium } else { Confidence::Low };
    if hangul * 3 > letters && hangul > ideographs {
        return (Lang::new("ko"), sure(hangul * 3 >= LETTERS_MIN));
    }
    if kana * 5 > ideographs && kana * 2 > letters {
        return (Lang::new("ja"), sure(kana * 3 >= LETTERS_MIN));
    }
    // A Chinese word is two characters, an English one five letters.
    if ideographs * 3 > letters {
        if sample.chars().filter(|c| JAPANESE.contains(*c)).count() * JAPANESE_SHARE > ideographs {
            return (Lang::new("ja"), Confidence::Low);
        }
        let simplified = fast2s::convert(sample);
        let changed = sample.chars().zip(simplified.chars()).filter(|(a, b)| a != b).count();
        let traditional = changed as f64 > TRADITIONAL_SHARE * ideographs as f64;
        return (Lang::new(if traditional { "zh-Hant" } else { "zh" }), sure(ideographs * 3 >= LETTERS_MIN));
    }
    if english.is_some() {
        return (Lang::new("en"), Confidence::Medium);
    }
    match whatlang::detect(sample) {
        Some(found) if found.is_reliable() && letters >= LETTERS_MIN => {
            (Lang::new(code(found.lang())), Confidence::Medium)
        }
        // Short or full of names and figures: what is written in this script here.
        found => (Lang::new(by_script(sample, found.map(|f| f.lang()))), Confidence::Low),
    }
}

/// Letters of other scripts than ideographs. Codes count for nothing and names for half: a Chinese text
/// full of companies' names is Chinese.
fn letters(sample: &str) -> usize {
    let mut doubled = 0;
    // Of the word so far: whether it begins as a name, whether it is a code, and its letters.
    let mut word: Option<(bool, bool, usize)> = None;
    for c in sample.chars().chain([' ']) {
        let is_letter = is_alphabetic(c);
        // Below, nothing is both a letter and a figure.
        let is_figure = if c < '\u{1000}' && is_letter { false } else { c.is_numeric() };
        if is_ideograph(c) || !is_letter && !is_figure {
            if let Some((is_name, false, letters)) = word.take() {
                doubled += if is_name { letters } else { 2 * letters };
            }
            continue;
        }
        let (_, is_code, letters) = word.get_or_insert((c.is_ascii_uppercase(), false, 0));
        *is_code |= is_figure;
        *letters += usize::from(is_letter);
    }
    doubled / 2
}

/// The likeliest language of a script.
fn by_script(sample: &str, guess: Option<whatlang::Lang>) -> &'static str {
    use whatlang::Script::*;
    let script = whatlang::detect_script(sample);
    match script {
        Some(Latin) | None => "en",
        Some(Cyrillic) => "ru",
        Some(Arabic) => "ar",
        Some(Hebrew) => "he",
        Some(Greek) => "el",
        Some(Thai) => "th",
        Some(Devanagari) => "hi",
        Some(_) => guess.map_or("en", code),
    }
}

/// How many of the commonest words of English there are, if they are as common as in English and in no other language.
fn english_words(sample: &str) -> Option<usize> {
    const SHARE_MIN: f64 = 0.05;
    let (mut words, mut english) = (0, 0);
    for word in super::words::words(sample, is_alphabetic) {
        words += 1;
        english += usize::from(matches!(word, "the" | "of" | "and" | "The"));
    }
    (words >= 40 && english as f64 >= SHARE_MIN * words as f64).then_some(english)
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

    proptest::proptest! {
        #[test]
        fn letters_are_those_of_words_that_are_no_codes(text in "[a-cA-C1-3é ,.陆港Жж٣ⅧⅫ\u{16ee}]{0,40}") {
            let words = text.split(|c: char| is_ideograph(c) || !c.is_alphanumeric()).filter(|word| !word.is_empty());
            let plain = words.filter(|word| !word.chars().any(char::is_numeric));
            let doubled = plain.map(|word| {
                let letters = word.chars().filter(|c| c.is_alphabetic()).count();
                if word.starts_with(|c: char| c.is_ascii_uppercase()) { letters } else { 2 * letters }
            });
            proptest::prop_assert_eq!(letters(&text), doubled.sum::<usize>() / 2);
        }
    }

    #[track_caller]
    fn check(text: &str, expected: &str) {
        assert_eq!(of_text(text).0.code(), expected, "{text}");
    }

    #[test]
    fn names_and_codes_do_not_make_a_text_foreign() {
        check("NTT DoCoMo计划注资Aplix", "zh");
        check("學號 學期成績 B90902123 99 R93922004 99 B93902105 98", "zh-Hant");
        check("Report on the Work of the Government 政府工作报告", "en");
        check("The Xi'an (西安) line carried more freight than in the year before.", "en");
    }

    #[test]
    fn short_texts_are_told_by_script() {
        for (text, expected) in [
            ("東京駅開業", "ja"),
            ("営業時間変更", "ja"),
            ("政府工作报告", "zh"),
            ("政府工作報告", "zh-Hant"),
            ("佢哋喺香港做嘢，話唔使驚嘅，我哋會幫手執嘢。", "zh-Hant"),
            ("Москва", "ru"),
            ("السلام", "ar"),
            ("서울", "ko"),
            ("GDP", "en"),
        ] {
            check(text, expected);
        }
    }

    #[test]
    fn of_two_languages_the_longer_part_counts() {
        let english = "The regional government said that the dry port of the capital would open a second yard. ";
        let chinese = "自治区政府表示，首府陆港将建设第二堆场，服务沿线国家和地区。";
        let of = |text: &str| of_text(&sample("标题", text)).0.code().to_string();
        assert_eq!(of(&format!("{}{}", english.repeat(10), chinese.repeat(400))), "zh");
        assert_eq!(of(&format!("{}{}", chinese.repeat(10), english.repeat(400))), "en");
    }

    #[test]
    fn what_the_owner_says_wins() {
        use super::super::test::document;
        let mut document = document("标题", &["陆港开通。"]);
        let mut detected = |given: &str, origin| {
            document.metadata.language = Some(Found::new(given.to_string(), origin));
            detect(&document).value.code().to_string()
        };
        assert_eq!(detected("en", Origin::Override), "en");
        assert_eq!(detected("en-US", Origin::FrontMatter), "en");
        assert_eq!(detected("zh_TW", Origin::Column), "zh-Hant");
        assert_eq!(detected("English", Origin::Column), "en");
        assert_eq!(detected("en", Origin::Meta), "zh");
        assert_eq!(detected("2020", Origin::Column), "zh");
    }

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
            check(text, expected);
        }
    }
}
