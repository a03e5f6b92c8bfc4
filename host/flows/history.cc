#include "host/flows/history.h"

#include "host/flows/in_force.h"

namespace concordat::flows {
namespace {

std::map<std::string, double> FiguresOf(const json::Value& result) {
  std::map<std::string, double> figures;
  const json::Value* const rules = json::Find(result, "rules");
  if (rules == nullptr || !rules->is_array()) return figures;
  for (const json::Value& rule : rules->as_array()) {
    const json::Value* const figure = json::Find(rule, "figure");
    if (figure != nullptr && figure->is_number())
      figures[json::TextOr(rule, "id", "")] = figure->to_number<double>();
  }
  return figures;
}

}  // namespace

absl::StatusOr<std::optional<quality::PreviousSubmission>> PreviousSubmissionOf(
    const store::SubmissionStore& store, const policy::Partnership& partnership, const FeedId& feed,
    const policy::Period& period, std::optional<absl::Time> at) {
  ASSIGN_OR_RETURN(const std::vector<store::Attempt> attempts, InForce(store, {.feed = feed}, at));
  std::optional<policy::Period> newest;
  SubmissionId newest_id;
  for (const store::Attempt& attempt : attempts) {
    // A period in an earlier way of writing tells nothing.
    const absl::StatusOr<policy::Period> other =
        policy::ParsePeriod(attempt.period, partnership.year_start_month, partnership.year_start_day);
    if (!other.ok() || other->to >= period.from || (newest && newest->to >= other->to)) continue;
    newest = *other;
    newest_id = attempt.id;
  }
  if (!newest) return std::nullopt;
  ASSIGN_OR_RETURN(const store::Attempt attempt, store.Get(newest_id));
  return quality::PreviousSubmission{*newest, attempt.accepted, FiguresOf(attempt.result)};
}

}  // namespace concordat::flows
