// concordat adapter: plugins that read partners' files.
#include "tools/concordat/commands/adapter.h"

#include "concordat/v1/admin.grpc.pb.h"
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
  const auto stub = v1::AdminService::NewStub(connection.channel);
  return CallJson<v1::AdminService::Stub, v1::AdminRequest, v1::AdminJson>(
      connection, *stub, &v1::AdminService::Stub::ListAdapters, v1::AdminRequest());
}

int ListAdapters(const Context& context) {
  const absl::StatusOr<json::Value> list =
      context.connected() ? AskHost(context) : flows::AdaptersJson(OpenCatalog(context));
  if (!list.ok()) return Fail(list.status());
  if (context.json) {
    PrintJson(*list);
    return kFine;
  }
  for (const json::Value& adapter : list->as_array()) {
    fmt::print("{} {}\n  {}\n  {}\n", json::TextOr(adapter, "name", ""), json::TextOr(adapter, "version", ""),
               json::TextOr(adapter, "description", ""), json::TextOr(adapter, "digest", ""));
    for (const json::Value& option : ItemsOf(adapter, "options")) {
      fmt::print("  option {} ({}, default \"{}\"): {}\n", json::TextOr(option, "name", ""),
                 json::TextOr(option, "type", ""), json::TextOr(option, "default", ""),
                 json::TextOr(option, "description", ""));
    }
  }
  return kFine;
}

}  // namespace

void AddAdapter(CLI::App& app, Context& context) {
  CLI::App* noun = app.add_subcommand("adapter", "plugins that read partners' files");
  noun->require_subcommand(1);
  AddVerb(*noun, context, "list", "installed adapters, their options and rules", "  concordat adapter list",
          [&context] { return ListAdapters(context); });
  AddAdapterAuthoring(*noun, context);
  AddAdapterLife(*noun, context);
}

}  // namespace concordat::cli
