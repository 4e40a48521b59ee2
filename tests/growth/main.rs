//! Work grows with the work: twice as much of anything costs about twice as much, never four times.
//!
//! Each row of `rows.rs` is run at n, 2n and 4n. Work is counted, not time: the instructions of the whole program
//! (by valgrind's cachegrind, where it is installed), and the allocations of the library in this process (everywhere).
//! From the three counts comes an exponent, of which the fixed cost of a run is no part; above [`MOST`] the test fails.
//!
//! Valgrind takes seconds a row, so that instructions are counted for the usual rows, and with `GROWTH_ALL=1` for all.
//! `GROWTH_ROWS=alias cargo test --test growth` runs the rows whose names contain `alias`; `GROWTH_SCALE=10` makes all
//! of them ten times as large, and `GROWTH_PROGRAM` names another build of the program.

mod count;
mod rows;

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use rows::{ROWS, Row};

/// The largest exponent: 1 is linear, n · log n at these sizes is below 1.15, 2 is quadratic.
const MOST: f64 = 1.2;

/// The largest exponent of bytes: a vector that doubles makes steps.
const MOST_OF_BYTES: f64 = 1.6;

/// Growth of less than this from n to 4n is noise beside the fixed cost of a run.
const LEAST: u64 = 50_000;

/// How many rows run at the same time.
const THREADS: usize = 2;

#[test]
fn work_grows_with_the_work() {
    let wanted = std::env::var("GROWTH_ROWS").unwrap_or_default();
    let scale = std::env::var("GROWTH_SCALE").ok().and_then(|scale| scale.parse().ok()).unwrap_or(1);
    let rows: Vec<&Row> = ROWS.iter().filter(|row| row.name.contains(&wanted)).collect();
    let counts_all = !wanted.is_empty() || std::env::var_os("GROWTH_ALL").is_some();
    let program = count::Program::find();
    if program.is_none() {
        println!("instructions are not counted: valgrind is not installed (apt-get install valgrind)");
    }
    let (next, results) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    std::thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| {
                while let Some(row) = rows.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let program = program.as_ref().filter(|_| counts_all || row.is_usual);
                    let result = Growth::of(row, row.n * scale, program);
                    println!("{}", result.line());
                    results.lock().expect("no thread failed").push(result);
                }
            });
        }
    });
    let mut results = results.into_inner().expect("no thread failed");
    results.sort_by_key(|result| rows.iter().position(|row| row.name == result.name));
    assert_eq!(results.len(), rows.len(), "a row has no result");
    let too_fast: Vec<String> = results.iter().filter(|result| result.is_too_fast()).map(Growth::line).collect();
    assert!(too_fast.is_empty(), "these grow faster than n^{MOST}:\n{}", too_fast.join("\n"));
}

/// What lint allocates for rules that read one pattern of 5,000 alternatives through an alias, and write a group that
/// the pattern does not have.
fn allocations_of_rules_with_one_pattern(rules: usize) -> u64 {
    let pattern: Vec<String> = (0..5_000).map(|number| format!("abc{number}")).collect();
    let rule = |number: usize| {
        let regex = if number == 0 { format!("&x '{}'", pattern.join("|")) } else { "*x".to_string() };
        format!("  - {{source_labels: [__address__], regex: {regex}, target_label: t{number}}}\n")
    };
    let head = "scrape_configs:\n- job_name: a\n  static_configs: [{targets: ['h:1']}]\n  relabel_configs:\n";
    let text = format!("{head}{}", (0..rules).map(rule).collect::<String>());
    let input = promcfg::input::Input::parse("p.yml", text);
    allocation_counter::measure(|| {
        let findings = promcfg::lint::lint_input(&mut promcfg::Sources::new(), &input, &promcfg::Options::default());
        assert!(findings.iter().any(|finding| finding.id == "unknown-group"));
    })
    .count_total
}

