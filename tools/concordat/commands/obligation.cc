// concordat due: what is owed after a release, and closing it. concordat rectify, dispute: corrections reach
// recipients, doubts reach suppliers.
#include "concordat/v1/obligation.grpc.pb.h"
#include "fmt/format.h"
#include "tools/concordat/commands/commands.h"
#include "tools/concordat/connection.h"
#include "tools/concordat/render/members.h"
#include "tools/concordat/render/obligation_text.h"
#include "tools/concordat/render/table.h"
#include "tools/concordat/source_file.h"

namespace concordat::cli {
namespace {

using Stub = v1::ObligationService::Stub;

struct Options {
  std::string id;
  std::string partner;
  std::string kind;
  std::string state = "open";
  bool asked = false;
  std::string evidence;
  std::string file;
  std::string outcome;
  std::string dataset;
  std::string key;
  std::string submission;
  std::string field;
  std::string reason;
  std::string disclosure;
};

template <typename Request>
absl::StatusOr<json::Value> Ask(const Context& context,
                                grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&,
                                                             v1::ObligationJson*),
                                const Request& request) {
  ASSIGN_OR_RETURN(const Connection connection, Connect(context));
  const auto stub = v1::ObligationService::NewStub(connection.channel);
  return CallJson<Stub, Request, v1::ObligationJson>(connection, *stub, method, request);
}

// Prints the answer as a document or by `text`.
template <typename Text>
int Show(const Context& context, const absl::StatusOr<json::Value>& answer, Text text) {
  if (!answer.ok()) return Fail(answer.status());
  if (context.json) {
    PrintJson(*answer);
  } else if (!context.quiet) {
    fmt::print("{}", text(*answer));
  }
  return kFine;
}

std::string ReceiptId(const json::Value& answer) { return json::TextOr(Member(answer, "receipt"), "id", ""); }

int List(const Context& context, const Options& options) {
  v1::ListObligationsRequest request;
  request.set_partner(options.partner);
  request.set_asked(options.asked);
  request.set_kind(options.kind);
  request.set_state(options.state == "all" ? "" : options.state);
  return Show(context, Ask(context, &Stub::ListObligations, request), [&](const json::Value& list) {
    std::string text;
    for (const json::Value& obligation : list.as_array()) text += ObligationText(obligation);
    return text.empty() ? std::string(options.asked ? "nothing is owed to you\n" : "nothing is owed\n")
                        : text;
  });
}

int Close(const Context& context, const Options& options) {
  v1::CloseObligationRequest request;
  request.set_id(options.id);
  request.set_evidence(options.evidence);
  request.set_outcome(options.outcome);
  if (!options.file.empty()) {
    const absl::StatusOr<SourceFile> file = OpenSource(options.file);
    if (!file.ok()) return Fail(file.status());
    const absl::StatusOr<std::string> digest = DigestOfFile(*file);
    if (!digest.ok()) return Fail(digest.status());
    request.set_evidence_digest(*digest);
  }
  return Show(context, Ask(context, &Stub::CloseObligation, request), [](const json::Value& closed) {
    return ObligationText(closed) + fmt::format("  receipt {}\n", ReceiptId(closed));
  });
}

int Rectify(const Context& context, const Options& options) {
  v1::RectifyRequest request;
  request.set_dataset(options.dataset);
  request.set_key(options.key);
  request.set_submission(options.submission);
  request.set_reason(options.reason);
  return Show(context, Ask(context, &Stub::Rectify, request), [](const json::Value& told) {
    std::string text = fmt::format("{} (corrected by {}, receipt {})\n", json::TextOr(told, "message", ""),
                                   json::TextOr(told, "submission", ""), ReceiptId(told));
    if (ItemsOf(told, "told").empty()) return text;
    const Table table = TableOf(Member(told, "told"), {"partner", "protocol", "time", "receipt", "id"});
    return text + table.str() + fmt::format("due {}\n", json::TextOr(told, "due", ""));
  });
}

int Dispute(const Context& context, const Options& options) {
  v1::DisputeRequest request;
  request.set_dataset(options.dataset);
  request.set_key(options.key);
  request.set_field(options.field);
  request.set_reason(options.reason);
  request.set_disclosure(options.disclosure);
  return Show(context, Ask(context, &Stub::Dispute, request), [](const json::Value& filed) {
    return fmt::format("{}: {}; received by {}; receipt {}\n", json::TextOr(filed, "id", ""),
                       json::TextOr(filed, "message", ""), json::TextOr(filed, "disclosure", ""),
                       ReceiptId(filed));
  });
}

// Not --key: that is the connection's.
void AddRecord(CLI::App& verb, Options& options) {
  verb.add_option("DATASET", options.dataset, "dataset of the record")->required();
  verb.add_option("--record", options.key,
                  "the record's key (primary key, or what the contract says is unique); several cells joined "
                  "by \"|\"")
      ->required();
}

}  // namespace

