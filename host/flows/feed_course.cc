#include "host/flows/feed_course.h"

#include <algorithm>
#include <map>
#include <set>

#include "fmt/format.h"
#include "host/base/source.h"
#include "host/data/parse.h"
#include "host/flows/due.h"

namespace concordat::flows {
namespace {

int64_t DayOf(absl::Time time) {
  const absl::CivilDay day = absl::ToCivilDay(time, absl::UTCTimeZone());
  return data::DaysFromCivil(static_cast<int>(day.year()), day.month(), day.day());
}

bool IsAccepted(const store::Attempt& attempt) { return attempt.verdict != record::Verdict::kReject; }

std::optional<size_t> StandingOf(const std::vector<store::Attempt>& all,
                                 const std::vector<size_t>& attempts) {
  std::optional<size_t> accepted;
  std::optional<size_t> rejected;
  for (const size_t i : attempts) {
    if (all[i].state == "current") return i;
    (IsAccepted(all[i]) ? accepted : rejected) = i;
  }
  return accepted ? accepted : rejected;
}

std::string StateOf(const std::vector<store::Attempt>& all, const PeriodStanding& standing, absl::Time now) {
  if (!standing.standing) return standing.due && now > *standing.due ? "missing" : "awaited";
  const store::Attempt& attempt = all[*standing.standing];
  if (attempt.verdict == record::Verdict::kReject) return "rejected";
  // Erasing a withdrawn submission does not bring it back.
  if (attempt.state == "withdrawn" || !attempt.withdrawn_reason.empty()) return "withdrawn";
  if (attempt.state == "erased") return "erased";
  return attempt.verdict == record::Verdict::kAccept ? "accepted" : "accepted_with_quarantine";
}

void Judge(const FeedCourse& course, absl::Time now, PeriodStanding& standing) {
  standing.standing = StandingOf(course.attempts, standing.attempts);
  standing.state = StateOf(course.attempts, standing, now);
  for (const size_t i : standing.attempts) {
    const store::Attempt& attempt = course.attempts[i];
    // A due date that was set when it came counts before the schedule of today.
    if (attempt.due) standing.due = attempt.due;
    if (IsAccepted(attempt)) {
      standing.received = attempt.received;
      break;
    }
  }
  if (!standing.due) return;
  const bool there = standing.received && standing.state != "withdrawn";
  const absl::Time until = there ? *standing.received : now;
  if (until > *standing.due) standing.days_late = std::max<int64_t>(1, DayOf(until) - DayOf(*standing.due));
}

absl::Status AddScheduled(const policy::PolicySet& set, FeedCourse& course, absl::Time now) {
  if (course.policy == nullptr) return absl::OkStatus();
  ASSIGN_OR_RETURN(const std::vector<FeedPeriod> periods,
                   EndedPeriods(set, *course.policy, course.attempts, now));
  for (const FeedPeriod& period : periods) {
    PeriodStanding standing;
    standing.period = period.period;
    standing.due = period.due;
    for (const store::Attempt* attempt : period.attempts)
      standing.attempts.push_back(static_cast<size_t>(attempt - course.attempts.data()));
    course.periods.push_back(std::move(standing));
  }
  return absl::OkStatus();
}

// Periods that the schedule does not know: still running, of an earlier schedule, or of a feed without one.
void AddOthers(const policy::PolicySet& set, FeedCourse& course) {
  std::set<size_t> placed;
  for (const PeriodStanding& standing : course.periods)
    placed.insert(standing.attempts.begin(), standing.attempts.end());
  std::map<std::pair<int64_t, int64_t>, PeriodStanding> others;
  for (size_t i = 0; i < course.attempts.size(); ++i) {
    if (placed.contains(i)) continue;
    const auto period = policy::ParsePeriod(course.attempts[i].period, set.partnership.year_start_month,
                                            set.partnership.year_start_day);
    if (!period.ok()) continue;
    PeriodStanding& standing = others[{period->from, period->to}];
    standing.period = *period;
    standing.attempts.push_back(i);
  }
  for (auto& [days, standing] : others) course.periods.push_back(std::move(standing));
  std::stable_sort(course.periods.begin(), course.periods.end(),
                   [](const PeriodStanding& a, const PeriodStanding& b) {
                     return std::pair(a.period.from, a.period.to) < std::pair(b.period.from, b.period.to);
                   });
}

bool Matches(const CourseFilter& filter, const FeedCourse& course) {
  return (filter.feed.empty() || filter.feed == course.feed) &&
         (filter.dataset.empty() || filter.dataset == course.dataset) &&
         (filter.partner.empty() || filter.partner == course.partner);
}

absl::Status UnknownAmong(const char* what, const std::string& wanted, const std::set<std::string>& known) {
  if (wanted.empty() || known.contains(wanted)) return absl::OkStatus();
  const std::string near = DidYouMean(wanted, std::vector<std::string>(known.begin(), known.end()));
  return absl::NotFoundError(fmt::format(
      "there is no {} \"{}\"; {}", what, wanted,
      near.empty() ? "\"concordat feed list\" and \"concordat catalog list\" show the names" : near));
}

absl::Status CheckFilter(const policy::PolicySet& set, const CourseFilter& filter,
                         const std::map<FeedId, FeedCourse>& courses) {
  std::set<std::string> feeds;
  std::set<std::string> datasets;
  std::set<std::string> partners;
  for (const policy::Partner& partner : set.partners) partners.insert(partner.id.str());
  for (const auto& [id, course] : courses) {
    feeds.insert(id.str());
    datasets.insert(course.dataset.str());
    partners.insert(course.partner.str());
  }
  RETURN_IF_ERROR(UnknownAmong("feed", filter.feed.str(), feeds));
  RETURN_IF_ERROR(UnknownAmong("dataset with a feed called", filter.dataset.str(), datasets));
  return UnknownAmong("partner", filter.partner.str(), partners);
}

}  // namespace

absl::StatusOr<std::vector<FeedCourse>> CoursesOf(const HostParts& host, const policy::PolicySet& set,
                                                  const CourseFilter& filter, absl::Time now) {
  std::map<FeedId, FeedCourse> courses;
  for (const policy::Feed& feed : set.feeds)
    courses[feed.id] = {feed.id, feed.partner, feed.dataset(), &feed, {}, {}};
  store::SubmissionStore::Filter all;
  all.brief = true;
  ASSIGN_OR_RETURN(std::vector<store::Attempt> attempts, host.store->List(all));
  std::reverse(attempts.begin(), attempts.end());
  for (store::Attempt& attempt : attempts) {
    if (attempt.received > now) continue;
    FeedCourse& course = courses[attempt.feed];
    if (course.feed.empty()) course = {attempt.feed, attempt.partner, attempt.dataset, nullptr, {}, {}};
    course.attempts.push_back(std::move(attempt));
  }
  RETURN_IF_ERROR(CheckFilter(set, filter, courses));
  std::vector<FeedCourse> matching;
  for (auto& [id, course] : courses) {
    if (!Matches(filter, course)) continue;
    RETURN_IF_ERROR(AddScheduled(set, course, now));
    AddOthers(set, course);
    for (PeriodStanding& standing : course.periods) Judge(course, now, standing);
    matching.push_back(std::move(course));
  }
  std::stable_sort(matching.begin(), matching.end(), [](const FeedCourse& a, const FeedCourse& b) {
    return std::tie(a.partner, a.dataset, a.feed) < std::tie(b.partner, b.dataset, b.feed);
  });
  return matching;
}

}  // namespace concordat::flows
