// What is major enough for a board that has ten minutes: the whole list, each with its reason. Change it
// here.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace concordat::flows::major {

/// Days after it was due from which late data is major, score points of a fall, days before an agreement
/// ends, levels claimed above the evidence, days that an action is overdue, requests refused of the same
/// kind.
inline constexpr int64_t kLateDays = 14;
inline constexpr double kFall = 5;
inline constexpr int64_t kLapseDays = 30;
inline constexpr int kOverstatedLevels = 2;
inline constexpr int64_t kOverdueDays = 30;
inline constexpr uint64_t kRefusals = 5;

inline constexpr std::string_view kMissing = "missing";
inline constexpr std::string_view kLate = "late";
inline constexpr std::string_view kGradeD = "grade_d";
inline constexpr std::string_view kFell = "fell";
inline constexpr std::string_view kSuspended = "suspended";
inline constexpr std::string_view kLapse = "lapse";
inline constexpr std::string_view kRefused = "refused";
inline constexpr std::string_view kOverstated = "overstated";
inline constexpr std::string_view kOverdue = "overdue";

struct Rule {
  std::string_view id;
  std::string what;  // "data that was due is missing, or was rejected"
  std::string_view why;
};
/// Most serious first: in this order majors are told.
const std::vector<Rule>& Rules();

}  // namespace concordat::flows::major
