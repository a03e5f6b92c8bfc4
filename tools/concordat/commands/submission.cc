// concordat submission: what was sent and what became of it.
#include <cmath>

#include "fmt/format.h"
#include "host/flows/output_file.h"
#include "tools/concordat/commands/commands.h"
#include "tools/concordat/commands/submission_judging.h"
#include "tools/concordat/commands/submit.h"
#include "tools/concordat/render/findings_json.h"
#include "tools/concordat/render/html_report.h"
#include "tools/concordat/render/members.h"
#include "tools/concordat/render/scorecard_text.h"
#include "tools/concordat/render/table.h"

namespace concordat::cli {
namespace {

struct Options {
  std::string dataset;
  std::string field;
  std::string value;
  std::string id;
  std::string file;
  std::string feed;
  std::string period;
  std::string partner;
  std::string rule;
  std::string to_mend;
  std::string output = "-";
  std::string reason;
  std::string receipt;
  std::string html;
  bool current = false;
  bool strict = false;
  uint32_t limit = 100;
};

int List(const Context& context, const Options& options) {
  const absl::StatusOr<Connection> connection = Connect(context);
  if (!connection.ok()) return Fail(connection.status());
  const auto stub = v1::SubmissionService::NewStub(connection->channel);
  v1::ListSubmissionsRequest request;
  request.set_feed(options.feed);
  request.set_period(options.period);
  request.set_partner(options.partner);
  request.set_current_only(options.current);
  request.set_limit(options.limit);
  const auto list =
      CallJson<v1::SubmissionService::Stub, v1::ListSubmissionsRequest, v1::ListSubmissionsReply>(
          *connection, *stub, &v1::SubmissionService::Stub::ListSubmissions, request);
  if (!list.ok()) return Fail(list.status());
  if (context.json) {
    PrintJson(*list);
    return kFine;
  }
  Table table(
      {"submission", "feed", "period", "state", "decision", "score", "records", "warnings", "received"});
  for (const json::Value& row : list->as_array()) {
    const json::Value& score = Member(row, "score");
    table.Add({json::TextOr(row, "submission", ""), json::TextOr(row, "feed", ""),
               json::TextOr(row, "period", ""), StateText(row), json::TextOr(row, "decision", ""),
               score.is_number() ? fmt::format("{:.1f}", NumberOf(score)) : "-",
               std::to_string(CountOf(Member(row, "records"), "accepted")), WarningsText(row),
               json::TextOr(row, "received", "")});
  }
  fmt::print("{}", table.empty() ? "no submissions yet\n" : table.str());
  return kFine;
}

// Nothing where nobody ever doubted a record.
std::string DisputesLine(const json::Value& disputes) {
  const uint64_t open = CountOf(disputes, "open");
  const uint64_t upheld = CountOf(disputes, "upheld");
  const uint64_t rejected = CountOf(disputes, "rejected");
  if (open + upheld + rejected == 0) return "";
  std::string text = fmt::format("disputes: {} open, {} upheld, {} rejected", open, upheld, rejected);
  if (const json::Value& accuracy = Member(disputes, "accuracy"); accuracy.is_number())
    text += fmt::format("; accuracy {:.1f} with them", std::floor(NumberOf(accuracy) * 10) / 10);
  return text + "\n";
}

int WriteHtml(const Context& context, const std::string& path, const json::Value& result) {
  const absl::Status written = WriteFileAtomically(path, HtmlReport(result, {}));
  if (!written.ok()) return Fail(written);
  if (!context.quiet && !context.json) fmt::print(stderr, "report written to {}\n", path);
  return kFine;
}

int Show(const Context& context, const Options& options) {
  const absl::StatusOr<Connection> connection = Connect(context);
  if (!connection.ok()) return Fail(connection.status());
  const auto stub = v1::SubmissionService::NewStub(connection->channel);
  grpc::ClientContext call;
  v1::GetSubmissionRequest request;
  request.set_submission(options.id);
  v1::GetSubmissionReply reply;
  const absl::Status status = FromGrpc(stub->GetSubmission(&call, request, &reply), *connection);
  if (!status.ok()) return Fail(status);
  const absl::StatusOr<json::Value> result = json::Parse(reply.json());
  if (!result.ok()) return Fail(result.status());
  if (!options.receipt.empty()) {
    const absl::StatusOr<json::Value> receipt = json::Parse(reply.receipt_json());
    if (!receipt.ok()) return Fail(absl::PermissionDeniedError("the receipt is the partner's own"));
    const absl::Status written = WriteFileAtomically(options.receipt, json::Pretty(*receipt));
    if (!written.ok()) return Fail(written);
  }
  if (!options.html.empty()) {
    if (const int failed = WriteHtml(context, options.html, *result); failed != kFine) return failed;
  }
  if (context.json) {
    PrintJson(*result);
  } else {
    fmt::print("{}\nsubmission {}  attempt {}  {}\n", ScorecardText(*result), options.id,
               CountOf(*result, "attempt"), json::TextOr(*result, "state", ""));
    fmt::print("{}", DisputesLine(Member(*result, "disputes")));
    fmt::print("{}", SignOffLines(*result));
  }
  return kFine;
}

absl::Status Download(const Connection& connection, const v1::ListFindingsRequest& request,
                      const std::string& path, bool json) {
  const auto stub = v1::SubmissionService::NewStub(connection.channel);
  grpc::ClientContext call;
  const auto stream = stub->ListFindings(&call, request);
  ASSIGN_OR_RETURN(const auto file, flows::OutputFile::Create(path));
  FindingsJson array([&file](std::string_view text) { file->Write(text); });
  v1::FileChunk chunk;
  while (stream->Read(&chunk)) json ? array.Add(chunk.chunk()) : file->Write(chunk.chunk());
  RETURN_IF_ERROR(FromGrpc(stream->Finish(), connection));
  if (json) array.Finish();
  return file->Finish();
}

int ToMend(const Context& context, const Options& options, const Connection& connection,
           v1::ListFindingsRequest request) {
  if (context.json && options.to_mend == "-")
    return Fail(absl::InvalidArgumentError("with --json the records to mend need a file: --to-mend FILE"));
  request.set_to_mend(true);
  const absl::Status status = Download(connection, request, options.to_mend, /*json=*/false);
  if (!status.ok()) return Fail(status);
  if (context.json) {
    PrintJson(json::Object{{"submission", options.id}, {"file", options.to_mend}});
  } else if (!context.quiet && options.to_mend != "-") {
    fmt::print(stderr,
               "mend the rows in {} (leave _record as it is), then: concordat submission mend {} {}\n",
               options.to_mend, options.id, options.to_mend);
  }
  return kFine;
}

int Findings(const Context& context, const Options& options) {
  const absl::StatusOr<Connection> connection = Connect(context);
  if (!connection.ok()) return Fail(connection.status());
  v1::ListFindingsRequest request;
  request.set_submission(options.id);
  request.set_rule(options.rule);
  if (!options.to_mend.empty()) return ToMend(context, options, *connection, std::move(request));
  const absl::Status status = Download(*connection, request, options.output, context.json);
  return status.ok() ? kFine : Fail(status);
}

int Mend(const Context& context, const Options& options) {
  const absl::StatusOr<Connection> connection = Connect(context);
  if (!connection.ok()) return Fail(connection.status());
  const absl::StatusOr<SourceFile> source = OpenSource(options.file);
  if (!source.ok()) return Fail(source.status());
  v1::SubmitBegin begin;
  begin.set_mends(options.id);
  begin.set_source_name(source->name);
  begin.set_reason(options.reason);
  return ShowJudgement(context, SendFile(*connection, Upload::kMend, begin, *source), options.receipt,
                       options.strict);
}

int Withdraw(const Context& context, const Options& options) {
  const absl::StatusOr<Connection> connection = Connect(context);
  if (!connection.ok()) return Fail(connection.status());
  const auto stub = v1::SubmissionService::NewStub(connection->channel);
  grpc::ClientContext call;
  v1::WithdrawSubmissionRequest request;
  request.set_submission(options.id);
  request.set_reason(options.reason);
  v1::WithdrawSubmissionReply reply;
  const absl::Status status = FromGrpc(stub->WithdrawSubmission(&call, request, &reply), *connection);
  if (!status.ok()) return Fail(status);
  const absl::StatusOr<json::Value> receipt = json::Parse(reply.receipt_json());
  if (!receipt.ok()) return Fail(receipt.status());
  if (context.json) {
    PrintJson(*receipt);
  } else {
    fmt::print("{} is withdrawn; receipt {}\n", options.id, json::TextOr(*receipt, "id", ""));
  }
  return kFine;
}

int ShowCertificate(const Context& context, const absl::Status& status, const std::string& receipt_json,
                    const std::string& what) {
  if (!status.ok()) return Fail(status);
  const absl::StatusOr<json::Value> receipt = json::Parse(receipt_json);
  if (!receipt.ok()) return Fail(receipt.status());
  if (context.json) {
    PrintJson(*receipt);
  } else {
    fmt::print("{}; certificate {}\n", what, json::TextOr(*receipt, "id", ""));
  }
  return kFine;
}

int Erase(const Context& context, const Options& options) {
  const absl::StatusOr<Connection> connection = Connect(context);
  if (!connection.ok()) return Fail(connection.status());
  const auto stub = v1::SubmissionService::NewStub(connection->channel);
  grpc::ClientContext call;
  v1::EraseSubmissionRequest request;
  request.set_submission(options.id);
  request.set_reason(options.reason);
  v1::EraseReply reply;
  const absl::Status status = FromGrpc(stub->EraseSubmission(&call, request, &reply), *connection);
  return ShowCertificate(context, status, reply.receipt_json(), options.id + " is erased");
}

int EraseSubject(const Context& context, const Options& options) {
  const absl::StatusOr<Connection> connection = Connect(context);
  if (!connection.ok()) return Fail(connection.status());
  const auto stub = v1::SubmissionService::NewStub(connection->channel);
  grpc::ClientContext call;
  v1::EraseSubjectRequest request;
  request.set_dataset(options.dataset);
  request.set_field(options.field);
  request.set_value(options.value);
  request.set_reason(options.reason);
  v1::EraseReply reply;
  const absl::Status status = FromGrpc(stub->EraseSubject(&call, request, &reply), *connection);
  return ShowCertificate(context, status, reply.receipt_json(),
                         "the subject is erased from " + options.dataset);
}

}  // namespace

void AddSubmission(CLI::App& app, Context& context) {
  auto options = std::make_shared<Options>();
  CLI::App* noun = app.add_subcommand("submission", "what was sent and what became of it");
  noun->require_subcommand(1);
  CLI::App* list = AddVerb(*noun, context, "list", "submissions, newest first",
                           "  concordat submission list --feed council-spend --current",
                           [&context, options] { return List(context, *options); });
  list->add_option("--feed", options->feed, "only this feed");
  list->add_option("--period", options->period, "only this period");
  list->add_option("--partner", options->partner, "only this partner");
  list->add_flag("--current", options->current, "only those in force");
  list->add_option("--limit", options->limit, "at most so many")->capture_default_str();
  CLI::App* show = AddVerb(*noun, context, "show", "one submission's scorecard",
                           "  concordat submission show S-0123456789abcdef --receipt receipt.json\n"
                           "  concordat submission show S-0123456789abcdef --html report.html",
                           [&context, options] { return Show(context, *options); });
  show->add_option("ID", options->id, "submission id")->required();
  show->add_option("--receipt", options->receipt, "write its receipt here");
  show->add_option("--html", options->html,
                   "write its report here, with what people have accepted and signed off");
  CLI::App* findings =
      AddVerb(*noun, context, "findings",
              "every failure as CSV (with --json as an array), or the held-back records as a file to mend",
              "  concordat submission findings S-0123456789abcdef --rule lsoa_code_format -o findings.csv\n"
              "  concordat submission findings S-0123456789abcdef --to-mend to-mend.csv",
              [&context, options] { return Findings(context, *options); });
  findings->add_option("ID", options->id, "submission id")->required();
  findings->add_option("--rule", options->rule, "only this rule");
  findings->add_option("-o,--output", options->output, "file to write; - for standard output")
      ->capture_default_str();
  findings->add_option("--to-mend", options->to_mend,
                       "write the held-back records here, with _record and _reasons");
  CLI::App* mend =
      AddVerb(*noun, context, "mend", "send mended records: they take their places, the rest stays",
              "  concordat submission mend S-0123456789abcdef to-mend.csv",
              [&context, options] { return Mend(context, *options); });
  mend->add_option("ID", options->id, "the submission they belong to")->required();
  mend->add_option("FILE", options->file, "the mended file")->required();
  mend->add_option("--reason", options->reason, "noted with the new submission");
  mend->add_option("--receipt", options->receipt, "write the receipt here");
  mend->add_flag("--strict", options->strict, "exit 1 when records are still held back");
  CLI::App* withdraw = AddVerb(*noun, context, "withdraw", "take a submission back; it stays retrievable",
                               "  concordat submission withdraw S-0123456789abcdef --reason \"wrong month\"",
                               [&context, options] { return Withdraw(context, *options); });
  withdraw->add_option("ID", options->id, "submission id")->required();
  withdraw->add_option("--reason", options->reason, "why")->required();
  AddJudging(*noun, context);
  CLI::App* erase =
      AddVerb(*noun, context, "erase", "destroy a submission's records, source and key; only the proof stays",
              "  concordat submission erase S-0123456789abcdef --reason \"sent in error\"",
              [&context, options] { return Erase(context, *options); });
  erase->add_option("ID", options->id, "submission id")->required();
  erase->add_option("--reason", options->reason, "why")->required();
  CLI::App* subject =
      AddVerb(*noun, context, "erase-subject",
              "destroy all records of one subject in a dataset, with the sources they came from",
              "  concordat submission erase-subject street_crime --field crime_id --value 51f2... --reason "
              "\"Art. 17 request 12\"",
              [&context, options] { return EraseSubject(context, *options); });
  subject->add_option("DATASET", options->dataset, "dataset id")->required();
  subject->add_option("--field", options->field, "the field that tells the subject")->required();
  subject->add_option("--value", options->value, "its value")->required();
  subject->add_option("--reason", options->reason, "why; it is kept, so it must not name the subject")
      ->required();
}

}  // namespace concordat::cli
