#include "host/sharing/filters.h"

#include "fmt/format.h"
#include "host/base/source.h"
#include "host/expr/report.h"
#include "host/sharing/output_shape.h"

namespace concordat::sharing {

WhereProblem JudgeWhere(const std::string& where, const policy::Share& share, const data::Schema& dataset) {
  if (where.empty()) return {};
  const data::Schema released = ReleasedSchema(share, dataset);
  std::vector<std::string> names;
  for (const data::Field& field : released.fields) names.push_back(field.name);
  // Names first: whether a field that is not shared exists, or of what type it is, is nobody's business.
  for (const std::string& name : expr::Program::RecordNamesIn(where)) {
    if (released.Find(name)) continue;
    return {"where_not_released",
            fmt::format("where names the field \"{}\", which {}; {}", name,
                        share.aggregate ? "is no key of what is released" : "is not released to you",
                        DidYouMean(name, names))};
  }
  const auto compiled = expr::Program::Compile(where, {.record = &released});
  if (compiled.issues.empty()) return {};
  return {"condition_failed",
          fmt::format("where is not understood: {}", expr::FirstMistake(compiled.issues))};
}

}  // namespace concordat::sharing
