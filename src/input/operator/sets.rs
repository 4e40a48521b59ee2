//! Objects that are several times in an input, as in the folders of several clusters: sets in which each is once.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::text::FileId;

use super::kind::Kind;
use super::objects::{Object, ObjectId, OperatorObjects};
use super::overlays::Overlays;

/// So many sets have servers of others beside their own objects.
const MOST_SETS: usize = 64;

/// So many variants of what is in no variant are looked at.
const MOST_VIEWS: usize = 8;

/// Objects of which each is once.
pub(crate) struct ObjectSet {
    pub(crate) objects: OperatorObjects,
    /// The files whose Services and workloads belong to them; nothing for all files.
    pub(crate) files: Option<FxHashSet<FileId>>,
    /// Whether the same objects are in other sets as well, each with the servers and Services of another folder.
    pub(crate) is_view: bool,
}

impl OperatorObjects {
    /// Sets with all objects, in each of which an object is once. Folders with the same objects, such as `dev/` and
    /// `prod/`, are sets of their own, to which the servers in no such folder belong as well; what is in no such folder
    /// is a set for each of them. `others` are the names and files of further objects.
    ///
    /// A patch of an object that is there as a whole is in no set.
    pub(crate) fn into_sets(
        mut self,
        others: &[(String, FileId)],
        name_of: &dyn Fn(FileId) -> String,
    ) -> Vec<ObjectSet> {
        self.take_patches();
        let own = self.objects.iter().map(|object| (object.id.to_string(), object.value.at.file));
        let named = own.filter(|(name, _)| !name.ends_with(['*', ')']));
        let stores = self.stores.names();
        let all: Vec<(String, FileId)> = named.chain(stores).chain(others.iter().cloned()).collect();
        let files: FxHashSet<FileId> = all.iter().map(|(_, file)| *file).collect();
        let overlays = Overlays::of(all.into_iter(), name_of);
        let mut sets = Vec::new();
        let (mut shared, mut homes): (Vec<Object>, FxHashMap<usize, Vec<Object>>) = (Vec::new(), FxHashMap::default());
        for object in std::mem::take(&mut self.objects) {
            match overlays.home(object.value.at.file) {
                None => shared.push(object),
                Some(home) => homes.entry(home).or_default().push(object),
            }
        }
        let servers: Vec<Object> =
            shared.iter().chain(homes.values().flatten()).filter(|one| one.id.kind.is_server()).cloned().collect();
        let mut make = |objects: Vec<Object>, viewpoint: Option<usize>, is_view: bool| {
            for objects in once_each(objects) {
                let mut objects = objects;
                if sets.len() < MOST_SETS {
                    add_servers(&mut objects, &servers, viewpoint, &overlays);
                }
                let seen = || files.iter().copied().filter(|file| overlays.sees(viewpoint, *file)).collect();
                sets.push(ObjectSet {
                    objects: self.seen_from(objects, viewpoint, &overlays),
                    files: (!overlays.is_empty()).then(seen),
                    is_view,
                });
            }
        };
        let views: Vec<usize> = overlays.roots().take(MOST_VIEWS).filter(|_| !shared.is_empty()).collect();
        match views.is_empty() {
            true => make(shared, None, false),
            false => views.into_iter().for_each(|view| make(shared.clone(), Some(view), true)),
        }
        for home in overlays.roots() {
            make(homes.remove(&home).unwrap_or_default(), Some(home), false);
        }
        sets
    }

    /// These objects, with the ConfigMaps and Secrets that are nearest to a folder.
    fn seen_from(&self, objects: Vec<Object>, viewpoint: Option<usize>, overlays: &Overlays) -> Self {
        let nearness = |file: FileId| overlays.nearness(viewpoint, file);
        let nearest = if overlays.is_empty() { FxHashMap::default() } else { self.stores.nearest(&nearness) };
        Self { objects, stores: std::sync::Arc::clone(&self.stores), nearest, ..Self::default() }
    }

