//! The query language, as it is typed at a shell.

use crate::support::{Folder, corpus};

/// Three documents whose sentences share words but not phrases.
fn ports() -> Folder {
    corpus()
        .file("phrase.txt", "Opening\n\nThe city will build a dry port beside the railway.")
        .file("apart.txt", "Weather\n\nA dry summer emptied the river port of its barges.")
        .file("rail.txt", "Timetable\n\nThe railway bureau added two night trains.")
        .index()
}

#[test]
fn one_argument_with_a_blank_is_a_phrase() {
    ports().search(["dry port"]).assert_found(1).assert_top("phrase.txt").assert_snippet("build a [dry port] beside");
}

#[test]
fn two_arguments_are_words() {
    let index = ports();
    let found = index.search(["dry", "port"]);
    found.assert_finds(&["apart.txt", "phrase.txt"]).assert_top("phrase.txt").assert_snippet("a [dry] [port] beside");
    found.assert_says_not("phrase");
}

#[test]
fn a_phrase_that_no_passage_has_is_searched_as_words_and_the_user_is_told() {
    let index = ports();
    let found = index.search(["port dry"]);
    found.assert_finds(&["apart.txt", "phrase.txt"]);
    found.assert_says("no passage has the phrase `port dry`: searched its words instead");
    assert_eq!(found.json()["fell_back_to_words"], true);
    assert_eq!(index.search(["dry port"]).json()["fell_back_to_words"], false);
}

#[test]
fn a_phrase_that_only_the_filters_exclude_is_not_searched_as_words() {
    let index = corpus()
        .file("west.txt", "West\n\nXinjiang will build a dry port.")
        .file("east.txt", "East\n\nJiangsu is dry and has a port.")
        .index();
    let found = index.search(["dry port", "--region", "Jiangsu"]);
    found.assert_nothing().assert_says("nothing found; without the filters, 1 passage would be");
    found.assert_says_not("searched its words");
    assert_eq!(found.json()["total"], 0);
}

#[test]
fn words_stand_in_for_a_phrase_also_under_a_filter_when_no_passage_at_all_has_it() {
    let index = corpus()
        .file("west.txt", "West\n\nXinjiang will build a dry inland port.")
        .file("east.txt", "East\n\nJiangsu is dry and has a port.")
        .index();
    let found = index.search(["dry port", "--region", "Jiangsu"]);
    found.assert_finds(&["east.txt"]).assert_says("searched its words instead");
}

#[test]
fn quotes_mean_the_phrase_and_nothing_else() {
    let index = ports();
    index.search(["\"dry port\""]).assert_found(1).assert_snippet("[dry port]");
    index.search(["\"port dry\""]).assert_nothing().assert_says_not("searched its words");
    for quoted in ["“dry port”", "＂dry port＂", "「dry port」", "«dry port»"] {
        index.search([quoted]).assert_finds(&["phrase.txt"]);
    }
}

#[test]
fn only_the_phrase_is_marked_and_not_its_words_elsewhere() {
    let index = corpus().file("a.txt", "T\n\nIn dry weather the port waits; the dry port works.").index();
    index.search(["dry port"]).assert_snippet("In dry weather the port waits; the [dry port] works.");
}

#[test]
fn a_phrase_does_not_reach_across_passages_or_paragraph_headings() {
    let text = "# Title\n\n## One\n\nThe summer was dry\n\n## Two\n\nport calls rose quickly.\n";
    corpus().file("a.md", text).index().search(["\"dry port\""]).assert_nothing();
}

#[test]
fn any_word_may_miss_and_near_ones_rank_higher() {
    let filler = "while the harvest in the valleys went on and everybody was busy with it for weeks";
    let index = corpus()
        .file("far.txt", &format!("A\n\nThe freight office moved, {filler}, and then a train left."))
        .file("near.txt", &format!("B\n\nThe freight train left, {filler}, and then an office moved."))
        .file("half.txt", "C\n\nThe freight office closed.")
        .index();
    index.search(["freight", "train"]).assert_finds(&["far.txt", "half.txt", "near.txt"]).assert_top("near.txt");
}

#[test]
fn words_are_found_in_every_inflection_and_case() {
    let index = corpus().file("a.txt", "T\n\nFactories exported batteries.").index();
    for word in ["factory", "FACTORIES", "export", "battery", "Exporting"] {
        index.search([word]).assert_found(1);
    }
    index.search(["factor"]).assert_nothing();
}

#[test]
fn plus_requires_and_minus_excludes() {
    let index = ports();
    index.search(["+railway", "port"]).assert_finds(&["phrase.txt", "rail.txt"]).assert_top("phrase.txt");
    index.search(["port", "-river"]).assert_finds(&["phrase.txt"]);
    index.search(["port", "-\"dry port\""]).assert_finds(&["apart.txt"]);
    index.search(["+railway", "+river"]).assert_nothing();
}

#[test]
fn a_first_argument_may_be_an_exclusion_after_two_dashes() {
    ports().search(["--", "-river", "port"]).assert_finds(&["phrase.txt"]);
}

