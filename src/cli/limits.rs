//! Limits as options: one for each row of the library's table.

use clap::{Arg, ArgMatches, Command};
use dryport::source::{LIMITS, Limits, amount, parse_amount};

/// Limits that were given, by option.
#[derive(Clone, Debug, Default)]
pub struct LimitArgs(pub Vec<(String, u64)>);

impl LimitArgs {
    /// The defaults with what was given.
    pub fn limits(&self) -> Limits {
        let mut limits = Limits::default();
        for (option, value) in &self.0 {
            limits.set(option, *value);
        }
        limits
    }
}

impl clap::Args for LimitArgs {
    fn augment_args(command: Command) -> Command {
        let defaults = Limits::default();
        command.args(LIMITS.iter().map(|limit| {
            let name = match limit.unit {
                "bytes" => "SIZE",
                "seconds" => "SECONDS",
                _ => "N",
            };
            Arg::new(limit.option)
                .long(limit.option)
                .value_name(name)
                .help(format!("{} [default: {}]", limit.help, amount(defaults.get(limit), limit.unit)))
                .help_heading("Limits")
                .hide_short_help(true)
                .value_parser(|text: &str| {
                    parse_amount(text).ok_or("give a number above 0; sizes may have k, MB or GB".to_string())
                })
        }))
    }

    fn augment_args_for_update(command: Command) -> Command {
        LimitArgs::augment_args(command)
    }
}

impl clap::FromArgMatches for LimitArgs {
    fn from_arg_matches(matches: &ArgMatches) -> Result<LimitArgs, clap::Error> {
        let given = LIMITS.iter().filter_map(|l| Some((l.option.to_string(), *matches.get_one::<u64>(l.option)?)));
        Ok(LimitArgs(given.collect()))
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = LimitArgs::from_arg_matches(matches)?;
        Ok(())
    }
}
