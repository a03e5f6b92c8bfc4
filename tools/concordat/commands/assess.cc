// concordat assess: self-assessment beside what the host measured.
#include "concordat/v1/assessment.grpc.pb.h"
#include "fmt/format.h"
#include "tools/concordat/commands/commands.h"
#include "tools/concordat/connection.h"
#include "tools/concordat/render/members.h"
#include "tools/concordat/render/table.h"
#include "tools/concordat/terminal.h"

namespace concordat::cli {
namespace {

using Stub = v1::AssessmentService::Stub;

struct Options {
  std::string id;
  std::string item;
  std::string cycle;
  std::string comment;
  int level = 0;
};

template <typename Request>
absl::StatusOr<json::Value> Ask(const Context& context,
                                grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&,
                                                             v1::AssessmentJson*),
                                const Request& request) {
  ASSIGN_OR_RETURN(const Connection connection, Connect(context));
  const auto stub = v1::AssessmentService::NewStub(connection.channel);
  return CallJson<Stub, Request, v1::AssessmentJson>(connection, *stub, method, request);
}

Colour ColourOf(const std::string& assurance) {
  if (assurance == "supported") return Colour::kGood;
  if (assurance == "overstated") return Colour::kBad;
  return assurance == "not_bound" ? Colour::kFaint : Colour::kWarn;
}

std::string ItemText(const json::Value& item) {
  const json::Value& claimed = Member(item, "claimed");
  const json::Value& evidence = Member(item, "evidence");
  std::string text =
      fmt::format("  {}: {}\n    claimed {}", json::TextOr(item, "id", ""),
                  json::TextOr(item, "question", ""), claimed.is_null() ? "-" : json::Compact(claimed));
  if (!evidence.is_null()) {
    const json::Value& level = Member(evidence, "level");
    text += fmt::format("   evidence {} ({})", level.is_null() ? "-" : json::Compact(level),
                        json::TextOr(evidence, "basis", ""));
  }
  const std::string assurance = json::TextOr(item, "assurance", "");
  text +=
      fmt::format("\n    {}{}\n", Paint(ColourOf(assurance), assurance),
                  json::TextOr(item, "message", "").empty() ? "" : ": " + json::TextOr(item, "message", ""));
  return text;
}

std::string ReportText(const json::Value& report) {
  std::string text =
      fmt::format("{}  {} {}  {}  cycle {}  {}\n{} of {} items answered\n", json::TextOr(report, "id", ""),
                  json::TextOr(report, "template", ""), json::TextOr(report, "version", ""),
                  json::TextOr(report, "partner", ""), json::TextOr(report, "cycle", ""),
                  json::TextOr(report, "state", ""), CountOf(report, "answered"), CountOf(report, "items"));
  for (const json::Value& theme : ItemsOf(report, "themes")) {
    const json::Value& level = Member(theme, "level");
    text += fmt::format("\n{}{}\n", Paint(Colour::kBold, json::TextOr(theme, "title", "")),
                        level.is_null() ? "" : "  level " + json::Compact(level));
    for (const json::Value& item : ItemsOf(theme, "items")) text += ItemText(item);
  }
  return text;
}

int Print(const Context& context, const absl::StatusOr<json::Value>& report) {
  if (!report.ok()) return Fail(report.status());
  if (context.json) {
    PrintJson(*report);
  } else if (!context.quiet) {
    fmt::print("{}", ReportText(*report));
  }
  return kFine;
}

int PrintList(const Context& context, const absl::StatusOr<json::Value>& list,
              const std::vector<std::string>& columns) {
  if (!list.ok()) return Fail(list.status());
  if (context.json) {
    PrintJson(*list);
    return kFine;
  }
  const Table table = TableOf(*list, columns);
  fmt::print("{}", table.empty() ? "none yet\n" : table.str());
  return kFine;
}

int Show(const Context& context, const Options& options) {
  v1::GetAssessmentRequest request;
  request.set_assessment(options.id);
  const absl::StatusOr<json::Value> answer = Ask(context, &Stub::GetAssessment, request);
  if (options.id.empty())
    return PrintList(context, answer, {"id", "template", "partner", "cycle", "state", "started"});
  return Print(context, answer);
}

int Start(const Context& context, const Options& options) {
  v1::StartAssessmentRequest request;
  request.set_template_(options.id);
  request.set_cycle(options.cycle);
  return Print(context, Ask(context, &Stub::StartAssessment, request));
}

int Answer(const Context& context, const Options& options) {
  v1::AnswerItemRequest request;
  request.set_assessment(options.id);
  request.set_item(options.item);
  request.set_level(options.level);
  request.set_comment(options.comment);
  return Print(context, Ask(context, &Stub::AnswerItem, request));
}

int Submit(const Context& context, const Options& options) {
  v1::AssessmentRequest request;
  request.set_assessment(options.id);
  return Print(context, Ask(context, &Stub::SubmitAssessment, request));
}

}  // namespace

void AddAssess(CLI::App& app, Context& context) {
  auto options = std::make_shared<Options>();
  CLI::App* noun = app.add_subcommand("assess", "self-assessment, each claim beside its evidence");
  noun->require_subcommand(1);
  AddVerb(*noun, context, "templates", "which self-assessments there are", "  concordat assess templates",
          [&context] {
            return PrintList(context, Ask(context, &Stub::ListTemplates, v1::ListTemplatesRequest()),
                             {"id", "version", "title", "items"});
          });
  CLI::App* start = AddVerb(*noun, context, "start", "open one for your organisation",
                            "  concordat assess start dq-themes --cycle 2026/27",
                            [&context, options] { return Start(context, *options); });
  start->add_option("TEMPLATE", options->id, "template id")->required();
  start->add_option("--cycle", options->cycle, "2026/27; the running financial year when left out");
  CLI::App* answer = AddVerb(
      *noun, context, "answer", "claim a level for one item",
      "  concordat assess answer A-0123456789abcdef right_first_time --level 3 --comment \"spot checks\"",
      [&context, options] { return Answer(context, *options); });
  answer->add_option("ID", options->id, "assessment id")->required();
  answer->add_option("ITEM", options->item, "item id")->required();
  answer->add_option("--level", options->level, "a level of the template's scale")->required();
  answer->add_option("--comment", options->comment, "why");
  CLI::App* show = AddVerb(*noun, context, "show", "claims, evidence and gaps; a list when no ID is given",
                           "  concordat assess show A-0123456789abcdef",
                           [&context, options] { return Show(context, *options); });
  show->add_option("ID", options->id, "assessment id");
  CLI::App* submit = AddVerb(*noun, context, "submit", "hand it in; the evidence is frozen",
                             "  concordat assess submit A-0123456789abcdef",
                             [&context, options] { return Submit(context, *options); });
  submit->add_option("ID", options->id, "assessment id")->required();
}

}  // namespace concordat::cli