#[test]
fn only_exclusions_find_everything_else() {
    ports().search(["NOT port"]).assert_finds(&["rail.txt"]);
}

#[test]
fn or_and_not_and_groups_combine() {
    let index = ports();
    for (query, expected) in [
        ("barges OR trains", &["apart.txt", "rail.txt"][..]),
        ("barges || trains", &["apart.txt", "rail.txt"]),
        ("dry AND port", &["apart.txt", "phrase.txt"]),
        ("dry && railway", &["phrase.txt"]),
        ("port NOT railway", &["apart.txt"]),
        ("port AND NOT river", &["phrase.txt"]),
        ("(barges OR trains) AND railway", &["rail.txt"]),
        ("barges OR trains AND city", &["apart.txt"]),
        ("+(river OR city) -summer", &["phrase.txt"]),
        ("\"dry port\" OR \"night trains\"", &["phrase.txt", "rail.txt"]),
        ("（barges OR trains）", &["apart.txt", "rail.txt"]),
    ] {
        index.search([query]).assert_finds(expected);
    }
}

#[test]
fn operators_in_small_letters_are_words() {
    let index = corpus().file("a.txt", "T\n\nBelt and Road builds.").file("b.txt", "U\n\nBelts are sold.").index();
    index.search(["belt and road"]).assert_finds(&["a.txt"]).assert_snippet("[Belt and Road]");
}

#[test]
fn a_star_finds_words_that_begin_so() {
    let index = corpus()
        .file("a.txt", "T\n\nTransport grew.")
        .file("b.txt", "U\n\nTransportation grew.")
        .file("c.txt", "V\n\nTransit grew.")
        .index();
    index.search(["transport*"]).assert_finds(&["a.txt", "b.txt"]);
    index.search(["trans*"]).assert_found(3).assert_snippet("grew");
    index.search(["transportati*"]).assert_found(1).assert_snippet("[Transportation] grew.");
    index.search(["zz*"]).assert_nothing();
}

#[test]
fn title_and_heading_look_only_there() {
    let index = corpus()
        .file("a.md", "# Harvest of the year\n\n## Railways\n\nFarmers sold melons.\n\n## Roads\n\nA bridge opened.\n")
        .file("b.md", "# Melons\n\n## Markets\n\nThe harvest was good and the railways carried it.\n")
        .index();
    index.search(["title:harvest"]).assert_finds(&["a.md"]);
    index.search(["title:\"harvest of the year\""]).assert_finds(&["a.md"]);
    index.search(["title:(melons OR harvest)"]).assert_finds(&["a.md", "b.md"]);
    index.search(["title:railways"]).assert_nothing();
    index.search(["heading:railways"]).assert_finds(&["a.md"]).assert_snippet("Farmers sold melons.");
    index.search(["heading:harvest"]).assert_nothing();
    index.search(["+heading:roads", "bridge"]).assert_finds(&["a.md"]).assert_snippet("A [bridge] opened.");
    index.search(["TITLE：melons"]).assert_finds(&["b.md"]);
}

#[test]
fn a_word_of_the_title_finds_the_document_once() {
    let index = corpus().file("a.md", "# Quicksilver\n\n## One\n\nText one.\n\n## Two\n\nText two.\n").index();
    index.search(["quicksilver", "--per-doc", "9"]).assert_found(1);
}

#[test]
fn chinese_is_found_by_words_without_blanks_and_marked_on_its_characters() {
    let index = corpus()
        .file("a.txt", "通告\n\n乌鲁木齐国际陆港区今年开行列车一千列。")
        .file("b.txt", "消息\n\n港口吞吐量增长，陆地口岸平稳。")
        .index();
    index.search(["陆港", "--no-expand"]).assert_finds(&["a.txt"]).assert_snippet("国际[陆港]区");
    index.search(["陸港", "--no-expand"]).assert_finds(&["a.txt"]).assert_snippet("国际[陆港]区");
    index.search(["国际陆港"]).assert_finds(&["a.txt"]).assert_snippet("[国际陆港]区");
    index.search(["港"]).assert_finds(&["a.txt", "b.txt"]);
    index.search(["口岸 平稳"]).assert_finds(&["b.txt"]);
    index.search(["水港"]).assert_nothing();
}

#[test]
fn hyphens_apostrophes_and_marks_do_not_hide_a_word() {
    let index = corpus().file("a.txt", "T\n\nThe China-Europe train reached Ürümqi’s yard.").index();
    for query in ["China-Europe", "\"china europe train\"", "urumqi", "Ürümqi", "urumqi's"] {
        index.search([query]).assert_found(1);
    }
    index.search(["China-Europe"]).assert_snippet("The [China-Europe] train");
}

