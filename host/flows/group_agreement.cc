#include "host/flows/group_agreement.h"

#include <algorithm>

#include "host/flows/text_array.h"

namespace concordat::flows {
namespace {

assess::GroupRating RatingOf(const HostParts& host, const store::Assessment& assessment,
                             const AssessmentRecord& record) {
  const policy::Partner* partner = host.policies->Get()->set->FindPartner(assessment.partner);
  assess::GroupRating rating;
  rating.group = assessment.group;
  if (rating.group.empty()) rating.group = partner == nullptr ? assessment.partner.str() : partner->name;
  for (const auto& [id, item] : record.items) {
    if (item.level) rating.levels[id] = item.moderated ? item.moderated->to : *item.level;
  }
  return rating;
}

bool IsOpenedFor(const store::AssessmentCycle& cycle, const PartnerId& partner) {
  return std::find(cycle.partners.begin(), cycle.partners.end(), partner) != cycle.partners.end() ||
         std::any_of(cycle.groups.begin(), cycle.groups.end(),
                     [&](const auto& group) { return group.second == partner; });
}

}  // namespace

absl::StatusOr<bool> SeesRound(const HostParts& host, const Caller& caller, const std::string& template_id,
                               const std::string& cycle) {
  if (caller.administrator) return true;
  ASSIGN_OR_RETURN(const std::vector<store::AssessmentCycle> cycles, host.store->ListCycles(template_id));
  const bool invited = std::any_of(cycles.begin(), cycles.end(), [&](const store::AssessmentCycle& opened) {
    return opened.cycle == cycle && IsOpenedFor(opened, caller.partner);
  });
  if (!invited) return false;
  ASSIGN_OR_RETURN(const std::vector<store::Assessment> own, host.store->ListAssessments(caller.partner));
  return std::any_of(own.begin(), own.end(), [&](const store::Assessment& one) {
    return one.template_id == template_id && one.cycle == cycle && one.state != "open";
  });
}

absl::StatusOr<std::optional<GroupRound>> RoundOf(const HostParts& host, const Caller& caller,
                                                  const std::string& template_id, const std::string& cycle) {
  ASSIGN_OR_RETURN(const bool sees_all, SeesRound(host, caller, template_id, cycle));
  ASSIGN_OR_RETURN(const std::vector<store::Assessment> all, host.store->ListAssessments(std::nullopt));
  GroupRound round;
  std::vector<assess::GroupRating> ratings;
  for (const store::Assessment& assessment : all) {
    if (assessment.template_id != template_id || assessment.cycle != cycle || assessment.state == "open")
      continue;
    if (!sees_all && !RequireReader(caller, assessment).ok()) continue;
    ASSIGN_OR_RETURN(OpenedAssessment opened, OpenAssessment(host, assessment.id));
    ratings.push_back(RatingOf(host, assessment, opened.record));
    round.partners.push_back(assessment.partner);
    round.groups.push_back(ratings.back().group);
    round.form = std::move(opened.form);
  }
  if (ratings.size() < 2 || !round.form.several_groups) return std::optional<GroupRound>();
  round.agreement = assess::AgreementOf(round.form, ratings);
  return std::optional<GroupRound>(std::move(round));
}

json::Value RoundJson(const GroupRound& round) {
  json::Array stages;
  for (const assess::StageAgreement& stage : round.agreement.stages) {
    json::Object ratings;
    for (const auto& [group, level] : stage.ratings)
      ratings[group] = level ? json::Value(*level) : json::Value(nullptr);
    const policy::AssessmentItem* item = round.form.FindItem(stage.item);
    stages.push_back(json::Object{{"item", stage.item},
                                  {"question", item == nullptr ? stage.item : item->question},
                                  {"ratings", std::move(ratings)},
                                  {"distance", stage.distance},
                                  {"exact", stage.exact},
                                  {"agreedRed", stage.agreed_red},
                                  {"contested", stage.contested}});
  }
  return json::Object{
      {"groups", TextArray(round.groups)},
      {"stages", std::move(stages)},
      {"exactShare", round.agreement.exact_share},
      {"meanDistance", round.agreement.mean_distance},
      {"kappa", round.agreement.kappa ? json::Value(*round.agreement.kappa) : json::Value(nullptr)},
      {"ratedByAll", round.agreement.rated_by_all}};
}

}  // namespace concordat::flows
