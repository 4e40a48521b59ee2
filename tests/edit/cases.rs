//! Each hard case of a layout, and each refusal: what is printed, and what the file is afterwards.

use super::run::{Fixture, visible};

/// Adds a label, and shows the run. If it was written: a second run has nothing to do, and removal
/// gives the old bytes back (`null` and `{}` lists come back as `[]` and `{}`).
fn add(fixture: &str, arguments: &[&str]) -> String {
    let fixture = Fixture::new(fixture);
    let outcome = fixture.run("add-label", arguments);
    let shown = outcome.shown();
    if outcome.status != 0 {
        assert!(!fixture.has_changed(), "refused, and yet written");
        return shown;
    }
    assert!(fixture.has_changed(), "done, and yet not written: {shown}");
    let added = fixture.text();
    let again = fixture.run("add-label", arguments);
    assert_eq!((again.status, fixture.text() == added), (0, true), "a second run: {}", again.shown());
    assert!(again.stdout.starts_with("nothing to do: "), "{}", again.stdout);
    let name = arguments[0].split('=').next().expect("has a name");
    let selection: Vec<&str> = arguments[1..].to_vec();
    let removal = [&[name][..], &selection].concat();
    let removal: Vec<&str> = removal.into_iter().filter(|word| *word != "--overwrite").collect();
    let removed = fixture.run("remove-label", &without_method(&removal));
    let undone = match fixture.text() {
        text if text == fixture.before => "the old bytes".to_string(),
        text if text == added => format!("nothing: {}", removed.shown()),
        text => format!("other bytes:\n{}", visible(&text)),
    };
    format!("{shown}--- removal gives {undone}\n")
}

fn without_method<'a>(arguments: &[&'a str]) -> Vec<&'a str> {
    let mut words = Vec::new();
    let mut left = arguments.iter();
    while let Some(word) = left.next() {
        if *word == "--method" {
            left.next();
        } else {
            words.push(*word);
        }
    }
    words
}

/// Runs a command that changes the config, and shows it.
fn shown(fixture: &str, command: &str, arguments: &[&str]) -> String {
    let fixture = Fixture::new(fixture);
    let outcome = fixture.run(command, arguments);
    assert!(outcome.status == 0 && fixture.has_changed(), "{}", outcome.shown());
    outcome.shown()
}

/// Runs a command that is refused, and shows it.
fn refused(fixture: &str, command: &str, arguments: &[&str]) -> String {
    let fixture = Fixture::new(fixture);
    let outcome = fixture.run(command, arguments);
    assert!(outcome.status != 0 && !fixture.has_changed(), "{}", outcome.shown());
    outcome.shown()
}

#[test]
fn a_static_label_in_indented_list() {
    insta::assert_snapshot!(add("indented-list", &["env=prod", "--job", "node"]));
}

#[test]
fn a_job_whose_rules_drop_all_its_targets_is_edited_and_the_effect_says_so() {
    let fixture = Fixture::of_text(
        "dropped.yml",
        "scrape_configs:\n- job_name: node\n  static_configs:\n  - targets: ['10.0.0.1:9100']\n  relabel_configs:\n  - action: drop\n",
    );
    let outcome = fixture.run("add-label", &["env=prod"]);
    let effect = "1 target gains env=\"prod\"; nothing else changes\n\
                  job node: shown without keep and drop rules, which drop all known targets\n";
    assert!(outcome.status == 0 && outcome.stdout.ends_with(effect), "{}", outcome.shown());
}

