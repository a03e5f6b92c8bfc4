// What the worker offers an adapter, as C++.
#pragma once

#include <cstring>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "plugins/sdk/adapter_abi.h"
#include "plugins/sdk/status.h"
#include "plugins/sdk/table_view.h"

namespace concordat::sdk {

/// How the source was read; see concordat_facts.
struct SourceFacts {
  std::string encoding;
  std::string delimiter;
  uint64_t header_line = 0;
  uint64_t blank = 0;
  std::vector<std::string> notes;
  /// As they stand in the source; empty when they are what Open named.
  std::vector<std::string> columns;
};

enum class Outcome : int32_t {
  kFail = CONCORDAT_FINDING_FAIL,
  kSkip = CONCORDAT_FINDING_SKIP,
  kUnresolved = CONCORDAT_FINDING_UNRESOLVED
};

/// A record met a rule of the manifest. All texts are views: a message that is put together stands in a string of its
/// own, declared before, which lives until Report returned (`finding.message = "no " + name` would dangle).
struct Finding {
  std::string_view rule;
  uint64_t record = 0;
  Outcome outcome = Outcome::kFail;
  std::vector<std::pair<std::string_view, std::string_view>> cells;  // column, value
  std::string_view message;
  std::string_view mend;  // empty: the manifest's
};

/// The worker's functions. Cheap to copy; usable until the adapter is destroyed.
class Host {
 public:
  explicit Host(const concordat_host* table) : table_(table) {}

  std::string_view source_name() const { return table_->source_name; }
  uint64_t source_size() const { return table_->source_size; }

  /// Copies up to `size` bytes from `offset` on; `got` is less than `size` only at the source's end. Any
  /// thread.
  Status ReadSource(uint64_t offset, void* buffer, size_t size, size_t& got) const {
    const int64_t count = table_->read_source(table_->context, offset, buffer, size);
    got = count < 0 ? 0 : static_cast<size_t>(count);
    return count < 0 ? Status::Failed("the source could not be read") : Status::Ok();
  }
  /// The whole source as memory, or nothing when it cannot be mapped. What was touched counts as memory in
  /// use: ReadSource in large pieces is the better way through a large file. Any thread.
  std::optional<std::string_view> MapSource() const {
    const void* start = table_->map_source(table_->context);
    if (start == nullptr) return std::nullopt;
    return std::string_view(static_cast<const char*>(start), source_size());
  }

  /// An option of the manifest as text, defaults filled in; empty when the manifest declares no such option.
  /// Any thread.
  std::string_view Option(const char* name) const {
    concordat_text value = {};
    if (table_->option(table_->context, name, &value) != CONCORDAT_OK) return {};
    return {value.data, static_cast<size_t>(value.size)};
  }
  /// A reference table of the manifest; nothing when nobody handed it over. Any thread.
  std::optional<TableView> Reference(const char* name) const {
    const ArrowSchema* schema = nullptr;
    const ArrowArray* table = nullptr;
    if (table_->reference(table_->context, name, &schema, &table) != CONCORDAT_OK) return std::nullopt;
    return TableView(*schema, *table);
  }

  uint64_t batch_rows() const { return table_->batch_rows; }
  uint64_t batch_bytes() const { return table_->batch_bytes; }

  /// From Open or Read, at the latest before Read leaves a batch empty; the last one counts.
  void Report(const SourceFacts& facts) const;
  /// From Validate.
  Status Report(const Finding& finding) const;
  /// From Score: a dimension of the manifest, 0 to 100, and in words what it was computed from.
  Status ReportDimension(const std::string& name, double score, const std::string& basis) const;

 private:
  static concordat_text Text(std::string_view text) { return {text.data(), text.size()}; }

  const concordat_host* table_;
};

inline void Host::Report(const SourceFacts& facts) const {
  std::vector<const char*> notes;
  for (const std::string& note : facts.notes) notes.push_back(note.c_str());
  std::vector<concordat_text> columns;
  for (const std::string& column : facts.columns) columns.push_back(Text(column));
  concordat_facts plain = {};
  plain.struct_size = sizeof plain;
  plain.note_count = static_cast<uint32_t>(notes.size());
  plain.encoding = facts.encoding.c_str();
  plain.delimiter = facts.delimiter.c_str();
  plain.header_line = facts.header_line;
  plain.blank = facts.blank;
  plain.notes = notes.data();
  plain.columns = columns.data();
  plain.column_count = columns.size();
  table_->report_facts(table_->context, &plain);
}

inline Status Host::Report(const Finding& finding) const {
  std::vector<concordat_cell> cells;
  for (const auto& [column, value] : finding.cells) cells.push_back({Text(column), Text(value)});
  concordat_finding plain = {};
  plain.struct_size = sizeof plain;
  plain.outcome = static_cast<int32_t>(finding.outcome);
  plain.rule = Text(finding.rule);
  plain.record = finding.record;
  plain.cells = cells.data();
  plain.cell_count = cells.size();
  plain.message = Text(finding.message);
  plain.mend = Text(finding.mend);
  concordat_error error = {};
  error.struct_size = sizeof error;
  if (table_->report_finding(table_->context, &plain, &error) == CONCORDAT_OK) return Status::Ok();
  return Status::Failed(error.message);
}

inline Status Host::ReportDimension(const std::string& name, double score, const std::string& basis) const {
  concordat_error error = {};
  error.struct_size = sizeof error;
  const int32_t code = table_->report_dimension(table_->context, name.c_str(), score, basis.c_str(), &error);
  return code == CONCORDAT_OK ? Status::Ok() : Status::Failed(error.message);
}

}  // namespace concordat::sdk
