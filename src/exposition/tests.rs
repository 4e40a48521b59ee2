//! Pages read as a whole.

use super::usual::UsualLines;
use super::*;

/// The samples and Prometheus's messages of a page, a line each.
fn read(text: &(impl AsRef<[u8]> + ?Sized), format: PageFormat) -> Vec<String> {
    Page::new(text, format)
        .map(|read| match read {
            Ok(sample) => {
                let labels: Vec<String> =
                    sample.labels.iter().map(|(name, value)| format!("{name}={value:?}")).collect();
                let time = sample.timestamp.map(|time| format!(" @{time}")).unwrap_or_default();
                format!("{}{{{}}} {}{time}", sample.name, labels.join(","), sample.value)
            }
            Err(fault) => format!("{}: {}", fault.line(), fault.upstream(text)),
        })
        .collect()
}

fn text(page: &str) -> Vec<String> {
    read(page, PageFormat::Text)
}

fn open_metrics(page: &str) -> Vec<String> {
    read(page, PageFormat::OpenMetrics)
}

#[test]
fn names_labels_values_and_times_are_read() {
    let page = "# HELP a x\n# TYPE a counter\na 1\na { b = \"c\\\"\\n\" , d=\"\", } 2.5e3 1700000000\n{\"my.metric\",\"x y\"=\"1\"} NaN\n\n# EOF\n";
    assert_eq!(text(page), ["a{} 1", "a{b=\"c\\\"\\n\",d=\"\"} 2500 @1700000000", "my.metric{x y=\"1\"} NaN"]);
    let page = "a 1 1.5\na{b=\"c\"} 1 # {t=\"x\"} 0.5 1\na_created 1 -1\n# EOF\n";
    assert_eq!(open_metrics(page), ["a{} 1 @1500", "a{b=\"c\"} 1", "a_created{} 1 @-1000"]);
}

#[test]
fn bounds_go_by_the_last_type() {
    let page = "# TYPE h histogram\nh_bucket{le=\"1\"} 1\nother{le=\"5\",quantile=\"1\"} 1\n# TYPE s summary\ns{quantile=\"0.10\",le=\"1\"} 1\n# TYPE g gauge\ng{le=\"1\"} 1\n";
    assert_eq!(
        text(page),
        [
            "h_bucket{le=\"1.0\"} 1",
            "other{le=\"5.0\",quantile=\"1\"} 1",
            "s{quantile=\"0.1\",le=\"1\"} 1",
            "g{le=\"1\"} 1"
        ]
    );
}

#[test]
fn blanks_at_the_start_of_a_line_are_part_of_the_name_in_the_text_format() {
    assert_eq!(text(" \tup{} 1\n"), [" \tup{} 1"]);
    assert_eq!(
        open_metrics(" up 1\n# EOF\n"),
        ["1: expected a valid start token, got \" \" (\"INVALID\") while parsing: \" \""]
    );
}

#[test]
fn values_may_have_lines_in_the_text_format() {
    assert_eq!(text("a{b=\"x\ny\"} 1\nc 2\n"), ["a{b=\"x\\ny\"} 1", "c{} 2"]);
    assert_eq!(open_metrics("a{b=\"x\ny\"} 1\n# EOF\n").len(), 2);
}

#[test]
fn every_fault_is_reported_with_its_line() {
    let page = "a x\nb 1\nc{d=e} 1\n\n# TYPE f other\ng{h=\"\nk 1\nl 1 2 3\n";
    let found: Vec<(usize, String)> =
        faults(page, PageFormat::Text).iter().map(|fault| (fault.line(), fault.message(page))).collect();
    let expected = [
        (1, "invalid number \"x\""),
        (3, "expected a label value in double quotes, found \"e\""),
        (5, "unknown metric type \"other\""),
        (6, "missing closing quote of a label value"),
        (8, "expected the end of the line after the timestamp, found \"3\""),
    ];
    assert_eq!(found, expected.map(|(line, message)| (line, message.to_string())));
}

#[test]
fn citations_end_with_the_byte_at_which_the_lexer_gave_up() {
    assert_eq!(
        text("a{é=\"1\"} 1\n"),
        ["1: expected label name, got \"\\xc3\" (\"INVALID\") while parsing: \"a{\\xc3\""]
    );
    assert_eq!(
        text("a{b=\"c"),
        ["1: expected label value, got \"\\\"c\\n\" (\"INVALID\") while parsing: \"a{b=\\\"c\\n\""]
    );
    assert_eq!(text("up"), ["1: expected value after metric, got \"\\n\" (\"INVALID\") while parsing: \"up\\n\""]);
}

