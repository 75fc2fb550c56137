//! All that matches, counted; and what was searched.

use crate::support::{Folder, Outcome, corpus, sample};
use serde_json::Value;

fn page(head: &str, text: &str) -> String {
    format!("---\n{head}\n---\n# T\n\n{text}\n")
}

/// Four documents of three years; the first has three passages, about three places.
fn folder() -> Folder {
    let many = "## One\n\nThe dry port of Urumqi opened a second yard.\n\n## Two\n\nThe dry port of Kashgar got new cranes.\n\n\
                ## Three\n\nA dry port was built in Lanzhou.";
    corpus()
        .file("a.md", &page("date: 2020-06-15\nkind: report\nsource: Gansu Daily", many))
        .file(
            "b.md",
            &page("date: 2021-06-15\nkind: news\nsource: gansu daily", "The dry port of Urumqi is full of trains."),
        )
        .file(
            "c.md",
            &page("date: 2021-07-15\nkind: news\nsource: Poland Herald", "Poland has a dry port near Warsaw."),
        )
        .file("d.md", &page("kind: other", "乌鲁木齐陆港扩大 dry port 建设规模，各项工作有序推进。"))
        .index()
}

impl Outcome<'_> {
    /// The values of a facet: value, documents, passages.
    #[track_caller]
    fn counts(&self, facet: &str) -> Vec<(String, u64, u64)> {
        let facets = self.json()["facets"].as_array().unwrap();
        let facet = facets.iter().find(|f| f["facet"] == facet).unwrap_or_else(|| panic!("no {facet}: {self:?}"));
        let number = |v: &Value| v.as_u64().unwrap();
        let values = facet["values"].as_array().unwrap().iter();
        values
            .map(|v| (v["value"].as_str().unwrap().to_string(), number(&v["documents"]), number(&v["passages"])))
            .collect()
    }

    #[track_caller]
    fn assert_counts(&self, facet: &str, expected: &[(&str, u64, u64)]) -> &Self {
        let expected: Vec<_> = expected.iter().map(|(v, d, p)| (v.to_string(), *d, *p)).collect();
        assert_eq!(self.counts(facet), expected, "{self:?}");
        self
    }
}

#[test]
fn documents_and_passages_are_counted_by_everything() {
    let folder = folder();
    let found = folder.run(["facets", "\"dry port\""]);
    found
        .assert_ok()
        .assert_counts("region", &[("100000", 3, 5), ("650000", 3, 4), ("620000", 1, 1), ("PL", 1, 1)])
        .assert_counts("year", &[("2020", 1, 3), ("2021", 2, 2)])
        .assert_counts("kind", &[("news", 2, 2), ("report", 1, 3), ("other", 1, 1)])
        .assert_counts("source", &[("Gansu Daily", 2, 4), ("Poland Herald", 1, 1)])
        .assert_counts("lang", &[("en", 3, 5), ("zh", 1, 1)]);
    let json = found.json();
    assert_eq!((&json["total"], &json["documents"], &json["searched"]["documents"]), (&6.into(), &4.into(), &4.into()));
    let year = &json["facets"][2];
    assert_eq!((&year["without"]["documents"], &year["without"]["passages"]), (&1.into(), &1.into()));
    let region = &json["facets"][0]["values"][1];
    assert_eq!(
        (&region["name"], &region["name_zh"], &region["level"], &region["parent"]),
        (&"Xinjiang".into(), &"新疆".into(), &"province".into(), &"100000".into())
    );
    assert!(found.counts("topic").iter().any(|(topic, documents, _)| topic == "dry-ports" && *documents >= 3));
}

