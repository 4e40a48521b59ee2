//! Edits of single jobs have the outcome that they have where all jobs are read.

use crate::options::Options;

use super::change::ConfigChange;
use super::commands::{AddLabel, RemoveLabel, RenameLabel};
use super::document::Document;
use super::request::{EditError, LabelStage, Method, Selection};

pub(super) struct Numbers(pub(super) u64);

impl Numbers {
    pub(super) fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % end
    }

    pub(super) fn one_of<'a>(&mut self, texts: &[&'a str]) -> &'a str {
        texts[self.below(texts.len())]
    }

    fn some(&mut self, texts: &[&str], most: usize) -> String {
        (0..self.below(most + 1)).map(|_| self.one_of(texts)).collect()
    }
}

const TARGETS: [&str; 7] = [
    "  static_configs:\n  - targets: [h:1]\n",
    "  static_configs:\n  - targets: ['h:1', 'i:2'] # both\n    labels: {env: dev}\n  # more\n  - targets: [k]\n",
    "  static_configs:\n    - targets:\n      - h:1 # first\n      - i:1\n      labels:\n        env: prod\n        team: core\n",
    "  kubernetes_sd_configs: [{role: pod}]\n",
    "  dns_sd_configs:\n  - names: [a.b]\n",
    "  file_sd_configs:\n  - files: [t.json]\n",
    "  static_configs: []\n",
];
const RULES: [&str; 11] = [
    "  - source_labels: [__address__]\n    regex: '(.*):.*'\n    target_label: host\n",
    "  - {source_labels: [env], regex: dev, action: drop}\n",
    "  - {source_labels: [env], regex: dev, action: keep} # only dev\n",
    "  - target_label: env\n    replacement: prod\n",
    "  # about instance\n  - {target_label: instance, replacement: same}\n",
    "  - {action: labelmap, regex: '__meta_(.+)'}\n",
    "  - {action: labeldrop, regex: 'tmp_.*|team'}\n",
    "  - {source_labels: [env, team], separator: '@', regex: 'a@(.*)', target_label: zz}\n",
    "  - {source_labels: [team], target_label: instance}\n",
    "  - {regex: '(', action: drop}\n",
    "  - {source_labels: [__name__], regex: 'go_.*', action: drop}\n",
];
const EXTRAS: [&str; 9] = [
    "  basic_auth: {username: me, password: hunter2}\n",
    "  metrics_path: |-\n    /m\n",
    "\n",
    "  # a comment\n",
    "# apart\n",
    "  scrape_interval: 10x\n",
    "  params: {a: [b]}\n",
    "  nosuch: 1\n",
    "  metric_name_validation_scheme: legacy\n  metric_name_escaping_scheme: underscores\n",
];
const ENDS: [&str; 8] =
    ["", "\n# end\n", "remote_write:\n- url: http://h/x\n", "...\n", "---\na: 1\n", "-\n", "- *x\n", "alerting: {}\n"];

pub(super) fn config(numbers: &mut Numbers) -> String {
    let mut text =
        numbers.one_of(&["", "# head\nglobal:\n  scrape_interval: 1m\n", "rule_files: [x.yml]\n"]).to_string();
    text.push_str("scrape_configs:\n");
    for job in 0..1 + numbers.below(4) {
        let name = if numbers.below(20) == 0 { 0 } else { job };
        text.push_str(&format!("- job_name: j{name}\n"));
        text.push_str(&numbers.some(&EXTRAS, 1));
        text.push_str(numbers.one_of(&TARGETS));
        for key in ["relabel_configs", "metric_relabel_configs"] {
            if numbers.below(2) == 0 {
                text.push_str(&format!("  {key}:\n{}", numbers.some(&RULES, 3)));
            }
        }
        text.push_str(&numbers.some(&EXTRAS, 1));
    }
    text.push_str(if numbers.below(4) == 0 { numbers.one_of(&ENDS) } else { "" });
    match numbers.below(12) {
        0 => text.replace('\n', "\r\n"),
        1 => text.trim_end().to_string(),
        2 => text.replace("- targets: [h:1]", "- &x\n    targets: [h:1]"),
        3 => format!("\u{feff}{text}"),
        _ => text,
    }
}

