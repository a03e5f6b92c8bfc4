#include <algorithm>

#include "fmt/format.h"
#include "fmt/ranges.h"
#include "host/data/parse.h"
#include "host/sharing/gatekeeper.h"

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

bool HasSignedAnotherText(const PartnerId& partner, const SharingProtocol& protocol,
                          const std::vector<Signature>& signatures) {
  return std::any_of(signatures.begin(), signatures.end(), [&](const Signature& signature) {
    return signature.partner == partner && !signature.revoked && !IsOfThisText(signature, protocol);
  });
}

bool MustSign(const Party& party, const SharingProtocol& protocol) {
  return protocol.signatures == "each" || party.role == "controller";
}

/// Who has signed, who has not.
struct Adoption {
  std::vector<PartnerId> signed_by;
  std::vector<PartnerId> missing;
  std::vector<std::string> revoked;       // of the missing: who took a signature back
  std::vector<std::string> another_text;  // of the missing: who signed an earlier text
  bool enough = false;
};

Adoption AdoptionOf(const SharingProtocol& protocol, const std::vector<Signature>& signatures) {
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
  adoption.enough = protocol.signatures == "each" ? giver && receiver
                                                  : adoption.missing.empty() && !adoption.signed_by.empty();
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

}  // namespace

ProtocolState StateOf(const SharingProtocol& protocol, const std::vector<Signature>& signatures,
                      absl::Time now) {
  const Adoption adoption = AdoptionOf(protocol, signatures);
  const int64_t today = DayOf(now);
  ProtocolState state;
  state.missing = adoption.missing;
  if (protocol.validity.review != 0) state.days_to_review = protocol.validity.review - today;
  if (!adoption.enough) return NotAdopted(protocol, adoption, std::move(state));
  return Dated(protocol.validity, today, std::move(state));
}

}  // namespace concordat::sharing
