// concordat protocol propose, simulate, export: a protocol before it is signed, and what others are shown of
// it.

#include "fmt/format.h"
#include "host/base/files.h"
#include "host/flows/protocol_export.h"
#include "host/flows/protocol_views.h"
#include "tools/concordat/commands/protocol_client.h"
#include "tools/concordat/offline.h"
#include "tools/concordat/render/members.h"
#include "tools/concordat/render/table.h"
#include "tools/concordat/terminal.h"

namespace concordat::cli {
namespace {

bool IsDone(const json::Value& answer, std::string_view member) {
  const json::Value& done = Member(answer, member);
  return done.is_bool() && done.get_bool();
}

int PrintRefusal(const json::Value& answer) {
  for (const json::Value& issue : ItemsOf(answer, "issues"))
    fmt::print(stderr, "{}\n", json::TextOr(issue, "text", ""));
  fmt::print(stderr, "{}\n", json::TextOr(answer, "why", "nothing changed"));
  return kNo;
}

absl::StatusOr<json::Value> ProposeIt(const Context& context, const ProtocolOptions& options) {
  ASSIGN_OR_RETURN(const std::string text, ReadFile(options.file));
  v1::ProposeProtocolRequest request;
  request.set_name(options.file);
  request.set_document(text);
  return AskProtocols(context, &ProtocolStub::ProposeProtocol, request);
}

int Propose(const Context& context, const ProtocolOptions& options) {
  const absl::StatusOr<json::Value> answer = ProposeIt(context, options);
  if (!answer.ok()) return Fail(answer.status());
  const bool done = IsDone(*answer, "proposed");
  if (context.json) {
    PrintJson(*answer);
    return done ? kFine : kNo;
  }
  if (!done) return PrintRefusal(*answer);
  if (context.quiet) return kFine;
  for (const json::Value& issue : ItemsOf(*answer, "issues"))
    fmt::print(stderr, "{}\n", json::TextOr(issue, "text", ""));
  fmt::print("{} {} is proposed; signatures missing: {}\n  each delegate: concordat protocol sign {}\n",
             json::TextOr(*answer, "id", ""), json::TextOr(*answer, "version", ""),
             JoinedItems(ItemsOf(*answer, "missing"), ""), json::TextOr(*answer, "id", ""));
  return kFine;
}

absl::StatusOr<json::Value> SimulateIt(const Context& context, const ProtocolOptions& options) {
  ASSIGN_OR_RETURN(const std::string text, ReadFile(options.file));
  v1::SimulateProtocolRequest request;
  request.set_name(options.file);
  request.set_document(text);
  request.set_last(options.last);
  return AskProtocols(context, &ProtocolStub::SimulateProtocol, request);
}

void PrintSimulation(const json::Value& report) {
  fmt::print("{} {} over the data of today; nothing left\n", json::TextOr(report, "id", ""),
             json::TextOr(report, "version", ""));
  Table shares({"share", "dataset", "to", "rows", "fields", "suppressed cells"});
  for (const json::Value& row : ItemsOf(report, "shares")) {
    const std::string why = json::TextOr(row, "why", "");
    shares.Add({json::TextOr(row, "share", ""), json::TextOr(row, "dataset", ""), json::TextOr(row, "to", ""),
                why.empty() ? Grouped(CountOf(row, "rows")) : why,
                why.empty() ? Grouped(CountOf(row, "fields")) : "",
                why.empty() ? Grouped(CountOf(row, "suppressed")) : ""});
  }
  fmt::print("{}", shares.str());
  for (const json::Value& row : ItemsOf(report, "shares")) {
    const std::string suspended = json::TextOr(row, "suspended", "");
    if (!suspended.empty())
      fmt::print("{} to {} would be suspended: {}\n", json::TextOr(row, "share", ""),
                 json::TextOr(row, "to", ""), suspended);
  }
  fmt::print("of the last {} requests {} would change to permit, {} to deny\n", CountOf(report, "requests"),
             CountOf(report, "toPermit"), CountOf(report, "toDeny"));
  if (ItemsOf(report, "changes").empty()) return;
  fmt::print("{}", TableOf(Member(report, "changes"),
                           {"time", "partner", "dataset", "before", "after", "cause", "message"})
                       .str());
}

int Simulate(const Context& context, const ProtocolOptions& options) {
  const absl::StatusOr<json::Value> answer = SimulateIt(context, options);
  if (!answer.ok()) return Fail(answer.status());
  const bool done = IsDone(*answer, "simulated");
  if (context.json) {
    PrintJson(*answer);
    return done ? kFine : kNo;
  }
  if (!done) return PrintRefusal(*answer);
  PrintSimulation(*answer);
  return kFine;
}

absl::StatusOr<std::string> ExportFromHost(const Context& context, const ProtocolOptions& options) {
  v1::ExportProtocolRequest request;
  request.set_protocol(options.id);
  request.set_version(options.version);
  request.set_as(options.as);
  request.set_html(options.html);
  ASSIGN_OR_RETURN(const json::Value answer, AskProtocols(context, &ProtocolStub::ExportProtocol, request));
  return json::TextOr(answer, "text", "");
}

// Offline nobody knows who signed, so that it is an offer.
absl::StatusOr<std::string> ExportFromFolder(const Context& context, const ProtocolOptions& options) {
  const adapters::Catalog catalog = OpenCatalog(context);
  ASSIGN_OR_RETURN(const auto policies, OpenPolicies(context, catalog));
  ASSIGN_OR_RETURN(const policy::SharingProtocol* protocol,
                   flows::FindVersion(*policies->set, ProtocolId(options.id), options.version));
  ASSIGN_OR_RETURN(const flows::ExportSource source, flows::ExportSourceOf(*policies->set, *protocol));
  return flows::ExportAs(source, options.as, options.html);
}

int Export(const Context& context, const ProtocolOptions& options) {
  const absl::StatusOr<std::string> text =
      context.connected() ? ExportFromHost(context, options) : ExportFromFolder(context, options);
  if (!text.ok()) return Fail(text.status());
  if (!options.output.empty()) {
    const absl::Status written = WriteFileAtomically(options.output, *text);
    if (!written.ok()) return Fail(written);
  }
  if (context.json) {
    json::Object answer{{"id", options.id}, {"as", options.as}};
    if (options.output.empty()) {
      answer["text"] = *text;
    } else {
      answer["file"] = options.output;
      answer["bytes"] = text->size();
    }
    PrintJson(answer);
  } else if (options.output.empty()) {
    fmt::print("{}", *text);
  } else if (!context.quiet) {
    fmt::print(stderr, "written to {}\n", options.output);
  }
  return kFine;
}

}  // namespace

void AddProtocolLife(CLI::App& noun, Context& context, std::shared_ptr<ProtocolOptions> options) {
  CLI::App* propose =
      AddVerb(noun, context, "propose", "put a protocol before its parties: linted, kept, not in force",
              "  concordat protocol propose asb-hotspots-2.0.0.yaml",
              [&context, options] { return Propose(context, *options); });
  propose->add_option("FILE", options->file, "the protocol as YAML")->required();
  CLI::App* simulate = AddVerb(noun, context, "simulate",
                               "what a protocol would do over the data that is there; nothing leaves",
                               "  concordat protocol simulate asb-hotspots-2.0.0.yaml --last 500",
                               [&context, options] { return Simulate(context, *options); });
  simulate->add_option("FILE", options->file, "the protocol as YAML")->required();
  simulate->add_option("--last", options->last, "rule again on so many of the newest requests")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  CLI::App* exported =
      AddVerb(noun, context, "export", "the ICO checklist, the register row, a page for the public, or ODRL",
              "  concordat protocol export asb-hotspots --as ico -o checklist.md\n"
              "  concordat protocol export asb-hotspots --as public --html -o page.html --policies policies",
              [&context, options] { return Export(context, *options); });
  AddProtocolId(*exported, *options);
  exported->add_option("--as", options->as, "ico, dea, public or odrl")
      ->required()
      ->check(CLI::IsMember({"ico", "dea", "public", "odrl"}));
  exported->add_flag("--html", options->html, "the page for the public as one HTML file");
  exported->add_option("-o,--output", options->output, "write to this file");
}

}  // namespace concordat::cli
