#include "host/mapping/name_match.h"

namespace concordat::mapping {
namespace {

// What spreadsheets and exports leave in headers, besides ASCII: no-break space and byte order mark.
constexpr std::string_view kInvisible[] = {"\xC2\xA0", "\xEF\xBB\xBF"};

bool IsNameCharacter(char c) {
  const bool ascii = static_cast<unsigned char>(c) < 0x80;
  return !ascii || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

}  // namespace

std::string FoldedName(std::string_view name) {
  std::string folded;
  while (!name.empty()) {
    size_t skip = 0;
    for (const std::string_view invisible : kInvisible) {
      if (name.starts_with(invisible)) skip = invisible.size();
    }
    if (skip == 0) {
      const char c = name.front();
      if (IsNameCharacter(c)) folded += c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
      skip = 1;
    }
    name.remove_prefix(skip);
  }
  return folded;
}

std::vector<size_t> ColumnsNamed(std::string_view name, const std::vector<std::string>& columns) {
  std::vector<size_t> exact;
  std::vector<size_t> folded;
  const std::string wanted = FoldedName(name);
  for (size_t i = 0; i < columns.size(); ++i) {
    if (columns[i] == name)
      exact.push_back(i);
    else if (!wanted.empty() && FoldedName(columns[i]) == wanted)
      folded.push_back(i);
  }
  return exact.empty() ? folded : exact;
}

}  // namespace concordat::mapping
