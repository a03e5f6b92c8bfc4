#include "host/sharing/protocol_state.h"

#include <algorithm>

#include "fmt/format.h"
#include "fmt/ranges.h"
#include "host/data/parse.h"
#include "host/sharing/joined_key.h"

namespace concordat::sharing {
namespace {

using policy::Party;
using policy::SharingProtocol;

int64_t DayOf(absl::Time time) {
  const absl::CivilDay day = absl::ToCivilDay(time, absl::UTCTimeZone());
  return data::DaysFromCivil(static_cast<int>(day.year()), day.month(), day.day());
}

// A signature counts for the very text that was signed and for no other.
bool IsOfThisText(const Signature& signature, const SharingProtocol& protocol) {
  return signature.protocol == protocol.id && signature.version == protocol.version &&
         signature.digest == protocol.digest;
}

bool HasSigned(const PartnerId& partner, const SharingProtocol& protocol,
               const std::vector<Signature>& signatures) {
  return std::any_of(signatures.begin(), signatures.end(), [&](const Signature& signature) {
    return signature.partner == partner && !signature.revoked && IsOfThisText(signature, protocol);
  });
}

bool HasRevoked(const PartnerId& partner, const SharingProtocol& protocol,
                const std::vector<Signature>& signatures) {
  return std::any_of(signatures.begin(), signatures.end(), [&](const Signature& signature) {
    return signature.partner == partner && signature.revoked && IsOfThisText(signature, protocol);
  });
}

// Signed it, whether the signature was taken back since or not.
bool EverSigned(const PartnerId& partner, const SharingProtocol& protocol,
                const std::vector<Signature>& signatures) {
  return std::any_of(signatures.begin(), signatures.end(), [&](const Signature& signature) {
    return signature.partner == partner && IsOfThisText(signature, protocol);
  });
}

bool HasSignedAnotherText(const PartnerId& partner, const SharingProtocol& protocol,
                          const std::vector<Signature>& signatures) {
  return std::any_of(signatures.begin(), signatures.end(), [&](const Signature& signature) {
    return signature.partner == partner && !signature.revoked && !IsOfThisText(signature, protocol);
  });
}

bool MustSign(const Party& party, const SharingProtocol& protocol) {
  return protocol.signatures == "each" || party.role == "controller";
}

// The newest no of each party that has not signed since.
std::vector<Rejection> OpenRejections(const SharingProtocol& protocol,
                                      const std::vector<Signature>& signatures,
                                      const std::vector<Rejection>& rejections) {
  std::vector<Rejection> open;
  for (const Rejection& rejection : rejections) {
    if (rejection.protocol != protocol.id || rejection.version != protocol.version ||
        rejection.digest != protocol.digest)
      continue;
    const bool signed_since =
        std::any_of(signatures.begin(), signatures.end(), [&](const Signature& signature) {
          return signature.partner == rejection.partner && !signature.revoked &&
                 IsOfThisText(signature, protocol) && signature.time >= rejection.time;
        });
    std::erase_if(open, [&](const Rejection& other) { return other.partner == rejection.partner; });
    if (!signed_since) open.push_back(rejection);
  }
  return open;
}

/// Who has signed, who has not.
struct Adoption {
  std::vector<PartnerId> signed_by;
  std::vector<PartnerId> missing;
  std::vector<std::string> revoked;       // of the missing: who took a signature back
  std::vector<std::string> another_text;  // of the missing: who signed an earlier text
  bool enough = false;
};

Adoption AdoptionOf(const SharingProtocol& protocol, const std::vector<Signature>& signatures,
                    const std::vector<Rejection>& open_rejections) {
  Adoption adoption;
  bool giver = false;
  bool receiver = false;
  for (const Party& party : protocol.parties) {
    if (!MustSign(party, protocol)) continue;
    if (HasSigned(party.partner, protocol, signatures)) {
      adoption.signed_by.push_back(party.partner);
      giver |= party.gives;
      receiver |= party.receives;
      continue;
    }
    adoption.missing.push_back(party.partner);
    if (HasRevoked(party.partner, protocol, signatures))
      adoption.revoked.push_back(party.partner.str());
    else if (HasSignedAnotherText(party.partner, protocol, signatures))
      adoption.another_text.push_back(party.partner.str());
  }
  // Under "each" the protocol lives between those who signed; it takes one who gives and one who receives.
  adoption.enough = protocol.signatures == "each"
                        ? giver && receiver
                        : adoption.missing.empty() && !adoption.signed_by.empty() && open_rejections.empty();
  return adoption;
}

std::string Joined(const std::vector<PartnerId>& partners) {
  std::vector<std::string> names;
  for (const PartnerId& partner : partners) names.push_back(partner.str());
  return fmt::format("{}", fmt::join(names, ", "));
}

ProtocolState NotAdopted(const SharingProtocol& protocol, const Adoption& adoption, ProtocolState state) {
  if (!adoption.revoked.empty()) {
    state.state = "revoked";
    state.explanation = fmt::format("{} took back the signature on version {}",
                                    fmt::join(adoption.revoked, ", "), protocol.version);
    return state;
  }
  if (!state.rejections.empty()) {
    state.state = "rejected";
    std::vector<std::string> refusals;
    for (const Rejection& rejection : state.rejections)
      refusals.push_back(fmt::format("rejected by {}: {}", rejection.partner.str(), rejection.reason));
    state.explanation = fmt::format("{}", fmt::join(refusals, "; "));
    return state;
  }
  state.state = adoption.signed_by.empty() ? "draft" : "awaiting_signatures";
  state.explanation =
      fmt::format("version {} is not signed by {}", protocol.version, Joined(adoption.missing));
  if (!adoption.another_text.empty()) {
    state.explanation += fmt::format("; {} signed another text of it, which does not count",
                                     fmt::join(adoption.another_text, ", "));
  }
  return state;
}

std::string ReviewInWords(const ProtocolState& state, int64_t review) {
  const int64_t days = *state.days_to_review;
  if (days >= 0) return fmt::format("review due on {} (in {} days)", data::DateText(review), days);
  return fmt::format("its review was due on {}, {} days ago", data::DateText(review), -days);
}

ProtocolState Dated(const policy::Validity& validity, int64_t today, ProtocolState state) {
  if (today < validity.from) {
    state.state = "not_yet";
    state.explanation = fmt::format("in force from {} on", data::DateText(validity.from));
    return state;
  }
  if (validity.until != 0 && today > validity.until) {
    state.state = "expired";
    state.explanation = fmt::format("ended on {}", data::DateText(validity.until));
    return state;
  }
  const bool suspended = state.days_to_review && today > validity.grace.AddTo(validity.review) &&
                         validity.on_overdue == "suspend";
  state.state = suspended ? "review_overdue" : "in_force";
  state.in_force = !suspended;
  state.explanation =
      validity.until == 0 ? "in force" : fmt::format("in force until {}", data::DateText(validity.until));
  if (suspended) state.explanation = "suspended";
  if (state.days_to_review) state.explanation += "; " + ReviewInWords(state, validity.review);
  return state;
}

ProtocolState StateBySignatures(const SharingProtocol& protocol, const std::vector<Signature>& signatures,
                                const std::vector<Rejection>& rejections, absl::Time now) {
  ProtocolState state;
  state.rejections = OpenRejections(protocol, signatures, rejections);
  const Adoption adoption = AdoptionOf(protocol, signatures, state.rejections);
  const int64_t today = DayOf(now);
  state.missing = adoption.missing;
  for (const Party& party : protocol.parties) {
    if (HasSigned(party.partner, protocol, signatures)) state.adopted_by.push_back(party.partner);
  }
  if (protocol.validity.review != 0) state.days_to_review = protocol.validity.review - today;
  if (!adoption.enough) return NotAdopted(protocol, adoption, std::move(state));
  return Dated(protocol.validity, today, std::move(state));
}

// Enough of a digest to tell two apart.
std::string Short(const std::string& digest) { return digest.empty() ? "none" : digest.substr(0, 19); }

std::string DateOf(absl::Time time) { return absl::FormatTime("%Y-%m-%d", time, absl::UTCTimeZone()); }

ContractDrift Compared(const std::string& dataset, const ContractPin& before, const ContractPin& now,
                       const Signature& signature) {
  ContractDrift drift{dataset, signature.partner, signature.time, before.digest, now.digest, false, ""};
  drift.words =
      fmt::format("{} changed since {} signed on {}: contract digest {} -> {}", dataset,
                  signature.partner.str(), DateOf(signature.time), Short(before.digest), Short(now.digest));
  for (const auto& [field, type] : before.fields) {
    const auto found = now.fields.find(field);
    if (found != now.fields.end() && found->second == type) continue;
    drift.breaking = true;
    drift.words += found == now.fields.end()
                       ? fmt::format("; the shared field {} is gone", field)
                       : fmt::format("; the shared field {} is now {}, was {}", field, found->second, type);
  }
  return drift;
}

std::vector<ContractDrift> DriftOf(const policy::PolicySet& policies, const SharingProtocol& protocol,
                                   const std::vector<Signature>& signatures) {
  std::vector<ContractDrift> drift;
  std::optional<std::map<std::string, ContractPin>> now;  // made only when something has changed
  for (const Signature& signature : signatures) {
    if (signature.revoked || signature.contracts.empty() || !IsOfThisText(signature, protocol)) continue;
    for (const auto& [dataset, before] : signature.contracts) {
      const policy::Contract* contract = policies.FindDataset(DatasetId(dataset)).first;
      if (contract != nullptr && contract->schema_digest == before.digest) continue;
      if (!now) now = PinsOf(policies, protocol);
      drift.push_back(Compared(dataset, before, (*now)[dataset], signature));
    }
  }
  return drift;
}

bool DatesHold(const SharingProtocol& protocol, absl::Time now) {
  const int64_t today = DayOf(now);
  return today >= protocol.validity.from &&
         (protocol.validity.until == 0 || today <= protocol.validity.until);
}

// Was there a moment at which everybody who must sign had signed? A later revocation does not undo it: what
// that version replaced does not come back.
bool EverHadQuorum(const SharingProtocol& protocol, const Facts& facts) {
  const auto stood_at = [&](const PartnerId& partner, absl::Time moment) {
    return std::any_of(facts.signatures.begin(), facts.signatures.end(), [&](const Signature& signature) {
      return signature.partner == partner && IsOfThisText(signature, protocol) && signature.time <= moment &&
             (!signature.revoked || (signature.revoked_at && *signature.revoked_at > moment));
    });
  };
  if (!OpenRejections(protocol, facts.signatures, facts.agreement.rejections).empty()) return false;
  return std::any_of(facts.signatures.begin(), facts.signatures.end(), [&](const Signature& latest) {
    return std::all_of(protocol.parties.begin(), protocol.parties.end(), [&](const Party& party) {
      return !MustSign(party, protocol) || stood_at(party.partner, latest.time);
    });
  });
}

// Under "each": have the two signed it?
bool BindsPair(const SharingProtocol& protocol, const PartnerId& giver, const PartnerId& receiver,
               const Facts& facts) {
  return EverSigned(giver, protocol, facts.signatures) && EverSigned(receiver, protocol, facts.signatures);
}

bool Holds(const std::vector<PartnerId>& partners, const PartnerId& partner) {
  return std::find(partners.begin(), partners.end(), partner) != partners.end();
}

bool IsOfDataset(const policy::PolicySet& policies, const policy::Share& share, const DatasetId& dataset) {
  if (share.dataset == dataset) return true;
  const policy::ContractObject* object = policies.FindDataset(dataset).second;
  return object != nullptr && object == policies.FindDataset(share.dataset).second;
}

bool Gives(const policy::PolicySet& policies, const SharingProtocol& protocol, const PartnerId& giver,
           const PartnerId& receiver, const DatasetId& dataset) {
  return std::any_of(protocol.shares.begin(), protocol.shares.end(), [&](const policy::Share& share) {
    return IsOfDataset(policies, share, dataset) && Holds(share.from, giver) && Holds(share.to, receiver);
  });
}

bool Adds(const policy::PolicySet& policies, const SharingProtocol& protocol, const PartnerId& receiver,
          const DatasetId& dataset, const std::string& field) {
  return std::any_of(protocol.shares.begin(), protocol.shares.end(), [&](const policy::Share& share) {
    if (!IsOfDataset(policies, share, dataset) || !Holds(share.to, receiver)) return false;
    return field.empty() || std::any_of(share.fields.begin(), share.fields.end(),
                                        [&](const policy::FieldDuty& duty) { return duty.field == field; });
  });
}

// "shares.records.fields.lsoa_code": where the newer version grants what the older does not.
std::string PathOf(const policy::PolicySet& policies, const SharingProtocol& protocol,
                   const PartnerId& receiver, const DatasetId& dataset, const std::string& field) {
  for (const policy::Share& share : protocol.shares) {
    if (!IsOfDataset(policies, share, dataset) || !Holds(share.to, receiver)) continue;
    const bool grants =
        field.empty() || std::any_of(share.fields.begin(), share.fields.end(),
                                     [&](const policy::FieldDuty& duty) { return duty.field == field; });
    if (grants)
      return field.empty() ? fmt::format("shares.{}", share.id)
                           : fmt::format("shares.{}.fields.{}", share.id, field);
  }
  return "";
}

// Who else is bound by a newer version than this one, so that nothing of this one is left?
bool IsSuperseded(const VersionState& older, const std::vector<VersionState>& newer, const Facts& facts,
                  absl::Time now) {
  return std::any_of(newer.begin(), newer.end(), [&](const VersionState& version) {
    if (!DatesHold(*version.protocol, now)) return false;
    if (version.protocol->signatures != "each") return EverHadQuorum(*version.protocol, facts);
    return !older.state.adopted_by.empty() &&
           std::all_of(older.state.adopted_by.begin(), older.state.adopted_by.end(),
                       [&](const PartnerId& partner) {
                         return EverSigned(partner, *version.protocol, facts.signatures);
                       });
  });
}

}  // namespace

std::vector<Signature> SignedByAll(const policy::PolicySet& policies, const policy::SharingProtocol& protocol,
                                   absl::Time time) {
  std::vector<Signature> signatures;
  for (const policy::SharingProtocol* parent : policies.FindProtocol(ProtocolId(protocol.parent))) {
    if (parent->tier >= protocol.tier) continue;
    for (Signature& signature : SignedByAll(policies, *parent, time))
      signatures.push_back(std::move(signature));
  }
  for (const policy::Party& party : protocol.parties) {
    Signature signature;
    signature.protocol = protocol.id;
    signature.version = protocol.version;
    signature.digest = protocol.digest;
    signature.partner = party.partner;
    signature.time = time;
    signatures.push_back(std::move(signature));
  }
  return signatures;
}

ProtocolState StateOf(const SharingProtocol& protocol, const std::vector<Signature>& signatures,
                      absl::Time now) {
  return StateBySignatures(protocol, signatures, {}, now);
}

std::map<std::string, ContractPin> PinsOf(const policy::PolicySet& policies,
                                          const SharingProtocol& protocol) {
  std::map<std::string, ContractPin> pins;
  for (const policy::Share& share : protocol.shares) {
    const auto [contract, object] = policies.FindDataset(share.dataset);
    if (object == nullptr) continue;
    ContractPin& pin = pins[share.dataset.str()];
    pin.digest = contract->schema_digest;
    for (const policy::FieldDuty& duty : share.fields) {
      const auto column = object->schema->Find(duty.field);
      if (column)
        pin.fields[duty.field] = std::string(data::LogicalTypeName(object->schema->fields[*column].type));
    }
  }
  return pins;
}

ProtocolState StateOf(const policy::PolicySet& policies, const SharingProtocol& protocol, const Facts& facts,
                      absl::Time now) {
  ProtocolState state = StateBySignatures(protocol, facts.signatures, facts.agreement.rejections, now);
  state.drift = DriftOf(policies, protocol, facts.signatures);
  const auto failing = facts.agreement.failing_tests.find(protocol.digest);
  if (failing != facts.agreement.failing_tests.end()) state.failing_tests = failing->second;
  if (!state.in_force) return state;
  const auto breaking = std::find_if(state.drift.begin(), state.drift.end(),
                                     [](const ContractDrift& drift) { return drift.breaking; });
  if (!state.failing_tests.empty()) {
    state.state = "tests_failing";
    state.explanation =
        fmt::format("{} of its tests fail: {}", state.failing_tests.size(), state.failing_tests.front());
  } else if (breaking != state.drift.end()) {
    state.state = "drifted";
    state.explanation = breaking->words;
  }
  state.in_force = state.state == "in_force";
  return state;
}

std::vector<VersionState> LifeOf(const policy::PolicySet& policies, const ProtocolId& id, const Facts& facts,
                                 absl::Time now) {
  std::vector<VersionState> versions;
  for (const SharingProtocol* protocol : policies.FindProtocol(id)) {
    VersionState version{protocol, StateOf(policies, *protocol, facts, now)};
    const bool ended = version.state.state == "expired" || version.state.state == "revoked";
    if (!ended && IsSuperseded(version, versions, facts, now)) {
      version.state.in_force = false;
      version.state.state = "superseded";
      version.state.explanation = fmt::format("{} has taken its place", versions.front().protocol->version);
      for (const VersionState& newer : versions) {
        if (newer.state.in_force)
          version.state.explanation = fmt::format("{} has taken its place", newer.protocol->version);
      }
    }
    versions.push_back(std::move(version));
  }
  return versions;
}

Governing GoverningVersion(const policy::PolicySet& policies, const ProtocolId& id, const PartnerId& receiver,
                           const DatasetId& dataset, const Facts& facts, absl::Time now) {
  const std::vector<const SharingProtocol*> versions = policies.FindProtocol(id);
  Governing result;
  if (versions.empty()) return result;
  std::vector<PartnerId> taken;  // givers that a newer version binds
  const SharingProtocol* binding = nullptr;
  for (const SharingProtocol* version : versions) {
    if (!DatesHold(*version, now)) continue;
    const bool each = version->signatures == "each";
    const bool binds_all = !each && EverHadQuorum(*version, facts);
    if (!each && !binds_all) continue;
    std::vector<PartnerId> bound;
    bool gives = false;
    for (const Party& party : version->parties) {
      if (!party.gives || Holds(taken, party.partner)) continue;
      if (each && !BindsPair(*version, party.partner, receiver, facts)) continue;
      bound.push_back(party.partner);
      gives |= Gives(policies, *version, party.partner, receiver, dataset);
    }
    taken.insert(taken.end(), bound.begin(), bound.end());
    if (binding == nullptr && !bound.empty()) binding = version;
    if (gives || binding == version) {
      result.protocol = version;
      result.givers = std::move(bound);
    }
    if (gives || binds_all) break;  // what is older is history
  }
  if (result.protocol == nullptr) {
    const auto in_force = std::find_if(versions.begin(), versions.end(), [&](const SharingProtocol* version) {
      return StateOf(policies, *version, facts, now).in_force;
    });
    result.protocol = in_force == versions.end() ? versions.front() : *in_force;
  }
  result.state = StateOf(policies, *result.protocol, facts, now);
  return result;
}

std::string NotYetAdopted(const policy::PolicySet& policies, const SharingProtocol& in_force,
                          const PartnerId& receiver, const DatasetId& dataset,
                          const std::vector<std::string>& fields, const Facts& facts, absl::Time now) {
  std::vector<std::string> asked = fields;
  if (asked.empty()) asked.emplace_back();
  for (const SharingProtocol* newer : policies.FindProtocol(in_force.id)) {
    if (newer == &in_force) break;
    for (const std::string& field : asked) {
      if (Adds(policies, in_force, receiver, dataset, field)) continue;
      const std::string path = PathOf(policies, *newer, receiver, dataset, field);
      if (path.empty()) continue;
      const ProtocolState state = StateOf(policies, *newer, facts, now);
      if (state.in_force && state.missing.empty()) continue;
      if (state.missing.empty())
        return fmt::format("{} {}, which adds {}, is not in force: {}", newer->id.str(), newer->version, path,
                           state.explanation);
      return fmt::format("{} {} adopted {}, not {}, which adds {}", Joined(state.missing),
                         state.missing.size() == 1 ? "has" : "have", in_force.version, newer->version, path);
    }
  }
  return "";
}

namespace {

// The facts of each protocol by themselves: what is looked through for one must not grow with the others.
std::map<ProtocolId, Facts> ByProtocol(const Facts& facts) {
  std::map<ProtocolId, Facts> parts;
  for (const Signature& signature : facts.signatures)
    parts[signature.protocol].signatures.push_back(signature);
  for (const Rejection& rejection : facts.agreement.rejections)
    parts[rejection.protocol].agreement.rejections.push_back(rejection);
  for (auto& [id, part] : parts) part.agreement.failing_tests = facts.agreement.failing_tests;
  return parts;
}

}  // namespace

ProtocolStates::ProtocolStates(const policy::PolicySet& policies, const Facts& facts, absl::Time now) {
  const std::map<ProtocolId, Facts> parts = ByProtocol(facts);
  Facts unsigned_yet;
  unsigned_yet.agreement.failing_tests = facts.agreement.failing_tests;
  for (const policy::SharingProtocol& protocol : policies.protocols) {
    const auto part = parts.find(protocol.id);
    const Facts& own = part == parts.end() ? unsigned_yet : part->second;
    const auto enter = [&](const PartnerId& receiver, const DatasetId& dataset) {
      const auto [entry, added] =
          governing_.try_emplace(std::string(Key(protocol.id.str(), receiver.str(), dataset.str()).text()));
      if (added) entry->second = GoverningVersion(policies, protocol.id, receiver, dataset, own, now);
    };
    enter(PartnerId(), DatasetId());
    for (const policy::Share& share : protocol.shares) {
      for (const PartnerId& receiver : share.to) enter(receiver, share.dataset);
    }
  }
}

const Governing& ProtocolStates::Of(const ProtocolId& id, const PartnerId& receiver,
                                    const DatasetId& dataset) const {
  static const Governing kNone;
  auto found = governing_.find(Key(id.str(), receiver.str(), dataset.str()).text());
  if (found == governing_.end()) found = governing_.find(Key(id.str(), "", "").text());
  return found == governing_.end() ? kNone : found->second;
}

}  // namespace concordat::sharing
