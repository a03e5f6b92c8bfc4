#include "host/flows/frozen_history.h"

#include <algorithm>

#include "host/base/clock.h"

namespace concordat::flows {
namespace {

using assess::History;

// To the nanosecond, as the store keeps times.
std::string FullTime(absl::Time time) {
  return absl::FormatTime("%Y-%m-%dT%H:%M:%E*SZ", time, absl::UTCTimeZone());
}

json::Value OptionalTime(const std::optional<absl::Time>& time) {
  return time ? json::Value(FullTime(*time)) : json::Value(nullptr);
}

template <typename T>
json::Value OptionalValue(const std::optional<T>& value) {
  return value ? json::Value(*value) : json::Value(nullptr);
}

json::Array RulesJson(const std::vector<assess::RuleStanding>& rules) {
  json::Array list;
  for (const assess::RuleStanding& rule : rules) {
    list.push_back(json::Object{{"id", rule.id},
                                {"severity", rule.severity},
                                {"status", rule.status},
                                {"enforced", rule.enforced},
                                {"accepted", rule.accepted}});
  }
  return list;
}

json::Object EntryJson(const assess::HistoryEntry& entry) {
  json::Object dimensions;
  for (const auto& [dimension, score] : entry.dimensions) dimensions[dimension] = score;
  json::Object object{{"submission", entry.submission},
                      {"feed", entry.feed},
                      {"dataset", entry.dataset},
                      {"period", entry.period},
                      {"received", FullTime(entry.received)},
                      {"first", entry.first_attempt},
                      {"accepted", entry.accepted},
                      {"clean", entry.clean},
                      {"current", entry.current},
                      {"assurance", entry.assurance},
                      {"dimensions", std::move(dimensions)},
                      {"rules", RulesJson(entry.rules)}};
  object["onTime"] = OptionalValue(entry.on_time);
  object["score"] = OptionalValue(entry.score);
  return object;
}

/// One object of the JSON; what is missing reads as empty.
class Reader {
 public:
  explicit Reader(const json::Value& value) : value_(value) {}

  std::string Text(std::string_view member) const { return json::TextOr(value_, member, ""); }
  bool Flag(std::string_view member) const { return OptionalFlag(member).value_or(false); }
  std::optional<bool> OptionalFlag(std::string_view member) const {
    const json::Value* found = json::Find(value_, member);
    if (found == nullptr || !found->is_bool()) return std::nullopt;
    return found->get_bool();
  }
  std::optional<double> Number(std::string_view member) const {
    const json::Value* found = json::Find(value_, member);
    if (found == nullptr || !found->is_number()) return std::nullopt;
    return found->to_number<double>();
  }
  std::optional<absl::Time> OptionalTime(std::string_view member) const {
    const auto time = ParseTime(Text(member));
    if (!time.ok()) return std::nullopt;
    return *time;
  }
  absl::Time Time(std::string_view member) const { return OptionalTime(member).value_or(absl::UnixEpoch()); }

