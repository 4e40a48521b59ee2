//! The command-line tool. It uses the library's public names only.

mod cli;

fn main() -> std::process::ExitCode {
    cli::main()
}
