//! `fmt`: after it, other readers of YAML read each string as the string that Prometheus reads.

use std::io::Write;
use std::process::{Command, Stdio};

use promcfg::yaml::Tree;
use promcfg::{Document, Options};
use serde_yaml::Value;

/// Words that one reader or another takes for something else than a string.
const WORDS: [&str; 76] = [
    "=",
    "<<",
    "==",
    "y",
    "N",
    "yes",
    "No",
    "ON",
    "oFF",
    "true",
    "FALSE",
    "tRue",
    "0",
    "-0",
    "+1",
    "017",
    "08",
    "0o7",
    "0o8",
    "0b1",
    "0b2",
    "0x1F",
    "-0x1",
    "0xG",
    "1_000",
    "1__0",
    "1_",
    "_1",
    "0_7",
    "1:30",
    "190:20:30",
    "60:60",
    "1:60",
    "-1:30",
    "1:2:3",
    "1:59.5",
    "1.5",
    ".5",
    "+.5",
    "5.",
    "5._",
    "1e3",
    "1E5",
    "1e+5",
    "1.0e-5",
    "1.e5",
    "e3",
    "1e",
    ".1_0",
    "685.230_15e+03",
    ".inf",
    "-.INF",
    ".Inf",
    ".nan",
    ".NaN",
    "inf",
    "NaN",
    ".",
    "..",
    "+",
    "1,000",
    "1.2.3",
    "2001-12-14",
    "2001-1-1",
    "2001-12-14t21:59:43Z",
    "2001-12-14 21:59:43.1 +1:30",
    "2001-12-14T1:00:00",
    "2001-12",
    "20:59",
    "h:80",
    "10.0.0.1:9100",
    "eu-1",
    "a=b",
    "null_",
    "nullx",
    "v1.0",
];

/// A generator of words of these letters, most of them near to numbers and times.
fn random_words(count: usize) -> Vec<String> {
    const LETTERS: &[u8] = b"0123456789001122..__--++::eExXobTZ =yn<~";
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut below = |limit: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state % limit as u64) as usize
    };
    let mut words = Vec::new();
    while words.len() < count {
        let mut word = match below(3) {
            0 => WORDS[below(WORDS.len())].as_bytes().to_vec(),
            _ => (0..1 + below(10)).map(|_| LETTERS[below(LETTERS.len())]).collect(),
        };
        let at = below(word.len());
        word[at] = LETTERS[below(LETTERS.len())];
        let word = String::from_utf8_lossy(&word).trim().to_string();
        if !word.is_empty() {
            words.push(word);
        }
    }
    words
}

/// A config with a word as a value, in a list and as the name of a label, and the string that Prometheus reads, if it
/// reads one.
fn config_of(word: &str) -> Option<(String, String)> {
    let text = format!(
        "scrape_configs:\n- job_name: a\n  params:\n    a: [x]\n    b:\n    - {word}\n  static_configs:\n  - targets: [h]\n    labels:\n      a: {word}\n"
    );
    let tree = Tree::parse(text.as_str());
    let scalar = tree.nodes().filter(|node| node.full_span().of(&text).trim() == word).last()?;
    let is_read = tree.fault().is_none() && scalar.tag().is_none() && scalar.anchor().is_none();
    let read = scalar.read_string().ok().filter(|_| is_read && !scalar.is_null())?.into_owned();
    (read == word).then_some((text, read))
}

fn formatted(text: &str) -> Option<String> {
    let change = Document::new("p.yml", text, &Options::default()).format().ok()?;
    Some(change.files.first().map_or_else(|| text.to_string(), promcfg::edit::FileChange::after))
}

/// The value of the label and of the parameter, as another reader has them.
fn by_serde(text: &str) -> [Option<String>; 2] {
    let value: Value = serde_yaml::from_str(text).unwrap_or(Value::Null);
    let job = &value["scrape_configs"][0];
    [&job["static_configs"][0]["labels"]["a"], &job["params"]["b"][0]].map(|value| value.as_str().map(str::to_string))
}

/// The same of PyYAML for many texts; `None` where it is not installed.
fn by_python(texts: &[String]) -> Option<Vec<[Option<String>; 2]>> {
    const SCRIPT: &str = "
import json, sys
try:
    import yaml
except ImportError:
    sys.exit(3)
def read(text):
    try:
        job = yaml.load(text, getattr(yaml, 'CSafeLoader', yaml.SafeLoader))['scrape_configs'][0]
        found = [job['static_configs'][0]['labels']['a'], job['params']['b'][0]]
        return [value if isinstance(value, str) else None for value in found]
    except Exception:
        return [None, None]
json.dump([read(text) for text in json.load(sys.stdin)], sys.stdout)
";
    let mut child =
        Command::new("python3").args(["-c", SCRIPT]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().ok()?;
    let input = serde_json::to_vec(texts).expect("is JSON");
    let mut stdin = child.stdin.take().expect("is piped");
    let writer = std::thread::spawn(move || drop(stdin.write_all(&input)));
    let output = child.wait_with_output().ok()?;
    writer.join().expect("writing ends");
    output.status.success().then(|| serde_json::from_slice(&output.stdout).expect("is JSON"))
}

#[test]
fn other_readers_read_each_string_as_prometheus_does() {
    let words = WORDS.iter().map(ToString::to_string).chain(random_words(4000));
    let (mut texts, mut expected) = (Vec::new(), Vec::new());
    for word in words {
        let Some((text, read)) = config_of(&word) else { continue };
        let Some(text) = formatted(&text) else { continue };
        assert_eq!(by_serde(&text), [Some(read.clone()), Some(read.clone())], "{word:?}\n{text}");
        texts.push(text);
        expected.push(read);
    }
    assert!(texts.len() > 1000, "{}", texts.len());
    let Some(read) = by_python(&texts) else { return };
    let others: Vec<&String> = read
        .iter()
        .zip(&expected)
        .filter(|(found, expected)| **found != [Some(expected.to_string()), Some(expected.to_string())])
        .map(|(_, expected)| expected)
        .collect();
    assert!(others.is_empty(), "{others:?}");
}

#[test]
fn names_of_labels_and_parameters_get_quotes() {
    let text = "scrape_configs:\n- job_name: a\n  params: {on: [x], 1: [y]}\n  static_configs:\n  - targets: [h]\n    labels: {y: a, =: b, no: c, <<: {z: d}, plain: e}\n";
    let expected = "scrape_configs:\n- job_name: a\n  params: {'on': [x], '1': ['y']}\n  static_configs:\n  - targets: [h]\n    labels: {'y': a, '=': b, 'no': c, <<: {z: d}, plain: e}\n";
    assert_eq!(formatted(text).as_deref(), Some(expected));
}