/// Adds a label by `instance`, which comes from the address, a label of the group, or a rule, and removes it again.
fn add_by_instance(pattern: &str, more: &[&str]) -> (i32, String) {
    let text = "scrape_configs:\n- job_name: a\n  static_configs:\n  - targets: ['web-1:80', 'db-1:80']\n\
                - job_name: b\n  static_configs:\n  - targets: ['10.0.0.1:80']\n    labels: {instance: web-2}\n\
                - job_name: c\n  static_configs:\n  - targets: ['10.0.0.2:80']\n  relabel_configs:\n  - {target_label: instance, replacement: web-3}\n";
    let fixture = Fixture::of_text("instances.yml", text);
    let condition = format!("instance={pattern}");
    let words: Vec<&str> = ["team=web", "--all-jobs", "--where", &condition].iter().chain(more).copied().collect();
    let outcome = fixture.run("add-label", &words);
    let again = fixture.run("add-label", &words);
    assert!(outcome.status != 0 || again.stdout.starts_with("nothing to do"), "{}", again.shown());
    let words: Vec<&str> = ["team", "--all-jobs", "--where", &condition].to_vec();
    let removed = fixture.run("remove-label", &words);
    assert!(outcome.status != 0 || !fixture.has_changed(), "{}", removed.shown());
    let added: Vec<&str> = outcome.stdout.lines().filter(|line| line.starts_with('+')).collect();
    (outcome.status, added.join("\n"))
}

#[test]
fn an_instance_that_comes_from_the_address_is_found_by_it() {
    let on = |label: &str, pattern: &str| {
        format!("+  - source_labels: [{label}]\n+    regex: {pattern}\n+    target_label: team\n+    replacement: web")
    };
    let all = "web-.*";
    let (status, added) = add_by_instance(all, &["--method", "relabel"]);
    assert_eq!(status, 0, "{added}");
    assert!(added.contains(&on("__address__", all)) && added.contains(&on("instance", all)), "{added}");
    let (status, added) = add_by_instance("web-2", &[]);
    assert_eq!((status, added.as_str()), (0, "+++ instances.yml\n+    labels: {instance: web-2, team: web}"));
}

#[test]
fn a_rule_in_indented_list() {
    insta::assert_snapshot!(add("indented-list", &["env=prod", "--job", "node", "--method", "relabel"]));
}

#[test]
fn a_static_label_in_flush_list() {
    insta::assert_snapshot!(add("flush-list", &["env=prod", "--job", "node"]));
}

#[test]
fn a_rule_in_flush_list() {
    insta::assert_snapshot!(add("flush-list", &["env=prod", "--job", "node", "--method", "relabel"]));
}

#[test]
fn a_static_label_in_flow() {
    insta::assert_snapshot!(add("flow", &["env=prod", "--job", "node"]));
}

#[test]
fn a_rule_in_flow() {
    insta::assert_snapshot!(add("flow", &["env=prod", "--job", "node", "--method", "relabel"]));
}

#[test]
fn a_static_label_in_flow_over_lines() {
    insta::assert_snapshot!(add("flow-over-lines", &["env=prod", "--job", "node"]));
}

#[test]
fn a_rule_in_flow_over_lines() {
    insta::assert_snapshot!(add("flow-over-lines", &["env=prod", "--job", "node", "--method", "relabel"]));
}

#[test]
fn a_static_label_in_comments() {
    insta::assert_snapshot!(add("comments", &["env=prod", "--job", "node"]));
}

#[test]
fn a_rule_in_comments() {
    insta::assert_snapshot!(add("comments", &["env=prod", "--job", "node", "--method", "relabel"]));
}

#[test]
fn a_static_label_in_crlf() {
    insta::assert_snapshot!(add("crlf", &["env=prod", "--job", "node"]));
}

#[test]
fn a_rule_in_crlf() {
    insta::assert_snapshot!(add("crlf", &["env=prod", "--job", "node", "--method", "relabel"]));
}

#[test]
fn a_static_label_in_no_final_newline() {
    insta::assert_snapshot!(add("no-final-newline", &["env=prod", "--job", "node"]));
}

#[test]
fn a_rule_in_no_final_newline() {
    insta::assert_snapshot!(add("no-final-newline", &["env=prod", "--job", "node", "--method", "relabel"]));
}

#[test]
fn a_static_label_in_tabs() {
    insta::assert_snapshot!(add("tabs", &["env=prod", "--job", "node"]));
}

#[test]
fn a_rule_in_tabs() {
    insta::assert_snapshot!(add("tabs", &["env=prod", "--job", "node", "--method", "relabel"]));
}

#[test]
fn a_static_label_in_odd_indents() {
    insta::assert_snapshot!(add("odd-indents", &["env=prod", "--job", "node"]));
}

