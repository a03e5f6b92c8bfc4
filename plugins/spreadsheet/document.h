// A workbook of either format: its sheets, and each as rows in order.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "plugins/packed/byte_source.h"
#include "plugins/sdk/status.h"
#include "plugins/spreadsheet/row.h"

namespace concordat::spreadsheet {

using sdk::Status;

struct Sheet {
  std::string name;
  bool hidden = false;
  std::string part;   // where it stands in the file; empty: a sheet without cells, such as a chart
  size_t number = 0;  // 0-based, of all sheets
};

/// One sheet, from its first row to its last, in the memory of some rows.
class SheetReader {
 public:
  virtual ~SheetReader() = default;
  /// The next row with anything in it; `more` is false at the end.
  virtual Status Next(Row& row, bool& more) = 0;
  /// Complete at the end only: formats differ in where they tell it.
  virtual const std::vector<Area>& merged() const = 0;
  virtual uint64_t hidden_columns() const = 0;
};

class Document {
 public:
  virtual ~Document() = default;
  virtual const std::vector<Sheet>& sheets() const = 0;
  virtual Status OpenSheet(const Sheet& sheet, std::unique_ptr<SheetReader>& reader) = 0;
  /// For people.
  virtual std::vector<std::string> notes() const { return {}; }
};

struct ReadOptions {
  bool percent_shown = false;  // 12.5% instead of 0.125
};

/// Finds out what `source` is, which outlives the document. SourceUnreadable says what it is when it is no
/// workbook that can be read here, and what to do.
Status OpenDocument(packed::ByteSource* source, const ReadOptions& options,
                    std::unique_ptr<Document>& document);

}  // namespace concordat::spreadsheet
