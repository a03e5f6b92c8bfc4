#include "host/flows/rectify.h"

#include <algorithm>
#include <map>
#include <set>

#include "fmt/format.h"
#include "host/flows/obligation_secret.h"
#include "host/flows/obligations.h"
#include "host/flows/receipts.h"
#include "host/flows/record_holders.h"
#include "host/flows/text_array.h"

namespace concordat::flows {
namespace {

constexpr absl::Duration kTimeToFollow = absl::Hours(24 * 30);

// A correction of one record on its way to the recipients.
struct Correction {
  store::Attempt by;
  KeyCells cells;
  std::string token;
  std::map<std::string, store::StoredReceipt> disclosures;  // by receipt id: of the record as it was before
};

// One recipient's disclosure, told now or before.
struct Told {
  store::Obligation obligation;
  absl::Time disclosed;
  bool again = false;
};

absl::StatusOr<std::vector<store::Attempt>> AcceptedOf(const HostParts& host, const PartnerId& partner,
                                                       const DatasetId& dataset) {
  store::SubmissionStore::Filter filter;
  filter.partner = partner;
  filter.dataset = dataset;
  filter.brief = true;
  ASSIGN_OR_RETURN(std::vector<store::Attempt> attempts, host.store->List(filter));
  attempts.erase(std::remove_if(attempts.begin(), attempts.end(),
                                [](const store::Attempt& attempt) { return attempt.state == "rejected"; }),
                 attempts.end());
  return attempts;
}

bool Corrects(const store::Attempt& attempt) {
  return attempt.state == "current" && !attempt.supersedes.empty();
}

absl::StatusOr<store::Attempt> FindCorrection(const RectifyRequest& request,
                                              const std::vector<store::Attempt>& attempts) {
  for (const store::Attempt& attempt : attempts) {
    const bool meant = request.submission.empty() || attempt.id == request.submission;
    if (meant && Corrects(attempt)) return attempt;
  }
  const std::string what = request.submission.empty()
                               ? "no submission in force of " + request.caller.partner.str()
                               : request.submission.str() + " is no submission in force of " +
                                     request.caller.partner.str() + " that";
  return absl::FailedPreconditionError(
      fmt::format("{} corrects an earlier one of {}: send the corrected data first (concordat submission "
                  "mend ID FILE, or "
                  "concordat submit FILE ... --reason TEXT), then tell the recipients",
                  what, request.dataset.str()));
}

// Disclosures that name the correction hold the corrected record already.
absl::StatusOr<std::vector<store::StoredReceipt>> GivenAwayBefore(const HostParts& host,
                                                                  const SubmissionId& holder,
                                                                  const std::string& key,
                                                                  const store::Attempt& correction) {
  ASSIGN_OR_RETURN(std::vector<store::StoredReceipt> receipts, host.store->DisclosuresOf(holder));
  std::vector<store::StoredReceipt> given;
  for (store::StoredReceipt& receipt : receipts) {
    const std::vector<SubmissionId> named = SubmissionsOf(receipt.receipt);
    if (std::find(named.begin(), named.end(), correction.id) != named.end()) continue;
    if (receipt.partner == correction.partner.str()) continue;
    ASSIGN_OR_RETURN(const bool gave, GaveAway(host, ReceiptId(receipt.id), correction.dataset, key));
    if (gave) given.push_back(std::move(receipt));
  }
  return given;
}

// The rows of a submission are read only where somebody got them, or to tell a wrong key from a lonely one.
absl::StatusOr<Correction> FindHolders(const HostParts& host, const RectifyRequest& request) {
  ASSIGN_OR_RETURN(const RecordFinder finder, RecordFinder::Create(host, request.dataset));
  ASSIGN_OR_RETURN(const std::vector<store::Attempt> attempts,
                   AcceptedOf(host, request.caller.partner, request.dataset));
  Correction correction;
  ASSIGN_OR_RETURN(correction.by, FindCorrection(request, attempts));
  for (const store::Attempt& attempt : attempts) {
    const bool around = attempt.id == correction.by.id || attempt.id.str() == correction.by.supersedes;
    ASSIGN_OR_RETURN(const auto given, GivenAwayBefore(host, attempt.id, request.key, correction.by));
    if (given.empty() && !around) continue;
    ASSIGN_OR_RETURN(const std::optional<KeyCells> cells, finder.FindKey(attempt.id, request.key));
    if (!cells) continue;
    correction.cells = *cells;
    for (const store::StoredReceipt& receipt : given) correction.disclosures.emplace(receipt.id, receipt);
  }
  if (correction.cells.empty()) {
    return absl::NotFoundError(fmt::format(
        "neither {} nor a submission of {} that anybody received holds a record of {} with that key; several "
        "cells of a key are joined by \"|\"",
        correction.by.id.str(), request.caller.partner.str(), request.dataset.str()));
  }
  ASSIGN_OR_RETURN(const ObligationSecret secret, ObligationSecret::Of(host));
  correction.token = secret.RecordToken(request.dataset, request.key);
  return correction;
}

// The key as the recipient knows it, or nothing where its release shows none.
std::string LabelFor(const HostParts& host, const store::StoredReceipt& disclosure,
                     const std::vector<std::string>& key_fields, const KeyCells& cells) {
  const absl::StatusOr<ReleasedKey> released = ReleasedKey::Of(host, disclosure.receipt, key_fields);
  return released.ok() ? released->Shown(cells) : "";
}

store::Obligation RectificationOf(const store::StoredReceipt& disclosure, const store::Attempt& by,
                                  absl::Time now) {
  store::Obligation obligation;
  obligation.kind = "rectification";
  obligation.partner = PartnerId(disclosure.partner);
  obligation.role = "steward";
  obligation.asked_by = by.partner;
  obligation.dataset = by.dataset;
  obligation.protocol = ProtocolId(SubjectText(disclosure.receipt, "protocol"));
  obligation.disclosure = disclosure.id;
  obligation.submission = by.id.str();
  obligation.due = now + kTimeToFollow;
  obligation.receipts = {disclosure.id};
  return obligation;
}

absl::StatusOr<std::vector<Told>> TellAll(const HostParts& host, const RectifyRequest& request,
                                          const Correction& correction) {
  ASSIGN_OR_RETURN(const RecordFinder finder, RecordFinder::Create(host, request.dataset));
  ASSIGN_OR_RETURN(
      const std::vector<store::Obligation> known,
      host.store->ListObligations({.kind = "rectification", .submission = correction.by.id.str()}));
  std::vector<Told> told;
  for (const auto& [id, disclosure] : correction.disclosures) {
    const auto before = std::find_if(known.begin(), known.end(), [&](const store::Obligation& obligation) {
      return obligation.disclosure == disclosure.id && obligation.record_token == correction.token;
    });
    if (before != known.end()) {
      told.push_back({*before, disclosure.time, true});
      continue;
    }
    store::Obligation obligation = RectificationOf(disclosure, correction.by, host.clock->Now());
    obligation.id = NewRandomId("O-");
    obligation.asker = request.caller.spiffe_id;
    obligation.record_token = correction.token;
    obligation.label = LabelFor(host, disclosure, finder.key_fields(), correction.cells);
    obligation.reason = request.reason;
    told.push_back({std::move(obligation), disclosure.time, false});
  }
  return told;
}

// The log says who was told, and names the record by its token alone.
ReceiptDraft DraftOf(const HostParts& host, const RectifyRequest& request, const Correction& correction,
                     const std::vector<Told>& told) {
  ReceiptDraft draft;
  std::vector<std::string> obligations, disclosures;
  for (const Told& one : told) {
    if (one.again) continue;
    obligations.push_back(one.obligation.id);
    disclosures.push_back(one.obligation.disclosure);
  }
  draft.subject = {{"action", "rectify"},
                   {"dataset", request.dataset.str()},
                   {"submission", correction.by.id.str()},
                   {"partner", request.caller.partner.str()},
                   {"user", request.caller.spiffe_id},
                   {"record", correction.token},
                   {"disclosures", TextArray(disclosures)},
                   {"obligations", TextArray(obligations)}};
  draft.digests = {{"policy", host.policies->Get()->set->digest}};
  draft.decision = "rectified";
  draft.reasons = {{"rectification", "a record was corrected; the reason is with those who were told"}};
  draft.records = {{"told", obligations.size()}};
  draft.partner = request.caller.partner;
  draft.summary = fmt::format("rectify a record of {}: {} told", request.dataset.str(), obligations.size());
  return draft;
}

json::Array ToldJson(const std::vector<Told>& told) {
  json::Array list;
  for (const Told& one : told) {
    list.push_back(json::Object{{"id", one.obligation.id},
                                {"partner", one.obligation.partner.str()},
                                {"protocol", one.obligation.protocol.str()},
                                {"time", TimeText(one.disclosed)},
                                {"receipt", one.obligation.disclosure},
                                {"again", one.again}});
  }
  return list;
}

absl::StatusOr<json::Value> RectifyInTurn(const HostParts& host, const RectifyRequest& request) {
  ASSIGN_OR_RETURN(const Correction correction, FindHolders(host, request));
  ASSIGN_OR_RETURN(const std::vector<Told> told, TellAll(host, request, correction));
  ASSIGN_OR_RETURN(json::Value receipt, IssueReceipt(host, DraftOf(host, request, correction, told)));
  std::vector<store::Obligation> added;
  for (const Told& one : told) {
    if (one.again) continue;
    added.push_back(one.obligation);
    added.back().receipts.push_back(json::TextOr(receipt, "id", ""));
  }
  RETURN_IF_ERROR(Owe(host, added).status());
  const std::string message =
      told.empty() ? std::string("nobody received the record before it was corrected: nobody needs telling")
                   : fmt::format("{} told now, {} told before", added.size(), told.size() - added.size());
  return json::Object{{"dataset", request.dataset.str()},
                      {"submission", correction.by.id.str()},
                      {"told", ToldJson(told)},
                      {"due", TimeText(host.clock->Now() + kTimeToFollow).substr(0, 10)},
                      {"message", message},
                      {"receipt", std::move(receipt)}};
}

}  // namespace

absl::StatusOr<json::Value> Rectify(const HostParts& host, const RectifyRequest& request) {
  RETURN_IF_ERROR(RequireRole(request.caller, request.caller.partner, {"steward"},
                              "tell recipients of " + request.dataset.str() + " of a correction"));
  RETURN_IF_ERROR(RequireWords(request.reason, "--reason", "what was wrong and is corrected"));
  if (request.key.empty()) return absl::InvalidArgumentError("name the record by its key: --record KEY");
  const std::string turn = fmt::format("rectify {} {}", request.caller.partner.str(), request.dataset.str());
  if (!host.turns->TryTake(turn)) {
    return absl::AbortedError(
        fmt::format("another correction of {} is being told just now; try again", request.dataset.str()));
  }
  absl::StatusOr<json::Value> outcome = RectifyInTurn(host, request);
  host.turns->Return(turn);
  return outcome;
}

absl::Status OweCorrections(const HostParts& host, const store::Attempt& correction) {
  if (correction.supersedes.empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(const std::vector<store::StoredReceipt> disclosures,
                   host.store->DisclosuresOf(SubmissionId(correction.supersedes)));
  if (disclosures.empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(const std::vector<store::Obligation> known,
                   host.store->ListObligations({.kind = "rectification", .submission = correction.id.str()}));
  std::set<std::string> told;
  for (const store::Obligation& obligation : known) told.insert(obligation.disclosure);
  // The supplier's words are for recipients' terminals only as far as they are plain text.
  const bool plain = RequireWords(correction.reason, "--reason", "why").ok();
  const std::string why = plain ? fmt::format(" ({})", correction.reason) : "";
  std::vector<store::Obligation> added;
  for (const store::StoredReceipt& disclosure : disclosures) {
    if (told.count(disclosure.id) > 0 || disclosure.partner == correction.partner.str()) continue;
    store::Obligation obligation = RectificationOf(disclosure, correction, host.clock->Now());
    obligation.asker = correction.submitter;
    obligation.reason = fmt::format("submission {}, which you hold by {}, was corrected by {}: ask again{}",
                                    correction.supersedes, disclosure.id, correction.id.str(), why);
    obligation.receipts.push_back(json::TextOr(correction.receipt, "id", ""));
    added.push_back(std::move(obligation));
  }
  return Owe(host, std::move(added)).status();
}

}  // namespace concordat::flows
