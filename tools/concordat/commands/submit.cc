// concordat submit, and what submissions share with it: printing a judgement, keeping a receipt.
#include "tools/concordat/commands/submit.h"

#include <algorithm>

#include "fmt/format.h"
#include "host/base/files.h"
#include "tools/concordat/commands/commands.h"
#include "tools/concordat/render/members.h"
#include "tools/concordat/render/scorecard_text.h"

namespace concordat::cli {
namespace {

struct Options {
  std::string file;
  std::string feed;
  std::string period;
  std::string reason;
  std::string receipt;
  bool strict = false;
};

int Run(const Context& context, const Options& options) {
  const absl::StatusOr<Connection> connection = Connect(context);
  if (!connection.ok()) return Fail(connection.status());
  const absl::StatusOr<SourceFile> source = OpenSource(options.file);
  if (!source.ok()) return Fail(source.status());
  v1::SubmitBegin begin;
  begin.set_feed(options.feed);
  begin.set_period(options.period);
  begin.set_reason(options.reason);
  begin.set_source_name(source->name);
  return ShowJudgement(context, SendFile(*connection, Upload::kSubmit, begin, *source), options.receipt,
                       options.strict);
}

std::string WhatNext(const json::Value& result) {
  const std::string id = json::TextOr(result, "submission", "");
  if (json::TextOr(result, "decision", "") == "accept") return "";
  return fmt::format(
      "\nto mend: concordat submission findings {} --to-mend to-mend.csv\n"
      "         (mend the rows, leave _record as it is)\n"
      "         concordat submission mend {} to-mend.csv\n",
      id, id);
}

}  // namespace

namespace {

int ExitCodeOfOne(const json::Value& result, bool strict) {
  const json::Value& could_not = Member(result, "couldNotEvaluate");
  if (could_not.is_bool() && could_not.get_bool()) return kCouldNot;
  const std::string decision = json::TextOr(result, "decision", "");
  if (decision == "reject") return kNo;
  return strict && decision == "accept_with_quarantine" ? kNo : kFine;
}

void PrintOne(const json::Value& result) {
  const std::string error = json::TextOr(result, "error", "");
  if (!error.empty()) {
    fmt::print("feed {}: not submitted: {}\nsend the file again when that is mended\n", json::TextOr(result, "feed", ""),
               error);
    return;
  }
  fmt::print("{}\nsubmission {}  attempt {}  receipt {}\n{}", ScorecardText(result),
             json::TextOr(result, "submission", ""), CountOf(result, "attempt"),
             json::TextOr(result, "receipt", ""), WhatNext(result));
}

absl::Status WriteReceipt(const v1::Judgement& judgement, const std::string& path) {
  const absl::StatusOr<json::Value> document = json::Parse(judgement.receipt_json());
  if (!document.ok()) return absl::InternalError("the host gave no receipt");
  return WriteFileAtomically(path, json::Pretty(*document));
}

}  // namespace

std::string PathForOutput(const std::string& path, const std::string& feed) {
  if (path.empty()) return "";
  const size_t slash = path.find_last_of('/');
  const size_t dot = path.find_last_of('.');
  const bool ending = dot != std::string::npos && (slash == std::string::npos || dot > slash + 1) && dot > 0;
  const size_t at = ending ? dot : path.size();
  return path.substr(0, at) + "." + feed + path.substr(at);
}

// The worst of all that one file became.
int ExitCodeOfJudgement(const json::Value& result, bool strict) {
  int code = ExitCodeOfOne(result, strict);
  for (const json::Value& output : ItemsOf(result, "outputs")) code = std::max(code, ExitCodeOfOne(output, strict));
  return code;
}

int ShowJudgement(const Context& context, const absl::StatusOr<v1::Judgement>& judgement,
                  const std::string& receipt, bool strict) {
  if (!judgement.ok()) return Fail(judgement.status());
  const absl::StatusOr<json::Value> result = json::Parse(judgement->json());
  if (!result.ok()) return Fail(absl::InternalError("the host's answer is no JSON"));
  if (!receipt.empty()) {
    absl::Status written = WriteReceipt(*judgement, receipt);
    for (const v1::Judgement& output : judgement->outputs()) {
      if (!written.ok() || output.receipt_json().empty()) continue;
      const absl::StatusOr<json::Value> of_output = json::Parse(output.json());
      written = of_output.ok()
                    ? WriteReceipt(output, PathForOutput(receipt, json::TextOr(*of_output, "feed", "output")))
                    : of_output.status();
    }
    if (!written.ok()) return Fail(written);
  }
  if (context.json) {
    PrintJson(*result);
  } else if (!context.quiet) {
    PrintOne(*result);
    for (const json::Value& output : ItemsOf(*result, "outputs")) {
      fmt::print("\n");
      PrintOne(output);
    }
  }
  return ExitCodeOfJudgement(*result, strict);
}

void AddSubmit(CLI::App& app, Context& context) {
  auto options = std::make_shared<Options>();
  CLI::App* verb = AddVerb(app, context, "submit", "submit a file to the host: decision, scorecard, receipt",
                           "  concordat submit extract.csv --feed constabulary-street-crime --period 2026-05 "
                           "--receipt receipt.json\n"
                           "  concordat submit corrected.csv --feed council-spend --period 2026-Q3 --reason "
                           "\"invoices of June were missing\"",
                           [&context, options] { return Run(context, *options); });
  verb->add_option("FILE", options->file, "the extract; - for standard input")->required();
  verb->add_option("--feed", options->feed, "feed id")->required();
  verb->add_option("--period", options->period,
                   "2026-05, 2026-Q3, 2026, 2026/27, 2026/27-Q3, 2026-W21 or 2026-05-20")
      ->required();
  verb->add_option("--reason", options->reason, "why an earlier submission of the period is replaced");
  verb->add_option("--receipt", options->receipt, "write the receipt here");
  verb->add_flag("--strict", options->strict, "exit 1 when records are held back too");
}

}  // namespace concordat::cli
