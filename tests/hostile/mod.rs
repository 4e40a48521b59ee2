//! Attacks with text from outside: hostile names and values in every place that they can come from, names that are not
//! UTF-8, and texts without end. Whatever the command and the format, nothing that a terminal, a forge or a log obeys
//! comes through, and all that is printed is short.

mod bounds;
mod names;
mod objects;
mod places;

use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

/// The formats of `lint`.
const LINT_FORMATS: [&str; 7] = ["human", "concise", "json", "sarif", "github", "gitlab", "junit"];

/// The program that is attacked: the one that was built, or the one that the environment names.
fn program() -> OsString {
    std::env::var_os("PROMCFG_PROGRAM").unwrap_or_else(|| env!("CARGO_BIN_EXE_promcfg").into())
}

/// A folder with files, whose names need not be UTF-8.
struct Folder(TempDir);

impl Folder {
    fn new() -> Self {
        Self(tempfile::tempdir().expect("a folder can be made"))
    }

    fn with(self, name: impl AsRef<[u8]>, text: impl AsRef<[u8]>) -> Self {
        let path = self.path().join(OsStr::from_bytes(name.as_ref()));
        std::fs::create_dir_all(path.parent().expect("is in the folder")).expect("can be made");
        std::fs::write(path, text).expect("can be written");
        self
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn read(&self, name: impl AsRef<[u8]>) -> String {
        std::fs::read_to_string(self.path().join(OsStr::from_bytes(name.as_ref()))).expect("can be read")
    }

    /// Runs the program in the folder, with this input.
    fn run_with(&self, arguments: &[&[u8]], input: &[u8]) -> Output {
        let mut child = Command::new(program())
            .args(arguments.iter().map(|argument| OsStr::from_bytes(argument)))
            .current_dir(self.path())
            .env_remove("NO_COLOR")
            .env("LC_ALL", "C.UTF-8")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts");
        // It may end without reading.
        let _ended = std::io::Write::write_all(&mut child.stdin.take().expect("has an input"), input);
        child.wait_with_output().expect("the program ends")
    }

    fn run(&self, arguments: &[&[u8]]) -> Output {
        self.run_with(arguments, b"")
    }
}

fn words(output: &Output) -> (String, String) {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).expect("is UTF-8");
    (text(&output.stdout), text(&output.stderr))
}