/// The promise of all counts: a search with the value as its filter finds as many.
#[test]
fn every_count_is_that_of_a_search_with_the_value() {
    let folder = folder();
    for filters in [&[][..], &["--region", "Xinjiang"], &["--kind", "news", "--kind", "report"], &["--since", "2021"]] {
        let asked = ["facets", "port", "--limit", "1000"].iter().chain(filters);
        let json = folder.run(asked).json().clone();
        let mut compared = 0;
        for facet in json["facets"].as_array().unwrap() {
            let name = facet["facet"].as_str().unwrap();
            let option = format!("--{name}");
            // The facet's own filter does not hold.
            let others = if filters.first() == Some(&option.as_str()) { &[] } else { filters };
            for value in facet["values"].as_array().unwrap() {
                let args = ["port", &option, value["value"].as_str().unwrap()];
                let found = folder.search(args.iter().chain(others));
                let (passages, documents) = (&found.json()["total"], &found.json()["documents"]);
                assert_eq!((passages, documents), (&value["passages"], &value["documents"]), "{args:?} {others:?}");
                compared += 1;
            }
        }
        assert!(compared > 10, "{json}");
    }
}

#[test]
fn a_facet_ignores_its_own_filter_and_keeps_the_others() {
    let folder = folder();
    let found = folder.run(["facets", "dry port", "--year", "2020"]);
    found.assert_counts("year", &[("2020", 1, 3), ("2021", 2, 2)]).assert_counts("kind", &[("report", 1, 3)]);
    assert_eq!((&found.json()["total"], &found.json()["documents"]), (&3.into(), &1.into()));
    let years = &found.json()["facets"][2]["values"];
    assert_eq!((&years[0]["selected"], &years[1]["selected"]), (&true.into(), &false.into()));
    // Nothing is of that year: what another would find is shown all the same.
    let none = folder.run(["facets", "dry port", "--year", "1999", "--by", "year,kind"]);
    none.assert_code(1).assert_counts("year", &[("2020", 1, 3), ("2021", 2, 2)]).assert_counts("kind", &[]);
    none.assert_says("nothing found; without the filters, 6 passages would be; 4 documents searched");
}

#[test]
fn a_region_that_is_named_is_opened() {
    let folder = folder();
    folder.run(["facets", "--by", "region", "--region", "Xinjiang"]).assert_counts(
        "region",
        &[("100000", 3, 5), ("650000", 3, 4), ("650100", 3, 3), ("653100", 1, 1), ("620000", 1, 1), ("PL", 1, 1)],
    );
    // What is named is listed, whatever the limit, with all it lies in.
    let found = folder.run(["facets", "--by", "region", "--region", "Lanzhou", "--limit", "1"]);
    found.assert_counts("region", &[("100000", 3, 5), ("650000", 3, 4), ("620000", 1, 1), ("620100", 1, 1)]);
    let facet = &found.json()["facets"][0];
    assert_eq!((&facet["more"], &facet["values"][0]["more"]), (&1.into(), &0.into()));
    // A region that crosses divisions has the passages about its members; they are listed where they lie.
    folder
        .run(["facets", "--by", "region", "--region", "Northwest China"])
        .assert_counts("region", &[("100000", 3, 5), ("650000", 3, 4), ("620000", 1, 1), ("M-NW", 3, 5), ("PL", 1, 1)]);
}

#[test]
fn only_so_many_values_are_listed_and_the_rest_are_counted() {
    let mut folder = corpus();
    for year in 2001..=2015 {
        let text =
            format!("The dry port of {} is open.", ["Urumqi", "Lanzhou", "Xining", "Yinchuan", "Chengdu"][year % 5]);
        let head = format!("date: {year}-06-15\nsource: Paper {:02}", year - 2000);
        folder = folder.file(&format!("{year}.md"), &page(&head, &text));
    }
    let folder = folder.index();
    let found = folder.run(["facets", "port", "--limit", "3", "--by", "year,source"]);
    // Years in order, the latest; others of the same number by name.
    found.assert_counts("year", &[("2013", 1, 1), ("2014", 1, 1), ("2015", 1, 1)]);
    found.assert_counts("source", &[("Paper 01", 1, 1), ("Paper 02", 1, 1), ("Paper 03", 1, 1)]);
    assert_eq!((&found.json()["facets"][0]["more"], &found.json()["facets"][1]["more"]), (&12.into(), &12.into()));
    found.assert_shows("… 12 earlier\n2013").assert_shows("… 12 more\n");
    folder.run(["facets", "port", "--limit", "99", "--by", "year"]).assert_hides("earlier").assert_shows("2001");
}

