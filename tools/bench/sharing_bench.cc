// What a ruling and the duties cost, in process, on one thread:
//   sharing_bench [RECORDS]
// Prints for 100, 1,000 and 10,000 protocols the nanoseconds of a ruling (p50, p99), with and without its
// words, and for RECORDS records (default 400,000) of 20 fields how many a second are masked, pseudonymised,
// generalised and verified.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <vector>

#include "absl/time/clock.h"
#include "fmt/format.h"
#include "host/base/csv.h"
#include "host/data/parse.h"
#include "host/sharing/protocol_state.h"
#include "host/sharing/release.h"

namespace concordat::sharing {
namespace {

using Clock = std::chrono::steady_clock;

double NanosSince(Clock::time_point start) {
  return std::chrono::duration<double, std::nano>(Clock::now() - start).count();
}

policy::ContractObject ObjectOf(const std::string& name, const std::vector<data::Field>& fields) {
  policy::ContractObject object;
  object.name = name;
  object.schema = std::make_shared<const data::Schema>(data::Schema{.dataset = name, .fields = fields});
  return object;
}

// ---- rulings ----

policy::SharingProtocol ProtocolOf(size_t number) {
  policy::SharingProtocol protocol;
  protocol.id = ProtocolId(fmt::format("protocol-{}", number));
  protocol.version = "1.0.0";
  protocol.digest = fmt::format("sha256:{}", number);
  protocol.purpose_code = fmt::format("dpv:Purpose{}", number % 50);
  protocol.validity.from = 20'000;
  protocol.validity.until = 40'000;
  protocol.validity.review = 30'000;
  const PartnerId giver(fmt::format("partner-{}", number % 7));
  const PartnerId taker(fmt::format("partner-{}", 7 + number % 11));
  protocol.parties = {{giver, true, false, "controller", {}}, {taker, false, true, "controller", {}}};
  policy::Share share;
  share.id = "records";
  share.dataset = DatasetId(fmt::format("dataset_{}", number % 20));
  share.from = {giver};
  share.to = {taker};
  share.fields = {{"a", "release", {}, {}}, {"b", "mask", {}, {}}};
  share.when =
      "request.role in [\"analyst\", \"steward\"] && request.attributes.trained == true && "
      "quality.completeness > 90.0";
  share.quality = policy::QualityCondition{.minimum = {{"completeness", 95}, {"conformity", 90}}};
  protocol.shares = {share};
  return protocol;
}

struct World {
  policy::PolicySet policies;
  Facts facts;
  std::vector<AccessRequest> requests;

  explicit World(size_t protocols) {
    for (int i = 0; i < 20; ++i) {
      policy::Contract contract;
      contract.name = fmt::format("dataset_{}", i);
      contract.objects = {ObjectOf(contract.name, {{.name = "a"}, {.name = "b"}})};
      policies.contracts.push_back(std::move(contract));
    }
    for (size_t i = 0; i < protocols; ++i) policies.protocols.push_back(ProtocolOf(i));
    const absl::Time now = absl::FromCivil(absl::CivilSecond(2026, 11, 20, 12), absl::UTCTimeZone());
    for (const policy::SharingProtocol& protocol : policies.protocols) {
      for (const policy::Party& party : protocol.parties) {
        Signature signature;
        signature.protocol = protocol.id;
        signature.version = protocol.version;
        signature.digest = protocol.digest;
        signature.partner = party.partner;
        signature.time = now - absl::Hours(24);
        facts.signatures.push_back(std::move(signature));
      }
    }
    for (int i = 0; i < 7; ++i) {
      facts.submissions.push_back({SubmissionId("S-1"),
                                   PartnerId(fmt::format("partner-{}", i)),
                                   "2026-10",
                                   now,
                                   {{"completeness", 99}, {"conformity", 98}, {"score", 97}},
                                   {}});
    }
    for (size_t i = 0; i < 512; ++i) {
      const policy::SharingProtocol& protocol = policies.protocols[i * 7919 % protocols];
      AccessRequest request;
      request.partner = protocol.parties[1].partner;
      request.role = i % 4 == 0 ? "delegate" : "analyst";
      request.user = "somebody";
      request.dataset = protocol.shares[0].dataset;
      if (i % 2 == 0) request.protocol = protocol.id;
      request.purpose = i % 8 == 1 ? "dpv:Other" : protocol.purpose_code;
      request.time = now;
      for (const char* name : {"vetted", "trained", "on_shift", "case", "unit"})
        request.attributes[name] = expr::Value{true};
      requests.push_back(std::move(request));
    }
  }
};

template <typename RuleOnce>
void Measure(const char* what, size_t protocols, const std::vector<AccessRequest>& requests,
             RuleOnce rule_once) {
  std::vector<double> nanos;
  uint64_t permits = 0;
  for (int round = 0; round < 200; ++round) {
    for (const AccessRequest& request : requests) {
      const Clock::time_point start = Clock::now();
      permits += rule_once(request);
      nanos.push_back(NanosSince(start));
    }
  }
  std::sort(nanos.begin(), nanos.end());
  fmt::print("{:<18} {:>6} protocols: p50 {:>6.0f} ns  p99 {:>6.0f} ns  ({:.0f}% permitted)\n", what,
             protocols, nanos[nanos.size() / 2], nanos[nanos.size() * 99 / 100],
             100.0 * static_cast<double>(permits) / static_cast<double>(nanos.size()));
}

void MeasureRulings(size_t protocols) {
  const World world(protocols);
  const Gatekeeper gatekeeper(world.policies);
  const ProtocolStates states(world.policies, world.facts, world.requests[0].time);
  Facts facts;
  facts.states = &states;
  facts.submissions = world.facts.submissions;
  Measure("ruling", protocols, world.requests,
          [&](const AccessRequest& request) { return gatekeeper.Decide(request, facts).permit; });
  Measure("ruling in words", protocols, world.requests,
          [&](const AccessRequest& request) { return gatekeeper.Rule(request, facts).ruling.permit; });
}

// ---- duties ----

policy::DutyTerms To(std::string to, int64_t width = 0) {
  policy::DutyTerms terms;
  terms.to = std::move(to);
  terms.width = width;
  return terms;
}

struct Work {
  policy::PolicySet policies;
  policy::Share share;
  Materials materials;

