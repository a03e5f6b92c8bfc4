// concordat audit prove, and verify --since: what someone with a receipt or an old checkpoint can show.
#include "concordat/v1/audit.grpc.pb.h"
#include "fmt/format.h"
#include "host/audit/verify.h"
#include "host/base/encoding.h"
#include "host/base/files.h"
#include "tools/concordat/commands/audit.h"
#include "tools/concordat/connection.h"
#include "tools/concordat/render/members.h"
#include "tools/concordat/terminal.h"

namespace concordat::cli {
namespace {

using Stub = v1::AuditService::Stub;

struct Options {
  std::string id;
  uint64_t size = 0;
  uint64_t from = 0;
  uint64_t to = 0;
  std::string from_checkpoint;
  std::string output;
};

// A checkpoint that somebody kept, and the key beside it when there was one.
struct Kept {
  std::string note;
  std::string verifier_key;
};

absl::StatusOr<Kept> ReadKept(const std::string& path) {
  ASSIGN_OR_RETURN(std::string text, ReadText(path));
  Kept kept;
  if (const absl::StatusOr<json::Value> document = json::Parse(text); document.ok()) {
    kept.note = json::TextOr(*document, "checkpoint", "");
    kept.verifier_key = json::TextOr(*document, "verifierKey", "");
  } else {
    // As `audit checkpoint` prints it: the note, an empty line, the key.
    constexpr std::string_view kMark = "\nverifier key: ";
    const size_t at = text.find(kMark);
    kept.note = text.substr(0, at);
    if (at != std::string::npos) kept.verifier_key = text.substr(at + kMark.size());
  }
  if (!kept.note.empty()) return kept;
  return absl::InvalidArgumentError(fmt::format(
      "{} holds no checkpoint; keep what \"concordat audit checkpoint\" prints, or a receipt", path));
}

absl::StatusOr<json::Value> AskConsistency(const Context& context, uint64_t from, uint64_t to) {
  ASSIGN_OR_RETURN(const Connection connection, Connect(context));
  const auto stub = v1::AuditService::NewStub(connection.channel);
  v1::ProveConsistencyRequest request;
  request.set_from(from);
  request.set_to(to);
  return CallJson<Stub, v1::ProveConsistencyRequest, v1::AuditJson>(connection, *stub,
                                                                    &Stub::ProveConsistency, request);
}

absl::StatusOr<json::Value> AskInclusion(const Context& context, const Options& options) {
  ASSIGN_OR_RETURN(const Connection connection, Connect(context));
  const auto stub = v1::AuditService::NewStub(connection.channel);
  v1::ProveInclusionRequest request;
  request.set_receipt(options.id);
  request.set_size(options.size);
  return CallJson<Stub, v1::ProveInclusionRequest, v1::AuditJson>(connection, *stub, &Stub::ProveInclusion,
                                                                  request);
}

absl::StatusOr<json::Value> AskProof(const Context& context, Options options) {
  if (!options.id.empty()) return AskInclusion(context, options);
  if (!options.from_checkpoint.empty()) {
    ASSIGN_OR_RETURN(const Kept kept, ReadKept(options.from_checkpoint));
    // Only its size is asked for: whoever verifies the proof compares the root with the kept one.
    const size_t line = kept.note.find('\n');
    options.from = std::strtoull(kept.note.c_str() + (line == std::string::npos ? 0 : line + 1), nullptr, 10);
  }
  if (options.from > 0) return AskConsistency(context, options.from, options.to);
  return absl::InvalidArgumentError(
      "name what is to be proved: a receipt's id, or --from SIZE or --from-checkpoint FILE for two "
      "checkpoints");
}

int Prove(const Context& context, const Options& options) {
  const absl::StatusOr<json::Value> proof = AskProof(context, options);
  if (!proof.ok()) return Fail(proof.status());
  if (options.output.empty()) {
    PrintJson(*proof);
    return kFine;
  }
  const absl::Status written = WriteFileAtomically(options.output, json::Pretty(*proof));
  if (!written.ok()) return Fail(written);
  if (context.json) {
    PrintJson(*proof);
  } else if (!context.quiet) {
    fmt::print("{}: check it with \"concordat audit verify-proof {}\"\n", options.output, options.output);
  }
  return kFine;
}

// The host's answer against what was kept, with the key alone; DataLoss names what does not hold.
absl::StatusOr<std::string> CheckGrowth(const audit::Checkpoint& kept, const json::Value& answer,
                                        std::string_view key) {
  const absl::StatusOr<audit::Checkpoint> now =
      audit::OpenCheckpoint(json::TextOr(answer, "checkpoint", ""), key);
  if (!now.ok())
    return absl::DataLossError(fmt::format("the host's newest checkpoint: {}", MessageOf(now.status())));
  if (now->origin != kept.origin) {
    return absl::DataLossError(
        fmt::format("the host keeps the log {}, the checkpoint you kept is of {}", now->origin, kept.origin));
  }
  std::vector<std::string> proof;
  for (const json::Value& hash : ItemsOf(answer, "proof"))
    proof.push_back(Base64Decode(TextOf(hash)).value_or(""));
  const absl::Status holds = audit::VerifyConsistency(kept.size, now->size, proof, kept.root, now->root);
  if (!holds.ok()) {
    return absl::DataLossError(fmt::format(
        "the log of {} leaves does not begin with the {} leaves of the checkpoint you kept: it was "
        "rewritten ({})",
        now->size, kept.size, MessageOf(holds)));
  }
  return fmt::format(
      "the log of {} leaves begins with the {} leaves of the checkpoint you kept; nothing of them "
      "was altered, removed or reordered",
      now->size, kept.size);
}

absl::StatusOr<std::string> CheckSince(const Context& context, const std::string& path,
                                       const std::string& host_key) {
  ASSIGN_OR_RETURN(const Kept kept, ReadKept(path));
  std::string key_text = kept.verifier_key;
  if (!host_key.empty()) {
    ASSIGN_OR_RETURN(key_text, ReadText(host_key));
  }
  if (key_text.empty())
    return absl::InvalidArgumentError(
        fmt::format("{} names no key; give the host's public key with --host-key", path));
  ASSIGN_OR_RETURN(const std::string key, audit::ReadPublicKey(key_text));
  const absl::StatusOr<audit::Checkpoint> checkpoint = audit::OpenCheckpoint(kept.note, key);
  if (!checkpoint.ok())
    return absl::DataLossError(fmt::format("{}: {}", path, MessageOf(checkpoint.status())));
  if (checkpoint->size == 0)
    return absl::InvalidArgumentError(
        fmt::format("{} is of an empty log, which every log begins with", path));
  const absl::StatusOr<json::Value> answer = AskConsistency(context, checkpoint->size, 0);
  if (absl::IsOutOfRange(answer.status())) {
    return absl::DataLossError(fmt::format(
        "the host's log is shorter than the {} leaves of the checkpoint you kept: it was cut ({})",
        checkpoint->size, MessageOf(answer.status())));
  }
  RETURN_IF_ERROR(answer.status());
  return CheckGrowth(*checkpoint, *answer, key);
}

}  // namespace

int VerifySince(const Context& context, const std::string& path, const std::string& host_key) {
  const absl::StatusOr<std::string> message = CheckSince(context, path, host_key);
  if (message.ok()) return Verdict(context, true, {}, *message);
  if (absl::IsDataLoss(message.status()))
    return Verdict(context, false, {}, std::string(MessageOf(message.status())));
  return Fail(message.status());
}

int Verdict(const Context& context, bool holds, json::Object details, const std::string& message) {
  if (context.json) {
    details["verified"] = holds;
    details["message"] = message;
    PrintJson(details);
  } else {
    fmt::print("{}: {}\n", holds ? Paint(Colour::kGood, "VERIFIED") : Paint(Colour::kBad, "NOT VERIFIED"),
               message);
  }
  return holds ? kFine : kNo;
}

absl::StatusOr<std::string> ReadText(const std::string& path) {
  absl::StatusOr<std::string> text = ReadFile(path);
  if (!text.ok()) return absl::UnavailableError(std::string(MessageOf(text.status())));
  return text;
}

void AddAuditProve(CLI::App& noun, Context& context) {
  auto options = std::make_shared<Options>();
  CLI::App* prove = AddVerb(noun, context, "prove",
                            "that a receipt stands in the log, or that one checkpoint grew out of another",
                            "  concordat audit prove R-0123456789abcdef -o proof.json\n"
                            "  concordat audit prove --from-checkpoint kept.json -o growth.json\n"
                            "  concordat audit verify-proof proof.json",
                            [&context, options] { return Prove(context, *options); });
  prove->add_option("ID", options->id, "the receipt");
  prove->add_option("--size", options->size, "in the log when it had so many leaves; default as it is now");
  CLI::Option* from = prove->add_option("--from", options->from, "the older log's size");
  prove
      ->add_option("--from-checkpoint", options->from_checkpoint,
                   "the older log's checkpoint, as you kept it")
      ->excludes(from);
  prove->add_option("--to", options->to, "the newer log's size; default as it is now");
  prove->add_option("-o,--output", options->output, "write the proof to a file");
}

}  // namespace concordat::cli
