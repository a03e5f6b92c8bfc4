#include "host/record/words.h"

#include <array>

namespace concordat::record {
namespace {

constexpr std::array<std::string_view, kDimensionCount> kDimensions = {
    "accuracy", "completeness", "conformity", "consistency", "coverage", "timeliness", "uniqueness"};
constexpr std::array<std::string_view, 3> kLives = {"draft", "shadow", "enforced"};
constexpr std::array<std::string_view, 4> kSeverities = {"info", "warning", "error", "critical"};

}  // namespace

std::string_view DimensionName(Dimension dimension) { return kDimensions[static_cast<size_t>(dimension)]; }

std::string_view DimensionForPeople(Dimension dimension) {
  return dimension == Dimension::kConformity ? "validity" : DimensionName(dimension);
}

std::optional<Dimension> DimensionFrom(std::string_view word) {
  if (word == "validity") return Dimension::kConformity;
  for (size_t i = 0; i < kDimensions.size(); ++i) {
    if (kDimensions[i] == word) return static_cast<Dimension>(i);
  }
  return std::nullopt;
}

std::string_view SeverityName(Severity severity) { return kSeverities[static_cast<size_t>(severity)]; }

std::optional<Severity> SeverityFrom(std::string_view word) {
  for (size_t i = 0; i < kSeverities.size(); ++i) {
    if (kSeverities[i] == word) return static_cast<Severity>(i);
  }
  return std::nullopt;
}

std::string_view RuleLifeName(RuleLife life) { return kLives[static_cast<size_t>(life)]; }

std::optional<RuleLife> RuleLifeFrom(std::string_view word) {
  for (size_t i = 0; i < kLives.size(); ++i) {
    if (kLives[i] == word) return static_cast<RuleLife>(i);
  }
  return std::nullopt;
}

double DefaultWeight(Severity severity) {
  switch (severity) {
    case Severity::kCritical: return 5;
    case Severity::kError: return 3;
    case Severity::kWarning: return 1;
    case Severity::kInfo: return 0;
  }
  return 0;
}

}  // namespace concordat::record
