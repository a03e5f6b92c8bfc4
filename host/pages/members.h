// Reading the members of a JSON document that may come from another version: absent is empty, never a crash.
#pragma once

#include <string>

#include "host/base/json.h"

namespace concordat::pages {

const json::Value& Member(const json::Value& object, std::string_view name);
const json::Array& ItemsOf(const json::Value& object, std::string_view name);
uint64_t CountOf(const json::Value& object, std::string_view name);
double NumberOf(const json::Value& number);
/// What people accepted of this rule's warning in a submission's document; null when nobody did.
const json::Value& AcceptanceOf(const json::Value& result, const json::Value& rule);
/// "accepted by ... until 2027-03-31: because" or how long it was; empty for null.
std::string AcceptanceText(const json::Value& acceptance);
/// "DQP-4.2 Codes are valid": the clause of the quality policy behind a rule; empty when there is none.
std::string ClauseText(const json::Value& rule);
std::string TextOf(const json::Value& text);
/// "1,234,567".
std::string Grouped(uint64_t number);

}  // namespace concordat::pages
