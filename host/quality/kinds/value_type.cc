// value_type: what the text of `field` looks like is one of `types`, whatever the contract declares: finds
// the number among names and the name among numbers.
//   with: {field, types: [integer, number, boolean, date, timestamp, string]}
// A text is of the narrowest type that it can be; an integer is a number too. Booleans are true and false,
// dates and timestamps ISO 8601.
#include <algorithm>
#include <array>

#include "fmt/format.h"
#include "fmt/ranges.h"
#include "host/data/parse.h"
#include "host/quality/kinds/text_rule.h"

namespace concordat::quality {
namespace {

using data::LogicalType;

constexpr std::array kTypes = {LogicalType::kInteger, LogicalType::kNumber,    LogicalType::kBoolean,
                               LogicalType::kDate,    LogicalType::kTimestamp, LogicalType::kString};

LogicalType NarrowestType(std::string_view text) {
  static const data::TimePattern kDay = data::TimePattern::Compile("yyyy-MM-dd").value();
  static const data::TimePattern kIso = data::TimePattern::IsoTimestamp();
  if (data::ParseInteger(text)) return LogicalType::kInteger;
  if (data::ParseNumber(text)) return LogicalType::kNumber;
  for (const std::string_view word : {"true", "True", "TRUE", "false", "False", "FALSE"}) {
    if (text == word) return LogicalType::kBoolean;
  }
  if (kDay.ParseDays(text)) return LogicalType::kDate;
  if (kIso.ParseMicros(text)) return LogicalType::kTimestamp;
  return LogicalType::kString;
}

struct ValueType {
  std::vector<LogicalType> types;

  bool Has(LogicalType type) const { return std::find(types.begin(), types.end(), type) != types.end(); }
  bool Good(std::string_view text) const {
    const LogicalType type = NarrowestType(text);
    return Has(type) || (type == LogicalType::kInteger && Has(LogicalType::kNumber));
  }
  Explanation Why(const std::string& shown, std::string_view text, const std::string& name) const {
    std::vector<std::string_view> names;
    for (const LogicalType type : types) names.push_back(data::LogicalTypeName(type));
    return {fmt::format("{} looks like {}, where {} is expected", shown,
                        data::LogicalTypeName(NarrowestType(text)), fmt::join(names, " or ")),
            fmt::format("look whether {} holds the value of another column", name)};
  }
};

}  // namespace

std::unique_ptr<const Rule> CompileValueType(RuleReader& reader) {
  const std::optional<size_t> field = reader.Field();
  std::vector<std::string> names;
  for (const LogicalType type : kTypes) names.emplace_back(data::LogicalTypeName(type));
  ValueType test;
  for (const std::string& word : reader.with().Texts("types")) {
    const auto found = std::find(names.begin(), names.end(), word);
    if (found == names.end()) {
      reader.with().Error("types", "unknown-word",
                          fmt::format("rule {}: \"{}\" is no type", reader.spec().id, word),
                          DidYouMean(word, names));
    } else {
      test.types.push_back(kTypes[static_cast<size_t>(found - names.begin())]);
    }
  }
  if (!reader.with().Has("types")) reader.Error("missing-key", "value_type needs types", "types: [number]");
  if (test.types.empty()) return nullptr;
  return MakeTextRule(reader, field, std::move(test));
}

}  // namespace concordat::quality
