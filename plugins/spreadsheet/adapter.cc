// The adapter "spreadsheet": the reader of this folder behind the adapter ABI.
#include "plugins/sdk/adapter.h"

#include <algorithm>
#include <optional>

#include "plugins/spreadsheet/reader.h"

namespace concordat::spreadsheet {
namespace {

/// The worker's source.
class HostSource : public packed::ByteSource {
 public:
  explicit HostSource(const sdk::Host& host) : host_(host) {}
  uint64_t size() const override { return host_.source_size(); }
  int64_t Read(uint64_t offset, char* into, size_t size) override {
    size_t got = 0;
    return host_.ReadSource(offset, into, size, got).ok() ? static_cast<int64_t>(got) : -1;
  }

 private:
  const sdk::Host& host_;
};

class SpreadsheetAdapter : public sdk::Adapter {
 public:
  explicit SpreadsheetAdapter(const sdk::Host& host) : Adapter(host), source_(this->host()) {}

  Status Open(std::vector<std::string>& columns) override {
    Options options;
    const auto value = [this](const char* name) { return host().Option(name); };
    if (Status status = ReadOptionValues(value, options); !status.ok()) return status;
    reader_.emplace(&source_, std::move(options));
    if (Status status = reader_->Open(); !status.ok()) return status;
    for (const TableColumn& column : reader_->shape().columns) columns.push_back(column.name);
    return Status::Ok();
  }

  Status Read(sdk::BatchBuilder& batch) override {
    if (Status status = reader_->Next(batch); !status.ok()) return status;
    if (batch.rows() == 0) Report();
    return Status::Ok();
  }

  // A cell that a steward has corrected meanwhile is no longer bad.
  Status Validate(const sdk::TableView& batch, const uint64_t* records) override {
    for (const BadCell& bad : reader_->bad_cells()) {
      const uint64_t* const end = records + batch.rows();
      const uint64_t* const found = std::lower_bound(records, end, bad.record);
      if (found == end || *found != bad.record) continue;
      const std::string_view value = batch.column(bad.column)[static_cast<size_t>(found - records)];
      if (value != bad.error) continue;
      if (Status status = Tell(bad, value); !status.ok()) return status;
    }
    return Status::Ok();
  }

 private:
  // One finding a record and rule: the first cell of each.
  Status Tell(const BadCell& bad, std::string_view value) {
    uint64_t& last = bad.error.empty() ? last_without_result_ : last_with_error_;
    if (last == bad.record) return Status::Ok();
    last = bad.record;
    sdk::Finding finding;
    finding.rule = bad.error.empty() ? "formula_has_result" : "cell_has_value";
    finding.record = bad.record;
    const std::string& column = reader_->shape().columns[bad.column].name;
    finding.cells = {{column, value}};
    const std::string message = bad.error.empty()
                                    ? "the formula in column \"" + column + "\" has no stored result"
                                    : "column \"" + column + "\" holds the error " + bad.error;
    finding.message = message;
    return host().Report(finding);
  }

  void Report() const {
    const TableShape& shape = reader_->shape();
    sdk::SourceFacts told;
    told.header_line = shape.header_row;
    told.blank = reader_->blank();
    told.notes = reader_->Notes();
    const bool renamed = std::any_of(shape.columns.begin(), shape.columns.end(),
                                     [](const TableColumn& column) { return column.name != column.written; });
    for (const TableColumn& column : shape.columns) {
      if (renamed) told.columns.push_back(column.written);
    }
    host().Report(told);
  }

  HostSource source_;
  std::optional<Reader> reader_;
  uint64_t last_with_error_ = 0;
  uint64_t last_without_result_ = 0;
};

}  // namespace
}  // namespace concordat::spreadsheet

CONCORDAT_ADAPTER(concordat::spreadsheet::SpreadsheetAdapter)
