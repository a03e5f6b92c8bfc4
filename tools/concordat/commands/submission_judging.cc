#include "tools/concordat/commands/submission_judging.h"

#include <algorithm>

#include "concordat/v1/submission.grpc.pb.h"
#include "fmt/format.h"
#include "tools/concordat/connection.h"
#include "tools/concordat/render/members.h"
#include "tools/concordat/render/person.h"

namespace concordat::cli {
namespace {

using Stub = v1::SubmissionService::Stub;

struct Options {
  std::string id;
  std::string rule;
  std::string reason;
  std::string until;
  std::string assurance;
  std::string comment;
};

template <typename Request>
using Call = grpc::Status (Stub::*)(grpc::ClientContext*, const Request&, v1::ReceiptReply*);

// Every one of these acts is answered with its receipt.
template <typename Request>
int Act(const Context& context, Call<Request> method, const Request& request, const std::string& done) {
  const absl::StatusOr<Connection> connection = Connect(context);
  if (!connection.ok()) return Fail(connection.status());
  const auto stub = v1::SubmissionService::NewStub(connection->channel);
  grpc::ClientContext call;
  v1::ReceiptReply reply;
  const absl::Status status = FromGrpc(((*stub).*method)(&call, request, &reply), *connection);
  if (!status.ok()) return Fail(status);
  const absl::StatusOr<json::Value> receipt = json::Parse(reply.receipt_json());
  if (!receipt.ok()) return Fail(receipt.status());
  if (context.json) {
    PrintJson(*receipt);
  } else {
    fmt::print("{}; receipt {}\n", done, json::TextOr(*receipt, "id", ""));
  }
  return kFine;
}

int Accept(const Context& context, const Options& options) {
  v1::AcceptWarningRequest request;
  request.set_submission(options.id);
  request.set_rule(options.rule);
  request.set_reason(options.reason);
  request.set_until(options.until);
  return Act<v1::AcceptWarningRequest>(
      context, &Stub::AcceptWarning, request,
      fmt::format("the warning {} of {} is accepted until {}", options.rule, options.id, options.until));
}

int SignOff(const Context& context, const Options& options) {
  v1::SignOffPeriodRequest request;
  request.set_submission(options.id);
  request.set_assurance(options.assurance);
  request.set_comment(options.comment);
  return Act<v1::SignOffPeriodRequest>(context, &Stub::SignOffPeriod, request,
                                       options.id + " is signed off and its period locked");
}

int Reopen(const Context& context, const Options& options) {
  v1::ReopenPeriodRequest request;
  request.set_submission(options.id);
  request.set_reason(options.reason);
  return Act<v1::ReopenPeriodRequest>(context, &Stub::ReopenPeriod, request,
                                      "the period of " + options.id + " is open again");
}

std::string InWords(std::string word) {
  std::replace(word.begin(), word.end(), '_', ' ');
  return word;
}

void AddAccept(CLI::App& noun, Context& context, const std::shared_ptr<Options>& options) {
  CLI::App* accept =
      AddVerb(noun, context, "accept", "accept a warning that is right but explainable, for a time",
              "  concordat submission accept S-0123456789abcdef --rule few_records --reason \"station "
              "closed for repairs\" --until 2027-03-31",
              [&context, options] { return Accept(context, *options); });
  accept->footer(accept->get_footer() +
                 "\nBy a second person: a steward or delegate of the same partner who did not send it. It "
                 "changes no score.");
  accept->add_option("ID", options->id, "the current submission that it warned in")->required();
  accept->add_option("--rule", options->rule, "the rule, of severity warning")->required();
  accept->add_option("--reason", options->reason, "what explains it; shown with the warning")->required();
  accept->add_option("--until", options->until, "the last day, as 2027-03-31; at most a year away")
      ->required();
}

void AddSignOff(CLI::App& noun, Context& context, const std::shared_ptr<Options>& options) {
  CLI::App* sign_off =
      AddVerb(noun, context, "sign-off", "answer for a period's data; the period is locked afterwards",
              "  concordat submission sign-off S-0123456789abcdef --assurance random_checks --comment \"40 "
              "records traced "
              "to their log\"",
              [&context, options] { return SignOff(context, *options); });
  sign_off->footer(
      sign_off->get_footer() +
      "\nBy somebody of the partner other than its submitter. Submit, mend and withdraw are refused until "
      "it is reopened.");
  sign_off->add_option("ID", options->id, "the current submission")->required();
  sign_off->add_option("--assurance", options->assurance, "how the data were checked")
      ->required()
      ->check(CLI::IsMember(
          {"external_audit", "internal_audit", "random_checks", "periodic_checks", "no_checks"}));
  sign_off->add_option("--comment", options->comment, "what was checked, and how");
}

void AddReopen(CLI::App& noun, Context& context, const std::shared_ptr<Options>& options) {
  CLI::App* reopen =
      AddVerb(noun, context, "reopen", "unlock a period that was signed off; what was signed stays on record",
              "  concordat submission reopen S-0123456789abcdef --reason \"two stations were left out\"",
              [&context, options] { return Reopen(context, *options); });
  reopen->footer(reopen->get_footer() + "\nBy somebody of the partner other than who signed it off.");
  reopen->add_option("ID", options->id, "the submission that it is signed off with")->required();
  reopen->add_option("--reason", options->reason, "why it must change")->required();
}

}  // namespace

void AddJudging(CLI::App& noun, Context& context) {
  const auto options = std::make_shared<Options>();
  AddAccept(noun, context, options);
  AddSignOff(noun, context, options);
  AddReopen(noun, context, options);
}

std::string StateText(const json::Value& row) {
  const std::string state = json::TextOr(row, "state", "");
  return Member(row, "signedOff").is_object() ? state + ", signed off" : state;
}

std::string WarningsText(const json::Value& row) {
  const uint64_t warned = CountOf(row, "warned");
  const uint64_t accepted = CountOf(row, "acceptances");
  const uint64_t expired = CountOf(row, "acceptancesExpired");
  if (warned == 0) return "-";
  std::string text = std::to_string(warned);
  if (accepted + expired == 0) return text;
  text += fmt::format(" ({} accepted", accepted);
  if (expired > 0) text += fmt::format(", {} expired", expired);
  return text + ")";
}

std::string SignOffLines(const json::Value& result) {
  std::string text;
  for (const json::Value& step : ItemsOf(result, "signOffs")) {
    const std::string comment = json::TextOr(step, "comment", "");
    const bool reopened = json::TextOr(step, "action", "") == "reopened";
    text += fmt::format("{} by {} on {}{}{}\n", reopened ? "reopened" : "signed off",
                        PersonText(json::TextOr(step, "by", "")), json::TextOr(step, "at", ""),
                        reopened ? "" : fmt::format(" ({})", InWords(json::TextOr(step, "assurance", ""))),
                        comment.empty() ? "" : ": " + comment);
  }
  if (Member(result, "signedOff").is_object())
    text += "locked: no submission, mending or withdrawal until it is reopened\n";
  return text;
}

}  // namespace concordat::cli
