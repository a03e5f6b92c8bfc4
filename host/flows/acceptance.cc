#include "host/flows/acceptance.h"

#include <algorithm>

#include "absl/time/civil_time.h"
#include "fmt/format.h"
#include "host/data/parse.h"
#include "host/flows/obligations.h"
#include "host/flows/receipts.h"
#include "host/flows/sign_off.h"
#include "host/policy/period.h"

namespace concordat::flows {
namespace {

absl::CivilDay Today(absl::Time now) { return absl::ToCivilDay(now, absl::UTCTimeZone()); }

int64_t DaysOf(absl::CivilDay day) {
  return data::DaysFromCivil(static_cast<int>(day.year()), day.month(), day.day());
}

const json::Array& RulesOf(const json::Value& result) {
  static const json::Array kNone;
  const json::Value* rules = json::Find(result, "rules");
  return rules != nullptr && rules->is_array() ? rules->get_array() : kNone;
}

absl::StatusOr<const json::Value*> FindRule(const store::Attempt& attempt, const std::string& id) {
  std::vector<std::string> warned;
  for (const json::Value& rule : RulesOf(attempt.result)) {
    if (json::TextOr(rule, "id", "") == id) return &rule;
    if (IsWarning(rule)) warned.push_back(json::TextOr(rule, "id", ""));
  }
  return absl::NotFoundError(fmt::format("{} has no rule \"{}\"; {}", attempt.id.str(), id,
                                         warned.empty() ? "none warned in it" : DidYouMean(id, warned)));
}

absl::Status CheckWarned(const store::Attempt& attempt, const json::Value& rule) {
  if (IsWarning(rule)) return absl::OkStatus();
  const std::string severity = json::TextOr(rule, "severity", "");
  const std::string id = json::TextOr(rule, "id", "");
  if (severity == "error" || severity == "critical") {
    return absl::FailedPreconditionError(fmt::format(
        "{} is of severity {} in {}: only a warning can be accepted. Mend the records (concordat submission "
        "mend {} FILE) or withdraw it",
        id, severity, attempt.id.str(), attempt.id.str()));
  }
  return absl::FailedPreconditionError(
      fmt::format("{} did not warn in {} (severity {}, {}): there is nothing to accept", id, attempt.id.str(),
                  severity, json::TextOr(rule, "status", "not evaluated")));
}

absl::Status CheckUntil(const std::string& until, absl::Time now) {
  const std::optional<int64_t> day = policy::ParseDay(until);
  const absl::CivilDay today = Today(now);
  const absl::CivilDay latest(today.year() + 1, today.month(), today.day());
  if (day && *day > DaysOf(today) && *day <= DaysOf(latest)) return absl::OkStatus();
  const std::string span =
      fmt::format("a day after today and at most a year away, up to {}", data::DateText(DaysOf(latest)));
  if (!day) {
    return absl::InvalidArgumentError(
        until.empty() ? fmt::format("say until when the warning is accepted: --until, {}", span)
                      : fmt::format("\"{}\" is no day; write --until as 2027-03-31, {}", until, span));
  }
  return absl::InvalidArgumentError(
      fmt::format("until {}: nothing is accepted for ever or for the past; give {}", until, span));
}

store::Acceptance AcceptanceOf(const HostParts& host, const AcceptRequest& request,
                               const store::Attempt& attempt) {
  store::Acceptance acceptance;
  acceptance.submission = attempt.id;
  acceptance.feed = attempt.feed;
  acceptance.partner = attempt.partner;
  acceptance.dataset = attempt.dataset;
  acceptance.period = attempt.period;
  acceptance.rule = request.rule;
  acceptance.reason = request.reason;
  acceptance.by = request.caller.spiffe_id;
  acceptance.at = host.clock->Now();
  acceptance.until = request.until;
  return acceptance;
}

ReceiptDraft DraftOf(const store::Acceptance& acceptance, const store::Attempt& attempt) {
  ReceiptDraft draft;
  draft.kind = record::ReceiptKind::kSubmission;
  draft.subject = {
      {"submission", attempt.id.str()},   {"feed", attempt.feed.str()}, {"partner", attempt.partner.str()},
      {"dataset", attempt.dataset.str()}, {"period", attempt.period},   {"action", "accept-warning"},
      {"rule", acceptance.rule},          {"until", acceptance.until},  {"by", acceptance.by},
      {"submitter", attempt.submitter}};
  draft.digests = {{"data", attempt.source_digest}, {"policy", attempt.policy_digest}};
  draft.decision = "warning_accepted";
  draft.reasons = {{acceptance.rule, acceptance.reason}};
  draft.records = {{"total", attempt.total}, {"accepted", attempt.accepted}};
  draft.partner = attempt.partner;
  draft.summary = fmt::format("{} {} {}: warning {} accepted until {}", attempt.feed.str(), attempt.period,
                              attempt.id.str(), acceptance.rule, acceptance.until);
  return draft;
}

json::Object TermsOf(const store::Acceptance& acceptance) {
  return {{"reason", acceptance.reason},
          {"by", acceptance.by},
          {"at", TimeText(acceptance.at)},
          {"until", acceptance.until}};
}

}  // namespace

absl::StatusOr<json::Value> AcceptWarning(const HostParts& host, const AcceptRequest& request) {
  ASSIGN_OR_RETURN(const store::Attempt attempt, host.store->Get(request.id));
  const std::string what = fmt::format("accept a warning of {}", attempt.id.str());
  RETURN_IF_ERROR(RequireSecondPerson(host, request.caller, attempt, what));
  RETURN_IF_ERROR(RequireWords(request.reason, "--reason", "what explains the warning"));
  if (attempt.state != "current") {
    return absl::FailedPreconditionError(
        fmt::format("{} is {}; warnings are accepted on the current submission of {} {}", attempt.id.str(),
                    attempt.state, attempt.feed.str(), attempt.period));
  }
  ASSIGN_OR_RETURN(const json::Value* rule, FindRule(attempt, request.rule));
  RETURN_IF_ERROR(CheckWarned(attempt, *rule));
  RETURN_IF_ERROR(CheckUntil(request.until, host.clock->Now()));
  store::Acceptance acceptance = AcceptanceOf(host, request, attempt);
  ASSIGN_OR_RETURN(acceptance.receipt, IssueReceipt(host, DraftOf(acceptance, attempt)));
  RETURN_IF_ERROR(host.store->AddAcceptance(acceptance));
  return acceptance.receipt;
}

bool IsWarning(const json::Value& rule) {
  const std::string status = json::TextOr(rule, "status", "");
  const std::string severity = json::TextOr(rule, "severity", "");
  if (json::TextOr(rule, "state", "enforced") == "shadow")
    return false;  // on trial: it counts for nothing yet
  if (severity == "warning") return status == "breached" || status == "warned";
  return severity != "critical" && status == "warned";
}

bool IsExpired(const store::Acceptance& acceptance, absl::Time now) {
  const std::optional<int64_t> until = policy::ParseDay(acceptance.until);
  return !until || DaysOf(Today(now)) > *until;
}

std::map<std::string, store::Acceptance> NewestByRule(const std::vector<store::Acceptance>& acceptances) {
  std::map<std::string, store::Acceptance> newest;
  for (const store::Acceptance& acceptance : acceptances) newest[acceptance.rule] = acceptance;
  return newest;
}

absl::StatusOr<json::Array> AcceptancesJson(const HostParts& host, const SubmissionId& id) {
  ASSIGN_OR_RETURN(const std::vector<store::Acceptance> all, host.store->Acceptances({.submission = id}));
  const absl::Time now = host.clock->Now();
  std::map<std::string, json::Array> earlier;  // by rule, the newest at the end
  for (const store::Acceptance& acceptance : all) earlier[acceptance.rule].push_back(TermsOf(acceptance));
  json::Array list;
  for (const auto& [rule, acceptance] : NewestByRule(all)) {
    json::Object entry = TermsOf(acceptance);
    entry["rule"] = rule;
    entry["expired"] = IsExpired(acceptance, now);
    entry["receipt"] = json::TextOr(acceptance.receipt, "id", "");
    earlier[rule].pop_back();
    entry["earlier"] = std::move(earlier[rule]);
    list.push_back(std::move(entry));
  }
  return list;
}

absl::StatusOr<AcceptanceCounts> AcceptanceCountsOf(const HostParts& host, const store::Attempt& attempt) {
  AcceptanceCounts counts;
  for (const json::Value& rule : RulesOf(attempt.result)) counts.warned += IsWarning(rule) ? 1 : 0;
  ASSIGN_OR_RETURN(const std::vector<store::Acceptance> all,
                   host.store->Acceptances({.submission = attempt.id}));
  const absl::Time now = host.clock->Now();
  for (const auto& [rule, acceptance] : NewestByRule(all))
    ++(IsExpired(acceptance, now) ? counts.expired : counts.standing);
  return counts;
}

}  // namespace concordat::flows
