// concordat quality: scores over time, side by side, and how far to trust them.
#include "concordat/v1/quality.grpc.pb.h"
#include "fmt/format.h"
#include "host/base/files.h"
#include "tools/concordat/commands/commands.h"
#include "tools/concordat/connection.h"
#include "tools/concordat/render/quality_html.h"
#include "tools/concordat/render/quality_text.h"

namespace concordat::cli {
namespace {

using Stub = v1::QualityService::Stub;

struct Options {
  std::string feed;
  std::string dataset;
  std::string partner;
  std::string dimension;
  std::string rule;
  std::string from;
  std::string to;
  std::string html;
  std::string csv;
  std::vector<std::string> sides;
};

template <typename Request>
absl::StatusOr<json::Value> Ask(const Context& context,
                                grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&,
                                                             v1::QualityJson*),
                                const Request& request) {
  ASSIGN_OR_RETURN(const Connection connection, Connect(context));
  const auto stub = v1::QualityService::NewStub(connection.channel);
  return CallJson<Stub, Request, v1::QualityJson>(connection, *stub, method, request);
}

template <typename Request>
Request RequestOf(const Options& options) {
  Request request;
  request.set_feed(options.feed);
  request.set_dataset(options.dataset);
  request.set_partner(options.partner);
  request.set_dimension(options.dimension);
  request.set_rule(options.rule);
  request.set_from(options.from);
  request.set_to(options.to);
  return request;
}

absl::Status WriteFiles(const Options& options, const json::Value& history) {
  if (!options.html.empty()) RETURN_IF_ERROR(WriteFileAtomically(options.html, QualityHistoryHtml(history)));
  if (!options.csv.empty()) RETURN_IF_ERROR(WriteFileAtomically(options.csv, QualityHistoryCsv(history)));
  return absl::OkStatus();
}

int History(const Context& context, const Options& options) {
  const absl::StatusOr<json::Value> history =
      Ask(context, &Stub::History, RequestOf<v1::QualityHistoryRequest>(options));
  if (!history.ok()) return Fail(history.status());
  if (const absl::Status written = WriteFiles(options, *history); !written.ok()) return Fail(written);
  if (context.json) {
    PrintJson(*history);
  } else if (!context.quiet) {
    fmt::print("{}", QualityHistoryText(*history));
  }
  return kFine;
}

int Compare(const Context& context, const Options& options) {
  auto request = RequestOf<v1::CompareQualityRequest>(options);
  for (const std::string& side : options.sides) request.add_sides(side);
  const absl::StatusOr<json::Value> comparison = Ask(context, &Stub::Compare, request);
  if (!comparison.ok()) return Fail(comparison.status());
  if (context.json) {
    PrintJson(*comparison);
  } else if (!context.quiet) {
    fmt::print("{}", QualityCompareText(*comparison));
  }
  return kFine;
}

int Confidence(const Context& context, const Options& options) {
  v1::ConfidenceRequest request;
  request.set_partner(options.partner);
  request.set_dataset(options.dataset);
  const absl::StatusOr<json::Value> confidence = Ask(context, &Stub::Confidence, request);
  if (!confidence.ok()) return Fail(confidence.status());
  if (context.json) {
    PrintJson(*confidence);
  } else if (!context.quiet) {
    fmt::print("{}", ConfidenceText(*confidence));
  }
  return kFine;
}

void AddNarrowing(CLI::App& verb, Options& options) {
  verb.add_option("--feed", options.feed, "only this feed");
  verb.add_option("--dataset", options.dataset, "only this dataset");
  verb.add_option("--partner", options.partner, "only this partner's");
  verb.add_option("--dimension", options.dimension, "only this dimension: validity, completeness ...");
  verb.add_option("--rule", options.rule, "only this rule of the contract");
  verb.add_option("--from", options.from, "from this period on; the last 13 when left out");
  verb.add_option("--to", options.to, "up to this period");
}

}  // namespace

void AddQuality(CLI::App& app, Context& context) {
  auto options = std::make_shared<Options>();
  CLI::App* noun =
      app.add_subcommand("quality", "data quality over time, side by side, and how far to trust it");
  noun->require_subcommand(1);
  CLI::App* history = AddVerb(*noun, context, "history",
                              "scores of every period, with what came late, was rejected or never came",
                              "  concordat quality history --feed constabulary-street-crime\n"
                              "  concordat quality history --partner county-council --from 2026-Q1 --html "
                              "trend.html --csv trend.csv\n"
                              "  concordat quality history --dataset street_crime --dimension validity",
                              [&context, options] { return History(context, *options); });
  AddNarrowing(*history, *options);
  history->add_option("--html", options->html, "write a page with lines over time");
  history->add_option("--csv", options->csv, "write one line a period and measure");
  CLI::App* compare = AddVerb(
      *noun, context, "compare", "periods, feeds or partners side by side: what moved, and by how much",
      "  concordat quality compare 2026-04 2026-05 --feed constabulary-street-crime\n"
      "  concordat quality compare county-council health-body --from 2026-Q2 --to 2026-Q2",
      [&context, options] { return Compare(context, *options); });
  compare->add_option("SIDES", options->sides, "two or more periods, feeds or partners")
      ->required()
      ->expected(2, 12);
  AddNarrowing(*compare, *options);
  CLI::App* confidence =
      AddVerb(*noun, context, "confidence", "how far each dataset may be trusted, A to D, and why",
              "  concordat quality confidence --partner constabulary",
              [&context, options] { return Confidence(context, *options); });
  confidence->add_option("--partner", options->partner, "only this partner's");
  confidence->add_option("--dataset", options->dataset, "only this dataset");
}

}  // namespace concordat::cli
