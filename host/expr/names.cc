#include "host/expr/names.h"

#include <algorithm>

#include "host/record/words.h"

namespace concordat::expr {

const std::vector<std::string>& CelFunctions() {
  static const std::vector<std::string> kFunctions = {
      "all",          "bool",         "bytes",       "charAt",     "contains",
      "double",       "duration",     "dyn",         "endsWith",   "exists",
      "exists_one",   "filter",       "format",      "getDate",    "getDayOfMonth",
      "getDayOfWeek", "getDayOfYear", "getFullYear", "getHours",   "getMilliseconds",
      "getMinutes",   "getMonth",     "getSeconds",  "has",        "indexOf",
      "int",          "join",         "lastIndexOf", "lowerAscii", "map",
      "matches",      "now",          "quote",       "replace",    "reverse",
      "size",         "split",        "startsWith",  "string",     "substring",
      "timestamp",    "trim",         "type",        "uint",       "upperAscii"};
  return kFunctions;
}

bool IsCelFunction(std::string_view name) {
  return std::binary_search(CelFunctions().begin(), CelFunctions().end(), name);
}

std::string_view WhatWorks() {
  return "what works now: fields, literals, == != < <= > >=, in [list], && || !, has(), timestamp(\"...\"), "
         "parentheses";
}

const std::vector<std::string>& QualityNames() {
  static const std::vector<std::string> kNames = [] {
    std::vector<std::string> names = {"score"};
    for (size_t i = 0; i < record::kDimensionCount; ++i)
      names.emplace_back(record::DimensionName(static_cast<record::Dimension>(i)));
    return names;
  }();
  return kNames;
}

Type RequestType(std::string_view attribute) {
  if (attribute == "time") return Type::kTimestamp;
  if (attribute == "partner" || attribute == "role" || attribute == "user" || attribute == "purpose")
    return Type::kText;
  return Type::kAny;
}

}  // namespace concordat::expr
