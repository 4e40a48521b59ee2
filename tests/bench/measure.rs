//! Times and memory of work and of its peer, one after the other, and the table of their medians.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command as Process, Stdio};
use std::time::{Duration, Instant};

/// A program with its arguments, whose output is thrown away.
pub(crate) struct Command {
    program: String,
    arguments: Vec<String>,
    folder: PathBuf,
    is_on_one_thread: bool,
}

impl Command {
    pub(crate) fn new(program: &str, folder: &Path, arguments: &[&str]) -> Self {
        let arguments = arguments.iter().map(ToString::to_string).collect();
        Self { program: program.to_string(), arguments, folder: folder.to_path_buf(), is_on_one_thread: false }
    }

    pub(crate) fn on_one_thread(self) -> Self {
        Self { is_on_one_thread: true, ..self }
    }

    fn process(&self) -> Process {
        let mut process = Process::new(&self.program);
        process.args(&self.arguments).current_dir(&self.folder).stdout(Stdio::null()).stderr(Stdio::null());
        if self.is_on_one_thread {
            process.env("RAYON_NUM_THREADS", "1");
        }
        process
    }

    pub(crate) fn succeeds(&self) -> bool {
        self.process().status().is_ok_and(|status| status.success())
    }

    pub(crate) fn seconds(&self) -> f64 {
        seconds(|| self.succeeds())
    }

    /// The most memory that a run had, in bytes: the last value before its end. Only Linux knows it.
    pub(crate) fn memory(&self) -> f64 {
        let Ok(mut child) = self.process().spawn() else { return f64::NAN };
        let status = format!("/proc/{}/status", child.id());
        let mut most = f64::NAN;
        while let Ok(None) = child.try_wait() {
            let text = std::fs::read_to_string(&status).unwrap_or_default();
            let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
            let kilobytes = line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<f64>().ok());
            most = kilobytes.map_or(most, |kilobytes| kilobytes * 1024.0);
            std::thread::sleep(Duration::from_micros(300));
        }
        most
    }
}

/// How long some work takes.
pub(crate) fn seconds<T>(work: impl FnOnce() -> T) -> f64 {
    let start = Instant::now();
    std::hint::black_box(work());
    start.elapsed().as_secs_f64()
}

/// What the numbers of a row are.
#[derive(Clone, Copy)]
pub(crate) enum Measure {
    /// Seconds for so many things; shown for each.
    Seconds {
        things: usize,
    },
    /// Seconds for so many bytes; shown with the bytes a second.
    Throughput {
        bytes: usize,
    },
    Memory,
}

impl Measure {
    pub(crate) fn each(things: usize) -> Self {
        Self::Seconds { things }
    }

    pub(crate) fn throughput(bytes: usize) -> Self {
        Self::Throughput { bytes }
    }

    #[expect(clippy::cast_precision_loss, reason = "numbers are shown with three digits")]
    fn show(self, number: f64) -> String {
        if number.is_nan() {
            return "-".to_string();
        }
        match self {
            Self::Seconds { things } => show_seconds(number / things as f64),
            Self::Throughput { bytes } => {
                format!("{} ({:.0} MB/s)", show_seconds(number), bytes as f64 / number / 1e6)
            }
            Self::Memory => format!("{:.1} MB", number / 1e6),
        }
    }
}

fn show_seconds(seconds: f64) -> String {
    match seconds {
        _ if seconds >= 1.0 => format!("{seconds:.2} s"),
        _ if seconds >= 1e-3 => format!("{:.2} ms", seconds * 1e3),
        _ => format!("{:.3} µs", seconds * 1e6),
    }
}

/// Prints rows as they are measured.
pub(crate) struct Table {
    runs: usize,
    word: String,
}

impl Table {
    /// The head of the table is printed at once.
    pub(crate) fn new() -> Self {
        let runs = std::env::var("GOALS_RUNS").ok().and_then(|runs| runs.parse().ok()).unwrap_or(10);
        let word = std::env::args().skip(1).find(|word| !word.starts_with('-')).unwrap_or_default();
        print_row(["work", "ours", "peer", "ratio", "goal"]);
        Self { runs, word }
    }

    /// A row of the time of a command.
    pub(crate) fn command(&mut self, work: &str, ours: &Command, peer: Option<&Command>, goal: &str) {
        if self.selects(work) {
            assert!(ours.succeeds(), "{work} fails");
        }
        let mut peer = peer.map(|peer| || peer.seconds());
        let peer = peer.as_mut().map(|peer| peer as &mut dyn FnMut() -> f64);
        self.row(work, Measure::each(1), &mut || ours.seconds(), peer, goal);
    }

    /// A row of the memory of a command.
    pub(crate) fn memory(&mut self, work: &str, ours: &Command, peer: Option<&Command>, goal: &str) {
        let mut peer = peer.map(|peer| || peer.memory());
        let peer = peer.as_mut().map(|peer| peer as &mut dyn FnMut() -> f64);
        self.row(&format!("{work}: memory"), Measure::Memory, &mut || ours.memory(), peer, goal);
    }

    /// A row of medians; ours and the peer take turns.
    pub(crate) fn row(
        &mut self,
        work: &str,
        measure: Measure,
        ours: &mut dyn FnMut() -> f64,
        mut peer: Option<&mut dyn FnMut() -> f64>,
        goal: &str,
    ) {
        if !self.selects(work) {
            return;
        }
        let (mut numbers, mut of_peer) = (Vec::new(), Vec::new());
        for _ in 0..self.runs {
            numbers.push(ours());
            of_peer.extend(peer.as_mut().map(|peer| peer()));
        }
        let (ours, peer) = (median(numbers), median(of_peer));
        let ratio = if (peer / ours).is_finite() { format!("{:.1}", peer / ours) } else { "-".to_string() };
        print_row([work, &measure.show(ours), &measure.show(peer), &ratio, goal]);
    }

    fn selects(&self, work: &str) -> bool {
        work.contains(&self.word)
    }
}

fn median(numbers: Vec<f64>) -> f64 {
    let mut numbers = numbers;
    numbers.sort_by(f64::total_cmp);
    numbers.get(numbers.len() / 2).copied().unwrap_or(f64::NAN)
}

fn print_row(cells: [&str; 5]) {
    let [work, ours, peer, ratio, goal] = cells;
    let mut out = std::io::stdout().lock();
    // A reader that closes the pipe wants no more rows.
    let _ = writeln!(out, "{work:<40}  {ours:>22}  {peer:>22}  {ratio:>6}  {goal}");
}
