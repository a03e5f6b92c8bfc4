#include "host/flows/disputes.h"

#include <algorithm>
#include <limits>
#include <optional>

#include "fmt/format.h"
#include "fmt/ranges.h"
#include "host/flows/obligation_secret.h"
#include "host/flows/obligations.h"
#include "host/flows/receipts.h"
#include "host/flows/record_holders.h"

namespace concordat::flows {
namespace {

constexpr absl::Duration kTimeToAnswer = absl::Hours(24 * 14);

// The record in doubt: where it stands and under what key its supplier knows it.
struct Doubted {
  store::StoredReceipt disclosure;
  store::Attempt attempt;
  std::string key;
};

absl::StatusOr<std::vector<store::StoredReceipt>> DisclosuresTo(const HostParts& host,
                                                                const DisputeRequest& request) {
  ASSIGN_OR_RETURN(const std::vector<store::StoredReceipt> receipts,
                   host.store->ListReceipts(request.caller.partner, std::numeric_limits<int32_t>::max()));
  std::vector<store::StoredReceipt> disclosures;
  for (const store::StoredReceipt& receipt : receipts) {
    if (receipt.kind != "disclosure" || SubjectText(receipt.receipt, "dataset") != request.dataset.str())
      continue;
    if (request.disclosure.empty() || receipt.id == request.disclosure.str()) disclosures.push_back(receipt);
  }
  std::reverse(disclosures.begin(), disclosures.end());  // newest first
  return disclosures;
}

// Searches a submission once for every way in which it was shown.
class Search {
 public:
  Search(const HostParts& host, const DisputeRequest& request, RecordFinder finder)
      : host_(host), request_(request), finder_(std::move(finder)) {}

  absl::StatusOr<std::optional<Doubted>> In(const store::StoredReceipt& disclosure) {
    const auto released = ReleasedKey::Of(host_, disclosure.receipt, finder_.key_fields());
    if (!released.ok()) {
      why_not_ = std::string(MessageOf(released.status()));
      return std::nullopt;
    }
    for (const SubmissionId& submission : SubmissionsOf(disclosure.receipt)) {
      ASSIGN_OR_RETURN(const std::optional<std::string> key, KeyIn(submission, *released));
      if (!key) continue;
      ASSIGN_OR_RETURN(const bool gave, GaveAway(host_, ReceiptId(disclosure.id), request_.dataset, *key));
      if (!gave) continue;
      ASSIGN_OR_RETURN(store::Attempt attempt, host_.store->Get(submission));
      return Doubted{disclosure, std::move(attempt), *key};
    }
    return std::nullopt;
  }
  const std::string& why_not() const { return why_not_; }

 private:
  absl::StatusOr<std::optional<std::string>> KeyIn(const SubmissionId& submission,
                                                   const ReleasedKey& released) {
    const auto place = std::pair(submission, released.form());
    if (const auto known = keys_.find(place); known != keys_.end()) return known->second;
    ASSIGN_OR_RETURN(const std::optional<KeyCells> cells,
                     finder_.Find(submission, [&](const KeyCells& candidate) {
                       return released.Shown(candidate) == request_.key;
                     }));
    const auto key = cells ? std::optional(RecordKey(*cells)) : std::nullopt;
    keys_.emplace(place, key);
    return key;
  }

