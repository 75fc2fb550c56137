//! What the owner of a folder says of its documents wins over everything found in them.

use super::support::*;

const TEXT: &str = "Report\n\nThe government builds roads and schools, and trains leave every day.";

#[test]
fn rules_of_a_folder_hold_for_what_they_name() {
    let folder = corpus();
    folder.write("xinjiang/a.txt", TEXT);
    folder.write("gansu/b.txt", TEXT);
    folder.write(
        "dryport.toml",
        "[[rule]]\npath = \"xinjiang/**\"\nregion = \"Xinjiang\"\nkind = \"report\"\nyear = 2021\n",
    );
    let folder = folder.index();
    folder.search(["roads", "--region", "Xinjiang", "--year", "2021", "--kind", "report"]).assert_found(1);
    folder.search(["roads", "--region", "Gansu"]).assert_nothing();
    let document = folder.inspect("xinjiang/a.txt");
    assert_eq!(document["year"], 2021);
    let evidence = &document["evidence"]["year"];
    assert_eq!((&evidence["found_in"], &evidence["place"]), (&"override".into(), &"dryport.toml".into()), "{evidence}");
    assert_eq!(folder.status()["documents"], 2);
    assert!(folder.status()["skipped"].as_object().unwrap().is_empty(), "rules are no documents");
}

#[test]
fn rules_that_change_are_followed_at_once() {
    let folder = corpus();
    folder.write("a.txt", TEXT);
    folder.write("b.txt", TEXT);
    let folder = folder.index();
    folder.write("a.txt.toml", "region = \"Gansu\"\n");
    assert_eq!(folder.update(["docs"]), [0, 1, 1, 0, 0]);
    folder.search(["roads", "--region", "Gansu"]).assert_found(1).assert_top("a.txt");
    folder.write("a.txt.toml", "region = \"Henan\"\n");
    assert_eq!(folder.update(["docs"]), [0, 1, 1, 0, 0]);
    folder.search(["roads", "--region", "Gansu"]).assert_nothing();
    folder.remove("a.txt.toml");
    assert_eq!(folder.update(["docs"]), [0, 1, 1, 0, 0]);
    folder.search(["roads", "--region", "Henan"]).assert_nothing();
}

#[test]
fn what_is_said_of_a_container_holds_for_all_in_it() {
    let folder = corpus();
    folder.write("t.csv", "title,text\nRoads,\"The government builds roads.\"\n");
    folder.write("t.csv.toml", "region = \"Gansu\"\nyear = 2019\nkind = \"report\"\n");
    let folder = folder.index();
    folder.search(["roads", "--region", "Gansu", "--year", "2019", "--kind", "report"]).assert_found(1);
}

#[test]
fn one_bad_rule_does_not_spoil_another_for_the_same_files() {
    let folder = corpus();
    folder.write("a.txt", TEXT);
    folder.write(
        "dryport.toml",
        "[[rule]]\npath = \"*.txt\"\nregion = \"Shanxii\"\n[[rule]]\npath = \"*.txt\"\nkind = \"report\"\n",
    );
    folder.run(["index", "docs"]).assert_ok().assert_says("Shanxi");
    folder.search(["roads", "--kind", "report"]).assert_found(1);
}

#[test]
fn rules_that_cannot_be_used_are_listed_and_the_run_goes_on() {
    let folder = corpus();
    folder.write("a.txt", TEXT);
    folder.write("dryport.toml", "[[rule]]\npath = \"*.txt\"\nregion = \"Shanxii\"\n");
    let outcome = folder.run(["index", "docs"]);
    outcome.assert_ok();
    assert!(outcome.stderr.contains("dryport.toml") && outcome.stderr.contains("Shanxi"), "{}", outcome.stderr);
    folder.search(["roads"]).assert_found(1);
    folder.write("dryport.toml", "[[rule]]\npath = \"*.txt\"\nprovince = \"x\"\n");
    folder.run(["index", "docs"]).assert_ok().assert_says("`province` is not known");
}
