#include <algorithm>
#include <charconv>
#include <cstdio>
#include <optional>

#include "plugins/spreadsheet/cell_text.h"
#include "plugins/spreadsheet/ods.h"
#include "plugins/spreadsheet/row_queue.h"

namespace concordat::spreadsheet {
namespace {

constexpr size_t kMostCellBytes = 1 << 20;
constexpr size_t kMostMerged = 100'000;
constexpr size_t kMostRowBytes = 64 << 20;

uint64_t Count(std::string_view text) {
  uint64_t count = 1;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
  return error == std::errc() && end == text.data() + text.size() ? std::max<uint64_t>(count, 1) : 1;
}

// "PT13H45M00S" as 13:45:00; other durations stay as they are.
std::string ClockTime(std::string_view duration) {
  unsigned hours = 0, minutes = 0, seconds = 0;
  int end = 0;
  const std::string text(duration.substr(0, 40));
  if (std::sscanf(text.c_str(), "PT%4uH%2uM%2u%n", &hours, &minutes, &seconds, &end) < 3)
    return std::string(duration);
  const std::string rest = text.substr(static_cast<size_t>(end));
  if (rest.empty() || rest.back() != 'S') return std::string(duration);
  std::string fraction = rest.substr(0, rest.size() - 1);
  if (!fraction.empty() && fraction[0] == ',') fraction[0] = '.';
  while (!fraction.empty() && (fraction.back() == '0' || fraction.back() == '.')) fraction.pop_back();
  char clock[32];
  std::snprintf(clock, sizeof clock, "%02u:%02u:%02u", hours, minutes, seconds);
  return clock + fraction;
}

// LibreOffice writes what its formulas could not work out as text.
bool IsErrorText(std::string_view text) {
  for (const std::string_view word : {"#N/A", "#REF!", "#DIV/0!", "#VALUE!", "#NAME?", "#NUM!", "#NULL!"}) {
    if (text == word) return true;
  }
  return text.substr(0, 4) == "Err:" && text.size() == 7;
}

/// The events of the whole part; what stands outside the one table is passed over.
class OdsSheet : public SheetReader, private XmlHandler {
 public:
  OdsSheet(std::unique_ptr<packed::ByteStream> stream, const Sheet& sheet, const ReadOptions& options)
      : name_(sheet.name),
        wanted_(sheet.number),
        options_(options),
        parser_(std::move(stream), sheet.part, this) {}

  Status Next(Row& row, bool& more) override {
    if (repeats_ > 0) return Repeat(row, more);
    while (queue_.empty() && parsing_) {
      if (Status status = parser_.Step(parsing_); !status.ok()) return status;
      if (!why_.empty()) return Status::SourceUnreadable("sheet \"" + name_ + "\" cannot be read: " + why_);
    }
    more = !queue_.empty();
    if (!more) return Status::Ok();
    queue_.Pop(row);
    repeats_ = queued_repeats_.front() - 1;
    queued_repeats_.pop_front();
    if (repeats_ > 0) repeated_ = row;
    return Status::Ok();
  }

  const std::vector<Area>& merged() const override { return merged_; }
  uint64_t hidden_columns() const override { return hidden_columns_; }

 private:
  Status Repeat(Row& row, bool& more) {
    --repeats_;
    ++repeated_.number;
    row = repeated_;
    more = true;
    return Status::Ok();
  }

  void OnStart(std::string_view element, const Attributes& attributes) override {
    if (element == "table") {
      if (depth_++ == 0) inside_ = table_++ == wanted_;
      return;
    }
    if (!inside_ || depth_ != 1) return;
    if (element == "annotation") ++in_annotation_;
    if (element == "table-row") return StartRow(attributes);
    if (element == "table-cell" || element == "covered-table-cell")
      return StartCell(attributes, element[0] == 'c');
    if (element == "table-column" && attributes.Has("visibility") && attributes["visibility"] != "visible") {
      const uint64_t count = Count(attributes["number-columns-repeated"]);
      if (count < 1000) hidden_columns_ += count;
    }
    if (in_annotation_ > 0 || !in_cell_) return;
    if (element == "p" && paragraphs_++ > 0) text_ += '\n';
    if (element == "p") in_paragraph_ = true;
    if (element == "s") text_.append(std::min<uint64_t>(Count(attributes["c"]), 1000), ' ');
    if (element == "tab") text_ += '\t';
    if (element == "line-break") text_ += '\n';
  }

  void OnEnd(std::string_view element) override {
    if (element == "table") {
      if (--depth_ == 0 && inside_) parser_.Stop();
      return;
    }
    if (!inside_ || depth_ != 1) return;
    if (element == "annotation" && in_annotation_ > 0) --in_annotation_;
    if (element == "p") in_paragraph_ = false;
    if (element == "table-cell" || element == "covered-table-cell") EndCell();
    if (element == "table-row") EndRow();
  }

  void OnText(std::string_view text) override {
    if (!in_paragraph_ || in_annotation_ > 0) return;
    text_ += text;
    if (text_.size() > kMostCellBytes)
      Refuse("a cell of row " + std::to_string(row_.number) + " is longer than 1 MB");
  }

