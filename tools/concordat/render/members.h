// Reading the members of a JSON document that may come from another version: absent is empty, never a crash.
#pragma once

#include <string>

#include "host/base/json.h"

namespace concordat::cli {

const json::Value& Member(const json::Value& object, std::string_view name);
const json::Array& ItemsOf(const json::Value& object, std::string_view name);
uint64_t CountOf(const json::Value& object, std::string_view name);
double NumberOf(const json::Value& number);
std::string TextOf(const json::Value& text);

}  // namespace concordat::cli
