//! The inputs that fuzzing kept (`tests/fuzz/seeds/`), tried with the properties of the fuzz targets: what was found
//! once stays mended, on every machine.

use std::fs;
use std::path::PathBuf;

#[path = "fuzz/checks/edit.rs"]
pub(crate) mod edit;
#[path = "fuzz/checks/exposition.rs"]
mod exposition;
#[path = "fuzz/checks/lint.rs"]
mod lint;
#[path = "fuzz/checks/manifest.rs"]
mod manifest;
#[path = "fuzz/checks/monitors.rs"]
mod monitors;
#[path = "fuzz/checks/objects.rs"]
mod objects;
#[path = "fuzz/checks/objects_other.rs"]
mod objects_other;
#[path = "fuzz/checks/re2.rs"]
mod re2;
#[path = "fuzz/checks/relabel.rs"]
mod relabel;
#[path = "fuzz/checks/yaml.rs"]
pub(crate) mod yaml;

/// The seeds of a target, by name.
fn seeds(target: &str) -> Vec<(PathBuf, Vec<u8>)> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/fuzz/seeds").join(target);
    let entries = fs::read_dir(&folder).expect("the folder of seeds can be read");
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.expect("an entry can be read").path()).collect();
    paths.sort();
    assert!(!paths.is_empty(), "no seeds in {}", folder.display());
    paths.into_iter().map(|path| (path.clone(), fs::read(path).expect("a seed can be read"))).collect()
}

fn try_all(target: &str, check: fn(&[u8])) {
    let fails = |bytes: &[u8]| std::panic::catch_unwind(|| check(bytes)).is_err();
    let failed: Vec<PathBuf> =
        seeds(target).into_iter().filter(|(_, bytes)| fails(bytes)).map(|(path, _)| path).collect();
    assert_eq!(failed, Vec::<PathBuf>::new(), "these fail, with the messages above");
}

macro_rules! each_seed_has_the_properties_of {
    ($($target:ident)*) => {$(
        mod $target {
            #[test]
            fn each_seed_has_the_properties_of_the_target() {
                super::super::try_all(stringify!($target), super::super::$target::check);
            }
        }
    )*};
}

mod seed {
    each_seed_has_the_properties_of!(edit exposition lint manifest monitors objects objects_other re2 relabel yaml);
}

/// The tool reads settings, so each seed is tried with it.
#[cfg(feature = "cli")]
#[test]
fn each_seed_of_settings_is_read_or_refused() {
    for (path, bytes) in seeds("settings") {
        let folder = tempfile::tempdir().expect("a folder can be made");
        fs::write(folder.path().join("promcfg.toml"), bytes).expect("the file can be written");
        fs::write(folder.path().join("p.yml"), "scrape_configs: []\n").expect("the file can be written");
        let mut tool = std::process::Command::new(env!("CARGO_BIN_EXE_promcfg"));
        let output = tool.args(["lint", "p.yml"]).current_dir(folder.path()).output().expect("the tool runs");
        let status = output.status.code().expect("the tool ends by itself");
        assert!(status <= 2, "status {status} for {}", path.display());
    }
}