void AddDue(CLI::App& app, Context& context) {
  auto options = std::make_shared<Options>();
  CLI::App* noun = app.add_subcommand("due", "what is owed after a release, and closing it");
  noun->require_subcommand(1);
  CLI::App* list =
      AddVerb(*noun, context, "list", "deletion certificates, emergency reviews, rectifications and disputes",
              "  concordat due list\n  concordat due list --asked --state all",
              [&context, options] { return List(context, *options); });
  list->add_flag("--asked", options->asked,
                 "what others owe on your account: your disputes, your corrections");
  list->add_option("--partner", options->partner, "of this partner; yours when left out");
  list->add_option("--kind", options->kind, "only this kind")
      ->check(CLI::IsMember({"deletion_certificate", "emergency_review", "rectification", "dispute"}));
  list->add_option("--state", options->state, "open, closed or all")
      ->capture_default_str()
      ->check(CLI::IsMember({"open", "closed", "all"}));
  CLI::App* close = AddVerb(*noun, context, "close", "say what was done; leaves a receipt",
                            "  concordat due close O-0123456789abcdef --evidence \"rows.csv and its copies "
                            "deleted by S. Lee, IT, on "
                            "3 May\" --file ticket.pdf\n"
                            "  concordat due close O-0123456789abcdef --evidence \"looked up again: it is "
                            "E01019401\" --outcome upheld",
                            [&context, options] { return Close(context, *options); });
  close->add_option("ID", options->id, "O-... of the due list")->required();
  close
      ->add_option("--evidence", options->evidence,
                   "what was done and by whom; for a deletion what was deleted, for a review what was found")
      ->required();
  close->add_option("--file", options->file, "a file that shows it; only its SHA-256 is sent and recorded");
  close->add_option("--outcome", options->outcome,
                    "of a dispute upheld or rejected, of an emergency justified or unjustified");
}

void AddRectify(CLI::App& app, Context& context) {
  auto options = std::make_shared<Options>();
  CLI::App* verb = AddVerb(
      app, context, "rectify", "tell everybody who holds a record that you corrected it",
      "  concordat rectify street_crime --record 9f3c... --reason \"the place was wrong: it was the other "
      "High Street\"",
      [&context, options] { return Rectify(context, *options); });
  AddRecord(*verb, *options);
  verb->add_option("--submission", options->submission,
                   "the one that corrects it; your newest that superseded another when left out");
  verb->add_option("--reason", options->reason, "what was wrong; recipients read it")->required();
}

void AddDispute(CLI::App& app, Context& context) {
  auto options = std::make_shared<Options>();
  CLI::App* verb = AddVerb(
      app, context, "dispute", "tell the supplier that a record you received looks wrong",
      "  concordat dispute street_crime --record 51aa... --field lsoa_code --reason \"no such street there\"",
      [&context, options] { return Dispute(context, *options); });
  AddRecord(*verb, *options);
  verb->add_option("--field", options->field, "what of it is in doubt")->required();
  verb->add_option("--reason", options->reason, "why; the supplier reads it")->required();
  verb->add_option("--disclosure", options->disclosure,
                   "receipt of the release, R-...; your newest that holds it when left out");
}

}  // namespace concordat::cli
