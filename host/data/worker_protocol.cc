#include "host/data/worker_protocol.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "fmt/format.h"
#include "host/base/utf8.h"

namespace concordat::data {
namespace {

constexpr uint32_t kJobMagic = 0x434a4231;  // "CJB1"
constexpr size_t kMostNotes = 1000;
constexpr uint64_t kMostLines = uint64_t{1} << 53;  // as of a frame's records
constexpr size_t kMostText = 64 << 10;              // of what is shown as one line

absl::Status NoJob() { return absl::DataLossError("the job for the worker is not whole"); }

bool AllUtf8(const std::vector<std::string>& texts) {
  return std::all_of(texts.begin(), texts.end(), [](const std::string& text) { return IsUtf8(text); });
}

bool AllShort(const std::vector<std::string>& texts) {
  return std::all_of(texts.begin(), texts.end(),
                     [](const std::string& text) { return text.size() <= kMostText; });
}

bool ReadOptions(WireReader& in, WorkerJob& job) {
  uint32_t count = 0;
  if (!in.Get(count) || count > in.left() / 8) return false;
  job.options.resize(count);
  return std::all_of(job.options.begin(), job.options.end(),
                     [&](auto& option) { return in.Text(option.first) && in.Text(option.second); });
}

absl::Status ReadTable(WireReader& in, std::vector<std::string>& columns, BatchView& table) {
  if (!in.Texts(columns)) return NoJob();
  ASSIGN_OR_RETURN(table, ViewFrame(in));
  return absl::OkStatus();
}

absl::Status ReadReferences(WireReader& in, WorkerJob& job) {
  uint32_t count = 0;
  if (!in.Get(count) || count > in.left() / 8) return NoJob();
  job.references.resize(count);
  for (WorkerReference& reference : job.references) {
    if (!in.Text(reference.name)) return NoJob();
    RETURN_IF_ERROR(ReadTable(in, reference.columns, reference.table));
  }
  return absl::OkStatus();
}

absl::Status ReadCorrections(WireReader& in, WorkerCorrections& corrections) {
  RETURN_IF_ERROR(ReadTable(in, corrections.columns, corrections.cells));
  const size_t rows = corrections.cells.rows();
  const uint8_t* drop = in.Array<uint8_t>(rows);
  if (drop == nullptr) return NoJob();
  corrections.drop.assign(drop, drop + rows);
  return absl::OkStatus();
}

}  // namespace

void ControlMessage::SetText(std::string_view message) {
  const size_t size = std::min(message.size(), sizeof text - 1);
  std::memcpy(text, message.data(), size);
  text[size] = '\0';
}

std::string ControlMessage::Text() const {
  std::string copy(text, strnlen(text, sizeof text));
  for (size_t valid = Utf8ValidPrefix(copy); valid < copy.size(); valid = Utf8ValidPrefix(copy))
    copy[valid] = '?';
  // What a stranger says goes on one line of a log.
  std::replace_if(
      copy.begin(), copy.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20; }, ' ');
  return copy;
}

void WriteJob(const WorkerJob& job, WireWriter& out) {
  out.Put(kJobMagic);
  for (const uint64_t number : {job.slots, job.slot_bytes, job.memory_bytes, job.cpu_seconds, job.required,
                                job.probe, job.batch_rows, job.batch_bytes, job.source_size}) {
    out.Put(number);
  }
  out.Text(job.source_name);
  out.Text(job.source_key);
  out.Text(job.unpack);
  out.Put(static_cast<uint32_t>(job.options.size()));
  for (const auto& [name, value] : job.options) {
    out.Text(name);
    out.Text(value);
  }
  out.Texts(job.rules);
  out.Texts(job.dimensions);
  out.Put(static_cast<uint32_t>(job.references.size()));
  for (const WorkerReference& reference : job.references) {
    out.Text(reference.name);
    out.Texts(reference.columns);
    WriteFrame(reference.table, out);
  }
  out.Texts(job.corrections.columns);
  WriteFrame(job.corrections.cells, out);
  out.Array(job.corrections.drop.data(), job.corrections.drop.size());
}

