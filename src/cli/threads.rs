//! The threads of the tool, one a core; they are started when they are first used.

use promcfg::Executor;
use rayon::prelude::*;

/// Divides work among the threads.
pub(super) struct Threads;

impl Executor for Threads {
    fn width(&self) -> usize {
        std::thread::available_parallelism().map_or(1, usize::from)
    }

    fn run(&self, tasks: usize, task: &(dyn Fn(usize) + Sync)) {
        (0..tasks).into_par_iter().with_max_len(1).for_each(task);
    }
}
