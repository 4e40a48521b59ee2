//! How work that can be done in parallel is done: the library starts no thread, its caller may.

/// Runs tasks that do not depend on each other. Results never depend on the executor.
///
/// An executor that uses the threads of the standard library:
///
/// ```
/// use std::sync::atomic::{AtomicUsize, Ordering};
/// use promcfg::lint::lint_config;
/// use promcfg::yaml::Tree;
/// use promcfg::{Executor, Options, Sources};
///
/// struct Threads;
///
/// impl Executor for Threads {
///     fn width(&self) -> usize {
///         2
///     }
///
///     fn run(&self, tasks: usize, task: &(dyn Fn(usize) + Sync)) {
///         std::thread::scope(|scope| (0..tasks).for_each(|index| drop(scope.spawn(move || task(index)))));
///     }
/// }
///
/// let tree = Tree::parse("scrape_configs:\n- job_nam: a\n- job_name: b\n");
/// let lint = |options: &Options<'_>| lint_config(&mut Sources::new(), "p.yml", &tree, options);
/// assert_eq!(lint(&Options::default()), lint(&Options::default().with_executor(&Threads)));
/// ```
pub trait Executor: Send + Sync {
    /// The number of tasks that may run at the same time.
    fn width(&self) -> usize;

    /// Runs the task for each index below `tasks` once, in any order and on any thread, and returns when all are done.
    fn run(&self, tasks: usize, task: &(dyn Fn(usize) + Sync));
}

/// Runs one task after the other, on the thread of the caller.
///
/// ```
/// use promcfg::{Executor, InOrder};
/// let done = std::sync::Mutex::new(Vec::new());
/// InOrder.run(3, &|task| done.lock().unwrap().push(task));
/// assert_eq!((InOrder.width(), done.into_inner().unwrap()), (1, vec![0, 1, 2]));
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub struct InOrder;

impl Executor for InOrder {
    fn width(&self) -> usize {
        1
    }

    fn run(&self, tasks: usize, task: &(dyn Fn(usize) + Sync)) {
        (0..tasks).for_each(task);
    }
}
