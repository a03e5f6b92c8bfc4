// Office Open XML workbooks (.xlsx, .xlsm, transitional and strict). Source: ECMA-376 part 1, 18.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "plugins/spreadsheet/document.h"
#include "plugins/spreadsheet/number_format.h"
#include "plugins/spreadsheet/package.h"

namespace concordat::spreadsheet {

/// Strings that cells point to, end to end in one piece of memory.
class SharedStrings {
 public:
  static constexpr uint64_t kMostBytes = uint64_t{768} << 20;
  static constexpr size_t kMostStrings = size_t{1} << 26;

  /// False when there would be too many.
  bool Add(std::string_view text);
  size_t size() const { return ends_.size(); }
  std::string_view at(size_t index) const {
    const size_t begin = index == 0 ? 0 : ends_[index - 1];
    return std::string_view(bytes_).substr(begin, ends_[index] - begin);
  }

 private:
  std::string bytes_;
  std::vector<uint32_t> ends_;
};

/// What the cells of all sheets refer to.
struct XlsxBook {
  Package package;
  SharedStrings strings;
  std::vector<NumberFormat> formats;  // by a cell's style
  bool epoch_1904 = false;
  ReadOptions options;
};

Status ReadStyles(const Package& package, std::string_view part, std::vector<NumberFormat>& formats);
Status ReadSharedStrings(const Package& package, std::string_view part, SharedStrings& strings);
std::unique_ptr<SheetReader> ReadXlsxSheet(const XlsxBook* book, std::unique_ptr<packed::ByteStream> stream,
                                           const Sheet& sheet);

/// `package` is a zip file with "xl/" or a workbook part in it.
Status OpenXlsx(Package package, const ReadOptions& options, std::unique_ptr<Document>& document);

}  // namespace concordat::spreadsheet
