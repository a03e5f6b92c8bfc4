#include <charconv>
#include <optional>

#include "plugins/spreadsheet/cell_text.h"
#include "plugins/spreadsheet/row_queue.h"
#include "plugins/spreadsheet/xlsx.h"

namespace concordat::spreadsheet {
namespace {

constexpr size_t kMostCellBytes = 1 << 20;  // Excel itself stops at 32,767 characters
constexpr size_t kMostMerged = 100'000;

bool IsTrue(std::string_view word) { return word == "1" || word == "true" || word == "on"; }

template <typename Number>
std::optional<Number> NumberOf(std::string_view text) {
  Number number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

/// The events of one sheet into rows.
class XlsxSheet : public SheetReader, private XmlHandler {
 public:
  XlsxSheet(const XlsxBook* book, std::unique_ptr<packed::ByteStream> stream, const Sheet& sheet)
      : book_(*book), name_(sheet.name), parser_(std::move(stream), sheet.part, this) {}

  Status Next(Row& row, bool& more) override {
    while (queue_.empty() && parsing_) {
      if (Status status = parser_.Step(parsing_); !status.ok()) return status;
      if (!why_.empty()) return Status::SourceUnreadable("sheet \"" + name_ + "\" cannot be read: " + why_);
    }
    more = !queue_.empty();
    if (more) queue_.Pop(row);
    return Status::Ok();
  }

  const std::vector<Area>& merged() const override { return merged_; }
  uint64_t hidden_columns() const override { return hidden_columns_; }

 private:
  void OnStart(std::string_view element, const Attributes& attributes) override {
    if (element == "c") return StartCell(attributes);
    if (element == "v") {
      has_value_ = in_value_ = in_cell_;
    } else if (element == "t") {
      in_value_ = in_cell_ && in_inline_ && !in_phonetic_;
      has_value_ = has_value_ || in_value_;
    } else if (element == "f") {
      has_formula_ = true;
    } else if (element == "is") {
      in_inline_ = true;
    } else if (element == "rPh") {
      in_phonetic_ = true;
    } else if (element == "row") {
      StartRow(attributes);
    } else if (element == "mergeCell") {
      Area area;
      if (merged_.size() < kMostMerged && ReadArea(attributes["ref"], area)) merged_.push_back(area);
    } else if (element == "col" && IsTrue(attributes["hidden"])) {
      const auto first = NumberOf<uint32_t>(attributes["min"]), last = NumberOf<uint32_t>(attributes["max"]);
      // "All columns to the right" is how people tidy a sheet up, and hides nothing.
      if (first && last && *last >= *first && *last < kMostColumns) hidden_columns_ += *last - *first + 1;
    }
  }

  void OnEnd(std::string_view element) override {
    if (element == "v" || element == "t") {
      in_value_ = false;
    } else if (element == "c") {
      EndCell();
    } else if (element == "is") {
      in_inline_ = false;
    } else if (element == "rPh") {
      in_phonetic_ = false;
    } else if (element == "row" && !row_.cells.empty()) {
      queue_.Push(std::move(row_));
    }
  }

  void OnText(std::string_view text) override {
    if (!in_value_) return;
    value_ += text;
    if (value_.size() > kMostCellBytes)
      Refuse("cell " + ColumnName(column_) + std::to_string(row_.number) + " is longer than 1 MB");
  }

  void Refuse(std::string why) {
    why_ = std::move(why);
    parser_.Stop();
  }

  // Rows and cells without a place follow the one before.
  void StartRow(const Attributes& attributes) {
    const auto number = NumberOf<uint64_t>(attributes["r"]);
    row_.Clear();
    row_.number = number.value_or(last_row_ + 1);
    row_.hidden = IsTrue(attributes["hidden"]);
    if (row_.number <= last_row_ || row_.number > kMostRows)
      return Refuse(
          "its rows are not in order: open the workbook in Excel or LibreOffice, save it and send it again");
    last_row_ = row_.number;
    next_column_ = 0;
  }

  void StartCell(const Attributes& attributes) {
    in_cell_ = true;
    has_formula_ = has_value_ = false;
    value_.clear();
    type_ = attributes["t"];
    style_ = NumberOf<uint32_t>(attributes["s"]).value_or(0);
    uint32_t column = next_column_;
    uint64_t row = 0;
    const std::string_view place = attributes["r"];
    if (!place.empty() && !ReadPlace(place, column, row))
      return Refuse("it has a cell at \"" + std::string(place.substr(0, 20)) + "\"");
    if (column >= kMostColumns || column < next_column_)
      return Refuse("the cells of row " + std::to_string(row_.number) + " are not in order");
    column_ = column;
    next_column_ = column + 1;
  }

  NumberFormat Format() const {
    return style_ < book_.formats.size() ? book_.formats[style_] : NumberFormat();
  }

  void EndCell() {
    in_cell_ = false;
    Cell cell;
    cell.column = column_;
    // Some programs write an empty value for what they have not worked out.
    if (!has_value_ || (has_formula_ && value_.empty() && type_ != "str")) {
      cell.no_result = has_formula_;
      if (has_formula_) row_.Add(cell, "");
      return;
    }
    if (type_ == "s") return AddShared(cell);
    if (type_ == "b") return AddAs(cell, CellKind::kBoolean, IsTrue(value_) ? "TRUE" : "FALSE");
    if (type_ == "e") return AddAs(cell, CellKind::kError, value_);
    if (type_ == "d") return AddIso(cell);
    if (type_ == "str" || type_ == "inlineStr")
      return AddAs(cell, CellKind::kText, value_.find("_x") == value_.npos ? value_ : WithoutEscapes(value_));
    AddNumber(cell);
  }

  void AddAs(Cell cell, CellKind kind, std::string_view text) {
    cell.kind = kind;
    if (!text.empty()) row_.Add(cell, text);
  }

  void AddShared(Cell cell) {
    const auto index = NumberOf<size_t>(value_);
    if (!index || *index >= book_.strings.size())
      return Refuse("cell " + ColumnName(column_) + std::to_string(row_.number) +
                    " points to a text that the workbook does not have");
    AddAs(cell, CellKind::kText, book_.strings.at(*index));
  }

  // Stored as ISO 8601: "2019-01-31T00:00:00" of what is shown as a date is that date.
  void AddIso(Cell cell) {
    const bool date = Format().kind == NumberFormat::Kind::kDate && value_.size() > 10 && value_[10] == 'T';
    AddAs(cell, CellKind::kDate, date ? std::string_view(value_).substr(0, 10) : std::string_view(value_));
  }

  void AddNumber(Cell cell) {
    using Kind = NumberFormat::Kind;
    const std::optional<double> value = ReadNumber(value_);
    if (!value) return AddAs(cell, CellKind::kText, value_);
    const NumberFormat format = Format();
    std::string text;
    if (format.kind == Kind::kPlain) return AddAs(cell, CellKind::kNumber, NumberText(value_, *value));
    if (format.kind == Kind::kPercent) {
      cell.percent = true;
      if (!book_.options.percent_shown) return AddAs(cell, CellKind::kNumber, NumberText(value_, *value));
      return AddAs(cell, CellKind::kNumber, NumberText("", *value * 100) + "%");
    }
    if (format.kind == Kind::kPadded) {
      text = NumberText(value_, *value);
      if (text.size() < format.width && text.find_first_not_of("0123456789") == text.npos)
        text.insert(0, format.width - text.size(), '0');
      return AddAs(cell, CellKind::kNumber, text);
    }
    if (DateText(*value, format.kind, book_.epoch_1904, text)) return AddAs(cell, CellKind::kDate, text);
    AddAs(cell, CellKind::kNumber, NumberText(value_, *value));
  }

  const XlsxBook& book_;
  const std::string name_;
  XmlParser parser_;
  bool parsing_ = true;
  RowQueue queue_;
  std::vector<Area> merged_;
  uint64_t hidden_columns_ = 0;
  std::string why_;

  Row row_;
  uint64_t last_row_ = 0;
  uint32_t column_ = 0;
  uint32_t next_column_ = 0;
  uint32_t style_ = 0;
  std::string type_;
  std::string value_;
  bool in_cell_ = false;
  bool in_value_ = false;
  bool in_inline_ = false;
  bool in_phonetic_ = false;
  bool has_value_ = false;
  bool has_formula_ = false;
};

}  // namespace

std::unique_ptr<SheetReader> ReadXlsxSheet(const XlsxBook* book, std::unique_ptr<packed::ByteStream> stream,
                                           const Sheet& sheet) {
  return std::make_unique<XlsxSheet>(book, std::move(stream), sheet);
}

}  // namespace concordat::spreadsheet