    /// Takes out patches: parts of objects that are there as a whole.
    fn take_patches(&mut self) {
        let whole: FxHashSet<ObjectId> =
            self.objects.iter().filter(|object| !is_part(object)).map(|object| object.id.clone()).collect();
        self.objects.retain(|object| !is_part(object) || !whole.contains(&object.id));
    }

    /// Takes out the objects that a later one of the same name replaces, as in a cluster.
    pub fn take_replaced(&mut self) -> Vec<ObjectId> {
        let mut last: FxHashMap<&ObjectId, usize> = FxHashMap::default();
        for (index, object) in self.objects.iter().enumerate().filter(|(_, object)| !object.id.name.is_empty()) {
            last.insert(&object.id, index);
        }
        let is_replaced: Vec<bool> = self
            .objects
            .iter()
            .enumerate()
            .map(|(index, object)| last.get(&object.id).is_some_and(|last| *last != index))
            .collect();
        let mut flags = is_replaced.into_iter();
        let (replaced, objects) =
            std::mem::take(&mut self.objects).into_iter().partition(|_| flags.next().unwrap_or(false));
        self.objects = objects;
        replaced.into_iter().map(|object: Object| object.id).collect()
    }
}

/// Whether an object lacks what each of its kind has, as a patch does.
fn is_part(object: &Object) -> bool {
    let Some(spec) = object.value.get("spec") else { return true };
    let lacks = |key: &str| spec.get(key).is_none();
    match object.id.kind {
        Kind::ServiceMonitor => lacks("selector") || lacks("endpoints"),
        Kind::PodMonitor => lacks("selector"),
        Kind::Probe => lacks("prober"),
        Kind::ScrapeConfig => false,
        Kind::Prometheus | Kind::PrometheusAgent => {
            ["serviceMonitorSelector", "podMonitorSelector", "probeSelector", "scrapeConfigSelector"]
                .into_iter()
                .all(lacks)
        }
    }
}

/// Lists in which each object is once.
fn once_each(objects: Vec<Object>) -> Vec<Vec<Object>> {
    let mut copies: FxHashMap<ObjectId, usize> = FxHashMap::default();
    let mut sets: Vec<Vec<Object>> = Vec::new();
    for object in objects {
        // An object without a name is refused; it does not count as a copy of another one.
        let copy = if object.id.name.is_empty() {
            0
        } else {
            let count = copies.entry(object.id.clone()).or_default();
            *count += 1;
            *count - 1
        };
        if sets.len() <= copy {
            sets.resize_with(copy + 1, Vec::new);
        }
        sets[copy].push(object);
    }
    sets
}

/// Adds the servers that a list has none of, of each name the nearest that belongs to the folder.
fn add_servers(objects: &mut Vec<Object>, servers: &[Object], viewpoint: Option<usize>, overlays: &Overlays) {
    let mut nearest: Vec<&Object> = Vec::new();
    let own: FxHashSet<ObjectId> =
        objects.iter().filter(|object| object.id.kind.is_server()).map(|object| object.id.clone()).collect();
    for server in servers.iter().filter(|server| !own.contains(&server.id)) {
        let file = |object: &Object| object.value.at.file;
        if !overlays.sees(viewpoint, file(server)) {
            continue;
        }
        let nearness = |object: &Object| overlays.nearness(viewpoint, file(object));
        match nearest.iter_mut().find(|known| known.id == server.id) {
            Some(known) if nearness(server) > nearness(known) => *known = server,
            Some(_) => {}
            None => nearest.push(server),
        }
    }
    objects.extend(nearest.into_iter().cloned());
}