#[test]
fn a_rule_in_odd_indents() {
    insta::assert_snapshot!(add("odd-indents", &["env=prod", "--job", "node", "--method", "relabel"]));
}

#[test]
fn a_static_label_in_first_keys_on_the_next_line() {
    insta::assert_snapshot!(add("first-keys-on-the-next-line", &["env=prod", "--job", "node"]));
}

#[test]
fn a_rule_in_first_keys_on_the_next_line() {
    insta::assert_snapshot!(add("first-keys-on-the-next-line", &["env=prod", "--job", "node", "--method", "relabel"]));
}

#[test]
fn a_static_label_in_empty_list() {
    insta::assert_snapshot!(add("empty-list", &["env=prod", "--job", "node"]));
}

#[test]
fn a_rule_in_empty_list() {
    insta::assert_snapshot!(add("empty-list", &["env=prod", "--job", "node", "--method", "relabel"]));
}

#[test]
fn a_static_label_in_null_list() {
    insta::assert_snapshot!(add("null-list", &["env=prod", "--job", "node"]));
}

#[test]
fn a_rule_in_null_list() {
    insta::assert_snapshot!(add("null-list", &["env=prod", "--job", "node", "--method", "relabel"]));
}

#[test]
fn a_static_label_in_documents() {
    insta::assert_snapshot!(add("documents", &["env=prod", "--job", "node"]));
}

#[test]
fn a_rule_in_documents() {
    insta::assert_snapshot!(add("documents", &["env=prod", "--job", "node", "--method", "relabel"]));
}

#[test]
fn a_static_label_in_last_job() {
    insta::assert_snapshot!(add("last-job", &["env=prod", "--job", "node"]));
}

#[test]
fn a_rule_in_last_job() {
    insta::assert_snapshot!(add("last-job", &["env=prod", "--job", "node", "--method", "relabel"]));
}

#[test]
fn a_static_label_in_before_next_job() {
    insta::assert_snapshot!(add("before-next-job", &["env=prod", "--job", "node"]));
}

#[test]
fn a_rule_in_before_next_job() {
    insta::assert_snapshot!(add("before-next-job", &["env=prod", "--job", "node", "--method", "relabel"]));
}

#[test]
fn a_rule_for_a_job_without_a_list() {
    insta::assert_snapshot!(add("no-list", &["env=prod", "--job", "pods"]));
}

#[test]
fn a_byte_order_mark_stays() {
    insta::assert_snapshot!(add("byte-order-mark", &["env=prod", "--job", "pods"]));
}

#[test]
fn a_label_before_the_end_in_a_stripped_block_scalar() {
    insta::assert_snapshot!(add("ends-in-stripped-block-scalar", &["env=prod", "--job", "node"]));
}

#[test]
fn a_rule_behind_a_kept_block_scalar() {
    insta::assert_snapshot!(add("ends-in-kept-block-scalar", &["env=prod", "--job", "node", "--method", "relabel"]));
}

#[test]
fn a_rule_behind_a_stripped_block_scalar() {
    insta::assert_snapshot!(add(
        "ends-in-stripped-block-scalar",
        &["env=prod", "--job", "node", "--method", "relabel"]
    ));
}

#[test]
fn a_config_in_a_configmap() {
    insta::assert_snapshot!(add("configmap", &["env=prod", "--all-jobs"]));
}

#[test]
fn a_metric_rule_in_a_configmap() {
    insta::assert_snapshot!(add("configmap", &["env=prod", "--job", "web", "--stage", "metric"]));
}

#[test]
fn the_last_lines_of_a_text_in_a_configmap() {
    insta::assert_snapshot!(add("configmap", &["env=prod", "--job", "web"]));
}

#[test]
fn one_target_of_a_group_is_split_off_with_its_comments() {
    insta::assert_snapshot!(add("group-with-others", &["rack=r7", "--target", "10.0.0.2:9100", "--method", "static"]));
}

#[test]
fn one_target_of_a_group_gets_a_rule() {
    insta::assert_snapshot!(add("group-with-others", &["rack=r7", "--target", "10.0.0.2:9100"]));
}

