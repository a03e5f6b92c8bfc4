#include "host/flows/my_catalog.h"

#include <algorithm>

#include "host/flows/protocol_document.h"
#include "host/flows/protocol_facts.h"
#include "host/flows/standing_levels.h"
#include "host/sharing/output_shape.h"
#include "host/sharing/protocol_state.h"

namespace concordat::flows {
namespace {

bool Holds(const std::vector<PartnerId>& partners, const PartnerId& partner) {
  return std::find(partners.begin(), partners.end(), partner) != partners.end();
}

// The newest of the givers' submissions says when; the lowest of each score says how good.
void AddSupply(const policy::Share& share, const std::vector<sharing::SubmissionQuality>& supplied,
               json::Object& row) {
  std::map<std::string, double> lowest;
  std::optional<absl::Time> updated;
  size_t count = 0;
  for (const sharing::SubmissionQuality& submission : supplied) {
    if (!Holds(share.from, submission.partner)) continue;
    ++count;
    updated = std::max(updated.value_or(submission.received), submission.received);
    for (const auto& [what, score] : submission.scores) {
      const auto known = lowest.find(what);
      if (known == lowest.end() || score < known->second) lowest[what] = score;
    }
  }
  row["updated"] = updated ? json::Value(TimeText(*updated)) : json::Value(nullptr);
  if (count == 0) {
    row["quality"] = nullptr;
    return;
  }
  json::Object dimensions;
  for (const auto& [what, score] : lowest) {
    if (what != "score") dimensions[what] = score;
  }
  const auto score = lowest.find("score");
  row["quality"] =
      json::Object{{"score", score == lowest.end() ? json::Value(nullptr) : json::Value(score->second)},
                   {"dimensions", std::move(dimensions)},
                   {"submissions", count}};
}

// As written: the form of a share is "aggregate" where it says so.
std::string FormOf(const policy::PolicySet& set, const policy::SharingProtocol& protocol,
                   const std::string& share) {
  const auto text = set.canonical.find(protocol.path);
  if (text == set.canonical.end()) return "records";
  const absl::StatusOr<json::Value> document = json::Parse(text->second);
  if (!document.ok()) return "records";
  for (const json::Value& candidate : EntriesAt(*document, "shares")) {
    if (TextAt(candidate, "id") == share && !ValueAt(candidate, "aggregate").is_null()) return "aggregate";
  }
  return "records";
}

json::Object RowOf(const policy::PolicySet& set, const policy::SharingProtocol& protocol,
                   const policy::Share& share, const sharing::ProtocolState& state, bool bound) {
  json::Array fields;
  for (const record::ReleasedField& field : sharing::ReleasedForms(share))
    fields.push_back(json::Object{{"field", field.field}, {"form", field.form}});
  json::Array from;
  for (const PartnerId& giver : share.from) from.emplace_back(giver.str());
  const policy::Contract* contract = set.FindDataset(share.dataset).first;
  const bool in_force = state.in_force && bound;
  std::string why = in_force ? "" : state.explanation;
  if (state.in_force && !bound) why = "not yet signed by both this partner and the one that gives";
  return {{"dataset", share.dataset.str()},
          {"title", contract == nullptr ? "" : contract->title},
          {"protocol", protocol.id.str()},
          {"version", protocol.version},
          {"share", share.id},
          {"purpose", protocol.purpose_code},
          {"form", FormOf(set, protocol, share.id)},
          {"fields", std::move(fields)},
          {"from", std::move(from)},
          {"inForce", in_force},
          {"state", state.state},
          {"why", why}};
}

// Agreed and in force, and still nothing flows: because of somebody's level.
json::Value WhySuspended(const policy::Share& share, const sharing::Governing& governing,
                         const std::vector<sharing::StandingLevel>& levels, absl::Time now) {
  if (!governing.state.in_force) return nullptr;
  for (const SuspendedShare& suspended :
       SuspendedShares(*governing.protocol, governing.givers, levels, now)) {
    if (suspended.share == &share) return json::Value("suspended: " + suspended.message);
  }
  return nullptr;
}

}  // namespace

absl::StatusOr<json::Value> MyCatalog(const HostParts& host, const PartnerId& partner) {
  const std::shared_ptr<const LoadedPolicies> policies = host.policies->Get();
  const policy::PolicySet& set = *policies->set;
  ASSIGN_OR_RETURN(const auto levels, host.facts->Levels(host, set));
  std::vector<ProtocolId> seen;
  json::Array rows;
  for (const policy::SharingProtocol& any : set.protocols) {
    if (std::find(seen.begin(), seen.end(), any.id) != seen.end()) continue;
    seen.push_back(any.id);
    ASSIGN_OR_RETURN(const sharing::Facts facts, FactsOfAgreement(host, *policies, any.id));
    for (const policy::SharingProtocol* version : set.FindProtocol(any.id)) {
      for (const policy::Share& share : version->shares) {
        if (!Holds(share.to, partner)) continue;
        const sharing::Governing governing =
            sharing::GoverningVersion(set, any.id, partner, share.dataset, facts, host.clock->Now());
        if (governing.protocol != version) continue;
        const bool bound = std::any_of(share.from.begin(), share.from.end(), [&](const PartnerId& giver) {
          return Holds(governing.givers, giver);
        });
        json::Object row = RowOf(set, *version, share, governing.state, bound);
        if (json::Value why = WhySuspended(share, governing, *levels, host.clock->Now());
            bound && !why.is_null())
          row["why"] = std::move(why);
        ASSIGN_OR_RETURN(const auto supplied, SuppliedNow(host, share.dataset));
        AddSupply(share, supplied, row);
        rows.push_back(std::move(row));
      }
    }
  }
  std::stable_sort(rows.begin(), rows.end(), [](const json::Value& a, const json::Value& b) {
    return json::TextOr(a, "dataset", "") < json::TextOr(b, "dataset", "");
  });
  return rows;
}

}  // namespace concordat::flows
