// concordat feed: what is owed, and when. concordat catalog: what there is.
#include <string>
#include <vector>

#include "concordat/v1/catalog.grpc.pb.h"
#include "fmt/format.h"
#include "host/flows/catalog.h"
#include "tools/concordat/commands/commands.h"
#include "tools/concordat/commands/feed_propose.h"
#include "tools/concordat/connection.h"
#include "tools/concordat/offline.h"
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

int Due(const Context& context, const std::string& partner) {
  const absl::StatusOr<json::Value> due = Ask(context, &Stub::ListDue, partner);
  if (!due.ok()) return Fail(due.status());
  if (context.json) {
    PrintJson(*due);
    return kFine;
  }
  if (context.quiet) return kFine;
  fmt::print("{}\n", json::TextOr(*due, "message", ""));
  const std::vector<std::string> entries = OwedEntries(ItemsOf(*due, "owed"));
  for (size_t i = 0; i < entries.size() && i < kMostShown; ++i) fmt::print("{}", entries[i]);
  if (entries.size() > kMostShown)
    fmt::print("  ... and {} more (--json shows all)\n", entries.size() - kMostShown);
  if (!ItemsOf(*due, "upcoming").empty()) fmt::print("to come\n");
  for (const json::Value& item : ItemsOf(*due, "upcoming")) fmt::print("{}", OwedText(item));
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

// Offline the datasets of --policies.
int ListDatasets(const Context& context) {
  const std::vector<std::string> columns = {"id", "version", "rules", "title"};
  if (context.connected()) return List(context, &Stub::ListDatasets, columns);
  const adapters::Catalog catalog = OpenCatalog(context);
  const auto policies = OpenPolicies(context, catalog);
  if (!policies.ok()) return Fail(policies.status());
  const json::Value list = flows::DatasetsJson(*(*policies)->set);
  if (context.json) {
    PrintJson(list);
  } else {
    fmt::print("{}", TableOf(list, columns).str());
  }
  return kFine;
}

std::string FieldsText(const json::Value& row) {
  std::string text;
  for (const json::Value& field : ItemsOf(row, "fields")) {
    const std::string form = json::TextOr(field, "form", "");
    text += fmt::format("{}{}{}", text.empty() ? "" : ", ", json::TextOr(field, "field", ""),
                        form == "release" ? "" : fmt::format(" ({})", form));
  }
  return text;
}

int ListMine(const Context& context, const std::string& partner) {
  const absl::StatusOr<json::Value> list = Ask(context, &Stub::ListMine, partner);
  if (!list.ok()) return Fail(list.status());
  if (context.json) {
    PrintJson(*list);
    return kFine;
  }
  Table table(
      {"dataset", "protocol", "share", "purpose", "form", "quality", "updated", "in force", "fields"});
  for (const json::Value& row : list->as_array()) {
    const json::Value& score = Member(Member(row, "quality"), "score");
    const std::string why = json::TextOr(row, "why", "");
    table.Add({json::TextOr(row, "dataset", ""),
               fmt::format("{} {}", json::TextOr(row, "protocol", ""), json::TextOr(row, "version", "")),
               json::TextOr(row, "share", ""), json::TextOr(row, "purpose", ""),
               json::TextOr(row, "form", ""),
               score.is_null() ? "none" : fmt::format("{:.1f}", NumberOf(score)),
               json::TextOr(row, "updated", "never").substr(0, 10),
               why.empty() ? std::string("yes") : fmt::format("no: {}", why), FieldsText(row)});
  }
  fmt::print("{}", table.str());
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
  AddFeedPropose(*noun, context);
  AddVerb(*noun, context, "list", "all feeds", "  concordat feed list", [&context] {
    return List(context, &Stub::ListFeeds, {"id", "partner", "dataset", "adapter", "every", "due"});
  });
}

void AddCatalog(CLI::App& app, Context& context) {
  CLI::App* noun = app.add_subcommand("catalog", "datasets and partners");
  noun->require_subcommand(1);
  auto mine = std::make_shared<bool>(false);
  auto partner = std::make_shared<std::string>();
  CLI::App* list = AddVerb(
      *noun, context, "list", "all datasets; or what you may ask for",
      "  concordat catalog list --policies policies\n  concordat catalog list --mine",
      [&context, mine, partner] { return *mine ? ListMine(context, *partner) : ListDatasets(context); });
  list->add_flag("--mine", *mine, "what your partner may ask for, under which protocol, in which form");
  list->add_option("--partner", *partner, "with --mine, for administrators: of this partner");
  AddVerb(*noun, context, "partners", "all partners", "  concordat catalog partners", [&context] {
    return List(context, &Stub::ListPartners, {"id", "name", "sector"});
  });
}

}  // namespace concordat::cli
