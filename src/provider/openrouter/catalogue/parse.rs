//! The JSON of `/models` and `/models/…/endpoints`.
//!
//! Owns their field names (`openrouter.md` §4.2, §4.4, §4.5), all optional. Prices are decimal strings in dollars per token, of which
//! a negative one means unknown.

use super::Entry;
use crate::event::{Fault, FaultClass};
use crate::extract::model::ModelInfo;
use crate::provider::openrouter::faults;
use crate::provider::openrouter::lenient::{List, Number, Object, Text};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// One upstream that serves a model.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct EndpointInfo {
    /// The upstream's name.
    pub provider: String,
    /// What `provider.only` and its kin take, such as `google-vertex/global`.
    pub tag: String,
    /// Tokens of context.
    pub context_length: Option<u64>,
    /// The most `max_tokens` may be.
    pub max_completion_tokens: Option<u64>,
    /// Names of parameters and capabilities; `None` when not said.
    pub supported_parameters: Option<Vec<String>>,
    /// Dollars per prompt token; `None` when unknown.
    pub prompt_price: Option<f64>,
    /// Dollars per completion token; `None` when unknown.
    pub completion_price: Option<f64>,
    /// The weights' quantization; empty when not said.
    pub quantization: String,
    /// 0 is normal, negative is degraded or off.
    pub status: Option<i64>,
    /// Per cent of the last 30 minutes.
    pub uptime: Option<f64>,
    /// Which values of `tool_choice` passed OpenRouter's tests; `None` when not said.
    pub tool_choice: Option<ToolChoices>,
}