#[test]
fn the_best_passage_stands_for_its_document() {
    let text =
        "# Ports\n\n## A\n\nOne port of many places.\n\n## B\n\nPort after port after port.\n\n## C\n\nNothing.\n";
    let index = corpus().file("a.md", text).file("b.txt", "T\n\nA port.").index();
    index.search(["port"]).assert_found(2);
    index.search(["port", "--per-doc", "2"]).assert_found(3);
    assert_eq!(index.search(["port"]).json()["total"], 3);
    assert_eq!(index.search(["port"]).json()["documents"], 2);
}

#[test]
fn limit_and_offset_page_through_the_results_without_gaps_or_repetitions() {
    let mut folder = corpus();
    for n in 0..7 {
        folder = folder.file(&format!("{n}.txt"), &format!("T{n}\n\nThe port number {n}."));
    }
    let index = folder.index();
    let all = index.search(["port", "--limit", "100"]).names();
    assert_eq!(all.len(), 7);
    let mut paged = Vec::new();
    for offset in ["0", "3", "6"] {
        paged.extend(index.search(["port", "--limit", "3", "--offset", offset]).names());
    }
    assert_eq!(paged, all);
    let second = index.search(["port", "--limit", "3", "--offset", "3"]);
    assert_eq!(second.hits().iter().map(|h| h["rank"].as_u64().unwrap()).collect::<Vec<_>>(), [4, 5, 6]);
    second.assert_says("more with --offset 6").assert_shows("4. T");
}

#[test]
fn a_page_past_the_end_is_empty_but_something_was_found() {
    let index = ports();
    let past = index.search(["port", "--offset", "50"]);
    assert_eq!((past.code, past.json()["total"].as_u64()), (Some(0), Some(2)), "{past:?}");
    past.assert_found(0);
}

#[test]
fn nothing_found_is_exit_code_1_with_nothing_on_standard_output() {
    ports().search(["volcano"]).assert_nothing().assert_says("nothing found");
}

#[test]
fn one_command_indexes_a_folder_and_searches_only_in_it() {
    let folder = corpus().file("in/a.txt", "T\n\nA dry port.").file("out/b.txt", "T\n\nA dry port.");
    folder.run(["index", "docs/out"]).assert_ok();
    folder.search(["dry port", "--in", "docs/in"]).assert_finds(&["in/a.txt"]);
    folder.search(["dry port", "--in", "docs/in", "--in", "docs/out"]).assert_finds(&["in/a.txt", "out/b.txt"]);
    folder.write("in/c.txt", "T\n\nAnother dry port.");
    folder.search(["dry port", "--in", "docs/in"]).assert_finds(&["in/a.txt", "in/c.txt"]);
    folder.remove("in/a.txt");
    folder.search(["dry port", "--in", "docs/in"]).assert_finds(&["in/c.txt"]);
    folder.search(["dry port"]).assert_finds(&["in/c.txt", "out/b.txt"]);
}

#[test]
fn one_command_searches_a_single_file() {
    let folder = corpus().file("a.txt", "T\n\nA dry port.").file("b.txt", "T\n\nA dry port.");
    folder.search(["dry port", "--in", "docs/a.txt"]).assert_finds(&["a.txt"]);
}

#[test]
fn what_is_not_in_the_text_is_ranked_by_the_headings_it_is_in() {
    let heading = "## Dry port freight train railway logistics\n\nA text of other things, number";
    let folder = corpus()
        .file("a.md", &format!("# One\n\n{heading} one."))
        .file("b.md", &format!("# Two\n\n{heading} two."))
        .file("c.md", "# Three\n\n## Things\n\nA port is mentioned here once, among other things.")
        .index();
    let found = folder.search(["dry", "port", "freight", "train", "logistics", "--no-expand", "--json"]);
    let hits = found.parsed()["hits"].as_array().unwrap().clone();
    assert!(hits.iter().all(|hit| hit["score"].as_f64().is_some_and(|score| score > 0.0)), "{found:?}");
    assert_eq!(hits[2]["document"]["title"], "Three");
}

#[test]
fn a_pattern_ends_with_the_heading_it_is_in() {
    let folder = corpus().file("a.md", "# 甲\n\n## 新疆建设大陆\n\n### 港口\n\n这里说的是别的事情。").index();
    folder.search(["陆?港", "--no-expand"]).assert_nothing();
    folder.search(["陆??港", "--no-expand"]).assert_nothing();
    folder.search(["建?大陆", "--no-expand"]).assert_found(1);
}

#[test]
fn the_end_of_the_results_is_said() {
    let folder = corpus();
    for number in 0..3 {
        folder.write(&format!("{number}.txt"), format!("Text {number}\n\nA report about apples, number {number}."));
    }
    let folder = folder.index();
    assert!(folder.search(["apples", "--limit", "2"]).stderr.contains("more with --offset 2"));
    assert!(!folder.search(["apples", "--limit", "3"]).stderr.contains("more with"));
    let beyond = folder.search(["apples", "--offset", "3"]);
    beyond.assert_code(0);
    assert!(beyond.stderr.contains("nothing from --offset 3 on"), "{beyond:?}");
    folder.search(["apples", "-三"]).assert_found(3);
}
