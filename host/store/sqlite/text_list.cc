#include "host/store/sqlite/text_list.h"

#include <iterator>

#include "fmt/format.h"
#include "host/base/json.h"

namespace concordat::store {
namespace {

bool NeedsEscape(char c) { return c == '"' || c == '\\' || static_cast<unsigned char>(c) < 0x20; }

}  // namespace

void TextList::Append(std::string_view text) {
  json_ += json_.empty() ? "[\"" : ",\"";
  size_t plain = 0;  // start of what needs no escape
  for (size_t i = 0; i < text.size(); ++i) {
    if (!NeedsEscape(text[i])) continue;
    json_.append(text, plain, i - plain);
    fmt::format_to(std::back_inserter(json_), "\\u{:04x}", static_cast<unsigned char>(text[i]));
    plain = i + 1;
  }
  json_.append(text, plain).append(1, '"');
}

std::string_view TextList::Close() { return json_ += json_.empty() ? "[]" : "]"; }

absl::StatusOr<std::vector<std::string>> ParseTextList(std::string_view json) {
  const absl::StatusOr<json::Value> value = json::Parse(json);
  if (!value.ok() || !value->is_array()) return absl::DataLossError("the store holds a broken list of texts");
  std::vector<std::string> texts;
  for (const json::Value& element : value->as_array()) {
    if (!element.is_string())
      return absl::DataLossError("the store holds a list of something else than texts");
    texts.emplace_back(element.as_string());
  }
  return texts;
}

}  // namespace concordat::store
