// Which sheet of a workbook is meant.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "plugins/spreadsheet/document.h"
#include "plugins/spreadsheet/options.h"
#include "plugins/spreadsheet/table_shape.h"

namespace concordat::spreadsheet {

/// A sheet that was begun: its first rows and what they tell; `reader` goes on behind them.
struct OpenedSheet {
  Sheet sheet;
  std::unique_ptr<SheetReader> reader;
  std::vector<Row> rows;
  bool complete = false;  // `rows` is all there is
  TableShape shape;
};

/// Cuts a row down to the feed's range.
void Clip(const Options& options, Row& row);

/// SourceUnreadable when there is no such sheet, or several might be meant: it lists them.
Status ChooseSheet(Document& document, const Options& options, OpenedSheet& opened,
                   std::vector<std::string>& notes);

}  // namespace concordat::spreadsheet
