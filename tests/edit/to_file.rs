//! `move-target --to-file`: targets go to a target file, and are scraped as before.

use std::collections::BTreeMap;

use promcfg::config::ScrapeConfig;
use promcfg::edit::{EditError, MoveTargetToFile, Selection};
use promcfg::files::MemoryFiles;
use promcfg::simulate::{JobSimulator, Owner, Status, TargetFiles, known_targets};
use promcfg::{Document, Options, Sources};

use super::corpus::{corpus, texts};
use super::run::Fixture;
use super::wild::in_all_styles;

const TEXT: &str = "scrape_configs:
- job_name: web
  static_configs:
  - targets:
    - a:1 # first
    # the second
    - b:1
    labels: {env: prod}
  - targets: ['c:1']
";

const NEW: &str = "- targets:
    - a:1 # first
    # the second
    - b:1
  labels:
    env: prod
";

#[test]
fn targets_and_their_comments_go_to_a_new_file() {
    let fixture = Fixture::of_text("p.yml", TEXT);
    let words = ["a:1", "b:1", "--to-file", "web.yml"];
    let outcome = fixture.run("move-target", &words);
    assert_eq!(outcome.status, 0, "{}", outcome.shown());
    let file = std::fs::read_to_string(fixture.path("web.yml")).unwrap();
    assert_eq!(file.replace("'a:1'", "a:1").replace("'b:1'", "b:1"), NEW);
    let rest = "scrape_configs:\n- job_name: web\n  file_sd_configs:\n  - files: [web.yml]\n  static_configs:\n  - targets: ['c:1']\n";
    assert_eq!(fixture.text(), rest);
    assert!(outcome.stdout.ends_with("2 targets move to web.yml, and no label changes\n"), "{}", outcome.shown());
    let again = fixture.run("move-target", &words);
    assert!(again.stdout.starts_with("nothing to do: "), "{}", again.shown());
    let outcome = fixture.run("move-target", &["c:1", "--to-file", "web.yml"]);
    assert_eq!(fixture.text(), rest.replace("  static_configs:\n  - targets: ['c:1']\n", ""), "{}", outcome.shown());
    let file = std::fs::read_to_string(fixture.path("web.yml")).unwrap();
    assert!(file.ends_with("    env: prod\n- targets:\n    - 'c:1'\n"), "{file}");
}

#[test]
fn json_is_written_by_the_ending_and_has_no_comments() {
    let fixture = Fixture::of_text("p.yml", TEXT);
    let outcome = fixture.run("move-target", &["c:1", "--to-file", "web.json"]);
    assert_eq!(outcome.status, 0, "{}", outcome.shown());
    assert_eq!(std::fs::read_to_string(fixture.path("web.json")).unwrap(), "[\n  {\"targets\": [\"c:1\"]}\n]\n");
    let outcome = fixture.run("move-target", &["a:1", "--to-file", "other.json"]);
    assert!(
        outcome.status == 1 && outcome.stderr.contains("has a comment, which JSON cannot have"),
        "{}",
        outcome.shown()
    );
    assert!(!fixture.path("other.json").exists());
}

#[test]
fn nothing_is_written_without_the_folder_or_where_others_read_the_file() {
    let fixture = Fixture::of_text("p.yml", TEXT);
    let outcome = fixture.run("move-target", &["c:1", "--to-file", "targets/web.yml"]);
    assert!(outcome.status == 2 && outcome.stderr.contains("its folder does not exist"), "{}", outcome.shown());
    assert!(!fixture.has_changed());
    let other = "- job_name: other\n  file_sd_configs: [{files: ['t/*.yml']}]\n";
    let by_path = "  relabel_configs: [{source_labels: [__meta_filepath], target_label: file}]\n";
    let own = "  file_sd_configs: [{files: [none.yml]}]\n";
    for (text, file, status, message) in [
        (format!("{TEXT}{other}"), "t/web.yml", 1, "job other also reads t/web.yml"),
        (format!("{TEXT}{by_path}"), "web.yml", 1, "a rule reads the path of their file"),
        (format!("{TEXT}{own}"), "web.yml", 2, "no file matches"),
        (TEXT.to_string(), "old.yml", 1, "old.yml exists, and job web does not read it"),
        (TEXT.to_string(), "*.yml", 2, "is not the path of one file"),
        (TEXT.to_string(), "web.txt", 2, "does not read \"web.txt\" as a target file"),
    ] {
        let fixture = Fixture::of_text("p.yml", &text);
        fixture.write("old.yml", "- targets: [x:1]\n");
        fixture.write("t/a.yml", "- targets: [y:1]\n");
        let outcome = fixture.run("move-target", &["c:1", "--to-file", file]);
        let words = outcome.stderr.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(outcome.status == status && words.contains(message), "{message}: {}", outcome.shown());
        assert!(!fixture.has_changed() && !fixture.path(file).exists() || file == "old.yml");
    }
}

