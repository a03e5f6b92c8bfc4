// The register of practices that the adapter is handed.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "plugins/sdk/status.h"
#include "plugins/sdk/table_view.h"

namespace concordat::health_body {

struct Practice {
  std::string code;
  std::string name;
  std::string opened;  // yyyy-MM-dd, or empty: always
  std::string closed;  // yyyy-MM-dd, the first day on which it was none, or empty
  std::optional<int64_t> last_list_size;
  bool heard = false;  // a row of this return

  /// Days compare as texts.
  bool OpenOn(std::string_view day) const {
    return (opened.empty() || day >= opened) && (closed.empty() || day < closed);
  }
};

/// By code. One thread at a time.
class Practices {
 public:
  /// Fails when a column is missing or last_list_size is neither empty nor a number.
  static sdk::Status Read(const sdk::TableView& table, Practices& practices);

  /// The practice, or nullptr.
  Practice* Find(std::string_view code);
  /// Of those open on `day`: 0 to 100, and in words; false when none was.
  bool Coverage(std::string_view day, double& score, std::string& basis) const;

 private:
  std::vector<Practice> list_;
  std::unordered_map<std::string, size_t> by_code_;
};

/// A count: digits alone, at most 12 of them; nothing for anything else.
std::optional<int64_t> CountIn(std::string_view text);

}  // namespace concordat::health_body