#[test]
fn a_page_in_open_metrics_ends_with_its_last_line_and_nothing_after_it() {
    assert_eq!(open_metrics("a 1\n"), ["a{} 1", "2: data does not end with # EOF"]);
    assert_eq!(open_metrics("a 1\n# EOF"), ["a{} 1"]);
    assert_eq!(open_metrics("# EOF\n\n"), ["2: unexpected data after # EOF"]);
    assert_eq!(open_metrics(""), ["1: data does not end with # EOF"]);
    assert_eq!(text(""), Vec::<String>::new());
}

#[test]
fn metadata_is_checked() {
    assert_eq!(text("# TYPE a counter \n"), ["1: invalid metric type \"counter \""]);
    assert_eq!(text("# TYPE a\n"), ["1: invalid metric type \"\""]);
    assert_eq!(text("# HELP a\n# TYPES x\n#TYPE a b\n# HELP \"a b\" x\n"), Vec::<String>::new());
    assert_eq!(
        open_metrics("# UNIT a_seconds seconds\n# UNIT a seconds\n# TYPE a\n# EOF\n"),
        ["2: unit \"seconds\" not a suffix of metric \"a\"", "3: expected text in TYPE"]
    );
}

#[test]
fn bytes_of_value_zero_end_a_page_in_the_text_format_where_a_line_begins() {
    assert_eq!(text("a 1\n\0b x\n"), ["a{} 1"]);
    assert_eq!(text("a 1\n#\0\nb x\n"), ["a{} 1"]);
    assert_eq!(text("a{b=\"x\0y\"} 1\n# HELP a x\0y\nc 1\n"), ["a{b=\"x\\0y\"} 1", "c{} 1"]);
}

#[test]
fn numbers_are_those_of_older_go_releases() {
    assert_eq!(text("a 0x1p4\n"), ["1: unsupported character in float while parsing: \"a 0x1p4\""]);
    assert_eq!(
        text("a 1e400\n"),
        ["1: strconv.ParseFloat: parsing \"1e400\": value out of range while parsing: \"a 1e400\""]
    );
    assert_eq!(
        text("a 1 99999999999999999999\n"),
        [
            "1: strconv.ParseInt: parsing \"99999999999999999999\": value out of range while parsing: \"a 1 99999999999999999999\""
        ]
    );
    assert_eq!(open_metrics("a 1 NaN\na 1 -inf\n# EOF\n"), ["1: invalid timestamp NaN", "2: invalid timestamp -Inf"]);
    assert_eq!(open_metrics("a 1 # {} 1 inf\n# EOF\n"), ["1: invalid exemplar timestamp +Inf"]);
}

#[test]
fn a_page_is_known_by_its_first_line() {
    for page in ["\n# x\n# HELP up x\nup{\n", "# TYPE up gauge\n", "up{a=\"b\"} 1", "up 1\nup x\nup{a=\"b\"} 1"] {
        assert!(is_page(page), "{page:?}");
    }
    for other in
        ["", "# x\n", "root:x:0:0:root:/root:/bin/bash\n", "up{\n", "password 2\n", "marker: 1\n", "{\"a\": 1}\n"]
    {
        assert!(!is_page(other), "{other:?}");
    }
}

#[test]
fn bytes_that_are_not_text_are_refused_where_prometheus_refuses_them() {
    let of_text = |page: &[u8]| read(page, PageFormat::Text);
    assert_eq!(of_text(b"# \xff\na 1\n#\xff\n# HELPX \xff\n"), ["a{} 1"]);
    assert_eq!(of_text(b"# HELP a \xffb\n"), ["1: help text \"\\xffb\" is not a valid utf8 string"]);
    // The first byte after the name is skipped, whichever it is.
    assert_eq!(of_text(b"# HELP a\xff b\n"), Vec::<String>::new());
    assert_eq!(text("# HELP a\u{e9} b\n"), ["1: help text \"\\xa9 b\" is not a valid utf8 string"]);
    assert_eq!(of_text(b"# TYPE a \xff\n"), ["1: invalid metric type \"\\xff\""]);
    assert_eq!(of_text(b"a{b=\"\xff\"} 1\nc 1\n"), ["1: invalid UTF-8 label value: \"\\\"\\xff\\\"\"", "c{} 1"]);
    assert_eq!(
        of_text(b"{\"\xff\",b=\"1\"} 1\n"),
        ["1: invalid metric name or label names: {__name__=\"\\xff\", b=\"1\"}"]
    );
    assert_eq!(
        of_text(b"a{\"\xff\"=\"\\\"\"} 1\n"),
        ["1: invalid metric name or label names: {__name__=\"a\", \"\\xff\"=\"\\\"\"}"]
    );
    assert_eq!(
        of_text(b"a \xff\n"),
        ["1: strconv.ParseFloat: parsing \"\\xff\": invalid syntax while parsing: \"a \\xff\""]
    );
    assert_eq!(
        read(b"a 1 # {b=\"\xff\"} 1\n# EOF\n", PageFormat::OpenMetrics),
        ["1: invalid UTF-8 label value: \"\\\"\\xff\\\"\""]
    );
}

