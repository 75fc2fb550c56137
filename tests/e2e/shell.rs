//! What a shell is told: help, version, completions, the manual page.

use crate::support::corpus;

const COMMANDS: [&str; 10] =
    ["index", "search", "show", "inspect", "status", "forget", "regions", "topics", "completions", "man"];

#[test]
fn help_lists_every_command_and_leads_with_examples() {
    let folder = corpus();
    let help = folder.run(["--help"]);
    help.assert_ok().assert_shows("Examples:").assert_shows("Exit codes: 0 found, 1 nothing found, 2 error.");
    for command in COMMANDS {
        help.assert_shows(&format!("\n  {command} "));
    }
}

#[test]
fn every_command_explains_itself() {
    let folder = corpus();
    for command in COMMANDS {
        folder
            .run([command, "--help"])
            .assert_ok()
            .assert_shows(&format!("Usage: dryport {command}"))
            .assert_shows("--index");
    }
}

#[test]
fn the_version_is_the_packages() {
    corpus().run(["--version"]).assert_ok().assert_shows(&format!("dryport {}", env!("CARGO_PKG_VERSION")));
}

#[test]
fn completions_know_the_commands_and_the_filters_in_every_shell() {
    let folder = corpus();
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let script = folder.run(["completions", shell]);
        script.assert_ok();
        for word in ["search", "forget", "not-region", "per-doc"] {
            script.assert_shows(word);
        }
    }
    folder.run(["completions", "tcsh"]).assert_code(2);
}

#[test]
fn the_manual_page_has_every_command_and_option() {
    let folder = corpus();
    let page = folder.run(["man"]);
    page.assert_ok().assert_shows(".TH dryport");
    for word in ["dryport\\-search", "\\-\\-region", "\\-\\-rebuild"] {
        page.assert_shows(word);
    }
}

#[test]
fn without_a_command_the_help_is_an_error() {
    let nothing = corpus();
    let outcome = nothing.run(Vec::<String>::new());
    outcome.assert_code(2).assert_says("Usage: dryport");
    assert_eq!(outcome.stdout, "");
}
