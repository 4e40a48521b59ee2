//! What replacing leaves, whenever and however it ends.

use super::*;
use crate::cli::replace::target::Target;
use std::time::Duration;

fn replacement(path: &Path, before: &str, after: &str) -> Replacement {
    let name = path.to_str().unwrap().to_string();
    Replacement { name, before: before.into(), after: after.into() }
}

fn names_in(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn a_file_that_has_changed_meanwhile_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let (one, two) = (folder.path().join("one"), folder.path().join("two"));
    fs::write(&one, "a").unwrap();
    for now in ["other", "b and more", ""] {
        fs::write(&two, now).unwrap();
        let failure = replace_all(&[replacement(&one, "a", "A"), replacement(&two, "b", "B")]).unwrap_err();
        assert!(failure.message.ends_with("two has changed since it was read"), "{}", failure.message);
        assert_eq!(
            (fs::read_to_string(&one).unwrap(), fs::read_to_string(&two).unwrap()),
            ("a".to_string(), now.to_string())
        );
    }
    assert_eq!(names_in(folder.path()), ["one", "two"]);
}

/// Programs that know nothing of the lock.
#[test]
fn a_change_of_another_program_in_between_is_seen() {
    let changes: [fn(&Path); 2] = [
        |path| fs::write(path, "B").unwrap(),
        |path| {
            fs::write(path.with_file_name("b"), "a").unwrap();
            fs::rename(path.with_file_name("b"), path).unwrap();
        },
    ];
    for change in changes {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("file");
        fs::write(&file, "a").unwrap();
        let failure = replace_step_by_step(&[replacement(&file, "a", "c")], &mut |progress| {
            if progress == Progress::Synced {
                change(&file);
            }
        });
        assert!(failure.unwrap_err().message.ends_with("has changed since it was read"));
        assert_ne!(fs::read_to_string(&file).unwrap(), "c");
        assert_eq!(names_in(folder.path()), ["file"]);
    }
}

#[test]
fn a_lock_of_another_program_is_waited_for() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("file");
    fs::write(&path, "a").unwrap();
    let other = File::open(&path).unwrap();
    other.lock().unwrap();
    let failure = Target::lock_within(path.to_str().unwrap(), Duration::from_millis(50)).unwrap_err();
    assert!(failure.message.ends_with("file: another program has locked it"), "{}", failure.message);
    let waiting = std::thread::spawn(move || replace_all(&[replacement(&path, "a", "b")]));
    std::thread::sleep(Duration::from_millis(100));
    assert!(!waiting.is_finished());
    drop(other);
    assert_eq!(waiting.join().unwrap().unwrap(), Vec::<String>::new());
    assert_eq!(names_in(folder.path()), ["file"]);
}

#[cfg(unix)]
#[test]
fn two_names_of_a_file_are_one_file() {
    let folder = tempfile::tempdir().unwrap();
    let (file, link) = (folder.path().join("file"), folder.path().join("link"));
    fs::write(&file, "a").unwrap();
    std::os::unix::fs::symlink("file", &link).unwrap();
    replace_all(&[replacement(&file, "a", "b"), replacement(&link, "a", "b")]).unwrap();
    assert_eq!(fs::read_to_string(&file).unwrap(), "b");
    let failure = replace_all(&[replacement(&file, "b", "c"), replacement(&link, "b", "d")]).unwrap_err();
    assert!(failure.message.ends_with("are the same file"), "{}", failure.message);
    assert_eq!(fs::read_to_string(&file).unwrap(), "b");
}

#[cfg(unix)]
#[test]
fn mode_and_symbolic_links_are_kept() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let (file, link) = (folder.path().join("real"), folder.path().join("link"));
    fs::write(&file, "a").unwrap();
    fs::set_permissions(&file, fs::Permissions::from_mode(0o640)).unwrap();
    std::os::unix::fs::symlink("real", &link).unwrap();
    replace_all(&[replacement(&link, "a", "b")]).unwrap();
    assert_eq!(fs::read_to_string(&file).unwrap(), "b");
    assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o640);
    assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
}

