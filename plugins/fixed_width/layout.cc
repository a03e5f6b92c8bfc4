#include "plugins/fixed_width/layout.h"

#include <algorithm>
#include <charconv>

namespace concordat::fixed_width {
namespace {

constexpr size_t kMostPositions = 1u << 20;
constexpr size_t kMostFields = 4096;

std::string_view Trimmed(std::string_view text) {
  const size_t from = text.find_first_not_of(" \t\r\n");
  if (from == std::string_view::npos) return {};
  return text.substr(from, text.find_last_not_of(" \t\r\n") - from + 1);
}

bool ParsePosition(std::string_view text, size_t& position) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), position);
  return error == std::errc() && end == text.data() + text.size() && position > 0 &&
         position <= kMostPositions;
}

sdk::Status Bad(std::string_view entry, const std::string& why) {
  return sdk::Status::Failed("option columns: \"" + std::string(entry) + "\" " + why);
}

sdk::Status ParseField(std::string_view entry, Layout& layout) {
  const size_t blank = entry.find_last_of(" \t\r\n");
  Field field;
  if (blank == std::string_view::npos || !ParseRange(entry.substr(blank + 1), field.from, field.to)) {
    return Bad(entry, "is no column such as: month 11-17");
  }
  field.name = std::string(Trimmed(entry.substr(0, blank)));
  if (field.to < field.from) return Bad(entry, "ends before it begins");
  const bool taken = std::any_of(layout.fields.begin(), layout.fields.end(),
                                 [&](const Field& each) { return each.name == field.name; });
  if (taken) return Bad(entry, "has the name of another column");
  if (layout.fields.size() >= kMostFields) return Bad(entry, "is one column too many");
  layout.fields.push_back(field);
  return sdk::Status::Ok();
}

std::string Positions(size_t from, size_t to) {
  return from == to ? "position " + std::to_string(from) + " belongs"
                    : "positions " + std::to_string(from) + " to " + std::to_string(to) + " belong";
}

}  // namespace

size_t Layout::length() const {
  size_t length = 0;
  for (const Field& field : fields)
    length = std::max(length, field.to == Field::kOpen ? field.from - 1 : field.to);
  return length;
}

bool Layout::open() const {
  return std::any_of(fields.begin(), fields.end(),
                     [](const Field& field) { return field.to == Field::kOpen; });
}

std::vector<std::string> Layout::remarks() const {
  std::vector<Field> sorted = fields;
  std::stable_sort(sorted.begin(), sorted.end(),
                   [](const Field& a, const Field& b) { return a.from < b.from; });
  std::vector<std::string> remarks;
  size_t next = 1;
  for (const Field& field : sorted) {
    if (field.from > next) remarks.push_back(Positions(next, field.from - 1) + " to no column");
    if (field.from < next && field.to != Field::kOpen) {
      remarks.push_back(Positions(field.from, std::min(next - 1, field.to)) + " to more than one column");
    }
    next = field.to == Field::kOpen ? field.to : std::max(next, field.to + 1);
  }
  return remarks;
}

bool ParseRange(std::string_view text, size_t& from, size_t& to) {
  text = Trimmed(text);
  const size_t dash = text.find('-');
  if (!ParsePosition(text.substr(0, dash), from)) return false;
  to = from;
  if (dash == std::string_view::npos) return true;
  to = Field::kOpen;
  return dash + 1 == text.size() || ParsePosition(text.substr(dash + 1), to);
}

sdk::Status ParseLayout(std::string_view text, Layout& layout) {
  while (!Trimmed(text).empty()) {
    const size_t end = text.find_first_of(",\n");
    const std::string_view entry = Trimmed(text.substr(0, end));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    if (entry.empty()) continue;
    if (auto status = ParseField(entry, layout); !status.ok()) return status;
  }
  if (!layout.fields.empty()) return sdk::Status::Ok();
  return sdk::Status::Failed(
      "option columns is missing: it says which positions are which column, as in: crime_id 1-10, month "
      "11-17");
}

}  // namespace concordat::fixed_width