#[test]
fn without_a_query_all_passages_that_the_filters_keep_are_counted() {
    let folder = folder();
    folder.run(["facets", "--by", "kind", "--region", "Poland"]).assert_ok().assert_counts("kind", &[("news", 1, 1)]);
    folder.run(["facets", "--by", "kind"]).assert_counts("kind", &[("news", 2, 2), ("report", 1, 3), ("other", 1, 1)]);
    folder.run(["facets", "nothingofthesort"]).assert_code(1).assert_says("nothing found; 4 documents searched");
    let words = folder.run(["facets", "port dry", "--by", "kind"]);
    words.assert_ok().assert_says("no passage has the phrase `port dry`: counted its words instead");
    assert_eq!(words.json()["fell_back_to_words"], true);
    folder
        .run(["facets", "port", "-Urumqi", "--by", "kind"])
        .assert_counts("kind", &[("report", 1, 2), ("news", 1, 1), ("other", 1, 1)]);
}

#[test]
fn text_has_bars_and_csv_a_line_for_each_value() {
    let folder = folder();
    let found = folder.run(["facets", "dry port", "--by", "kind"]);
    found.assert_says("6 passages in 4 documents; 4 documents searched");
    let lines: Vec<&str> = found.stdout.lines().collect();
    assert_eq!(lines.len(), 4, "{found:?}");
    assert!(lines[1].starts_with("news            2         2  ██"), "{found:?}");
    let bar = |line: &str| line.chars().filter(|c| *c == '█').count();
    assert_eq!(bar(lines[1]), 2 * bar(lines[2]), "{found:?}");
    for wide in folder.run_with(["facets", "dry port"], &[("NO_COLOR", "1")]).stdout.lines() {
        assert!(!wide.contains('\u{1b}'), "{wide}");
    }
    folder.run(["facets", "dry port", "--by", "kind", "--color", "always"]).assert_shows("\u{1b}[");
    let csv = folder.run(["facets", "dry port", "--by", "year,region", "--region", "Poland", "--csv"]);
    let lines: Vec<&str> = csv.stdout.lines().collect();
    assert_eq!(lines[0], "facet,value,name,name_zh,level,parent,documents,passages,selected");
    assert_eq!(lines[1], "year,2021,,,,,1,1,");
    assert!(lines.contains(&"region,650000,Xinjiang,新疆,province,100000,3,4,"), "{csv:?}");
    assert!(lines.contains(&"region,PL,Poland,波兰,country,,1,1,yes"), "{csv:?}");
}

#[test]
fn what_cannot_be_counted_by_is_one_clear_line() {
    let folder = folder();
    folder
        .run(["facets", "x", "--by", "regoin"])
        .assert_error("--by cannot be `regoin`")
        .assert_hint("did you mean region?");
    folder
        .run(["facets", "x", "--by", "colour"])
        .assert_error("--by cannot be `colour`")
        .assert_hint("use region, topic, year, kind, source, lang");
    folder.run(["facets", "x", "--region", "Xinjang"]).assert_code(2).assert_says("Xinjiang 新疆");
    folder.run(["facets", "x", "--json", "--csv"]).assert_code(2);
    corpus().run(["facets", "x"]).assert_error("no index at `index`");
}