#[test]
fn a_file_that_a_pattern_of_the_job_matches_needs_no_entry() {
    let text = format!("{TEXT}  file_sd_configs: [{{files: ['t/*.yml']}}]\n");
    let fixture = Fixture::of_text("p.yml", &text);
    fixture.write("t/a.yml", "- targets: [x:1]\n");
    fixture.write("t/z.yml", "- targets: [z:1]\n");
    let outcome = fixture.run("move-target", &["c:1", "--to-file", "t/m.yml"]);
    assert_eq!(outcome.status, 0, "{}", outcome.shown());
    assert_eq!(fixture.text(), text.replace("  - targets: ['c:1']\n", ""));
    assert_eq!(std::fs::read_to_string(fixture.path("t/m.yml")).unwrap(), "- targets:\n    - 'c:1'\n");
}

#[test]
fn a_script_can_use_the_new_file() {
    let fixture = Fixture::of_text("p.yml", TEXT);
    let script = "{\"command\": \"move-target\", \"config\": \"p.yml\", \"addresses\": [\"c:1\"], \"to-file\": \"web.yml\"}\n\
        {\"command\": \"add-target\", \"config\": \"p.yml\", \"addresses\": [\"d:1\"], \"job\": [\"web\"], \"label\": [\"env=prod\"]}\n";
    let outcome = fixture.run_words(&["edit", "--script", "-"], script);
    assert_eq!(outcome.status, 0, "{}", outcome.shown());
    assert!(fixture.text().contains("    - d:1\n") && fixture.path("web.yml").exists(), "{}", fixture.text());
}

/// The labels and URLs of all targets of a job that are scraped, those of target files among them.
fn scraped(name: &str, text: &str, files: &MemoryFiles, job: &str) -> Option<Vec<String>> {
    let options = Options::new(files);
    let document = Document::new(name, text, &options);
    let own: &ScrapeConfig = document.jobs().iter().find(|own| own.job_name.value == job)?;
    let mut sources: Sources = document.sources().clone();
    let (known, _) = known_targets(Owner::Job(own), &mut sources, &options, &mut TargetFiles::new());
    let mut simulator = JobSimulator::new(own, false).ok()?;
    let results = known.iter().map(|placed| simulator.simulate(&placed));
    let shown = results.filter(|result| result.status == Status::Kept).map(|result| {
        let public: BTreeMap<&str, &str> = result.labels.iter().filter(|(name, _)| !name.starts_with("__")).collect();
        format!("{:?} {public:?}", result.url)
    });
    let mut all: Vec<String> = shown.collect();
    all.sort();
    Some(all)
}

