#include "host/profile/column_profiler.h"

#include <array>

#include "host/profile/text_form.h"

namespace concordat::profile {
namespace {

constexpr size_t kMostTexts = 2'000;
constexpr size_t kMostForms = 500;
constexpr size_t kTopNamed = 10;

// Texts that people write where there is no value.
constexpr std::array<std::string_view, 18> kStandIns = {
    "N/A", "n/a", "NA", "#N/A", "NULL",    "null",    "None",    "none",      "-",
    "--",  ".",   "?",  "nil",  "Unknown", "UNKNOWN", "unknown", "Not known", "TBC"};

bool IsStandIn(std::string_view text) {
  if (text.size() > 9) return false;
  for (const std::string_view word : kStandIns) {
    if (text == word) return true;
  }
  return false;
}

uint64_t CharactersOf(std::string_view text) {
  uint64_t count = 0;
  for (const char byte : text) count += (static_cast<unsigned char>(byte) & 0xC0) != 0x80 ? 1 : 0;
  return count;
}

}  // namespace

ColumnProfiler::ColumnProfiler(std::string name)
    : top_(kMostTexts), forms_(kMostForms), tokens_(kStandIns.size()) {
  profile_.name = std::move(name);
}

void ColumnProfiler::Add(uint64_t record, std::string_view cell) {
  ++profile_.records;
  const std::string_view text = data::Trim(cell);
  if (text.empty()) {
    ++profile_.empty;
    return;
  }
  if (IsStandIn(text)) {
    tokens_.Add(text);
    return;
  }
  const uint64_t length = CharactersOf(cell);
  profile_.min_length = profile_.values == 0 ? length : std::min(profile_.min_length, length);
  profile_.max_length = std::max(profile_.max_length, length);
  profile_.blanks_at_ends += text.size() != cell.size() ? 1 : 0;
  ++profile_.values;
  type_.Add(record, text);
  distinct_.Add(cell);
  top_.Add(cell);
  forms_.Add(FormOf(text));
}

ColumnProfile ColumnProfiler::Finish() {
  profile_.missing_tokens = tokens_.Top(kStandIns.size());
  type_.Finish(profile_);
  profile_.distinct = distinct_.count();
  profile_.distinct_estimated = distinct_.estimated();
  profile_.top = top_.Top(profile_.distinct <= 60 ? 60 : kTopNamed);
  profile_.top_estimated = top_.estimated();
  profile_.forms = forms_.Top(kTopNamed);
  profile_.forms_estimated = forms_.estimated();
  return profile_;
}

}  // namespace concordat::profile
