#include "host/flows/confidence.h"

#include <cmath>
#include <set>

#include "host/flows/disputes.h"
#include "host/flows/feed_course.h"
#include "host/flows/partner_history.h"
#include "host/flows/standing_assessments.h"

namespace concordat::flows {
namespace {

absl::StatusOr<uint64_t> OpenDisputes(const HostParts& host, const PartnerId& partner,
                                      const DatasetId& dataset) {
  store::SubmissionStore::Filter filter;
  filter.partner = partner;
  filter.dataset = dataset;
  filter.current_only = true;
  filter.brief = true;
  ASSIGN_OR_RETURN(const std::vector<store::Attempt> current, host.store->List(filter));
  uint64_t open = 0;
  for (const store::Attempt& attempt : current) {
    ASSIGN_OR_RETURN(const DisputeCounts disputes, DisputesOf(host, attempt));
    open += disputes.open;
  }
  return open;
}

// What is known of a partner whatever the dataset.
struct PartnerFacts {
  assess::History history;
  std::optional<assess::StandingAssessment> assessment;
};

absl::StatusOr<PartnerFacts> FactsOf(const HostParts& host, const PartnerId& partner, absl::Time now) {
  PartnerFacts facts;
  ASSIGN_OR_RETURN(facts.history, HistoryOfPartner(host, partner, now));
  ASSIGN_OR_RETURN(
      facts.assessment,
      StandingLevelOf(host, partner, host.policies->Get()->set->partnership.confidence_template, now));
  return facts;
}

absl::StatusOr<assess::Confidence> Grade(const HostParts& host, const PartnerFacts& facts,
                                         const PartnerId& partner, const DatasetId& dataset, absl::Time now) {
  ASSIGN_OR_RETURN(const uint64_t disputes, OpenDisputes(host, partner, dataset));
  return assess::ConfidenceFrom({dataset.str(), &facts.history, facts.assessment, disputes, now});
}

// Without what the partner claimed of itself, and the points that would give it away.
void Withhold(assess::Confidence& confidence) {
  std::erase_if(confidence.components,
                [](const assess::ConfidenceComponent& part) { return part.id == "self_assessment"; });
  if (confidence.capped_by == "self_assessment") confidence.capped_by.clear();
  confidence.why = assess::ConfidenceInWords(confidence);
}

json::Object ComponentJson(const assess::ConfidenceComponent& part) {
  json::Object json{
      {"id", part.id}, {"name", part.name}, {"essential", part.essential}, {"weight", part.weight}};
  json["grade"] = part.grade ? json::Value(std::string(1, *part.grade)) : json::Value(nullptr);
  json["measured"] = part.grade.has_value();
  json["reason"] = part.reason;
  return json;
}

json::Object GradeJson(const policy::PolicySet& set, const DatasetConfidence& one, bool own) {
  assess::Confidence confidence = one.confidence;
  if (!own) Withhold(confidence);
  const policy::Partner* partner = set.FindPartner(one.partner);
  json::Object json{{"partner", one.partner.str()}};
  json["partnerName"] = partner == nullptr ? one.partner.str() : partner->name;
  json["dataset"] = one.dataset.str();
  json["grade"] = std::string(1, confidence.grade);
  json["points"] = own ? json::Value(std::round(confidence.points * 1000) / 1000) : json::Value(nullptr);
  json["why"] = confidence.why;
  json["cappedBy"] = confidence.capped_by.empty() ? json::Value(nullptr) : json::Value(confidence.capped_by);
  json::Array components;
  for (const assess::ConfidenceComponent& part : confidence.components)
    components.push_back(ComponentJson(part));
  json["components"] = std::move(components);
  return json;
}

}  // namespace

absl::StatusOr<assess::Confidence> ConfidenceOf(const HostParts& host, const PartnerId& partner,
                                                const DatasetId& dataset, absl::Time now) {
  ASSIGN_OR_RETURN(const PartnerFacts facts, FactsOf(host, partner, now));
  return Grade(host, facts, partner, dataset, now);
}

absl::StatusOr<std::vector<DatasetConfidence>> ConfidenceOfAll(const HostParts& host,
                                                               const PartnerId& partner,
                                                               const DatasetId& dataset, absl::Time now) {
  const std::shared_ptr<const LoadedPolicies> policies = host.policies->Get();
  ASSIGN_OR_RETURN(const std::vector<FeedCourse> courses,
                   CoursesOf(host, *policies->set, {FeedId(), dataset, partner}, now));
  std::set<std::pair<PartnerId, DatasetId>> pairs;
  for (const FeedCourse& course : courses) pairs.emplace(course.partner, course.dataset);
  std::vector<DatasetConfidence> all;
  PartnerFacts facts;
  const PartnerId* last = nullptr;
  for (const auto& [supplier, supplied] : pairs) {
    if (last == nullptr || *last != supplier) {
      ASSIGN_OR_RETURN(facts, FactsOf(host, supplier, now));
    }
    last = &supplier;
    ASSIGN_OR_RETURN(assess::Confidence confidence, Grade(host, facts, supplier, supplied, now));
    all.push_back({supplier, supplied, std::move(confidence)});
  }
  return all;
}

absl::StatusOr<json::Value> ConfidenceList(const HostParts& host, const Caller& caller,
                                           const PartnerId& partner, const DatasetId& dataset) {
  const absl::Time now = host.clock->Now();
  ASSIGN_OR_RETURN(const std::vector<DatasetConfidence> all, ConfidenceOfAll(host, partner, dataset, now));
  const std::shared_ptr<const LoadedPolicies> policies = host.policies->Get();
  json::Array grades;
  for (const DatasetConfidence& one : all)
    grades.push_back(GradeJson(*policies->set, one, caller.administrator || caller.partner == one.partner));
  json::Array method;
  for (const std::string_view line : assess::ConfidenceMethod()) method.emplace_back(std::string(line));
  return json::Object{{"asOf", TimeText(now)}, {"method", std::move(method)}, {"grades", std::move(grades)}};
}

}  // namespace concordat::flows
