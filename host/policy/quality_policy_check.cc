#include "host/policy/quality_policy_check.h"

#include <functional>
#include <set>

#include "fmt/format.h"

namespace concordat::policy {
namespace {

class ClauseChecker {
 public:
  ClauseChecker(const PolicySet& set, const PolicyFolder& folder, Issues& issues)
      : set_(set), folder_(folder), policy_(*set.quality_policy), issues_(issues) {
    for (const QualityClause& clause : policy_.clauses) ids_.push_back(clause.id);
  }

  void Check() {
    CheckPartners();
    for (const Contract& contract : set_.contracts) {
      for (const ContractObject& object : contract.objects) {
        for (const RuleSpec& rule : object.rules) CheckRule(contract, rule);
      }
    }
    for (const AssessmentTemplate& assessment : set_.templates) CheckItems(assessment);
    // What could not be read may well cite them.
    if (folder_.incomplete.contains(DocumentKind::kContract) ||
        folder_.incomplete.contains(DocumentKind::kTemplate))
      return;
    for (const QualityClause& clause : policy_.clauses) CheckUsed(clause);
  }

 private:
  void CheckPartners() {
    const Node document = folder_.DocumentAt(policy_.place);
    CheckPartner(policy_.owner_partner.str(), document["owner"]["partner"].place());
    for (const Node& party : document["parties"].items()) CheckPartner(party.text(), party.place());
  }

  void CheckPartner(const std::string& partner, const Place& place) {
    if (partner.empty() || set_.FindPartner(PartnerId(partner)) != nullptr ||
        folder_.incomplete.contains(DocumentKind::kPartner))
      return;
    std::vector<std::string> known;
    for (const Partner& entry : set_.partners) known.push_back(entry.id.str());
    issues_.Error(place, "unknown-partner", fmt::format("there is no partner \"{}\"", partner),
                  DidYouMean(partner, known));
  }

  void CheckRule(const Contract& contract, const RuleSpec& rule) {
    kinds_.insert(rule.kind);
    dimensions_.insert(rule.dimension);
    const QualityClause* clause = policy_.Behind(rule.clause, rule.kind, rule.dimension);
    if (clause != nullptr) {
      cited_.insert(clause->id);
    } else if (!rule.clause.empty()) {
      UnknownClause(rule.clause, rule.clause_place);
    } else if (!rule.native) {
      issues_.Warn(
          rule.place, "no-clause",
          fmt::format("no clause of {} says why {} has the rule {}", policy_.id, contract.name, rule.id),
          "cite one: customProperties: [{property: clause, value: ...}], or let a clause cover its kind or "
          "dimension");
    }
  }

  void CheckItems(const AssessmentTemplate& assessment) {
    for (const AssessmentTheme& theme : assessment.themes) {
      for (const AssessmentItem& item : theme.items) {
        for (const std::string& clause : item.clauses) {
          if (policy_.FindClause(clause) != nullptr) {
            cited_.insert(clause);
          } else {
            UnknownClause(clause, item.place);
          }
        }
      }
    }
  }

  void UnknownClause(const std::string& clause, const Place& place) {
    issues_.Error(place, "unknown-clause", fmt::format("{} has no clause \"{}\"", policy_.id, clause),
                  DidYouMean(clause, ids_));
  }

  void CheckUsed(const QualityClause& clause) {
    for (const std::string& kind : clause.kinds) {
      if (kinds_.contains(kind)) continue;
      Unused(
          clause,
          fmt::format("no contract has a rule of kind \"{}\" for clause {} to stand behind", kind, clause.id),
          DidYouMean(kind, {kinds_.begin(), kinds_.end()}));
    }
    for (const record::Dimension dimension : clause.dimensions) {
      if (dimensions_.contains(dimension)) continue;
      Unused(clause,
             fmt::format("no contract has a rule of dimension {} for clause {} to stand behind",
                         record::DimensionName(dimension), clause.id),
             "take the dimension out, or write the rule");
    }
    if (cited_.contains(clause.id)) return;
    Unused(clause, fmt::format("no rule and no question cites clause {}", clause.id),
           "a rule cites it with customProperties: clause, a question of an assessment with clauses: [...]");
  }

  void Unused(const QualityClause& clause, std::string message, std::string hint) {
    issues_.Warn(clause.place, "unused-clause", std::move(message), std::move(hint));
  }

  const PolicySet& set_;
  const PolicyFolder& folder_;
  const QualityPolicy& policy_;
  Issues& issues_;
  std::vector<std::string> ids_;
  std::set<std::string> cited_;
  std::set<std::string> kinds_;
  std::set<record::Dimension> dimensions_;
};

}  // namespace

void CheckQualityPolicy(const PolicySet& set, const PolicyFolder& folder, Issues& issues) {
  if (set.quality_policy) ClauseChecker(set, folder, issues).Check();
}

}  // namespace concordat::policy
