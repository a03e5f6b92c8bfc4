//! A meter log: METER;READING a line. The boundary is declared here as plugins/sdk/adapter_abi.h has it; nothing but
//! Rust's standard library is used. A panic never crosses: it becomes "the adapter failed".
#![allow(dead_code)]

use std::ffi::c_void;
use std::os::raw::{c_char, c_int};
use std::panic::{catch_unwind, AssertUnwindSafe};
use std::ptr;

const ABI: u32 = 1;
const OK: i32 = 0;
const FAILED: i32 = 5;
const SOURCE_UNREADABLE: i32 = 74;
const ABI_UNSUPPORTED: i32 = 95;
const NULLABLE: i64 = 2;

#[repr(C)]
struct ArrowSchema {
    format: *const c_char,
    name: *const c_char,
    metadata: *const c_char,
    flags: i64,
    n_children: i64,
    children: *mut *mut ArrowSchema,
    dictionary: *mut ArrowSchema,
    release: Option<unsafe extern "C" fn(*mut ArrowSchema)>,
    private_data: *mut c_void,
}

#[repr(C)]
struct ArrowArray {
    length: i64,
    null_count: i64,
    offset: i64,
    n_buffers: i64,
    n_children: i64,
    buffers: *mut *const c_void,
    children: *mut *mut ArrowArray,
    dictionary: *mut ArrowArray,
    release: Option<unsafe extern "C" fn(*mut ArrowArray)>,
    private_data: *mut c_void,
}

#[repr(C)]
struct ArrowArrayStream {
    get_schema: Option<unsafe extern "C" fn(*mut ArrowArrayStream, *mut ArrowSchema) -> c_int>,
    get_next: Option<unsafe extern "C" fn(*mut ArrowArrayStream, *mut ArrowArray) -> c_int>,
    get_last_error: Option<unsafe extern "C" fn(*mut ArrowArrayStream) -> *const c_char>,
    release: Option<unsafe extern "C" fn(*mut ArrowArrayStream)>,
    private_data: *mut c_void,
}

#[repr(C)]
struct ConcordatText {
    data: *const c_char,
    size: u64,
}

#[repr(C)]
struct ConcordatError {
    struct_size: u32,
    reserved: u32,
    message: [c_char; 1016],
}

#[repr(C)]
struct ConcordatFacts {
    struct_size: u32,
    note_count: u32,
    encoding: *const c_char,
    delimiter: *const c_char,
    header_line: u64,
    blank: u64,
    notes: *const *const c_char,
    columns: *const ConcordatText,
    column_count: u64,
}

/// The functions that are not called here are declared by their size only.
#[repr(C)]
pub struct ConcordatHost {
    struct_size: u32,
    abi: u32,
    context: *mut c_void,
    batch_rows: u64,
    batch_bytes: u64,
    source_name: *const c_char,
    source_size: u64,
    read_source: unsafe extern "C" fn(*mut c_void, u64, *mut c_void, u64) -> i64,
    map_source: *const c_void,
    option: *const c_void,
    reference: *const c_void,
    report_facts: unsafe extern "C" fn(*mut c_void, *const ConcordatFacts) -> i32,
    report_finding: *const c_void,
    report_dimension: *const c_void,
}

#[repr(C)]
pub struct ConcordatAdapter {
    struct_size: u32,
    abi: u32,
    private_data: *mut c_void,
    submit: Option<unsafe extern "C" fn(*mut ConcordatAdapter, *mut ArrowArrayStream, *mut ConcordatError) -> i32>,
    validate: *const c_void,
    score: *const c_void,
    release: Option<unsafe extern "C" fn(*mut ConcordatAdapter)>,
}

// ---- The reader: no unsafe code but the calls of the worker ----

struct Reader {
    host: *const ConcordatHost,
    offset: u64,
    buffer: Vec<u8>,
    ended: bool,
    line: u64,
    blank: u64,
    last_error: Vec<u8>,
}

enum Stop {
    Source(String),
    Failed(String),
}

const PIECE: usize = 256 << 10;
const LONGEST_LINE: usize = 1 << 20;

impl Reader {
    fn host(&self) -> &ConcordatHost {
        unsafe { &*self.host }
    }

    fn fill(&mut self) -> Result<(), Stop> {
        let mut piece = vec![0u8; PIECE];
        let host = self.host();
        let got = unsafe { (host.read_source)(host.context, self.offset, piece.as_mut_ptr().cast(), PIECE as u64) };
        if got < 0 {
            return Err(Stop::Failed("the source could not be read".into()));
        }
        self.offset += got as u64;
        self.buffer.extend_from_slice(&piece[..got as usize]);
        self.ended = (got as usize) < PIECE;
        Ok(())
    }

