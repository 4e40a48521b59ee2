//! Work beside its peer in one run: each is done in turn, so that a busy machine is busy for both.

use std::time::{Duration, Instant};

const ROUNDS: usize = 10;

/// Prints the medians of ten runs of some work and of its peer, a unit each, and how many times as fast it is.
#[allow(clippy::print_stdout, reason = "a benchmark prints what it measures")]
pub(crate) fn print_ratio(name: &str, units: usize, mut work: impl FnMut(), peer_name: &str, mut peer: impl FnMut()) {
    let time = |work: &mut dyn FnMut()| {
        let start = Instant::now();
        work();
        start.elapsed()
    };
    // What is learned from the first sets is no part of it.
    work();
    let (mut times, mut peer_times) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        times.push(time(&mut work));
        peer_times.push(time(&mut peer));
    }
    let (own, other) = (median(times), median(peer_times));
    #[expect(clippy::cast_precision_loss, reason = "counts are small")]
    let of_one = |time: Duration| time.as_secs_f64() * 1e6 / units as f64;
    let ratio = other.as_secs_f64() / own.as_secs_f64();
    println!("{name}: {:.3} µs; {peer_name}: {:.3} µs; {ratio:.1} times as fast", of_one(own), of_one(other));
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times.get(times.len() / 2).copied().unwrap_or_default()
}