  void Refuse(std::string why) {
    why_ = std::move(why);
    parser_.Stop();
  }

  void StartRow(const Attributes& attributes) {
    row_.Clear();
    row_.number = next_row_;
    row_.hidden = attributes.Has("visibility") && attributes["visibility"] != "visible";
    row_repeats_ = Count(attributes["number-rows-repeated"]);
    column_ = 0;
  }

  void EndRow() {
    next_row_ += row_repeats_;
    if (next_row_ > 100 * kMostRows) return Refuse("it claims more rows than any sheet has");
    if (row_.cells.empty()) return;
    if (row_.number + row_repeats_ - 1 > kMostRows) return Refuse("it has more than 1,048,576 rows");
    queued_repeats_.push_back(row_repeats_);
    queue_.Push(std::move(row_));
  }

  void StartCell(const Attributes& attributes, bool covered) {
    in_cell_ = !covered;
    text_.clear();
    paragraphs_ = 0;
    cell_repeats_ = Count(attributes["number-columns-repeated"]);
    type_ = attributes["value-type"];
    value_ = attributes["value"];
    if (type_ == "date") value_ = attributes["date-value"];
    if (type_ == "time") value_ = attributes["time-value"];
    if (type_ == "boolean") value_ = attributes["boolean-value"];
    if (type_ == "string") value_ = attributes["string-value"];
    has_formula_ = attributes.Has("formula");
    TakeSpan(attributes);
  }

  void TakeSpan(const Attributes& attributes) {
    const uint64_t columns = Count(attributes["number-columns-spanned"]),
                   rows = Count(attributes["number-rows-spanned"]);
    if ((columns == 1 && rows == 1) || merged_.size() >= kMostMerged || column_ >= kMostColumns) return;
    merged_.push_back({static_cast<uint32_t>(column_),
                       static_cast<uint32_t>(std::min<uint64_t>(column_ + columns, kMostColumns) - 1),
                       row_.number, std::min(row_.number + rows - 1, kMostRows)});
  }

  void EndCell() {
    Cell cell;
    const std::string text = in_cell_ ? CellText(cell) : "";
    cell.no_result = in_cell_ && has_formula_ && type_.empty() && text.empty();
    in_cell_ = false;
    const uint64_t count = cell_repeats_;
    if (text.empty() && !cell.no_result) {
      column_ += count;
      return;
    }
    if (column_ + count > kMostColumns)
      return Refuse("row " + std::to_string(row_.number) + " has more than 16,384 columns");
    if (row_.text.size() + count * text.size() > kMostRowBytes)
      return Refuse("row " + std::to_string(row_.number) + " is larger than 64 MB");
    for (uint64_t i = 0; i < count; ++i) {
      cell.column = static_cast<uint32_t>(column_++);
      row_.Add(cell, text);
    }
  }

  std::string CellText(Cell& cell) {
    if (type_ == "float" || type_ == "currency" || type_ == "percentage") {
      cell.kind = CellKind::kNumber;
      cell.percent = type_ == "percentage";
      const std::optional<double> number = ReadNumber(value_);
      if (!number) return value_;
      if (cell.percent && options_.percent_shown) return NumberText("", *number * 100) + "%";
      return NumberText(value_, *number);
    }
    if (type_ == "date" || type_ == "time") {
      cell.kind = CellKind::kDate;
      return type_ == "time" ? ClockTime(value_) : value_;
    }
    if (type_ == "boolean") {
      cell.kind = CellKind::kBoolean;
      return value_ == "true" ? "TRUE" : "FALSE";
    }
    if (IsErrorText(text_) && has_formula_) cell.kind = CellKind::kError;
    return value_.empty() || type_ != "string" ? text_ : value_;
  }

  const std::string name_;
  const size_t wanted_;
  const ReadOptions options_;
  XmlParser parser_;
  bool parsing_ = true;
  RowQueue queue_;
  std::deque<uint64_t> queued_repeats_;  // one for each row of the queue
  Row repeated_;                         // and how often it is still to come
  uint64_t repeats_ = 0;
  std::vector<Area> merged_;
  uint64_t hidden_columns_ = 0;
  std::string why_;

  size_t depth_ = 0;  // of tables: one may stand within a cell
  size_t table_ = 0;
  bool inside_ = false;
  Row row_;
  uint64_t next_row_ = 1;
  uint64_t row_repeats_ = 1;
  uint64_t column_ = 0;
  uint64_t cell_repeats_ = 1;
  std::string type_;
  std::string value_;
  std::string text_;
  size_t paragraphs_ = 0;
  size_t in_annotation_ = 0;
  bool in_cell_ = false;
  bool in_paragraph_ = false;
  bool has_formula_ = false;
};

}  // namespace

std::unique_ptr<SheetReader> ReadOdsSheet(std::unique_ptr<packed::ByteStream> stream, const Sheet& sheet,
                                          const ReadOptions& options) {
  return std::make_unique<OdsSheet>(std::move(stream), sheet, options);
}

}  // namespace concordat::spreadsheet