/// Which values of `tool_choice` work.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "one flag a value of tool_choice, as the server lists them"
)]
pub struct ToolChoices {
    /// `none`.
    pub none: bool,
    /// `auto`.
    pub auto: bool,
    /// `required`.
    pub required: bool,
    /// A named function.
    pub function: bool,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Page<'a> {
    #[serde(borrow)]
    data: Option<List<WireModel<'a>>>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct EndpointPage<'a> {
    #[serde(borrow)]
    data: Object<WireModel<'a>>,
}

/// A model, or an endpoint of one: the fields overlap.
#[derive(Default, Deserialize)]
#[serde(default)]
struct WireModel<'a> {
    #[serde(borrow)]
    id: Text<'a>,
    #[serde(borrow)]
    canonical_slug: Text<'a>,
    #[serde(borrow)]
    name: Text<'a>,
    created: Number,
    context_length: Number,
    architecture: Object<Architecture>,
    pricing: Object<Pricing>,
    top_provider: Object<TopProvider>,
    supported_parameters: Value,
    reasoning: Value,
    #[serde(borrow)]
    expiration_date: Text<'a>,
    #[serde(borrow)]
    endpoints: Option<List<WireEndpoint<'a>>>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Architecture {
    input_modalities: Value,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Pricing {
    prompt: Number,
    completion: Number,
    request: Number,
    discount: Number,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct TopProvider {
    context_length: Number,
    max_completion_tokens: Number,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct WireEndpoint<'a> {
    #[serde(borrow)]
    provider_name: Text<'a>,
    #[serde(borrow)]
    tag: Text<'a>,
    context_length: Number,
    max_completion_tokens: Number,
    supported_parameters: Value,
    pricing: Object<Pricing>,
    #[serde(borrow)]
    quantization: Text<'a>,
    status: Value,
    uptime_last_30m: Number,
    supports_tool_choice: Value,
}

/// Reads a list of models.
///
/// # Errors
/// `NotAnApi` when there is none in it.
pub fn models(body: &[u8]) -> Result<Vec<Entry>, Fault> {
    let text = String::from_utf8_lossy(body);
    let page = serde_json::from_str::<Object<Page<'_>>>(&text)
        .map(|page| page.0)
        .unwrap_or_default();
    let Some(list) = page.data else {
        return Err(not_listed("models", &text));
    };
    Ok(list
        .0
        .iter()
        .filter(|model| !model.id.get().is_empty())
        .map(entry)
        .collect())
}

/// Reads the endpoints of one model.
///
/// # Errors
/// `NotAnApi` when there are none in it.
pub fn endpoints(body: &[u8]) -> Result<Vec<EndpointInfo>, Fault> {
    let text = String::from_utf8_lossy(body);
    let page = serde_json::from_str::<Object<EndpointPage<'_>>>(&text)
        .map(|page| page.0)
        .unwrap_or_default();
    let Some(list) = page.data.0.endpoints else {
        return Err(not_listed("endpoints", &text));
    };
    Ok(list.0.iter().map(endpoint).collect())
}

fn not_listed(what: &str, text: &str) -> Fault {
    let begin = if text.trim_start().starts_with('<') {
        "HTML".to_owned()
    } else {
        faults::excerpt(text)
    };
    faults::own(
        FaultClass::NotAnApi,
        format!("the server's answer lists no {what}; is the base URL right? {begin}"),
    )
}

fn entry(model: &WireModel<'_>) -> Entry {
    let supported_parameters = texts(&model.supported_parameters);
    let listed = supported_parameters.iter().flatten().any(|name| name == "reasoning");
    let info = ModelInfo {
        id: model.id.get().to_owned(),
        name: model.name.get().to_owned(),
        context_length: model
            .context_length
            .count()
            .or(model.top_provider.0.context_length.count()),
        max_completion_tokens: model.top_provider.0.max_completion_tokens.count(),
        prompt_price: price(model.pricing.0.prompt),
        completion_price: price(model.pricing.0.completion),
        request_price: price(model.pricing.0.request).filter(|price| *price > 0.0),
        reasoning_mandatory: model
            .reasoning
            .get("mandatory")
            .and_then(Value::as_bool)
            .unwrap_or(false),
        reasoning: model.reasoning.is_object() || listed,
        expires: Some(model.expiration_date.get())
            .filter(|date| !date.is_empty())
            .map(str::to_owned),
        created: model.created.count(),
        input_modalities: texts(&model.architecture.0.input_modalities).unwrap_or_default(),
        supported_parameters,
    };
    let canonical = Some(model.canonical_slug.get())
        .filter(|slug| !slug.is_empty() && *slug != info.id)
        .map(str::to_owned);
    Entry { info, canonical }
}

fn endpoint(endpoint: &WireEndpoint<'_>) -> EndpointInfo {
    let pricing = &endpoint.pricing.0;
    // Endpoints list prices before their discount, a share of 1 (§4.4).
    let share = 1.0
        - pricing
            .discount
            .0
            .filter(|discount| (0.0..=1.0).contains(discount))
            .unwrap_or(0.0);
    let flag = |name: &str| {
        endpoint
            .supports_tool_choice
            .get(name)
            .and_then(Value::as_bool)
            .unwrap_or(false)
    };
    let choices = || ToolChoices {
        none: flag("none"),
        auto: flag("auto"),
        required: flag("required"),
        function: flag("function"),
    };
    EndpointInfo {
        provider: endpoint.provider_name.get().to_owned(),
        tag: endpoint.tag.get().to_owned(),
        context_length: endpoint.context_length.count(),
        max_completion_tokens: endpoint.max_completion_tokens.count(),
        supported_parameters: texts(&endpoint.supported_parameters),
        prompt_price: price(pricing.prompt).map(|price| price * share),
        completion_price: price(pricing.completion).map(|price| price * share),
        quantization: endpoint.quantization.get().to_owned(),
        status: endpoint.status.as_i64(),
        uptime: endpoint.uptime_last_30m.0,
        tool_choice: endpoint.supports_tool_choice.is_object().then(choices),
    }
}

/// The strings of an array; `None` if it is no array.
fn texts(value: &Value) -> Option<Vec<String>> {
    Some(
        value
            .as_array()?
            .iter()
            .filter_map(|item| item.as_str().map(str::to_owned))
            .collect(),
    )
}

/// A price; negative ones (routers have `-1`) are unknown.
fn price(number: Number) -> Option<f64> {
    number.0.filter(|price| price.is_finite() && *price >= 0.0)
}