#[test]
fn a_target_finds_its_job() {
    insta::assert_snapshot!(add("indented-list", &["rack=r7", "--target", "10.0.0.9:80"]));
}

#[test]
fn targets_are_chosen_by_a_label() {
    insta::assert_snapshot!(add("indented-list", &["rack=r7", "--job", "node", "--where", "host=10\\.0\\.0\\.1"]));
}

#[test]
fn targets_are_chosen_by_two_labels() {
    insta::assert_snapshot!(add("comments", &["rack=r7", "--all-jobs", "--where", "job=node", "--where", "host=.*2"]));
}

#[test]
fn jobs_are_chosen_by_a_pattern() {
    insta::assert_snapshot!(add("comments", &["env=prod", "--job", "*e*"]));
}

#[test]
fn a_value_with_a_dollar_is_escaped_in_a_rule() {
    insta::assert_snapshot!(add("no-list", &["price=$1", "--job", "pods"]));
}

#[test]
fn a_value_that_looks_like_something_else_is_quoted() {
    insta::assert_snapshot!(add("last-job", &["flag=on", "--job", "node"]));
}

#[test]
fn labels_of_samples() {
    insta::assert_snapshot!(add("indented-list", &["env=prod", "--job", "node", "--stage", "metric"]));
}

#[test]
fn labels_of_the_samples_of_one_target() {
    insta::assert_snapshot!(add("indented-list", &["env=prod", "--target", "10.0.0.1:9100", "--stage", "metric"]));
}

#[test]
fn a_rule_for_all_jobs_at_once() {
    insta::assert_snapshot!(add("undone-by-a-later-rule", &["zone=a", "--all-jobs", "--method", "relabel"]));
}

#[test]
fn another_value_gives_way_with_overwrite() {
    insta::assert_snapshot!(add("origins", &["env=prod", "--job", "node", "--overwrite"]));
}

#[test]
fn another_value_of_a_rule_gives_way_with_overwrite() {
    insta::assert_snapshot!(add("origins", &["env=prod", "--job", "web", "--overwrite"]));
}

#[test]
fn a_rule_overwritten_later_is_put_behind() {
    insta::assert_snapshot!(add("undone-by-a-later-rule", &["env=prod", "--job", "web", "--overwrite"]));
}

#[test]
fn a_label_dropped_by_a_later_rule_is_set_behind_it() {
    insta::assert_snapshot!(add("undone-by-a-later-rule", &["dc=x", "--job", "node"]));
}

#[test]
fn a_name_of_two_words_is_told() {
    insta::assert_snapshot!(add("last-job", &["my.label=x", "--job", "node"]));
}

#[test]
fn instance_is_warned_of() {
    insta::assert_snapshot!(add("last-job", &["instance=a", "--job", "node", "--overwrite"]));
}

#[test]
fn secrets_in_the_diff_are_masked() {
    insta::assert_snapshot!(add("secrets", &["env=prod", "--all-jobs"]));
}

#[test]
fn a_shared_list_is_refused() {
    insta::assert_snapshot!(refused(
        "shared-rules",
        "add-label",
        &["env=prod", "--job", "node", "--method", "relabel"]
    ));
}

#[test]
fn an_alias_is_refused() {
    insta::assert_snapshot!(refused("shared-rules", "add-label", &["env=prod", "--job", "web", "--method", "relabel"]));
}

#[test]
fn a_merged_key_is_refused() {
    insta::assert_snapshot!(refused("merge-key", "add-label", &["env=prod", "--job", "node", "--method", "relabel"]));
}

#[test]
fn an_anchored_job_that_others_merge_is_refused() {
    insta::assert_snapshot!(refused(
        "merge-key-elsewhere",
        "add-label",
        &["env=prod", "--job", "node", "--method", "relabel"]
    ));
}

#[test]
fn an_end_inside_a_block_scalar_is_refused() {
    insta::assert_snapshot!(refused(
        "ends-in-block-scalar",
        "add-label",
        &["env=prod", "--job", "node", "--method", "relabel"]
    ));
}

