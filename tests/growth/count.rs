//! Counts of the work of a case: instructions by valgrind, allocations in this process.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use promcfg::edit::{AddLabel, RemoveLabel, RenameLabel, Selection};
use promcfg::input::Input;
use promcfg::lint::lint_input;
use promcfg::simulate::SimulateOptions;
use promcfg::{Document, Options, Sources};

use crate::rows::Case;

/// The program under valgrind, without the facts for debuggers: valgrind would read them in each run.
pub(crate) struct Program {
    folder: tempfile::TempDir,
    path: PathBuf,
}

impl Program {
    /// `None` where valgrind is not installed.
    pub(crate) fn find() -> Option<Self> {
        let version = Command::new("valgrind").arg("--version").output();
        if !version.is_ok_and(|output| output.status.success()) {
            return None;
        }
        let built = std::env::var("GROWTH_PROGRAM").unwrap_or(env!("CARGO_BIN_EXE_promcfg").to_string());
        let folder = tempfile::tempdir().expect("a folder can be made");
        let path = folder.path().join("promcfg");
        fs::copy(built, &path).expect("the program can be copied");
        // Only slower where `strip` is not installed.
        let _ = Command::new("strip").arg(&path).stderr(Stdio::null()).status();
        Some(Self { folder, path })
    }

    /// How many instructions the program executes for a case.
    pub(crate) fn instructions(&self, case: &Case) -> Result<u64, String> {
        let folder = tempfile::tempdir_in(self.folder.path()).map_err(|error| error.to_string())?;
        for (name, text) in &case.files {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().unwrap_or(folder.path())).map_err(|error| error.to_string())?;
            fs::write(path, text).map_err(|error| error.to_string())?;
        }
        let log = folder.path().join("valgrind.log");
        let status = Command::new("valgrind")
            .args(["--tool=cachegrind", "--cache-sim=no", "--cachegrind-out-file=/dev/null"])
            .arg(format!("--log-file={}", log.display()))
            .arg(&self.path)
            .args(case.arguments())
            .current_dir(folder.path())
            .env("RAYON_NUM_THREADS", "1")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()
            .map_err(|error| error.to_string())?;
        if !status.code().is_some_and(|code| case.statuses.contains(&code)) {
            return Err(format!("the program ends with {status}"));
        }
        let log = fs::read_to_string(log).map_err(|error| error.to_string())?;
        let line = log.lines().find_map(|line| line.split_once("I   refs:")).ok_or("valgrind counts nothing")?;
        line.1.trim().replace(',', "").parse().map_err(|_| "valgrind's count is no number".to_string())
    }
}

/// How many bytes the library allocates for a case, in all; `None` for what only the program does.
pub(crate) fn allocated_bytes(case: &Case) -> Option<u64> {
    let run = within(case)?;
    Some(allocation_counter::measure(run).bytes_total)
}

/// The work of a case in the library.
fn within(case: &Case) -> Option<Box<dyn FnOnce() + '_>> {
    let (name, text) = case.files.first().filter(|_| case.files.len() == 1)?;
    let words: Vec<&str> = case.command.split(' ').collect();
    let options = Options::default();
    let selection = || Selection { all_jobs: true, ..Selection::default() };
    match words.as_slice() {
        ["lint", ..] => Some(Box::new(move || {
            let findings = lint_input(&mut Sources::new(), &Input::parse(name, text.as_str()), &options);
            assert!(findings.len() < usize::MAX);
        })),
        ["simulate", _] => Some(Box::new(move || {
            let mut sources = Sources::new();
            let file = sources.add(name, text.as_str());
            let (config, _) = promcfg::Config::read(&mut sources, file, &options);
            let simulation =
                promcfg::simulate(&config, &mut sources, &options, &SimulateOptions::default()).expect("is selected");
            assert!(simulation.jobs.len() <= config.scrape_configs.len());
        })),
        ["add-label", _, label, "--all-jobs", ..] => {
            let (name_of, value) = label.split_once('=')?;
            let request =
                AddLabel { name: name_of.into(), value: value.into(), selection: selection(), ..AddLabel::default() };
            Some(Box::new(move || {
                Document::new(name, text.as_str(), &options).add_label(&request).expect("can be added");
            }))
        }
        ["remove-label", _, label, "--all-jobs", ..] => {
            let request = RemoveLabel { name: (*label).into(), selection: selection(), ..RemoveLabel::default() };
            Some(Box::new(move || {
                Document::new(name, text.as_str(), &options).remove_label(&request).expect("can be removed");
            }))
        }
        ["rename-label", _, old, new, "--all-jobs", ..] => {
            let request = RenameLabel {
                old: (*old).into(),
                new: (*new).into(),
                selection: selection(),
                ..RenameLabel::default()
            };
            Some(Box::new(move || {
                Document::new(name, text.as_str(), &options).rename_label(&request).expect("can be renamed");
            }))
        }
        ["debug", "discovery", ..] => Some(Box::new(move || {
            let question = serde_json::from_str(text).expect("is JSON");
            promcfg::config::debug_discovery(&question, promcfg::Release::LATEST).expect("is a question");
        })),
        _ => None,
    }
}
