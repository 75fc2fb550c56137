//! `dryport completions` and `dryport man`: from the same table of flags as the help.

use super::{Cli, Console, Exit};
use clap::CommandFactory;
use dryport::error::Result;

/// Write completions for a shell
#[derive(clap::Args)]
#[command(after_help = "Example: dryport completions bash > ~/.local/share/bash-completion/completions/dryport")]
pub struct CompletionArgs {
    /// The shell
    #[arg(value_name = "SHELL")]
    shell: clap_complete::Shell,
}

/// Write the manual page
#[derive(clap::Args)]
#[command(after_help = "Example: dryport man | man -l -")]
pub struct ManArgs {}

pub fn completions(args: CompletionArgs, console: &mut Console) -> Result<Exit> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "dryport", &mut script);
    console.out().write_all(&script)?;
    console.out().flush()?;
    Ok(Exit::Found)
}

pub fn man(_: ManArgs, console: &mut Console) -> Result<Exit> {
    let mut page = Vec::new();
    let mut command = Cli::command();
    command.build();
    clap_mangen::Man::new(command.clone()).render(&mut page)?;
    // One page for all: each command's options follow the general part.
    for sub in command.get_subcommands() {
        let man = clap_mangen::Man::new(sub.clone());
        man.render_name_section(&mut page)?;
        man.render_synopsis_section(&mut page)?;
        man.render_description_section(&mut page)?;
        man.render_options_section(&mut page)?;
        man.render_extra_section(&mut page)?;
    }
    console.out().write_all(&page)?;
    console.out().flush()?;
    Ok(Exit::Found)
}
