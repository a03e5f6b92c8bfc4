#include "host/flows/sign_off.h"

#include <algorithm>
#include <set>

#include "fmt/format.h"
#include "fmt/ranges.h"
#include "host/flows/inbox_names.h"
#include "host/flows/obligations.h"
#include "host/flows/receipts.h"
#include "host/identity/spiffe_id.h"

namespace concordat::flows {
namespace {

std::string InWords(std::string assurance) {
  std::replace(assurance.begin(), assurance.end(), '_', ' ');
  return assurance;
}

// Who sent it, and who sent what it mends.
absl::StatusOr<std::vector<std::string>> SendersOf(const HostParts& host, store::Attempt attempt) {
  std::vector<std::string> senders = {attempt.submitter};
  while (!attempt.mends.empty()) {
    ASSIGN_OR_RETURN(attempt, host.store->Get(SubmissionId(attempt.mends)));
    senders.push_back(attempt.submitter);
  }
  return senders;
}

absl::Status RequirePartner(const Caller& caller, const store::Attempt& attempt, const std::string& what) {
  return caller.administrator ? absl::OkStatus()
                              : RequireRole(caller, attempt.partner, {"steward", "delegate"}, what);
}

store::SignOff StepOf(const HostParts& host, const store::Attempt& attempt, const Caller& caller) {
  store::SignOff step;
  step.submission = attempt.id;
  step.feed = attempt.feed;
  step.partner = attempt.partner;
  step.dataset = attempt.dataset;
  step.period = attempt.period;
  step.by = caller.spiffe_id;
  step.at = host.clock->Now();
  return step;
}

ReceiptDraft DraftOf(const store::SignOff& step, const store::Attempt& attempt) {
  ReceiptDraft draft;
  draft.kind = record::ReceiptKind::kSubmission;
  draft.subject = {{"submission", attempt.id.str()},
                   {"feed", attempt.feed.str()},
                   {"partner", attempt.partner.str()},
                   {"dataset", attempt.dataset.str()},
                   {"period", attempt.period},
                   {"action", step.reopened ? "reopen" : "sign-off"},
                   {"by", step.by},
                   {"submitter", attempt.submitter}};
  if (!step.reopened) draft.subject["assurance"] = step.assurance;
  if (!step.reopened && !step.comment.empty()) draft.subject["comment"] = step.comment;
  draft.digests = {{"data", attempt.source_digest}, {"policy", attempt.policy_digest}};
  draft.decision = step.reopened ? "reopened" : "signed_off";
  draft.reasons = {{draft.decision, step.reopened ? step.comment : InWords(step.assurance)}};
  draft.records = {{"total", attempt.total}, {"accepted", attempt.accepted}};
  draft.partner = attempt.partner;
  draft.summary = fmt::format("{} {} {}: {}", attempt.feed.str(), attempt.period, attempt.id.str(),
                              step.reopened ? "reopened" : "signed off, " + InWords(step.assurance));
  return draft;
}

// On record first: a crash between leaves a receipt of what the next attempt does, never a lock without a
// word.
absl::StatusOr<json::Value> Record(const HostParts& host, store::SignOff step,
                                   const store::Attempt& attempt) {
  ASSIGN_OR_RETURN(step.receipt, IssueReceipt(host, DraftOf(step, attempt)));
  RETURN_IF_ERROR(host.store->AddSignOff(step));
  return step.receipt;
}

absl::Status CheckAssurance(const std::string& assurance) {
  const std::vector<std::string>& words = AssuranceWords();
  if (std::find(words.begin(), words.end(), assurance) != words.end()) return absl::OkStatus();
  return absl::InvalidArgumentError(fmt::format("\"{}\" is no assurance level; {} (one of: {})", assurance,
                                                DidYouMean(assurance, words), fmt::join(words, ", ")));
}

}  // namespace

const std::vector<std::string>& AssuranceWords() {
  static const std::vector<std::string> kWords = {"external_audit", "internal_audit", "random_checks",
                                                  "periodic_checks", "no_checks"};
  return kWords;
}

absl::StatusOr<json::Value> SignOffPeriod(const HostParts& host, const SignOffRequest& request) {
  RETURN_IF_ERROR(CheckAssurance(request.assurance));
  if (!request.comment.empty()) RETURN_IF_ERROR(RequireWords(request.comment, "--comment", ""));
  ASSIGN_OR_RETURN(const store::Attempt named, host.store->Get(request.id));
  RETURN_IF_ERROR(RequireSecondPerson(host, request.caller, named, "sign off " + request.id.str()));
  const Turn turn(*host.turns, named.feed, named.period);
  if (!turn.taken()) return Busy(named, "sign it off");
  RETURN_IF_ERROR(RequireNotSignedOff(host, named.feed, named.period));
  ASSIGN_OR_RETURN(const store::Attempt attempt, host.store->Get(request.id));
  if (attempt.state != "current") {
    return absl::FailedPreconditionError(
        fmt::format("{} is {}; only the current submission of {} {} is signed off", attempt.id.str(),
                    attempt.state, attempt.feed.str(), attempt.period));
  }
  store::SignOff step = StepOf(host, attempt, request.caller);
  step.assurance = request.assurance;
  step.comment = request.comment;
  return Record(host, std::move(step), attempt);
}

absl::StatusOr<json::Value> ReopenPeriod(const HostParts& host, const ReopenRequest& request) {
  ASSIGN_OR_RETURN(const store::Attempt attempt, host.store->Get(request.id));
  const std::string what = "reopen " + request.id.str();
  RETURN_IF_ERROR(RequirePartner(request.caller, attempt, what));
  RETURN_IF_ERROR(RequireWords(request.reason, "--reason", "why it is opened again"));
  const Turn turn(*host.turns, attempt.feed, attempt.period);
  if (!turn.taken()) return Busy(attempt, "reopen it");
  ASSIGN_OR_RETURN(const std::optional<store::SignOff> standing,
                   host.store->StandingSignOff(attempt.feed, attempt.period));
  if (!standing || standing->submission != attempt.id) {
    return absl::FailedPreconditionError(
        fmt::format("{} {} is not signed off with {}{}", attempt.feed.str(), attempt.period, attempt.id.str(),
                    standing ? fmt::format(" but with {}; reopen that", standing->submission.str())
                             : ": there is nothing to reopen"));
  }
  if (IsSamePerson(request.caller, standing->by)) {
    return absl::PermissionDeniedError(fmt::format("{}: {} signed it off; somebody else of {} must reopen it",
                                                   what, identity::PersonInWords(standing->by),
                                                   attempt.partner.str()));
  }
  store::SignOff step = StepOf(host, attempt, request.caller);
  step.reopened = true;
  step.comment = request.reason;
  return Record(host, std::move(step), attempt);
}

absl::Status RequireNotSignedOff(const HostParts& host, const FeedId& feed, const std::string& period) {
  ASSIGN_OR_RETURN(const std::optional<store::SignOff> standing, host.store->StandingSignOff(feed, period));
  if (!standing) return absl::OkStatus();
  return absl::FailedPreconditionError(
      fmt::format("{} {} is signed off: {} answered for {} on {} ({}), so it is locked. If it must change, "
                  "somebody of the partner "
                  "other than they reopens it first: concordat submission reopen {} --reason \"...\"",
                  feed.str(), period, identity::PersonInWords(standing->by), standing->submission.str(),
                  TimeText(standing->at), InWords(standing->assurance), standing->submission.str()));
}

absl::Status RequireNoneSignedOff(const HostParts& host, const FeedId& feed, const policy::Period& period) {
  store::SubmissionStore::Filter of_feed;
  of_feed.feed = feed;
  of_feed.touching = {period.from, period.to};
  of_feed.brief = true;
  ASSIGN_OR_RETURN(const std::vector<store::Attempt> attempts, host.store->List(of_feed));
  const std::shared_ptr<const LoadedPolicies> policies = host.policies->Get();
  const policy::Partnership& partnership = policies->set->partnership;
  std::set<std::string> periods = {period.id};
  for (const store::Attempt& attempt : attempts) {
    const auto sent =
        policy::ParsePeriod(attempt.period, partnership.year_start_month, partnership.year_start_day);
    // The store also names those whose days it does not know.
    if (sent.ok() && sent->from <= period.to && period.from <= sent->to) periods.insert(attempt.period);
  }
  for (const std::string& one : periods) RETURN_IF_ERROR(RequireNotSignedOff(host, feed, one));
  return absl::OkStatus();
}

absl::Status Busy(const store::Attempt& attempt, std::string_view what) {
  return absl::AbortedError(fmt::format("a submission for {} {} is under way; wait for its result, then {}",
                                        attempt.feed.str(), attempt.period, what));
}

absl::Status RequireSecondPerson(const HostParts& host, const Caller& caller, const store::Attempt& attempt,
                                 const std::string& what) {
  RETURN_IF_ERROR(RequirePartner(caller, attempt, what));
  ASSIGN_OR_RETURN(const std::vector<std::string> senders, SendersOf(host, attempt));
  for (const std::string& sender : senders) {
    // Who put a file into a folder is not known, and stewards do: none of them can be said to be somebody
    // else.
    if (sender.starts_with(kInboxSender) && caller.role == "steward" && !caller.administrator) {
      return absl::PermissionDeniedError(fmt::format(
          "{}: nobody approves their own, and it came through an inbox folder, where any steward of {} may "
          "have put it; a delegate of {} can, or the host's administrator",
          what, attempt.partner.str(), attempt.partner.str()));
    }
    if (!IsSamePerson(caller, sender)) continue;
    return absl::PermissionDeniedError(fmt::format(
        "{}: nobody approves their own, and it was sent by {}; somebody else of {} with role steward or "
        "delegate can, or the host's administrator",
        what, identity::PersonInWords(sender), attempt.partner.str()));
  }
  return absl::OkStatus();
}

absl::StatusOr<std::optional<store::SignOff>> SignOffOf(const HostParts& host,
                                                        const store::Attempt& attempt) {
  ASSIGN_OR_RETURN(std::optional<store::SignOff> standing,
                   host.store->StandingSignOff(attempt.feed, attempt.period));
  if (standing && standing->submission != attempt.id) standing.reset();
  return standing;
}

json::Object SignOffJson(const store::SignOff& sign_off) {
  return {{"by", sign_off.by},
          {"at", TimeText(sign_off.at)},
          {"assurance", sign_off.reopened ? json::Value(nullptr) : json::Value(sign_off.assurance)},
          {"comment", sign_off.comment},
          {"receipt", json::TextOr(sign_off.receipt, "id", "")}};
}

absl::StatusOr<json::Array> SignOffHistory(const HostParts& host, const SubmissionId& id) {
  ASSIGN_OR_RETURN(const std::vector<store::SignOff> steps, host.store->SignOffs({.submission = id}));
  json::Array history;
  for (const store::SignOff& step : steps) {
    json::Object entry = SignOffJson(step);
    entry["action"] = step.reopened ? "reopened" : "signed_off";
    history.push_back(std::move(entry));
  }
  return history;
}

}  // namespace concordat::flows
