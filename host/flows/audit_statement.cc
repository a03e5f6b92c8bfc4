#include "host/flows/audit_statement.h"

#include <algorithm>
#include <map>

#include "fmt/format.h"
#include "host/flows/audit_views.h"

namespace concordat::flows {
namespace {

using Sums = std::vector<store::ReceiptSum>;

json::Array NamesOf(const std::vector<std::string>& names) {
  json::Array array;
  for (const std::string& name : names) array.emplace_back(name);
  return array;
}

json::Object About(const store::ReceiptSum& sum) {
  return {{"dataset", sum.dataset}, {"protocol", sum.protocol}, {"purpose", sum.purpose}};
}

// Disclosures line by line, and their totals.
struct Flow {
  json::Array lines;
  uint64_t disclosures = 0;
  uint64_t rows = 0;

  void Add(const store::ReceiptSum& sum) {
    json::Object line = About(sum);
    line["from"] = NamesOf(sum.givers);
    line["to"] = sum.partner;
    line["disclosures"] = sum.receipts;
    line["rows"] = sum.rows;
    lines.push_back(std::move(line));
    disclosures += sum.receipts;
    rows += sum.rows;
  }
  json::Object Totals() const { return {{"disclosures", disclosures}, {"rows", rows}}; }
};

struct Refusals {
  json::Array lines;
  uint64_t requests = 0;

  void Add(const store::ReceiptSum& sum, bool with_recipient) {
    json::Object line = About(sum);
    if (with_recipient) line["to"] = sum.partner;
    line["requests"] = sum.receipts;
    lines.push_back(std::move(line));
    requests += sum.receipts;
  }
};

bool Holds(const std::vector<PartnerId>& partners, const PartnerId& partner) {
  return std::find(partners.begin(), partners.end(), partner) != partners.end();
}

// Whether the partner's data was asked for: a refusal made before anything was read names no giver.
bool AsksFor(const policy::PolicySet& policies, const store::ReceiptSum& sum, const PartnerId& partner) {
  if (!sum.givers.empty())
    return std::find(sum.givers.begin(), sum.givers.end(), partner.str()) != sum.givers.end();
  for (const policy::SharingProtocol* protocol : policies.FindProtocol(ProtocolId(sum.protocol))) {
    for (const policy::Share& share : protocol->shares) {
      if (share.dataset.str() == sum.dataset && Holds(share.from, partner)) return true;
    }
  }
  return false;
}

// A refused request is a "deny"; a refusal of a submission is a "reject".
bool IsDeny(const store::ReceiptSum& sum) { return sum.kind == "refusal" && sum.decision == "deny"; }

json::Array SuppliedBy(const Sums& own, uint64_t& records) {
  std::map<std::string, json::Object> datasets;
  for (const store::ReceiptSum& sum : own) {
    const bool accepted = sum.kind == "submission" && !sum.dataset.empty();
    if (!accepted && (sum.kind != "refusal" || sum.decision != "reject")) continue;
    json::Object& line = datasets
                             .try_emplace(sum.dataset, json::Object{{"dataset", sum.dataset},
                                                                    {"submissions", uint64_t{0}},
                                                                    {"records", uint64_t{0}},
                                                                    {"rejected", uint64_t{0}}})
                             .first->second;
    const auto add = [&line](const char* name, uint64_t count) {
      line[name] = line[name].as_uint64() + count;
    };
    add(accepted ? "submissions" : "rejected", sum.receipts);
    if (!accepted) continue;
    add("records", sum.rows);
    records += sum.rows;
  }
  json::Array lines;
  for (auto& [dataset, line] : datasets) lines.push_back(std::move(line));
  return lines;
}

absl::Status CheckReader(const HostParts& host, const Caller& caller, const PartnerId& partner) {
  if (!SeesAll(caller) && caller.partner != partner) {
    return absl::PermissionDeniedError(fmt::format(
        "the statement of {} is for its own people, auditors and the host's administrator; this is {}",
        partner.str(), caller.spiffe_id));
  }
  if (host.policies->Get()->set->FindPartner(partner) != nullptr) return absl::OkStatus();
  return absl::NotFoundError(
      fmt::format("there is no partner \"{}\"; \"concordat catalog partners\" lists them", partner.str()));
}

}  // namespace

absl::StatusOr<json::Value> StatementOf(const HostParts& host, const Caller& caller, const PartnerId& partner,
                                        const TimeSpan& span) {
  RETURN_IF_ERROR(CheckReader(host, caller, partner));
  store::ReceiptFilter filter;
  filter.from = span.from;
  filter.until = span.until;
  filter.given_by = partner;
  filter.kind = "disclosure";
  ASSIGN_OR_RETURN(const Sums given, host.store->SumReceipts(filter));
  filter.given_by.reset();
  filter.given_to = partner;
  filter.kind.clear();
  ASSIGN_OR_RETURN(const Sums own, host.store->SumReceipts(filter));
  filter.given_to.reset();
  filter.kind = "refusal";
  ASSIGN_OR_RETURN(const Sums refusals, host.store->SumReceipts(filter));

  Flow gave, got;
  Refusals refused, was_refused;
  for (const store::ReceiptSum& sum : given) gave.Add(sum);
  for (const store::ReceiptSum& sum : own) {
    if (sum.kind == "disclosure") got.Add(sum);
    if (IsDeny(sum)) was_refused.Add(sum, /*with_recipient=*/false);
  }
  const auto policies = host.policies->Get();
  for (const store::ReceiptSum& sum : refusals) {
    if (IsDeny(sum) && AsksFor(*policies->set, sum, partner)) refused.Add(sum, /*with_recipient=*/true);
  }
  uint64_t records = 0;
  json::Array supplied = SuppliedBy(own, records);
  return json::Object{{"partner", partner.str()},
                      {"span", span.words},
                      {"supplied", std::move(supplied)},
                      {"gave", std::move(gave.lines)},
                      {"got", std::move(got.lines)},
                      {"refused", std::move(refused.lines)},
                      {"wasRefused", std::move(was_refused.lines)},
                      {"totals", json::Object{{"supplied", records},
                                              {"gave", gave.Totals()},
                                              {"got", got.Totals()},
                                              {"refused", refused.requests},
                                              {"wasRefused", was_refused.requests}}}};
}

}  // namespace concordat::flows
