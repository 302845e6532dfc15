//! The distinctive middles of the sentences that rows 12 and 13 go by (`openrouter.md` §3.4), in lower case.

/// The model missed a schema that its server had accepted (Groq).
pub(super) const GENERATION: [&str; 4] = [
    "json_validate_failed",
    "tool_use_failed",
    "failed_generation",
    "does not match the expected schema",
];

/// Rejections of a schema, by family (`openrouter.md` §3.4).
pub(super) const SCHEMA: [&str; 28] = [
    // OpenAI, Azure, xAI
    "invalid schema for response_format",
    "invalid schema for function",
    "invalid_json_schema",
    "invalid_function_parameters",
    "text.format.schema",
    // Anthropic, also through Bedrock, Vertex and Azure
    "output_config.format.schema",
    "output_format.schema",
    "input_schema",
    "compiled grammar is too large",
    "schema is too complex",
    "too many recursive definitions",
    // Google
    "too many states for serving",
    "schema produces a constraint",
    "response_schema",
    "responseschema",
    "maximum nesting depth",
    "unsupported field",
    // Groq
    "invalid schema for response format",
    "invalid json schema for response_format",
    // llama.cpp
    "failed to parse grammar",
    "failed to initialize samplers",
    "json schema conversion failed",
    "json schema error at",
    // Ollama
    "invalid json schema in format",
    // vLLM and its grammar back ends
    "grammar error",
    "invalid grammar",
    "unsupported json schema",
    "json schema contains features",
];

/// The keywords that "is not supported" may be about when only `json_schema` is named beside it.
pub(super) const KEYWORDS: [&str; 14] = [
    "minitems",
    "maxitems",
    "minlength",
    "maxlength",
    "minimum",
    "maximum",
    "pattern",
    "uniqueitems",
    "oneof",
    "allof",
    "anyof",
    "additionalproperties",
    "'default'",
    "$ref",
];

/// Rejections of a field, whichever it is.
pub(super) const FIELD: [&str; 11] = [
    "unsupported param",
    "unsupported value",
    "unknown parameter",
    "unrecognized request argument",
    "unrecognized key",
    "unknown field",
    "extra inputs are not permitted",
    "extra_forbidden",
    "additional properties are not allowed",
    "not support",
    "doesn't support",
];

/// What counts only when the mode's own field is named: elsewhere the value is the user's and must not be dropped behind their back.
pub(super) const OWN_FIELD: [&str; 8] = [
    "must be",
    "invalid value",
    "invalid type",
    "invalid tool_choice",
    "unavailable",
    "requires --",
    "unsupported",
    "not allowed",
];
