//! What the owner of a folder says of its documents: rules in `dryport.toml`, and a file
//! `NAME.ext.toml` beside `NAME.ext`. They win over everything else.

use super::{FIELDS, Given, key_of};
use crate::error::Problem;
use crate::model::Origin;
use globset::{GlobBuilder, GlobMatcher};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::path::{Path, PathBuf};

/// The file of a folder that holds its rules.
pub const RULES_FILE: &str = "dryport.toml";
/// Files of a folder that add places, topics and terms to the vocabularies: no documents either.
pub const ADDITION_FILES: [&str; 3] = ["places.toml", "topics.toml", "glossary.tsv"];
/// A file of rules is no longer than this, in bytes.
const RULES_BYTES_MAX: u64 = 1_000_000;

/// What one rule gives, and to which documents.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Rule {
    /// Glob over the path from the rule's folder: `xinjiang/**`, `*.pdf`, `all.zip!/2021/**`.
    pub path: String,
    /// The folder that the path is counted from, as text.
    pub folder: String,
    /// The file that it stands in, as text.
    pub file: String,
    /// What it gives.
    pub given: Given,
}

impl Rule {
    /// A matcher of paths below the rule's folder.
    /// Fails when the glob is malformed.
    fn matcher(&self) -> Result<GlobMatcher, globset::Error> {
        Ok(GlobBuilder::new(&self.path).literal_separator(true).build()?.compile_matcher())
    }

    /// Whether it speaks of members of containers.
    fn is_of_members(&self) -> bool {
        self.path.contains("!/")
    }
}

/// What rules give a document: of several the later wins, field by field.
pub fn given(rules: &[Rule], key: &str) -> Given {
    rules.iter().rev().fold(Given::default(), |all, rule| {
        let inside = key.strip_prefix(rule.folder.as_str()).map(|p| p.trim_start_matches('/'));
        let Some((path, matcher)) = inside.zip(rule.matcher().ok()) else { return all };
        if matcher.is_match(path) {
            return all.or(rule.given.clone());
        }
        // What is said of a container is said of all that it holds, but for what names a single document.
        let container = path.split_once("!/").is_some_and(|(file, _)| matcher.is_match(file));
        if container { all.or(Given { title: None, url: None, ..rule.given.clone() }) } else { all }
    })
}

/// The rules of folders, each file read once.
#[derive(Default)]
pub struct Rules {
    folders: HashMap<PathBuf, Vec<(Rule, GlobMatcher)>>,
    /// The folder of the file asked for last, and those around it that were asked for: a walk comes back to them.
    here: Vec<Here>,
    /// Files of rules that cannot be used, and why.
    pub problems: Vec<(String, Problem)>,
}

/// A folder whose files are asked for.
struct Here {
    folder: PathBuf,
    /// Rules of it or of one around it.
    any: bool,
    /// Some file in it may say something of the one beside it.
    has_beside: bool,
}

impl Rules {
    /// The rules that may hold for a file, outermost folder first, its own last.
    pub fn of(&mut self, file: &Path) -> Vec<Rule> {
        let Some(parent) = file.parent() else { return Vec::new() };
        // Mostly the folder of the last file: told by its bytes, not part by part.
        if self.here.last().is_none_or(|here| here.folder.as_os_str() != parent.as_os_str()) {
            while self.here.last().is_some_and(|here| !parent.starts_with(&here.folder)) {
                self.here.pop();
            }
            if self.here.last().is_none_or(|here| here.folder != parent) {
                self.enter(parent);
            }
        }
        let (any, has_beside) = self.here.last().map_or((true, true), |here| (here.any, here.has_beside));
        if !any && !has_beside {
            return Vec::new();
        }
        let key = key_of(file);
        let mut out = Vec::new();
        let folders: Vec<&Path> = parent.ancestors().collect();
        for folder in folders.into_iter().rev() {
            let rules = self.folders.get(folder).into_iter().flatten();
            let inside = |rule: &Rule| key.strip_prefix(rule.folder.as_str()).map(|p| p.trim_start_matches('/'));
            let holds = |(rule, matcher): &&(Rule, GlobMatcher)| {
                rule.is_of_members() || inside(rule).is_some_and(|path| matcher.is_match(path))
            };
            out.extend(rules.filter(holds).map(|(rule, _)| rule.clone()));
        }
        if has_beside {
            out.extend(self.beside(file, &key));
        }
        out
    }

