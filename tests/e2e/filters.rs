//! What is kept of what was found: place, topic, time, kind, language, publisher, path.

use crate::support::{Folder, corpus};

/// One paragraph a place, in one document.
fn regions() -> Folder {
    corpus()
        .file(
            "regions.html",
            "<h1>Plans for 2020</h1><p>Xinjiang will build a dry port.</p><p>Jiangsu will deepen reform.</p>\
             <p>In Urumqi the port gets a second yard.</p><p>Shaanxi runs trains to Europe.</p>",
        )
        .index()
}

#[test]
fn a_region_filter_returns_only_that_paragraph() {
    let index = regions();
    index.search(["dry port", "--region", "Xinjiang"]).assert_top("regions.html").assert_snippet("build a [dry port]");
    index.search(["dry port", "--region", "Jiangsu"]).assert_nothing();
}

#[test]
fn a_region_goes_by_every_name_it_has() {
    let index = regions();
    for name in ["Xinjiang", "xinjiang", "新疆", "新疆维吾尔自治区", "650000", "Sinkiang", "XINJIANG", " Xinjiang "]
    {
        index.search(["\"dry port\"", "--region", name]).assert_found(1);
        index.search(["\"dry port\"", "--region", name]).assert_found(1);
    }
    for name in ["Urumqi", "Ürümqi", "Wulumuqi", "乌鲁木齐", "乌鲁木齐市", "烏魯木齊", "650100"] {
        index.search(["yard", "--region", name]).assert_found(1);
        index.search(["\"dry port\"", "--region", name]).assert_nothing();
    }
}

#[test]
fn a_region_has_the_places_inside_it_and_not_the_one_around_it() {
    let index = regions();
    let found = index.search(["port", "--region", "Xinjiang", "--per-doc", "9"]);
    found.assert_found(2);
    index.search(["port", "--region", "Urumqi", "--per-doc", "9"]).assert_found(1).assert_snippet("second yard");
    index.search(["port", "--region", "China", "--per-doc", "9"]).assert_found(2);
}

#[test]
fn a_macro_region_has_its_provinces() {
    let index = corpus()
        .file("a.txt", "T\n\nLiaoning will build a port.")
        .file("b.txt", "U\n\nGuangdong will build a port.")
        .index();
    index.search(["port", "--region", "Northeast China"]).assert_finds(&["a.txt"]);
    index.search(["port", "--region", "东北"]).assert_finds(&["a.txt"]);
}

#[test]
fn regions_that_sound_alike_are_told_apart() {
    let index = corpus()
        .file("shanxi.txt", "T\n\nShanxi mines coal.")
        .file("shaanxi.txt", "U\n\nShaanxi mines coal.")
        .file("zh.txt", "通告\n\n山西煤炭 coal 产量平稳。")
        .index();
    index.search(["coal", "--region", "Shanxi"]).assert_finds(&["shanxi.txt", "zh.txt"]);
    index.search(["coal", "--region", "Shaanxi"]).assert_finds(&["shaanxi.txt"]);
    index.search(["coal", "--region", "陕西"]).assert_finds(&["shaanxi.txt"]);
}

#[test]
fn several_regions_are_alternatives() {
    let index = regions();
    let found = index.search(["--region", "Jiangsu", "--region", "Shaanxi", "--per-doc", "9"]);
    found.assert_found(2);
}

#[test]
fn regions_can_be_excluded_with_all_that_lies_in_them() {
    let index = regions();
    index.search(["port", "--not-region", "Xinjiang"]).assert_nothing();
    index.search(["port", "--not-region", "Urumqi", "--per-doc", "9"]).assert_found(1).assert_snippet("dry [port]");
    let rest = index.search(["will", "--not-region", "Xinjiang", "--not-region", "Shaanxi", "--per-doc", "9"]);
    rest.assert_found(1).assert_snippet("Jiangsu");
    let inside = index.search(["port", "--region", "Xinjiang", "--not-region", "Urumqi", "--per-doc", "9"]);
    inside.assert_found(1).assert_snippet("Xinjiang");
}

#[test]
fn a_name_of_several_places_searches_all_of_them_and_says_so() {
    let index = corpus()
        .file("a.txt", "T\n\nSuzhou in Jiangsu built a port.")
        .file("b.txt", "U\n\nSuzhou in Anhui built a port.")
        .index();
    let found = index.search(["port", "--region", "Suzhou"]);
    found.assert_finds(&["a.txt", "b.txt"]).assert_says("note: `Suzhou` names 2 places, all searched");
    index.search(["port", "--region", "320500"]).assert_finds(&["a.txt"]).assert_says_not("note:");
}

