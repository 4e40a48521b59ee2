//! What an edit writes, where, and when it does not.

use std::fs;

use super::run::Fixture;

const ARGUMENTS: [&str; 3] = ["env=prod", "--job", "node"];
const DONE: &str = "2 targets gain env=\"prod\"; nothing else changes\n";

fn node() -> Fixture {
    Fixture::new("indented-list")
}

fn with(arguments: &[&'static str]) -> Vec<&'static str> {
    [&ARGUMENTS[..], arguments].concat()
}

#[test]
fn a_dry_run_shows_the_same_and_writes_nothing() {
    let (fixture, other) = (node(), node());
    let outcome = fixture.run("add-label", &with(&["--dry-run"]));
    assert!(!fixture.has_changed());
    assert_eq!((outcome.status, outcome.stdout), (0, other.run("add-label", &ARGUMENTS).stdout));
}

#[test]
fn check_lists_the_files_that_would_change_and_nothing_else() {
    let fixture = node();
    let outcome = fixture.run("add-label", &with(&["--check"]));
    assert_eq!((outcome.status, fixture.has_changed()), (1, false));
    assert_eq!((outcome.stdout.as_str(), outcome.stderr.as_str()), ("indented-list.yml\n", ""));
    fixture.run("add-label", &ARGUMENTS);
    let outcome = fixture.run("add-label", &with(&["--check"]));
    assert_eq!((outcome.status, outcome.stdout.as_str(), outcome.stderr.as_str()), (0, "", ""));
    let all = with_included_files().run("add-label", &["1x=y", "--all-jobs", "--check"]);
    assert_eq!((all.status, all.stdout.as_str(), all.stderr.as_str()), (1, "main.yml\njobs/a.yml\njobs/b.yml\n", ""));
}

#[test]
fn nothing_to_do_is_said() {
    let fixture = node();
    fixture.run("add-label", &ARGUMENTS);
    let outcome = fixture.run("add-label", &ARGUMENTS);
    assert_eq!(outcome.stdout, "nothing to do: the selected targets already have env=\"prod\" (job node)\n");
}

#[test]
fn stdout_has_the_new_text_alone() {
    let (fixture, other) = (node(), node());
    other.run("add-label", &ARGUMENTS);
    let outcome = fixture.run("add-label", &with(&["--stdout"]));
    assert_eq!((outcome.status, outcome.stdout), (0, other.text()));
    assert!(outcome.stderr.ends_with(DONE), "{}", outcome.stderr);
    assert!(!fixture.has_changed());
}

#[test]
fn a_dash_reads_standard_input_and_writes_standard_output() {
    let (fixture, other) = (node(), node());
    other.run("add-label", &ARGUMENTS);
    let words = ["add-label", "-", "env=prod", "--job", "node"];
    let outcome = fixture.run_words(&words, &fixture.before);
    assert_eq!((outcome.status, outcome.stdout), (0, other.text()));
    let again = fixture.run_words(&words, &other.text());
    assert_eq!((again.status, again.stdout), (0, other.text()), "a text with nothing to do goes through");
}

#[test]
fn quiet_writes_and_prints_neither_diff_nor_effect() {
    let fixture = node();
    let outcome = fixture.run("add-label", &with(&["--quiet", "--dry-run"]));
    assert_eq!((outcome.status, fixture.has_changed(), outcome.stdout.as_str()), (0, false, ""));
    let outcome = fixture.run("add-label", &with(&["--quiet"]));
    assert_eq!((outcome.status, fixture.has_changed(), outcome.stdout.as_str()), (0, true, ""));
}

/// A config whose jobs stand in other files.
fn with_included_files() -> Fixture {
    let main = "global: {scrape_interval: 30s}\nscrape_config_files: ['jobs/*.yml']\nscrape_configs:\n  - job_name: own\n    static_configs:\n      - targets: ['10.0.0.9:80']\n";
    let fixture = Fixture::of_text("main.yml", main);
    let job = |name: &str, number: u8| {
        format!("scrape_configs:\n- job_name: {name}\n  static_configs:\n  - targets: ['10.0.0.{number}:9100']\n")
    };
    fixture.write("jobs/a.yml", &job("a", 1));
    fixture.write("jobs/b.yml", &job("b", 2));
    fixture
}

#[test]
fn a_job_of_an_included_file_is_edited_in_that_file() {
    let fixture = with_included_files();
    let outcome = fixture.run("add-label", &["env=prod", "--job", "b"]);
    insta::assert_snapshot!(outcome.shown());
    let text = |name: &str| fs::read_to_string(fixture.path(name)).unwrap();
    assert!(!fixture.has_changed() && !text("jobs/a.yml").contains("env"));
    assert!(text("jobs/b.yml").ends_with("    labels:\n      env: prod\n"), "{}", text("jobs/b.yml"));
}

#[test]
fn all_jobs_are_those_of_included_files_too() {
    let fixture = with_included_files();
    insta::assert_snapshot!(fixture.run("add-label", &["env=prod", "--all-jobs"]).shown());
    let again = fixture.run("add-label", &["env=prod", "--all-jobs", "--check"]);
    assert_eq!((again.status, again.stdout.as_str()), (0, ""));
}

#[test]
fn a_refusal_in_one_file_leaves_all_files_as_they_are() {
    let fixture = with_included_files();
    fixture.write(
        "jobs/b.yml",
        "scrape_configs:\n- job_name: b\n  static_configs:\n  - targets: ['10.0.0.2:9100']\n    labels: {env: test}\n",
    );
    let outcome = fixture.run("add-label", &["env=prod", "--all-jobs"]);
    assert_eq!(outcome.status, 1);
    assert!(outcome.stderr.contains("jobs/b.yml:5:14"), "{}", outcome.stderr);
    assert!(!fixture.has_changed() && !fs::read_to_string(fixture.path("jobs/a.yml")).unwrap().contains("env"));
}

#[test]
fn what_several_files_become_does_not_go_to_stdout() {
    let fixture = with_included_files();
    let outcome = fixture.run("add-label", &["env=prod", "--all-jobs", "--stdout"]);
    assert_eq!((outcome.status, outcome.stdout.as_str()), (2, ""));
    assert_eq!(
        outcome.stderr,
        "error: --stdout needs a change of one file, but the change affects main.yml, jobs/a.yml, jobs/b.yml\n  help: run the command without --stdout, or show the changes with --dry-run\n"
    );
}

#[test]
fn a_config_that_is_missing_empty_a_folder_or_no_config_is_told() {
    let shown = |name: &str, text: Option<&str>| {
        let fixture = Fixture::of_text("other", "");
        match text {
            Some(text) => fixture.write(name, text),
            None if name == "folder" => fs::create_dir(fixture.path(name)).unwrap(),
            None => {}
        }
        fixture.run_words(&["add-label", name, "env=prod", "--all-jobs"], "").shown()
    };
    let texts = [
        ("missing.yml", None),
        ("folder", None),
        ("empty.yml", Some("")),
        ("list.yml", Some("- a\n- b\n")),
        ("jobless.yml", Some("global: {}\n")),
        ("rules.yml", Some("groups: []\n")),
        ("bad.yml", Some("scrape_configs: [\n")),
    ];
    let all: Vec<String> = texts.iter().map(|(name, text)| format!("## {name}\n{}", shown(name, *text))).collect();
    insta::assert_snapshot!(all.join("\n"));
}

#[test]
fn a_text_that_is_not_utf_8_is_not_edited() {
    let fixture = node();
    let utf16: Vec<u8> = "\u{feff}scrape_configs: []\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
    fs::write(fixture.path("utf16.yml"), &utf16).unwrap();
    fs::write(fixture.path("latin1.yml"), b"scrape_configs: [] # caf\xe9\n").unwrap();
    let shown = ["utf16.yml", "latin1.yml"]
        .map(|name| fixture.run_words(&["add-label", name, "a=b", "--all-jobs"], "").shown());
    assert_eq!(fs::read(fixture.path("utf16.yml")).unwrap(), utf16);
    insta::assert_snapshot!(shown.join("\n"));
}

#[cfg(unix)]
mod unix {
    use super::*;
    use std::os::unix::fs::{MetadataExt, PermissionsExt};
    use std::os::unix::process::CommandExt;
    use std::process::Command;

    fn names_in(folder: &std::path::Path) -> Vec<String> {
        let entries = fs::read_dir(folder).unwrap();
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
    }

    /// Whether the tests run as one who may do all.
    fn is_root() -> bool {
        fs::metadata(tempfile::tempdir().unwrap().path()).unwrap().uid() == 0
    }

    /// Runs the tool in a shell; as an ordinary user in any case.
    fn shell(fixture: &Fixture, script: &str) -> (i32, String) {
        let folder = fixture.path("");
        let mut command = Command::new("sh");
        command.args(["-c", script]).current_dir(&folder).env("PROMCFG", assert_cmd::cargo::cargo_bin!("promcfg"));
        if is_root() {
            command.uid(65534).gid(65534);
        }
        let output = command.output().unwrap();
        (output.status.code().unwrap_or(-1), String::from_utf8(output.stderr).unwrap())
    }

    fn set_mode(fixture: &Fixture, name: &str, mode: u32) {
        fs::set_permissions(fixture.path(name), fs::Permissions::from_mode(mode)).unwrap();
    }

    /// Gives a folder and its file to the user that `shell` runs as.
    fn give(fixture: &Fixture, names: &[&str]) {
        if is_root() {
            names
                .iter()
                .for_each(|name| std::os::unix::fs::chown(fixture.path(name), Some(65534), Some(65534)).unwrap());
        }
    }

    #[test]
    fn a_file_that_may_not_be_written_is_left_alone() {
        let fixture = node();
        give(&fixture, &["", "indented-list.yml"]);
        set_mode(&fixture, "indented-list.yml", 0o444);
        let (status, errors) = shell(&fixture, "$PROMCFG add-label indented-list.yml env=prod --job node");
        assert_eq!(status, 2, "{errors}");
        assert!(errors.contains("cannot write indented-list.yml: permission denied"), "{errors}");
        assert!(!fixture.has_changed());
    }

    #[test]
    fn a_link_to_nothing_and_a_pipe_are_told_for_what_they_are() {
        let fixture = node();
        std::os::unix::fs::symlink("gone.yml", fixture.path("link.yml")).unwrap();
        let (status, errors) = shell(&fixture, "$PROMCFG add-label link.yml env=prod --job node");
        assert_eq!(
            (status, errors.as_str()),
            (
                2,
                "error: the config link.yml does not exist\n  note: link.yml is a link to a file that does not exist\n"
            )
        );
        let (status, errors) =
            shell(&fixture, "cat indented-list.yml | $PROMCFG add-label /dev/stdin env=prod --job node");
        assert_eq!(status, 2, "{errors}");
        assert!(errors.contains("cannot replace /dev/stdin: it is not a regular file"), "{errors}");
    }

    #[test]
    fn a_folder_that_may_not_be_written_is_left_alone() {
        let fixture = node();
        give(&fixture, &["", "indented-list.yml"]);
        set_mode(&fixture, "", 0o555);
        let (status, errors) = shell(&fixture, "$PROMCFG add-label indented-list.yml env=prod --job node");
        set_mode(&fixture, "", 0o755);
        assert_eq!(status, 2, "{errors}");
        assert!(errors.contains("cannot write indented-list.yml: permission denied in its folder"), "{errors}");
        assert!(errors.contains("help: print the result with --stdout"), "{errors}");
        assert!(!fixture.has_changed());
    }

    /// Included files with a job each.
    fn with_jobs(count: usize) -> Fixture {
        let fixture = Fixture::of_text("p.yml", "scrape_config_files: ['jobs/*.yml']\n");
        for job in 0..count {
            let text = format!("scrape_configs:\n- job_name: j{job}\n  static_configs:\n  - targets: ['h{job}:1']\n");
            fixture.write(&format!("jobs/{job}.yml"), &text);
        }
        fixture
    }

    fn changed_jobs(fixture: &Fixture) -> Vec<String> {
        let has_label =
            |name: &String| fs::read_to_string(fixture.path("jobs").join(name)).unwrap().contains("env: prod");
        let mut names: Vec<String> = names_in(&fixture.path("jobs")).into_iter().filter(has_label).collect();
        names.sort();
        names
    }

    #[test]
    fn more_files_are_edited_at_once_than_may_be_open() {
        let fixture = with_jobs(200);
        let script = "ulimit -S -n 100; $PROMCFG add-label p.yml env=prod --all-jobs -q";
        give(&fixture, &["", "p.yml", "jobs"]);
        (0..200).for_each(|job| give(&fixture, &[&format!("jobs/{job}.yml")]));
        let (status, errors) = shell(&fixture, script);
        assert_eq!((status, errors.as_str()), (0, ""));
        assert_eq!(changed_jobs(&fixture).len(), 200);
        assert_eq!(names_in(&fixture.path("jobs")).len(), 200);
        let script = "ulimit -n 100; $PROMCFG add-label p.yml other=prod --all-jobs -q";
        let (status, errors) = shell(&fixture, script);
        assert_eq!(status, 2, "{errors}");
        assert!(errors.contains(".yml: too many files are open\n"), "{errors}");
        assert!(errors.contains("note: no file was written\n  help: raise the limit with `ulimit -n`\n"), "{errors}");
        assert_eq!(names_in(&fixture.path("jobs")).len(), 200);
    }

    #[test]
    fn what_is_said_to_do_can_be_done_for_several_files() {
        let fixture = with_jobs(2);
        give(&fixture, &["", "p.yml", "jobs", "jobs/0.yml", "jobs/1.yml"]);
        set_mode(&fixture, "jobs/1.yml", 0o444);
        let (status, errors) = shell(&fixture, "$PROMCFG add-label p.yml env=prod --all-jobs -q");
        assert_eq!(status, 2, "{errors}");
        assert!(errors.contains("help: show the changes with --dry-run"), "{errors}");
        assert_eq!(changed_jobs(&fixture), Vec::<String>::new());
    }

    /// As containers have single files.
    #[cfg(target_os = "linux")]
    #[test]
    fn a_file_that_is_mounted_by_itself_is_refused_before_any_is_written() {
        let fixture = with_jobs(3);
        let mount = "cp jobs/1.yml source.yml && mount --bind source.yml jobs/1.yml";
        let run = |script: &str| {
            let mut command = Command::new("unshare");
            command.args(["--map-root-user", "--mount", "sh", "-c", script]).current_dir(fixture.path(""));
            command.env("PROMCFG", assert_cmd::cargo::cargo_bin!("promcfg")).output()
        };
        // Not every system lets its users mount.
        if !run(mount).is_ok_and(|output| output.status.success()) {
            return;
        }
        let output = run(&format!("{mount} && $PROMCFG add-label p.yml env=prod --all-jobs -q")).unwrap();
        let errors = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{errors}");
        assert!(errors.starts_with("error: cannot replace jobs/1.yml: it is a mount point\n"), "{errors}");
        assert!(errors.contains("note: no file was written\n"), "{errors}");
        assert_eq!(changed_jobs(&fixture), Vec::<String>::new());
        assert_eq!(names_in(&fixture.path("jobs")).len(), 3);
    }

    #[test]
    fn when_the_disk_takes_no_more_the_file_is_as_it_was_and_nothing_else_is_there() {
        let long = format!("{}\n{}", "#".repeat(4000), node().before);
        let fixture = Fixture::of_text("long.yml", &long);
        give(&fixture, &["", "long.yml"]);
        let script = "trap '' XFSZ; ulimit -f 1; $PROMCFG add-label long.yml env=prod --job node";
        let (status, errors) = shell(&fixture, script);
        assert_eq!(status, 2, "{errors}");
        assert!(errors.contains("cannot write long.yml") && errors.contains("no file was written"), "{errors}");
        assert!(!fixture.has_changed());
        assert_eq!(names_in(&fixture.path("")), ["long.yml"]);
    }

    #[test]
    fn owner_and_mode_stay_and_a_link_is_followed() {
        let fixture = node();
        set_mode(&fixture, "indented-list.yml", 0o640);
        give(&fixture, &["indented-list.yml"]);
        let owner = |fixture: &Fixture| {
            let metadata = fs::metadata(fixture.path("indented-list.yml")).unwrap();
            (metadata.uid(), metadata.gid(), metadata.permissions().mode() & 0o7777)
        };
        let before = owner(&fixture);
        std::os::unix::fs::symlink("indented-list.yml", fixture.path("link.yml")).unwrap();
        let outcome = fixture.run_words(&["add-label", "link.yml", "env=prod", "--job", "node"], "");
        assert_eq!(outcome.status, 0, "{}", outcome.stderr);
        assert!(fixture.has_changed());
        assert_eq!(owner(&fixture), before);
        assert!(fs::symlink_metadata(fixture.path("link.yml")).unwrap().is_symlink());
    }

    #[test]
    fn a_new_file_that_gets_too_large_is_an_error_and_not_the_end() {
        let long = format!("{}\n{}", "#".repeat(4000), node().before);
        let fixture = Fixture::of_text("long.yml", &long);
        give(&fixture, &["", "long.yml"]);
        let (status, errors) = shell(&fixture, "ulimit -f 1; $PROMCFG add-label long.yml env=prod --job node");
        assert_eq!(status, 2, "{errors}");
        let expected = "error: cannot write long.yml: it would be larger than files may be here\n  note: no file was written\n  help: show the limit with `ulimit -f`\n";
        assert_eq!(errors, expected);
        assert!(!fixture.has_changed());
        assert_eq!(names_in(&fixture.path("")), ["long.yml"]);
    }

    #[test]
    fn a_name_of_255_bytes_can_be_edited() {
        let name = format!("{}.yml", "a".repeat(251));
        let fixture = Fixture::of_text(&name, &node().before);
        let outcome = fixture.run("add-label", &ARGUMENTS);
        assert_eq!(outcome.status, 0, "{}", outcome.stderr);
        assert!(fixture.has_changed());
        assert_eq!(names_in(&fixture.path("")), [name]);
    }

    #[test]
    fn an_owner_that_cannot_be_kept_is_a_refusal() {
        if !is_root() {
            return;
        }
        let fixture = node();
        set_mode(&fixture, "", 0o777);
        set_mode(&fixture, "indented-list.yml", 0o666);
        let (status, errors) = shell(&fixture, "$PROMCFG add-label indented-list.yml env=prod --job node");
        assert_eq!(status, 2, "{errors}");
        assert!(errors.contains("cannot keep the owner of indented-list.yml: "), "{errors}");
        assert!(errors.contains("note: no file was written"), "{errors}");
        assert!(!fixture.has_changed());
        assert_eq!(names_in(&fixture.path("")), ["indented-list.yml"]);
    }

    #[cfg(target_os = "linux")]
    mod attributes {
        use super::*;
        use rustix::fs::{XattrFlags, getxattr, setxattr};
        use rustix::io::Errno;

        const ACL: &str = "system.posix_acl_access";

        /// An access control list: the owner `rw`, the user 1234 `r`, the group and the mask `r`, others nothing.
        fn list() -> Vec<u8> {
            let entries: [(u16, u16, u32); 5] =
                [(1, 6, u32::MAX), (2, 4, 1234), (4, 4, u32::MAX), (16, 4, u32::MAX), (32, 0, u32::MAX)];
            let mut list = 2u32.to_le_bytes().to_vec();
            for (tag, permissions, id) in entries {
                list.extend(tag.to_le_bytes());
                list.extend(permissions.to_le_bytes());
                list.extend(id.to_le_bytes());
            }
            list
        }

        /// Sets an attribute, unless the file system has none.
        fn set(fixture: &Fixture, file: &str, name: &str, value: &[u8]) -> bool {
            match setxattr(fixture.path(file), name, value, XattrFlags::empty()) {
                Err(Errno::NOTSUP) => false,
                outcome => outcome.is_ok() || panic!("{name}: {outcome:?}"),
            }
        }

        fn get(fixture: &Fixture, file: &str, name: &str) -> Option<Vec<u8>> {
            let mut value = vec![0; 1000];
            let length = getxattr(fixture.path(file), name, &mut value[..]).ok()?;
            value.truncate(length);
            Some(value)
        }

        fn mode(fixture: &Fixture) -> u32 {
            fs::metadata(fixture.path("indented-list.yml")).unwrap().permissions().mode() & 0o7777
        }

        #[test]
        fn attributes_and_the_access_control_list_stay() {
            let fixture = node();
            let file = "indented-list.yml";
            set_mode(&fixture, file, 0o640);
            if !(set(&fixture, file, "user.origin", b"a\0b") && set(&fixture, file, ACL, &list())) {
                return;
            }
            set(&fixture, file, "user.empty", b"");
            let before = mode(&fixture);
            let outcome = fixture.run("add-label", &ARGUMENTS);
            assert_eq!(outcome.status, 0, "{}", outcome.stderr);
            assert!(fixture.has_changed());
            assert_eq!(get(&fixture, file, "user.origin").as_deref(), Some(&b"a\0b"[..]));
            assert_eq!(get(&fixture, file, "user.empty").as_deref(), Some(&b""[..]));
            assert_eq!(get(&fixture, file, ACL), Some(list()));
            assert_eq!(mode(&fixture), before);
        }

        #[test]
        fn the_list_of_a_folder_gives_nobody_access_to_a_file_without_one() {
            let fixture = node();
            set_mode(&fixture, "indented-list.yml", 0o640);
            if !set(&fixture, "", "system.posix_acl_default", &list()) {
                return;
            }
            let outcome = fixture.run("add-label", &ARGUMENTS);
            assert_eq!(outcome.status, 0, "{}", outcome.stderr);
            assert!(fixture.has_changed());
            assert_eq!((get(&fixture, "indented-list.yml", ACL), mode(&fixture)), (None, 0o640));
        }
    }
}

#[test]
fn an_included_file_that_is_not_utf_8_is_not_edited() {
    let fixture = with_included_files();
    let text = "scrape_configs:\n- job_name: b\n  static_configs:\n  - targets: ['10.0.0.2:9100']\n";
    let utf16: Vec<u8> = format!("\u{feff}{text}").encode_utf16().flat_map(u16::to_le_bytes).collect();
    fs::write(fixture.path("jobs/b.yml"), &utf16).unwrap();
    let outcome = fixture.run("add-label", &["env=prod", "--job", "b"]);
    assert_eq!(outcome.status, 1);
    assert!(outcome.stderr.contains("the file is not UTF-8 and cannot be edited"), "{}", outcome.stderr);
    assert_eq!(fs::read(fixture.path("jobs/b.yml")).unwrap(), utf16);
}
