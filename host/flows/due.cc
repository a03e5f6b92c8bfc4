#include "host/flows/due.h"

#include <algorithm>
#include <map>
#include <utility>

#include "fmt/format.h"
#include "host/data/parse.h"
#include "host/flows/due_assessments.h"
#include "host/flows/obligations.h"

namespace concordat::flows {
namespace {

// More missed periods than this are one conversation, not a list.
constexpr int kMostPeriods = 24;
// What is older says nothing about how a feed does today.
constexpr int64_t kOldestDays = 3653;

int64_t DayOf(absl::Time time) {
  const absl::CivilDay day = absl::ToCivilDay(time, absl::UTCTimeZone());
  return data::DaysFromCivil(static_cast<int>(day.year()), day.month(), day.day());
}

absl::Time StartOf(int64_t day) { return absl::UnixEpoch() + absl::Hours(24) * day; }

absl::StatusOr<policy::Period> PeriodAt(const policy::PolicySet& set, const policy::Schedule& schedule,
                                        int64_t day) {
  return policy::PeriodContaining(day, schedule.every, set.partnership.year_start_month,
                                  set.partnership.year_start_day);
}

// One quarter has two names, 2026-Q1 and 2025/26-Q4: what counts is its days.
bool SameDays(const policy::PolicySet& set, const std::string& name, const policy::Period& period) {
  if (name == period.id) return true;
  const auto named =
      policy::ParsePeriod(name, set.partnership.year_start_month, set.partnership.year_start_day);
  return named.ok() && named->from == period.from && named->to == period.to;
}

DueItem ItemFor(const policy::PolicySet& set, const policy::Feed& feed, policy::Period period,
                const std::vector<store::Attempt>& attempts, absl::Time now) {
  DueItem item;
  item.feed = feed.id;
  item.partner = feed.partner;
  item.due = DueTime(*feed.schedule, period);
  for (const store::Attempt& attempt : attempts) {
    if (attempt.state == "current" && SameDays(set, attempt.period, period))
      item.submission = attempt.id.str();
    if (!item.last_received || attempt.received > *item.last_received) item.last_received = attempt.received;
  }
  item.owed = item.submission.empty() && DayOf(now) > period.to;
  if (item.owed && now > item.due) item.days_late = DayOf(now) - DayOf(item.due);
  item.period = std::move(period);
  return item;
}

absl::Status AddFeed(const HostParts& host, const policy::PolicySet& set, const policy::Feed& feed,
                     std::vector<DueItem>& items) {
  const absl::Time now = host.clock->Now();
  store::SubmissionStore::Filter filter;
  filter.feed = feed.id;
  filter.brief = true;
  ASSIGN_OR_RETURN(const std::vector<store::Attempt> attempts, host.store->List(filter));
  ASSIGN_OR_RETURN(policy::Period running, PeriodAt(set, *feed.schedule, DayOf(now)));
  int64_t first_day = running.from - 1;
  for (const store::Attempt& attempt : attempts) {
    const auto period =
        policy::ParsePeriod(attempt.period, set.partnership.year_start_month, set.partnership.year_start_day);
    if (period.ok()) first_day = std::min(first_day, period->from);
  }
  int64_t day = running.from - 1;
  size_t owed = 0;
  for (int count = 0; count < kMostPeriods && day >= first_day; ++count) {
    ASSIGN_OR_RETURN(policy::Period period, PeriodAt(set, *feed.schedule, day));
    day = period.from - 1;
    DueItem item = ItemFor(set, feed, std::move(period), attempts, now);
    if (!item.owed) continue;
    items.push_back(std::move(item));
    ++owed;
  }
  if (owed == 0) items.push_back(ItemFor(set, feed, std::move(running), attempts, now));
  return absl::OkStatus();
}

json::Object ItemJson(const DueItem& item) {
  json::Object object{{"kind", "submission"},
                      {"id", item.feed.str() + "/" + item.period.id},
                      {"feed", item.feed.str()},
                      {"partner", item.partner.str()},
                      {"period", json::Object{{"id", item.period.id},
                                              {"from", data::DateText(item.period.from)},
                                              {"to", data::DateText(item.period.to)}}},
                      {"periodInWords", item.period.InWords()},
                      {"due", TimeText(item.due).substr(0, 10)},
                      {"daysLate", item.days_late}};
  object["lastReceived"] =
      item.last_received ? json::Value(TimeText(*item.last_received)) : json::Value(nullptr);
  return object;
}

}  // namespace

absl::Time DueTime(const policy::Schedule& schedule, const policy::Period& period) {
  return StartOf(schedule.due.AddTo(period.to) + 1) - absl::Seconds(1);
}

absl::StatusOr<std::vector<FeedPeriod>> EndedPeriods(const policy::PolicySet& set, const policy::Feed& feed,
                                                     const std::vector<store::Attempt>& attempts,
                                                     absl::Time now) {
  std::vector<FeedPeriod> periods;
  if (!feed.schedule) return periods;
  // By days, not by name: a quarter has two names.
  std::map<std::pair<int64_t, int64_t>, std::vector<const store::Attempt*>> sent;
  ASSIGN_OR_RETURN(const policy::Period running, PeriodAt(set, *feed.schedule, DayOf(now)));
  int64_t first_day = running.from - 1;
  for (const store::Attempt& attempt : attempts) {
    if (attempt.feed != feed.id) continue;
    const auto period =
        policy::ParsePeriod(attempt.period, set.partnership.year_start_month, set.partnership.year_start_day);
    if (!period.ok()) continue;
    sent[{period->from, period->to}].push_back(&attempt);
    first_day = std::min(first_day, period->from);
  }
  first_day = std::max(first_day, running.from - kOldestDays);
  for (int64_t day = running.from - 1; day >= first_day;) {
    FeedPeriod one;
    ASSIGN_OR_RETURN(one.period, PeriodAt(set, *feed.schedule, day));
    day = one.period.from - 1;
    one.due = DueTime(*feed.schedule, one.period);
    one.attempts = sent[{one.period.from, one.period.to}];
    std::stable_sort(
        one.attempts.begin(), one.attempts.end(),
        [](const store::Attempt* a, const store::Attempt* b) { return a->received < b->received; });
    periods.push_back(std::move(one));
  }
  std::reverse(periods.begin(), periods.end());
  return periods;
}

absl::StatusOr<std::vector<DueItem>> ListDue(const HostParts& host, const std::optional<PartnerId>& partner) {
  const std::shared_ptr<const LoadedPolicies> policies = host.policies->Get();
  std::vector<DueItem> items;
  for (const policy::Feed& feed : policies->set->feeds) {
    if (!feed.schedule || (partner && feed.partner != *partner)) continue;
    RETURN_IF_ERROR(AddFeed(host, *policies->set, feed, items));
  }
  std::stable_sort(items.begin(), items.end(), [](const DueItem& a, const DueItem& b) {
    if (a.owed != b.owed) return a.owed;
    return a.due < b.due;
  });
  return items;
}

json::Value DueJson(const std::vector<DueItem>& items, std::vector<OwedObligation> obligations,
                    absl::Time now) {
  std::vector<std::pair<absl::Time, json::Object>> owed;
  json::Array upcoming;
  std::string next;
  for (const DueItem& item : items) {
    if (item.owed) {
      owed.emplace_back(item.due, ItemJson(item));
    } else if (item.submission.empty()) {
      if (next.empty()) next = fmt::format("{} for {}", item.feed.str(), item.period.InWords());
      upcoming.push_back(ItemJson(item));
    }
  }
  for (OwedObligation& obligation : obligations)
    owed.emplace_back(obligation.due, std::move(obligation.json));
  std::stable_sort(owed.begin(), owed.end(),
                   [](const auto& left, const auto& right) { return left.first < right.first; });
  std::string message;
  if (!owed.empty()) {
    message = fmt::format("{} owed", owed.size());
  } else if (upcoming.empty()) {
    message = "nothing due: no feed with a schedule is waiting";
  } else {
    message = fmt::format("nothing due until {} ({})", json::TextOr(upcoming.front(), "due", ""), next);
  }
  json::Array list;
  for (auto& [due, item] : owed) list.push_back(std::move(item));
  return json::Object{{"asOf", TimeText(now)},
                      {"message", message},
                      {"owed", std::move(list)},
                      {"upcoming", std::move(upcoming)}};
}

absl::StatusOr<json::Value> DueList(const HostParts& host, const Caller& caller,
                                    const std::optional<PartnerId>& partner) {
  ASSIGN_OR_RETURN(const std::vector<DueItem> items, ListDue(host, partner));
  std::vector<OwedObligation> owed;
  if (caller.administrator || partner == caller.partner) {
    ASSIGN_OR_RETURN(const std::vector<store::Obligation> obligations,
                     host.store->ListObligations({.partner = partner, .state = "open"}));
    for (const store::Obligation& obligation : obligations) {
      ASSIGN_OR_RETURN(json::Object object, ObligationJson(host, obligation, caller));
      owed.push_back({obligation.due, std::move(object)});
    }
    ASSIGN_OR_RETURN(std::vector<OwedObligation> assessments, OwedAssessments(host, partner));
    for (OwedObligation& one : assessments) owed.push_back(std::move(one));
  }
  return DueJson(items, std::move(owed), host.clock->Now());
}

}  // namespace concordat::flows
