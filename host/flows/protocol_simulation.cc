#include "host/flows/protocol_simulation.h"

#include <algorithm>
#include <limits>

#include "fmt/format.h"
#include "host/flows/count_what_flows.h"
#include "host/flows/protocol_document.h"
#include "host/flows/protocol_facts.h"
#include "host/flows/protocol_proposals.h"
#include "host/flows/standing_levels.h"
#include "host/sharing/protocol_state.h"

namespace concordat::flows {
namespace {

using policy::SharingProtocol;

// The set in force with this text in it, whatever version of it is there.
std::shared_ptr<const LoadedPolicies> With(const HostParts& host, const LoadedPolicies& in_force,
                                           const policy::Addition& candidate, Issues& issues) {
  std::vector<policy::Addition> additions;
  for (const auto& [path, text] : in_force.set->additions) {
    if (path != candidate.path) additions.push_back({path, path, text});
  }
  additions.push_back(candidate);
  return LoadPolicies(in_force.set->folder, host.Adapters().get(), issues, additions);
}

const SharingProtocol* Candidate(const policy::PolicySet& set, const std::string& text) {
  Issues ignored;
  const policy::Addition addition = AdditionOf("", text);
  for (const SharingProtocol& protocol : set.protocols) {
    if (protocol.path == addition.path) return &protocol;
  }
  for (const SharingProtocol& protocol : set.protocols) {  // it stands in the folder under another name
    if (addition.path == fmt::format("protocols/{}-{}.yaml", protocol.id.str(), protocol.version))
      return &protocol;
  }
  return nullptr;
}

absl::Status RequireDelegateOrSteward(const Caller& caller) {
  if (caller.administrator) return absl::OkStatus();
  return RequireRole(caller, caller.partner, {"delegate", "steward"}, "simulate a protocol");
}

absl::Status RequireParty(const Caller& caller, const SharingProtocol& protocol) {
  if (caller.administrator) return absl::OkStatus();
  for (const policy::Party& party : protocol.parties) {
    if (party.partner == caller.partner) return absl::OkStatus();
  }
  return absl::PermissionDeniedError(
      fmt::format("{} is no party of {}", caller.partner.str(), protocol.id.str()));
}

// A protocol that begins later is tried on its first day.
absl::Time MomentOf(const SharingProtocol& protocol, absl::Time now) {
  return std::max(now, absl::UnixEpoch() + absl::Hours(24 * protocol.validity.from + 12));
}

// "spiffe://derwent.example/partner/county-council/analyst/alex" -> analyst, alex.
std::pair<std::string, std::string> RoleAndName(const std::string& spiffe) {
  const size_t last = spiffe.rfind('/');
  if (last == std::string::npos) return {"", spiffe};
  const size_t before = spiffe.rfind('/', last - 1);
  if (before == std::string::npos) return {"", spiffe.substr(last + 1)};
  return {spiffe.substr(before + 1, last - before - 1), spiffe.substr(last + 1)};
}

// What was asked for where that is on record, else what was given.
std::vector<std::string> SelectOf(const json::Value& subject) {
  std::vector<std::string> select = TextsAt(subject, "select");
  if (!select.empty()) return select;
  for (const json::Value& field : EntriesAt(subject, "fields"))
    select.push_back(field.is_object() ? TextAt(field, "field") : TextAt(field, ""));
  return select;
}

sharing::AccessRequest RequestOf(const json::Value& subject, absl::Time time) {
  sharing::AccessRequest request;
  request.partner = PartnerId(TextAt(subject, "partner"));
  std::tie(request.role, request.user) = RoleAndName(TextAt(subject, "user"));
  if (const std::string role = TextAt(subject, "role"); !role.empty()) request.role = role;
  request.dataset = DatasetId(TextAt(subject, "dataset"));
  request.protocol = ProtocolId(TextAt(subject, "protocol"));
  request.purpose = TextAt(subject, "purpose");
  request.select = SelectOf(subject);
  request.where = TextAt(subject, "where");
  request.time = time;
  for (const auto& [name, value] : MembersAt(subject, "attributes"))
    request.attributes[name] = expr::Value{TextAt(*value, "")};
  return request;
}

class Simulation {
 public:
  Simulation(const HostParts& host, const LoadedPolicies& policies, const SharingProtocol& protocol)
      : host_(host), policies_(policies), protocol_(protocol), time_(MomentOf(protocol, host.clock->Now())) {
    facts_.signatures = sharing::SignedByAll(*policies.set, protocol, host.clock->Now());
    facts_.agreement.failing_tests = policies.failing_tests;
  }

  absl::StatusOr<json::Array> Shares() {
    ASSIGN_OR_RETURN(const auto levels, host_.facts->Levels(host_, *policies_.set));
    facts_.levels = *levels;
    std::vector<PartnerId> parties;
    for (const policy::Party& party : protocol_.parties) parties.push_back(party.partner);
    const std::vector<SuspendedShare> suspended = SuspendedShares(protocol_, parties, facts_.levels, time_);
    json::Array rows;
    for (const policy::Share& share : protocol_.shares) {
      for (const PartnerId& recipient : share.to) {
        json::Object row{{"share", share.id}, {"dataset", share.dataset.str()}, {"to", recipient.str()}};
        const auto stopped = std::find_if(suspended.begin(), suspended.end(),
                                          [&](const SuspendedShare& one) { return one.share == &share; });
        row["suspended"] = stopped == suspended.end() ? json::Value(nullptr) : json::Value(stopped->message);
        const absl::StatusOr<WhatFlows> flows = CountWhatFlows(host_, policies_, protocol_, share, recipient);
        if (flows.ok()) {
          row["rows"] = flows->rows;
          row["fields"] = flows->fields;
          row["suppressed"] = flows->suppressed;
        } else {
          row["why"] = std::string(MessageOf(flows.status()));
        }
        rows.push_back(std::move(row));
      }
    }
    return rows;
  }

