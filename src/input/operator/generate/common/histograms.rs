//! The switches for histograms, of jobs and of `global`.
//!
//! Source: `addNativeHistogramConfig`.

use super::super::super::document::Out;
use super::super::super::value::{Data, Value};
use super::super::Server;

/// Adds the switches that are given and that the version knows.
pub(in super::super) fn put(server: &Server<'_>, job: &mut Out, own: &Value) {
    let given = |key: &str, since: (u64, u64)| Out::member(own, key).filter(|_| server.is_from(since.0, since.1));
    job.put_some("scrape_native_histograms", given("scrapeNativeHistograms", (3, 8)));
    job.put_some("native_histogram_bucket_limit", given("nativeHistogramBucketLimit", (2, 45)));
    let factor = own.get("nativeHistogramMinBucketFactor").filter(|_| server.is_from(2, 50));
    job.put_some("native_histogram_min_bucket_factor", factor.map(quantity));
    // All versions of 3, with those before its release.
    let is_3 = server.version.major >= 3;
    let classic = if is_3 { "always_scrape_classic_histograms" } else { "scrape_classic_histograms" };
    job.put_some(classic, given("scrapeClassicHistograms", (2, 45)));
    let custom = given("convertClassicHistogramsToNHCB", (3, 0));
    job.put_some("convert_classic_histograms_to_nhcb", custom);
}

/// The number that a quantity of Kubernetes is, such as `1.1`, `1100m` or `2Ki`.
pub(in super::super) fn quantity(value: &Value) -> Out {
    let Data::Text(text) = &value.data else { return Out::copied(value) };
    let at = text.find(|c: char| !matches!(c, '0'..='9' | '.' | '+' | '-')).unwrap_or(text.len());
    let (number, suffix) = text.split_at(at);
    let scale = match suffix {
        "" => 1.0,
        "n" => 1e-9,
        "u" => 1e-6,
        "m" => 1e-3,
        "k" => 1e3,
        "M" => 1e6,
        "G" => 1e9,
        "T" => 1e12,
        "P" => 1e15,
        "E" => 1e18,
        "Ki" => 1024.0,
        "Mi" => 1_048_576.0,
        "Gi" => 1_073_741_824.0,
        "Ti" => 1_099_511_627_776.0,
        "Pi" => 1_125_899_906_842_624.0,
        "Ei" => 1_152_921_504_606_846_976.0,
        _ => match text.parse() {
            Ok(number) => return Out::float(number).because(value.at),
            Err(_) => return Out::copied(value),
        },
    };
    match number.parse::<f64>() {
        Ok(number) => Out::float(number * scale).because(value.at),
        Err(_) => Out::copied(value),
    }
}
