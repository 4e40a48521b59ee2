//! What promcfg makes of each kind of file: in a folder, named, through standard input and through the hook.

mod corpus;
mod kinds;

use std::path::Path;
use std::process::{Command, Stdio};

/// How a run of the tool ended.
struct Run {
    status: i32,
    stdout: String,
    stderr: String,
}

/// Runs the tool in a folder.
fn run(folder: &Path, arguments: &[&str], input: Option<&str>) -> Run {
    use std::io::Write as _;
    let mut command = Command::new(assert_cmd::cargo::cargo_bin!("promcfg"));
    command.args(arguments).current_dir(folder).env("NO_COLOR", "1");
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("the tool starts");
    let mut stdin = child.stdin.take().expect("has an input");
    stdin.write_all(input.unwrap_or("").as_bytes()).expect("the tool reads its input");
    drop(stdin);
    let output = child.wait_with_output().expect("the tool ends");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("is text");
    Run {
        status: output.status.code().expect("has a status"),
        stdout: text(output.stdout),
        stderr: text(output.stderr),
    }
}

/// The ids of the findings of a concise output.
fn ids(output: &str) -> Vec<&str> {
    output.lines().filter_map(|line| line.rsplit_once('[')?.1.strip_suffix(']')).collect()
}

#[test]
fn there_is_one_entry_for_the_question_what_a_file_is() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    let mut folders = vec![source.clone()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("can be listed") {
            let path = entry.expect("can be listed").path();
            let name = path.strip_prefix(&source).expect("lies in the source folder").to_string_lossy().into_owned();
            if path.is_dir() {
                folders.push(path);
            } else if !["format/", "input/", "discovery/"].iter().any(|layer| name.starts_with(layer))
                && !name.ends_with("tests.rs")
            {
                let text = std::fs::read_to_string(&path).expect("can be read");
                // Keys by which files of other programs are known. Discovery reads objects that are no files with configs.
                let tells = ["\"ConfigMap\"", "\"receivers\"", "\"apiVersion\"", "\"prometheusSpec\"", "\"positions\""];
                found.extend(tells.iter().filter(|tell| text.contains(**tell)).map(|tell| format!("{name}: {tell}")));
            }
        }
    }
    assert_eq!(found, Vec::<String>::new());
}
