#include "host/quality/list_file.h"

#include <optional>

#include "fmt/format.h"
#include "host/base/utf8.h"

namespace concordat::quality {
namespace {

// Cuts RFC 4180 rows; stops at the first mistake.
class RowReader {
 public:
  RowReader(std::string_view bytes, std::string_view name) : rest_(bytes), name_(name) {
    if (rest_.substr(0, 3) == "\xEF\xBB\xBF") rest_.remove_prefix(3);
  }

  bool done() const { return rest_.empty(); }
  int line() const { return line_; }

  absl::StatusOr<std::vector<std::string>> Next() {
    line_ = next_line_;
    std::vector<std::string> cells;
    do {
      cells.emplace_back();
      RETURN_IF_ERROR(rest_.substr(0, 1) == "\"" ? Quoted(cells.back()) : Plain(cells.back()));
    } while (Take(","));
    if (!Take("\r\n") && !Take("\n") && !rest_.empty()) return Mistake("text after a closing quote");
    ++next_line_;
    return cells;
  }

  absl::Status Mistake(std::string_view what) const {
    return absl::InvalidArgumentError(fmt::format("{}:{}: {}", name_, line_, what));
  }

 private:
  bool Take(std::string_view token) {
    if (rest_.substr(0, token.size()) != token) return false;
    rest_.remove_prefix(token.size());
    return true;
  }

  absl::Status Plain(std::string& cell) {
    const size_t end = std::min(rest_.find_first_of(",\r\n"), rest_.size());
    cell = rest_.substr(0, end);
    if (cell.find('"') != std::string::npos) return Mistake("a quote inside an unquoted cell");
    rest_.remove_prefix(end);
    return absl::OkStatus();
  }

  absl::Status Quoted(std::string& cell) {
    rest_.remove_prefix(1);
    while (true) {
      const size_t end = rest_.find('"');
      if (end == std::string_view::npos) return Mistake("a quote that is never closed");
      cell += rest_.substr(0, end);
      rest_.remove_prefix(end + 1);
      if (!Take("\"")) break;
      cell += '"';
    }
    next_line_ += static_cast<int>(std::count(cell.begin(), cell.end(), '\n'));
    return absl::OkStatus();
  }

  std::string_view rest_;
  std::string_view name_;
  int line_ = 0;
  int next_line_ = 1;
};

absl::Status CheckHeader(const RowReader& rows, const std::vector<std::string>& header) {
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
  RowReader rows(bytes, name);
  if (rows.done())
    return absl::InvalidArgumentError(fmt::format("{} is empty: it needs a header line", name));
  ASSIGN_OR_RETURN(const std::vector<std::string> header, rows.Next());
  RETURN_IF_ERROR(CheckHeader(rows, header));
  std::vector<std::shared_ptr<data::TextColumn>> columns;
  for (const std::string& column : header) {
    columns.push_back(std::make_shared<data::TextColumn>());
    columns.back()->name = column;
  }
  while (!rows.done()) {
    ASSIGN_OR_RETURN(const std::vector<std::string> cells, rows.Next());
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
