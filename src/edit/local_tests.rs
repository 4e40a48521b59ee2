//! Edits of fields, of jobs and of targets that read single items have the outcome that they have where all is read.

use super::commands::{AddTarget, CopyJob, LimitJob, RemoveJob, RemoveTarget, RenameJob, SetFields};
use super::request::Selection;
use super::tests::{Edit, Numbers, single_and_all};

const FIELDS: [(&str, &str); 14] = [
    ("scrape_interval", "30s"),
    ("scrape_timeout", "7s"),
    ("metrics_path", "/it's"),
    ("honor_labels", "true"),
    ("params.a", "[x, 'y: z']"),
    ("params.module[0]", "on"),
    ("tls_config.insecure_skip_verify", "true"),
    ("basic_auth.username", "0123"),
    ("basic_auth", "{username: me, password_file: /x}"),
    ("static_configs[0].labels.env", "no"),
    ("static_configs", "[{targets: [new]}]"),
    ("relabel_configs[0].regex", "a|b"),
    ("relabel_configs[0].target_label", "zz"),
    ("metric_relabel_configs[0].action", "keep"),
];

/// A selection by name, or of all jobs.
fn selection(numbers: &mut Numbers) -> Selection {
    match numbers.below(4) {
        0 => Selection { all_jobs: true, ..Selection::default() },
        1 => Selection { jobs: vec!["j*".to_string()], ..Selection::default() },
        2 => Selection { jobs: vec!["j1".to_string()], ..Selection::default() },
        _ => Selection { jobs: vec!["j0".to_string()], ..Selection::default() },
    }
}

fn edit(numbers: &mut Numbers) -> Edit {
    let (old, new) =
        (numbers.one_of(&["j0", "j1", "j2"]).to_string(), numbers.one_of(&["new", "j1", "on"]).to_string());
    let mut selection = selection(numbers);
    let addresses = vec![numbers.one_of(&["h:1", "k", "new:1", "1234"]).to_string()];
    match numbers.below(8) {
        0..3 => {
            let field = |numbers: &mut Numbers| FIELDS[numbers.below(FIELDS.len())];
            let mut request =
                SetFields { jobs: Some(selection), minimal: numbers.below(3) == 0, ..SetFields::default() };
            for _ in 0..1 + numbers.below(3) {
                let (path, value) = field(numbers);
                let is_known =
                    request.set.iter().any(|(own, _)| own == path) || request.unset.iter().any(|own| own == path);
                match numbers.below(3) {
                    _ if is_known => {}
                    0 => request.unset.push(path.to_string()),
                    _ => request.set.push((path.to_string(), value.to_string())),
                }
            }
            Box::new(move |document| document.set_fields(&request))
        }
        3 => {
            let (samples, targets) = (Some(10 * numbers.below(3) as u64), Some(numbers.below(3) as u64));
            let request = LimitJob { selection, samples, targets, force: numbers.below(2) == 0, ..LimitJob::default() };
            Box::new(move |document| document.limit_job(&request))
        }
        4 => {
            let request = RenameJob { old, new, keep_label: numbers.below(2) == 0 };
            Box::new(move |document| document.rename_job(&request))
        }
        5 => {
            let request = CopyJob { old, new };
            Box::new(move |document| document.copy_job(&request))
        }
        6 => {
            let request = RemoveJob { jobs: if numbers.below(4) == 0 { vec![old, new] } else { vec![old] } };
            Box::new(move |document| document.remove_job(&request))
        }
        _ if numbers.below(3) == 0 => {
            selection.targets = addresses;
            let request = RemoveTarget { labels: Vec::new(), selection };
            Box::new(move |document| document.remove_target(&request))
        }
        _ => {
            let labels = if numbers.below(2) == 0 { vec![("env".into(), "dev".into())] } else { Vec::new() };
            let request = AddTarget { targets: addresses, labels, selection };
            Box::new(move |document| document.add_target(&request))
        }
    }
}

#[test]
fn an_edit_of_single_items_has_the_outcome_of_reading_all() {
    let (changes, local) = single_and_all(2_500, 11, edit);
    assert!(changes > 300 && local * 10 > changes * 4, "{local} of {changes}");
}