absl::StatusOr<WorkerJob> ReadJob(std::string_view bytes) {
  WireReader in(bytes);
  WorkerJob job;
  uint32_t magic = 0;
  if (!in.Get(magic) || magic != kJobMagic) return NoJob();
  for (uint64_t* number : {&job.slots, &job.slot_bytes, &job.memory_bytes, &job.cpu_seconds, &job.required,
                           &job.probe, &job.batch_rows, &job.batch_bytes, &job.source_size}) {
    in.Get(*number);
  }
  if (!in.Text(job.source_name) || !in.Text(job.source_key) || !in.Text(job.unpack) ||
      !ReadOptions(in, job) || !in.Texts(job.rules) || !in.Texts(job.dimensions)) {
    return NoJob();
  }
  RETURN_IF_ERROR(ReadReferences(in, job));
  RETURN_IF_ERROR(ReadCorrections(in, job.corrections));
  return job;
}

void WriteReport(const WorkerReport& report, WireWriter& out) {
  const SourceFacts& facts = report.facts;
  out.Text(facts.encoding);
  out.Text(facts.delimiter);
  out.Put(facts.header_line);
  out.Put(facts.blank);
  out.Texts(facts.columns);
  out.Texts(facts.notes);
  out.Put(static_cast<uint32_t>(report.dimensions.size()));
  for (const WorkerReport::Dimension& dimension : report.dimensions) {
    out.Text(dimension.name);
    out.Put(dimension.score);
    out.Text(dimension.basis);
  }
}

absl::StatusOr<WorkerReport> ReadReport(std::string_view bytes) {
  WireReader in(bytes);
  WorkerReport report;
  SourceFacts& facts = report.facts;
  uint32_t count = 0;
  if (!in.Text(facts.encoding) || !in.Text(facts.delimiter) || !in.Get(facts.header_line) ||
      !in.Get(facts.blank) || !in.Texts(facts.columns) || !in.Texts(facts.notes) || !in.Get(count) ||
      count > in.left() / 16) {
    return absl::DataLossError("the report is cut short");
  }
  if (!IsUtf8(facts.encoding) || !IsUtf8(facts.delimiter) || !AllUtf8(facts.columns) ||
      !AllUtf8(facts.notes)) {
    return absl::DataLossError("the report has text that is not UTF-8");
  }
  if (facts.columns.size() > kMostColumns || facts.notes.size() > kMostNotes || !AllShort(facts.notes) ||
      facts.encoding.size() > kMostText || facts.delimiter.size() > kMostText ||
      facts.header_line >= kMostLines || facts.blank >= kMostLines) {
    return absl::DataLossError("the report says more than anybody can read");
  }
  report.dimensions.resize(count);
  for (WorkerReport::Dimension& dimension : report.dimensions) {
    if (!in.Text(dimension.name) || !in.Get(dimension.score) || !in.Text(dimension.basis)) {
      return absl::DataLossError("the report is cut short");
    }
    if (!IsUtf8(dimension.name) || !IsUtf8(dimension.basis)) {
      return absl::DataLossError("the report has text that is not UTF-8");
    }
    if (!(dimension.score >= 0 && dimension.score <= 100)) {
      return absl::DataLossError(
          fmt::format("dimension \"{}\" has the score {}", dimension.name, dimension.score));
    }
  }
  if (!in.at_end()) return absl::DataLossError("the report has bytes beyond its end");
  return report;
}

void WriteColumnNames(const std::vector<std::string>& names, WireWriter& out) { out.Texts(names); }

absl::StatusOr<std::vector<std::string>> ReadColumnNames(std::string_view bytes) {
  WireReader in(bytes);
  std::vector<std::string> names;
  if (!in.Texts(names) || !in.at_end()) return absl::DataLossError("the column names are cut short");
  if (names.size() > kMostColumns) {
    return absl::DataLossError(fmt::format("{} columns are more than {}", names.size(), kMostColumns));
  }
  if (!AllUtf8(names)) return absl::DataLossError("a column name is not UTF-8");
  return names;
}

}  // namespace concordat::data