#[test]
fn a_static_label_that_is_dropped_later_is_refused() {
    insta::assert_snapshot!(refused(
        "undone-by-a-later-rule",
        "add-label",
        &["dc=x", "--job", "node", "--method", "static"]
    ));
}

#[test]
fn a_label_that_a_rule_reads_is_refused() {
    insta::assert_snapshot!(refused(
        "read-by-rules",
        "add-label",
        &["team=core", "--job", "node", "--method", "static"]
    ));
}

#[test]
fn another_value_from_a_group_is_refused() {
    insta::assert_snapshot!(refused("origins", "add-label", &["env=prod", "--job", "node"]));
}

#[test]
fn another_value_from_a_rule_is_refused() {
    insta::assert_snapshot!(refused("origins", "add-label", &["env=prod", "--job", "web"]));
}

#[test]
fn another_value_from_discovery_is_refused() {
    insta::assert_snapshot!(refused("origins", "add-label", &["env=prod", "--job", "pods"]));
}

#[test]
fn a_broken_job_is_refused() {
    insta::assert_snapshot!(refused("broken-job", "add-label", &["env=prod", "--job", "node"]));
}

#[test]
fn no_static_targets_is_refused() {
    insta::assert_snapshot!(refused("origins", "add-label", &["team=x", "--job", "pods", "--method", "static"]));
}

#[test]
fn a_group_with_others_when_all_must_be_static_is_refused() {
    insta::assert_snapshot!(refused(
        "group-with-others",
        "add-label",
        &["rack=r7", "--job", "node", "--where", "instance=10.*2:9100", "--method", "static"]
    ));
}

#[test]
fn an_unknown_job_is_refused() {
    insta::assert_snapshot!(refused("origins", "add-label", &["env=prod", "--job", "nodes"]));
}

#[test]
fn no_job_named_is_refused() {
    insta::assert_snapshot!(refused("origins", "add-label", &["env=prod"]));
}

#[test]
fn an_unknown_target_is_refused() {
    insta::assert_snapshot!(refused("origins", "add-label", &["env=prod", "--target", "10.0.0.1:9101"]));
}

#[test]
fn a_target_of_two_jobs_is_refused() {
    insta::assert_snapshot!(refused("two-jobs-one-target", "add-label", &["env=prod", "--target", "10.0.0.1:9100"]));
}

#[test]
fn a_reserved_name_is_refused() {
    insta::assert_snapshot!(refused("last-job", "add-label", &["__env=prod", "--job", "node"]));
}

#[test]
fn an_empty_value_is_refused() {
    insta::assert_snapshot!(refused("last-job", "add-label", &["env=", "--job", "node"]));
}

#[test]
fn a_name_that_the_scheme_forbids_is_refused() {
    insta::assert_snapshot!(refused("legacy-names", "add-label", &["my-label=x", "--job", "node"]));
}

#[test]
fn a_pattern_that_is_none_is_refused() {
    insta::assert_snapshot!(refused("last-job", "add-label", &["env=prod", "--job", "node", "--where", "instance=("]));
}

#[test]
fn a_condition_that_nothing_meets_is_refused() {
    insta::assert_snapshot!(refused(
        "last-job",
        "add-label",
        &["env=prod", "--job", "node", "--where", "instance=nowhere"]
    ));
}

#[test]
fn a_static_label_of_samples_is_refused() {
    insta::assert_snapshot!(refused(
        "last-job",
        "add-label",
        &["env=prod", "--job", "node", "--stage", "metric", "--method", "static"]
    ));
}

#[test]
fn removal_of_a_label_that_rules_read_from_the_groups_alone_is_refused() {
    insta::assert_snapshot!(refused("read-by-rules", "remove-label", &["env", "--job", "node", "--method", "static"]));
}

#[test]
fn a_label_that_is_read_or_that_discovery_may_set_is_dropped_after_all_rules() {
    insta::assert_snapshot!(shown("read-by-rules", "remove-label", &["env", "--job", "node"]));
    insta::assert_snapshot!(shown("origins", "remove-label", &["env", "--job", "pods"]));
    insta::assert_snapshot!(shown("read-by-rules", "remove-label", &["env", "--target", "10.0.0.1:9100"]));
}

