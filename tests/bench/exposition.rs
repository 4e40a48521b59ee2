//! Reading a scraped page of 8 MB: promcfg's samples beside a plain peer that splits lines at quotes and checks nothing. Read
//! the ratio, not the times; the throughput is printed as well.

use std::fmt::Write as _;
use std::hint::black_box;
use std::time::Duration;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use promcfg::exposition::{Page, PageFormat, PageSample};

/// A page of histograms and gauges, as most series of a server are.
fn page(bytes: usize, end: &str) -> String {
    let mut page = String::new();
    let mut index = 0;
    while page.len() < bytes {
        let name = format!("http_request_duration_seconds_{index}");
        let _ = write!(page, "# HELP {name} The time that requests take, by handler.\n# TYPE {name} histogram\n");
        for code in ["200", "404", "500"] {
            for bound in ["0.005", "0.1", "1", "10", "+Inf"] {
                let labels = format!("code=\"{code}\",handler=\"/api/v1/query_range\",method=\"get\",le=\"{bound}\"");
                let _ = writeln!(page, "{name}_bucket{{{labels}}} {}", index * 7);
            }
        }
        let _ = write!(page, "{name}_sum 1234.5\n{name}_count 42\n# TYPE goroutines_{index} gauge\n");
        let _ = writeln!(page, "goroutines_{index} 1.7e+02");
        index += 1;
    }
    page + end
}

/// The number of samples that are read, each into the memory of the one before.
fn samples(page: &str, format: PageFormat) -> usize {
    let (mut page, mut sample, mut samples) = (Page::new(page, format), PageSample::default(), 0);
    while let Some(read) = page.read(&mut sample) {
        read.expect("is a sample");
        black_box(&sample);
        samples += 1;
    }
    samples
}

/// The name, the names and values of the labels, and the value of each line.
fn split(page: &str) -> usize {
    let mut samples = 0;
    for line in page.lines().filter(|line| !line.starts_with('#')) {
        let (series, value) = line.rsplit_once(' ').expect("has a value");
        let (name, labels) = series.split_once('{').unwrap_or((series, ""));
        let mut pairs = Vec::new();
        let mut parts = labels.split('"');
        while let (Some(label), Some(value)) = (parts.next(), parts.next()) {
            pairs.push((label, value));
        }
        black_box((name, pairs, value.parse::<f64>().expect("is a number")));
        samples += 1;
    }
    samples
}

fn exposition(criterion: &mut Criterion) {
    for (format, end) in [(PageFormat::Text, ""), (PageFormat::OpenMetrics, "# EOF\n")] {
        let page = page(8_000_000, end);
        let read = |page: &str| samples(page, format);
        assert_eq!(read(&page), split(&page));
        let mut group = criterion.benchmark_group(format!("exposition {format:?}"));
        group.sample_size(10).measurement_time(Duration::from_secs(5));
        group.throughput(Throughput::Bytes(page.len() as u64));
        group.bench_function("promcfg: samples", |bencher| bencher.iter(|| read(&page)));
        group.bench_function("peer: split at quotes", |bencher| bencher.iter(|| split(&page)));
        group.finish();
    }
}

criterion_group!(benches, exposition);
criterion_main!(benches);