#[test]
fn counts_follow_what_is_changed_and_removed() {
    let folder = folder();
    folder.remove("b.md");
    folder.write(
        "c.md",
        page("date: 2021-07-15\nkind: policy", "Poland has a dry port.\n\n## Two\n\nPoland has a sea port."),
    );
    folder.run(["index", "docs"]).assert_ok();
    let found = folder.run(["facets", "port"]);
    found
        .assert_counts("year", &[("2020", 1, 3), ("2021", 1, 2)])
        .assert_counts("kind", &[("report", 1, 3), ("policy", 1, 2), ("other", 1, 1)])
        .assert_counts("source", &[("Gansu Daily", 1, 3)]);
    assert_eq!(found.json()["searched"]["documents"], 3);
}

#[test]
fn in_brings_a_folder_in_and_counts_only_there() {
    let folder = corpus().file("a/x.txt", "X\n\nA dry port in Urumqi.").file("b/y.txt", "Y\n\nA dry port in Lanzhou.");
    folder.run(["index", "docs/a"]).assert_ok();
    let found = folder.run(["facets", "dry port", "--by", "region", "--in", "docs/b"]);
    found.assert_counts("region", &[("100000", 1, 1), ("620000", 1, 1)]);
    found.assert_says("1 passage in 1 document; 1 document searched");
    assert_eq!(folder.run(["facets", "dry port"]).json()["total"], 2);
}

#[test]
fn a_search_says_what_was_searched_and_what_could_not_be() {
    let folder = corpus()
        .file("a.txt", "A\n\nThe first text is about apples.")
        .file("sub/b.txt", "B\n\nThe second text is about bridges.")
        .bytes("sub/empty.pdf", b"")
        .bytes("c.zip", &sample("zip/encrypted.zip"))
        .bytes("d.xyz", b"\x00\x01\x02\x03 nothing that is read \xff\xfe\x00")
        .index();
    let said = |args: &[&str], end: &str| {
        let found = folder.search(args);
        let last = found.stderr.lines().last().unwrap_or_default();
        assert!(last.ends_with(end), "{end:?}: {found:?}");
    };
    let status = folder.status();
    let (failed, skipped) =
        (status["failures"].as_array().unwrap().len() as u64, status["skipped"].as_object().unwrap());
    let skipped: u64 = skipped.values().map(|n| n.as_u64().unwrap()).sum();
    assert!(failed > 0 && skipped > 0, "{status}");
    let searched = folder.search(["apples"]).json()["searched"].clone();
    assert_eq!(searched["documents"], status["documents"]);
    let number = |key: &str| searched[key].as_u64().unwrap();
    assert_eq!((number("files_failed") + number("members_failed"), number("files_skipped")), (failed, skipped));
    said(&["apples"], "could not be read, 1 file is of no format that is read (dryport status)");
    said(&["nothingofthesort"], "1 file is of no format that is read (dryport status)");
    // Of a folder that is asked for, that folder.
    let inside = folder.search(["bridges", "--in", "docs/sub"]);
    assert_eq!(
        (&inside.json()["searched"]["documents"], &inside.json()["searched"]["files_skipped"]),
        (&1.into(), &0.into())
    );
    // It follows what is removed.
    for gone in ["sub/empty.pdf", "c.zip", "d.xyz", "a.txt"] {
        folder.remove(gone);
    }
    folder.run(["index", "docs"]).assert_ok();
    said(&["bridges"], "1 passage in 1 document; 1 document searched");
}

#[test]
fn members_that_could_not_be_read_are_counted_too() {
    let folder = corpus().bytes("a.zip", &sample("zip/deep.zip")).bytes("b.zip", &sample("zip/reports.zip")).index();
    let status = folder.status();
    let searched = folder.search(["walnut"]).json()["searched"].clone();
    assert_eq!(searched["documents"], status["documents"]);
    let failed = searched["files_failed"].as_u64().unwrap() + searched["members_failed"].as_u64().unwrap();
    assert_eq!(failed, status["failures"].as_array().unwrap().len() as u64, "{status} {searched}");
}
