// concordat exchange and concordat explain: data under a protocol, and the ruling without the data.
#include "concordat/v1/exchange.grpc.pb.h"
#include "fmt/format.h"
#include "host/base/files.h"
#include "host/flows/output_file.h"
#include "host/sharing/gatekeeper.h"
#include "tools/concordat/commands/commands.h"
#include "tools/concordat/connection.h"
#include "tools/concordat/render/members.h"
#include "tools/concordat/terminal.h"

namespace concordat::cli {
namespace {

struct Options {
  std::string dataset;
  std::string protocol;
  std::string purpose;
  std::vector<std::string> select;
  std::string where;
  std::string format = "csv";
  std::string form;
  std::string on_behalf_of;
  bool emergency = false;
  std::string emergency_person;
  std::string emergency_basis;
  std::string reason;
  std::vector<std::string> attributes;
  std::string output;
  std::string receipt;
  bool causes = false;
};

absl::StatusOr<v1::ExchangeRequest> RequestOf(const Options& options) {
  v1::ExchangeRequest request;
  request.set_dataset(options.dataset);
  request.set_protocol(options.protocol);
  request.set_purpose(options.purpose);
  for (const std::string& field : options.select) request.add_select(field);
  request.set_where(options.where);
  request.set_format(options.format);
  request.set_form(options.form);
  request.set_on_behalf_of(options.on_behalf_of);
  if (options.emergency) {
    v1::Emergency& emergency = *request.mutable_emergency();
    emergency.set_person(options.emergency_person);
    emergency.set_basis(options.emergency_basis);
    emergency.set_reason(options.reason);
  } else if (!options.reason.empty() || !options.emergency_person.empty() ||
             !options.emergency_basis.empty()) {
    return absl::InvalidArgumentError(
        "--reason, --emergency-person and --emergency-basis go with --emergency");
  }
  for (const std::string& attribute : options.attributes) {
    const size_t equals = attribute.find('=');
    if (equals == std::string::npos)
      return absl::InvalidArgumentError("--attribute takes NAME=VALUE, not " + attribute);
    (*request.mutable_attributes())[attribute.substr(0, equals)] = attribute.substr(equals + 1);
  }
  return request;
}

std::string RulingText(const json::Value& ruling) {
  const bool permit = json::TextOr(ruling, "decision", "") == "permit";
  std::string text =
      fmt::format("{}  clause {}\n", permit ? Paint(Colour::kGood, "PERMIT") : Paint(Colour::kBad, "DENY"),
                  json::TextOr(ruling, "clause", "(none)"));
  if (!permit) text += fmt::format("  cause: {}\n", json::TextOr(ruling, "cause", ""));
  if (const std::string message = json::TextOr(ruling, "message", ""); !message.empty())
    text += fmt::format("  {}\n", message);
  for (const json::Value& field : ItemsOf(ruling, "release")) {
    text += fmt::format("  {:<28} {}\n", json::TextOr(field, "field", ""), json::TextOr(field, "form", ""));
  }
  if (const std::string rows = json::TextOr(ruling, "rows", ""); !rows.empty())
    text += fmt::format("  rows: {}\n", rows);
  for (const json::Value& duty : ItemsOf(ruling, "duties")) text += fmt::format("  duty: {}\n", TextOf(duty));
  for (const json::Value& quality : ItemsOf(ruling, "quality")) {
    text += fmt::format("  quality: {}, measured {}\n", json::TextOr(quality, "condition", ""),
                        json::TextOr(quality, "measured", ""));
  }
  for (const json::Value& caveat : ItemsOf(ruling, "caveats"))
    text += fmt::format("  caveat: {}\n", TextOf(caveat));
  if (const std::string mend = json::TextOr(ruling, "mend", ""); !mend.empty())
    text += fmt::format("  mend: {}\n", mend);
  return text;
}

// What a stream of replies came to.
struct Received {
  json::Value ruling;
  json::Value receipt;
};

absl::StatusOr<Received> Receive(const Connection& connection, const v1::ExchangeRequest& request,
                                 const std::string& output) {
  // First the file: rows that have nowhere to go would be on record as disclosed all the same.
  ASSIGN_OR_RETURN(const std::unique_ptr<flows::OutputFile> file, flows::OutputFile::Create(output));
  const auto stub = v1::ExchangeService::NewStub(connection.channel);
  grpc::ClientContext call;
  const auto stream = stub->Exchange(&call, request);
  Received received;
  v1::ExchangeReply reply;
  uint64_t bytes = 0;
  Progress progress(request.dataset());
  while (stream->Read(&reply)) {
    if (reply.has_ruling_json()) {
      ASSIGN_OR_RETURN(received.ruling, json::Parse(reply.ruling_json()));
    } else if (reply.has_chunk()) {
      file->Write(reply.chunk());
      bytes += reply.chunk().size();
      progress.Show(fmt::format("{} rows, {:.1f} MB", reply.rows(), static_cast<double>(bytes) / 1e6));
    } else if (reply.has_receipt_json()) {
      ASSIGN_OR_RETURN(received.receipt, json::Parse(reply.receipt_json()));
    }
  }
  RETURN_IF_ERROR(FromGrpc(stream->Finish(), connection));
  if (received.receipt.is_null()) return absl::DataLossError("the host sent no receipt; nothing was written");
  if (bytes > 0) RETURN_IF_ERROR(file->Finish());
  return received;
}

int Exchange(const Context& context, const Options& options) {
  if (context.json && options.output.empty())
    return Fail(absl::InvalidArgumentError("with --json the rows need a file: -o FILE"));
  const absl::StatusOr<v1::ExchangeRequest> request = RequestOf(options);
  if (!request.ok()) return Fail(request.status());
  const absl::StatusOr<Connection> connection = Connect(context);
  if (!connection.ok()) return Fail(connection.status());
  const std::string output = options.output.empty() ? "-" : options.output;
  const absl::StatusOr<Received> received = Receive(*connection, *request, output);
  if (!received.ok()) {
    // "No" is what a ruling says, with its receipt, or the host to a stranger. All else is no answer.
    const bool refused =
        absl::IsPermissionDenied(received.status()) || absl::IsUnauthenticated(received.status());
    const int code = Fail(received.status());
    return code == kNo && !refused ? kCouldNot : code;
  }
  if (!options.receipt.empty()) {
    const absl::Status written = WriteFileAtomically(options.receipt, json::Pretty(received->receipt));
    if (!written.ok()) return Fail(written);
  }
  const bool permit = json::TextOr(received->ruling, "decision", "") == "permit";
  // A caveat travels with the data: without --receipt the receipt stands beside the file all the same.
  if (permit && options.receipt.empty() && output != "-" && !ItemsOf(received->ruling, "caveats").empty()) {
    const absl::Status written =
        WriteFileAtomically(output + ".receipt.json", json::Pretty(received->receipt));
    if (!written.ok()) return Fail(written);
  }
  if (context.json) {
    PrintJson(json::Object{{"ruling", received->ruling}, {"receipt", received->receipt}});
  } else if (!context.quiet) {
    fmt::print(stderr, "{}", RulingText(received->ruling));
    if (permit)
      fmt::print(stderr, "  {} rows{}\n", CountOf(Member(received->receipt, "records"), "released"),
                 output == "-" ? "" : " in " + output);
    fmt::print(stderr, "  receipt {}\n", json::TextOr(received->receipt, "id", ""));
  }
  return permit ? kFine : kNo;
}

int PrintCauses(const Context& context) {
  json::Array list;
  for (const sharing::Cause& cause : sharing::Causes()) {
    list.push_back(json::Object{{"cause", std::string(cause.word)}, {"meaning", std::string(cause.meaning)}});
    if (!context.json) fmt::print("{:<22} {}\n", cause.word, cause.meaning);
  }
  if (context.json) PrintJson(list);
  return kFine;
}

int Explain(const Context& context, const Options& options) {
  if (options.causes) return PrintCauses(context);
  if (options.dataset.empty() || options.purpose.empty()) {
    return Fail(absl::InvalidArgumentError("explain needs DATASET --purpose CODE (or --causes)"));
  }
  const absl::StatusOr<v1::ExchangeRequest> request = RequestOf(options);
  if (!request.ok()) return Fail(request.status());
  const absl::StatusOr<Connection> connection = Connect(context);
  if (!connection.ok()) return Fail(connection.status());
  const auto stub = v1::ExchangeService::NewStub(connection->channel);
  const auto ruling = CallJson<v1::ExchangeService::Stub, v1::ExchangeRequest, v1::ExplainReply>(
      *connection, *stub, &v1::ExchangeService::Stub::Explain, *request);
  if (!ruling.ok()) return Fail(ruling.status());
  if (context.json) {
    PrintJson(*ruling);
  } else {
    fmt::print("{}", RulingText(*ruling));
  }
  return json::TextOr(*ruling, "decision", "") == "permit" ? kFine : kNo;
}

void AddRequestOptions(CLI::App& verb, Options& options, bool required) {
  verb.add_option("DATASET", options.dataset, "dataset name")->required(required);
  verb.add_option("--protocol", options.protocol,
                  "protocol id; whichever serves dataset and purpose when left out");
  verb.add_option("--purpose", options.purpose, "the purpose's code, as in the protocol")->required(required);
  verb.add_option("--select", options.select, "only these fields, a,b")->delimiter(',');
  verb.add_option("--where", options.where,
                  "CEL over record.FIELD; only fields that are released, as they are released");
  verb.add_option("--format", options.format, "csv, jsonl or arrow")
      ->check(CLI::IsMember({"csv", "jsonl", "arrow"}))
      ->capture_default_str();
  verb.add_option("--form", options.form, "records or aggregate, where a protocol shares both")
      ->check(CLI::IsMember({"records", "aggregate"}));
  verb.add_option("--on-behalf-of", options.on_behalf_of, "for whom you ask; stands in the receipt");
  verb.add_flag("--emergency", options.emergency,
                "pass over a share's role and quality conditions, where the protocol allows it; a review is "
                "due in 72 hours");
  verb.add_option("--emergency-person", options.emergency_person, "who answers for the emergency");
  verb.add_option("--emergency-basis", options.emergency_basis, "its basis in law, such as art6.1.d");
  verb.add_option("--reason", options.reason, "why this is an emergency");
  verb.add_option("--attribute", options.attributes, "NAME=VALUE for the protocol's conditions");
}

}  // namespace

void AddExchange(CLI::App& app, Context& context) {
  auto options = std::make_shared<Options>();
  CLI::App* verb =
      AddVerb(app, context, "exchange", "data under a protocol, exactly as agreed, with a receipt",
              "  concordat exchange street_crime --protocol asb-hotspots --purpose dpv:PublicSafety -o "
              "rows.csv --receipt receipt.json",
              [&context, options] { return Exchange(context, *options); });
  AddRequestOptions(*verb, *options, true);
  verb->add_option("-o,--output", options->output, "file for the rows; standard output when left out");
  verb->add_option("--receipt", options->receipt, "write the receipt here");
}

void AddExplain(CLI::App& app, Context& context) {
  auto options = std::make_shared<Options>();
  CLI::App* verb =
      AddVerb(app, context, "explain",
              "the ruling without the data: which clause, what would be released, what would have to change",
              "  concordat explain street_crime --protocol asb-hotspots --purpose dpv:PublicSafety\n  "
              "concordat explain --causes",
              [&context, options] { return Explain(context, *options); });
  AddRequestOptions(*verb, *options, false);
  verb->add_flag("--causes", options->causes, "list every cause a denial can have");
}

}  // namespace concordat::cli
