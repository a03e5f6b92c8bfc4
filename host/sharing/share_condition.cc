#include "host/sharing/share_condition.h"

#include <algorithm>

#include "fmt/format.h"
#include "fmt/ranges.h"
#include "host/expr/report.h"

namespace concordat::sharing {
namespace {

using Attributes = std::map<std::string, expr::Value>;

// Of SPIFFE IDs (interfaces, "Roles"); an administrator is given no rows whatever a share says.
constexpr std::string_view kRoles[] = {"steward", "analyst", "delegate", "moderator", "auditor"};

void AddQuality(const std::vector<const SubmissionQuality*>& submissions, Attributes& attributes) {
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

Attributes AttributesOf(const AccessRequest& request,
                        const std::vector<const SubmissionQuality*>& submissions) {
  Attributes attributes;
  attributes["request.partner"] = expr::Value{request.partner.str()};
  attributes["request.role"] = expr::Value{request.role};
  attributes["request.user"] = expr::Value{request.user};
  attributes["request.purpose"] = expr::Value{request.purpose};
  attributes["request.time"] = expr::Value{expr::Value::Timestamp{absl::ToUnixMicros(request.time)}};
  for (const auto& [name, value] : request.attributes) attributes["request.attributes." + name] = value;
  AddQuality(submissions, attributes);
  return attributes;
}

// The one thing that people can mend at once: to ask somebody of another role.
std::vector<std::string> RolesThatWould(const expr::Program& when, Attributes attributes) {
  std::vector<std::string> roles;
  for (const std::string_view role : kRoles) {
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
  auto compiled = expr::Program::Compile(when, WhenScope());
  if (compiled.issues.empty()) {
    program_ = std::move(compiled.program);
  } else {
    mistake_ = expr::FirstMistake(compiled.issues);
  }
}

absl::StatusOr<bool> Condition::Holds(const AccessRequest& request,
                                      const std::vector<const SubmissionQuality*>& submissions) const {
  if (always()) return true;
  if (!mistake_.empty())
    return absl::InvalidArgumentError(fmt::format("when is not understood: {}", mistake_));
  const absl::StatusOr<expr::Value> answer = program_.Evaluate(AttributesOf(request, submissions));
  if (!answer.ok())
    return absl::InvalidArgumentError(
        fmt::format("when cannot be evaluated: {}", MessageOf(answer.status())));
  if (const bool* truth = std::get_if<bool>(&answer->v)) return *truth;
  return absl::InvalidArgumentError("when comes to something that is neither true nor false");
}

WhenVerdict Condition::Judge(const AccessRequest& request,
                             const std::vector<const SubmissionQuality*>& submissions) const {
  const absl::StatusOr<bool> holds = Holds(request, submissions);
  if (!holds.ok()) return {"condition_failed", std::string(MessageOf(holds.status())), {}};
  if (*holds) return {};
  std::vector<std::string> roles = RolesThatWould(program_, AttributesOf(request, submissions));
  if (roles.empty()) return {"condition_false", fmt::format("the condition does not hold: {}", when_), {}};
  std::string message = fmt::format("the role {} may not have the data: {}", request.role, when_);
  return {"role", std::move(message), std::move(roles)};
}

}  // namespace concordat::sharing