  const HostParts& host_;
  const DisputeRequest& request_;
  const RecordFinder finder_;
  std::map<std::pair<SubmissionId, std::string>, std::optional<std::string>> keys_;
  std::string why_not_;
};

absl::StatusOr<Doubted> FindRecord(const HostParts& host, const DisputeRequest& request) {
  ASSIGN_OR_RETURN(RecordFinder finder, RecordFinder::Create(host, request.dataset));
  ASSIGN_OR_RETURN(const std::vector<store::StoredReceipt> disclosures, DisclosuresTo(host, request));
  Search search(host, request, std::move(finder));
  for (const store::StoredReceipt& disclosure : disclosures) {
    ASSIGN_OR_RETURN(std::optional<Doubted> doubted, search.In(disclosure));
    if (doubted) return *std::move(doubted);
  }
  const std::string where =
      request.disclosure.empty()
          ? fmt::format("no disclosure of {}", request.dataset.str())
          : fmt::format("{} is no disclosure of {} that", request.disclosure.str(), request.dataset.str());
  return absl::PermissionDeniedError(fmt::format(
      "{} holds that record for {}: a record can be disputed by who received it; give its key as it stands "
      "in "
      "the rows you got{}",
      where, request.caller.partner.str(), search.why_not().empty() ? "" : " (" + search.why_not() + ")"));
}

absl::Status RequireReleased(const Doubted& doubted, const std::string& field) {
  std::vector<std::string> names;
  const json::Value* const subject = json::Find(doubted.disclosure.receipt, "subject");
  const json::Value* const fields = subject == nullptr ? nullptr : json::Find(*subject, "fields");
  if (fields != nullptr && fields->is_array()) {
    for (const json::Value& entry : fields->get_array()) names.push_back(json::TextOr(entry, "field", ""));
  }
  if (std::find(names.begin(), names.end(), field) != names.end()) return absl::OkStatus();
  return absl::InvalidArgumentError(fmt::format("{} released no field \"{}\"; it released {}",
                                                doubted.disclosure.id, field, fmt::join(names, ", ")));
}

absl::Status RequireNew(const HostParts& host, const DisputeRequest& request, const std::string& token) {
  ASSIGN_OR_RETURN(const std::vector<store::Obligation> open,
                   host.store->ListObligations({.asked_by = request.caller.partner,
                                                .dataset = request.dataset,
                                                .kind = "dispute",
                                                .state = "open"}));
  for (const store::Obligation& obligation : open) {
    if (obligation.record_token != token || obligation.field != request.field) continue;
    return absl::AlreadyExistsError(fmt::format("{} doubts that field of that record already: {} is due {}",
                                                request.caller.partner.str(), obligation.id,
                                                TimeText(obligation.due).substr(0, 10)));
  }
  return absl::OkStatus();
}

store::Obligation ObligationOf(const HostParts& host, const DisputeRequest& request, const Doubted& doubted,
                               std::string token) {
  store::Obligation obligation;
  obligation.id = NewRandomId("O-");
  obligation.kind = "dispute";
  obligation.partner = doubted.attempt.partner;
  obligation.role = "steward";
  obligation.asked_by = request.caller.partner;
  obligation.asker = request.caller.spiffe_id;
  obligation.dataset = request.dataset;
  obligation.protocol = ProtocolId(SubjectText(doubted.disclosure.receipt, "protocol"));
  obligation.disclosure = doubted.disclosure.id;
  obligation.submission = doubted.attempt.id.str();
  obligation.record_token = std::move(token);
  obligation.field = request.field;
  obligation.label = doubted.key;
  obligation.reason = request.reason;
  obligation.due = host.clock->Now() + kTimeToAnswer;
  obligation.receipts = {doubted.disclosure.id};
  return obligation;
}

ReceiptDraft DraftOf(const HostParts& host, const DisputeRequest& request,
                     const store::Obligation& obligation) {
  ReceiptDraft draft;
  draft.subject = {{"action", "dispute"},
                   {"obligation", obligation.id},
                   {"dataset", obligation.dataset.str()},
                   {"protocol", obligation.protocol.str()},
                   {"disclosure", obligation.disclosure},
                   {"submission", obligation.submission},
                   {"field", obligation.field},
                   {"record", obligation.record_token},
                   {"partner", request.caller.partner.str()},
                   {"supplier", obligation.partner.str()},
                   {"user", request.caller.spiffe_id}};
  draft.digests = {{"policy", host.policies->Get()->set->digest}};
  draft.decision = "disputed";
  draft.reasons = {{"dispute", "a record is in doubt; the reason is with its supplier"}};
  draft.partner = request.caller.partner;
  draft.summary = fmt::format("dispute {} of a record of {}", obligation.field, obligation.dataset.str());
  return draft;
}

absl::StatusOr<json::Value> DisputeInTurn(const HostParts& host, const DisputeRequest& request) {
  ASSIGN_OR_RETURN(const Doubted doubted, FindRecord(host, request));
  RETURN_IF_ERROR(RequireReleased(doubted, request.field));
  ASSIGN_OR_RETURN(const ObligationSecret secret, ObligationSecret::Of(host));
  std::string token = secret.RecordToken(request.dataset, doubted.key);
  RETURN_IF_ERROR(RequireNew(host, request, token));
  store::Obligation obligation = ObligationOf(host, request, doubted, std::move(token));
  ASSIGN_OR_RETURN(json::Value receipt, IssueReceipt(host, DraftOf(host, request, obligation)));
  obligation.receipts.push_back(json::TextOr(receipt, "id", ""));
  RETURN_IF_ERROR(Owe(host, {obligation}).status());
  const std::string due = TimeText(obligation.due).substr(0, 10);
  return json::Object{
      {"id", obligation.id},
      {"dataset", obligation.dataset.str()},
      {"field", obligation.field},
      {"disclosure", obligation.disclosure},
      {"supplier", obligation.partner.str()},
      {"due", due},
      {"message", fmt::format("{} was told and answers by {}", obligation.partner.str(), due)},
      {"receipt", std::move(receipt)}};
}

std::optional<double> MeasuredAccuracy(const store::Attempt& attempt) {
  const json::Value* const dimensions = json::Find(attempt.result, "dimensions");
  if (dimensions == nullptr || !dimensions->is_array()) return std::nullopt;
  for (const json::Value& dimension : dimensions->get_array()) {
    const json::Value* const score = json::Find(dimension, "score");
    if (json::TextOr(dimension, "dimension", "") == "accuracy" && score != nullptr && score->is_number())
      return score->to_number<double>();
  }
  return std::nullopt;
}

void Count(const store::Obligation& dispute, DisputeCounts& counts) {
  if (dispute.state == "open") {
    ++counts.open;
  } else if (dispute.outcome == "upheld") {
    ++counts.upheld;
  } else {
    ++counts.rejected;
    return;
  }
  counts.records.insert(dispute.record_token);
}

// Superseded by the attempt, directly or by way of others: the same feed and period.
absl::StatusOr<bool> IsBefore(const HostParts& host, const std::string& earlier,
                              const store::Attempt& attempt) {
  const absl::StatusOr<store::Attempt> other = host.store->Get(SubmissionId(earlier));
  if (absl::IsNotFound(other.status())) return false;
  RETURN_IF_ERROR(other.status());
  return other->state == "superseded" && other->feed == attempt.feed && other->period == attempt.period;
}

double Accuracy(const DisputeCounts& counts, uint64_t accepted, std::optional<double> measured) {
  const double most = measured.value_or(100.0);
  if (accepted == 0) return most;
  const uint64_t doubted = std::min<uint64_t>(counts.records.size(), accepted);
  return std::min(most, 100.0 * static_cast<double>(accepted - doubted) / static_cast<double>(accepted));
}

}  // namespace

absl::StatusOr<json::Value> Dispute(const HostParts& host, const DisputeRequest& request) {
  RETURN_IF_ERROR(RequireRole(request.caller, request.caller.partner, {"steward", "analyst"},
                              "dispute a record of " + request.dataset.str()));
  RETURN_IF_ERROR(RequireWords(request.reason, "--reason", "what is wrong with it"));
  if (request.key.empty() || request.field.empty())
    return absl::InvalidArgumentError(
        "name the record and what of it is in doubt: --record KEY --field FIELD");
  const std::string turn = fmt::format("dispute {} {}", request.caller.partner.str(), request.dataset.str());
  if (!host.turns->TryTake(turn)) {
    return absl::AbortedError(fmt::format("another dispute of {} by {} is being filed just now; try again",
                                          request.dataset.str(), request.caller.partner.str()));
  }
  absl::StatusOr<json::Value> outcome = DisputeInTurn(host, request);
  host.turns->Return(turn);
  return outcome;
}

absl::StatusOr<DisputeCounts> DisputesOf(const HostParts& host, const store::Attempt& attempt) {
  ASSIGN_OR_RETURN(const std::vector<store::Obligation> disputes,
                   host.store->ListObligations({.dataset = attempt.dataset, .kind = "dispute"}));
  DisputeCounts counts;
  std::map<std::string, bool> before;  // of other submissions
  for (const store::Obligation& dispute : disputes) {
    if (dispute.submission == attempt.id.str()) {
      Count(dispute, counts);
      continue;
    }
    if (attempt.state != "current" || dispute.state != "open") continue;
    auto known = before.find(dispute.submission);
    if (known == before.end()) {
      ASSIGN_OR_RETURN(const bool is_before, IsBefore(host, dispute.submission, attempt));
      known = before.emplace(dispute.submission, is_before).first;
    }
    if (known->second) Count(dispute, counts);
  }
  return counts;
}

absl::StatusOr<json::Object> DisputesJson(const HostParts& host, const store::Attempt& attempt) {
  ASSIGN_OR_RETURN(const DisputeCounts counts, DisputesOf(host, attempt));
  json::Object object{{"open", counts.open}, {"upheld", counts.upheld}, {"rejected", counts.rejected}};
  if (!counts.records.empty())
    object["accuracy"] = Accuracy(counts, attempt.accepted, MeasuredAccuracy(attempt));
  return object;
}

absl::StatusOr<double> AccuracyAfterDisputes(const HostParts& host, const store::Attempt& attempt) {
  ASSIGN_OR_RETURN(const DisputeCounts counts, DisputesOf(host, attempt));
  return Accuracy(counts, attempt.accepted, MeasuredAccuracy(attempt));
}

absl::StatusOr<double> AccuracyAfterDisputes(const HostParts& host, const DatasetId& dataset) {
  store::SubmissionStore::Filter filter;
  filter.dataset = dataset;
  filter.current_only = true;
  ASSIGN_OR_RETURN(const std::vector<store::Attempt> attempts, host.store->List(filter));
  uint64_t accepted = 0, doubted = 0, measured_records = 0;
  double measured_sum = 0;
  for (const store::Attempt& attempt : attempts) {
    ASSIGN_OR_RETURN(const DisputeCounts counts, DisputesOf(host, attempt));
    accepted += attempt.accepted;
    doubted += std::min<uint64_t>(counts.records.size(), attempt.accepted);
    const std::optional<double> measured = MeasuredAccuracy(attempt);
    if (!measured) continue;
    measured_records += attempt.accepted;
    measured_sum += *measured * static_cast<double>(attempt.accepted);
  }
  const double most = measured_records == 0 ? 100.0 : measured_sum / static_cast<double>(measured_records);
  if (accepted == 0) return most;
  return std::min(most, 100.0 * static_cast<double>(accepted - doubted) / static_cast<double>(accepted));
}

absl::Status LowerAccuracy(const HostParts& host, const store::Attempt& attempt,
                           std::map<std::string, double>& scores) {
  const auto measured = scores.find("accuracy");
  if (measured == scores.end()) return absl::OkStatus();
  ASSIGN_OR_RETURN(const double left, AccuracyAfterDisputes(host, attempt));
  measured->second = std::min(measured->second, left);
  return absl::OkStatus();
}

}  // namespace concordat::flows