    /// Reads the rules that hold in a folder, and which of its files may be rules of the one beside them.
    fn enter(&mut self, folder: &Path) {
        let mut any = false;
        for folder in folder.ancestors() {
            if !self.folders.contains_key(folder) {
                let rules = self.load(&folder.join(RULES_FILE));
                self.folders.insert(folder.to_path_buf(), rules);
            }
            any |= self.folders.get(folder).is_some_and(|rules| !rules.is_empty());
        }
        // One listing instead of a look for each file. What cannot be listed may be there.
        let may_say = |entry: std::io::Result<std::fs::DirEntry>| {
            entry.map_or(true, |entry| {
                let name = entry.file_name().to_string_lossy().to_lowercase();
                name.ends_with(".toml") && name != RULES_FILE && !ADDITION_FILES.contains(&name.as_str())
            })
        };
        let has_beside = std::fs::read_dir(folder).map_or(true, |mut entries| entries.any(may_say));
        self.here.push(Here { folder: folder.to_path_buf(), any, has_beside });
    }

    /// The rule of the file beside a file.
    fn beside(&mut self, file: &Path, key: &str) -> Option<Rule> {
        let mut name = file.file_name()?.to_os_string();
        name.push(".toml");
        let path = file.with_file_name(name);
        let text = self.read(&path)?;
        let place = "the file beside it";
        match text.parse::<toml::Table>().map_err(|e| e.message().to_string()).and_then(|t| fields(t, place)) {
            Ok(given) => {
                let folder = key_of(file.parent()?);
                let name = key.strip_prefix(folder.as_str())?.trim_start_matches('/');
                Some(Rule { path: globset::escape(name), folder, file: key_of(&path), given })
            }
            Err(reason) => {
                self.problems.push((key_of(&path), unused(&reason)));
                None
            }
        }
    }

    fn load(&mut self, path: &Path) -> Vec<(Rule, GlobMatcher)> {
        let Some(text) = self.read(path) else { return Vec::new() };
        let folder = path.parent().map(key_of).unwrap_or_default();
        match rules(&text, &folder) {
            Ok(rules) => rules,
            Err(reason) => {
                self.problems.push((key_of(path), unused(&reason)));
                Vec::new()
            }
        }
    }

    fn read(&mut self, path: &Path) -> Option<String> {
        let metadata = std::fs::metadata(path).ok().filter(std::fs::Metadata::is_file)?;
        if metadata.len() > RULES_BYTES_MAX {
            self.problems.push((key_of(path), unused("it is too long")));
            return None;
        }
        match std::fs::read_to_string(path) {
            Ok(text) => Some(text),
            Err(error) => {
                self.problems.push((key_of(path), unused(&super::reason(&error))));
                None
            }
        }
    }
}

/// Whether a file holds rules for others, or places, topics and terms, and is no document.
pub fn is_of_rules(path: &Path) -> bool {
    let Some(name) = path.file_name().and_then(|n| n.to_str()) else { return false };
    let beside = || name.strip_suffix(".toml").is_some_and(|other| path.with_file_name(other).is_file());
    name == RULES_FILE || ADDITION_FILES.contains(&name) || beside()
}

fn unused(reason: &str) -> Problem {
    Problem::Content(format!("its rules are not used: {}", reason.replace('\n', " ")))
}

fn rules(text: &str, folder: &str) -> Result<Vec<(Rule, GlobMatcher)>, String> {
    let table = text.parse::<toml::Table>().map_err(|e| {
        let line = e.span().map_or(0, |s| text[..s.start.min(text.len())].lines().count().max(1));
        format!("line {line}: {}", e.message())
    })?;
    let mut out = Vec::new();
    for (key, value) in table {
        let toml::Value::Array(list) = value else { return Err(format!("`{key}` is not known; rules are `[[rule]]`")) };
        if key != "rule" {
            return Err(format!("`{key}` is not known; rules are `[[rule]]`"));
        }
        for (at, rule) in list.into_iter().enumerate() {
            let toml::Value::Table(mut rule) = rule else { return Err("a rule is no table".into()) };
            let Some(toml::Value::String(path)) = rule.remove("path") else {
                return Err(format!("rule {} has no `path`, such as `path = \"xinjiang/**\"`", at + 1));
            };
            let given = fields(rule, RULES_FILE).map_err(|e| format!("rule {}: {e}", at + 1))?;
            let file = format!("{}/{RULES_FILE}", folder.trim_end_matches('/'));
            let rule =
                Rule { path: path.trim_start_matches("./").to_string(), folder: folder.to_string(), file, given };
            let matcher =
                rule.matcher().map_err(|e| format!("rule {}: the path `{path}` is no glob: {}", at + 1, e.kind()))?;
            out.push((rule, matcher));
        }
    }
    Ok(out)
}