 private:
  const json::Value& value_;
};

const json::Array& ListOf(const json::Value& value, std::string_view member) {
  static const json::Array none;
  const json::Value* found = json::Find(value, member);
  return found == nullptr || !found->is_array() ? none : found->get_array();
}

std::vector<assess::RuleStanding> RulesOf(const json::Value& value) {
  std::vector<assess::RuleStanding> rules;
  for (const json::Value& one : ListOf(value, "rules")) {
    const Reader rule(one);
    rules.push_back({rule.Text("id"), rule.Text("severity"), rule.Text("status"), rule.Flag("enforced"),
                     rule.Flag("accepted")});
  }
  return rules;
}

assess::HistoryEntry EntryOf(const json::Value& value) {
  const Reader read(value);
  assess::HistoryEntry entry;
  entry.submission = read.Text("submission");
  entry.feed = read.Text("feed");
  entry.dataset = read.Text("dataset");
  entry.period = read.Text("period");
  entry.received = read.Time("received");
  entry.first_attempt = read.Flag("first");
  entry.accepted = read.Flag("accepted");
  entry.clean = read.Flag("clean");
  entry.current = read.Flag("current");
  entry.on_time = read.OptionalFlag("onTime");
  entry.score = read.Number("score");
  entry.assurance = read.Text("assurance");
  entry.rules = RulesOf(value);
  const json::Value* dimensions = json::Find(value, "dimensions");
  if (dimensions == nullptr || !dimensions->is_object()) return entry;
  for (const auto& [name, score] : dimensions->get_object()) {
    if (score.is_number()) entry.dimensions.emplace_back(std::string(name), score.to_number<double>());
  }
  return entry;
}

void ReadRest(const json::Value& value, History& history) {
  for (const json::Value& one : ListOf(value, "periods")) {
    const Reader read(one);
    history.periods.push_back({read.Text("feed"), read.Text("dataset"), read.Text("period"), read.Time("due"),
                               read.OptionalTime("received")});
  }
  for (const json::Value& one : ListOf(value, "tasks")) {
    const Reader read(one);
    history.tasks.push_back(
        {read.Text("kind"), read.Text("id"), read.Time("due"), read.OptionalTime("closed")});
  }
  for (const json::Value& one : ListOf(value, "protocols")) {
    const Reader read(one);
    history.protocols.push_back({read.Text("protocol"), read.Time("lastUsed"), read.Flag("inForce")});
  }
  for (const json::Value& one : ListOf(value, "restores")) {
    const Reader read(one);
    history.restores.push_back({read.Time("time"), read.Flag("restored")});
  }
  const json::Value* log = json::Find(value, "log");
  if (log == nullptr || !log->is_object()) return;
  const Reader read(*log);
  history.log = {read.Time("time"), read.Flag("verified"),
                 static_cast<uint64_t>(read.Number("leaves").value_or(0))};
}

}  // namespace

History HistoryFor(const policy::AssessmentTemplate& form, History history, absl::Time now) {
  double longest = 0;
  for (const policy::AssessmentTheme& theme : form.themes) {
    for (const policy::AssessmentItem& item : theme.items) {
      for (const policy::Measure& measure : item.evidence.measures)
        longest = std::max(longest, measure.window.Seconds());
    }
  }
  if (longest == 0) return {};
  // Months differ in length, so a little more than the longest window.
  const absl::Time since = now - absl::Seconds(longest) - absl::Hours(24 * 10);
  const auto drop = [since](auto& list, auto when) {
    list.erase(std::remove_if(list.begin(), list.end(), [&](const auto& one) { return when(one) < since; }),
               list.end());
  };
  drop(history.entries, [](const assess::HistoryEntry& entry) { return entry.received; });
  drop(history.periods, [](const assess::DuePeriod& period) { return period.due; });
  drop(history.tasks, [](const assess::DueTask& task) { return task.due; });
  return history;
}

json::Value HistoryToJson(const History& history) {
  json::Array entries, periods, tasks, protocols, restores;
  for (const assess::HistoryEntry& entry : history.entries) entries.push_back(EntryJson(entry));
  for (const assess::DuePeriod& period : history.periods) {
    periods.push_back(json::Object{{"feed", period.feed},
                                   {"dataset", period.dataset},
                                   {"period", period.period},
                                   {"due", FullTime(period.due)},
                                   {"received", OptionalTime(period.received)}});
  }
  for (const assess::DueTask& task : history.tasks) {
    tasks.push_back(json::Object{{"kind", task.kind},
                                 {"id", task.id},
                                 {"due", FullTime(task.due)},
                                 {"closed", OptionalTime(task.closed)}});
  }
  for (const assess::UsedProtocol& used : history.protocols) {
    protocols.push_back(json::Object{
        {"protocol", used.protocol}, {"lastUsed", FullTime(used.last_used)}, {"inForce", used.in_force}});
  }
  for (const assess::RestoreTest& test : history.restores)
    restores.push_back(json::Object{{"time", FullTime(test.time)}, {"restored", test.restored}});
  json::Object object{{"entries", std::move(entries)},
                      {"periods", std::move(periods)},
                      {"tasks", std::move(tasks)},
                      {"protocols", std::move(protocols)},
                      {"restores", std::move(restores)}};
  object["log"] = nullptr;
  if (history.log) {
    object["log"] = json::Object{{"time", FullTime(history.log->time)},
                                 {"verified", history.log->verified},
                                 {"leaves", history.log->leaves}};
  }
  return object;
}

absl::StatusOr<History> HistoryFromJson(const json::Value& value) {
  History history;
  if (value.is_null()) return history;  // handed in before it was kept
  if (!value.is_object()) return absl::DataLossError("the history kept with an assessment is damaged");
  for (const json::Value& entry : ListOf(value, "entries")) history.entries.push_back(EntryOf(entry));
  ReadRest(value, history);
  return history;
}

}  // namespace concordat::flows
