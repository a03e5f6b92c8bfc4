// The cells of one column over one batch as UTF-8 text, back to back, as Arrow lays out utf8.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace concordat::data {

/// Cells as text. An absent cell is an empty one: Concordat makes no difference. Grown by one owner, then shared as const.
struct TextColumn {
  std::string name;
  std::vector<uint32_t> offsets = {0};  // rows + 1 entries, ascending
  std::string bytes;

  size_t rows() const { return offsets.size() - 1; }
  std::string_view at(size_t row) const {
    return {bytes.data() + offsets[row], offsets[row + 1] - offsets[row]};
  }
  void Append(std::string_view cell) {
    bytes.append(cell);
    offsets.push_back(static_cast<uint32_t>(bytes.size()));
  }
};

}  // namespace concordat::data