fn fields(table: toml::Table, place: &str) -> Result<Given, String> {
    let mut given = Given::default();
    for (key, value) in table {
        let text = match value {
            toml::Value::String(text) => text,
            toml::Value::Integer(_) | toml::Value::Datetime(_) => value.to_string(),
            _ => return Err(format!("`{key}` has to be a text, a number or a date")),
        };
        if !FIELDS.contains(&key.as_str()) {
            return Err(format!("`{key}` is not known; there are {}", FIELDS.join(", ")));
        }
        given.set(&key, &text, Origin::Override, place);
    }
    Ok(given)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_folder_has_its_own_rules_in_whatever_order_it_is_asked_for() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        for (name, year) in [("a", 2019), ("ab", 2020)] {
            std::fs::create_dir(root.join(name)).unwrap();
            let rule = format!("[[rule]]\npath = \"*\"\nyear = {year}\n");
            std::fs::write(root.join(name).join(RULES_FILE), rule).unwrap();
        }
        let mut all = Rules::default();
        let mut year = |file: &str| {
            let file = root.join(file);
            given(&all.of(&file), &key_of(&file)).year.map(|found| found.value)
        };
        for _ in 0..2 {
            assert_eq!(year("a/1.txt").as_deref(), Some("2019"));
            assert_eq!(year("a/2.txt").as_deref(), Some("2019"));
            assert_eq!(year("ab/1.txt").as_deref(), Some("2020"));
            assert_eq!(year("1.txt"), None);
        }
    }

    #[test]
    fn the_nearest_and_the_later_rule_wins_field_by_field() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        std::fs::create_dir_all(root.join("xinjiang/old")).unwrap();
        std::fs::write(
            root.join(RULES_FILE),
            "[[rule]]\npath = \"xinjiang/**\"\nregion = \"Xinjiang\"\nyear = 2021\n[[rule]]\npath = \"**/*.txt\"\nkind = \"news\"\n",
        )
        .unwrap();
        std::fs::write(root.join("xinjiang/old").join(RULES_FILE), "[[rule]]\npath = \"*\"\nyear = 2019\n").unwrap();
        let file = root.join("xinjiang/old/a.txt");
        std::fs::write(&file, "x").unwrap();
        std::fs::write(root.join("xinjiang/old/a.txt.toml"), "kind = \"report\"\ndate = 2019-01-05\n").unwrap();
        let mut all = Rules::default();
        let rules = all.of(&file);
        let found = given(&rules, &key_of(&file));
        let value = |f: &Option<crate::model::Found<String>>| f.as_ref().map(|f| f.value.clone());
        assert_eq!(value(&found.region).as_deref(), Some("Xinjiang"));
        assert_eq!(value(&found.year).as_deref(), Some("2019"));
        assert_eq!(value(&found.kind).as_deref(), Some("report"));
        assert_eq!(value(&found.date).as_deref(), Some("2019-01-05"));
        assert!(is_of_rules(&root.join("xinjiang/old/a.txt.toml")) && is_of_rules(&root.join(RULES_FILE)));
        assert!(is_of_rules(&root.join("xinjiang/glossary.tsv")) && !is_of_rules(&root.join("glossary.csv")));
        assert!(!is_of_rules(&file));
        assert!(all.of(&root.join("b.html")).is_empty());
        assert!(all.problems.is_empty());
    }

    #[test]
    fn rules_that_cannot_be_understood_say_where() {
        for (text, expected) in [
            ("[[rule]]\nregion = \"Xinjiang\"\n", "rule 1 has no `path`"),
            ("[[rule]]\npath = \"a\"\nprovince = \"x\"\n", "`province` is not known"),
            ("[[rules]]\npath = \"a\"\n", "`rules` is not known"),
            ("[[rule]]\npath = \"a[\"\n", "is no glob"),
            ("a = \n", "line 1"),
        ] {
            let error = rules(text, "/d").unwrap_err();
            assert!(error.contains(expected), "{text}: {error}");
        }
    }

    #[test]
    fn members_of_a_container_are_named_after_it() {
        let text = "[[rule]]\npath = \"all.zip!/2021/**\"\nyear = 2021\n[[rule]]\npath = \"*.csv\"\nkind = \"news\"\n";
        let rules: Vec<Rule> = rules(text, "/d").unwrap().into_iter().map(|(rule, _)| rule).collect();
        assert_eq!(given(&rules, "/d/t.csv!/7").kind.unwrap().value, "news");
        assert!(!given(&rules, "/d/all.zip!/2021/a/b.html").is_empty());
        assert!(given(&rules, "/d/all.zip!/2020/a.html").is_empty());
    }
}