#[test]
fn a_passage_without_a_place_inherits_its_headings_and_then_its_issuers() {
    let text = "# 2021年甘肃省政府工作报告\n\n## 兰州建设\n\n新区开工十二个项目。\n\n## 民生\n\n新建学校八所。\n";
    let index = corpus().file("a.md", text).index();
    index.search(["项目", "--region", "兰州"]).assert_found(1);
    index.search(["学校", "--region", "兰州"]).assert_nothing();
    index.search(["学校", "--region", "Gansu"]).assert_found(1);
}

/// A document for each of two topics.
fn topics() -> Folder {
    corpus()
        .file("rail.txt", "T\n\nChina-Europe freight trains left the dry port on time.")
        .file("farm.txt", "U\n\nGrain output rose and farmland was protected for food security.")
        .index()
}

#[test]
fn a_topic_goes_by_slug_and_by_name_in_both_languages() {
    let index = topics();
    for name in ["transport", "Transport and logistics", "交通物流", "TRANSPORT"] {
        index.search(["--topic", name]).assert_finds(&["rail.txt"]);
    }
    for name in ["agriculture", "农业农村", "Agriculture and rural areas"] {
        index.search(["--topic", name]).assert_finds(&["farm.txt"]);
    }
}

#[test]
fn a_theme_is_narrower_than_its_topic_and_topics_are_alternatives() {
    let index = topics();
    index.search(["--topic", "china-europe-trains"]).assert_finds(&["rail.txt"]);
    index.search(["--topic", "food-security"]).assert_finds(&["farm.txt"]);
    index.search(["--topic", "high-speed-rail"]).assert_nothing();
    index.search(["--topic", "transport", "--topic", "agriculture"]).assert_finds(&["farm.txt", "rail.txt"]);
    index.search(["grain", "--topic", "transport"]).assert_nothing();
}

/// A document for each of some years.
fn years() -> Folder {
    let mut folder = corpus();
    for year in [2018, 2019, 2020, 2022] {
        folder = folder.file(&format!("{year}.md"), &format!("---\ndate: {year}-06-15\n---\n# T\n\nA dry port.\n"));
    }
    folder.file("none.md", "# T\n\nA dry port.\n").index()
}

#[test]
fn years_are_single_ranged_open_and_repeatable() {
    let index = years();
    for (given, expected) in [
        (&["2020"][..], &["2020.md"][..]),
        (&["2018..2020"], &["2018.md", "2019.md", "2020.md"]),
        (&["2020.."], &["2020.md", "2022.md"]),
        (&["..2018"], &["2018.md"]),
        (&["2018..=2019"], &["2018.md", "2019.md"]),
        (&["2018", "2022"], &["2018.md", "2022.md"]),
        (&["..2018", "2022.."], &["2018.md", "2022.md"]),
        (&["2020年"], &["2020.md"]),
    ] {
        let args = given.iter().flat_map(|y| ["--year", y]);
        index.search(["dry port"].into_iter().chain(args)).assert_finds(expected);
    }
    index.search(["dry port", "--year", "2021"]).assert_nothing();
}

#[test]
fn since_and_until_take_days_months_and_years_and_include_both_ends() {
    let index = years();
    for (option, given, expected) in [
        ("--since", "2020-06-15", &["2020.md", "2022.md"][..]),
        ("--since", "2020-06-16", &["2022.md"]),
        ("--since", "2020-06", &["2020.md", "2022.md"]),
        ("--since", "2020", &["2020.md", "2022.md"]),
        ("--since", "2020-07", &["2022.md"]),
        ("--until", "2019-06-15", &["2018.md", "2019.md"]),
        ("--until", "2019-06-14", &["2018.md"]),
        ("--until", "2019-06", &["2018.md", "2019.md"]),
        ("--until", "2019", &["2018.md", "2019.md"]),
        ("--until", "2018/6/15", &["2018.md"]),
    ] {
        index.search(["dry port", option, given]).assert_finds(expected);
    }
    index.search(["dry port", "--since", "2019", "--until", "2020-12-31"]).assert_finds(&["2019.md", "2020.md"]);
    index.search(["dry port", "--since", "2021", "--until", "2020"]).assert_nothing();
}

#[test]
fn a_document_of_which_only_the_year_is_known_can_be_of_any_day_in_it() {
    let index = corpus().file("a.md", "---\nyear: 2020\n---\n# T\n\nA dry port.\n").index();
    index.search(["dry port", "--since", "2020-11"]).assert_found(1);
    index.search(["dry port", "--until", "2020-02-01"]).assert_found(1);
    index.search(["dry port", "--since", "2021-01-01"]).assert_nothing();
    index.search(["dry port", "--until", "2019-12-31"]).assert_nothing();
}

