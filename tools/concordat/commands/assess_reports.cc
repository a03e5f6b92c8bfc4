// concordat assess report, compare: results on paper, and side by side.
#include <algorithm>

#include "fmt/format.h"
#include "host/flows/output_file.h"
#include "tools/concordat/commands/assess.h"
#include "tools/concordat/render/assessment_csv.h"
#include "tools/concordat/render/assessment_html.h"
#include "tools/concordat/render/assessment_text.h"
#include "tools/concordat/render/members.h"
#include "tools/concordat/render/partnership_assessment_html.h"
#include "tools/concordat/render/partnership_assessment_text.h"

namespace concordat::cli {
namespace {

using Answer = absl::StatusOr<json::Value>;

absl::Status WriteOut(const std::string& path, const std::string& content) {
  if (path.empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(const auto out, flows::OutputFile::Create(path));
  out->Write(content);
  return out->Finish();
}

// The same template over the partner's cycles, oldest first; null when there is no earlier one to show.
json::Value TrendOf(const Connection& connection, const json::Value& document) {
  // Where groups rate, a partner writes for several of them: their answers are no trend of each other.
  const json::Value& groups = Member(document, "severalGroups");
  if (groups.is_bool() && groups.get_bool()) return nullptr;
  v1::CompareAssessmentsRequest request;
  request.set_template_(json::TextOr(document, "template", ""));
  request.add_partners(json::TextOr(document, "partner", ""));
  const Answer compared = AskAssess(connection, &AssessStub::CompareAssessments, request);
  return compared.ok() ? *compared : json::Value(nullptr);
}

struct Report {
  json::Value document;
  json::Value beside;  // a trend, or actions
};

absl::StatusOr<Report> OnePartner(const Connection& connection, const std::string& given) {
  Report report;
  ASSIGN_OR_RETURN(const std::string id, PickAssessment(connection, given, Meant::kAny));
  ASSIGN_OR_RETURN(report.document, GetAssessment(connection, id));
  report.beside = TrendOf(connection, report.document);
  return report;
}

absl::StatusOr<Report> WholePartnership(const Connection& connection, const AssessOptions& options) {
  Report report;
  v1::PartnershipViewRequest request;
  request.set_template_(options.name);
  request.set_cycle(options.cycle);
  ASSIGN_OR_RETURN(report.document, AskAssess(connection, &AssessStub::GetPartnershipView, request));
  v1::ListActionsRequest actions;
  actions.set_state("open");
  const Answer listed = AskAssess(connection, &AssessStub::ListActions, actions);
  if (listed.ok()) report.beside = *listed;
  return report;
}

int PrintReport(const Context& context, const AssessOptions& options) {
  const auto connection = Connect(context);
  if (!connection.ok()) return Fail(connection.status());
  const bool one = options.name.empty() || LooksLikeAssessment(options.name);
  const absl::StatusOr<Report> report =
      one ? OnePartner(*connection, options.name) : WholePartnership(*connection, options);
  if (!report.ok()) return Fail(report.status());
  const json::Value& document = report->document;
  absl::Status written = options.html.empty()
                             ? absl::OkStatus()
                             : WriteOut(options.html, one ? AssessmentHtml(document, report->beside)
                                                          : PartnershipHtml(document, report->beside));
  if (written.ok() && !options.csv.empty())
    written = WriteOut(options.csv, one ? AssessmentItemsCsv(document) : PartnershipMatrixCsv(document));
  if (!written.ok()) return Fail(written);
  return ShowAnswer(context, document, [&](const json::Value& shown) {
    std::string text;
    for (const std::string& path : {options.html, options.csv})
      text += path.empty() ? "" : path + " written\n";
    if (!text.empty()) return text;
    return one ? DashboardText(shown, TextWidth()) : PartnershipText(shown, TextWidth());
  });
}

Answer Compared(const Context& context, const AssessOptions& options) {
  ASSIGN_OR_RETURN(const Connection connection, Connect(context));
  v1::CompareAssessmentsRequest request;
  const bool ids = std::all_of(options.words.begin(), options.words.end(), LooksLikeAssessment);
  if (!ids && options.words.size() != 1)
    return absl::InvalidArgumentError(
        "compare either assessments (A-... A-...) or one TEMPLATE with --cycles a,b or --partners a,b");
  if (ids && options.words.size() < 2)
    return absl::InvalidArgumentError(
        "comparing takes two assessments or more: concordat assess compare A-... A-...");
  for (const std::string& word : options.words) {
    if (!ids) break;
    ASSIGN_OR_RETURN(const std::string id, PickAssessment(connection, word, Meant::kAny));
    request.add_assessments(id);
  }
  if (!ids) request.set_template_(options.words.front());
  for (const std::string& cycle : options.cycles) request.add_cycles(cycle);
  for (const std::string& partner : options.partners) request.add_partners(partner);
  return AskAssess(connection, &AssessStub::CompareAssessments, request);
}

// The names and colours of levels stand in the template; without them the numbers still do.
json::Value WithScale(const Context& context, const json::Value& comparison) {
  if (!ItemsOf(comparison, "scale").empty() || !comparison.is_object()) return comparison;
  v1::ListTemplatesRequest request;
  request.set_template_(json::TextOr(comparison, "template", ""));
  const Answer form = AskAssess(context, &AssessStub::ListTemplates, request);
  if (!form.ok()) return comparison;
  const bool listed = form->is_array() && !form->get_array().empty();
  json::Object whole = comparison.get_object();
  whole["scale"] = Member(listed ? form->get_array().front() : *form, "scale");
  return whole;
}

int Compare(const Context& context, const AssessOptions& options) {
  return ShowAnswer(context, Compared(context, options), [&](const json::Value& comparison) {
    return ComparisonText(WithScale(context, comparison), TextWidth());
  });
}

}  // namespace

void AddAssessReports(CLI::App& noun, Context& context) {
  auto options = std::make_shared<AssessOptions>();
  CLI::App* compare =
      AddVerb(noun, context, "compare", "side by side: between cycles, partners or groups",
              "  concordat assess compare A-0123456789abcdef A-fedcba9876543210\n"
              "  concordat assess compare dq-themes --cycles 2025/26,2026/27\n"
              "  concordat assess compare dq-themes --cycles 2026/27 --partners constabulary,county-council",
              [&context, options] { return Compare(context, *options); });
  compare->add_option("ID...|TEMPLATE", options->words, "two assessments or more, or one template")
      ->expected(1, 100)
      ->required();
  compare->add_option("--cycles", options->cycles, "of these cycles")->delimiter(',');
  compare->add_option("--partners", options->partners, "of these partners")->delimiter(',');
  CLI::App* report =
      AddVerb(noun, context, "report", "one partner's result, or with a template the partnership's",
              "  concordat assess report A-0123456789abcdef --html report.html --csv items.csv\n"
              "  concordat assess report dq-themes --cycle 2026/27 --html partnership.html --csv matrix.csv",
              [&context, options] { return PrintReport(context, *options); });
  report->add_option("ID|TEMPLATE", options->name, "an assessment, or a template for the whole partnership");
  report->add_option("--cycle", options->cycle, "with a template; the newest when left out");
  report->add_option("--html", options->html, "a page that stands alone, for a browser and for paper");
  report->add_option("--csv", options->csv, "items of an assessment, or the matrix of partners and themes");
}

}  // namespace concordat::cli
