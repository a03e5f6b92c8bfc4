// OpenDocument spreadsheets (.ods). Source: OpenDocument 1.3 part 3, 9.
#pragma once

#include <memory>

#include "plugins/spreadsheet/document.h"
#include "plugins/spreadsheet/package.h"

namespace concordat::spreadsheet {

/// All sheets stand in one part, one behind the other.
Status OpenOds(Package package, const ReadOptions& options, std::unique_ptr<Document>& document);

/// The sheet `number` (0-based) of the part.
std::unique_ptr<SheetReader> ReadOdsSheet(std::unique_ptr<packed::ByteStream> stream, const Sheet& sheet,
                                          const ReadOptions& options);

}  // namespace concordat::spreadsheet
