//! The answers of the API server in the conformance data, word by word. Skipped if the data is not there: it is not part
//! of this package.

use std::io::Read;
use std::path::{Path, PathBuf};

use super::{Kind, Sources, Tree, Value, admit};

/// The lines of a suite.
fn lines(suite: &str) -> Option<String> {
    let own = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/conformance");
    let folder = std::env::var_os("CONFORMANCE_DIR").map_or_else(own, PathBuf::from);
    let name = format!("{suite}.jsonl.gz");
    let bytes =
        [folder.join(&name), folder.join("dialects").join(&name)].iter().find_map(|path| std::fs::read(path).ok())?;
    let mut text = String::new();
    flate2::read::MultiGzDecoder::new(bytes.as_slice()).read_to_string(&mut text).expect("is a text");
    Some(text)
}

/// What the API server says of objects.
#[derive(Debug, Default, PartialEq)]
struct Answer {
    /// Why nothing is generated.
    error: Option<String>,
    /// The objects that are refused, each with one error.
    rejected: Vec<(String, String)>,
    pruned: Vec<String>,
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_string()
}

fn items(case: &Value, key: &str) -> Vec<Value> {
    case.get(key).map(|list| list.items().to_vec()).unwrap_or_default()
}

fn expected(case: &Value) -> Answer {
    if case.text("error_by") == "api-server" {
        return Answer { error: case.get("error").map(text), ..Answer::default() };
    }
    let by_api_server = items(case, "rejected").into_iter().filter(|one| one.text("by") == "api-server");
    Answer {
        error: None,
        rejected: by_api_server.map(|one| (one.text("object").to_string(), one.text("error").to_string())).collect(),
        pruned: items(case, "pruned").iter().map(text).collect(),
    }
}

fn actual(case: &Value) -> Answer {
    let mut answer = Answer::default();
    let server = case.get("prometheus").cloned();
    let has_server = server.is_some();
    for (index, object) in server.into_iter().chain(items(case, "objects")).enumerate() {
        let Some(kind) = Kind::of(object.text("apiVersion"), object.text("kind")) else { continue };
        let part = |key: &str| object.at_path(&["metadata", key]).map(text);
        let namespace = part("namespace").unwrap_or("default".to_string());
        let id = format!("{}/{namespace}/{}", kind.name(), part("name").unwrap_or("None".to_string()));
        let admitted = admit(kind, object);
        if has_server && index == 0 && !admitted.errors.is_empty() {
            let errors: Vec<String> = admitted.errors.iter().map(|error| format!("{id}: {error}")).collect();
            return Answer { error: Some(errors.join("; ")), ..Answer::default() };
        }
        answer.rejected.extend(admitted.errors.iter().map(|error| (id.clone(), error.to_string())));
        answer.pruned.extend(admitted.pruned.iter().map(|pruned| format!("{id}: {}", pruned.path)));
    }
    answer
}

fn check(suite: &str, least: usize) {
    let Some(lines) = lines(suite) else { return };
    for line in lines.lines() {
        let tree = Tree::parse(line);
        let file = Sources::new().add("case.json", line);
        let case = Value::of_node(tree.root().expect("is JSON"), file, 0).expect("is JSON");
        assert_eq!(actual(&case), expected(&case), "{line}");
    }
    assert!(lines.lines().count() >= least);
}

#[test]
fn objects_are_refused_with_the_same_words_and_lose_the_same_keys() {
    check("operator", 800);
}

#[test]
fn traps_pass_as_they_pass_there() {
    check("operator-traps", 20);
}
