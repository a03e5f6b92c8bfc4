// Reading a protocol's document as written: absent members are empty, never a crash.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "host/base/json.h"

namespace concordat::flows {

/// The value under "purpose.statement"; null when a step is missing.
const json::Value& ValueAt(const json::Value& document, std::string_view path);
/// Its text; numbers and booleans as they print; empty when absent.
std::string TextAt(const json::Value& document, std::string_view path);
/// The texts of a list; empty when absent.
std::vector<std::string> TextsAt(const json::Value& document, std::string_view path);
/// The entries of a list; empty when absent.
const json::Array& EntriesAt(const json::Value& document, std::string_view path);
/// Name and value of each member of an object, by name; empty when absent.
std::vector<std::pair<std::string, const json::Value*>> MembersAt(const json::Value& document,
                                                                  std::string_view path);
std::string JoinTexts(const std::vector<std::string>& texts, std::string_view between);

}  // namespace concordat::flows
