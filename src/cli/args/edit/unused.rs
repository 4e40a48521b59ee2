//! Options that all edits have in common, in commands where they have no use: they are refused with the reason.

/// The options that the commands that edit have in common, but for those that have no use in a command.
#[cfg(test)]
pub(crate) const OF_ALL: [&str; 10] =
    ["job", "all-jobs", "targets", "series", "unproved", "force", "dry-run", "check", "stdout", "format"];

/// Why an option has no use in some commands.
struct Unused {
    commands: &'static [&'static str],
    options: &'static [&'static str],
    reason: &'static str,
    help: &'static str,
}

const UNUSED: [Unused; 11] = [
    Unused {
        commands: &["add-job"],
        options: &["job", "all-jobs"],
        reason: "NAME is the name of the new job",
        help: "leave it out",
    },
    Unused {
        commands: &["remove-job"],
        options: &["job", "all-jobs"],
        reason: "NAME names the jobs; `*` and `?` are wildcards",
        help: "write the name after the config",
    },
    Unused {
        commands: &["rename-job", "copy-job"],
        options: &["job", "all-jobs"],
        reason: "OLD is the name of the job",
        help: "write the name after the config",
    },
    Unused {
        commands: &[
            "add-target",
            "remove-target",
            "move-target",
            "drop-target",
            "keep-target",
            "add-job",
            "remove-job",
            "rename-job",
            "copy-job",
        ],
        options: &["series"],
        reason: "the edit is about targets, whose samples it does not change",
        help: "give targets with --targets",
    },
    Unused {
        commands: &["map-labels"],
        options: &["series"],
        reason: "the rule is about the labels of discovery, which samples do not have",
        help: "give targets with --targets",
    },
    Unused {
        commands: &["set", "unset"],
        options: &["series"],
        reason: "the effect on samples is not part of this edit",
        help: "compare a limit with a page by `promcfg limit --series`, and metric rules by `promcfg drop-metric --series`",
    },
    Unused {
        commands: &["add-endpoint"],
        options: &["job", "all-jobs"],
        reason: "--object names the monitor",
        help: "name the monitor with --object KIND/NAMESPACE/NAME",
    },
    Unused {
        commands: &["add-endpoint"],
        options: &["targets", "series"],
        reason: "the targets are those of the workloads in the manifests",
        help: "name the manifests of the workloads as PATH",
    },
    Unused {
        commands: &["add-endpoint"],
        options: &["force"],
        reason: "each endpoint gets a job of its own, so that no targets get the same labels",
        help: "leave it out",
    },
    Unused {
        commands: &["fmt"],
        options: &["job", "all-jobs", "targets", "series", "unproved", "force"],
        reason: "the layout of a whole file is fixed, only where the config certainly means the same",
        help: "leave it out",
    },
    Unused {
        commands: &["edit"],
        options: &["job", "all-jobs", "targets", "series", "unproved", "force"],
        reason: "each line of the script has its own options",
        help: "write it into the line",
    },
];

/// Why a command does not have an option that other edits have, and what to do instead.
pub(crate) fn why_unused(command: &str, option: &str) -> Option<(&'static str, &'static str)> {
    let unused = UNUSED.iter().find(|own| own.commands.contains(&command) && own.options.contains(&option))?;
    Some((unused.reason, unused.help))
}

/// The commands and the options of each reason.
#[cfg(test)]
pub(crate) fn reasons() -> impl Iterator<Item = (&'static [&'static str], &'static [&'static str], &'static str)> {
    UNUSED.iter().map(|unused| (unused.commands, unused.options, unused.reason))
}
