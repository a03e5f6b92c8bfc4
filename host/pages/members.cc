#include "host/pages/members.h"

#include "fmt/format.h"
#include "host/pages/person.h"

namespace concordat::pages {

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

const json::Value& AcceptanceOf(const json::Value& result, const json::Value& rule) {
  static const json::Value kNone;
  const std::string id = json::TextOr(rule, "id", "");
  for (const json::Value& acceptance : ItemsOf(result, "acceptances")) {
    if (json::TextOr(acceptance, "rule", "") == id) return acceptance;
  }
  return kNone;
}

std::string AcceptanceText(const json::Value& acceptance) {
  if (!acceptance.is_object()) return "";
  const json::Value& expired = Member(acceptance, "expired");
  const bool over = expired.is_bool() && expired.get_bool();
  return fmt::format("{} {}, by {}: {}", over ? "acceptance expired: it counted until" : "accepted until",
                     json::TextOr(acceptance, "until", ""), PersonText(json::TextOr(acceptance, "by", "")),
                     json::TextOr(acceptance, "reason", ""));
}

std::string ClauseText(const json::Value& rule) {
  const json::Value& clause = Member(rule, "clause");
  if (!clause.is_object()) return "";
  return fmt::format("{} {}", json::TextOr(clause, "id", ""), json::TextOr(clause, "title", ""));
}

std::string Grouped(uint64_t number) {
  const std::string digits = std::to_string(number);
  std::string grouped;
  for (size_t i = 0; i < digits.size(); ++i) {
    if (i > 0 && (digits.size() - i) % 3 == 0) grouped += ',';
    grouped += digits[i];
  }
  return grouped;
}

}  // namespace concordat::pages
