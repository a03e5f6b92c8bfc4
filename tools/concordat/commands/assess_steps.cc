// concordat assess open, submit, sign-off, return, moderate, publish: the steps of a cycle.
#include "fmt/format.h"
#include "tools/concordat/commands/assess.h"
#include "tools/concordat/render/assessment_text.h"
#include "tools/concordat/render/assessment_words.h"
#include "tools/concordat/render/members.h"

namespace concordat::cli {
namespace {

using Answer = absl::StatusOr<json::Value>;

Answer OpenRequest(const Context& context, const AssessOptions& options) {
  if (options.partners.empty() && options.groups.empty() && !options.all)
    return absl::InvalidArgumentError("for whom? --partners a,b, --group NAME=PARTNER, or --all");
  v1::OpenCycleRequest request;
  request.set_template_(options.name);
  request.set_cycle(options.cycle);
  request.set_due(options.due);
  request.set_opens(options.opens);
  request.set_subject(options.subject);
  for (const std::string& partner : options.partners) request.add_partners(partner);
  for (const std::string& group : options.groups) {
    const size_t equals = group.find('=');
    if (equals == 0 || equals == std::string::npos || equals + 1 == group.size())
      return absl::InvalidArgumentError(
          fmt::format("--group \"{}\" is not NAME=PARTNER: which partner's stewards write for it?", group));
    (*request.mutable_groups())[group.substr(0, equals)] = group.substr(equals + 1);
  }
  return AskAssess(context, &AssessStub::OpenCycle, request);
}

std::string OpenedText(const json::Value& answer) {
  if (answer.is_array()) return CyclesText(answer, TextWidth());
  return CyclesText(json::Value(json::Array{answer}), TextWidth());
}

// One line on where it stands now, and what comes next.
std::string StepText(const json::Value& document) {
  std::string text =
      fmt::format("{}  {} {}, {}: {}\n", Words(document, "id"), Words(document, "template"),
                  Words(document, "cycle"), Words(document, "partner"), StateWords(Words(document, "state")));
  for (const NextStep& step : NextSteps(document))
    text += fmt::format("  next: {}\n    {}\n", step.what, step.command);
  return text;
}

template <typename Request>
Answer Step(const Context& context, const AssessOptions& options, Meant meant, Request request,
            grpc::Status (AssessStub::*method)(grpc::ClientContext*, const Request&, v1::AssessmentJson*)) {
  ASSIGN_OR_RETURN(const Connection connection, Connect(context));
  ASSIGN_OR_RETURN(const std::string id, PickAssessment(connection, options.name, meant));
  request.set_assessment(id);
  return AskAssess(connection, method, request);
}

v1::AssessmentStepRequest WithText(const std::string& text) {
  v1::AssessmentStepRequest request;
  request.set_text(text);
  return request;
}

Answer ModerateItem(const Connection& connection, const std::string& id, const std::string& item,
                    const AssessOptions& options) {
  if (options.level.empty() || options.reason.empty())
    return absl::InvalidArgumentError(
        "a changed level needs --level N and --reason TEXT; the partner reads the reason");
  ASSIGN_OR_RETURN(const json::Value document, GetAssessment(connection, id));
  v1::ModerateItemRequest request;
  request.set_assessment(id);
  request.set_item(item);
  request.set_reason(options.reason);
  ASSIGN_OR_RETURN(const int level, ShownScale(document).Meant(options.level));
  request.set_level(level);
  return AskAssess(connection, &AssessStub::ModerateItem, request);
}

Answer Moderated(const Context& context, const AssessOptions& options) {
  std::vector<std::string> words = options.words;
  const std::string given = TakeAssessment(words);
  if (words.size() != (options.finish ? 0U : 1U))
    return absl::InvalidArgumentError(
        "moderating is: concordat assess moderate [ID] ITEM --level N --reason TEXT, and at the end --finish "
        "[--summary TEXT]");
  ASSIGN_OR_RETURN(const Connection connection, Connect(context));
  ASSIGN_OR_RETURN(const std::string id, PickAssessment(connection, given, Meant::kSigned));
  if (!options.finish) return ModerateItem(connection, id, words.front(), options);
  v1::AssessmentStepRequest request = WithText(options.summary);
  request.set_assessment(id);
  return AskAssess(connection, &AssessStub::FinishModeration, request);
}

int Moderate(const Context& context, const AssessOptions& options) {
  const std::string item = options.words.empty() ? "" : options.words.back();
  return ShowAnswer(context, Moderated(context, options), [&](const json::Value& document) {
    return options.finish ? StepText(document) : AnsweredText(document, item, TextWidth());
  });
}

void AddOpen(CLI::App& noun, Context& context, const std::shared_ptr<AssessOptions>& options) {
  CLI::App* open = AddVerb(
      noun, context, "open", "by the administrator: a round for chosen partners, with dates",
      "  concordat assess open dq-themes --cycle 2026/27 --all --due 2027-01-31\n"
      "  concordat assess open dq-themes --partners constabulary,county-council --due 2027-01-31\n"
      "  concordat assess open delivery-chain --subject \"fewer repeat incidents\" --due 2027-01-31 --group "
      "officers=constabulary --group residents=voluntary-action",
      [&context, options] { return ShowAnswer(context, OpenRequest(context, *options), OpenedText); });
  open->add_option("TEMPLATE", options->name, "template id")->required();
  open->add_option("--cycle", options->cycle, "2026/27; the running financial year when left out");
  CLI::Option* partners = open->add_option("--partners", options->partners, "who is asked")->delimiter(',');
  open->add_flag("--all", options->all, "all partners whose category the template asks")->excludes(partners);
  open->add_option("--group", options->groups,
                   "NAME=PARTNER: a group that rates, and whose stewards write for it");
  open->add_option("--due", options->due, "the day by which it must be handed in")->required();
  open->add_option("--opens", options->opens, "the first day; today when left out");
  open->add_option("--subject", options->subject, "the outcome that several groups rate");
}

}  // namespace

void AddAssessSteps(CLI::App& noun, Context& context) {
  auto options = std::make_shared<AssessOptions>();
  AddOpen(noun, context, options);
  AddVerb(noun, context, "submit", "hand it in; answers and evidence are frozen",
          "  concordat assess submit\n  concordat assess submit A-0123456789abcdef",
          [&context, options] {
            return ShowAnswer(
                context,
                Step(context, *options, Meant::kOpen, v1::AssessmentRequest(), &AssessStub::SubmitAssessment),
                StepText);
          })
      ->add_option("ID", options->name, "assessment id; your only open one when left out");
  CLI::App* sign =
      AddVerb(noun, context, "sign-off", "as a second person of the partner: it is true as far as you know",
              "  concordat assess sign-off A-0123456789abcdef --comment \"read with the stewards on 3 May\"",
              [&context, options] {
                return ShowAnswer(context,
                                  Step(context, *options, Meant::kSubmitted, WithText(options->comment),
                                       &AssessStub::SignOffAssessment),
                                  StepText);
              });
  sign->add_option("ID", options->name, "assessment id; the only submitted one when left out");
  sign->add_option("--comment", options->comment, "what you looked at");
  CLI::App* back = AddVerb(
      noun, context, "return", "back to the stewards, with a reason",
      "  concordat assess return A-0123456789abcdef --reason \"systems: the figures of March are missing\"",
      [&context, options] {
        return ShowAnswer(context,
                          Step(context, *options, Meant::kSubmitted, WithText(options->reason),
                               &AssessStub::ReturnAssessment),
                          StepText);
      });
  back->add_option("ID", options->name,
                   "assessment id; the only submitted one of your partner when left out");
  back->add_option("--reason", options->reason, "what is to be mended")->required();
  CLI::App* moderate = AddVerb(
      noun, context, "moderate",
      "as a moderator of another partner: change a level with a reason, then finish",
      "  concordat assess moderate A-0123456789abcdef right_first_time --level 2 --reason \"71% in March\"\n"
      "  concordat assess moderate A-0123456789abcdef --finish --summary \"two levels lowered\"",
      [&context, options] { return Moderate(context, *options); });
  moderate->add_option("[ID] ITEM", options->words, "assessment id and item")->expected(0, 2);
  moderate->add_option("--level", options->level, "the level that holds, by number or name");
  moderate->add_option("--reason", options->reason, "why; the partner reads it");
  moderate->add_flag("--finish", options->finish, "the moderation is done");
  moderate->add_option("--summary", options->summary, "with --finish: what was found");
  AddVerb(noun, context, "publish", "by the administrator: it becomes part of the partnership's view",
          "  concordat assess publish A-0123456789abcdef",
          [&context, options] {
            return ShowAnswer(context,
                              Step(context, *options, Meant::kFinished, v1::AssessmentStepRequest(),
                                   &AssessStub::PublishAssessment),
                              StepText);
          })
      ->add_option("ID", options->name, "assessment id; the only finished one when left out");
}

}  // namespace concordat::cli
