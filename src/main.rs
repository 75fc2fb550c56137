//! The command line program. Everything it does is in the library; this is its door.

mod cli;

/// Reading documents makes and drops small pieces by the million: this allocator takes half the time of most systems' own.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    cli::main()
}
