#include "tools/concordat/render/members.h"

namespace concordat::cli {

const json::Value& Member(const json::Value& object, std::string_view name) {
  static const json::Value null;
  const json::Value* found = json::Find(object, name);
  return found == nullptr ? null : *found;
}

const json::Array& ItemsOf(const json::Value& object, std::string_view name) {
  static const json::Array none;
  const json::Value& found = Member(object, name);
  return found.is_array() ? found.get_array() : none;
}

uint64_t CountOf(const json::Value& object, std::string_view name) {
  const json::Value& found = Member(object, name);
  boost::json::error_code error;
  const auto count = found.is_number() ? found.to_number<uint64_t>(error) : 0;
  return error ? 0 : count;
}

double NumberOf(const json::Value& number) { return number.is_number() ? number.to_number<double>() : 0; }

std::string TextOf(const json::Value& text) {
  return text.is_string() ? std::string(text.get_string().data(), text.get_string().size())
                          : json::Compact(text);
}

}  // namespace concordat::cli
