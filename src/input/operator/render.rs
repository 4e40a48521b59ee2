//! From objects to the config of each Prometheus: who refuses what, and what comes out.

use crate::config::{Config, Shape, read_jobs};
use crate::diagnostic::Diagnostic;
use crate::options::Options;
use crate::release::Release;
use crate::text::{Location, Sources};
use crate::yaml::Tree;

use super::assumption::Assumption;
use super::check::Checks;
use super::document::GeneratedConfig;
use super::generate::{self, Fault, Server};
use super::kind::Kind;
use super::objects::{Object, ObjectId, OperatorObjects, place_of};
use super::schema::{Admitted, Advice, admit};
use super::select::{NotSelected, is_unmanaged, select};
use super::value::Value;
use super::version::NamedRelease;

/// What to render.
#[derive(Clone, Debug, Default)]
pub struct RenderOptions {
    /// Only the Prometheus with this namespace and name.
    pub only: Option<(String, String)>,
    /// Render objects that no selector picks, as well.
    pub unselected: bool,
    /// Leave out the jobs of Secrets that are not in the input, such as that of `additionalScrapeConfigs`; without this,
    /// nothing is generated, as in a cluster without the Secret.
    pub leave_out_missing: bool,
    /// The release for which each config is generated; by default, the version that the Prometheus names.
    pub release: Option<Release>,
}

/// Who refuses an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Stage {
    /// The API server, by the schema: the object does not get into the cluster.
    ApiServer,
    /// The operator: the object is skipped, or, if it is a Prometheus, nothing new is generated for anyone.
    Operator,
}

impl Stage {
    /// Its name in output: `api-server` or `operator`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::ApiServer => "api-server",
            Self::Operator => "operator",
        }
    }
}

/// An object that is refused.
#[derive(Clone, Debug)]
pub struct Rejected {
    /// The object.
    pub object: ObjectId,
    /// Who refuses it.
    pub by: Stage,
    /// What it says.
    pub error: String,
    /// What to do, if that is known.
    pub help: Option<String>,
    /// The place in the object.
    pub at: Location,
}

/// A key that the API server drops.
#[derive(Clone, Debug)]
pub struct Pruned {
    /// The object.
    pub object: ObjectId,
    /// The path of the key, such as `spec.endpoints[0].relabelConfigs`.
    pub path: String,
    /// The place of the key.
    pub at: Location,
    /// The field of the same part of the object that was meant.
    pub near: Option<&'static str>,
    /// Why it is unknown, and what follows; of the first keys of an object.
    pub advice: Option<Advice>,
}

/// What becomes of the objects for one Prometheus.
#[derive(Clone, Debug)]
pub struct Rendering {
    /// The Prometheus; without one in the input, `default/prometheus` with the defaults.
    pub prometheus: ObjectId,
    /// Its place, if it is in the input.
    pub at: Option<Location>,
    /// The release that it runs, if its object says so.
    pub release: Option<NamedRelease>,
    /// The config; `None` if nothing is generated.
    pub config: Option<GeneratedConfig>,
    /// Why nothing is generated.
    pub error: Option<Rejected>,
    /// Objects that are refused.
    pub rejected: Vec<Rejected>,
    /// Keys that are dropped.
    pub pruned: Vec<Pruned>,
    /// How many more keys and errors there are of objects that have very many.
    pub unlisted: usize,
    /// Objects that it does not pick.
    pub not_selected: Vec<NotSelected>,
    /// It has no selector at all, so the operator leaves its config to others; then there is none, unless objects are
    /// rendered that no selector picks.
    pub unmanaged: bool,
    /// What is assumed of the cluster, sorted.
    pub assumed: Vec<Assumption>,
}

impl Rendering {
    /// Reads its config as Prometheus does. Each relabel rule has its author.
    pub fn read(&self, sources: &mut Sources, options: &Options<'_>) -> Option<(Config, Vec<Diagnostic>)> {
        let generated = self.config.as_ref()?;
        let name = format!("{}/{}", self.prometheus.namespace, self.prometheus.name);
        let file = generated.add_to(sources, &name);
        let tree = Tree::parse(generated.text());
        let (mut config, diagnostics) = read_jobs(Shape::Config, sources, file, &tree, options, &|_| true);
        for job in &mut config.scrape_configs {
            let lists = job.relabel_configs.iter_mut().chain(job.metric_relabel_configs.iter_mut());
            lists.for_each(|rule| rule.author = generated.author(rule.span));
        }
        Some((config, diagnostics))
    }
}

/// Renders the config of each Prometheus among the objects; without one, that of `default/prometheus`, which picks all
/// objects.
///
/// ```
/// use promcfg::Sources;
/// use promcfg::input::operator::{OperatorObjects, RenderOptions, render};
/// use promcfg::yaml::Tree;
/// let text = "apiVersion: monitoring.coreos.com/v1\nkind: ServiceMonitor\nmetadata: {name: web, namespace: shop}\nspec: {selector: {}, endpoints: [{port: http}]}\n";
/// let mut objects = OperatorObjects::default();
/// objects.add(&Tree::parse(text), Sources::new().add("web.yml", text));
/// let rendering = &render(&objects, &RenderOptions::default())[0];
/// assert!(rendering.config.as_ref().unwrap().text().contains("job_name: serviceMonitor/shop/web/0"));
/// ```
#[must_use]
pub fn render(objects: &OperatorObjects, options: &RenderOptions) -> Vec<Rendering> {
    let mut admission = Admission::default();
    let (servers, monitors): (Vec<&Object>, Vec<&Object>) =
        objects.objects.iter().partition(|object| object.id.kind.is_server());
    let monitors: Vec<Object> = monitors.into_iter().filter_map(|object| admission.admit(object)).collect();
    let Admission { rejected, pruned, unlisted } = admission;
    let is_wanted = |id: &ObjectId| {
        options.only.as_ref().is_none_or(|(namespace, name)| *namespace == id.namespace && *name == id.name)
    };
    let mut renderings = Vec::new();
    if servers.is_empty() {
        renderings.push(render_one(objects, &monitors, None, options));
    }
    for server in servers.into_iter().filter(|server| is_wanted(&server.id)) {
        renderings.push(render_one(objects, &monitors, Some(server), options));
    }
    for rendering in &mut renderings {
        rendering.rejected.splice(0..0, rejected.iter().cloned());
        rendering.pruned.extend(pruned.iter().cloned());
        rendering.unlisted += unlisted;
    }
    renderings
}

