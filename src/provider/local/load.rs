//! From a GGUF file to a model: sizes, tables and weights, with progress, and with an ear for a cancel.
//!
//! Owns what of the format is understood: the architecture `llama`, any quantisation that candle can read. All weights become 8-bit
//! on the way. The tokenizer in the same file is `vocabulary`'s.

use super::crew::Crew;
use super::matrix::{BLOCK, Matrix};
use super::model::{Layer, Model, Shape, Weights};
use candle_core::Device;
use candle_core::quantized::GgmlDType;
use candle_core::quantized::gguf_file::{Content, Value};
use std::fs::File;
use std::io::{BufReader, Read, Seek, SeekFrom};
use std::path::Path;

/// The most tokens of context that are used, whatever the model could: each one costs time and memory, and answers do not get better.
pub const CONTEXT: usize = 2048;

/// Why there is no model.
#[derive(Debug, PartialEq, Eq)]
pub enum Failed {
    /// Nobody waits for it any more.
    Cancelled,
    /// The file will not do, in a sentence.
    Because(String),
}

impl From<String> for Failed {
    fn from(why: String) -> Self {
        Self::Because(why)
    }
}

/// A file whose head was read.
#[derive(Debug)]
pub struct Gguf {
    file: BufReader<File>,
    name: String,
    /// What is in it.
    pub content: Content,
}

impl Gguf {
    /// Reads the head of a file.
    ///
    /// # Errors
    /// A sentence that names the file.
    pub fn open(path: &Path) -> Result<Self, String> {
        let name = path.display().to_string();
        let file = File::open(path).map_err(|error| format!("the weights {name} cannot be read: {error}"))?;
        let mut file = BufReader::new(file);
        let content =
            Content::read(&mut file).map_err(|error| format!("{name} is no GGUF file, or a broken one: {error}"))?;
        Ok(Self { file, name, content })
    }

    /// The sizes of the model in it.
    ///
    /// # Errors
    /// A sentence, for another architecture and for sizes that do not go together.
    pub fn shape(&self) -> Result<Shape, String> {
        match self.content.metadata.get("general.architecture") {
            Some(Value::String(name)) if name == "llama" => {}
            other => {
                return Err(format!(
                    "{}: the architecture is {other:?}; only `llama` runs inside formwork",
                    self.name
                ));
            }
        }
        let heads = self.size("llama.attention.head_count")?;
        let width = self.size("llama.embedding_length")?;
        let head = width.checked_div(heads).unwrap_or_default();
        let shape = Shape {
            layers: self.size("llama.block_count")?,
            width,
            heads,
            pairs: self.size("llama.attention.head_count_kv").unwrap_or(heads),
            head: self.size("llama.attention.key_length").unwrap_or(head),
            inner: self.size("llama.feed_forward_length")?,
            context: self
                .size("llama.context_length")
                .map_or(CONTEXT, |own| own.min(CONTEXT)),
            epsilon: self.float("llama.attention.layer_norm_rms_epsilon").unwrap_or(1e-5),
        };
        let blocks = [width, shape.heads * shape.head, shape.inner];
        let whole = blocks.iter().all(|size| *size > 0 && size.is_multiple_of(BLOCK))
            && shape.pairs > 0
            && heads.is_multiple_of(shape.pairs)
            && shape.head.is_multiple_of(8);
        let experts = self.size("llama.expert_count").is_ok_and(|experts| experts > 1);
        if !whole || experts {
            return Err(format!("{}: models of this kind do not run inside formwork", self.name));
        }
        Ok(shape)
    }

    fn size(&self, key: &str) -> Result<usize, String> {
        let value = self.content.metadata.get(key).and_then(|value| value.to_u64().ok());
        value
            .and_then(|value| usize::try_from(value).ok())
            .ok_or_else(|| format!("{}: `{key}` is missing", self.name))
    }

    fn float(&self, key: &str) -> Option<f32> {
        self.content.metadata.get(key)?.to_f32().ok()
    }

    /// Reads the weights. `progress` is told bytes read and bytes in all, and says whether to go on.
    ///
    /// # Errors
    /// [`Failed`].
    pub fn model(mut self, crew: Crew, mut progress: impl FnMut(u64, u64) -> bool) -> Result<Model, Failed> {
        let shape = self.shape()?;
        let total = self.file.seek(SeekFrom::End(0)).unwrap_or_default();
        let mut done = 0;
        let mut step = |bytes: u64| {
            done += bytes;
            if progress(done.min(total), total) {
                Ok(())
            } else {
                Err(Failed::Cancelled)
            }
        };
        step(0)?;
        let embedding = self.matrix("token_embd.weight", shape.width)?;
        step(total / 4)?;
        let mut layers = Vec::with_capacity(shape.layers);
        for number in 0..shape.layers {
            layers.push(self.layer(number, shape)?);
            step(total * 3 / 4 / shape.layers as u64)?;
        }
        let output = self.content.tensor_infos.contains_key("output.weight");
        let output = output.then(|| self.sized("output.weight", embedding.rows(), shape.width));
        let weights = Weights {
            output: output.transpose()?,
            norm: self.floats("output_norm.weight", shape.width)?,
            turns: self.turns(shape)?,
            embedding,
            layers,
        };
        Ok(Model::new(shape, weights, crew))
    }