#[test]
fn places_are_those_of_the_text_that_is_shown() {
    let page = b"# \xff\xfe\na{b=\"\xff\"} 1\n\xc3 c x\nd x\n";
    let mut sources = Sources::new();
    let file = sources.add("page", String::from_utf8_lossy(page).into_owned());
    let found = diagnostics(&sources, file, page, PageFormat::Text);
    let places: Vec<String> = found.iter().map(|found| sources.describe(found.at)).collect();
    assert_eq!(places, ["page:2:5", "page:3:1", "page:4:3"]);
}

#[test]
fn names_without_quotes_in_braces_need_a_value() {
    for page in ["{a} 1\n", "{a,b=\"c\"} 1\n"] {
        let found = [text(page), open_metrics(&format!("{page}# EOF\n"))];
        assert!(found.iter().all(|found| found[0].starts_with("1: expected equal, got ")), "{found:?}");
    }
}

/// The samples and faults of a page in words, as NaN is not equal to itself, with Prometheus's messages about the faults.
fn items(mut page: Page<'_>, text: &str) -> Vec<String> {
    let mut items = Vec::new();
    let mut sample = PageSample::default();
    while let Some(read) = page.read(&mut sample) {
        items.push(match read {
            Ok(()) => format!("{sample:?}"),
            Err(fault) => format!("{fault:?} {}", fault.upstream(text)),
        });
    }
    items
}

#[test]
fn usual_lines_are_read_as_the_lexer_reads_them() {
    const PARTS: [&str; 58] = [
        "a",
        "up",
        "h_bucket",
        "le",
        "quantile",
        "b",
        "9",
        ":c",
        "_d",
        "{",
        "}",
        "{a=\"1\"}",
        "{le=\"1\"}",
        "{quantile=\"0.50\"}",
        "{a=\"x\",b=\"y\"}",
        "{a=\"x\", b=\"y\",}",
        "{a=\"\\\"\\n\\\\\\x\"}",
        "{a=\"\\\n\"}",
        "{\"q\",a=\"\"}",
        "{}",
        "a=\"\"",
        "\"",
        "=",
        ",",
        "\\",
        " ",
        " ",
        " ",
        "\t",
        "\n",
        "\n",
        "\n",
        "\n",
        " 1",
        " 2.5\n",
        " 1e3\n",
        " +Inf\n",
        " NaN\n",
        " 0x1p3\n",
        " 1_0\n",
        " 1 5\n",
        " 1 5 \n",
        " 1 1.5\n",
        " 1 # {t=\"x\"} 1\n",
        " 1 99999999999999999999\n",
        "# HELP a x\n",
        "# HELP  a x\n",
        "# TYPE h histogram\n",
        "# TYPE s summary\n",
        "# TYPE a counter \n",
        "# TYPE a x\n",
        "# UNIT a_s s\n",
        "#",
        "# x\n",
        "# EOF\n",
        "é",
        "\0",
        "\r",
    ];
    let mut state = 1_u32;
    let mut next = |bound: usize| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 8) as usize % bound
    };
    let mut samples = 0;
    for _ in 0..40_000 {
        let text: String = (0..next(16)).map(|_| PARTS[next(PARTS.len())]).collect();
        for format in [PageFormat::Text, PageFormat::OpenMetrics] {
            let usual = items(Page::new(&text, format), &text);
            let mut page = Page::new(&text, format);
            page.usual = UsualLines::new(b"", format);
            assert_eq!(usual, items(page, &text), "{text:?}");
            samples += usual.iter().filter(|item| item.starts_with("PageSample")).count();
        }
    }
    assert!(samples > 5_000, "{samples}");
}
