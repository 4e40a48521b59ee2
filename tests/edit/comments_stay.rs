//! Comments anywhere in a config: an edit and its undo give the text back to the byte, and no edit loses one.

use super::run::Fixture;

const CONFIG: &str = "\
global:
  scrape_interval: 15s
rule_files:
  - a.yml
scrape_configs:
  - job_name: a
    static_configs:
      - targets:
          - h:1
          - h:2
        labels:
          team: x
      - targets: ['g:1']
    relabel_configs:
      - target_label: env
        replacement: prod
  - job_name: b
    scrape_interval: 5s
    static_configs:
      - targets: [i:1, i:2]
";

/// An edit, and the one that takes it back.
const PAIRS: [(&[&str], &[&str]); 14] = [
    (&["set", "global.external_labels.zone=eu"], &["unset", "global.external_labels"]),
    (&["set", "global.scrape_timeout=10s"], &["unset", "global.scrape_timeout"]),
    (&["set", "remote_write=[{url: http://x/}]"], &["unset", "remote_write"]),
    (&["set", "scrape_timeout=3s", "--job", "b"], &["unset", "scrape_timeout", "--job", "b"]),
    (&["set", "params.x=[y]", "--job", "a"], &["unset", "params", "--job", "a"]),
    (&["add-target", "h:9", "--job", "a"], &["remove-target", "h:9", "--job", "a"]),
    (&["add-target", "h:9", "--job", "a", "--label", "k=v"], &["remove-target", "h:9", "--job", "a"]),
    (&["add-target", "h:9", "--job", "b"], &["remove-target", "h:9", "--job", "b"]),
    (&["drop-metric", "x_.*", "--job", "b"], &["unset", "metric_relabel_configs", "--job", "b"]),
    (&["add-label", "zone=eu", "--job", "b"], &["remove-label", "zone", "--job", "b"]),
    (&["add-label", "zone", "--from", "__address__", "--job", "a"], &["remove-label", "zone", "--job", "a"]),
    (&["limit", "--samples", "10", "--job", "b"], &["unset", "sample_limit", "--job", "b"]),
    (&["add-job", "new", "--preset", "static", "--target", "z:1"], &["remove-job", "new"]),
    (&["copy-job", "a", "new"], &["remove-job", "new"]),
];

/// The config with comments above one of its lines, in the columns that lines around it have and in a deeper one.
fn noted(line: usize, shape: &str) -> Vec<String> {
    let lines: Vec<&str> = CONFIG.lines().collect();
    let indent = |line: Option<&&str>| line.map_or(0, |line| line.len() - line.trim_start_matches(' ').len());
    let (above, below) = (indent(line.checked_sub(1).and_then(|above| lines.get(above))), indent(lines.get(line)));
    let mut columns = vec![0, above, below, above + 2];
    columns.sort_unstable();
    columns.dedup();
    let note = |column: &usize| {
        let added: String = shape
            .chars()
            .map(|sign| if sign == '#' { format!("{}# note\n", " ".repeat(*column)) } else { "\n".to_string() })
            .collect();
        let text = |lines: &[&str]| lines.iter().map(|line| format!("{line}\n")).collect::<String>();
        format!("{}{added}{}", text(&lines[..line]), text(&lines[line..]))
    };
    columns.iter().map(note).collect()
}

#[test]
fn comments_anywhere_stay_through_an_edit_and_its_undo() {
    // Each pair meets each place in one of the shapes: in all shapes it would take minutes.
    let shapes = ["#", "_#", "#_", "_#_", "##"];
    let mut run = 0;
    for line in 0..=CONFIG.lines().count() {
        for (pair, (edit, undo)) in PAIRS.iter().enumerate() {
            let texts = noted(line, shapes[(line + pair) % shapes.len()]);
            let text = &texts[(line / 2 + pair) % texts.len()];
            let fixture = Fixture::of_text("p.yml", text);
            for command in [edit, undo] {
                let outcome = fixture.run(command[0], &command[1..]);
                assert_eq!(outcome.status, 0, "{command:?} on\n{text}\n{}", outcome.shown());
                let notes = fixture.text().matches("# note").count();
                let copied = usize::from(command[0] == "copy-job") * text.matches("# note").count();
                let kept = text.matches("# note").count();
                assert!(kept <= notes && notes <= kept + copied, "{command:?} on\n{text}\n{}", fixture.text());
                run += 1;
            }
            assert_eq!(&fixture.text(), text, "{edit:?} and {undo:?}");
        }
    }
    assert_eq!(run, 21 * PAIRS.len() * 2);
}

#[test]
fn the_comment_at_the_end_of_a_section_stays_when_the_section_gets_a_field_and_loses_it() {
    let stock = "# my global config\nglobal:\n  scrape_interval: 15s # Default is every 1 minute.\n  # scrape_timeout is set to the global default (10s).\n\n# Alertmanager\nalerting:\n  alertmanagers:\n    - static_configs:\n        - targets:\n          # - alertmanager:9093\n\n# A scrape configuration:\n# Prometheus itself.\nscrape_configs:\n  # The job name is a label.\n  - job_name: \"prometheus\"\n\n    # metrics_path defaults to '/metrics'\n\n    static_configs:\n      - targets: [\"localhost:9090\"]\n";
    let fixture = Fixture::of_text("prometheus.yml", stock);
    let outcome = fixture.run("set", &["global.external_labels.zone=eu"]);
    let line = "  # scrape_timeout is set to the global default (10s).\n";
    let expected = stock.replace(line, &format!("  external_labels:\n    zone: eu\n{line}"));
    assert_eq!((outcome.status, fixture.text()), (0, expected), "{}", outcome.shown());
    let outcome = fixture.run("unset", &["global.external_labels"]);
    assert_eq!((outcome.status, fixture.text().as_str()), (0, stock), "{}", outcome.shown());
}

#[test]
fn a_job_goes_without_the_comments_that_are_apart_from_it() {
    let text = "scrape_configs:\n- job_name: a\n  static_configs: [{targets: [h:1]}]\n\n# ---- databases ----\n\n# - job_name: old\n#   static_configs: [{targets: [h:0]}]\n\n# the shop\n- job_name: b\n  static_configs: [{targets: [h:2]}]\n# tail\n";
    let fixture = Fixture::of_text("p.yml", text);
    let outcome = fixture.run("remove-job", &["b"]);
    let expected = text.replace("# the shop\n- job_name: b\n  static_configs: [{targets: [h:2]}]\n", "");
    assert_eq!((outcome.status, fixture.text()), (0, expected), "{}", outcome.shown());
}

#[test]
fn the_header_of_a_file_stays_when_its_first_section_goes() {
    let text = "# managed by the platform team\nglobal:\n  scrape_interval: 15s\nscrape_configs: []\n";
    let fixture = Fixture::of_text("p.yml", text);
    let outcome = fixture.run("unset", &["global.scrape_interval"]);
    let expected = "# managed by the platform team\n\nscrape_configs: []\n".to_string();
    assert_eq!((outcome.status, fixture.text()), (0, expected), "{}", outcome.shown());
}
