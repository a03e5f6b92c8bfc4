// concordat audit: the tamper-evident log, with a host or offline. concordat receipt: one receipt, offline.
#include "tools/concordat/commands/audit.h"

#include "concordat/v1/audit.grpc.pb.h"
#include "fmt/format.h"
#include "host/audit/log.h"
#include "tools/concordat/commands/commands.h"
#include "tools/concordat/connection.h"
#include "tools/concordat/render/members.h"
#include "tools/concordat/terminal.h"

namespace concordat::cli {
namespace {

using Stub = v1::AuditService::Stub;

struct Options {
  std::string id;
  std::string file;
  std::string log;
  std::string checkpoint;
  std::string history;
  std::string host_key;
  std::string since;
  std::string proof;
};

int VerifyOnHost(const Context& context) {
  const absl::StatusOr<Connection> connection = Connect(context);
  if (!connection.ok()) return Fail(connection.status());
  const auto stub = v1::AuditService::NewStub(connection->channel);
  const auto answer = CallJson<Stub, v1::VerifyLogRequest, v1::AuditJson>(
      *connection, *stub, &Stub::VerifyLog, v1::VerifyLogRequest());
  if (!answer.ok()) return Fail(answer.status());
  const json::Value& verified = Member(*answer, "verified");
  return Verdict(context, verified.is_bool() && verified.get_bool(), answer->as_object(),
                 json::TextOr(*answer, "message", ""));
}

absl::StatusOr<audit::Checkpoint> VerifyFiles(const Options& options) {
  ASSIGN_OR_RETURN(const std::string key_text, ReadText(options.host_key));
  ASSIGN_OR_RETURN(const std::string key, audit::ReadPublicKey(key_text));
  ASSIGN_OR_RETURN(const std::string leaves, ReadText(options.log));
  const std::string folder = options.log.substr(0, options.log.rfind('/') + 1);
  const std::string beside = folder + "checkpoint";
  ASSIGN_OR_RETURN(const std::string checkpoint,
                   ReadText(options.checkpoint.empty() ? beside : options.checkpoint));
  // Without it a damaged log is still found out, not where.
  const absl::StatusOr<std::string> history =
      ReadText(options.history.empty() ? folder + "checkpoints.log" : options.history);
  if (!history.ok() && !options.history.empty()) return history.status();
  return audit::VerifyLogFile(leaves, checkpoint, key, history.value_or(""));
}

int Verify(const Context& context, const Options& options) {
  if (!options.since.empty()) return VerifySince(context, options.since, options.host_key);
  if (options.log.empty()) return VerifyOnHost(context);
  if (options.host_key.empty())
    return Fail(absl::InvalidArgumentError("a log file is verified with --host-key FILE"));
  const absl::StatusOr<audit::Checkpoint> checkpoint = VerifyFiles(options);
  if (absl::IsDataLoss(checkpoint.status())) {
    json::Object details;
    if (const auto bad = audit::BadLeafOf(checkpoint.status())) details["firstBad"] = bad->ToJson();
    return Verdict(context, false, std::move(details), std::string(MessageOf(checkpoint.status())));
  }
  if (!checkpoint.ok()) return Fail(checkpoint.status());
  return Verdict(context, true, {{"size", checkpoint->size}, {"origin", checkpoint->origin}},
                 fmt::format("{} leaves of {}, all as the signed checkpoint says", checkpoint->size,
                             checkpoint->origin));
}

int VerifyProof(const Context& context, const Options& options) {
  const absl::StatusOr<std::string> text = ReadText(options.file);
  if (!text.ok()) return Fail(text.status());
  const absl::StatusOr<json::Value> proof = json::Parse(*text);
  const absl::Status verified = proof.ok() ? audit::VerifyProofJson(*proof) : proof.status();
  if (absl::IsInvalidArgument(verified)) {
    fmt::print(stderr, "concordat: {} is malformed: {}\n", options.file, MessageOf(verified));
    return kCouldNot;
  }
  return Verdict(context, verified.ok(), {},
                 verified.ok() ? "the proof holds" : std::string(MessageOf(verified)));
}

int Checkpoint(const Context& context) {
  const absl::StatusOr<Connection> connection = Connect(context);
  if (!connection.ok()) return Fail(connection.status());
  const auto stub = v1::AuditService::NewStub(connection->channel);
  grpc::ClientContext call;
  v1::GetCheckpointReply reply;
  const absl::Status status =
      FromGrpc(stub->GetCheckpoint(&call, v1::GetCheckpointRequest(), &reply), *connection);
  if (!status.ok()) return Fail(status);
  if (context.json) {
    PrintJson(json::Object{{"checkpoint", reply.checkpoint()}, {"verifierKey", reply.verifier_key()}});
  } else {
    fmt::print("{}\nverifier key: {}\n", reply.checkpoint(), reply.verifier_key());
  }
  return kFine;
}

// A newer proof and checkpoint stand in for the receipt's own: {proof: [...], checkpoint: "..."}.
absl::Status ReplaceProof(json::Value& document, const std::string& path) {
  ASSIGN_OR_RETURN(const std::string text, ReadText(path));
  ASSIGN_OR_RETURN(const json::Value proof, json::Parse(text));
  if (!proof.is_object() || !document.is_object()) return absl::InvalidArgumentError(path + " is no proof");
  for (const char* member : {"proof", "checkpoint"}) {
    const json::Value* found = json::Find(proof, member);
    if (found == nullptr)
      return absl::InvalidArgumentError(fmt::format("{}: the member \"{}\" is missing", path, member));
    document.get_object()[member] = *found;
  }
  return absl::OkStatus();
}

int VerifyReceipt(const Context& context, const Options& options) {
  const absl::StatusOr<std::string> text = ReadText(options.file);
  if (!text.ok()) return Fail(text.status());
  const absl::StatusOr<std::string> key_text = ReadText(options.host_key);
  if (!key_text.ok()) return Fail(key_text.status());
  const absl::StatusOr<std::string> key = audit::ReadPublicKey(*key_text);
  if (!key.ok())
    return Fail(absl::UnavailableError(fmt::format("{}: {}", options.host_key, MessageOf(key.status()))));
  absl::StatusOr<json::Value> document = json::Parse(*text);
  if (document.ok() && !options.proof.empty()) {
    const absl::Status replaced = ReplaceProof(*document, options.proof);
    if (!replaced.ok()) return Fail(replaced);
  }
  const absl::StatusOr<record::Receipt> receipt =
      document.ok() ? record::ReceiptFromJson(*document) : document.status();
  if (!receipt.ok())
    return Verdict(context, false, {},
                   fmt::format("{} is no receipt: {}", options.file, MessageOf(receipt.status())));
  const absl::StatusOr<std::vector<std::string>> checked = audit::VerifyReceipt(*receipt, *key);
  if (!checked.ok())
    return Verdict(context, false, {{"receipt", json::TextOr(receipt->body, "id", "")}},
                   std::string(MessageOf(checked.status())));
  json::Array steps;
  for (const std::string& step : *checked) {
    if (!context.json && !context.quiet) fmt::print("  {}\n", step);
    steps.emplace_back(step);
  }
  return Verdict(context, true,
                 {{"receipt", json::TextOr(receipt->body, "id", "")}, {"checked", std::move(steps)}},
                 fmt::format("receipt {} of {}", json::TextOr(receipt->body, "id", ""),
                             json::TextOr(receipt->body, "time", "")));
}

}  // namespace

void AddAudit(CLI::App& app, Context& context) {
  auto options = std::make_shared<Options>();
  CLI::App* noun = app.add_subcommand("audit", "the tamper-evident log");
  noun->require_subcommand(1);
  AddAuditViews(*noun, context);
  AddAuditProve(*noun, context);
  CLI::App* verify =
      AddVerb(*noun, context, "verify", "the whole log against its signed checkpoint, on the host or offline",
              "  concordat audit verify --host unix:data/run/concordat.sock\n"
              "  concordat audit verify --log leaves.log --host-key host-signing.pub\n"
              "  concordat audit verify --since kept.json --host-key host-signing.pub",
              [&context, options] { return Verify(context, *options); });
  verify->add_option("--log", options->log, "a copy of data/audit/leaves.log");
  verify->add_option("--checkpoint", options->checkpoint,
                     "its checkpoint; default the file \"checkpoint\" beside it");
  verify->add_option(
      "--history", options->history,
      "its signed past, which tells the first bad leaf; default \"checkpoints.log\" beside it");
  verify->add_option("--since", options->since,
                     "a checkpoint you kept (or a receipt): shows that the host's log still begins with it");
  verify->add_option("--host-key", options->host_key, "the host's public key: PEM or verifier key");
  CLI::App* proof = AddVerb(*noun, context, "verify-proof",
                            "one inclusion or consistency proof: 0 holds, 1 does not, 2 malformed",
                            "  concordat audit verify-proof proof.json",
                            [&context, options] { return VerifyProof(context, *options); });
  proof->add_option("FILE", options->file, "the proof as JSON")->required();
  AddVerb(*noun, context, "checkpoint", "the latest signed checkpoint and the key to verify it",
          "  concordat audit checkpoint", [&context] { return Checkpoint(context); });
}

void AddReceipt(CLI::App& app, Context& context) {
  auto options = std::make_shared<Options>();
  CLI::App* noun = app.add_subcommand("receipt", "receipts, offline");
  noun->require_subcommand(1);
  CLI::App* verify =
      AddVerb(*noun, context, "verify", "signature, place in the log, checkpoint; needs no host",
              "  concordat receipt verify receipt.json --host-key host-signing.pub",
              [&context, options] { return VerifyReceipt(context, *options); });
  verify->add_option("FILE", options->file, "the receipt")->required();
  verify->add_option("--host-key", options->host_key, "the host's public key: PEM or verifier key")
      ->required();
  verify->add_option("--proof", options->proof, "a newer proof and checkpoint in place of the receipt's own");
}

}  // namespace concordat::cli