#[test]
fn removal_through_an_alias_is_refused() {
    insta::assert_snapshot!(refused("shared-rules", "remove-label", &["host", "--job", "web"]));
}

#[test]
fn jobs_without_a_target_that_is_meant_are_left_out() {
    insta::assert_snapshot!(add("comments", &["rack=r7", "--all-jobs", "--where", "job=node"]));
}

#[test]
fn a_label_is_taken_from_one_target_of_a_group_by_a_rule() {
    let fixture = Fixture::new("indented-list");
    fixture.run("add-label", &["env=prod", "--job", "node"]);
    let arguments = ["env", "--target", "10.0.0.1:9100", "--method", "relabel"];
    insta::assert_snapshot!(fixture.run("remove-label", &arguments).shown());
    let again = fixture.run("remove-label", &arguments);
    assert_eq!(again.stdout, "nothing to do: the selected targets do not have the label env (job node)\n");
}

#[test]
fn a_label_of_discovery_is_dropped_behind_all_rules() {
    let fixture = Fixture::new("origins");
    let arguments = ["env", "--job", "pods", "--method", "relabel"];
    insta::assert_snapshot!(fixture.run("remove-label", &arguments).shown());
    let again = fixture.run("remove-label", &arguments);
    assert_eq!(again.stdout, "nothing to do: the selected targets do not have the label env (job pods)\n");
}

#[test]
fn a_constant_rule_in_a_shared_list_is_not_taken_out() {
    let text = "scrape_configs:\n  - job_name: a\n    static_configs: [{targets: [h]}]\n    relabel_configs: &all\n      - {target_label: env, replacement: prod}\n  - job_name: b\n    static_configs: [{targets: [h]}]\n    relabel_configs: *all\n";
    let fixture = Fixture::of_text("shared.yml", text);
    let shown = ["a", "b"].map(|job| fixture.run("remove-label", &["env", "--job", job]).shown());
    assert!(!fixture.has_changed());
    insta::assert_snapshot!(shown.join("\n"));
}

/// The rules of a job with 150 targets, each with a rule that sets `env`.
fn many_rules() -> String {
    let numbers = || 0..150;
    let targets: Vec<String> = numbers().map(|number| format!("'h{number}:80'")).collect();
    let rule = |number: usize| {
        format!(
            "  - {{source_labels: [__address__], regex: 'h{number}:80', target_label: env, replacement: e{number}}}\n"
        )
    };
    let head = format!("scrape_configs:\n- job_name: a\n  static_configs: [{{targets: [{}]}}]\n", targets.join(", "));
    format!("{head}  relabel_configs:\n{}", numbers().map(rule).collect::<String>())
}

#[test]
fn of_many_rules_those_of_selected_targets_are_removed() {
    let fixture = Fixture::of_text("many.yml", &many_rules());
    let outcome = fixture.run("remove-label", &["env", "--where", "__address__=h1.*"]);
    assert_eq!(outcome.status, 0, "{}", outcome.stderr);
    let stays = |line: &&str| !line.contains("regex: 'h1");
    let expected: String = fixture.before.split_inclusive('\n').filter(stays).collect();
    assert_eq!(fixture.text(), expected);
}

#[test]
fn a_target_that_has_the_value_of_an_earlier_rule_afterwards_gets_a_rule_that_drops_it() {
    // Without the last rule, the target has the value of the first one.
    let text =
        many_rules().replace("  relabel_configs:\n", "  relabel_configs:\n  - {target_label: env, replacement: all}\n");
    let fixture = Fixture::of_text("many.yml", &text);
    let outcome = fixture.run("remove-label", &["env", "--target", "h7:80"]);
    assert_eq!(outcome.status, 0, "{}", outcome.stderr);
    let rule = "  - source_labels: [__address__]\n    regex: 'h7:80'\n    target_label: env\n    replacement: ''\n";
    assert_eq!(fixture.text(), format!("{text}{rule}"));
}
