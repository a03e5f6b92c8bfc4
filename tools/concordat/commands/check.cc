// concordat check: judges a file and stores nothing.
#include "host/flows/check.h"

#include "fmt/format.h"
#include "host/flows/output_file.h"
#include "host/flows/same_file.h"
#include "tools/concordat/commands/commands.h"
#include "tools/concordat/commands/submit.h"
#include "tools/concordat/offline.h"
#include "tools/concordat/render/html_report.h"
#include "tools/concordat/render/junit.h"
#include "tools/concordat/render/members.h"
#include "tools/concordat/render/scorecard_text.h"
#include "tools/concordat/terminal.h"
#include "tools/concordat/upload.h"

namespace concordat::cli {
namespace {

struct Options {
  std::string file;
  std::string feed;
  std::string period;
  std::string as_of;
  bool strict = false;
  size_t samples = 20;
  size_t threads = 0;
  size_t batch = 0;
  bool digest = false;
  bool show_values = false;
  std::string html;
  std::string junit;
  std::string findings;
  std::string valid;
  std::string quarantine;
};

struct Checked {
  json::Value result;
  std::vector<flows::PatternCount> patterns;
  std::vector<Checked> outputs = {};  // of the other feeds of the same file
};

absl::StatusOr<flows::CheckRequest> RequestOf(const Context& context, const Options& options,
                                              const adapters::Catalog& catalog, SourceFile& source) {
  flows::CheckRequest request;
  ASSIGN_OR_RETURN(const auto policies, OpenPolicies(context, catalog));
  ASSIGN_OR_RETURN(request.plan, flows::PlanFeed(policies, catalog, FeedId(options.feed)));
  if (!options.period.empty()) {
    const policy::Partnership& partnership = policies->set->partnership;
    ASSIGN_OR_RETURN(request.period, policy::ParsePeriod(options.period, partnership.year_start_month,
                                                         partnership.year_start_day));
    if (!context.quiet && !context.json) fmt::print(stderr, "period: {}\n", request.period->InWords());
  }
  request.as_of = absl::Now();
  if (!options.as_of.empty()) {
    ASSIGN_OR_RETURN(request.as_of, ParseTime(options.as_of));
  }
  ASSIGN_OR_RETURN(source, OpenSource(options.file));
  request.source = {source.fd.get(), source.name, source.bytes, ""};
  if (options.digest) {
    ASSIGN_OR_RETURN(request.source.digest, DigestOfFile(source));
  }
  request.samples = options.samples;
  if (options.threads > 0) request.threads = options.threads;
  request.batch_rows = options.batch;
  request.worker = WorkerPath();
  request.show_values = options.show_values;
  request.patterns = !options.html.empty();
  request.findings_path = options.findings;
  request.valid_path = options.valid;
  request.quarantine_path = options.quarantine;
  return request;
}

absl::StatusOr<Checked> CheckOffline(const Context& context, const Options& options) {
  const adapters::Catalog catalog = OpenCatalog(context);
  SourceFile source;
  ASSIGN_OR_RETURN(flows::CheckRequest request, RequestOf(context, options, catalog, source));
  Progress progress(source.name);
  request.progress = [&](uint64_t records) {
    progress.Show(fmt::format("{} records judged", Grouped(records)));
  };
  ASSIGN_OR_RETURN(flows::CheckResult checked, flows::Check(request));
  Checked all{std::move(checked.result), std::move(checked.patterns)};
  json::Array outputs;
  const auto policies = request.plan.policies;
  for (const policy::Feed* other : flows::FeedsOfSameFile(*policies->set, request.plan.feed->id)) {
    ASSIGN_OR_RETURN(request.plan, flows::PlanFeed(policies, catalog, other->id));
    request.findings_path = PathForOutput(options.findings, other->id.str());
    request.valid_path = PathForOutput(options.valid, other->id.str());
    request.quarantine_path = PathForOutput(options.quarantine, other->id.str());
    ASSIGN_OR_RETURN(flows::CheckResult output, flows::Check(request));
    all.outputs.push_back({std::move(output.result), std::move(output.patterns)});
    outputs.push_back(all.outputs.back().result);
  }
  if (!outputs.empty()) all.result.as_object()["outputs"] = std::move(outputs);
  return all;
}

absl::StatusOr<Checked> CheckOnHost(const Context& context, const Options& options) {
  if (!options.findings.empty() || !options.valid.empty() || !options.quarantine.empty() ||
      options.show_values) {
    return absl::InvalidArgumentError(
        "--findings, --valid, --quarantine and --show-values work offline: leave --host away");
  }
  ASSIGN_OR_RETURN(const Connection connection, Connect(context));
  ASSIGN_OR_RETURN(const SourceFile source, OpenSource(options.file));
  v1::SubmitBegin begin;
  begin.set_feed(options.feed);
  begin.set_period(options.period);
  begin.set_as_of(options.as_of);
  begin.set_source_name(source.name);
  begin.set_samples(static_cast<uint32_t>(options.samples));
  begin.set_digest(options.digest);
  ASSIGN_OR_RETURN(const v1::Judgement judgement, SendFile(connection, Upload::kCheck, begin, source));
  ASSIGN_OR_RETURN(json::Value result, json::Parse(judgement.json()));
  Checked all{std::move(result), {}};
  for (const json::Value& output : ItemsOf(all.result, "outputs")) all.outputs.push_back({output, {}});
  return all;
}

absl::Status WriteReports(const Options& options, const Checked& checked) {
  const auto write = [](const std::string& path, const std::string& text) -> absl::Status {
    ASSIGN_OR_RETURN(const auto file, flows::OutputFile::Create(path));
    file->Write(text);
    return file->Finish();
  };
  if (!options.html.empty())
    RETURN_IF_ERROR(write(options.html, HtmlReport(checked.result, checked.patterns)));
  if (!options.junit.empty()) RETURN_IF_ERROR(write(options.junit, JunitReport(checked.result)));
  for (const Checked& output : checked.outputs) {
    const std::string feed = json::TextOr(output.result, "feed", "output");
    if (!options.html.empty())
      RETURN_IF_ERROR(write(PathForOutput(options.html, feed), HtmlReport(output.result, output.patterns)));
    if (!options.junit.empty())
      RETURN_IF_ERROR(write(PathForOutput(options.junit, feed), JunitReport(output.result)));
  }
  return absl::OkStatus();
}

int Run(const Context& context, const Options& options) {
  const absl::StatusOr<Checked> checked =
      context.connected() ? CheckOnHost(context, options) : CheckOffline(context, options);
  if (!checked.ok()) return Fail(checked.status());
  const absl::Status written = WriteReports(options, *checked);
  if (context.json) {
    PrintJson(checked->result);
  } else if (!context.quiet) {
    fmt::print("{}", ScorecardText(checked->result));
    for (const Checked& output : checked->outputs) fmt::print("\n{}", ScorecardText(output.result));
  }
  if (!written.ok()) return Fail(written);
  return ExitCodeOfJudgement(checked->result, options.strict);
}

}  // namespace

void AddCheck(CLI::App& app, Context& context) {
  auto options = std::make_shared<Options>();
  CLI::App* verb = AddVerb(
      app, context, "check", "judge a file and store nothing",
      "  concordat check extract.csv --feed constabulary-street-crime --period 2026-05\n"
      "  concordat check extract.csv --feed council-spend --findings findings.csv --html report.html\n"
      "  zcat extract.csv.gz | concordat check - --feed council-spend --json",
      [&context, options] { return Run(context, *options); });
  verb->add_option("FILE", options->file, "the extract; - for standard input")->required();
  verb->add_option("--feed", options->feed, "feed id (policies/feeds/)")->required();
  verb->add_option("--period", options->period,
                   "2026-05, 2026-Q3, 2026, 2026/27, 2026/27-Q3, 2026-W21 or 2026-05-20");
  verb->add_option("--as-of", options->as_of,
                   "judge as if it were this time (2026-11-20 or RFC 3339); default now");
  verb->add_flag("--strict", options->strict, "exit 1 when records are held back too");
  verb->add_option("--samples", options->samples, "findings shown a rule")
      ->capture_default_str()
      ->check(CLI::Range(0, 100000));
  verb->add_option("--threads", options->threads,
                   "threads that judge (default: half of the processors); the answer is the same for any number")
      ->check(CLI::Range(1, 256));
  verb->add_option("--batch", options->batch,
                   "records judged at once, at most (default: as they are read); the answer is the same for any number")
      ->check(CLI::Range(1, 1'000'000));
  verb->add_flag("--digest", options->digest, "take the file's SHA-256 too");
  verb->add_flag("--show-values", options->show_values, "show values of confidential columns");
  verb->add_option("--html", options->html, "write a report page");
  verb->add_option("--junit", options->junit, "write JUnit XML: a test case a rule");
  verb->add_option("--findings", options->findings, "write every failure as CSV");
  verb->add_option("--valid", options->valid, "write the records that would go in as JSON Lines");
  verb->add_option("--quarantine", options->quarantine,
                   "write the records that would be held back as CSV, ready to mend");
}

}  // namespace concordat::cli