  // 20 fields: one pseudonym, five masked, nine generalised, five as they are.
  Work() {
    using data::LogicalType;
    std::vector<data::Field> fields;
    const auto add = [&](std::string name, LogicalType type, std::string duty, policy::DutyTerms terms) {
      fields.push_back({.name = name, .type = type});
      share.fields.push_back({std::move(name), std::move(duty), std::move(terms), {}});
    };
    policy::DutyTerms last_three;
    last_three.keep_last = 3;
    add("id", LogicalType::kString, "pseudonymise", {});
    for (int i = 0; i < 5; ++i) add(fmt::format("phone_{}", i), LogicalType::kString, "mask", last_three);
    for (int i = 0; i < 3; ++i) add(fmt::format("date_{}", i), LogicalType::kDate, "generalise", To("month"));
    for (int i = 0; i < 2; ++i)
      add(fmt::format("born_{}", i), LogicalType::kDate, "generalise", To("age_band", 5));
    for (int i = 0; i < 2; ++i)
      add(fmt::format("postcode_{}", i), LogicalType::kString, "generalise", To("sector"));
    policy::DutyTerms ward = To("ward");
    ward.via.table = "lookup";
    for (int i = 0; i < 2; ++i) add(fmt::format("area_{}", i), LogicalType::kString, "generalise", ward);
    for (int i = 0; i < 5; ++i) add(fmt::format("plain_{}", i), LogicalType::kString, "release", {});
    share.id = "records";
    share.dataset = DatasetId("work");
    policy::Contract contract;
    contract.name = "work";
    contract.objects = {ObjectOf("work", fields)};
    policies.contracts.push_back(std::move(contract));
    auto table = std::make_shared<LookupTable>();
    for (int i = 0; i < 5'000; ++i)
      table->values[fmt::format("E01{:06}", i)] = fmt::format("E05{:06}", i / 5);
    materials.key = PseudonymKey{"k", std::string(32, 'k')};
    for (const policy::FieldDuty& duty : share.fields) {
      if (duty.terms.via.present()) materials.lookups[LookupName(duty)] = table;
    }
  }
};

data::Batch BatchOf(const std::shared_ptr<const data::Schema>& schema, size_t first, size_t rows) {
  data::Batch batch;
  batch.schema = schema;
  for (const data::Field& field : schema->fields) {
    auto text = std::make_shared<data::TextColumn>();
    for (size_t row = first; row < first + rows; ++row) {
      const size_t spread = row * 2'654'435'761 % 1'000'003;
      if (field.type == data::LogicalType::kDate) {
        text->Append(data::DateText(static_cast<int64_t>(spread % 20'000)));
      } else if (field.name.starts_with("postcode")) {
        text->Append(fmt::format("DE{} {}AB", spread % 90 + 1, spread % 10));
      } else if (field.name.starts_with("area")) {
        text->Append(fmt::format("E01{:06}", spread % 5'000));
      } else {
        text->Append(fmt::format("07700{:06}", spread));
      }
    }
    data::Column column{.field = &field, .text = text};
    data::CellParser::Create(field)->Fill(column);
    batch.columns.push_back(std::move(column));
  }
  batch.records.resize(rows);
  batch.lines.resize(rows);
  return batch;
}

int MeasureDuties(size_t records) {
  const Work work;
  const auto schema = work.policies.contracts[0].objects[0].schema;
  constexpr size_t kRows = 4'096;
  std::vector<data::Batch> batches;
  for (size_t i = 0; i < 8; ++i) batches.push_back(BatchOf(schema, i * kRows, kRows));
  AccessRequest request;
  request.time = absl::Now();
  const auto release = Release::Create(work.policies, work.share, schema, request, work.materials);
  if (!release.ok()) {
    fmt::print(stderr, "{}\n", std::string(release.status().message()));
    return 1;
  }
  size_t done = 0;
  const Clock::time_point start = Clock::now();
  while (done < records) {
    const auto rows = release->Apply(batches[done / kRows % batches.size()]);
    if (!rows.ok()) return 1;
    done += rows->rows();
  }
  const double seconds = NanosSince(start) / 1e9;
  fmt::print("duties: {} records of {} fields in {:.2f} s, {:.0f} records a second, each verified\n", done,
             schema->fields.size(), seconds, static_cast<double>(done) / seconds);
  return 0;
}

}  // namespace
}  // namespace concordat::sharing

int main(int argc, char** argv) {
  for (const size_t protocols : {100, 1'000, 10'000}) concordat::sharing::MeasureRulings(protocols);
  return concordat::sharing::MeasureDuties(argc > 1 ? static_cast<size_t>(std::atoll(argv[1])) : 400'000);
}
