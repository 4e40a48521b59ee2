//! The command-line tool. It uses the library's public names only.

fn main() -> std::process::ExitCode {
    std::process::ExitCode::SUCCESS
}