/// The API server's part.
#[derive(Default)]
struct Admission {
    rejected: Vec<Rejected>,
    pruned: Vec<Pruned>,
    unlisted: usize,
}

impl Admission {
    /// The object as it is stored, unless it is refused.
    fn admit(&mut self, object: &Object) -> Option<Object> {
        let Admitted { value, pruned, errors, unlisted } = admit(object.id.kind, object.value.clone());
        let id = || object.id.clone();
        self.unlisted += unlisted;
        self.pruned.extend(pruned.into_iter().map(|key| Pruned {
            object: id(),
            path: key.path,
            at: key.at,
            near: key.near,
            advice: key.advice,
        }));
        if errors.is_empty() {
            return Some(Object { id: id(), value });
        }
        let rejected = errors.into_iter().map(|error| Rejected {
            object: id(),
            by: Stage::ApiServer,
            error: error.to_string(),
            help: error.help,
            at: error.at,
        });
        self.rejected.extend(rejected);
        None
    }
}

fn render_one(
    objects: &OperatorObjects,
    monitors: &[Object],
    server: Option<&Object>,
    options: &RenderOptions,
) -> Rendering {
    let id =
        server.map_or_else(|| ObjectId::new(Kind::Prometheus, "default", "prometheus"), |server| server.id.clone());
    let mut rendering = Rendering {
        prometheus: id.clone(),
        at: server.map(|server| place_of(&server.value)),
        release: server.and_then(|server| NamedRelease::of(&server.value)),
        config: None,
        error: None,
        rejected: Vec::new(),
        pruned: Vec::new(),
        unlisted: 0,
        not_selected: Vec::new(),
        unmanaged: false,
        assumed: Vec::new(),
    };
    let mut admission = Admission::default();
    let stored = match server {
        Some(server) => admission.admit(server).map(Some),
        None => Some(None),
    };
    rendering.pruned = admission.pruned;
    rendering.unlisted = admission.unlisted;
    let Some(stored) = stored else {
        rendering.error = admission.rejected.into_iter().next();
        return rendering;
    };
    let refused = |error: String, at: Option<Location>| Rejected {
        object: id.clone(),
        by: Stage::Operator,
        error,
        help: None,
        at: at.or(server.map(|server| place_of(&server.value))).unwrap_or_else(|| nowhere(monitors)),
    };
    let server = Server::new(&id, stored.as_ref().map(|object| &object.value), objects);
    let server = match server.map(|server| server.with_release(options.release)) {
        Ok(server) => server,
        Err(fault) => {
            rendering.error = Some(refused(fault.message, fault.at));
            return rendering;
        }
    };
    let mut checks = Checks::new(&server);
    let selection = match checks.classes().and_then(|()| select(&server, monitors)) {
        Ok(selection) => selection,
        Err(fault) => {
            rendering.error = Some(refused(fault.message, fault.at));
            return rendering;
        }
    };
    rendering.unmanaged = is_unmanaged(&server);
    let mut picked = selection.selected;
    for (object, other) in selection.others {
        picked.extend(options.unselected.then_some(object));
        rendering.not_selected.push(other);
    }
    if rendering.unmanaged && !options.unselected {
        return rendering;
    }
    picked
        .sort_by(|one, other| one.id.kind.cmp(&other.id.kind).then_with(|| in_order(&one.id).cmp(in_order(&other.id))));
    checks.assumed.extend(selection.assumed);
    let mut accepted = Vec::new();
    for object in picked {
        match checks.object(object) {
            Ok(()) => accepted.push(object),
            Err(fault) => rendering.rejected.push(Rejected {
                object: object.id.clone(),
                by: Stage::Operator,
                error: fault.message,
                help: None,
                at: fault.at.unwrap_or_else(|| place_of(&object.value)),
            }),
        }
    }
    let files = checks.server().and_then(|()| generate::files(&server, options.leave_out_missing, &mut checks.assumed));
    let generated = files.and_then(|files| {
        let generated = checks.timeout_of_server().and_then(|()| generate::generate(&server, &accepted, &files));
        generated.map_err(|fault| Fault { message: format!("generating config failed: {}", fault.message), ..fault })
    });
    match generated {
        Ok(config) => rendering.config = Some(config.write()),
        Err(fault) => rendering.error = Some(refused(fault.message, fault.at)),
    }
    rendering.assumed = checks.assumed.into_iter().collect();
    rendering
}

/// What the operator sorts objects by: the text `namespace/name`.
fn in_order(id: &ObjectId) -> impl Iterator<Item = u8> {
    id.namespace.bytes().chain(std::iter::once(b'/')).chain(id.name.bytes())
}

fn nowhere(monitors: &[Object]) -> Location {
    let first = monitors.first().map(|object: &Object| -> &Value { &object.value });
    first.map_or_else(|| Location::new(crate::text::FileId(0), crate::text::Span::empty(0)), place_of)
}
