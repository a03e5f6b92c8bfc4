#include "host/flows/mend_file.h"

#include <algorithm>
#include <charconv>
#include <map>
#include <optional>

#include "fmt/format.h"
#include "host/base/csv.h"
#include "host/base/json.h"

namespace concordat::flows {
namespace {

std::optional<size_t> IndexOf(const std::vector<std::string>& names, std::string_view name) {
  const auto at = std::find(names.begin(), names.end(), name);
  if (at == names.end()) return std::nullopt;
  return static_cast<size_t>(at - names.begin());
}

// Where the file's columns go: into which source column, or nowhere.
struct Columns {
  size_t record = 0;
  std::vector<std::optional<size_t>> target;  // one a column of the file
};

absl::StatusOr<Columns> MatchColumns(const std::vector<std::string>& file,
                                     const std::vector<std::string>& source, const std::string& name) {
  Columns columns;
  const std::optional<size_t> record = IndexOf(file, kRecordColumn);
  if (!record) {
    return absl::InvalidArgumentError(
        fmt::format("{}: there is no column _record, so it cannot be told which records these are. Start "
                    "from the file that "
                    "`concordat submission findings ID --to-mend FILE` writes",
                    name));
  }
  columns.record = *record;
  for (const std::string& column : file) {
    columns.target.push_back(IndexOf(source, column));
    if (columns.target.back() || column == kRecordColumn || column == kReasonsColumn || column == kRawColumn)
      continue;
    return absl::InvalidArgumentError(fmt::format("{}: the column \"{}\" was not in the file first sent; {}",
                                                  name, column, DidYouMean(column, source)));
  }
  return columns;
}

absl::StatusOr<uint64_t> RecordNumber(std::string_view text, uint64_t line, const std::string& name) {
  uint64_t number = 0;
  const auto end = std::from_chars(text.data(), text.data() + text.size(), number);
  if (text.empty() || end.ec != std::errc() || end.ptr != text.data() + text.size() || number == 0) {
    return absl::InvalidArgumentError(
        fmt::format("{}:{}: _record is \"{}\", which is no record number; leave that column as it was", name,
                    line, text));
  }
  return number;
}

// The row of an unreadable record is empty but for _raw until somebody fills it in; until then the record is
// not mended, and taking it for a record without values would lose its text.
bool SaysSomething(const adapters::Correction& correction) {
  return std::any_of(correction.cells.begin(), correction.cells.end(),
                     [](const std::string& cell) { return !cell.empty(); });
}

absl::Status AddRows(const data::RawBatch& batch, const Columns& columns, const std::string& name,
                     const std::set<uint64_t>& expected, size_t width,
                     std::map<uint64_t, adapters::Correction>& found) {
  for (size_t row = 0; row < batch.rows(); ++row) {
    ASSIGN_OR_RETURN(const uint64_t record,
                     RecordNumber(batch.columns[columns.record]->at(row), batch.lines[row], name));
    if (expected.count(record) == 0) {
      return absl::InvalidArgumentError(
          fmt::format("{}:{}: record {} was not held back; only held-back records can be mended", name,
                      batch.lines[row], record));
    }
    adapters::Correction correction;
    correction.record = record;
    correction.cells.resize(width);
    for (size_t i = 0; i < columns.target.size(); ++i) {
      if (columns.target[i]) correction.cells[*columns.target[i]] = std::string(batch.columns[i]->at(row));
    }
    if (!SaysSomething(correction)) continue;
    if (!found.emplace(record, std::move(correction)).second) {
      return absl::InvalidArgumentError(
          fmt::format("{}:{}: record {} is in the file twice", name, batch.lines[row], record));
    }
  }
  return absl::OkStatus();
}

}  // namespace

std::string MendFileHeader(const std::vector<std::string>& source_columns) {
  std::string line;
  for (const std::string& column : source_columns) line += CsvCell(column) + ",";
  return line + fmt::format("{},{},{}\r\n", kRecordColumn, kReasonsColumn, kRawColumn);
}

std::string MendFileLine(const store::QuarantinedRecord& record, size_t source_columns) {
  std::string line;
  for (size_t i = 0; i < source_columns; ++i)
    line += (i < record.cells.size() ? CsvCell(record.cells[i]) : "") + ",";
  return line + fmt::format("{},{},{}\r\n", record.record, CsvCell(record.reasons), CsvCell(record.raw));
}

absl::StatusOr<adapters::CorrectionSet> ReadMendFile(const adapters::Manifest& delimited,
                                                     const std::string& worker,
                                                     const adapters::Limits& limits, const Source& file,
                                                     const std::vector<std::string>& source_columns,
                                                     const std::set<uint64_t>& expected) {
  adapters::Request request;
  request.manifest = &delimited;
  request.worker = worker;
  const std::string& name = file.name;
  request.source_fd = file.fd;
  request.source_key = file.key;
  request.source_bytes = file.bytes;
  request.source_name = name;
  request.limits = limits;
  Issues issues;
  request.options = adapters::Catalog::ResolveOptions(delimited, policy::Node(), issues);
  ASSIGN_OR_RETURN(const std::unique_ptr<adapters::Session> session, adapters::Session::Start(request));
  std::map<uint64_t, adapters::Correction> found;
  std::optional<Columns> columns;
  while (true) {
    adapters::AdapterBatch batch;
    ASSIGN_OR_RETURN(const bool more, session->Next(batch));
    if (!columns) {
      ASSIGN_OR_RETURN(columns, MatchColumns(session->columns(), source_columns, name));
    }
    if (!more) break;
    if (!batch.records.unreadable.empty()) {
      const data::UnreadableRecord& bad = batch.records.unreadable.front();
      return absl::InvalidArgumentError(
          fmt::format("{}:{}: this line cannot be read: {}", name, bad.line, bad.reason));
    }
    RETURN_IF_ERROR(AddRows(batch.records, *columns, name, expected, source_columns.size(), found));
  }
  adapters::CorrectionSet set;
  set.columns = source_columns;
  for (auto& [record, correction] : found) set.corrections.push_back(std::move(correction));
  return set;
}

std::string CorrectionsToJson(const adapters::CorrectionSet& corrections) {
  json::Array columns;
  for (const std::string& column : corrections.columns) columns.emplace_back(column);
  json::Array list;
  for (const adapters::Correction& correction : corrections.corrections) {
    json::Object entry{{"record", correction.record}};
    if (!correction.drop) {
      json::Array cells;
      for (const std::string& cell : correction.cells) cells.emplace_back(cell);
      entry["cells"] = std::move(cells);
    }
    list.push_back(std::move(entry));
  }
  return json::Compact(json::Object{{"columns", std::move(columns)}, {"corrections", std::move(list)}});
}

absl::StatusOr<adapters::CorrectionSet> CorrectionsFromJson(std::string_view text) {
  adapters::CorrectionSet set;
  if (text.empty()) return set;
  ASSIGN_OR_RETURN(const json::Value value, json::Parse(text));
  const json::Value* columns = json::Find(value, "columns");
  const json::Value* list = json::Find(value, "corrections");
  if (columns == nullptr || list == nullptr || !columns->is_array() || !list->is_array()) {
    return absl::DataLossError("stored corrections are damaged");
  }
  for (const json::Value& column : columns->get_array()) set.columns.emplace_back(column.as_string());
  for (const json::Value& entry : list->get_array()) {
    adapters::Correction correction;
    correction.record = entry.at("record").to_number<uint64_t>();
    const json::Value* cells = json::Find(entry, "cells");
    correction.drop = cells == nullptr;
    if (cells != nullptr) {
      for (const json::Value& cell : cells->as_array()) correction.cells.emplace_back(cell.as_string());
    }
    set.corrections.push_back(std::move(correction));
  }
  return set;
}

adapters::CorrectionSet MergeCorrections(adapters::CorrectionSet earlier,
                                         const adapters::CorrectionSet& later) {
  std::map<uint64_t, adapters::Correction> merged;
  for (adapters::Correction& correction : earlier.corrections)
    merged[correction.record] = std::move(correction);
  for (const adapters::Correction& correction : later.corrections) merged[correction.record] = correction;
  adapters::CorrectionSet set;
  set.columns = later.columns.empty() ? earlier.columns : later.columns;
  for (auto& [record, correction] : merged) set.corrections.push_back(std::move(correction));
  return set;
}

}  // namespace concordat::flows