  absl::Status Replay(size_t last, json::Object& report) {
    ASSIGN_OR_RETURN(const std::vector<store::StoredReceipt> receipts, NewestReceipts(last));
    uint64_t requests = 0;
    uint64_t to_permit = 0;
    uint64_t to_deny = 0;
    json::Array changes;
    for (auto receipt = receipts.rbegin(); receipt != receipts.rend() && requests < last; ++receipt) {
      if (!IsRequest(*receipt)) continue;
      ++requests;
      const json::Value& subject = ValueAt(receipt->receipt, "subject");
      ASSIGN_OR_RETURN(const record::Ruling ruling, RuleOn(RequestOf(subject, time_)));
      const std::string before = TextAt(receipt->receipt, "decision");
      const std::string after = ruling.permit ? "permit" : "deny";
      if (before == after) continue;
      ++(ruling.permit ? to_permit : to_deny);
      changes.push_back(json::Object{{"receipt", receipt->id},
                                     {"time", TimeText(receipt->time)},
                                     {"partner", TextAt(subject, "partner")},
                                     {"user", TextAt(subject, "user")},
                                     {"dataset", TextAt(subject, "dataset")},
                                     {"purpose", TextAt(subject, "purpose")},
                                     {"before", before},
                                     {"after", after},
                                     {"clause", ruling.clause},
                                     {"cause", ruling.cause},
                                     {"message", ruling.message}});
    }
    report["requests"] = requests;
    report["toPermit"] = to_permit;
    report["toDeny"] = to_deny;
    report["changes"] = std::move(changes);
    return absl::OkStatus();
  }

  absl::Time time() const { return time_; }

 private:
  // Far enough back that `last` requests are among them, or all there are.
  absl::StatusOr<std::vector<store::StoredReceipt>> NewestReceipts(size_t last) const {
    constexpr size_t kMost = std::numeric_limits<int32_t>::max();
    for (size_t limit = std::min(std::max<size_t>(1000, last), kMost);; limit = std::min(limit * 8, kMost)) {
      ASSIGN_OR_RETURN(std::vector<store::StoredReceipt> receipts,
                       host_.store->ListReceipts(std::nullopt, limit));
      const auto requests = std::count_if(receipts.begin(), receipts.end(),
                                          [&](const auto& receipt) { return IsRequest(receipt); });
      if (receipts.size() < limit || static_cast<size_t>(requests) >= last || limit == kMost) return receipts;
    }
  }

  bool IsRequest(const store::StoredReceipt& receipt) const {
    return (receipt.kind == "disclosure" || receipt.kind == "refusal") &&
           TextAt(receipt.receipt, "subject.protocol") == protocol_.id.str();
  }

  absl::StatusOr<record::Ruling> RuleOn(const sharing::AccessRequest& request) {
    const std::string dataset(request.dataset.str());
    if (!supplied_.contains(dataset)) {
      ASSIGN_OR_RETURN(supplied_[dataset], SuppliedNow(host_, request.dataset));
    }
    facts_.submissions = supplied_[dataset];
    return sharing::Rule(*policies_.set, request, facts_).ruling;
  }

  const HostParts& host_;
  const LoadedPolicies& policies_;
  const SharingProtocol& protocol_;
  const absl::Time time_;
  sharing::Facts facts_;
  std::map<std::string, std::vector<sharing::SubmissionQuality>> supplied_;  // by dataset
};

}  // namespace

absl::StatusOr<json::Value> SimulateProtocol(const HostParts& host, const SimulationRequest& request,
                                             Issues& issues) {
  RETURN_IF_ERROR(RequireDelegateOrSteward(request.caller));
  policy::Addition addition = AdditionOf(request.name, request.text);
  addition.instead = true;
  const auto in_force = host.policies->Get();
  const auto loaded = With(host, *in_force, addition, issues);
  if (loaded == nullptr) return absl::FailedPreconditionError("the protocol has mistakes");
  const SharingProtocol* protocol = Candidate(*loaded->set, request.text);
  if (protocol == nullptr) return absl::FailedPreconditionError("there is no protocol in this file");
  RETURN_IF_ERROR(RequireParty(request.caller, *protocol));
  Simulation simulation(host, *loaded, *protocol);
  ASSIGN_OR_RETURN(json::Array shares, simulation.Shares());
  json::Object report{{"id", protocol->id.str()},
                      {"version", protocol->version},
                      {"digest", protocol->digest},
                      {"at", TimeText(simulation.time())},
                      {"shares", std::move(shares)}};
  RETURN_IF_ERROR(simulation.Replay(request.last, report));
  return report;
}

}  // namespace concordat::flows
