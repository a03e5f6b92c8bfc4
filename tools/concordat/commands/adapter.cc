// concordat adapter: plugins that read partners' files.
#include "tools/concordat/commands/adapter.h"

#include "concordat/v1/adapter.grpc.pb.h"
#include "fmt/format.h"
#include "host/flows/catalog.h"
#include "tools/concordat/commands/commands.h"
#include "tools/concordat/connection.h"
#include "tools/concordat/offline.h"
#include "tools/concordat/render/members.h"

namespace concordat::cli {
namespace {

absl::StatusOr<json::Value> AskHost(const Context& context) {
  ASSIGN_OR_RETURN(const Connection connection, Connect(context));
  const auto stub = v1::AdapterService::NewStub(connection.channel);
  return CallJson<v1::AdapterService::Stub, v1::AdapterRequest, v1::AdapterJson>(
      connection, *stub, &v1::AdapterService::Stub::ListAdapters, v1::AdapterRequest());
}

std::string TrustText(const json::Value& adapter) {
  const std::string trust = json::TextOr(adapter, "trust", "");
  const std::string key = json::TextOr(adapter, "signedWith", "");
  if (trust == "own") return "the program's own";
  if (trust == "signed")
    return fmt::format("signed with key {} ({})", key, json::TextOr(adapter, "trustedBy", "trusted"));
  if (trust == "unsigned") return "not signed, taken by name (trust: unsigned)";
  return key.empty() ? "not signed" : fmt::format("signed with key {}, not checked here", key);
}

bool IsTrue(const json::Value& value) { return value.is_bool() && value.get_bool(); }

std::string StateText(const json::Value& adapter) {
  const std::string state = json::TextOr(adapter, "state", "");
  std::string text = IsTrue(Member(adapter, "inUse")) ? "in use" : "installed";
  if (!state.empty() && state != "enabled") text += ", " + state;
  return text;
}

std::string Joined(const json::Array& texts) {
  std::string line;
  for (const json::Value& text : texts) line += (line.empty() ? "" : ", ") + TextOf(text);
  return line;
}

// What an administrator looks for: who is shut out, since when, and why.
void PrintTroubles(const json::Value& adapter) {
  if (const std::string unfit = json::TextOr(adapter, "unfit", ""); !unfit.empty())
    fmt::print("  cannot run here: {}\n", unfit);
  const json::Value& disabled = Member(adapter, "disabled");
  if (disabled.is_object()) {
    fmt::print("  disabled since {} by {}: {}\n", json::TextOr(disabled, "since", ""),
               json::TextOr(disabled, "by", ""), json::TextOr(disabled, "reason", ""));
  }
  for (const json::Value& quarantine : ItemsOf(adapter, "quarantines")) {
    fmt::print(
        "  quarantined for feed {} since {}: {}\n    when it is seen to: concordat adapter enable {}@{} "
        "--feed {}\n",
        json::TextOr(quarantine, "feed", ""), json::TextOr(quarantine, "since", ""),
        json::TextOr(quarantine, "reason", ""), json::TextOr(adapter, "name", ""),
        json::TextOr(adapter, "version", ""), json::TextOr(quarantine, "feed", ""));
  }
  for (const json::Value& tally : ItemsOf(adapter, "failures")) {
    const json::Value& last = Member(tally, "last");
    fmt::print("  failures on feed {}: {}, in a row now {}; the last {} ({}): {}\n",
               json::TextOr(tally, "feed", ""), CountOf(tally, "failures"), CountOf(tally, "failuresInARow"),
               json::TextOr(last, "at", ""), json::TextOr(last, "kind", ""), json::TextOr(last, "cause", ""));
  }
}

void PrintAdapter(const json::Value& adapter) {
  if (json::TextOr(adapter, "state", "") == "refused") {
    const std::string name = json::TextOr(adapter, "name", "");
    fmt::print("{} {}  refused\n  {}\n  {}\n", name.empty() ? "?" : name,
               json::TextOr(adapter, "version", ""), json::TextOr(adapter, "why", ""),
               json::TextOr(adapter, "folder", ""));
    return;
  }
  fmt::print("{} {}  {}  ({})\n  {}\n  {}\n", json::TextOr(adapter, "name", ""),
             json::TextOr(adapter, "version", ""), StateText(adapter), TrustText(adapter),
             json::TextOr(adapter, "description", ""), json::TextOr(adapter, "digest", ""));
  if (const json::Array& feeds = ItemsOf(adapter, "feeds"); !feeds.empty())
    fmt::print("  feeds: {}\n", Joined(feeds));
  PrintTroubles(adapter);
  for (const json::Value& option : ItemsOf(adapter, "options")) {
    fmt::print("  option {} ({}, default \"{}\"): {}\n", json::TextOr(option, "name", ""),
               json::TextOr(option, "type", ""), json::TextOr(option, "default", ""),
               json::TextOr(option, "description", ""));
  }
}

int ListAdapters(const Context& context) {
  const absl::StatusOr<json::Value> list =
      context.connected() ? AskHost(context) : flows::AdaptersJson(OpenCatalog(context));
  if (!list.ok()) return Fail(list.status());
  if (context.json) {
    PrintJson(*list);
  } else {
    for (const json::Value& adapter : list->as_array()) PrintAdapter(adapter);
  }
  return kFine;
}

}  // namespace

void AddAdapter(CLI::App& app, Context& context) {
  CLI::App* noun = app.add_subcommand("adapter", "plugins that read partners' files");
  noun->require_subcommand(1);
  AddVerb(*noun, context, "list",
          "installed versions, who vouches for them, their state, failures and options",
          "  concordat adapter list\n"
          "  concordat adapter list --adapters build/adapters\n"
          "  concordat adapter list --host unix:data/run/concordat.sock",
          [&context] { return ListAdapters(context); });
  AddAdapterAuthoring(*noun, context);
  AddAdapterLife(*noun, context);
}

}  // namespace concordat::cli
