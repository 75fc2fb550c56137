//! What the owner of a folder says of a file, checked against the vocabularies, and a number that
//! changes when it does.

use crate::error::Problem;
use crate::model::{Date, Kind, Year};
use crate::source::{Rule, Rules};
use crate::vocab::Gazetteer;
use std::collections::HashMap;
use std::path::Path;

/// Files that are tables: what the user says of their columns concerns them only.
const TABLES: &[&str] = &["csv", "tsv", "tab", "psv", "json", "jsonl", "ndjson", "zip", "gz"];

/// What is said of files, in the order of a walk.
pub struct Sayings<'a> {
    rules: Rules,
    map: &'a [(String, String)],
    gazetteer: &'a Gazetteer,
    /// Rules that were looked at: the file each stands in, and what is wrong with it.
    checked: HashMap<u64, (String, Option<String>)>,
}

impl<'a> Sayings<'a> {
    /// Nothing looked at yet; `map` names columns of tables.
    pub fn new(map: &'a [(String, String)], gazetteer: &'a Gazetteer) -> Sayings<'a> {
        Sayings { rules: Rules::default(), map, gazetteer, checked: HashMap::new() }
    }

    /// The rules that may hold for a file, and the number of all that is said of it; 0 for nothing.
    pub fn of(&mut self, file: &Path) -> (Vec<Rule>, u64) {
        let mut rules = self.rules.of(file);
        let gazetteer = self.gazetteer;
        rules.retain(|rule| {
            let (_, wrong) = self.checked.entry(super::number(rule)).or_insert_with(|| {
                let wrong = wrong_with(rule, gazetteer).map(|w| format!("a rule for `{}` is not used: {w}", rule.path));
                (rule.file.clone(), wrong)
            });
            wrong.is_none()
        });
        let is_table = |e: &std::ffi::OsStr| TABLES.contains(&&*e.to_string_lossy().to_lowercase());
        let mapped = !self.map.is_empty() && file.extension().is_some_and(is_table);
        let map = if mapped { self.map } else { &[] };
        if rules.is_empty() && map.is_empty() {
            return (rules, 0);
        }
        let said = super::number(&(&rules, map));
        (rules, said)
    }

    /// Rules that cannot be used: their files, and why.
    pub fn problems(self) -> Vec<(String, Problem)> {
        let wrong = self.checked.into_values().filter_map(|(file, wrong)| Some((file, Problem::Content(wrong?))));
        let mut out = self.rules.problems;
        out.extend(wrong);
        out.sort_by(|a, b| a.0.cmp(&b.0));
        out.dedup();
        out
    }
}

/// What is wrong with the values of a rule.
fn wrong_with(rule: &Rule, gazetteer: &Gazetteer) -> Option<String> {
    let given = &rule.given;
    if let Some(region) = &given.region
        && let Err(error) = gazetteer.find(&region.value)
    {
        return Some(format!("{error}{}", error.hint().map(|h| format!("; {h}")).unwrap_or_default()));
    }
    if let Some(kind) = &given.kind
        && Kind::named(&kind.value).is_none()
    {
        return Some(format!("the kind `{}` is none of report, news, policy, other", kind.value));
    }
    if let Some(year) = &given.year
        && year.value.parse().ok().and_then(Year::new).is_none()
    {
        return Some(format!("`{}` is no year between {} and {}", year.value, Year::FIRST, Year::LAST));
    }
    if let Some(date) = &given.date
        && Date::parse_iso(date.value.get(..10).unwrap_or(&date.value)).is_none()
    {
        return Some(format!("`{}` is no date such as 2020-06-05", date.value));
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_has_a_number_and_what_is_wrong_a_reason() {
        let folder = tempfile::tempdir().unwrap();
        let write = |text: &str| std::fs::write(folder.path().join("dryport.toml"), text).unwrap();
        let file = folder.path().join("a.txt");
        std::fs::write(&file, "x").unwrap();
        assert_eq!(Sayings::new(&[], Gazetteer::get()).of(&file), (Vec::new(), 0));
        write("[[rule]]\npath = \"*.txt\"\nregion = \"Xinjiang\"\n");
        let (rules, first) = Sayings::new(&[], Gazetteer::get()).of(&file);
        assert_eq!(rules.len(), 1);
        write("[[rule]]\npath = \"*.txt\"\nregion = \"Gansu\"\n");
        assert_ne!(Sayings::new(&[], Gazetteer::get()).of(&file).1, first);
        write("[[rule]]\npath = \"*.txt\"\nregion = \"Shanxii\"\n");
        let mut sayings = Sayings::new(&[], Gazetteer::get());
        assert_eq!(sayings.of(&file).1, 0);
        let problem = sayings.problems().remove(0).1.to_string();
        assert!(problem.contains("unknown region `Shanxii`") && problem.contains("Shanxi"), "{problem}");
    }

    #[test]
    fn names_of_columns_concern_tables_only() {
        let map = [("text".to_string(), "story".to_string())];
        let mut sayings = Sayings::new(&map, Gazetteer::get());
        assert_eq!(sayings.of(Path::new("/none/a.html")).1, 0);
        assert_ne!(sayings.of(Path::new("/none/a.csv")).1, 0);
    }
}
