//! One article carries the whole problem: machine-translated, no date but the year in its title, and six
//! provinces in one text, a paragraph each.

use crate::support::{Folder, corpus};

const ARTICLE: &str = "\
In 2020, the provinces race to lay the “Silk Road” of rails.

The meeting of the deputies, which was moved back because of the new coronary pneumonia, has opened. The rails to \
the west will be a hot word of it.

Rails have become the first gripper of opening up

In this year’s work reports, according to reporters, many places wrote the rails into the first chapter.

For example, Chongqing wants to thicken the trains of the land-sea corridor; Jiangsu proposes to build a crossing \
point of rail and sea with influence, and to let the ports of the river speak with one voice.

Shaanxi ’s action plan has 28 measures in 7 categories, and asks to promote the high-quality development of the \
China-Europe Train Changan and to strive for the pilot of an air hub at Xi’an.

Guangdong pragmatically opens the bay: it joins with 22 tasks and wants that the Greater Bay Area should be built \
into An important support of the whole.

Taking “one port, two districts” as the main line, Xinjiang regards the speeding up of the Urumqi International Dry \
Port Area as the primary task of the year.

All regions look at their own endowments and join the overall layout actively.

Grasping the main line of quality

n the process of the next six years, what wishes do the deputies have for the rails this year? let us wait and see.
";

fn article() -> Folder {
    corpus().file("article.txt", ARTICLE).index()
}

#[test]
fn a_phrase_in_a_region_and_year_returns_that_one_paragraph_with_the_phrase_alone_marked() {
    let index = article();
    for place in ["Xinjiang", "Urumqi", "新疆", "650000"] {
        let found = index.search(["dry port", "--region", place, "--year", "2020"]);
        found.assert_found(1).assert_snippet("the Urumqi International [Dry Port] Area as");
        assert!(found.hits()[0]["passage"]["text"].as_str().unwrap().starts_with("Taking “one port"));
        assert_eq!(found.hits()[0]["snippet"]["highlights"].as_array().unwrap().len(), 1);
    }
}

#[test]
fn in_another_region_of_the_same_article_there_is_nothing() {
    let index = article();
    index.search(["dry port", "--region", "Jiangsu"]).assert_nothing();
    index.search(["dry port", "--region", "Xinjiang", "--year", "2019"]).assert_nothing();
}

#[test]
fn only_the_paragraph_of_a_province_is_about_it() {
    let index = article();
    index
        .search(["China-Europe Train", "--region", "Shaanxi"])
        .assert_found(1)
        .assert_snippet("the [China-Europe Train] C");
    for (place, start) in [("Shaanxi", "Shaanxi’s"), ("Guangdong", "Guangdong prag"), ("Xinjiang", "Taking “one")] {
        let found = index.search(["--region", place, "--per-doc", "50"]);
        found.assert_found(1);
        assert!(found.hits()[0]["passage"]["text"].as_str().unwrap().starts_with(start), "{place}");
    }
}

#[test]
fn the_year_is_known_from_the_title_and_said_to_be() {
    let found = article().inspect("article.txt");
    assert_eq!((&found["year"], &found["date"]), (&2020.into(), &serde_json::Value::Null));
    assert_eq!(found["found_in"]["year"], "title");
    assert_eq!(found["kind"], "news");
}

#[test]
fn a_lost_first_letter_stays_lost() {
    let text = article().inspect("article.txt")["text"].as_str().unwrap().to_string();
    assert!(text.contains("\n\nn the process of"), "{text}");
}
