#include "host/flows/charter.h"

#include "host/flows/protocol_facts.h"
#include "host/sharing/protocol_state.h"

namespace concordat::flows {

absl::StatusOr<std::set<PartnerId>> NamedInAssessments(const HostParts& host) {
  const std::shared_ptr<const LoadedPolicies> policies = host.policies->Get();
  std::set<ProtocolId> charters;
  for (const policy::SharingProtocol& protocol : policies->set->protocols) {
    if (protocol.tier == 1 && protocol.openness.names_assessments) charters.insert(protocol.id);
  }
  std::set<PartnerId> named;
  for (const ProtocolId& id : charters) {
    ASSIGN_OR_RETURN(const sharing::Facts facts, FactsOfAgreement(host, *policies, id));
    for (const sharing::VersionState& version :
         sharing::LifeOf(*policies->set, id, facts, host.clock->Now())) {
      if (!version.state.in_force || !version.protocol->openness.names_assessments) continue;
      for (const policy::Party& party : version.protocol->parties) named.insert(party.partner);
    }
  }
  return named;
}

}  // namespace concordat::flows
