//! Runs of the built tool on a copy of a fixture.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// A folder with one config, named as its fixture.
pub(crate) struct Fixture {
    folder: tempfile::TempDir,
    name: String,
    pub(crate) before: String,
}

/// How a run ended.
pub(crate) struct Outcome {
    pub(crate) status: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Fixture {
    pub(crate) fn new(name: &str) -> Self {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/edits").join(format!("{name}.yml"));
        let text = fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        Self::of_text(&format!("{name}.yml"), &text)
    }

    pub(crate) fn of_text(name: &str, text: &str) -> Self {
        let folder = tempfile::tempdir().expect("a folder can be made");
        fs::write(folder.path().join(name), text).expect("the file can be written");
        Self { folder, name: name.to_string(), before: text.to_string() }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, text: &str) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().expect("has a folder")).expect("the folder can be made");
        fs::write(path, text).expect("the file can be written");
    }

    /// The config as it is now.
    pub(crate) fn text(&self) -> String {
        fs::read_to_string(self.path(&self.name)).expect("the file can be read")
    }

    pub(crate) fn has_changed(&self) -> bool {
        self.text() != self.before
    }

    /// Runs `promcfg COMMAND FIXTURE ARGUMENTS…`.
    pub(crate) fn run(&self, command: &str, arguments: &[&str]) -> Outcome {
        let words: Vec<&str> = [command, &self.name].into_iter().chain(arguments.iter().copied()).collect();
        self.run_words(&words, "")
    }

    pub(crate) fn run_words(&self, words: &[&str], input: &str) -> Outcome {
        let mut command = Command::new(assert_cmd::cargo::cargo_bin!("promcfg"));
        command.args(words).current_dir(self.folder.path()).env_clear().env("LC_ALL", "C.UTF-8");
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("the tool starts");
        let mut stdin = child.stdin.take().expect("stdin is a pipe");
        let _closed = std::io::Write::write_all(&mut stdin, input.as_bytes());
        drop(stdin);
        let output = child.wait_with_output().expect("the tool ends");
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("the output is text");
        let status = output.status.code().expect("it ends by itself");
        Outcome { status, stdout: text(output.stdout), stderr: text(output.stderr) }
    }
}

impl Outcome {
    /// Status and outputs, with what cannot be seen made visible.
    pub(crate) fn shown(&self) -> String {
        let (out, err) = (visible(&self.stdout), visible(&self.stderr));
        format!("status: {}\n--- stdout\n{out}--- stderr\n{err}", self.status)
    }
}

/// Tabs, carriage returns and byte order marks as signs that can be seen.
pub(crate) fn visible(text: &str) -> String {
    text.replace('\t', "→").replace('\r', "␍").replace('\u{feff}', "‹BOM›")
}