pub(super) type Edit = Box<dyn Fn(&mut Document<'_>) -> Result<ConfigChange, EditError>>;

fn edit(numbers: &mut Numbers) -> Edit {
    let jobs: Vec<String> =
        [vec![], vec!["j0".to_string()], vec!["j*".to_string()], vec!["nosuch".to_string()]][numbers.below(4)].clone();
    let conditions =
        [vec![], vec![], vec![("env".to_string(), "dev".to_string())], vec![("job".to_string(), "(".to_string())]]
            [numbers.below(4)]
        .clone();
    let selection = Selection { jobs, all_jobs: numbers.below(4) > 0, targets: Vec::new(), conditions };
    let method = [Method::Auto, Method::Relabel, Method::Static][numbers.below(3)];
    let stage = if numbers.below(4) == 0 { LabelStage::Metric } else { LabelStage::Target };
    let name = numbers.one_of(&["zz", "env", "instance", "team", "a-b", "1"]).to_string();
    match numbers.below(4) {
        0 => {
            let request = RemoveLabel { name, selection, method, stage };
            Box::new(move |document| document.remove_label(&request))
        }
        1 => {
            let request = RenameLabel { old: name, new: "new".into(), selection, stage };
            Box::new(move |document| document.rename_label(&request))
        }
        2 => {
            let overwrite = numbers.below(2) == 0;
            let request = AddLabel { name, value: "a b".into(), selection, method, stage, overwrite };
            Box::new(move |document| document.add_label(&request))
        }
        _ => {
            let add = |name: &str| AddLabel {
                name: name.into(),
                value: "x".into(),
                selection: selection.clone(),
                method,
                stage,
                overwrite: true,
            };
            let requests = [add(&name), add("more")];
            Box::new(move |document| document.add_labels(&requests))
        }
    }
}

/// Starts a thread for each task.
#[cfg(feature = "cli")]
struct Threads;

#[cfg(feature = "cli")]
impl crate::options::Executor for Threads {
    fn width(&self) -> usize {
        3
    }

    fn run(&self, tasks: usize, task: &(dyn Fn(usize) + Sync)) {
        std::thread::scope(|scope| (0..tasks).for_each(|index| drop(scope.spawn(move || task(index)))));
    }
}

#[cfg(feature = "cli")]
#[test]
fn an_edit_depends_neither_on_the_executor_nor_on_the_jobs_that_are_edited_together() {
    let mut numbers = Numbers(5);
    let (mut changes, mut refusals) = (0, 0);
    for round in 0..300 {
        let text: String = config(&mut numbers);
        let more: String = (4..4 + numbers.below(9))
            .map(|job| {
                let rules = numbers.some(&RULES, 3);
                let rules = if rules.is_empty() { rules } else { format!("  relabel_configs:\n{rules}") };
                format!("- job_name: j{job}\n{}{rules}", numbers.one_of(&TARGETS))
            })
            .collect();
        let text = text.replacen("scrape_configs:\n", &format!("scrape_configs:\n{more}"), 1);
        let edit = edit(&mut numbers);
        let outcome = |options: &Options<'_>| edit(&mut Document::new("p.yml", text.as_str(), options));
        let one = outcome(&Options::default());
        changes += usize::from(one.as_ref().is_ok_and(|change| !change.is_empty()));
        refusals += usize::from(matches!(one, Err(EditError::Refused(_))));
        for together in [1, 2, 5] {
            let options = Options::default().with_jobs_together(together);
            assert_eq!(outcome(&options), one, "{round}: {together} jobs: {text}");
            assert_eq!(outcome(&options.with_executor(&Threads)), one, "{round}: {together} jobs, threads: {text}");
        }
    }
    assert!(changes > 12 && refusals > 40, "{changes} changes, {refusals} refusals");
}

/// Makes random edits of random configs, once by single items and once where all is read, and compares the outcomes: how
/// many edits changed something, and how many of these read single items.
pub(super) fn single_and_all(rounds: usize, seed: u64, edit: fn(&mut Numbers) -> Edit) -> (usize, usize) {
    let mut numbers = Numbers(seed);
    let (mut changes, mut local) = (0, 0);
    for round in 0..rounds {
        let (text, edit) = (config(&mut numbers), edit(&mut numbers));
        let mut single = Document::new("p.yml", text.as_str(), &Options::default());
        let mut all = Document::new("p.yml", text.as_str(), &Options::default());
        all.read_all();
        let (mut single, all) = (edit(&mut single), edit(&mut all));
        if let Ok(change) = &mut single
            && let Some(file) = change.files.first_mut()
        {
            changes += 1;
            local += usize::from(file.cuts.take().is_some());
        }
        assert_eq!(single, all, "{round}: {text}");
    }
    (changes, local)
}

#[test]
fn an_edit_that_reads_single_jobs_has_the_outcome_of_reading_all() {
    let (changes, local) = single_and_all(1_500, 3, edit);
    assert!(changes > 60 && local * 10 > changes * 7, "{local} of {changes}");
}
