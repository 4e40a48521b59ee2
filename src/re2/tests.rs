//! Whole-layer tests.

use serde_json::Value;

use super::debug_regexp;

/// Compares with recorded answers of Go, when `PROMCFG_REGEXP_CASES` names a file of them.
#[test]
fn answers_are_those_of_go_where_a_file_of_them_is_given() {
    let Some(path) = std::env::var_os("PROMCFG_REGEXP_CASES") else { return };
    let cases = std::fs::read_to_string(path).unwrap();
    let mut failures = 0;
    let mut count = 0;
    for line in cases.lines() {
        let case: Value = serde_json::from_str(line).unwrap();
        let pattern = case["pattern"].as_str().unwrap();
        let matches = case["matches"].as_array().cloned().unwrap_or_default();
        let inputs: Vec<&str> = matches.iter().map(|found| found["input"].as_str().unwrap()).collect();
        let answer = debug_regexp(pattern, &inputs);
        count += 1;
        let wanted = Value::from(matches.clone());
        let agrees =
            if case["error"].is_null() { answer["matches"] == wanted } else { answer["error"] == case["error"] };
        if !agrees {
            failures += 1;
            if failures < 20 {
                let show = |text: String| text.chars().take(600).collect::<String>();
                println!(
                    "{:?}\n   go   {}\n   ours {}",
                    show(pattern.into()),
                    show(line.into()),
                    show(answer.to_string())
                );
            }
        }
    }
    assert!(count > 0);
    assert_eq!(failures, 0, "of {count}");
}
