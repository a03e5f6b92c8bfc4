#include "host/sharing/share_condition.h"

#include <algorithm>

#include "fmt/format.h"
#include "fmt/ranges.h"
#include "host/expr/report.h"

namespace concordat::sharing {
namespace {

using AttributeMap = std::map<std::string, expr::Value>;

// Of SPIFFE IDs (interfaces, "Roles"); an administrator is given no rows whatever a share says.
constexpr std::string_view kRoles[] = {"steward", "analyst", "delegate", "moderator", "auditor"};

void AddQuality(const std::vector<const SubmissionQuality*>& submissions, AttributeMap& attributes) {
  if (submissions.empty()) return;
  for (const auto& [what, first] : submissions.front()->scores) {
    double lowest = first;
    bool everywhere = true;
    for (const SubmissionQuality* submission : submissions) {
      const auto found = submission->scores.find(what);
      everywhere &= found != submission->scores.end();
      if (everywhere) lowest = std::min(lowest, found->second);
    }
    if (everywhere) attributes["quality." + what] = expr::Value{lowest};
  }
}

// The one thing that people can mend at once: to ask somebody of another role.
std::vector<std::string> RolesThatWould(const expr::Program& when, AttributeMap attributes,
                                        size_t most = std::size(kRoles)) {
  std::vector<std::string> roles;
  for (const std::string_view role : kRoles) {
    if (roles.size() == most) break;
    attributes["request.role"] = expr::Value{std::string(role)};
    const auto answer = when.Evaluate(attributes);
    if (answer.ok() && *answer == expr::Value{true}) roles.emplace_back(role);
  }
  return roles;
}

}  // namespace

expr::Scope WhenScope() {
  expr::Scope scope;
  scope.request = {"partner", "role", "user", "purpose", "time", "attributes"};
  scope.quality = true;
  return scope;
}

Condition::Condition(const std::string& when) : when_(when) {
  if (when.empty()) return;
  names_quality_ = Names("quality");
  for (const char* name :
       {"request.partner", "request.role", "request.user", "request.purpose", "request.time"}) {
    if (Names(name)) request_names_.emplace_back(name);
  }
  auto compiled = expr::Program::Compile(when, WhenScope());
  if (compiled.issues.empty()) {
    program_ = std::move(compiled.program);
  } else {
    mistake_ = expr::FirstMistake(compiled.issues);
  }
}

// Only what `when` names: to put everything together would cost more than to evaluate it.
std::map<std::string, expr::Value> Condition::Attributes(
    const AccessRequest& request, const std::vector<const SubmissionQuality*>& submissions) const {
  AttributeMap attributes;
  for (const std::string& name : request_names_) {
    expr::Value& value = attributes[name];
    if (name == "request.partner") value.v = request.partner.str();
    if (name == "request.role") value.v = request.role;
    if (name == "request.user") value.v = request.user;
    if (name == "request.purpose") value.v = request.purpose;
    if (name == "request.time") value.v = expr::Value::Timestamp{absl::ToUnixMicros(request.time)};
  }
  for (const auto& [name, value] : request.attributes) {
    if (Names(name)) attributes["request.attributes." + name] = value;
  }
  if (names_quality_) AddQuality(submissions, attributes);
  return attributes;
}

absl::StatusOr<bool> Condition::Holds(const AccessRequest& request,
                                      const std::vector<const SubmissionQuality*>& submissions) const {
  if (always()) return true;
  if (!mistake_.empty())
    return absl::InvalidArgumentError(fmt::format("when is not understood: {}", mistake_));
  const absl::StatusOr<expr::Value> answer = program_.Evaluate(Attributes(request, submissions));
  if (!answer.ok())
    return absl::InvalidArgumentError(
        fmt::format("when cannot be evaluated: {}", MessageOf(answer.status())));
  if (const bool* truth = std::get_if<bool>(&answer->v)) return *truth;
  return absl::InvalidArgumentError("when comes to something that is neither true nor false");
}

std::string_view Condition::CauseOf(const AccessRequest& request,
                                    const std::vector<const SubmissionQuality*>& submissions) const {
  const absl::StatusOr<bool> holds = Holds(request, submissions);
  if (!holds.ok()) return "condition_failed";
  if (*holds) return {};
  if (!Names("request.role")) return "condition_false";
  return RolesThatWould(program_, Attributes(request, submissions), /*most=*/1).empty() ? "condition_false"
                                                                                        : "role";
}

WhenVerdict Condition::Judge(const AccessRequest& request,
                             const std::vector<const SubmissionQuality*>& submissions) const {
  const absl::StatusOr<bool> holds = Holds(request, submissions);
  if (!holds.ok()) return {"condition_failed", std::string(MessageOf(holds.status())), {}};
  if (*holds) return {};
  std::vector<std::string> roles = RolesThatWould(program_, Attributes(request, submissions));
  if (roles.empty()) return {"condition_false", fmt::format("the condition does not hold: {}", when_), {}};
  std::string message = fmt::format("the role {} may not have the data: {}", request.role, when_);
  return {"role", std::move(message), std::move(roles)};
}

}  // namespace concordat::sharing
