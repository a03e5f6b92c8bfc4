#include <algorithm>

#include "fmt/format.h"
#include "host/expr/report.h"
#include "host/sharing/duties/duty.h"
#include "host/sharing/gatekeeper.h"
#include "host/sharing/lookup.h"
#include "host/sharing/output_shape.h"
#include "host/sharing/share_condition.h"

namespace concordat::sharing {
namespace {

std::vector<std::string> FieldNames(const data::Schema& schema) {
  std::vector<std::string> names;
  for (const data::Field& field : schema.fields) names.push_back(field.name);
  return names;
}

bool Holds(const std::vector<std::string>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

void ReportUnknownField(const std::string& field, const Place& place, const policy::Share& share,
                        const data::Schema& schema, Issues& issues) {
  issues.Error(place, "unknown-field",
               fmt::format("dataset {} has no field \"{}\"", share.dataset.str(), field),
               DidYouMean(field, FieldNames(schema)));
}

// The duty can be done to the field, and the table it looks values up in is there.
void LintDuty(const policy::PolicySet& policies, const policy::Share& share, const policy::FieldDuty& duty,
              const data::Schema& schema, Issues& issues) {
  std::string source = duty.field;
  if (duty.terms.via.present()) {
    const auto lookup = ResolveLookup(policies, duty, schema);
    if (!lookup.ok()) {
      issues.Error(duty.terms.via.place, "unknown-dataset", std::string(MessageOf(lookup.status())));
      return;
    }
    source = lookup->source;
  }
  const auto column = schema.Find(source);
  if (!column) return ReportUnknownField(source, duty.place, share, schema, issues);
  const DutyKind* kind = FindDuty(duty.duty);
  if (kind == nullptr) return;  // reported where the document is read
  if (std::string misfit = kind->misfit(duty.terms, schema.fields[*column]); !misfit.empty())
    issues.Error(duty.place, "wrong-duty", std::move(misfit), "choose another duty, or leave the field out");
}

void LintMeasures(const policy::Share& share, const data::Schema& schema, Issues& issues) {
  for (const policy::AggregateMeasure& measure : share.aggregate->measures) {
    for (const std::string& field : {measure.field, measure.denominator}) {
      if (field.empty()) continue;
      const auto column = schema.Find(field);
      if (!column) {
        ReportUnknownField(field, measure.place, share, schema, issues);
        continue;
      }
      const data::LogicalType type = schema.fields[*column].type;
      if (type != data::LogicalType::kInteger && type != data::LogicalType::kNumber)
        issues.Error(measure.place, "wrong-type", fmt::format("\"{}\" is no number, so it has no sum", field),
                     "count the records, or name a field of numbers");
    }
  }
}

// A quasi-identifier tells people apart together with others; what the contract calls one must stand in the
// set over which k is kept, unless nothing of it leaves.
void LintQuasiIdentifiers(const policy::PolicySet& policies, const policy::Share& share, Issues& issues) {
  const policy::ContractObject& object = *policies.FindDataset(share.dataset).second;
  if (share.k_anonymity) {
    for (const std::string& name : share.k_anonymity->quasi_identifiers) {
      const bool released = std::any_of(share.fields.begin(), share.fields.end(),
                                        [&](const policy::FieldDuty& duty) { return duty.field == name; });
      if (!released)
        issues.Error(share.k_anonymity->place, "unknown-field",
                     fmt::format("the quasi-identifier \"{}\" is not released by this share", name),
                     "name only fields that leave");
    }
  }
  for (const policy::FieldDuty& duty : share.fields) {
    if (duty.duty == "redact" || !Holds(object.quasi_identifiers, duty.field)) continue;
    if (!share.k_anonymity) {
      issues.Warn(duty.place, "quasi-identifier",
                  fmt::format("\"{}\" is a quasi-identifier, and nothing says how many records must share it",
                              duty.field),
                  "duties: [{k_anonymity: {k: 5, quasi_identifiers: [...], max_suppressed: 2%}}]");
    } else if (!Holds(share.k_anonymity->quasi_identifiers, duty.field)) {
      issues.Error(
          duty.place, "quasi-identifier",
          fmt::format("\"{}\" is a quasi-identifier that leaves outside the set over which k is kept",
                      duty.field),
          fmt::format("add it to quasi_identifiers: [{}], redact it, or leave it out", duty.field));
    }
  }
}

void LintShare(const policy::PolicySet& policies, const policy::Share& share, const data::Schema& schema,
               Issues& issues) {
  for (const ShapedField& shaped : ShapedFields(share))
    LintDuty(policies, share, *shaped.duty, schema, issues);
  if (share.aggregate) LintMeasures(share, schema, issues);
  LintQuasiIdentifiers(policies, share, issues);
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
      LintShare(policies, share, *object->schema, issues);
      LintExpression(share.rows, share.rows_place, {.record = object->schema.get()}, issues);
    }
  }
}

}  // namespace concordat::sharing
