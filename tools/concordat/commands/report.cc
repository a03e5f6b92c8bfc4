// concordat report: what a board reads.
#include "concordat/v1/quality.grpc.pb.h"
#include "fmt/format.h"
#include "host/base/files.h"
#include "tools/concordat/commands/commands.h"
#include "tools/concordat/connection.h"
#include "tools/concordat/render/partnership_html.h"
#include "tools/concordat/render/partnership_text.h"

namespace concordat::cli {
namespace {

struct Options {
  std::string period;
  std::string html;
};

absl::StatusOr<json::Value> Ask(const Context& context, const Options& options) {
  using Stub = v1::QualityService::Stub;
  ASSIGN_OR_RETURN(const Connection connection, Connect(context));
  const auto stub = v1::QualityService::NewStub(connection.channel);
  v1::PartnershipReportRequest request;
  request.set_period(options.period);
  return CallJson<Stub, v1::PartnershipReportRequest, v1::QualityJson>(connection, *stub,
                                                                       &Stub::PartnershipReport, request);
}

int Partnership(const Context& context, const Options& options) {
  const absl::StatusOr<json::Value> report = Ask(context, options);
  if (!report.ok()) return Fail(report.status());
  if (!options.html.empty()) {
    const absl::Status written = WriteFileAtomically(options.html, PartnershipHtml(*report));
    if (!written.ok()) return Fail(written);
  }
  if (context.json) {
    PrintJson(*report);
  } else if (!context.quiet) {
    fmt::print("{}", PartnershipText(*report));
  }
  return kFine;
}

}  // namespace

void AddReport(CLI::App& app, Context& context) {
  auto options = std::make_shared<Options>();
  CLI::App* noun = app.add_subcommand("report", "reports for those who steer the partnership");
  noun->require_subcommand(1);
  CLI::App* partnership = AddVerb(*noun, context, "partnership",
                                  "the board's two pages: on time, quality, sharing, agreements, claims",
                                  "  concordat report partnership --period 2026-Q2 --html board.html",
                                  [&context, options] { return Partnership(context, *options); });
  partnership->add_option("--period", options->period,
                          "a quarter, month or year; the last quarter that ended when left out");
  partnership->add_option("--html", options->html, "write a page that prints on two sides of A4");
}

}  // namespace concordat::cli
