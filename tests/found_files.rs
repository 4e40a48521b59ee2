//! Which files are read: regular files of a bounded size, and with `--root` those of one folder.

use std::fs;
use std::os::unix::fs::symlink;
use std::os::unix::net::UnixListener;
use std::path::PathBuf;
use std::process::Command;

/// A folder to run the tool in.
struct Folder(tempfile::TempDir);

/// Status, stdout and stderr.
type Outcome = (i32, String, String);

impl Folder {
    fn new(files: &[(&str, &str)]) -> Self {
        let folder = Self(tempfile::tempdir().expect("a folder can be made"));
        for (name, text) in files {
            fs::create_dir_all(folder.path(name).parent().expect("has a folder")).expect("can be made");
            fs::write(folder.path(name), text).expect("can be written");
        }
        folder
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn fifo(&self, name: &str) {
        let status = Command::new("mkfifo").arg(self.path(name)).status().expect("mkfifo runs");
        assert!(status.success());
    }

    fn link(&self, target: &str, name: &str) {
        symlink(target, self.path(name)).expect("can be linked");
    }

    /// Runs a script of bash in which `promcfg` is the tool. Who waits for a FIFO is ended, with the status 124.
    fn bash(&self, script: &str) -> Outcome {
        let mut command = Command::new("timeout");
        command.args(["20", "bash", "-c", script]).current_dir(self.0.path());
        let tool = assert_cmd::cargo::cargo_bin!("promcfg");
        let path =
            format!("{}:{}", tool.parent().expect("has a folder").display(), std::env::var("PATH").expect("is set"));
        let output =
            command.env("PATH", path).env("COLUMNS", "300").env("HOME", self.0.path()).output().expect("bash runs");
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        (output.status.code().unwrap_or(-1), text(&output.stdout), text(&output.stderr))
    }
}

const JOB: &str = "scrape_configs:\n- job_name: web\n  static_configs:\n  - targets: ['h:1']\n";
const WITH_TARGETS: &str = "scrape_configs:\n- job_name: web\n  file_sd_configs:\n  - files: [t.json]\n";

#[test]
fn a_fifo_as_a_target_file_is_reported_and_not_opened() {
    let folder = Folder::new(&[("p.yml", WITH_TARGETS)]);
    folder.fifo("t.json");
    let commands = ["lint --format concise p.yml", "simulate p.yml", "add-label p.yml a=b --all-jobs --method static"];
    for command in commands {
        let (status, stdout, stderr) = folder.bash(&format!("promcfg {command}"));
        let text = format!("{stdout}{stderr}");
        assert_eq!(status, 1, "{command}: {text}");
        assert!(text.contains("cannot read the target file \"t.json\": is a FIFO, not a regular file"), "{text}");
    }
}

#[test]
fn included_files_that_are_not_regular_are_reported() {
    let folder =
        Folder::new(&[("p.yml", "scrape_config_files: [fifo.yml, socket.yml, /dev/zero, sub]\n"), ("sub/a", "")]);
    folder.fifo("fifo.yml");
    let _listener = UnixListener::bind(folder.path("socket.yml")).expect("can be bound");
    let (status, stdout, stderr) =
        folder.bash("promcfg lint --format concise p.yml; promcfg lint p.yml 2>&1 | grep -c upstream");
    assert_eq!(status, 1, "{stderr}");
    let cannot = |path: &str, why: &str| format!("cannot read the scrape config file \"{path}\": is {why}");
    for (path, why) in [
        ("fifo.yml", "a FIFO, not a regular file"),
        ("socket.yml", "a socket, not a regular file"),
        ("/dev/zero", "a device, not a regular file"),
        ("sub", "a directory"),
    ] {
        assert!(stdout.contains(&cannot(path, why)), "{path}: {stdout}");
    }
}

#[test]
fn a_large_target_file_is_refused_with_the_limit() {
    let folder = Folder::new(&[("p.yml", WITH_TARGETS), ("t.json", "")]);
    fs::File::create(folder.path("t.json")).and_then(|file| file.set_len((256 << 20) + 1)).expect("can be made");
    let (status, _, stderr) = folder.bash("ulimit -v 4000000; promcfg simulate p.yml");
    assert_eq!(status, 1, "{stderr}");
    assert!(stderr.contains("cannot read the target file \"t.json\": is larger than 256 MiB"), "{stderr}");
}

#[test]
fn files_of_patterns_and_settings_that_are_not_regular_do_not_stop_a_run() {
    let folder = Folder::new(&[("p.yml", JOB), ("sub/skipped.yml", JOB), ("sub/.gitignore", "skipped.yml\n")]);
    folder.fifo(".gitignore");
    folder.fifo("sub/.ignore");
    folder.fifo("sub/x.yml");
    let (status, stdout, stderr) = folder.bash("promcfg lint --verbose");
    assert_eq!(status, 0, "{stderr}");
    for note in [
        "note: .gitignore is not read: it is a FIFO, not a regular file\n",
        "note: sub/.ignore is not read: it is a FIFO, not a regular file\n",
        "note: sub/x.yml is not read: it is a FIFO, not a regular file\n",
    ] {
        assert!(stderr.contains(note), "{note}: {stderr}");
    }
    assert!(!format!("{stdout}{stderr}").contains("skipped.yml"), "{stdout}{stderr}");
    folder.fifo("promcfg.toml");
    for command in
        ["lint p.yml", "lint", "simulate p.yml", "add-label p.yml a=b --all-jobs", "add-label . a=b --all-jobs"]
    {
        let (status, _, stderr) = folder.bash(&format!("promcfg {command}"));
        assert_eq!(status, 2, "{command}: {stderr}");
        let expected = "/promcfg.toml: is a FIFO, not a regular file\n";
        assert!(stderr.contains(expected), "{command}: {stderr}");
    }
}

#[test]
fn what_the_user_names_may_be_a_fifo_and_has_a_limit() {
    let folder = Folder::new(&[
        ("p.yml", JOB),
        ("sets", "{\"a\":\"b\"}\n"),
        ("rules.yml", "- action: labelmap\n  regex: x(.+)\n"),
    ]);
    for command in [
        "promcfg lint <(cat p.yml)",
        "promcfg lint --diff <(cat p.yml)",
        "promcfg simulate <(cat p.yml)",
        "cat p.yml | promcfg simulate /dev/stdin",
        "cat p.yml | promcfg simulate --root . -",
        "promcfg simulate --root . <(cat p.yml)",
        "promcfg relabel --rules <(cat rules.yml) <(cat sets)",
    ] {
        let (status, _, stderr) = folder.bash(command);
        assert_eq!(status, 0, "{command}: {stderr}");
    }
    for (command, expected) in [
        ("lint /dev/zero", "the config /dev/zero is larger than 1024 MiB"),
        ("simulate p.yml --targets /dev/zero", "/dev/zero: is larger than 1024 MiB"),
        ("debug yaml /dev/zero", "/dev/zero: line 1: it is longer than 128 MiB"),
        ("relabel --rules rules.yml /dev/zero", "/dev/zero: line 1: it is longer than 128 MiB"),
    ] {
        let (status, _, stderr) = folder.bash(&format!("ulimit -v 4000000; promcfg {command}"));
        assert_eq!(status, 2, "{command}: {stderr}");
        assert!(stderr.contains(expected), "{command}: {stderr}");
    }
}

#[test]
fn git_ignores_files_as_before() {
    let folder = Folder::new(&[
        ("repo/.git/info/exclude", "excluded.yml\n"),
        ("repo/.gitignore", "*.gen.yml\n/vendor/\nbuild\n!keep.gen.yml\n!.shown.yml\n"),
        ("repo/.ignore", "!again.gen.yml\n"),
        ("repo/a/.gitignore", "own.yml\n!b.gen.yml\n"),
        ("global", "everywhere.yml\n"),
        (".gitconfig", "[core]\n\texcludesFile = ~/global\n"),
    ]);
    let files = [
        "excluded.yml",
        "x.gen.yml",
        "keep.gen.yml",
        "again.gen.yml",
        "vendor/v.yml",
        "a/vendor/v.yml",
        "build/c.yml",
        "a/build/c.yml",
        "a/own.yml",
        "own.yml",
        "a/b.gen.yml",
        ".hidden.yml",
        ".shown.yml",
        ".git/c.yml",
        "everywhere.yml",
        "a/everywhere.yml",
    ];
    for file in files {
        let path = folder.path("repo").join(file);
        fs::create_dir_all(path.parent().expect("has a folder")).expect("can be made");
        fs::write(path, "scrape_configs:\n- job_nam: web\n").expect("can be written");
    }
    let shown = [".shown.yml", "a/b.gen.yml", "a/vendor/v.yml", "again.gen.yml", "keep.gen.yml", "own.yml"];
    let found = |script: &str| -> Vec<String> {
        let (_, stdout, stderr) = folder.bash(script);
        assert_eq!(stderr, "");
        let mut names: Vec<String> =
            stdout.lines().filter_map(|line| line.split(':').next()).map(ToString::to_string).collect();
        names.dedup();
        names
    };
    assert_eq!(found("cd repo && promcfg lint --format concise"), shown);
    assert_eq!(found("cd repo/a && promcfg lint --format concise ."), ["b.gen.yml", "vendor/v.yml"]);
    let below: Vec<String> = shown.iter().map(|name| format!("repo/{name}")).collect();
    assert_eq!(found("promcfg lint --format concise repo"), below);
    // The patterns above a root, and those of the user, are outside it.
    let own = found("cd repo/a && promcfg lint --root . --format concise");
    assert_eq!(own, ["b.gen.yml", "build/c.yml", "everywhere.yml", "vendor/v.yml"]);
}

#[test]
fn with_a_root_nothing_outside_it_is_read() {
    let secret = "scrape_configs: [{job_name: S3CRET}]\n";
    let config = "scrape_config_files: [/etc/passwd, ../secret.yml, link.yml, folder/*.yml, own.yml]\nscrape_configs:\n- job_name: web\n  file_sd_configs:\n  - files: [../t/*.json, /proc/self/x.json]\n";
    let folder = Folder::new(&[
        ("repo/p.yml", config),
        ("secret.yml", secret),
        ("repo/own.yml", JOB.replace("web", "own").as_str()),
        ("t/a.json", "[{\"targets\": [\"S3CRET:1\"]}]"),
    ]);
    folder.link("../secret.yml", "repo/link.yml");
    folder.link("..", "repo/folder");
    let free = folder.bash("cd repo && promcfg simulate p.yml");
    assert!(free.1.contains("S3CRET"), "{free:?}");
    for command in ["lint --show-all", "simulate", "lint --fix", "lint --diff", "add-label a=b --all-jobs --dry-run"] {
        let words: Vec<&str> = command.splitn(2, ' ').collect();
        let script = format!("cd repo && promcfg --root . {} p.yml {}", words[0], words.get(1).unwrap_or(&""));
        let (status, stdout, stderr) = folder.bash(&script);
        let text = format!("{stdout}{stderr}");
        assert!(!text.contains("S3CRET") && !text.contains("root:x:"), "{command}: {text}");
        assert_eq!(status, 0, "{command}: {text}");
    }
    let (status, stdout, _) = folder.bash("cd repo && promcfg --root . lint --show-all --format concise p.yml");
    assert_eq!(status, 0, "{stdout}");
    for path in ["/etc/passwd", "../secret.yml", "link.yml", "folder/*.yml"] {
        let message = format!(": info: cannot read the scrape config file \"{path}\": is outside the root . [");
        assert!(stdout.contains(&message), "{path}: {stdout}");
    }
    for path in ["../t/*.json", "/proc/self/x.json"] {
        let message = format!("cannot read the target file \"{path}\": is outside the root .");
        assert!(stdout.contains(&message), "{path}: {stdout}");
    }
}

#[test]
fn with_a_root_a_named_file_outside_it_is_refused() {
    let folder =
        Folder::new(&[("repo/p.yml", JOB), ("p.yml", JOB), ("t.json", "[]"), ("promcfg.toml", "nonsense = 1\n")]);
    folder.link("../p.yml", "repo/link.yml");
    folder.link("..", "repo/up");
    for arguments in [
        "lint link.yml",
        "simulate ../p.yml",
        "simulate p.yml --targets ../t.json",
        "relabel --rules link.yml",
        "lint ..",
        "add-label link.yml a=b --all-jobs",
        "add-label .. a=b --all-jobs",
    ] {
        let (status, _, stderr) = folder.bash(&format!("cd repo && promcfg --root . {arguments} </dev/null"));
        assert_eq!(status, 2, "{arguments}: {stderr}");
        assert!(stderr.contains("is outside the root ."), "{arguments}: {stderr}");
    }
    // The settings above the root are not read, and links are not followed.
    let (status, _, stderr) = folder.bash("cd repo && promcfg lint --root . && promcfg lint --root ../repo .");
    assert_eq!((status, stderr.as_str()), (0, ""));
    assert_eq!(folder.bash("cd repo && promcfg lint p.yml").0, 2);
    let (status, _, stderr) = folder.bash("promcfg lint --root none p.yml");
    assert_eq!(status, 2);
    assert!(stderr.contains("cannot use none as the root: "), "{stderr}");
    let (_, _, stderr) = folder.bash("promcfg lint --root '' p.yml");
    assert_eq!(stderr, "error: the root has an empty name\n  help: name a folder\n");
    // The last one counts: a hook gives its own first.
    assert_eq!(folder.bash("cd repo && promcfg lint --root none --root . p.yml").0, 0);
}

#[test]
fn with_a_root_a_link_in_it_says_nothing_of_files_outside() {
    let folder = Folder::new(&[("repo/p.yml", JOB), ("other/x", "")]);
    for (target, name) in [
        ("/dev/zero", "zero.yml"),
        ("/dev", "dev"),
        ("/dev/stdin", "stdin.yml"),
        ("../fifo", "fifo.yml"),
        ("../other", "other.yml"),
        ("../none", "none.yml"),
        ("zero.yml", "again.yml"),
    ] {
        folder.link(target, &format!("repo/{name}"));
    }
    folder.fifo("fifo");
    for name in ["zero.yml", "dev/zero", "stdin.yml", "fifo.yml", "none.yml", "again.yml", "../repo/zero.yml"] {
        for command in ["lint", "simulate", "lint --fix", "relabel --rules"] {
            let (status, _, stderr) = folder.bash(&format!("cd repo && promcfg --root . {command} {name} </dev/null"));
            assert_eq!(status, 2, "{command} {name}: {stderr}");
            assert!(stderr.contains(&format!(" {name}: is outside the root .\n")), "{command} {name}: {stderr}");
        }
    }
    let (status, _, stderr) = folder.bash("cd repo && promcfg --root . lint other.yml");
    assert_eq!((status, stderr.as_str()), (2, "error: cannot read other.yml: is outside the root .\n"));
    // The user's own words are not a stranger's link.
    let named = "cd repo && (cat p.yml >../fifo & promcfg --root . lint ../fifo) && promcfg --root . lint - <p.yml";
    assert_eq!(folder.bash(named).0, 0);
}

#[test]
fn settings_outside_the_root_do_not_count_and_those_that_cannot_be_read_are_reported() {
    let folder = Folder::new(&[("repo/sub/p.yml", JOB), ("via/promcfg.toml", "nonsense = 1\n")]);
    folder.link("../repo/sub", "via/sub");
    assert_eq!(folder.bash("promcfg lint via/sub/p.yml").0, 2);
    let (status, _, stderr) = folder.bash("promcfg lint --root repo via/sub/p.yml");
    assert_eq!((status, stderr.as_str()), (0, ""));
    folder.link("none.toml", "repo/promcfg.toml");
    let (status, _, stderr) = folder.bash("cd repo && promcfg lint sub/p.yml");
    assert_eq!(status, 2);
    assert!(stderr.contains("promcfg.toml is a link to a file that does not exist\n"), "{stderr}");
    fs::remove_file(folder.path("repo/promcfg.toml")).expect("can be removed");
    fs::File::create(folder.path("repo/promcfg.toml")).and_then(|file| file.set_len((1 << 20) + 1)).expect("is made");
    let (status, _, stderr) = folder.bash("cd repo && promcfg lint sub/p.yml");
    assert_eq!(status, 2);
    assert!(stderr.ends_with("promcfg.toml is larger than 1 MiB\n"), "{stderr}");
}

#[test]
fn with_a_root_a_worktree_of_git_is_linted_without_a_note() {
    let folder = Folder::new(&[
        ("repo/p.yml", JOB),
        ("repo/.git", "gitdir: ../main/.git/worktrees/repo\n"),
        ("main/.git/worktrees/repo/commondir", "../..\n"),
        ("main/.git/info/exclude", "p.yml\n"),
    ]);
    let (status, _, stderr) = folder.bash("cd repo && promcfg lint");
    assert_eq!((status, stderr.as_str()), (0, "note: found no Prometheus config; no file was linted\n"));
    let (status, stdout, stderr) = folder.bash("cd repo && promcfg lint --root .");
    assert_eq!((status, stdout.as_str(), stderr.as_str()), (0, "1 file: nothing found\n", ""));
}

#[test]
fn a_file_that_is_named_twice_is_linted_once_and_as_named() {
    let folder = Folder::new(&[("bad.yml", "scrape_configs:\n- job_nam: x\n"), ("other.yml", "x: 1\n")]);
    let findings = |paths: &str| -> Vec<String> {
        let (_, stdout, _) = folder.bash(&format!("promcfg lint --format concise {paths}"));
        stdout.lines().map(|line| line.split(' ').next().unwrap_or("").to_string()).collect()
    };
    assert_eq!(findings("bad.yml ./bad.yml .//bad.yml ."), ["bad.yml:2:3:", "bad.yml:2:3:"]);
    for paths in [". other.yml", "other.yml .", ". ./other.yml"] {
        assert_eq!(findings(paths), ["bad.yml:2:3:", "bad.yml:2:3:", "other.yml:1:1:"], "{paths}");
    }
}