/// How many folders from the top two paths share.
pub(crate) fn common_folders(one: &str, other: &str) -> usize {
    let folders = |path: &str| path.rsplit_once('/').map_or(String::new(), |(folders, _)| folders.to_string());
    let (one, other) = (folders(one), folders(other));
    one.split('/').zip(other.split('/')).take_while(|(one, other)| one == other && !one.is_empty()).count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Sources;
    use crate::yaml::Tree;

    fn monitor(name: &str) -> String {
        format!(
            "apiVersion: monitoring.coreos.com/v1\nkind: PodMonitor\nmetadata: {{name: {name}}}\nspec: {{selector: {{}}}}\n---\n"
        )
    }

    fn server(name: &str) -> String {
        format!(
            "apiVersion: monitoring.coreos.com/v1\nkind: Prometheus\nmetadata: {{name: {name}}}\nspec: {{podMonitorSelector: {{}}}}\n---\n"
        )
    }

    fn sets(files: &[(&str, String)]) -> Vec<Vec<String>> {
        let (mut sources, mut objects) = (Sources::new(), OperatorObjects::default());
        for (name, text) in files {
            let file = sources.add(*name, text.as_str());
            objects.add(&Tree::parse(text.as_str()), file);
        }
        let name_of = |file: FileId| sources.name(file).to_string();
        let shown = |object: &Object| format!("{} {}", name_of(object.value.at.file), object.id.name);
        let sets = objects.into_sets(&[], &name_of);
        sets.iter().map(|set| set.objects.objects.iter().map(shown).collect()).collect()
    }

    #[test]
    fn folders_with_the_same_objects_are_apart_and_see_the_servers_in_no_such_folder() {
        let found = sets(&[
            ("dev/m.yml", monitor("web")),
            ("dev/p.yml", server("k8s")),
            ("prod/m.yml", monitor("web")),
            ("prod/n.yml", monitor("extra")),
            ("prod/p.yml", server("k8s")),
            ("shared/p.yml", server("other")),
        ]);
        let views = [vec!["shared/p.yml other", "dev/p.yml k8s"], vec!["shared/p.yml other", "prod/p.yml k8s"]];
        let dev = vec!["dev/m.yml web", "dev/p.yml k8s", "shared/p.yml other"];
        let prod = vec!["prod/m.yml web", "prod/n.yml extra", "prod/p.yml k8s", "shared/p.yml other"];
        assert_eq!(found, [views[0].clone(), views[1].clone(), dev, prod]);
    }

    #[test]
    fn a_server_of_one_variant_is_not_that_of_another() {
        let found =
            sets(&[("dev/m.yml", monitor("web")), ("prod/m.yml", monitor("web")), ("prod/p.yml", server("k8s"))]);
        assert_eq!(found, [vec!["dev/m.yml web"], vec!["prod/m.yml web", "prod/p.yml k8s"]]);
    }

    #[test]
    fn a_patch_of_a_whole_object_is_left_out() {
        let patch =
            "apiVersion: monitoring.coreos.com/v1\nkind: PodMonitor\nmetadata: {name: web}\nspec: {jobLabel: app}\n";
        let found = sets(&[("base/m.yml", monitor("web")), ("dev/patch.yml", patch.to_string())]);
        assert_eq!(found, [vec!["base/m.yml web"]]);
        assert_eq!(sets(&[("dev/patch.yml", patch.to_string())]), [vec!["dev/patch.yml web"]]);
    }

    #[test]
    fn many_copies_are_many_small_sets() {
        let found = sets(&[("a.yml", format!("{}{}", server("k8s"), monitor("web").repeat(200)))]);
        assert_eq!((found.len(), found[0].len(), found[63].len(), found[199].len()), (200, 2, 2, 1));
    }

    #[test]
    fn the_last_object_of_a_name_replaces_the_others() {
        let text = format!("{}{}{}", monitor("a"), monitor("b"), monitor("a"));
        let mut objects = OperatorObjects::default();
        objects.add(&Tree::parse(text.as_str()), Sources::new().add("a.yml", text.as_str()));
        assert_eq!(
            objects.take_replaced().iter().map(ToString::to_string).collect::<Vec<_>>(),
            ["PodMonitor/default/a"]
        );
        assert_eq!(objects.ids().map(|id| id.name.as_str()).collect::<Vec<_>>(), ["b", "a"]);
    }
}
