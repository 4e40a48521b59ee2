//! Jobs that are read a few at a time are those of a whole config.

use super::*;
use crate::config::ReadConfig;

fn job(at: usize) -> String {
    let fault = if at.is_multiple_of(7) { "  nosuch: 1\n" } else { "" };
    let rules = "  relabel_configs: [{action: drop, regex: '(?i)x', source_labels: [a]}]\n";
    format!("- job_name: j{}\n  static_configs: [{{targets: ['h:{at}']}}]\n{rules}{fault}", at % 50)
}

#[test]
fn streamed_jobs_are_those_of_a_whole_config() {
    let jobs: String = (0..60).map(job).collect();
    let text = format!("global: {{scrape_interval: 7s}}\nscrape_configs:\n{jobs}remote_write: [{{nosuch: 1}}]\n");
    let tree = Tree::parse(text.as_str());
    let mut sources = Sources::new();
    let file = sources.add("p.yml", text.as_str());
    let options = Options::default();
    let whole = ReadConfig::of_shape(Shape::Config, &mut sources, file, &tree, &Global::default(), &options);
    let wants: [&(dyn Fn(&str) -> bool + Sync); 3] = [&|_| true, &|name| name.ends_with('7'), &|_| false];
    for wants in wants {
        let mut stream = JobStream::open(Shape::Config, &sources, file, &tree, &options).expect("can be cut");
        let mut streamed = Vec::new();
        let read = stream.each(&options, wants, &mut |job| {
            streamed.push(job);
            Ok::<(), ()>(())
        });
        assert_eq!(read, Ok(()));
        let mut expected = whole.config.scrape_configs.clone();
        expected.retain(|job| wants(&job.job_name.value));
        assert_eq!(streamed, expected);
        let (config, faults) = stream.finish();
        assert_eq!((faults, &config.remote_write), (whole.faults.clone(), &whole.config.remote_write));
    }
}

/// A thread a task.
#[cfg(feature = "cli")]
struct Threads(usize);

#[cfg(feature = "cli")]
impl crate::options::Executor for Threads {
    fn width(&self) -> usize {
        self.0
    }

    fn run(&self, tasks: usize, task: &(dyn Fn(usize) + Sync)) {
        std::thread::scope(|scope| (0..tasks).rev().for_each(|index| drop(scope.spawn(move || task(index)))));
    }
}

#[cfg(feature = "cli")]
#[test]
fn streamed_jobs_depend_neither_on_the_executor_nor_on_the_size_of_chunks() {
    let text = format!("scrape_configs:\n{}", (0..60).map(job).collect::<String>());
    let tree = Tree::parse(text.as_str());
    let mut sources = Sources::new();
    let file = sources.add("p.yml", text.as_str());
    let streamed = |options: &Options<'_>| {
        let mut stream = JobStream::open(Shape::Config, &sources, file, &tree, options).expect("can be cut");
        let mut jobs = Vec::new();
        let wants = |name: &str| !name.ends_with('3');
        let read = stream.each(options, &wants, &mut |job| {
            jobs.push(job);
            Ok::<(), ()>(())
        });
        (read, jobs, stream.finish())
    };
    let whole = streamed(&Options::default());
    assert_eq!(whole.1.len(), 54);
    for (together, width) in [(1, 1), (1, 4), (7, 2), (1000, 3)] {
        let threads = Threads(width);
        let options = Options::default().with_jobs_together(together).with_executor(&threads);
        assert_eq!(streamed(&options), whole, "{together} jobs, {width} threads");
    }
}

#[test]
fn an_error_ends_the_stream() {
    let text = "scrape_configs: [{job_name: a}, {job_name: b}]";
    let tree = Tree::parse(text);
    let mut sources = Sources::new();
    let file = sources.add("p.yml", text);
    let options = Options::default();
    let mut stream = JobStream::open(Shape::Config, &sources, file, &tree, &options).expect("can be cut");
    let mut taken = 0;
    let read = stream.each(&options, &|_| true, &mut |_| {
        taken += 1;
        Err("full")
    });
    assert_eq!((read, taken), (Err("full"), 1));
}

#[test]
fn a_text_whose_jobs_are_not_certain_is_not_streamed() {
    for text in [
        "scrape_configs: [{<<: {job_name: a}}]",
        "scrape_configs: [{job_name: a, job_name: b}]",
        "scrape_configs: [{metrics_path: /m}]",
        "scrape_configs: [{job_name: ~}]",
        "scrape_configs: [{job_name: !!str a}]",
        "scrape_configs: [{job_name: &a x}, {job_name: *a}]",
        "scrape_configs: [x]",
        "scrape_config_files: [x.yml]",
        "scrape_configs: [",
    ] {
        let tree = Tree::parse(text);
        let mut sources = Sources::new();
        let file = sources.add("p.yml", text);
        assert!(JobStream::open(Shape::Config, &sources, file, &tree, &Options::default()).is_none(), "{text}");
    }
}
