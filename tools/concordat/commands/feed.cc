// concordat feed: what is owed, and when. concordat catalog: what there is.
#include "concordat/v1/catalog.grpc.pb.h"
#include "fmt/format.h"
#include "tools/concordat/commands/commands.h"
#include "tools/concordat/connection.h"
#include "tools/concordat/render/members.h"
#include "tools/concordat/render/obligation_text.h"
#include "tools/concordat/render/table.h"

namespace concordat::cli {
namespace {

using Stub = v1::CatalogService::Stub;
using Method = grpc::Status (Stub::*)(grpc::ClientContext*, const v1::CatalogRequest&, v1::CatalogJson*);

absl::StatusOr<json::Value> Ask(const Context& context, Method method, const std::string& partner) {
  ASSIGN_OR_RETURN(const Connection connection, Connect(context));
  const auto stub = v1::CatalogService::NewStub(connection.channel);
  v1::CatalogRequest request;
  request.set_partner(partner);
  return CallJson<Stub, v1::CatalogRequest, v1::CatalogJson>(connection, *stub, method, request);
}

// A steward's list must fit a screen.
constexpr size_t kMostShown = 12;

std::string DueLine(const json::Value& item) {
  if (json::TextOr(item, "kind", "submission") != "submission") return ObligationText(item);
  const std::string last = json::TextOr(item, "lastReceived", "");
  return fmt::format("  {:<32} {}\n    {}, due {}; last received {}\n", json::TextOr(item, "feed", ""),
                     DueText(item), json::TextOr(item, "periodInWords", ""), json::TextOr(item, "due", ""),
                     last.empty() ? "never" : last);
}

int Due(const Context& context, const std::string& partner) {
  const absl::StatusOr<json::Value> due = Ask(context, &Stub::ListDue, partner);
  if (!due.ok()) return Fail(due.status());
  if (context.json) {
    PrintJson(*due);
    return kFine;
  }
  fmt::print("{}\n", json::TextOr(*due, "message", ""));
  size_t shown = 0;
  for (const json::Value& item : ItemsOf(*due, "owed")) {
    if (++shown <= kMostShown) fmt::print("{}", DueLine(item));
  }
  if (shown > kMostShown) fmt::print("  ... and {} more (--json shows all)\n", shown - kMostShown);
  if (!ItemsOf(*due, "upcoming").empty()) fmt::print("to come\n");
  for (const json::Value& item : ItemsOf(*due, "upcoming")) fmt::print("{}", DueLine(item));
  return kFine;
}

int List(const Context& context, Method method, const std::vector<std::string>& columns) {
  const absl::StatusOr<json::Value> list = Ask(context, method, "");
  if (!list.ok()) return Fail(list.status());
  if (context.json) {
    PrintJson(*list);
    return kFine;
  }
  fmt::print("{}", TableOf(*list, columns).str());
  return kFine;
}

}  // namespace

void AddFeed(CLI::App& app, Context& context) {
  auto partner = std::make_shared<std::string>();
  CLI::App* noun = app.add_subcommand("feed", "feeds, and what is owed");
  noun->require_subcommand(1);
  CLI::App* due = AddVerb(*noun, context, "due", "what is owed and by when, overdue first",
                          "  concordat feed due --profile constabulary",
                          [&context, partner] { return Due(context, *partner); });
  due->add_option("--partner", *partner, "of this partner; yours when left out");
  AddVerb(*noun, context, "list", "all feeds", "  concordat feed list", [&context] {
    return List(context, &Stub::ListFeeds, {"id", "partner", "dataset", "adapter", "every", "due"});
  });
}

void AddCatalog(CLI::App& app, Context& context) {
  CLI::App* noun = app.add_subcommand("catalog", "datasets and partners");
  noun->require_subcommand(1);
  AddVerb(*noun, context, "list", "all datasets", "  concordat catalog list --json", [&context] {
    return List(context, &Stub::ListDatasets, {"id", "version", "rules", "title"});
  });
  AddVerb(*noun, context, "partners", "all partners", "  concordat catalog partners", [&context] {
    return List(context, &Stub::ListPartners, {"id", "name", "sector"});
  });
}

}  // namespace concordat::cli
