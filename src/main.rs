//! The command line program. Everything it does is in the library; this is its door.

mod cli;

fn main() -> std::process::ExitCode {
    cli::main()
}
