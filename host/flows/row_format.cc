#include "host/flows/row_format.h"

#include "fmt/format.h"
#include "host/base/csv.h"
#include "host/base/json.h"
#include "host/base/source.h"

namespace concordat::flows {
namespace {

class Csv final : public RowFormat {
 public:
  explicit Csv(std::vector<std::string> columns) : columns_(std::move(columns)) {}
  std::string Begin() override { return CsvLine(columns_); }
  std::string Rows(const sharing::ReleasedRows& rows) override {
    std::string text;
    for (size_t row = 0; row < rows.rows(); ++row) {
      for (size_t i = 0; i < rows.columns.size(); ++i) {
        if (i > 0) text += ',';
        AppendCsvCell(rows.columns[i]->at(row), text);
      }
      text += "\r\n";
    }
    return text;
  }
  std::string End() override { return {}; }

 private:
  const std::vector<std::string> columns_;
};

// One JSON object a line; every value is a text, as it was agreed and shown, a missing one null.
class JsonLines final : public RowFormat {
 public:
  explicit JsonLines(const std::vector<std::string>& columns) {
    for (const std::string& column : columns) names_.push_back(json::Compact(json::Value(column)));
  }
  std::string Begin() override { return {}; }
  std::string Rows(const sharing::ReleasedRows& rows) override {
    std::string text;
    for (size_t row = 0; row < rows.rows(); ++row) {
      for (size_t i = 0; i < rows.columns.size(); ++i) {
        const std::string_view cell = rows.columns[i]->at(row);
        text += i == 0 ? '{' : ',';
        text += names_[i];
        text += ':';
        text += cell.empty() ? "null" : json::Compact(json::Value(boost::json::string(cell)));
      }
      text += "}\n";
    }
    return text;
  }
  std::string End() override { return {}; }

 private:
  std::vector<std::string> names_;
};

}  // namespace

const std::vector<std::string>& RowFormatNames() {
  static const std::vector<std::string> kNames = {"csv", "jsonl", "arrow"};
  return kNames;
}

absl::StatusOr<std::unique_ptr<RowFormat>> MakeRowFormat(const std::string& name,
                                                         const std::vector<std::string>& columns,
                                                         const RowMetadata& metadata) {
  if (name == "csv") return std::make_unique<Csv>(columns);
  if (name == "jsonl") return std::make_unique<JsonLines>(columns);
  if (name == "arrow") return MakeArrowStream(columns, metadata);
  return absl::InvalidArgumentError(
      fmt::format("there is no format \"{}\"; {}", name, DidYouMean(name, RowFormatNames())));
}

}  // namespace concordat::flows
