#include "host/quality/list_file.h"

#include <optional>

#include "fmt/format.h"
#include "host/base/csv_reader.h"
#include "host/base/utf8.h"

namespace concordat::quality {
namespace {

absl::StatusOr<std::vector<std::string>> NextRow(CsvReader& rows) {
  ASSIGN_OR_RETURN(std::vector<CsvCellAt> cells, rows.Next());
  std::vector<std::string> texts;
  for (CsvCellAt& cell : cells) texts.push_back(std::move(cell.text));
  return texts;
}

absl::Status CheckHeader(const CsvReader& rows, const std::vector<std::string>& header) {
  for (size_t i = 0; i < header.size(); ++i) {
    if (header[i].empty()) return rows.Mistake("the header has a column without a name");
    for (size_t j = 0; j < i; ++j) {
      if (header[i] == header[j])
        return rows.Mistake(fmt::format("the header names \"{}\" twice", header[i]));
    }
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::shared_ptr<const ReferenceTable>> ReadListFile(std::string_view bytes,
                                                                   std::string_view name) {
  if (!IsUtf8(bytes)) return absl::InvalidArgumentError(fmt::format("{} is not UTF-8", name));
  CsvReader rows(bytes, name);
  if (rows.done())
    return absl::InvalidArgumentError(fmt::format("{} is empty: it needs a header line", name));
  ASSIGN_OR_RETURN(const std::vector<std::string> header, NextRow(rows));
  RETURN_IF_ERROR(CheckHeader(rows, header));
  std::vector<std::shared_ptr<data::TextColumn>> columns;
  for (const std::string& column : header) {
    columns.push_back(std::make_shared<data::TextColumn>());
    columns.back()->name = column;
  }
  while (!rows.done()) {
    ASSIGN_OR_RETURN(const std::vector<std::string> cells, NextRow(rows));
    if (cells.size() == 1 && cells[0].empty()) return rows.Mistake("an empty line");
    if (cells.size() != header.size()) {
      return rows.Mistake(fmt::format("{} cell{} where the header has {}", cells.size(),
                                      cells.size() == 1 ? "" : "s", header.size()));
    }
    for (size_t i = 0; i < cells.size(); ++i) columns[i]->Append(cells[i]);
  }
  auto table = std::make_shared<ReferenceTable>();
  table->columns.assign(columns.begin(), columns.end());
  return std::shared_ptr<const ReferenceTable>(std::move(table));
}

std::optional<size_t> FindListColumn(const ReferenceTable& table, std::string_view column) {
  for (size_t i = 0; i < table.columns.size(); ++i) {
    if (table.columns[i]->name == column) return i;
  }
  return std::nullopt;
}

std::vector<std::string> ListColumns(const ReferenceTable& table) {
  std::vector<std::string> names;
  for (const auto& column : table.columns) names.push_back(column->name);
  return names;
}

}  // namespace concordat::quality
