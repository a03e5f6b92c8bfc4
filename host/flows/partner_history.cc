#include "host/flows/partner_history.h"

namespace concordat::flows {
namespace {

std::optional<double> ScoreOf(const json::Value& value) {
  const json::Value* score = json::Find(value, "score");
  if (score == nullptr || !score->is_number()) return std::nullopt;
  return score->to_number<double>();
}

}  // namespace

assess::HistoryEntry HistoryEntryOf(const store::Attempt& attempt) {
  assess::HistoryEntry entry;
  entry.submission = attempt.id.str();
  entry.feed = attempt.feed.str();
  entry.dataset = attempt.dataset.str();
  entry.period = attempt.period;
  entry.received = attempt.received;
  entry.first_attempt = attempt.number == 1;
  entry.accepted = attempt.verdict != record::Verdict::kReject;
  entry.clean = attempt.verdict == record::Verdict::kAccept;
  entry.current = attempt.state == "current";
  if (attempt.due) entry.on_time = attempt.received <= *attempt.due;
  entry.score = ScoreOf(attempt.result);
  const json::Value* dimensions = json::Find(attempt.result, "dimensions");
  if (dimensions == nullptr || !dimensions->is_array()) return entry;
  for (const json::Value& dimension : dimensions->get_array()) {
    if (const auto score = ScoreOf(dimension))
      entry.dimensions.emplace_back(json::TextOr(dimension, "dimension", ""), *score);
  }
  return entry;
}

absl::StatusOr<assess::History> HistoryOfPartner(const HostParts& host, const PartnerId& partner,
                                                 absl::Time now) {
  store::SubmissionStore::Filter filter;
  filter.partner = partner;
  ASSIGN_OR_RETURN(const std::vector<store::Attempt> attempts, host.store->List(filter));
  assess::History history;
  for (const store::Attempt& attempt : attempts) {
    if (attempt.received <= now) history.entries.push_back(HistoryEntryOf(attempt));
  }
  return history;
}

}  // namespace concordat::flows
