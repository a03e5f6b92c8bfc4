// Which version of a protocol binds whom now: signatures, rejections, dates, tests, and contracts that have
// changed since.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "host/sharing/gatekeeper.h"

namespace concordat::sharing {

/// The contracts under the protocol's shares as they stand, by dataset: what a signature rests on.
std::map<std::string, ContractPin> PinsOf(const policy::PolicySet& policies,
                                          const policy::SharingProtocol& protocol);

/// What the store would hold had every party signed this very text and those it stands under at `time`: for
/// tests and trials of an agreement.
std::vector<Signature> SignedByAll(const policy::PolicySet& policies, const policy::SharingProtocol& protocol,
                                   absl::Time time);

/// The whole state of one version by itself: a version whose tests fail, or from under which a shared field
/// was taken, is not in force. Of `facts` signatures and agreement are read.
ProtocolState StateOf(const policy::PolicySet& policies, const policy::SharingProtocol& protocol,
                      const Facts& facts, absl::Time now);

/// One version and what became of it.
struct VersionState {
  const policy::SharingProtocol* protocol = nullptr;  // owned by the policy set
  ProtocolState state;
};
/// All versions, the newest first; an older one is superseded once all who signed it are bound by a newer
/// one.
std::vector<VersionState> LifeOf(const policy::PolicySet& policies, const ProtocolId& id, const Facts& facts,
                                 absl::Time now);

/// The version that binds `receiver` where it asks for `dataset`.
struct Governing {
  const policy::SharingProtocol* protocol = nullptr;  // null when no protocol has the id
  ProtocolState state;
  std::vector<PartnerId> givers;  // the partners with whom it binds the receiver; none: not in force for them
};
/// The newest version with its quorum and valid dates; under "each" the newest that giver and receiver both
/// signed, so that a pair stays on the older one until both adopt the newer. A version that had its quorum
/// and lost it to a revocation has ended the older ones for good. When none binds: the newest in force, else
/// the newest.
Governing GoverningVersion(const policy::PolicySet& policies, const ProtocolId& id, const PartnerId& receiver,
                           const DatasetId& dataset, const Facts& facts, absl::Time now);

/// The governing versions of all protocols of a policy set at one time, worked out once for many rulings.
/// Immutable; thread-safe; the policy set outlives it.
class ProtocolStates {
 public:
  /// Of `facts` signatures and agreement are read, of all protocols.
  ProtocolStates(const policy::PolicySet& policies, const Facts& facts, absl::Time now);
  /// As GoverningVersion. Who is no party of the protocol, or asks for what it does not share, gets the
  /// version that is in force between others.
  const Governing& Of(const ProtocolId& id, const PartnerId& receiver, const DatasetId& dataset) const;

 private:
  struct TextHash {
    using is_transparent = void;
    size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
  };
  std::unordered_map<std::string, Governing, TextHash, std::equal_to<>> governing_;
};

/// When what is asked for stands only in a newer version that is not in force: "health-body has
/// adopted 1.0.0, not 2.0.0, which adds shares.records.fields.asb_incident". Else empty. `fields` empty: the
/// dataset as such.
std::string NotYetAdopted(const policy::PolicySet& policies, const policy::SharingProtocol& in_force,
                          const PartnerId& receiver, const DatasetId& dataset,
                          const std::vector<std::string>& fields, const Facts& facts, absl::Time now);

}  // namespace concordat::sharing