    /// Without its ending; none at the end of the source.
    fn next_line(&mut self, from: &mut usize) -> Result<Option<Vec<u8>>, Stop> {
        loop {
            let rest = &self.buffer[*from..];
            let newline = rest.iter().position(|&byte| byte == b'\n');
            if newline.is_some() || (self.ended && !rest.is_empty()) {
                let size = newline.unwrap_or(rest.len());
                let mut line = rest[..size].to_vec();
                if line.last() == Some(&b'\r') {
                    line.pop();
                }
                *from += size + usize::from(newline.is_some());
                self.line += 1;
                return Ok(Some(line));
            }
            if self.ended {
                return Ok(None);
            }
            if rest.len() > LONGEST_LINE {
                return Err(Stop::Source(format!("line {} is longer than 1 MiB: this is no meter log", self.line + 1)));
            }
            self.buffer.drain(..*from);
            *from = 0;
            self.fill()?;
        }
    }

    fn read_batch(&mut self) -> Result<Option<Box<Batch>>, Stop> {
        let (most_rows, most_bytes) = (self.host().batch_rows as usize, self.host().batch_bytes as usize);
        let mut batch = Box::new(Batch::default());
        let (mut from, mut bytes) = (0, 0);
        while batch.lines.len() < most_rows && bytes < most_bytes {
            let line = match self.next_line(&mut from)? {
                Some(line) => line,
                None => break,
            };
            if line.is_empty() {
                self.blank += 1;
                continue;
            }
            bytes += line.len();
            batch.lines.push(self.line);
            batch.add(&line);
        }
        self.buffer.drain(..from);
        Ok(if batch.lines.is_empty() { None } else { Some(batch) })
    }
}

// ---- A batch as Arrow has it ----

#[derive(Default)]
struct TextColumn {
    valid: Vec<u8>,
    offsets: Vec<i32>,
    text: Vec<u8>,
    rows: usize,
    nulls: i64,
}

impl TextColumn {
    fn push(&mut self, value: Option<&str>) {
        if self.rows == 0 {
            self.offsets.push(0);
        }
        if self.rows % 8 == 0 {
            self.valid.push(0);
        }
        match value {
            Some(text) => {
                self.text.extend_from_slice(text.as_bytes());
                self.valid[self.rows / 8] |= 1 << (self.rows % 8);
            }
            None => self.nulls += 1,
        }
        self.offsets.push(self.text.len() as i32);
        self.rows += 1;
    }
}

#[derive(Default)]
struct Batch {
    texts: [TextColumn; 4], // meter, reading, unreadable, raw
    lines: Vec<u64>,
    buffers: Vec<[*const c_void; 3]>,
    arrays: Vec<ArrowArray>,
    children: Vec<*mut ArrowArray>,
    no_buffers: [usize; 1],
}

impl Batch {
    fn add(&mut self, line: &[u8]) {
        let text = String::from_utf8_lossy(line);
        let cells = match std::str::from_utf8(line) {
            Err(_) => Err("the line is not UTF-8"),
            Ok(readable) => match readable.split_once(';') {
                Some((meter, reading)) if !meter.is_empty() && !reading.contains(';') => Ok((meter, reading)),
                _ => Err("the line is no METER;READING"),
            },
        };
        let row = match cells {
            Ok((meter, reading)) => [Some(meter), Some(reading), None, None],
            Err(why) => [None, None, Some(why), Some(text.as_ref())],
        };
        for (column, value) in self.texts.iter_mut().zip(row) {
            column.push(value);
        }
    }

    /// Points `out` at this batch, whose memory is then the consumer's.
    fn give(mut self: Box<Self>, out: &mut ArrowArray) {
        let rows = self.lines.len() as i64;
        for column in &self.texts {
            self.buffers.push([column.valid.as_ptr().cast(), column.offsets.as_ptr().cast(), column.text.as_ptr().cast()]);
        }
        self.buffers.push([ptr::null(), self.lines.as_ptr().cast(), ptr::null()]);
        for index in 0..self.buffers.len() {
            let nulls = self.texts.get(index).map_or(0, |column| column.nulls);
            let array = ArrowArray {
                length: rows,
                null_count: nulls,
                n_buffers: if index < self.texts.len() { 3 } else { 2 },
                buffers: self.buffers[index].as_mut_ptr(),
                release: Some(release_child),
                ..empty_array()
            };
            self.arrays.push(array);
        }
        for array in &mut self.arrays {
            self.children.push(array);
        }
        *out = ArrowArray {
            length: rows,
            n_buffers: 1,
            buffers: self.no_buffers.as_mut_ptr().cast(),
            n_children: self.children.len() as i64,
            children: self.children.as_mut_ptr(),
            release: Some(release_batch),
            ..empty_array()
        };
        out.private_data = Box::into_raw(self).cast();
    }
}

fn empty_array() -> ArrowArray {
    unsafe { std::mem::zeroed() }
}

unsafe extern "C" fn release_child(array: *mut ArrowArray) {
    (*array).release = None;
}

unsafe extern "C" fn release_batch(array: *mut ArrowArray) {
    drop(Box::from_raw((*array).private_data.cast::<Batch>()));
    (*array).release = None;
}

// ---- The stream ----