#[test]
fn a_pattern_that_many_rules_share_is_examined_once() {
    // What is made once for all runs is no part of it.
    allocations_of_rules_with_one_pattern(10);
    let (few, many) = (allocations_of_rules_with_one_pattern(10), allocations_of_rules_with_one_pattern(40));
    let of_rule = (many - few) / 30;
    assert!(of_rule < 1_000, "{of_rule} allocations for each rule");
}

#[test]
fn each_edit_command_has_a_row() {
    let map = include_str!("../../src/README.md");
    let table = map.split("<!-- the options").nth(1).expect("the map has the table of the edit commands");
    let commands: Vec<&str> =
        table.lines().filter_map(|line| line.strip_prefix("| `")?.split_once('`')).map(|(name, _)| name).collect();
    assert!(commands.len() > 20, "{commands:?}");
    let of_row = |row: &Row| (row.make)(row.n).command.split(' ').next().unwrap_or("");
    let missing: Vec<&&str> =
        commands.iter().filter(|command| !ROWS.iter().any(|row| of_row(row) == **command)).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn exponents_come_from_growth_alone() {
    let counts = |of: fn(u64) -> u64| [of(1000), of(2000), of(4000)].map(|count| count + 90_000_000);
    let exponents: Vec<String> = [counts(|n| 700 * n), counts(|n| n * n), counts(|n| n * n * n / 100), counts(|_| 5)]
        .iter()
        .map(|counts| exponent(counts).map_or("none".to_string(), |exponent| format!("{exponent:.2}")))
        .collect();
    assert_eq!(exponents, ["1.00", "2.00", "3.00", "none"]);
}

/// The counts of a row at n, 2n and 4n.
struct Growth {
    name: &'static str,
    n: usize,
    instructions: Option<[u64; 3]>,
    bytes: Option<[u64; 3]>,
}

impl Growth {
    fn of(row: &'static Row, n: usize, program: Option<&count::Program>) -> Self {
        let cases = [n, 2 * n, 4 * n].map(|n| (row.make)(n));
        let instructions = program.map(|program| {
            cases.each_ref().map(|case| program.instructions(case).unwrap_or_else(|why| panic!("{}: {why}", row.name)))
        });
        // The first run also allocates what later runs share, such as the documents of the rules.
        let _ = count::allocated_bytes(&cases[0]);
        // Cheaper to count, and smoother at a larger size.
        let bytes = [4 * n, 8 * n, 16 * n].map(|n| count::allocated_bytes(&(row.make)(n)));
        let bytes = bytes.iter().all(Option::is_some).then(|| bytes.map(Option::unwrap_or_default));
        Self { name: row.name, n, instructions, bytes }
    }

    fn is_too_fast(&self) -> bool {
        let is_more = |counts: Option<[u64; 3]>, most: f64| {
            counts.and_then(|counts| exponent(&counts)).is_some_and(|exponent| exponent > most)
        };
        is_more(self.instructions, MOST) || is_more(self.bytes, MOST_OF_BYTES)
    }

    fn line(&self) -> String {
        let of = |counts: Option<[u64; 3]>| match counts {
            None => "not counted".to_string(),
            Some(counts) => {
                let exponent = exponent(&counts).map_or("flat".to_string(), |exponent| format!("n^{exponent:.2}"));
                let [first, second, third] = counts.map(|count| count / 1000);
                format!("{exponent} (thousands: {first}, {second}, {third})")
            }
        };
        let (instructions, bytes) = (of(self.instructions), of(self.bytes));
        format!("{:44} n={:<6} instructions {instructions:45} bytes allocated {bytes}", self.name, self.n)
    }
}

/// The exponent of the growth between n and 2n and between 2n and 4n; `None` where nothing grows.
fn exponent(&[first, second, third]: &[u64; 3]) -> Option<f64> {
    let (near, far) = (second.saturating_sub(first), third.saturating_sub(second));
    #[expect(clippy::cast_precision_loss, reason = "counts stay below 2⁵³")]
    (far > LEAST).then(|| (far as f64 / near.max(1) as f64).log2())
}
