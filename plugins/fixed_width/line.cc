#include "plugins/fixed_width/line.h"

#include <algorithm>
#include <cstring>

namespace concordat::fixed_width {
namespace {

bool Continues(char c) { return (c & 0xC0) == 0x80; }

bool IsAscii(std::string_view text) {
  unsigned char all = 0;
  for (const char c : text) all |= static_cast<unsigned char>(c);
  return all < 0x80;
}

}  // namespace

void LineCutter::Measure(std::string_view line) {
  plain_ = bytes_ || IsAscii(line);
  length_ = line.size();
  if (plain_) return;
  starts_.clear();
  for (size_t i = 0; i < line.size(); ++i) {
    if (!Continues(line[i])) starts_.push_back(i);
  }
  length_ = starts_.size();
  starts_.push_back(line.size());
}

// Of a position, 0-based; the end of the line for those behind it.
size_t LineCutter::OffsetOf(size_t position) const {
  const size_t within = std::min(position, length_);
  return plain_ ? within : starts_[within];
}

std::string_view LineCutter::Trimmed(std::string_view cell) const {
  if (options_.trim == Options::Trim::kNone) return cell;
  const size_t end = cell.find_last_not_of(' ');
  cell = cell.substr(0, end == std::string_view::npos ? 0 : end + 1);
  if (options_.trim == Options::Trim::kBoth)
    cell.remove_prefix(std::min(cell.find_first_not_of(' '), cell.size()));
  return cell;
}

bool LineCutter::Short(std::string& why) const {
  const size_t length = options_.layout.length();
  if (length_ >= length || options_.pad_short) return true;
  why = "the line has " + std::to_string(length_) + (bytes_ ? " bytes" : " characters") + " of " +
        std::to_string(length) + ":";
  size_t told = 0;
  for (const Field& field : options_.layout.fields) {
    const size_t to = field.to == Field::kOpen ? field.from - 1 : field.to;
    if (to <= length_ || ++told > 3) continue;
    why += std::string(told == 1 ? " " : ", ") + field.name +
           (field.from > length_ ? " is missing" : " is cut off");
  }
  if (told > 3) why += ", and " + std::to_string(told - 3) + " more";
  return false;
}

bool LineCutter::Long(std::string_view line, std::string& why) const {
  const size_t length = options_.layout.length();
  if (length_ <= length || options_.cut_long || options_.layout.open()) return true;
  const std::string_view rest = line.substr(OffsetOf(length));
  if (rest.find_first_not_of(" \x1A") == std::string_view::npos) return true;
  why = "the line has " + std::to_string(length_) + (bytes_ ? " bytes" : " characters") + ", " +
        std::to_string(length_ - length) + " more than its columns: \"" + delimited::ForPeople(rest, 24) +
        "\"";
  return false;
}

bool LineCutter::Part(std::string_view line, size_t from, size_t to, std::string_view& part) {
  Measure(line);
  const size_t begin = OffsetOf(from - 1);
  const size_t end = to == Field::kOpen ? line.size() : OffsetOf(to);
  part = line.substr(begin, end - begin);
  return !part.empty();
}

bool LineCutter::Cut(std::string_view line, sdk::BatchBuilder& batch, std::string& why) {
  Measure(line);
  if (const size_t tab = line.find('\t'); tab != std::string_view::npos) {
    why = "a tab stands at byte " + std::to_string(tab + 1) +
          ": how many positions it stands for cannot be told; write blanks";
    return false;
  }
  if (std::memchr(line.data(), delimited::kUndecodable, line.size()) != nullptr) {
    why = "the line has bytes that are not the file's encoding: its positions cannot be told";
    return false;
  }
  if (!Short(why) || !Long(line, why)) return false;
  for (size_t i = 0; i < options_.layout.fields.size(); ++i) {
    const Field& field = options_.layout.fields[i];
    const size_t begin = OffsetOf(field.from - 1);
    const size_t end = field.to == Field::kOpen ? line.size() : OffsetOf(field.to);
    if ((begin < line.size() && Continues(line[begin])) || (end < line.size() && Continues(line[end]))) {
      why = field.name +
            " begins or ends within a character: are its positions counted in characters (option positions)?";
      return false;
    }
    batch.column(i).Append(Trimmed(line.substr(begin, end - begin)));
  }
  return true;
}

}  // namespace concordat::fixed_width
