#include "host/flows/partner_checklist.h"

#include <algorithm>
#include <set>

#include "fmt/format.h"
#include "host/identity/certificate.h"

namespace concordat::flows {
namespace {

struct Step {
  std::string id;
  std::string title;
  bool done = false;
  bool known = true;
  std::string detail;
  std::string command;
};

std::vector<const policy::Feed*> FeedsOf(const policy::PolicySet& policies, const PartnerId& partner) {
  std::vector<const policy::Feed*> feeds;
  for (const policy::Feed& feed : policies.feeds) {
    if (feed.partner == partner) feeds.push_back(&feed);
  }
  return feeds;
}

Step KnownStep(const policy::PolicySet& policies, const PartnerId& partner) {
  const policy::Partner* known = policies.FindPartner(partner);
  return {"partner",
          "the partner stands in the policies",
          known != nullptr,
          true,
          known == nullptr ? fmt::format("there is no partners/{}.yaml", partner.str()) : known->name,
          fmt::format("concordat partner add {} --name \"...\" --sector public", partner.str())};
}

std::string ProposeFeed(const PartnerId& partner) {
  return fmt::format(
      "concordat feed propose EXTRACT.csv --dataset DATASET --partner {0} -o policies/feeds/{0}-DATASET.yaml",
      partner.str());
}

Step ContractStep(const policy::PolicySet& policies, const std::vector<const policy::Feed*>& feeds,
                  const PartnerId& partner) {
  std::string names;
  std::set<std::string> seen;
  for (const policy::Feed* feed : feeds) {
    if (policies.FindDataset(feed->dataset()).first == nullptr) continue;
    if (!seen.insert(feed->dataset().str()).second) continue;
    names += (names.empty() ? "" : ", ") + feed->dataset().str();
  }
  return {
      "contract",
      "a data contract says what its data must be",
      !names.empty(),
      true,
      names.empty() ? "no dataset of this partner has one" : names,
      fmt::format("{0}   (a dataset that has no contract yet: concordat contract propose EXTRACT.csv --name "
                  "DATASET --partner {1} -o policies/contracts/DATASET.odcs.yaml --feed "
                  "policies/feeds/{1}-DATASET.yaml)",
                  ProposeFeed(partner), partner.str())};
}

Step FeedStep(const std::vector<const policy::Feed*>& feeds, const PartnerId& partner) {
  std::string names;
  for (const policy::Feed* feed : feeds) names += (names.empty() ? "" : ", ") + feed->id.str();
  return {
      "feed",
      "a feed says how its files are read, and when they are due",
      !feeds.empty(),
      true,
      names.empty() ? "no feed names this partner" : names,
      ProposeFeed(partner) + "   (read it, then: concordat policy lint policies && concordat host reload)"};
}

Step AdapterStep(const std::vector<const policy::Feed*>& feeds, const adapters::Catalog* catalog) {
  Step step{"adapter",
            "the adapters of its feeds are in use",
            !feeds.empty(),
            catalog != nullptr,
            "",
            "concordat adapter list"};
  for (const policy::Feed* feed : feeds) {
    const bool found = catalog == nullptr || catalog->Find(feed->adapter) != nullptr;
    if (!found) step.done = false;
    step.detail +=
        fmt::format("{}{}{}", step.detail.empty() ? "" : ", ", feed->adapter, found ? "" : " (not in use)");
  }
  if (catalog == nullptr) step.done = false;
  return step;
}

std::string CertificateDetail(const PartnerFacts& facts) {
  std::string names;
  for (const store::Enrolment& one : facts.certificates) names += (names.empty() ? "" : ", ") + one.name;
  if (!names.empty()) return names;
  if (!facts.waiting.empty()) return fmt::format("request {} waits for approval", facts.waiting.front().id);
  return facts.invited ? "invited; the code is not used yet" : "no steward has a valid certificate";
}

Step CertificateStep(const std::optional<PartnerFacts>& facts, const PartnerId& partner) {
  Step step{"certificate",
            "a steward has a certificate",
            false,
            facts.has_value(),
            "",
            fmt::format("concordat partner invite {} --role steward --name NAME", partner.str())};
  if (!facts) return step;
  step.done = !facts->certificates.empty();
  step.detail = CertificateDetail(*facts);
  if (!facts->waiting.empty())
    step.command = fmt::format("concordat partner approve {} --key-code CODE", facts->waiting.front().id);
  return step;
}

// A check stores nothing, so that only what follows it can be seen.
std::vector<Step> SubmissionSteps(const std::optional<PartnerFacts>& facts,
                                  const std::vector<const policy::Feed*>& feeds) {
  const std::string feed = feeds.empty() ? "FEED" : feeds.front()->id.str();
  const bool known = facts.has_value();
  const size_t attempts = known ? facts->attempts : 0;
  const size_t accepted = known ? facts->accepted : 0;
  return {
      {"check", "a first file was checked", attempts > 0, known,
       attempts > 0 ? "" : "a check stores nothing: this counts as done with the first submission",
       fmt::format("concordat check FILE --feed {} --period PERIOD", feed)},
      {"submission", "a first file was submitted", attempts > 0, known, fmt::format("{} so far", attempts),
       fmt::format("concordat submit FILE --feed {} --period PERIOD", feed)},
      {"accepted", "a first submission was accepted", accepted > 0, known, known ? facts->first_accepted : "",
       attempts > 0 ? "concordat submission list, then concordat submission findings ID --to-mend FILE.csv"
                    : fmt::format("concordat submit FILE --feed {} --period PERIOD", feed)}};
}

bool IsValidAt(const store::Enrolment& enrolment, absl::Time now) {
  if (enrolment.revoked) return false;
  const auto certificate = identity::ReadCertificate(enrolment.certificate);
  return certificate.ok() && certificate->not_after > now;
}

bool IsStewardOf(const std::string& spiffe_id, const PartnerId& partner) {
  const auto holder = identity::ParseSpiffeId(spiffe_id);
  return holder.ok() && holder->partner == partner && holder->role == "steward";
}

absl::StatusOr<PartnerFacts> FactsOf(const HostParts& host, const PartnerId& partner) {
  PartnerFacts facts;
  const absl::Time now = host.clock->Now();
  ASSIGN_OR_RETURN(const std::vector<store::Enrolment> enrolments, host.store->ListEnrolments());
  for (const store::Enrolment& one : enrolments) {
    if (one.partner == partner && one.role == "steward" && IsValidAt(one, now))
      facts.certificates.push_back(one);
  }
  const store::AdministrationStore& administration = store::AdministrationOf(*host.store);
  ASSIGN_OR_RETURN(const std::vector<store::Invitation> invitations, administration.Invitations());
  for (const store::Invitation& one : invitations) {
    if (one.state == "open" && one.expires > now && IsStewardOf(one.spiffe_id, partner)) facts.invited = true;
  }
  ASSIGN_OR_RETURN(const std::vector<store::EnrolmentRequest> requests, administration.EnrolmentRequests());
  for (const store::EnrolmentRequest& one : requests) {
    if (one.state == "waiting" && IsStewardOf(one.spiffe_id, partner)) facts.waiting.push_back(one);
  }
  store::SubmissionStore::Filter filter;
  filter.partner = partner;
  filter.brief = true;
  ASSIGN_OR_RETURN(const std::vector<store::Attempt> attempts, host.store->List(filter));
  facts.attempts = attempts.size();
  for (const store::Attempt& attempt : attempts) {
    if (attempt.verdict == record::Verdict::kReject) continue;
    ++facts.accepted;
    facts.first_accepted = attempt.id.str();  // newest first: the last one stays
  }
  return facts;
}

}  // namespace

json::Object PartnerSteps(const policy::PolicySet& policies, const adapters::Catalog* catalog,
                          const std::optional<PartnerFacts>& facts, const PartnerId& partner) {
  const std::vector<const policy::Feed*> feeds = FeedsOf(policies, partner);
  std::vector<Step> steps{KnownStep(policies, partner), ContractStep(policies, feeds, partner),
                          FeedStep(feeds, partner), AdapterStep(feeds, catalog),
                          CertificateStep(facts, partner)};
  for (Step& step : SubmissionSteps(facts, feeds)) steps.push_back(std::move(step));
  json::Array told;
  bool next_told = false;
  size_t done = 0;
  for (const Step& step : steps) {
    std::string state = step.done ? "done" : !step.known ? "unknown" : next_told ? "later" : "next";
    next_told = next_told || state == "next";
    done += step.done ? 1 : 0;
    json::Object one{{"id", step.id}, {"title", step.title}, {"state", state}, {"detail", step.detail}};
    if (!step.done) one["command"] = step.command;
    told.push_back(std::move(one));
  }
  return {{"partner", partner.str()},
          {"known", policies.FindPartner(partner) != nullptr},
          {"steps", std::move(told)},
          {"done", done},
          {"total", steps.size()}};
}

absl::StatusOr<json::Value> PartnerProgress(const HostParts& host, const Caller& caller,
                                            const PartnerId& partner) {
  if (caller.partner != partner || caller.partner.str().empty())
    RETURN_IF_ERROR(RequireAdministrator(caller, "see how far another partner is"));
  const auto policies = host.policies->Get();
  ASSIGN_OR_RETURN(const PartnerFacts facts, FactsOf(host, partner));
  return PartnerSteps(*policies->set, host.Adapters().get(), facts, partner);
}

}  // namespace concordat::flows