const NAMES: [(&[u8], &[u8]); 5] = [
    (b"meter\0", b"u\0"),
    (b"reading\0", b"u\0"),
    (b"concordat:unreadable\0", b"u\0"),
    (b"concordat:raw\0", b"u\0"),
    (b"concordat:line\0", b"L\0"),
];

struct Schema {
    fields: Vec<ArrowSchema>,
    children: Vec<*mut ArrowSchema>,
}

fn empty_schema() -> ArrowSchema {
    unsafe { std::mem::zeroed() }
}

unsafe extern "C" fn release_field(schema: *mut ArrowSchema) {
    (*schema).release = None;
}

unsafe extern "C" fn release_schema(schema: *mut ArrowSchema) {
    drop(Box::from_raw((*schema).private_data.cast::<Schema>()));
    (*schema).release = None;
}

unsafe extern "C" fn get_schema(_: *mut ArrowArrayStream, out: *mut ArrowSchema) -> c_int {
    let mut schema = Box::new(Schema { fields: Vec::new(), children: Vec::new() });
    for (name, format) in NAMES {
        schema.fields.push(ArrowSchema {
            format: format.as_ptr().cast(),
            name: name.as_ptr().cast(),
            flags: NULLABLE,
            release: Some(release_field),
            ..empty_schema()
        });
    }
    for field in &mut schema.fields {
        schema.children.push(field);
    }
    *out = ArrowSchema {
        format: b"+s\0".as_ptr().cast(),
        n_children: schema.children.len() as i64,
        children: schema.children.as_mut_ptr(),
        release: Some(release_schema),
        ..empty_schema()
    };
    (*out).private_data = Box::into_raw(schema).cast();
    OK
}

unsafe extern "C" fn get_next(stream: *mut ArrowArrayStream, out: *mut ArrowArray) -> c_int {
    let reader = &mut *(*stream).private_data.cast::<Reader>();
    *out = empty_array();
    let read = catch_unwind(AssertUnwindSafe(|| reader.read_batch()));
    let (code, message) = match read {
        Ok(Ok(Some(batch))) => {
            batch.give(&mut *out);
            return OK;
        }
        Ok(Ok(None)) => {
            report_facts(reader);
            return OK;
        }
        Ok(Err(Stop::Source(message))) => (SOURCE_UNREADABLE, message),
        Ok(Err(Stop::Failed(message))) => (FAILED, message),
        Err(_) => (FAILED, "the adapter panicked".into()),
    };
    reader.last_error = message.into_bytes();
    reader.last_error.push(0);
    code
}

unsafe fn report_facts(reader: &Reader) {
    let mut facts: ConcordatFacts = std::mem::zeroed();
    facts.struct_size = std::mem::size_of::<ConcordatFacts>() as u32;
    facts.encoding = b"utf-8\0".as_ptr().cast();
    facts.delimiter = b";\0".as_ptr().cast();
    facts.blank = reader.blank;
    let host = reader.host();
    (host.report_facts)(host.context, &facts);
}

unsafe extern "C" fn last_error(stream: *mut ArrowArrayStream) -> *const c_char {
    (*(*stream).private_data.cast::<Reader>()).last_error.as_ptr().cast()
}

unsafe extern "C" fn release_stream(stream: *mut ArrowArrayStream) {
    (*stream).release = None;
}

// ---- The verbs ----

unsafe fn say(error: *mut ConcordatError, message: &str) {
    if error.is_null() {
        return;
    }
    for (to, byte) in (*error).message.iter_mut().zip(message.bytes().take(1015).chain([0])) {
        *to = byte as c_char;
    }
}

unsafe extern "C" fn submit(adapter: *mut ConcordatAdapter, out: *mut ArrowArrayStream, error: *mut ConcordatError) -> i32 {
    let reader = (*adapter).private_data.cast::<Reader>();
    if (*reader).host().source_size == 0 {
        say(error, "the meter log is empty: export it again");
        return SOURCE_UNREADABLE;
    }
    *out = ArrowArrayStream {
        get_schema: Some(get_schema),
        get_next: Some(get_next),
        get_last_error: Some(last_error),
        release: Some(release_stream),
        private_data: reader.cast(),
    };
    OK
}

unsafe extern "C" fn release(adapter: *mut ConcordatAdapter) {
    drop(Box::from_raw((*adapter).private_data.cast::<Reader>()));
    (*adapter).private_data = ptr::null_mut();
}

/// # Safety
/// Called by the worker only, with the structs of adapter_abi.h.
#[no_mangle]
pub unsafe extern "C" fn concordat_adapter_init(
    host_abi: u32,
    host: *const ConcordatHost,
    adapter: *mut ConcordatAdapter,
    error: *mut c_void,
) -> i32 {
    let _ = error;
    if host_abi != ABI {
        return ABI_UNSUPPORTED;
    }
    let reader = Reader { host, offset: 0, buffer: Vec::new(), ended: false, line: 0, blank: 0, last_error: vec![0] };
    (*adapter).abi = ABI;
    (*adapter).private_data = Box::into_raw(Box::new(reader)).cast();
    (*adapter).submit = Some(submit);
    (*adapter).release = Some(release);
    OK
}