/// A document of each kind, in some languages, from some publishers.
fn kinds() -> Folder {
    let page =
        |kind: &str, source: &str, text: &str| format!("---\nkind: {kind}\nsource: {source}\n---\n# Title\n\n{text}\n");
    corpus()
        .file("reports/a.md", &page("report", "Gansu Daily", "The port of the west opened its second yard."))
        .file("news/b.md", &page("news", "Example News Agency", "The port of the east closed its oldest quay."))
        .file("c.md", &page("policy", "天山晚报", "港口建设方案要求各地加快口岸建设 port 并做好衔接工作。"))
        .file("d.md", &page("other", "天山晚報網", "港口建設與鐵路運輸業務持續擴大 port 並創下紀錄，業者樂觀。"))
        .index()
}

#[test]
fn kinds_are_kept_apart_and_repeatable() {
    let index = kinds();
    for (kind, file) in [("report", "reports/a.md"), ("news", "news/b.md"), ("policy", "c.md"), ("other", "d.md")] {
        index.search(["port", "--kind", kind]).assert_finds(&[file]);
    }
    index.search(["port", "--kind", "News", "--kind", "policy"]).assert_finds(&["c.md", "news/b.md"]);
}

#[test]
fn languages_go_by_code_and_name_and_chinese_has_both_scripts() {
    let index = kinds();
    for (lang, expected) in [
        ("en", &["news/b.md", "reports/a.md"][..]),
        ("English", &["news/b.md", "reports/a.md"]),
        ("zh", &["c.md", "d.md"]),
        ("中文", &["c.md", "d.md"]),
        ("zh-Hant", &["d.md"]),
        ("zh-TW", &["d.md"]),
    ] {
        index.search(["port", "--lang", lang]).assert_finds(expected);
    }
    index.search(["port", "--lang", "fr"]).assert_nothing();
    index.search(["port", "--lang", "fr", "--lang", "zh-Hant"]).assert_finds(&["d.md"]);
}

#[test]
fn simplified_chinese_can_be_asked_for_alone() {
    kinds().search(["port", "--lang", "zh-Hans"]).assert_finds(&["c.md"]);
}

#[test]
fn a_source_is_found_by_a_part_of_its_name() {
    let index = kinds();
    index.search(["port", "--source", "gansu"]).assert_finds(&["reports/a.md"]);
    index.search(["port", "--source", "Example News"]).assert_finds(&["news/b.md"]);
    index.search(["port", "--source", "天山晚报"]).assert_finds(&["c.md"]);
    index.search(["port", "--source", "daily", "--source", "agency"]).assert_finds(&["news/b.md", "reports/a.md"]);
    index.search(["port", "--source", "nobody"]).assert_nothing();
}

#[test]
fn a_path_is_a_glob_from_any_folder_on() {
    let index = kinds();
    for (glob, expected) in [
        ("reports/**", &["reports/a.md"][..]),
        ("**/news/*", &["news/b.md"]),
        ("docs/{news,reports}/*.md", &["news/b.md", "reports/a.md"]),
        ("[cd].md", &["c.md", "d.md"]),
        ("*.md", &["c.md", "d.md", "news/b.md", "reports/a.md"]),
    ] {
        index.search(["port", "--path", glob]).assert_finds(expected);
    }
    index.search(["port", "--path", "*.html"]).assert_nothing();
    index.search(["port", "--path", "c.md", "--path", "reports/*"]).assert_finds(&["c.md", "reports/a.md"]);
}

#[test]
fn filters_of_different_sorts_must_all_hold() {
    let page = |year: u16, text: &str| format!("---\ndate: {year}-03-01\nkind: news\n---\n# T\n\n{text}\n");
    let index = corpus()
        .file("a.md", &page(2020, "Freight trains left the dry port of Xinjiang."))
        .file("b.md", &page(2021, "Freight trains left the dry port of Xinjiang."))
        .file("c.md", &page(2020, "Freight trains left the dry port of Gansu."))
        .index();
    let all = ["dry port", "--region", "Xinjiang", "--topic", "transport", "--year", "2020", "--kind", "news"];
    index.search(all).assert_finds(&["a.md"]).assert_snippet("[dry port]");
    index.search(all.into_iter().chain(["--lang", "zh"])).assert_nothing();
    index.search(all.into_iter().chain(["--since", "2020-03-02"])).assert_nothing();
}

#[test]
fn a_filter_alone_finds_everything_it_keeps() {
    let index = regions();
    index.search(["--region", "Jiangsu"]).assert_found(1).assert_snippet("Jiangsu will deepen reform.");
    index.search(["--year", "2020", "--per-doc", "9"]).assert_found(4);
}

#[test]
fn without_words_the_newest_come_first() {
    assert_eq!(years().search(["--year", "2018.."]).names(), ["2022.md", "2020.md", "2019.md", "2018.md"]);
}

#[test]
fn what_the_filters_keep_out_is_said() {
    regions().search(["deepen", "--region", "Xinjiang"]).assert_nothing().assert_says("without the filters, 1 passage");
}
