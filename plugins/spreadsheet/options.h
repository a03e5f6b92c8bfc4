// What a feed may fix about its workbooks; everything else is found out.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "plugins/sdk/status.h"
#include "plugins/spreadsheet/document.h"

namespace concordat::spreadsheet {

struct Options {
  enum class Header { kAuto, kNone, kRow };
  enum class Totals { kAuto, kSkip, kKeep };

  std::string sheet = "auto";  // or a name, a number from 1 on, a pattern
  Header header = Header::kAuto;
  uint64_t header_row = 0;  // of kRow: its first, as the sheet counts
  size_t header_rows = 0;   // 0: found out
  std::optional<Area> range;
  bool fill_merged = false;
  Totals totals = Totals::kAuto;
  std::vector<std::string> total_words = {"total",    "totals",    "grand total",
                                          "subtotal", "sub-total", "sub total"};
  bool skip_footnotes = true;
  ReadOptions read;
};

/// `value` gives an option of the manifest as text. Failed names what is wrong with which.
Status ReadOptionValues(const std::function<std::string_view(const char*)>& value, Options& options);

}  // namespace concordat::spreadsheet
