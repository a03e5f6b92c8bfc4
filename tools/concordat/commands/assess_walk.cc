// concordat assess start, walk: opening one, and the walk through its open questions.
#include "fmt/format.h"
#include "tools/concordat/commands/assess.h"
#include "tools/concordat/render/assessment_text.h"
#include "tools/concordat/render/assessment_words.h"
#include "tools/concordat/render/members.h"
#include "tools/concordat/walk/terminal_keys.h"
#include "tools/concordat/walk/walk.h"

namespace concordat::cli {
namespace {

using Answer = absl::StatusOr<json::Value>;

int WalkThrough(const Connection& connection, const json::Value& assessment, WalkScope scope) {
  if (json::TextOr(assessment, "state", "") != "open") {
    return Fail(absl::FailedPreconditionError(fmt::format("{} is {}: its answers do not change any more",
                                                          Words(assessment, "id"),
                                                          StateWords(Words(assessment, "state")))));
  }
  const bool drawn = OnTerminal() && CanDraw();
  WalkDesk desk(connection, assessment, std::move(scope));
  if (desk.NextAfter("").empty())
    fmt::print("nothing is open here; --all goes through the answered ones, too\n");
  return drawn ? RunWalk(desk) : RunLineWalk(desk, TextWidth());
}

// The partner's open ones of this template and group, in the cycle that was named if one was.
absl::StatusOr<std::vector<std::string>> OpenOnes(const Connection& connection,
                                                  const AssessOptions& options) {
  ASSIGN_OR_RETURN(const json::Value list, GetAssessment(connection, ""));
  std::vector<std::string> ids;
  if (!list.is_array()) return ids;
  for (const json::Value& row : list.get_array()) {
    const bool fits = json::TextOr(row, "template", "") == options.name && IsOwn(connection, row) &&
                      json::TextOr(row, "state", "") == "open" &&
                      json::TextOr(row, "group", "") == options.group &&
                      (options.cycle.empty() || json::TextOr(row, "cycle", "") == options.cycle);
    if (fits) ids.push_back(json::TextOr(row, "id", ""));
  }
  return ids;
}

// Goes on with the one that is open; begins another when there is none, or when its cycle was named.
Answer Started(const Connection& connection, const AssessOptions& options) {
  ASSIGN_OR_RETURN(const std::vector<std::string> open, OpenOnes(connection, options));
  if (open.size() == 1 && !options.fresh) {
    const Answer document = GetAssessment(connection, open.front());
    if (document.ok())
      fmt::print(stderr, "concordat: going on with {} of {}; another begins with --cycle\n", open.front(),
                 Words(*document, "cycle"));
    return document;
  }
  v1::StartAssessmentRequest request;
  request.set_template_(options.name);
  request.set_cycle(options.cycle);
  request.set_group(options.group);
  request.set_fresh(options.fresh);
  const Answer answer = AskAssess(connection, &AssessStub::StartAssessment, request);
  const bool known = answer.status().code() == absl::StatusCode::kAlreadyExists && open.size() == 1;
  return known ? GetAssessment(connection, open.front()) : answer;
}

int Start(const Context& context, const AssessOptions& options) {
  const auto connection = Connect(context);
  if (!connection.ok()) return Fail(connection.status());
  const Answer answer = Started(*connection, options);
  const bool walk = answer.ok() && OnTerminal() && !context.json && !context.quiet && !options.no_walk;
  if (walk) return WalkThrough(*connection, *answer, {});
  return ShowAnswer(context, answer,
                    [](const json::Value& document) { return DashboardText(document, TextWidth()); });
}

int Resume(const Context& context, const AssessOptions& options) {
  if (context.json)
    return Fail(absl::InvalidArgumentError(
        "a walk is a conversation and has no --json; try concordat assess show, answer or import"));
  const auto connection = Connect(context);
  if (!connection.ok()) return Fail(connection.status());
  const auto id = PickAssessment(*connection, options.name, Meant::kOpen);
  if (!id.ok()) return Fail(id.status());
  const Answer document = GetAssessment(*connection, *id);
  if (!document.ok()) return Fail(document.status());
  return WalkThrough(*connection, *document, {options.all, options.mine});
}

}  // namespace

void AddAssessWalk(CLI::App& noun, Context& context) {
  auto options = std::make_shared<AssessOptions>();
  CLI::App* start = AddVerb(
      noun, context, "start", "open one for your organisation, or go on; on a terminal question by question",
      "  concordat assess start dq-themes\n  concordat assess start dq-themes --cycle 2026/27 --no-walk\n"
      "  concordat assess start delivery-chain --group officers",
      [&context, options] { return Start(context, *options); });
  start->add_option("TEMPLATE", options->name, "template id")->required();
  start->add_option("--cycle", options->cycle,
                    "2026/27; the open cycle that is due next when left out, or the running financial year");
  start->add_option("--group", options->group, "the group you write for; your partner's own when left out");
  start->add_flag("--fresh", options->fresh, "carry nothing over from the last cycle");
  start->add_flag("--no-walk", options->no_walk, "only open it and show where it stands");
  CLI::App* walk = AddVerb(noun, context, "walk",
                           "go on with the open questions, one after the other; each answer is saved at once",
                           "  concordat assess walk\n  concordat assess walk A-0123456789abcdef --all\n"
                           "  concordat assess walk --mine sam",
                           [&context, options] { return Resume(context, *options); });
  walk->add_option("ID", options->name, "assessment id; your only open one when left out");
  walk->add_flag("--all", options->all, "answered questions, too");
  walk->add_option("--mine", options->mine, "only those assigned to this person");
}

}  // namespace concordat::cli
