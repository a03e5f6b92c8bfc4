#include "host/flows/protocol_document.h"

#include <algorithm>

namespace concordat::flows {

const json::Value& ValueAt(const json::Value& document, std::string_view path) {
  static const json::Value absent;
  const json::Value* at = &document;
  while (!path.empty()) {
    const size_t dot = path.find('.');
    at = json::Find(*at, path.substr(0, dot));
    if (at == nullptr) return absent;
    path = dot == std::string_view::npos ? std::string_view() : path.substr(dot + 1);
  }
  return *at;
}

std::string TextAt(const json::Value& document, std::string_view path) {
  const json::Value& value = ValueAt(document, path);
  if (value.is_null()) return "";
  if (value.is_string()) return std::string(value.get_string().data(), value.get_string().size());
  return json::Canonical(value);
}

std::vector<std::string> TextsAt(const json::Value& document, std::string_view path) {
  std::vector<std::string> texts;
  for (const json::Value& entry : EntriesAt(document, path)) texts.push_back(TextAt(entry, ""));
  return texts;
}

const json::Array& EntriesAt(const json::Value& document, std::string_view path) {
  static const json::Array none;
  const json::Value& value = ValueAt(document, path);
  return value.is_array() ? value.get_array() : none;
}

std::vector<std::pair<std::string, const json::Value*>> MembersAt(const json::Value& document,
                                                                  std::string_view path) {
  std::vector<std::pair<std::string, const json::Value*>> members;
  const json::Value& value = ValueAt(document, path);
  if (!value.is_object()) return members;
  for (const auto& member : value.get_object())
    members.emplace_back(std::string(member.key().data(), member.key().size()), &member.value());
  std::sort(members.begin(), members.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  return members;
}

std::string JoinTexts(const std::vector<std::string>& texts, std::string_view between) {
  std::string joined;
  for (const std::string& text : texts) {
    if (!joined.empty()) joined += between;
    joined += text;
  }
  return joined;
}

}  // namespace concordat::flows
