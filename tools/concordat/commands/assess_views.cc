// concordat assess templates, cycles, show, history: what there is and where it stands.
#include "fmt/format.h"
#include "host/base/source.h"
#include "tools/concordat/commands/assess.h"
#include "tools/concordat/render/assessment_text.h"
#include "tools/concordat/render/assessment_words.h"
#include "tools/concordat/render/members.h"

namespace concordat::cli {
namespace {

int Templates(const Context& context, const AssessOptions& options) {
  v1::ListTemplatesRequest request;
  request.set_template_(options.name);
  return ShowAnswer(context, AskAssess(context, &AssessStub::ListTemplates, request),
                    [&](const json::Value& answer) {
                      if (options.name.empty()) return TemplatesText(answer, TextWidth());
                      const bool listed = answer.is_array() && !answer.get_array().empty();
                      return TemplateText(listed ? answer.get_array().front() : answer, TextWidth());
                    });
}

int Cycles(const Context& context, const AssessOptions& options) {
  v1::ListCyclesRequest request;
  request.set_template_(options.name);
  return ShowAnswer(context, AskAssess(context, &AssessStub::ListCycles, request),
                    [](const json::Value& list) { return CyclesText(list, TextWidth()); });
}

absl::StatusOr<json::Value> MeantDocument(const Context& context, const AssessOptions& options) {
  ASSIGN_OR_RETURN(const Connection connection, Connect(context));
  ASSIGN_OR_RETURN(const std::string id, PickAssessment(connection, options.name, Meant::kAny));
  return GetAssessment(connection, id);
}

int ShowOne(const Context& context, const AssessOptions& options) {
  const absl::StatusOr<json::Value> document = MeantDocument(context, options);
  if (!document.ok()) return Fail(document.status());
  if (!options.item.empty() && FindItem(*document, options.item) == nullptr) {
    std::vector<std::string> items;
    for (const json::Value& theme : ItemsOf(*document, "themes")) {
      for (const json::Value& item : ItemsOf(theme, "items")) items.push_back(json::TextOr(item, "id", ""));
    }
    return Fail(
        absl::NotFoundError(fmt::format("{} has no item \"{}\"; {}", json::TextOr(*document, "id", ""),
                                        options.item, DidYouMean(options.item, items))));
  }
  return ShowAnswer(context, document, [&](const json::Value& shown) {
    if (!options.item.empty()) return ItemText(shown, *FindItem(shown, options.item), TextWidth());
    return options.items ? ItemsText(shown, TextWidth()) : DashboardText(shown, TextWidth());
  });
}

// A list when none is meant, as long as nothing else was asked for.
int Show(const Context& context, const AssessOptions& options) {
  if (!options.name.empty() || options.items || !options.item.empty()) return ShowOne(context, options);
  return ShowAnswer(context, AskAssess(context, &AssessStub::GetAssessment, v1::GetAssessmentRequest()),
                    [](const json::Value& list) { return AssessmentsText(list, TextWidth()); });
}

absl::StatusOr<json::Value> HistoryOf(const Context& context, const std::string& given) {
  ASSIGN_OR_RETURN(const Connection connection, Connect(context));
  v1::AssessmentRequest request;
  ASSIGN_OR_RETURN(const std::string id, PickAssessment(connection, given, Meant::kAny));
  request.set_assessment(id);
  return AskAssess(connection, &AssessStub::GetAssessmentHistory, request);
}

int History(const Context& context, const AssessOptions& options) {
  return ShowAnswer(context, HistoryOf(context, options.name),
                    [](const json::Value& list) { return HistoryText(list, TextWidth()); });
}

}  // namespace

void AddAssessViews(CLI::App& noun, Context& context) {
  auto options = std::make_shared<AssessOptions>();
  AddVerb(noun, context, "templates", "which self-assessments there are; with TEMPLATE all its questions",
          "  concordat assess templates\n  concordat assess templates dq-themes",
          [&context, options] { return Templates(context, *options); })
      ->add_option("TEMPLATE", options->name, "template id");
  AddVerb(noun, context, "cycles", "the rounds the administrator opened, and how far each partner is",
          "  concordat assess cycles\n  concordat assess cycles dq-themes",
          [&context, options] { return Cycles(context, *options); })
      ->add_option("TEMPLATE", options->name, "only of this template");
  CLI::App* show = AddVerb(noun, context, "show",
                           "where one stands: levels, gaps first, what to do next; a list without ID",
                           "  concordat assess show\n  concordat assess show A-0123456789abcdef\n"
                           "  concordat assess show A-0123456789abcdef --items\n"
                           "  concordat assess show --item right_first_time",
                           [&context, options] { return Show(context, *options); });
  show->add_option("ID", options->name, "assessment id, or the beginning of one");
  show->add_flag("--items", options->items, "all questions with claims and evidence");
  show->add_option("--item", options->item, "one question with all that is known of it");
  AddVerb(noun, context, "history", "who did what and when, oldest first",
          "  concordat assess history A-0123456789abcdef",
          [&context, options] { return History(context, *options); })
      ->add_option("ID", options->name, "assessment id; your only one when left out");
}

}  // namespace concordat::cli
