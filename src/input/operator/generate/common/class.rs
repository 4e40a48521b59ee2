//! Scrape classes: what an administrator gives to all objects that name a class, or to all that name none.
//!
//! Source: `getScrapeClassConfig`, `getScrapeClassOrDefault`.

use super::super::super::objects::Object;
use super::super::super::value::Value;
use super::super::Server;

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
