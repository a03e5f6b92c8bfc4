#include "host/sharing/output_shape.h"

#include <algorithm>

#include "fmt/format.h"
#include "host/sharing/duties/duty.h"

namespace concordat::sharing {
namespace {

const char* FunctionName(policy::AggregateMeasure::Function function) {
  switch (function) {
    case policy::AggregateMeasure::Function::kCount:
      return "count";
    case policy::AggregateMeasure::Function::kSum:
      return "sum";
    case policy::AggregateMeasure::Function::kMean:
      return "mean";
    case policy::AggregateMeasure::Function::kRatio:
      return "ratio";
  }
  return "";
}

data::Field ShapedAs(const ShapedField& shaped, const data::Schema& dataset) {
  data::Field field;
  const DutyKind* kind = FindDuty(shaped.duty->duty);
  if (const auto index = dataset.Find(shaped.duty->field); index && kind != nullptr && kind->keeps_type)
    field = dataset.fields[*index];
  field.name = shaped.name;
  return field;
}

}  // namespace

std::vector<ShapedField> ShapedFields(const policy::Share& share) {
  std::vector<ShapedField> shaped;
  if (share.aggregate) {
    for (const policy::GroupKey& key : share.aggregate->by) shaped.push_back({key.name, &key.source});
  } else {
    for (const policy::FieldDuty& duty : share.fields) shaped.push_back({duty.field, &duty});
  }
  return shaped;
}

std::vector<record::ReleasedField> ReleasedForms(const policy::Share& share) {
  std::vector<record::ReleasedField> forms;
  for (const ShapedField& shaped : ShapedFields(share)) forms.push_back({shaped.name, shaped.duty->duty});
  if (!share.aggregate) return forms;
  for (const policy::AggregateMeasure& measure : share.aggregate->measures)
    forms.push_back({measure.name, FunctionName(measure.function)});
  return forms;
}

data::Schema ReleasedSchema(const policy::Share& share, const data::Schema& dataset) {
  data::Schema schema;
  schema.dataset = dataset.dataset;
  for (const ShapedField& shaped : ShapedFields(share)) schema.fields.push_back(ShapedAs(shaped, dataset));
  return schema;
}

absl::StatusOr<std::vector<record::ReleasedField>> SelectForms(const policy::Share& share,
                                                               const std::vector<std::string>& select) {
  const std::vector<record::ReleasedField> all = ReleasedForms(share);
  if (select.empty()) return all;
  std::vector<record::ReleasedField> chosen;
  for (const std::string& name : select) {
    const auto same = [&](const record::ReleasedField& form) { return form.field == name; };
    const auto found = std::find_if(all.begin(), all.end(), same);
    if (found == all.end()) {
      std::vector<std::string> names;
      for (const record::ReleasedField& form : all) names.push_back(form.field);
      return absl::InvalidArgumentError(
          fmt::format("the field \"{}\" is not shared; {}", name, DidYouMean(name, names)));
    }
    if (std::none_of(chosen.begin(), chosen.end(), same)) chosen.push_back(*found);
  }
  return chosen;
}

}  // namespace concordat::sharing