/// Moves the first target of a job to a file: what happened, or what is wrong.
fn moved(name: &str, text: &str, job: &str, file: &str) -> Result<String, String> {
    let mut files = MemoryFiles::new();
    let address = {
        let options = Options::new(&files);
        let document = Document::new(name, text, &options);
        let own = document.jobs().iter().find(|own| own.job_name.value == job).ok_or("the job is missing")?;
        match own.static_configs.iter().flat_map(|group| &group.targets).next() {
            Some(target) => target.value.clone(),
            None => return Ok("no target".to_string()),
        }
    };
    let request = MoveTargetToFile {
        file: file.to_string(),
        selection: Selection { jobs: vec![job.to_string()], targets: vec![address], ..Selection::default() },
    };
    let change = match Document::new(name, text, &Options::new(&files)).move_target_to_file(&request) {
        Ok(change) => change,
        Err(EditError::Refused(refusals)) => return Ok(format!("refused, {}", refusals[0].id)),
        Err(EditError::Request { message, .. } | EditError::Declined { message, .. }) => {
            let known = [
                "in a manifest",
                "no file matches",
                "cannot list",
                "is not a range",
                "neither a range",
                "do not match",
            ];
            return match known.iter().find(|words| message.contains(*words)) {
                Some(words) => Ok(format!("not possible, {words}")),
                None => Err(message),
            };
        }
        Err(error) => return Err(error.to_string()),
    };
    let before = scraped(name, text, &files, job);
    let [config, new] = change.files.as_slice() else { return Err(format!("{} files change", change.files.len())) };
    let after = config.after();
    files.insert(new.name.as_str(), new.after());
    let again = Document::new(name, after.as_str(), &Options::new(&files)).move_target_to_file(&request);
    if !again.as_ref().is_ok_and(promcfg::edit::ConfigChange::is_empty) {
        return Err(format!("a second run: {again:?}\n{after}\n{}", new.after()));
    }
    let found = scraped(name, &after, &files, job);
    match before == found {
        true => Ok("moved".to_string()),
        false => Err(format!("{before:?} is {found:?}\n{after}\n{}", new.after())),
    }
}

#[test]
fn whatever_the_style_targets_move_and_are_scraped_as_before() {
    for file in ["t.yml", "t.json"] {
        let outcomes = in_all_styles(|text, jobs, index| moved("wild.yml", text, &jobs[index], file));
        println!("{file}: {outcomes:#?}");
        // JSON has no place for a comment.
        let is_possible = |outcome: &str| !["no target", "refused, edit-comment"].contains(&outcome);
        let all: usize = outcomes.iter().filter(|(outcome, _)| is_possible(outcome)).map(|(_, count)| count).sum();
        assert!(outcomes["moved"] * 10 >= all * 9, "{file}: {outcomes:#?}");
    }
}

#[test]
fn targets_of_real_jobs_move_and_are_scraped_as_before() {
    let (mut counts, mut faults) = (BTreeMap::<String, usize>::new(), Vec::new());
    for folder in ["prometheus", "configmap"] {
        for (name, text) in texts(&corpus().join(folder)) {
            let document = Document::new(&name, text.as_str(), &Options::default());
            let names: Vec<&str> = document.jobs().iter().map(|job| job.job_name.value.as_str()).collect();
            for job in names.iter().filter(|job| names.iter().filter(|other| other == job).count() == 1) {
                let outcome = moved(&name, &text, job, "promcfg-new.yml").unwrap_or_else(|fault| {
                    faults.push(format!("{name}, job {job}: {fault}"));
                    "FAULT".to_string()
                });
                *counts.entry(outcome).or_default() += 1;
            }
        }
    }
    counts.iter().for_each(|(what, count)| println!("{count:5} {what}"));
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
}

#[test]
fn the_entry_has_a_place_beside_groups_with_empty_lines_around_them() {
    let text = "scrape_configs:\n- job_name: a\n\n  # the path is the usual one\n\n  static_configs:\n  - targets: [a:1]\n\n- job_name: b\n";
    let fixture = Fixture::of_text("p.yml", text);
    let outcome = fixture.run("move-target", &["a:1", "--to-file", "t.yml"]);
    assert_eq!(outcome.status, 0, "{}", outcome.shown());
    assert!(
        fixture
            .text()
            .starts_with("scrape_configs:\n- job_name: a\n\n  # the path is the usual one\n\n  file_sd_configs:\n"),
        "{}",
        fixture.text()
    );
    assert!(
        fixture.text().ends_with("\n- job_name: b\n") && !fixture.text().contains("static_configs"),
        "{}",
        fixture.text()
    );
}

#[test]
fn all_targets_of_a_job_at_the_end_of_a_text_without_a_line_end_go_to_a_file() {
    let text = "scrape_configs:\n- job_name: web\n  static_configs:\n  - targets: ['a:1']";
    let fixture = Fixture::of_text("p.yml", text);
    let outcome = fixture.run("move-target", &["a:1", "--to-file", "web.yml"]);
    let expected = "scrape_configs:\n- job_name: web\n  file_sd_configs:\n  - files: [web.yml]".to_string();
    assert_eq!((outcome.status, fixture.text()), (0, expected), "{}", outcome.shown());
}

