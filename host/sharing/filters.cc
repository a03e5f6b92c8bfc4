#include "host/sharing/filters.h"

#include <algorithm>

#include "fmt/format.h"
#include "host/base/source.h"
#include "host/expr/report.h"

namespace concordat::sharing {
namespace {

std::vector<std::string> SharedNames(const policy::Share& share) {
  std::vector<std::string> names;
  for (const policy::FieldDuty& field : share.fields) names.push_back(field.field);
  return names;
}

}  // namespace

const policy::FieldDuty* FindField(const policy::Share& share, std::string_view field) {
  const auto found = std::find_if(share.fields.begin(), share.fields.end(),
                                  [&](const policy::FieldDuty& duty) { return duty.field == field; });
  return found == share.fields.end() ? nullptr : &*found;
}

WhereProblem JudgeWhere(const std::string& where, const policy::Share& share, const data::Schema& schema) {
  if (where.empty()) return {};
  // Names first: whether a field that is not shared exists, or of what type it is, is nobody's business.
  for (const std::string& name : expr::Program::RecordNamesIn(where)) {
    const policy::FieldDuty* field = FindField(share, name);
    if (field == nullptr) {
      return {"field_not_shared", fmt::format("where names the field \"{}\", which is not shared; {}", name,
                                              DidYouMean(name, SharedNames(share)))};
    }
    if (field->duty != "release") {
      return {"where_not_released",
              fmt::format("where names the field \"{}\", which is not released as it is ({})", name,
                          field->duty)};
    }
  }
  const auto compiled = expr::Program::Compile(where, {.record = &schema});
  if (compiled.issues.empty()) {
    // Once more by what the expression really reads, should it ever learn to reach a field by another way
    // than its name.
    for (const size_t index : compiled.program.fields()) {
      const policy::FieldDuty* field = FindField(share, schema.fields[index].name);
      if (field == nullptr || field->duty != "release")
        return {"where_not_released", "where reads a field that is not released as it is"};
    }
    return {};
  }
  return {"condition_failed",
          fmt::format("where is not understood: {}", expr::FirstMistake(compiled.issues))};
}

absl::StatusOr<std::vector<const policy::FieldDuty*>> SelectFields(const policy::Share& share,
                                                                   const std::vector<std::string>& select) {
  std::vector<const policy::FieldDuty*> fields;
  for (const std::string& name : select.empty() ? SharedNames(share) : select) {
    const policy::FieldDuty* field = FindField(share, name);
    if (field == nullptr) {
      return absl::InvalidArgumentError(
          fmt::format("the field \"{}\" is not shared; {}", name, DidYouMean(name, SharedNames(share))));
    }
    if (std::find(fields.begin(), fields.end(), field) == fields.end()) fields.push_back(field);
  }
  return fields;
}

}  // namespace concordat::sharing
