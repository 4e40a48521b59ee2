//! The library's types as others use them.

use promcfg::config::{Config, ScrapeConfig};
use promcfg::edit::{ConfigChange, EditError};
use promcfg::files::{DiskFiles, MemoryFiles};
use promcfg::input::{Input, Part, RaiseError};
use promcfg::re2::{Regex, RegexCache, RegexError};
use promcfg::relabel::{ChainError, LabelBuilder, LimitError, LineRelabeler, RuleError};
use promcfg::scrape::TargetError;
use promcfg::simulate::{JobSimulator, SeriesError, TargetInputError, UnknownJobError};
use promcfg::text::DecodeError;
use promcfg::yaml::{ReadError, SyntaxError, Tree};
use promcfg::{Chain, Diagnostic, Document, Labels, Options, Release, Simulation, Sources};

fn is_send<T: Send>() {}
fn is_error<T: std::error::Error + Send + Sync + 'static>() {}

#[test]
fn what_holds_a_config_can_be_given_to_another_thread() {
    is_send::<Chain>();
    is_send::<Config>();
    is_send::<ConfigChange>();
    is_send::<Diagnostic>();
    is_send::<DiskFiles>();
    is_send::<Document<'static>>();
    is_send::<Input>();
    is_send::<JobSimulator<'static>>();
    is_send::<LabelBuilder>();
    is_send::<Labels>();
    is_send::<LineRelabeler>();
    is_send::<MemoryFiles>();
    is_send::<Options<'static>>();
    is_send::<Part>();
    is_send::<Regex>();
    is_send::<RegexCache>();
    is_send::<Release>();
    is_send::<ScrapeConfig>();
    is_send::<Simulation>();
    is_send::<Sources>();
    is_send::<Tree>();
}

#[test]
fn every_error_is_one_that_others_can_pass_on() {
    is_error::<ChainError>();
    is_error::<DecodeError>();
    is_error::<EditError>();
    is_error::<LimitError>();
    is_error::<RaiseError>();
    is_error::<ReadError>();
    is_error::<RegexError>();
    is_error::<RuleError>();
    is_error::<SeriesError>();
    is_error::<SyntaxError>();
    is_error::<TargetError>();
    is_error::<TargetInputError>();
    is_error::<UnknownJobError>();
}
