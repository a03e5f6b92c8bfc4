#include "host/flows/exchange.h"

#include <algorithm>

#include "fmt/format.h"
#include "host/flows/access_request.h"
#include "host/flows/denial.h"
#include "host/flows/materials.h"
#include "host/flows/row_source.h"
#include "host/flows/ruling_facts.h"
#include "host/flows/transfer.h"

namespace concordat::flows {
namespace {

bool Holds(const std::vector<PartnerId>& partners, const PartnerId& partner) {
  return std::find(partners.begin(), partners.end(), partner) != partners.end();
}

// The submissions whose rows leave, oldest first.
std::vector<SubmissionId> Given(const std::vector<PartnerId>& givers,
                                const std::vector<store::Attempt>& attempts) {
  std::vector<SubmissionId> given;
  for (const store::Attempt& attempt : attempts) {
    if (Holds(givers, attempt.partner)) given.push_back(attempt.id);
  }
  std::reverse(given.begin(), given.end());
  return given;
}

absl::StatusOr<Hearing> Hear(const HostParts& host, const ExchangeRequest& request) {
  Hearing hearing;
  hearing.policies = host.policies->Get();
  hearing.request = request;
  hearing.access = AccessOf(request, host.clock->Now());
  ASSIGN_OR_RETURN(const RulingFacts facts, GatherFacts(host, *hearing.policies, hearing.access));
  sharing::RulingWithShare ruled = hearing.policies->gatekeeper->Rule(hearing.access, facts.facts);
  hearing.ruling = std::move(ruled.ruling);
  hearing.protocol = ruled.protocol;
  hearing.share = ruled.share;
  hearing.givers = ruled.givers;
  if (hearing.protocol != nullptr) hearing.access.protocol = hearing.protocol->id;
  if (hearing.ruling.permit) hearing.submissions = Given(ruled.givers, facts.attempts);
  return hearing;
}

// What was to leave stays here.
void TurnIntoDeny(const absl::Status& error, record::Ruling& ruling) {
  Denial denial = DenialOf(error);
  ruling.permit = false;
  ruling.release.clear();
  ruling.cause = std::move(denial.cause);
  ruling.mend = std::move(denial.mend);
  ruling.message = std::string(MessageOf(error));
}

ReleaseJob JobOf(const HostParts& host, const Hearing& hearing) {
  return {&host,          hearing.policies->set.get(), hearing.protocol, hearing.share, &hearing.materials,
          hearing.access, hearing.submissions};
}

absl::StatusOr<PreparedRows> CarryOutDuties(const HostParts& host, Hearing& hearing) {
  ASSIGN_OR_RETURN(hearing.materials, GatherMaterials(host, *hearing.policies->set, *hearing.protocol,
                                                      *hearing.share, hearing.access.time));
  return PrepareRows(JobOf(host, hearing));
}

}  // namespace

absl::StatusOr<std::unique_ptr<Transfer>> Exchange(const HostParts& host, const ExchangeRequest& request) {
  RETURN_IF_ERROR(MakeRowFormat(request.format, {}, {}).status());
  ASSIGN_OR_RETURN(Hearing heard, Hear(host, request));
  auto hearing = std::make_unique<Hearing>(std::move(heard));
  if (!hearing->ruling.permit) return Refuse(host, std::move(hearing));
  absl::StatusOr<PreparedRows> prepared = CarryOutDuties(host, *hearing);
  if (!prepared.ok()) {
    TurnIntoDeny(prepared.status(), hearing->ruling);
    return Refuse(host, std::move(hearing));
  }
  // From here on it is on record that the data may have left.
  return BeginTransfer(host, std::move(hearing), *std::move(prepared));
}

absl::StatusOr<record::Ruling> Explain(const HostParts& host, const ExchangeRequest& request) {
  ASSIGN_OR_RETURN(Hearing hearing, Hear(host, request));
  return std::move(hearing.ruling);
}

}  // namespace concordat::flows
