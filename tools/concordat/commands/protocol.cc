// concordat protocol: the life of an agreement.
#include "fmt/format.h"
#include "host/flows/policies.h"
#include "host/policy/issue_json.h"
#include "tools/concordat/commands/commands.h"
#include "tools/concordat/commands/protocol_client.h"
#include "tools/concordat/offline.h"
#include "tools/concordat/render/members.h"
#include "tools/concordat/render/table.h"
#include "tools/concordat/terminal.h"

namespace concordat::cli {
namespace {

int List(const Context& context) {
  const absl::StatusOr<json::Value> list =
      AskProtocols(context, &ProtocolStub::ListProtocols, v1::ListProtocolsRequest());
  if (!list.ok()) return Fail(list.status());
  if (context.json) {
    PrintJson(*list);
    return kFine;
  }
  Table table({"protocol", "version", "state", "purpose", "datasets", "parties"});
  for (const json::Value& row : list->as_array()) {
    table.Add({json::TextOr(row, "id", ""), json::TextOr(row, "version", ""), json::TextOr(row, "state", ""),
               json::TextOr(row, "purpose", ""), JoinedItems(ItemsOf(row, "datasets"), ""),
               JoinedItems(ItemsOf(row, "parties"), "partner")});
  }
  fmt::print("{}", table.str());
  return kFine;
}

std::string ProtocolText(const json::Value& protocol) {
  const json::Value& purpose = Member(protocol, "purpose");
  std::string text = fmt::format("{} {}: {}\n  digest {}\n  purpose {}: {}\n",
                                 json::TextOr(protocol, "id", ""), json::TextOr(protocol, "version", ""),
                                 Paint(Colour::kBold, json::TextOr(protocol, "title", "")),
                                 json::TextOr(protocol, "digest", ""), json::TextOr(purpose, "code", ""),
                                 json::TextOr(purpose, "statement", ""));
  const json::Value& validity = Member(protocol, "validity");
  text += fmt::format("  in force {} to {}, review by {}\n", json::TextOr(validity, "from", ""),
                      json::TextOr(validity, "until", ""), json::TextOr(validity, "review", ""));
  for (const json::Value& share : ItemsOf(protocol, "shares")) {
    text += fmt::format("  share {}: {} from {} to {}\n", json::TextOr(share, "id", ""),
                        json::TextOr(share, "dataset", ""), JoinedItems(ItemsOf(share, "from"), ""),
                        JoinedItems(ItemsOf(share, "to"), ""));
    for (const json::Value& field : ItemsOf(share, "fields"))
      text +=
          fmt::format("    {:<28} {}\n", json::TextOr(field, "field", ""), json::TextOr(field, "form", ""));
    if (const std::string rows = json::TextOr(share, "rows", ""); !rows.empty())
      text += fmt::format("    only rows where {}\n", rows);
    if (const std::string when = json::TextOr(share, "when", ""); !when.empty())
      text += fmt::format("    only when {}\n", when);
  }
  return text;
}

int Show(const Context& context, const ProtocolOptions& options) {
  const absl::StatusOr<json::Value> protocol =
      AskProtocols(context, &ProtocolStub::GetProtocol, ProtocolRequestOf(options));
  if (!protocol.ok()) return Fail(protocol.status());
  if (context.json) {
    PrintJson(*protocol);
  } else {
    fmt::print("{}", ProtocolText(*protocol));
  }
  return kFine;
}

bool IsAboutProtocols(const Issue& issue) {
  return issue.place.source != nullptr && issue.place.source->name.find("protocols/") != std::string::npos;
}

// Protocols can only be judged together with contracts and partners, so the whole folder is read.
int Lint(const Context& context) {
  const adapters::Catalog catalog = OpenCatalog(context);
  Issues all;
  flows::LoadPolicies(context.policies, catalog.all().empty() ? nullptr : &catalog, all);
  Issues issues;
  for (const Issue& issue : all.list()) {
    if (IsAboutProtocols(issue)) issues.Add(issue);
  }
  if (context.json) {
    PrintJson(policy::IssuesToJson(issues));
  } else {
    for (const Issue& issue : issues.list()) fmt::print("{}\n", RenderIssue(issue));
    fmt::print("{}\n",
               issues.has_errors() ? fmt::format("{} mistakes", issues.error_count()) : "no mistakes");
  }
  return issues.has_errors() ? kNo : kFine;
}

// One line each way that the agreement stands or falls by.
std::string StatusText(const json::Value& status) {
  std::string text = fmt::format(
      "{} {}: {}\n  {}\n", json::TextOr(status, "id", ""), json::TextOr(status, "version", ""),
      Paint(Colour::kBold, json::TextOr(status, "state", "")), json::TextOr(status, "explanation", ""));
  for (const json::Value& signature : ItemsOf(status, "signatures")) {
    text += fmt::format("  signed for {} by {}, {} on {}{}\n", json::TextOr(signature, "partner", ""),
                        json::TextOr(signature, "name", ""), json::TextOr(signature, "post", ""),
                        json::TextOr(signature, "time", ""),
                        Member(signature, "revoked").is_bool() && Member(signature, "revoked").get_bool()
                            ? " (revoked)"
                            : "");
  }
  if (!ItemsOf(status, "missing").empty())
    text += fmt::format("  signatures missing: {}\n", JoinedItems(ItemsOf(status, "missing"), ""));
  for (const json::Value& party : ItemsOf(status, "adopted")) {
    const std::string version = json::TextOr(party, "version", "");
    text += fmt::format("  {} has adopted {}\n", json::TextOr(party, "partner", ""),
                        version.empty() ? "no version" : version);
  }
  for (const json::Value& rejection : ItemsOf(status, "rejections")) {
    text += fmt::format("  rejected by {}: {}\n", json::TextOr(rejection, "partner", ""),
                        json::TextOr(rejection, "reason", ""));
  }
  for (const json::Value& drift : ItemsOf(status, "drift"))
    text += fmt::format("  {}\n", json::TextOr(drift, "message", ""));
  for (const json::Value& suspended : ItemsOf(status, "suspended")) {
    text += fmt::format("  {} {}: {}\n    mend: {}\n", Paint(Colour::kBold, "suspended"),
                        json::TextOr(suspended, "share", ""), json::TextOr(suspended, "message", ""),
                        json::TextOr(suspended, "mend", ""));
  }
  for (const json::Value& failure : ItemsOf(Member(status, "tests"), "failures"))
    text += fmt::format("  test fails: {}\n", TextOf(failure));
  for (const json::Value& version : ItemsOf(status, "versions")) {
    if (json::TextOr(version, "version", "") == json::TextOr(status, "version", "")) continue;
    text += fmt::format("  beside it {}: {}\n", json::TextOr(version, "version", ""),
                        json::TextOr(version, "state", ""));
  }
  return text;
}

std::string DaysOf(const json::Value& status) {
  const json::Value& days = Member(status, "daysToReview");
  return days.is_null() ? "" : fmt::format("{}", static_cast<int64_t>(NumberOf(days)));
}

int Status(const Context& context, const ProtocolOptions& options) {
  const absl::StatusOr<json::Value> status =
      AskProtocols(context, &ProtocolStub::GetProtocolStatus, ProtocolRequestOf(options));
  if (!options.id.empty() || !status.ok() || context.json) return PrintProtocolStatus(context, status);
  Table table({"protocol", "version", "state", "review in days", "signatures missing", "drift", "suspended"});
  for (const json::Value& row : status->as_array()) {
    table.Add({json::TextOr(row, "id", ""), json::TextOr(row, "version", ""), json::TextOr(row, "state", ""),
               DaysOf(row), JoinedItems(ItemsOf(row, "missing"), ""),
               JoinedItems(ItemsOf(row, "drift"), "dataset"),
               JoinedItems(ItemsOf(row, "suspended"), "share")});
  }
  fmt::print("{}", table.str());
  return kFine;
}

}  // namespace

v1::ProtocolRequest ProtocolRequestOf(const ProtocolOptions& options) {
  v1::ProtocolRequest request;
  request.set_protocol(options.id);
  request.set_version(options.version);
  return request;
}

std::string JoinedItems(const json::Array& items, std::string_view member) {
  std::string text;
  for (const json::Value& item : items)
    text += (text.empty() ? "" : ", ") + (member.empty() ? TextOf(item) : json::TextOr(item, member, ""));
  return text;
}

int PrintProtocolStatus(const Context& context, const absl::StatusOr<json::Value>& status) {
  if (!status.ok()) return Fail(status.status());
  if (context.json) {
    PrintJson(*status);
  } else if (!context.quiet) {
    fmt::print("{}", StatusText(*status));
  }
  return kFine;
}

void AddProtocolId(CLI::App& verb, ProtocolOptions& options, bool required) {
  CLI::Option* id = verb.add_option("ID", options.id, "protocol id");
  if (required) id->required();
  verb.add_option("--protocol-version", options.version, "the newest when left out");
}

void AddProtocol(CLI::App& app, Context& context) {
  auto options = std::make_shared<ProtocolOptions>();
  CLI::App* noun = app.add_subcommand("protocol", "information-sharing protocols");
  noun->require_subcommand(1);
  AddVerb(*noun, context, "list", "all protocols and whether they are in force", "  concordat protocol list",
          [&context] { return List(context); });
  AddProtocolId(*AddVerb(*noun, context, "show", "what was agreed", "  concordat protocol show asb-hotspots",
                         [&context, options] { return Show(context, *options); }),
                *options);
  AddVerb(*noun, context, "lint", "mistakes in protocols of --policies",
          "  concordat protocol lint --policies policies", [&context] { return Lint(context); });
  AddProtocolSigning(*noun, context, options);
  AddProtocolLife(*noun, context, options);
  AddProtocolId(*AddVerb(*noun, context, "status",
                         "state, signatures, rejections, drift, days to review; of all, soonest review first",
                         "  concordat protocol status\n  concordat protocol status asb-hotspots",
                         [&context, options] { return Status(context, *options); }),
                *options, /*required=*/false);
}

}  // namespace concordat::cli
