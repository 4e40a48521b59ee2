//! Scrape classes: what an administrator gives to all objects that name a class, or to all that name none.
//!
//! Source: `getScrapeClassConfig`, `getScrapeClassOrDefault`.

use super::super::super::objects::Object;
use super::super::super::value::Value;
use super::super::{Fault, Server};
use super::items;

/// The scrape class of an object; perhaps none.
#[derive(Clone, Copy, Debug, Default)]
pub(in crate::input::operator) struct Class<'o>(Option<&'o Value>);

impl<'o> Class<'o> {
    /// The class that an object names, else the default one.
    pub(in crate::input::operator) fn of(server: &Server<'o>, object: &Object) -> Self {
        let name = object.value.get("spec").map_or("", |spec| spec.text("scrapeClass"));
        Self(Self::named(server, name).or_else(|| all(server).iter().find(|class| is_default(class))))
    }

    /// The class of that name; of several, the last one.
    pub(in crate::input::operator) fn named(server: &Server<'o>, name: &str) -> Option<&'o Value> {
        all(server).iter().rev().find(|class| !name.is_empty() && class.text("name") == name)
    }

    /// A member of the class.
    pub(in crate::input::operator) fn get(self, key: &str) -> Option<&'o Value> {
        self.0?.get(key)
    }

    /// The items of a list of the class.
    pub(in crate::input::operator) fn items(self, key: &str) -> &'o [Value] {
        self.get(key).map_or(&[], Value::items)
    }
}

fn all<'o>(server: &Server<'o>) -> &'o [Value] {
    server.get("scrapeClasses").map_or(&[], Value::items)
}

fn is_default(class: &Value) -> bool {
    class.get("default").and_then(Value::as_bool) == Some(true)
}

/// Checks all classes of a server; `validate` checks a list of relabel rules.
///
/// # Errors
/// The operator generates no config for anyone.
pub(in crate::input::operator) fn check(
    server: &Server<'_>,
    validate: &dyn Fn(&[Value]) -> Result<(), Fault>,
) -> Result<(), Fault> {
    let mut has_default = false;
    for class in all(server) {
        for (key, what) in [("relabelings", "relabelings"), ("metricRelabelings", "metric relabelings")] {
            validate(items(class, key)).map_err(|fault| Fault {
                message: format!(
                    "failed to parse scrape classes: invalid {what} for scrapeClass {}: {}",
                    class.text("name"),
                    fault.message
                ),
                at: fault.at,
            })?;
        }
        if is_default(class) {
            if has_default {
                let at = class.get("default").unwrap_or(class).at;
                return Err(Fault::new("failed to parse scrape classes: multiple default scrape classes defined", at));
            }
            // A class without a name is not taken as one.
            has_default = !class.text("name").is_empty();
        }
    }
    Ok(())
}
