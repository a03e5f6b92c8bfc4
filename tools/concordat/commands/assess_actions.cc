// concordat assess actions: what is done about the gaps, by whom and by when.
#include "fmt/format.h"
#include "tools/concordat/commands/assess.h"
#include "tools/concordat/render/assessment_text.h"
#include "tools/concordat/render/assessment_words.h"
#include "tools/concordat/render/members.h"
#include "tools/concordat/source_file.h"
#include "tools/concordat/text_width.h"

namespace concordat::cli {
namespace {

using Answer = absl::StatusOr<json::Value>;

Answer Listed(const Context& context, const AssessOptions& options) {
  ASSIGN_OR_RETURN(const Connection connection, Connect(context));
  v1::ListActionsRequest request;
  if (!options.name.empty()) {
    ASSIGN_OR_RETURN(const std::string id, PickAssessment(connection, options.name, Meant::kAny));
    request.set_assessment(id);
  }
  request.set_state(options.state == "all" ? "" : options.state);
  request.set_partner(options.partner);
  return AskAssess(connection, &AssessStub::ListActions, request);
}

// A reply may be one action, a list, or a document that has them.
std::string ActionText(const json::Value& answer) {
  if (answer.is_array()) return ActionsText(answer, TextWidth());
  if (const json::Value& actions = Member(answer, "actions"); actions.is_array())
    return ActionsText(actions, TextWidth());
  const json::Value& action = Member(answer, "action");
  return ActionsText(json::Value(json::Array{action.is_object() ? action : answer}), TextWidth());
}

Answer Added(const Context& context, const AssessOptions& options) {
  ASSIGN_OR_RETURN(const Connection connection, Connect(context));
  v1::AddActionRequest request;
  ASSIGN_OR_RETURN(const std::string id, PickAssessment(connection, options.name, Meant::kAny));
  request.set_assessment(id);
  request.set_item(options.item);
  request.set_title(options.title);
  request.set_owner(options.owner);
  request.set_due(options.due);
  request.set_resource(options.resource);
  return AskAssess(connection, &AssessStub::AddAction, request);
}

Answer Changed(const Context& context, const AssessOptions& options) {
  v1::ChangeActionRequest request;
  request.set_action(options.name);
  request.set_owner(options.owner);
  request.set_due(options.due);
  request.set_title(options.title);
  request.set_resource(options.resource);
  request.set_reason(options.reason);
  return AskAssess(context, &AssessStub::ChangeAction, request);
}

Answer Closed(const Context& context, const AssessOptions& options, bool cancel) {
  v1::CloseActionRequest request;
  request.set_action(options.name);
  request.set_evidence(cancel ? options.reason : options.evidence);
  request.set_cancel(cancel);
  if (!options.file.empty()) {
    ASSIGN_OR_RETURN(const SourceFile file, OpenSource(options.file));
    ASSIGN_OR_RETURN(const std::string digest, DigestOfFile(file));
    request.set_digest(digest);
  }
  return AskAssess(context, &AssessStub::CloseAction, request);
}

Answer Proposed(const Context& context, const AssessOptions& options) {
  ASSIGN_OR_RETURN(const Connection connection, Connect(context));
  v1::AssessmentRequest request;
  ASSIGN_OR_RETURN(const std::string id, PickAssessment(connection, options.name, Meant::kAny));
  request.set_assessment(id);
  ASSIGN_OR_RETURN(json::Value proposed, AskAssess(connection, &AssessStub::ProposeActions, request));
  if (proposed.is_object()) proposed.get_object()["assessment"] = id;
  return proposed;
}

std::string ProposedText(const json::Value& answer) {
  const json::Array& proposed = ItemsOf(answer, "proposed");
  if (proposed.empty()) return "every gap has an action already\n";
  std::string text;
  for (const json::Value& action : proposed) {
    const std::string owner = PersonOf(json::TextOr(action, "owner", ""));
    const std::string due = DayOf(action, "due");
    text += fmt::format("  {}\n", Words(action, "item")) + Indented(Words(action, "why"), 4, TextWidth());
    text += fmt::format("    concordat assess actions add {} --item {} --title \"{}\" --owner {} --due {}\n",
                        Words(answer, "assessment"), Words(action, "item"), Words(action, "title"),
                        owner.empty() ? "NAME" : fmt::format("\"{}\"", owner), due.empty() ? "DATE" : due);
  }
  return text;
}

void AddChanging(CLI::App& actions, Context& context, const std::shared_ptr<AssessOptions>& options) {
  CLI::App* change = AddVerb(
      actions, context, "change", "another owner, date, title or resource, with a reason",
      "  concordat assess actions change ACT-0123456789abcdef --due 2027-05-31 --reason \"supplier is late\"",
      [&context, options] { return ShowAnswer(context, Changed(context, *options), ActionText); });
  change->add_option("ACTION", options->name, "the action's id")->required();
  change->add_option("--owner", options->owner, "who does it");
  change->add_option("--due", options->due, "by when");
  change->add_option("--title", options->title, "what is done");
  change->add_option("--resource", options->resource, "what it takes");
  change->add_option("--reason", options->reason, "why it changes")->required();
  CLI::App* close = AddVerb(
      actions, context, "close", "it is done, and this shows it",
      "  concordat assess actions close ACT-0123456789abcdef --evidence \"lookup built in on 3 May\" --file "
      "ticket.pdf",
      [&context, options] { return ShowAnswer(context, Closed(context, *options, false), ActionText); });
  close->add_option("ACTION", options->name, "the action's id")->required();
  close->add_option("--evidence", options->evidence, "what was done and by whom")->required();
  close->add_option("--file", options->file, "a file that shows it; only its SHA-256 is sent");
  CLI::App* cancel = AddVerb(
      actions, context, "cancel", "it will not be done, and why",
      "  concordat assess actions cancel ACT-0123456789abcdef --reason \"the system is replaced in June\"",
      [&context, options] { return ShowAnswer(context, Closed(context, *options, true), ActionText); });
  cancel->add_option("ACTION", options->name, "the action's id")->required();
  cancel->add_option("--reason", options->reason, "why")->required();
}

}  // namespace

void AddAssessActions(CLI::App& noun, Context& context) {
  auto options = std::make_shared<AssessOptions>();
  CLI::App* actions = AddVerb(
      noun, context, "actions", "what is done about the gaps, overdue first",
      "  concordat assess actions\n  concordat assess actions A-0123456789abcdef --state open\n"
      "  concordat assess actions propose\n"
      "  concordat assess actions add --item right_first_time --title \"lookup at entry\" --owner sam --due "
      "2027-03-31",
      [] { return kUsage; });
  // The verb itself only when none below it was chosen: its callback runs after theirs.
  actions->callback([&context, options, actions] {
    if (actions->get_subcommands().empty())
      context.action = [&context, options] {
        return ShowAnswer(context, Listed(context, *options), ActionText);
      };
  });
  actions->add_option("ID", options->name, "only of this assessment");
  actions->add_option("--state", options->state, "open, closed, cancelled or all")
      ->check(CLI::IsMember({"open", "closed", "cancelled", "all"}));
  actions->add_option("--partner", options->partner, "for administrators: of this partner");
  auto below = std::make_shared<AssessOptions>();
  CLI::App* add = AddVerb(
      *actions, context, "add", "a new action, linked to an item",
      "  concordat assess actions add --item right_first_time --title \"lookup at entry\" --owner sam --due "
      "2027-03-31 --resource \"5 days of IT\"",
      [&context, below] { return ShowAnswer(context, Added(context, *below), ActionText); });
  add->add_option("ID", below->name, "assessment id; your only open one when left out");
  add->add_option("--item", below->item, "the item whose gap it closes");
  add->add_option("--title", below->title, "what is done")->required();
  add->add_option("--owner", below->owner, "who does it")->required();
  add->add_option("--due", below->due, "by when, 2027-03-31")->required();
  add->add_option("--resource", below->resource, "what it takes");
  AddChanging(*actions, context, below);
  AddVerb(*actions, context, "propose", "one action for each gap that has none yet; nothing is added",
          "  concordat assess actions propose A-0123456789abcdef",
          [&context, below] { return ShowAnswer(context, Proposed(context, *below), ProposedText); })
      ->add_option("ID", below->name, "assessment id; your only open one when left out");
}

}  // namespace concordat::cli