#[test]
fn comments_of_the_list_go_to_the_entry_of_the_file() {
    let text = "scrape_configs:\n- job_name: a\n  # all nodes\n  static_configs: # by hand\n  # of rack 7\n  - targets: [x:1]\n";
    let fixture = Fixture::of_text("p.yml", text);
    let outcome = fixture.run("move-target", &["x:1", "--to-file", "t.yml"]);
    assert_eq!(outcome.status, 0, "{}", outcome.shown());
    let entry = "  # all nodes\n  file_sd_configs: # by hand\n  - files: [t.yml]\n";
    assert_eq!(fixture.text(), format!("scrape_configs:\n- job_name: a\n{entry}"));
    let file = std::fs::read_to_string(fixture.path("t.yml")).unwrap();
    assert!(file.contains("# of rack 7\n"), "{file}");
    let known = format!("{text}  file_sd_configs:\n  - files: [t.yml]\n");
    let fixture = Fixture::of_text("p.yml", &known);
    fixture.write("t.yml", "- targets: [k:1]\n");
    let outcome = fixture.run("move-target", &["x:1", "--to-file", "t.yml"]);
    let entry = "  # all nodes\n  # by hand\n  file_sd_configs:\n  - files: [t.yml]\n";
    assert_eq!(fixture.text(), format!("scrape_configs:\n- job_name: a\n{entry}"), "{}", outcome.shown());
}

#[test]
fn a_file_without_a_folder_is_refused_before_anything_is_shown() {
    for option in ["--dry-run", "--check", "--stdout"] {
        let fixture = Fixture::of_text("p.yml", TEXT);
        let outcome = fixture.run("move-target", &["c:1", "--to-file", "none/t.yml", option]);
        assert_eq!((outcome.status, outcome.stdout.as_str()), (2, ""), "{option}");
        assert!(outcome.stderr.contains("cannot create none/t.yml: its folder does not exist"), "{}", outcome.shown());
    }
}

#[test]
fn of_several_target_files_of_the_other_job_one_is_chosen() {
    let text = "scrape_configs:\n- job_name: a\n  static_configs:\n  - targets: [x:1]\n    labels: {e: f}\n- job_name: b\n  metrics_path: /b\n  file_sd_configs:\n  - files: [one.yml, two.yml]\n";
    let fixture = Fixture::of_text("p.yml", text);
    fixture.write("one.yml", "- targets: [k:1]\n");
    fixture.write("two.yml", "- targets: [l:1]\n");
    let outcome = fixture.run("move-target", &["x:1", "--to", "b"]);
    assert!(outcome.status == 1 && outcome.stderr.contains("choose one with --to-file PATH"), "{}", outcome.shown());
    let outcome = fixture.run("move-target", &["x:1", "--to", "b", "--to-file", "three.yml"]);
    assert!(outcome.stderr.contains("its target files are one.yml, two.yml"), "{}", outcome.shown());
    let outcome = fixture.run("move-target", &["x:1", "--to", "b", "--to-file", "two.yml"]);
    assert_eq!(outcome.status, 0, "{}", outcome.shown());
    let file = std::fs::read_to_string(fixture.path("two.yml")).unwrap();
    assert_eq!(file, "- targets: [l:1]\n- targets: [x:1]\n  labels: {e: f}\n");
}

#[test]
fn a_shared_list_is_refused_with_its_users() {
    let text = "scrape_configs:\n- job_name: a\n  static_configs: &t\n  - targets: [x:1, y:1]\n- job_name: b\n  metrics_path: /b\n  static_configs: *t\n";
    let words = ["x:1", "--job", "a", "--to-file", "t.yml"];
    let fixture = Fixture::of_text("p.yml", text);
    let outcome = fixture.run("move-target", &words);
    assert!(outcome.status == 1 && outcome.stderr.contains("has the anchor `&t`"), "{}", outcome.shown());
    let outcome = fixture.run("move-target", &[&words[..], &["--through-anchor", "change"]].concat());
    assert!(outcome.stderr.contains("jobs a and b share the group of the target x:1"), "{}", outcome.shown());
    let outcome = fixture.run("move-target", &[&words[..], &["--through-anchor", "expand"]].concat());
    assert_eq!(outcome.status, 0, "{}", outcome.shown());
}
