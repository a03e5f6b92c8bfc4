#include "fmt/format.h"
#include "host/expr/report.h"
#include "host/sharing/duties/duty.h"
#include "host/sharing/gatekeeper.h"
#include "host/sharing/share_condition.h"

namespace concordat::sharing {
namespace {

std::vector<std::string> FieldNames(const data::Schema& schema) {
  std::vector<std::string> names;
  for (const data::Field& field : schema.fields) names.push_back(field.name);
  return names;
}

void LintFields(const policy::Share& share, const data::Schema& schema, Issues& issues) {
  for (const policy::FieldDuty& field : share.fields) {
    if (!schema.Find(field.field)) {
      issues.Error(field.place, "unknown-field",
                   fmt::format("dataset {} has no field \"{}\"", share.dataset.str(), field.field),
                   DidYouMean(field.field, FieldNames(schema)));
    }
    if (FindDuty(field.duty) != nullptr) continue;
    std::vector<std::string> duties;
    for (const DutyKind& duty : FieldDuties()) duties.emplace_back(duty.name);
    issues.Error(field.place, "unknown-duty",
                 fmt::format("the duty \"{}\" cannot be carried out", field.duty),
                 DidYouMean(field.duty, duties));
  }
}

void LintExpression(const std::string& text, const Place& place, const expr::Scope& scope, Issues& issues) {
  if (text.empty()) return;
  expr::ReportMistakes(expr::Program::Compile(text, scope).issues, place, issues);
}

}  // namespace

void LintProtocols(const policy::PolicySet& policies, Issues& issues) {
  for (const policy::SharingProtocol& protocol : policies.protocols) {
    for (const policy::Share& share : protocol.shares) {
      LintExpression(share.when, share.when_place, WhenScope(), issues);
      const policy::ContractObject* object = policies.FindDataset(share.dataset).second;
      if (object == nullptr) continue;  // reported where the files of the set are compared
      LintFields(share, *object->schema, issues);
      LintExpression(share.rows, share.rows_place, {.record = object->schema.get()}, issues);
    }
  }
}

}  // namespace concordat::sharing
