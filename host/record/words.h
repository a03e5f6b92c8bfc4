// The closed vocabularies of rules and scores, with the words that YAML and JSON use for them.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

namespace concordat::record {

/// ODCS v3.1 quality dimensions. People read "validity" for conformity.
enum class Dimension { kAccuracy, kCompleteness, kConformity, kConsistency, kCoverage, kTimeliness, kUniqueness };
inline constexpr size_t kDimensionCount = 7;

/// Later is worse.
enum class Severity { kInfo, kWarning, kError, kCritical };

/// Where a rule stands in its life. A draft is read and not run; a shadow rule is evaluated and shown, but
/// touches neither score nor gate nor any record's fate; an enforced one counts.
enum class RuleLife { kDraft, kShadow, kEnforced };

std::string_view RuleLifeName(RuleLife life);  // "shadow"
std::optional<RuleLife> RuleLifeFrom(std::string_view word);
std::string_view DimensionName(Dimension dimension);          // "conformity"
std::string_view DimensionForPeople(Dimension dimension);     // "validity"
std::optional<Dimension> DimensionFrom(std::string_view word);  // ODCS words and "validity"
std::string_view SeverityName(Severity severity);
std::optional<Severity> SeverityFrom(std::string_view word);    // the four words only
double DefaultWeight(Severity severity);                        // critical 5, error 3, warning 1, info 0

}  // namespace concordat::record