    fn layer(&mut self, number: usize, shape: Shape) -> Result<Layer, Failed> {
        let name = |part: &str| format!("blk.{number}.{part}.weight");
        let (width, inner) = (shape.width, shape.inner);
        let (all, pairs) = (shape.heads * shape.head, shape.pairs * shape.head);
        Ok(Layer {
            attention_norm: self.floats(&name("attn_norm"), width)?,
            queries: self.sized(&name("attn_q"), all, width)?,
            keys: self.sized(&name("attn_k"), pairs, width)?,
            values: self.sized(&name("attn_v"), pairs, width)?,
            attention_out: self.sized(&name("attn_output"), width, all)?,
            inner_norm: self.floats(&name("ffn_norm"), width)?,
            gate: self.sized(&name("ffn_gate"), inner, width)?,
            up: self.sized(&name("ffn_up"), inner, width)?,
            down: self.sized(&name("ffn_down"), width, inner)?,
        })
    }

    /// The radians of the rotary embedding, with the factors that some models add.
    fn turns(&mut self, shape: Shape) -> Result<Vec<f32>, Failed> {
        let base = self.float("llama.rope.freq_base").unwrap_or(10_000.0);
        let dimensions = self
            .size("llama.rope.dimension_count")
            .unwrap_or(shape.head)
            .min(shape.head);
        let turns = (0..dimensions / 2).map(|pair| base.powf(-2.0 * pair as f32 / dimensions as f32));
        if !self.content.tensor_infos.contains_key("rope_freqs.weight") {
            return Ok(turns.collect());
        }
        let factors = self.floats("rope_freqs.weight", dimensions / 2)?;
        Ok(turns.zip(factors).map(|(turn, factor)| turn / factor).collect())
    }

    fn floats(&mut self, name: &str, count: usize) -> Result<Vec<f32>, Failed> {
        let floats = self.tensor(name)?;
        if floats.len() == count {
            Ok(floats)
        } else {
            Err(Failed::Because(self.misshapen(name)))
        }
    }

    fn tensor(&mut self, name: &str) -> Result<Vec<f32>, Failed> {
        let read = self.content.tensor(&mut self.file, name, &Device::Cpu);
        let floats = read
            .and_then(|tensor| tensor.dequantize(&Device::Cpu))
            .and_then(|tensor| tensor.flatten_all()?.to_vec1());
        floats.map_err(|error| Failed::Because(format!("{}: `{name}` cannot be read: {error}", self.name)))
    }

    fn sized(&mut self, name: &str, rows: usize, columns: usize) -> Result<Matrix, Failed> {
        let matrix = self.matrix(name, columns)?;
        if matrix.rows() == rows {
            Ok(matrix)
        } else {
            Err(Failed::Because(self.misshapen(name)))
        }
    }

    /// A matrix of 8-bit numbers: as stored when it is `Q8_0`, rounded again otherwise. (`Q4_1` as stored was six times slower.)
    fn matrix(&mut self, name: &str, columns: usize) -> Result<Matrix, Failed> {
        let info = self.content.tensor_infos.get(name);
        let (rows, kind, offset) = match info.map(|info| (info.shape.dims(), info.ggml_dtype, info.offset)) {
            Some(([rows, own], kind, offset)) if *own == columns && *rows > 0 => (*rows, kind, offset),
            Some(_) | None => return Err(Failed::Because(self.misshapen(name))),
        };
        if kind != GgmlDType::Q8_0 {
            return Ok(Matrix::round(rows, &self.tensor(name)?));
        }
        let broken = |error: std::io::Error| format!("{}: `{name}` cannot be read: {error}", self.name);
        let mut bytes = Vec::new();
        let blocks = rows
            .checked_mul(columns / BLOCK)
            .and_then(|blocks| blocks.checked_mul(kind.type_size()));
        let length = blocks.map_or(u64::MAX, |length| length as u64);
        let start = self.content.tensor_data_offset.saturating_add(offset);
        self.file.seek(SeekFrom::Start(start)).map_err(broken)?;
        let read = self
            .file
            .by_ref()
            .take(length)
            .read_to_end(&mut bytes)
            .map_err(broken)?;
        if read as u64 != length {
            return Err(Failed::Because(format!("{} is cut off", self.name)));
        }
        Ok(Matrix::stored(rows, &bytes))
    }

    fn misshapen(&self, name: &str) -> String {
        format!("{}: `{name}` is missing or has another size than its model", self.name)
    }
}