#[cfg(unix)]
#[test]
fn a_file_with_two_names_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    fs::write(&file, "a").unwrap();
    fs::hard_link(&file, folder.path().join("other")).unwrap();
    let failure = replace_all(&[replacement(&file, "a", "b")]).unwrap_err();
    assert!(failure.message.ends_with("it has more than one hard link"));
}

#[test]
fn when_a_later_file_cannot_be_replaced_those_before_it_are_named() {
    let folder = tempfile::tempdir().unwrap();
    let (one, other) = (folder.path().join("one"), folder.path().join("other"));
    fs::write(&one, "a").unwrap();
    fs::create_dir(&other).unwrap();
    fs::write(other.join("two"), "b").unwrap();
    let files = [replacement(&one, "a", "A"), replacement(&other.join("two"), "b", "B")];
    let failure = replace_step_by_step(&files, &mut |progress| {
        if progress == Progress::Renamed {
            fs::remove_dir_all(&other).unwrap();
        }
    });
    let failure = failure.unwrap_err();
    assert!(failure.message.starts_with("cannot replace "), "{}", failure.message);
    assert_eq!(failure.notes, [format!("already written: {}", files[0].name)]);
    assert_eq!(fs::read_to_string(&one).unwrap(), "A");
    assert_eq!(names_in(folder.path()), ["one"]);
}

#[test]
fn files_of_other_programs_are_not_taken_for_strays() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("p.yml");
    fs::write(&file, "a").unwrap();
    let others = [".p.yml.promcfg-123", ".promcfg-0123456789abcdef0123456789abcdef", ".promcfg-x", "p.yml~"];
    others.iter().for_each(|name| fs::write(folder.path().join(name), "").unwrap());
    replace_all(&[replacement(&file, "a", "b")]).unwrap();
    let mut expected: Vec<&str> = others.into_iter().chain(["p.yml"]).collect();
    expected.sort_unstable();
    assert_eq!(names_in(folder.path()), expected);
}

/// The steps of replacing two files.
#[cfg(target_os = "linux")]
mod ends {
    use super::*;
    use rustix::process::{Signal, getpid, kill_process, umask};
    use std::os::unix::fs::PermissionsExt;
    use std::os::unix::process::ExitStatusExt;
    use std::process::{Command, ExitStatus};

    /// Locked, four steps for each file, two renames, done.
    const STEPS: usize = 12;
    const FIRST_RENAME: usize = 9;
    const NAMES: [&str; 2] = ["a.yml", "b.yml"];

    fn text(generation: usize) -> String {
        format!("{generation}\n").repeat(20_000)
    }

    fn signal_of(name: &str) -> Signal {
        match name {
            "KILL" => Signal::KILL,
            "INT" => Signal::INT,
            "TERM" => Signal::TERM,
            "HUP" => Signal::HUP,
            other => panic!("{other}"),
        }
    }

    /// Not a test of its own: the process that a signal ends in the tests below.
    #[test]
    fn child_that_gets_a_signal() {
        let Ok(folder) = std::env::var("PROMCFG_TEST_FOLDER") else { return };
        let variable = |name: &str| std::env::var(name).unwrap();
        let at: usize = variable("PROMCFG_TEST_STEP").parse().unwrap();
        let generation: usize = variable("PROMCFG_TEST_GENERATION").parse().unwrap();
        let signal = signal_of(&variable("PROMCFG_TEST_SIGNAL"));
        let waits = variable("PROMCFG_TEST_WAITS") == "yes";
        umask(rustix::fs::Mode::empty());
        let (before, after) = (text(generation), text(generation + 1));
        let files = NAMES.map(|name| replacement(&Path::new(&folder).join(name), &before, &after));
        let mut step = 0;
        let wait = || std::thread::sleep(Duration::from_secs(20));
        let outcome = replace_step_by_step(&files, &mut |progress| {
            if step == at {
                kill_process(getpid(), signal).unwrap();
                // While files get their names, signals wait.
                if waits && progress != Progress::Renamed {
                    wait();
                }
            }
            step += 1;
        });
        outcome.unwrap();
        assert_eq!(step, STEPS);
        if waits {
            wait();
        }
    }

