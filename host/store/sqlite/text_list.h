// A list of texts in one column: a JSON array, which SQLite's json_each reads too.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "host/base/status.h"

namespace concordat::store {

/// Writes such a list, reusing its memory.
class TextList {
 public:
  void Clear() { json_.clear(); }
  void Append(std::string_view text);
  /// Ends the list; valid until Clear.
  std::string_view Close();

 private:
  std::string json_;
};

/// The texts of a list; DataLoss when it is none.
absl::StatusOr<std::vector<std::string>> ParseTextList(std::string_view json);

}  // namespace concordat::store
