// A small partnership with one protocol, as values: constabulary gives, county council and voluntary action
// receive.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "host/base/clock.h"
#include "host/data/parse.h"
#include "host/sharing/gatekeeper.h"

namespace concordat::sharing {

inline absl::Time At(std::string_view text) { return *concordat::ParseTime(text); }
inline int64_t Day(int year, int month, int day) { return data::DaysFromCivil(year, month, day); }

inline std::shared_ptr<const data::Schema> CrimeSchema() {
  static const auto schema = std::make_shared<const data::Schema>(
      data::Schema{.dataset = "street_crime",
                   .fields = {{.name = "crime_id", .markers = {{"c", "suppressed"}}},
                              {.name = "month", .type = data::LogicalType::kDate, .format = "yyyy-MM"},
                              {.name = "crime_type", .missing_tokens = {"n/a"}},
                              {.name = "lsoa_code"},
                              {.name = "officer", .classification = data::Classification::kRestricted}}});
  return schema;
}

inline policy::SharingProtocol CrimeProtocol() {
  policy::SharingProtocol protocol;
  protocol.id = ProtocolId("asb-hotspots");
  protocol.version = "3.1.0";
  protocol.digest = "sha256:protocol";
  protocol.purpose_code = "dpv:PublicSafety";
  protocol.parties = {{.partner = PartnerId("constabulary"), .gives = true, .role = "controller"},
                      {.partner = PartnerId("county-council"), .receives = true, .role = "controller"},
                      {.partner = PartnerId("voluntary-action"), .receives = true, .role = "processor"}};
  protocol.validity = {.from = Day(2026, 4, 1),
                       .until = Day(2028, 3, 31),
                       .review = Day(2027, 3, 31),
                       .grace = *policy::ParseDuration("P30D")};
  policy::Share share;
  share.id = "records-to-council";
  share.dataset = DatasetId("street_crime");
  share.from = {PartnerId("constabulary")};
  share.to = {PartnerId("county-council")};
  share.fields = {{.field = "crime_id", .duty = "pseudonymise"},
                  {.field = "month", .duty = "release"},
                  {.field = "crime_type", .duty = "release"}};
  share.rows = "record.crime_type != \"Violence\"";
  share.when = "request.role in [\"analyst\", \"steward\"]";
  share.quality = policy::QualityCondition{.minimum = {{"completeness", 98}, {"score", 90}},
                                           .max_age = *policy::ParseDuration("P45D")};
  protocol.shares = {share};
  return protocol;
}

inline policy::PolicySet CrimePolicies(policy::SharingProtocol protocol = CrimeProtocol()) {
  policy::PolicySet policies;
  policy::Contract contract;
  contract.name = "street_crime";
  policy::ContractObject object;
  object.name = "street_crime";
  object.schema = CrimeSchema();
  contract.objects = {object};
  policies.contracts = {contract};
  policies.protocols = {std::move(protocol)};
  return policies;
}

inline Signature SignedBy(std::string_view partner,
                          const policy::SharingProtocol& protocol = CrimeProtocol()) {
  Signature signature;
  signature.protocol = protocol.id;
  signature.version = protocol.version;
  signature.digest = protocol.digest;
  signature.partner = PartnerId(partner);
  signature.time = At("2026-04-01");
  return signature;
}

inline AccessRequest CouncilAsks() {
  AccessRequest request;
  request.partner = PartnerId("county-council");
  request.role = "analyst";
  request.user = "ann";
  request.dataset = DatasetId("street_crime");
  request.protocol = ProtocolId("asb-hotspots");
  request.purpose = "dpv:PublicSafety";
  request.time = At("2026-11-20T12:00:00Z");
  return request;
}

inline SubmissionQuality Submission(std::string_view id, std::string_view partner, double completeness,
                                    double score, std::string_view received = "2026-11-01T00:00:00Z") {
  return {SubmissionId(id),
          PartnerId(partner),
          "2026-10",
          At(received),
          {{"completeness", completeness}, {"score", score}}};
}

inline Facts GoodFacts() {
  Facts facts;
  facts.signatures = {SignedBy("constabulary"), SignedBy("county-council")};
  facts.submissions = {Submission("S-1", "constabulary", 99.5, 97.3)};
  return facts;
}

}  // namespace concordat::sharing