    /// Runs the child; whoever started the tests may have had signals ignored.
    fn child(folder: &Path, signal: &str, disposition: &str, step: usize, generation: usize) -> ExitStatus {
        let mut command = Command::new("env");
        command.arg(disposition).arg(std::env::current_exe().unwrap());
        command.args(["--exact", "cli::replace::tests::ends::child_that_gets_a_signal"]);
        let waits = if disposition.starts_with("--default") { "yes" } else { "no" };
        command.env("PROMCFG_TEST_FOLDER", folder).env("PROMCFG_TEST_SIGNAL", signal);
        command.env("PROMCFG_TEST_STEP", step.to_string()).env("PROMCFG_TEST_GENERATION", generation.to_string());
        command.env("PROMCFG_TEST_WAITS", waits).output().unwrap().status
    }

    fn folder_with(mode: u32) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for name in NAMES {
            let path = folder.path().join(name);
            fs::write(&path, text(0)).unwrap();
            fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
        }
        folder
    }

    fn texts(folder: &Path) -> [String; 2] {
        NAMES.map(|name| fs::read_to_string(folder.join(name)).unwrap())
    }

    #[test]
    fn whenever_it_is_killed_each_file_is_whole_and_the_next_run_cleans_up() {
        for mode in [0o600, 0o640] {
            for step in 0..STEPS {
                let folder = folder_with(mode);
                let status = child(folder.path(), "KILL", "--default-signal", step, 0);
                assert_eq!(status.signal(), Some(9), "step {step}");
                let renamed = (step + 1).saturating_sub(FIRST_RENAME).min(2);
                let expected: Vec<String> = (0..2).map(|file| text(usize::from(file < renamed))).collect();
                assert!(texts(folder.path()).as_slice() == expected.as_slice(), "step {step}");
                let mut strays = 0;
                for name in names_in(folder.path()) {
                    let now = fs::metadata(folder.path().join(&name)).unwrap().permissions().mode() & 0o7777;
                    // A new file has no more permissions than the old one, also before it has its content.
                    assert!(now == mode || now == 0o600, "step {step}: {name} has {now:o}");
                    strays += usize::from(!NAMES.contains(&name.as_str()));
                }
                let prepared = match step {
                    0 => 0,
                    1..=4 => 1,
                    _ => 2,
                };
                assert_eq!(strays, prepared - renamed, "step {step}");
                let now = texts(folder.path());
                let files: Vec<Replacement> =
                    (0..2).map(|file| replacement(&folder.path().join(NAMES[file]), &now[file], "end")).collect();
                replace_all(&files).unwrap();
                assert_eq!(names_in(folder.path()), NAMES, "step {step}");
            }
        }
    }

    #[test]
    fn a_signal_that_ends_it_leaves_no_new_file_and_all_or_none_replaced() {
        for signal in ["INT", "TERM", "HUP"] {
            let (folder, mut generation) = (folder_with(0o600), 0);
            for step in 0..STEPS {
                let status = child(folder.path(), signal, "--default-signal", step, generation);
                assert_eq!(status.signal(), Some(signal_of(signal).as_raw()), "{signal} in step {step}");
                generation += usize::from(step >= FIRST_RENAME);
                let now = text(generation);
                assert!(texts(folder.path()) == [now.clone(), now], "{signal} in step {step}");
                assert_eq!(names_in(folder.path()), NAMES, "{signal} in step {step}");
            }
        }
    }

    #[test]
    fn a_signal_that_is_ignored_stays_ignored() {
        let folder = folder_with(0o600);
        let status = child(folder.path(), "HUP", "--ignore-signal=HUP", 3, 0);
        assert!(status.success());
        assert!(texts(folder.path()) == [text(1), text(1)]);
    }
}
