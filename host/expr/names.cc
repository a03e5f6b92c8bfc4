#include "host/expr/names.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "host/expr/functions.h"
#include "host/record/words.h"

namespace concordat::expr {

const std::vector<std::string>& CelFunctions() {
  static const std::vector<std::string> kFunctions = [] {
    std::vector<std::string> names = {"all", "exists", "exists_one", "filter", "has", "map"};
    for (const std::string& name : FunctionNames()) {
      if (absl::ascii_isalpha(static_cast<unsigned char>(name[0]))) names.push_back(name);
    }
    std::sort(names.begin(), names.end());
    return names;
  }();
  return kFunctions;
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
