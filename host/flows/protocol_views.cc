#include "host/flows/protocol_views.h"

#include <algorithm>
#include <set>

#include "fmt/format.h"
#include "host/base/clock.h"
#include "host/data/parse.h"
#include "host/flows/protocol_changes.h"
#include "host/flows/protocol_export.h"
#include "host/flows/protocol_facts.h"
#include "host/flows/standing_levels.h"
#include "host/flows/text_array.h"
#include "host/sharing/protocol_state.h"

namespace concordat::flows {
namespace {

using policy::SharingProtocol;

json::Array IdArray(const std::vector<PartnerId>& ids) {
  json::Array array;
  for (const PartnerId& id : ids) array.emplace_back(id.str());
  return array;
}

json::Array PartiesJson(const SharingProtocol& protocol) {
  json::Array parties;
  for (const policy::Party& party : protocol.parties) {
    parties.push_back(json::Object{{"partner", party.partner.str()},
                                   {"role", party.role},
                                   {"gives", party.gives},
                                   {"receives", party.receives}});
  }
  return parties;
}

json::Object ShareJson(const policy::Share& share) {
  json::Array fields;
  for (const policy::FieldDuty& field : share.fields)
    fields.push_back(json::Object{{"field", field.field}, {"form", field.duty}});
  json::Object object{{"id", share.id},
                      {"dataset", share.dataset.str()},
                      {"from", IdArray(share.from)},
                      {"to", IdArray(share.to)},
                      {"fields", std::move(fields)}};
  if (!share.rows.empty()) object["rows"] = share.rows;
  if (!share.when.empty()) object["when"] = share.when;
  if (share.quality) {
    json::Object minimum;
    for (const auto& [what, least] : share.quality->minimum) minimum[what] = least;
    if (share.quality->max_age) minimum["max_age"] = share.quality->max_age->text;
    if (const auto& needed = share.quality->assessment) {
      json::Object level{{"template", needed->template_id}, {"minimum", needed->minimum}};
      if (needed->max_age) level["max_age"] = needed->max_age->text;
      minimum["assessment"] = std::move(level);
    }
    minimum["on_fail"] = share.quality->refuse ? "refuse" : "caveat";
    object["quality"] = std::move(minimum);
  }
  return object;
}

json::Object ValidityJson(const policy::Validity& validity) {
  return {{"from", data::DateText(validity.from)},
          {"until", data::DateText(validity.until)},
          {"review", data::DateText(validity.review)}};
}

// Only the signatures of this very document count; older ones are history.
json::Array SignaturesJson(const std::vector<sharing::Signature>& signatures,
                           const SharingProtocol& protocol) {
  json::Array array;
  for (const sharing::Signature& signature : signatures) {
    if (signature.version != protocol.version) continue;
    array.push_back(json::Object{{"partner", signature.partner.str()},
                                 {"name", signature.name},
                                 {"post", signature.post},
                                 {"authority", signature.authority},
                                 {"time", TimeText(signature.time)},
                                 {"signer", signature.signer},
                                 {"digest", signature.digest},
                                 {"current", signature.digest == protocol.digest},
                                 {"revoked", signature.revoked}});
  }
  return array;
}

// The newest version that each party stands by.
json::Array AdoptedJson(const SharingProtocol& protocol, const std::vector<sharing::VersionState>& life) {
  json::Array array;
  for (const policy::Party& party : protocol.parties) {
    json::Value version = nullptr;
    for (const sharing::VersionState& candidate : life) {
      const auto& by = candidate.state.adopted_by;
      if (std::find(by.begin(), by.end(), party.partner) == by.end()) continue;
      version = candidate.protocol->version;
      break;
    }
    array.push_back(json::Object{{"partner", party.partner.str()},
                                 {"version", std::move(version)},
                                 {"mustSign", protocol.signatures == "each" || party.role == "controller"}});
  }
  return array;
}

json::Array RejectionsJson(const std::vector<sharing::Rejection>& rejections) {
  json::Array array;
  for (const sharing::Rejection& rejection : rejections) {
    array.push_back(json::Object{{"partner", rejection.partner.str()},
                                 {"version", rejection.version},
                                 {"reason", rejection.reason},
                                 {"signer", rejection.signer},
                                 {"time", TimeText(rejection.time)}});
  }
  return array;
}

json::Array DriftJson(const std::vector<sharing::ContractDrift>& drifts) {
  json::Array array;
  for (const sharing::ContractDrift& drift : drifts) {
    array.push_back(json::Object{{"dataset", drift.dataset},
                                 {"partner", drift.partner.str()},
                                 {"signed", TimeText(drift.signed_at)},
                                 {"before", drift.before},
                                 {"now", drift.now},
                                 {"breaking", drift.breaking},
                                 {"message", drift.words}});
  }
  return array;
}

json::Object TestsJson(const SharingProtocol& protocol, const sharing::ProtocolState& state) {
  const std::string outcome =
      protocol.tests.empty() ? "none" : (state.failing_tests.empty() ? "pass" : "fail");
  return {
      {"state", outcome}, {"files", TextArray(protocol.tests)}, {"failures", TextArray(state.failing_tests)}};
}

std::string StateWord(const policy::PolicySet& set, const sharing::VersionState& version) {
  if (version.state.state == "draft" && set.additions.contains(version.protocol->path)) return "proposed";
  return version.state.state;
}

json::Array VersionsJson(const policy::PolicySet& set, const std::vector<sharing::VersionState>& life) {
  json::Array array;
  for (const sharing::VersionState& version : life) {
    array.push_back(json::Object{{"version", version.protocol->version},
                                 {"state", StateWord(set, version)},
                                 {"inForce", version.state.in_force},
                                 {"explanation", version.state.explanation}});
  }
  return array;
}

/// Everything about one protocol id at one moment.
struct Life {
  std::vector<sharing::VersionState> versions;
  sharing::Facts facts;
  absl::Time now;
};

absl::StatusOr<Life> LifeOf(const HostParts& host, const LoadedPolicies& policies, const ProtocolId& id) {
  Life life;
  ASSIGN_OR_RETURN(life.facts, FactsOfAgreement(host, policies, id));
  ASSIGN_OR_RETURN(const auto levels, host.facts->Levels(host, *policies.set));
  life.facts.levels = *levels;
  life.now = host.clock->Now();
  life.versions = sharing::LifeOf(*policies.set, id, life.facts, life.now);
  return life;
}

// Shares that are agreed, and through which nothing flows until a partner's level is good again.
json::Array SuspendedJson(const sharing::VersionState& version,
                          const std::vector<sharing::StandingLevel>& levels, absl::Time now) {
  json::Array array;
  for (const SuspendedShare& suspended : SuspendedShares(version, levels, now)) {
    array.push_back(json::Object{{"share", suspended.share->id},
                                 {"dataset", suspended.share->dataset.str()},
                                 {"to", IdArray(suspended.share->to)},
                                 {"cause", suspended.cause},
                                 {"message", suspended.message},
                                 {"mend", suspended.mend}});
  }
  return array;
}

json::Object StatusJson(const policy::PolicySet& set, const sharing::VersionState& version,
                        const Life& life) {
  const SharingProtocol& protocol = *version.protocol;
  const sharing::ProtocolState& state = version.state;
  json::Object object{{"id", protocol.id.str()},
                      {"version", protocol.version},
                      {"title", protocol.title},
                      {"state", StateWord(set, version)},
                      {"inForce", state.in_force},
                      {"explanation", state.explanation},
                      {"digest", protocol.digest},
                      {"quorum", protocol.signatures},
                      {"validity", ValidityJson(protocol.validity)},
                      {"missing", IdArray(state.missing)},
                      {"adopted", AdoptedJson(protocol, life.versions)},
                      {"signatures", SignaturesJson(life.facts.signatures, protocol)},
                      {"rejections", RejectionsJson(state.rejections)},
                      {"drift", DriftJson(state.drift)},
                      {"tests", TestsJson(protocol, state)},
                      {"suspended", SuspendedJson(version, life.facts.levels, life.now)},
                      {"versions", VersionsJson(set, life.versions)}};
  object["daysToReview"] = state.days_to_review ? json::Value(*state.days_to_review) : json::Value(nullptr);
  return object;
}

std::vector<ProtocolId> IdsOf(const policy::PolicySet& set) {
  std::vector<ProtocolId> ids;
  for (const SharingProtocol& protocol : set.protocols) {
    if (std::find(ids.begin(), ids.end(), protocol.id) == ids.end()) ids.push_back(protocol.id);
  }
  return ids;
}

// Against the text that the caller's partner signed last, whatever became of it since.
absl::StatusOr<json::Value> ChangesFor(const HostParts& host, const Caller& caller,
                                       const SharingProtocol& protocol, const json::Value& document) {
  ASSIGN_OR_RETURN(const std::vector<sharing::Signature> signatures, SignaturesOf(host, protocol.id));
  const sharing::Signature* last = nullptr;
  for (const sharing::Signature& signature : signatures) {
    if (signature.partner == caller.partner) last = &signature;
  }
  if (last == nullptr) return json::Value(nullptr);
  const absl::StatusOr<std::string> text = host.store->SignedDocument(last->digest);
  if (absl::IsNotFound(text.status())) return json::Value(nullptr);  // signed before texts were kept
  RETURN_IF_ERROR(text.status());
  ASSIGN_OR_RETURN(const json::Value before, json::Parse(*text));
  return json::Object{{"since", last->version},
                      {"digest", last->digest},
                      {"signed", TimeText(last->time)},
                      {"list", TextArray(ChangesInWords(before, document))}};
}

}  // namespace

absl::StatusOr<const SharingProtocol*> FindVersion(const policy::PolicySet& set, const ProtocolId& id,
                                                   const std::string& version) {
  const std::vector<const SharingProtocol*> versions = set.FindProtocol(id);
  if (versions.empty()) {
    std::vector<std::string> ids;
    for (const SharingProtocol& known : set.protocols) ids.push_back(known.id.str());
    return absl::NotFoundError(
        fmt::format("there is no protocol \"{}\"; {}", id.str(), DidYouMean(id.str(), ids)));
  }
  if (version.empty()) return versions.front();
  for (const SharingProtocol* protocol : versions) {
    if (protocol->version == version) return protocol;
  }
  return absl::NotFoundError(fmt::format("protocol {} has no version {}; the newest is {}", id.str(), version,
                                         versions.front()->version));
}

absl::StatusOr<json::Value> ListProtocols(const HostParts& host) {
  const std::shared_ptr<const LoadedPolicies> policies = host.policies->Get();
  json::Array list;
  for (const ProtocolId& id : IdsOf(*policies->set)) {
    ASSIGN_OR_RETURN(const Life life, LifeOf(host, *policies, id));
    for (const sharing::VersionState& version : life.versions) {
      const SharingProtocol& protocol = *version.protocol;
      json::Array datasets;
      std::set<std::string> seen;
      for (const policy::Share& share : protocol.shares) {
        if (seen.insert(share.dataset.str()).second) datasets.emplace_back(share.dataset.str());
      }
      list.push_back(json::Object{{"id", protocol.id.str()},
                                  {"version", protocol.version},
                                  {"title", protocol.title},
                                  {"state", StateWord(*policies->set, version)},
                                  {"inForce", version.state.in_force},
                                  {"explanation", version.state.explanation},
                                  {"purpose", protocol.purpose_code},
                                  {"parties", PartiesJson(protocol)},
                                  {"datasets", std::move(datasets)}});
    }
  }
  return list;
}

absl::StatusOr<json::Value> ShowProtocol(const HostParts& host, const Caller& caller, const ProtocolId& id,
                                         const std::string& version) {
  const std::shared_ptr<const LoadedPolicies> policies = host.policies->Get();
  ASSIGN_OR_RETURN(const SharingProtocol* protocol, FindVersion(*policies->set, id, version));
  ASSIGN_OR_RETURN(const json::Value document, json::Parse(policies->set->canonical.at(protocol->path)));
  ASSIGN_OR_RETURN(json::Value changes, ChangesFor(host, caller, *protocol, document));
  ASSIGN_OR_RETURN(const ExportSource source, ExportSourceOf(*policies->set, *protocol));
  json::Array shares;
  for (const policy::Share& share : protocol->shares) shares.push_back(ShareJson(share));
  return json::Object{
      {"id", protocol->id.str()},
      {"version", protocol->version},
      {"title", protocol->title},
      {"digest", protocol->digest},
      {"parties", PartiesJson(*protocol)},
      {"purpose", json::Object{{"code", protocol->purpose_code},
                               {"statement", protocol->purpose_statement},
                               {"benefits", protocol->purpose_benefits},
                               {"necessity", protocol->purpose_necessity}}},
      {"lawfulness", json::Object{{"bases", TextArray(protocol->bases)},
                                  {"gateways", TextArray(protocol->gateways)},
                                  {"special_category", TextArray(protocol->special_category)},
                                  {"criminal_offence", TextArray(protocol->criminal_offence)}}},
      {"validity", ValidityJson(protocol->validity)},
      {"shares", std::move(shares)},
      {"signatures", protocol->signatures},
      {"changes", std::move(changes)},
      {"document", document},
      {"page", PublicPageText(source)}};
}

absl::StatusOr<json::Value> ProtocolStatus(const HostParts& host, const ProtocolId& id,
                                           const std::string& version) {
  const std::shared_ptr<const LoadedPolicies> policies = host.policies->Get();
  ASSIGN_OR_RETURN(const SharingProtocol* protocol, FindVersion(*policies->set, id, version));
  ASSIGN_OR_RETURN(const Life life, LifeOf(host, *policies, id));
  for (const sharing::VersionState& candidate : life.versions) {
    if (candidate.protocol == protocol) return StatusJson(*policies->set, candidate, life);
  }
  return absl::InternalError("a version that is there and is not");
}

absl::StatusOr<json::Value> AllProtocolStatuses(const HostParts& host) {
  const std::shared_ptr<const LoadedPolicies> policies = host.policies->Get();
  std::vector<std::pair<int64_t, json::Object>> rows;
  for (const ProtocolId& id : IdsOf(*policies->set)) {
    ASSIGN_OR_RETURN(const Life life, LifeOf(host, *policies, id));
    for (const sharing::VersionState& version : life.versions) {
      if (version.state.state == "superseded") continue;
      rows.emplace_back(version.state.days_to_review.value_or(std::numeric_limits<int64_t>::max()),
                        StatusJson(*policies->set, version, life));
    }
  }
  std::stable_sort(rows.begin(), rows.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  json::Array list;
  for (auto& [days, row] : rows) list.push_back(std::move(row));
  return list;
}

}  // namespace concordat::flows
