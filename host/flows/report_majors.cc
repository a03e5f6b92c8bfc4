#include "host/flows/report_majors.h"

#include "fmt/format.h"

namespace concordat::flows::major {

const std::vector<Rule>& Rules() {
  static const std::vector<Rule> kRules = {
      {kSuspended, "an agreement is suspended or has ended",
       "nothing flows under it, and somebody relies on it"},
      {kMissing, "data that was due is missing, or was rejected",
       "decisions of the partnership lack it altogether"},
      {kGradeD, "confidence in a dataset is D", "its figures should not be used without a second look"},
      {kFell, fmt::format("a score fell by more than {:.0f} points under the same rules", kFall),
       "a fall of that size is seldom chance"},
      {kLapse, fmt::format("an agreement ends or falls due for review within {} days", kLapseDays),
       "signatures take weeks to gather"},
      {kOverstated, fmt::format("a claim stands {} levels or more above its evidence", kOverstatedLevels),
       "others rely on what was claimed"},
      {kOverdue, fmt::format("an improvement action is overdue by more than {} days", kOverdueDays),
       "a promise that nobody keeps improves nothing"},
      {kRefused, fmt::format("{} or more requests were refused for the same reason", kRefusals),
       "people need what the agreements do not give, or do not know them"},
      {kLate, fmt::format("data came more than {} days late", kLateDays), "reports had to go without it"},
  };
  return kRules;
}

}  // namespace concordat::flows::major
