//! Seeds of the fuzz target `edit` with random changes, tried with its properties: what a fuzzer does, without one, in
//! every run of the tests. `FUZZ_ROUNDS=100000 cargo test --test tests mutated_seeds` tries more, from `FUZZ_SEED`.

use std::fs;
use std::path::Path;

use super::seeds::edit;

/// Numbers that look random, the same in each run.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % end.max(1)
    }

    fn one_of<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        &all[self.below(all.len())]
    }
}

/// What is put into a text.
const NOISE: [&str; 34] = [
    " ", "\n", "\r\n", "  ", "- ", "#", " # x", "x", ":", ": ", "'", "\"", "[", "]", "{", "}", ", ", "|\n", "|2-\n",
    ">\n", "&a ", "*a", "<<: *a\n", "!!str ", "~", "\u{feff}", "\t", "\n---\n", "\n...\n", "on", "0x1", "ä", "? ",
    "\n\n",
];

fn mutated(numbers: &mut Numbers, seeds: &[Vec<u8>]) -> Vec<u8> {
    let lines_of = |bytes: &Vec<u8>| -> Vec<String> {
        String::from_utf8_lossy(bytes).split_inclusive('\n').map(str::to_string).collect()
    };
    let (mut lines, other) = (lines_of(numbers.one_of(seeds)), lines_of(numbers.one_of(seeds)));
    if numbers.below(2) == 0 && !other.is_empty() && !lines.is_empty() {
        lines[0].clone_from(&other[0]);
    }
    for _ in 0..numbers.below(4) {
        let at = 1 + numbers.below(lines.len());
        match numbers.below(6) {
            0 if at < lines.len() => drop(lines.remove(at)),
            1 if at < lines.len() => {
                let line = lines[at].clone();
                lines.insert(at, line);
            }
            2 if at < lines.len() && !other.is_empty() => lines.insert(at, numbers.one_of(&other).clone()),
            3 if at < lines.len() => lines[at].insert_str(0, "  "),
            _ => {
                let at = at.min(lines.len().saturating_sub(1));
                let Some(line) = lines.get_mut(at) else { continue };
                let places: Vec<usize> = line.char_indices().map(|(place, _)| place).collect();
                let place = if places.is_empty() { 0 } else { *numbers.one_of(&places) };
                line.insert_str(place, numbers.one_of::<&str>(&NOISE));
            }
        }
    }
    lines.concat().into_bytes()
}

#[test]
fn changed_seeds_have_the_properties_of_the_target() {
    let number = |name: &str, usual: u64| std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(usual);
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fuzz/seeds/edit");
    let mut paths: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let seeds: Vec<Vec<u8>> =
        paths.iter().map(|path| fs::read(path).unwrap()).filter(|seed| seed.len() < 4_000).collect();
    let mut numbers = Numbers(number("FUZZ_SEED", 1));
    let mut failed = Vec::new();
    for _ in 0..number("FUZZ_ROUNDS", 300) {
        let bytes = mutated(&mut numbers, &seeds);
        if std::panic::catch_unwind(|| edit::check(&bytes)).is_err() {
            failed.push(String::from_utf8_lossy(&bytes).into_owned());
        }
    }
    assert!(failed.is_empty(), "{} fail, with the messages above:\n{}", failed.len(), failed.join("\n=====\n"));
}
