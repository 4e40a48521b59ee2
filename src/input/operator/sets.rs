//! Objects that are several times in an input, as in the folders of several clusters: sets in which each is once.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use crate::text::FileId;

use super::objects::{Object, ObjectId, OperatorObjects};

/// So many sets have servers of others beside their own objects.
const MOST_SETS: usize = 64;

impl OperatorObjects {
    /// Sets with all objects, in each of which an object is once: the first has the first copy of every object. A set of
    /// further copies also has the servers that it has no copies of, each the one that is nearest by its folder.
    pub(crate) fn into_sets(self, name_of: &dyn Fn(FileId) -> String) -> Vec<Self> {
        let mut copies: FxHashMap<ObjectId, usize> = FxHashMap::default();
        let mut sets: Vec<Vec<Object>> = vec![Vec::new()];
        for object in self.objects {
            // An object without a name is refused, and is no copy of another one.
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
        add_servers(&mut sets, name_of);
        let mut sets =
            sets.into_iter().map(|objects| Self { objects, stores: Arc::clone(&self.stores), unreadable: Vec::new() });
        let first = sets.next().map(|first| Self { unreadable: self.unreadable, ..first });
        first.into_iter().chain(sets).collect()
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

fn add_servers(sets: &mut [Vec<Object>], name_of: &dyn Fn(FileId) -> String) {
    if sets.len() < 2 {
        return;
    }
    let servers: Vec<(String, Object)> = sets
        .iter()
        .flatten()
        .filter(|object| object.id.kind.is_server())
        .map(|server| (name_of(server.value.at.file), server.clone()))
        .collect();
    for set in sets.iter_mut().take(MOST_SETS).skip(1) {
        let Some(place) = set.first().map(|object| name_of(object.value.at.file)) else { continue };
        let mut nearest: Vec<&(String, Object)> = Vec::new();
        for server in &servers {
            if set.iter().any(|own| own.id == server.1.id) {
                continue;
            }
            match nearest.iter_mut().find(|known| known.1.id == server.1.id) {
                Some(known) if common_folders(&server.0, &place) > common_folders(&known.0, &place) => *known = server,
                Some(_) => {}
                None => nearest.push(server),
            }
        }
        set.extend(nearest.into_iter().map(|(_, server)| server.clone()));
    }
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
        format!("apiVersion: monitoring.coreos.com/v1\nkind: PodMonitor\nmetadata: {{name: {name}}}\n---\n")
    }

    fn server(name: &str) -> String {
        format!("apiVersion: monitoring.coreos.com/v1\nkind: Prometheus\nmetadata: {{name: {name}}}\n---\n")
    }

    fn sets(files: &[(&str, String)]) -> Vec<Vec<String>> {
        let (mut sources, mut objects) = (Sources::new(), OperatorObjects::default());
        for (name, text) in files {
            let file = sources.add(*name, text.as_str());
            objects.add(&Tree::parse(text.as_str()), file);
        }
        let name_of = |file: FileId| sources.name(file).to_string();
        let shown = |object: &Object| format!("{} {}", name_of(object.value.at.file), object.id.name);
        objects.into_sets(&name_of).iter().map(|set| set.objects.iter().map(shown).collect()).collect()
    }

    #[test]
    fn copies_in_folders_are_apart_and_each_set_has_the_nearest_servers() {
        let found = sets(&[
            ("base/a.yml", monitor("only")),
            ("dev/m.yml", monitor("web")),
            ("dev/p.yml", server("k8s")),
            ("prod/m.yml", monitor("web")),
            ("prod/p.yml", server("k8s")),
            ("shared/p.yml", server("other")),
        ]);
        let first = ["base/a.yml only", "dev/m.yml web", "dev/p.yml k8s", "shared/p.yml other"];
        assert_eq!(found, [first.to_vec(), vec!["prod/m.yml web", "prod/p.yml k8s", "shared/p.yml other"]]);
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
