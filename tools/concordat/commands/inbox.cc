// concordat inbox: the folders into which files are put instead of being submitted.
#include "concordat/v1/catalog.grpc.pb.h"
#include "fmt/format.h"
#include "tools/concordat/commands/commands.h"
#include "tools/concordat/connection.h"
#include "tools/concordat/render/inbox_text.h"

namespace concordat::cli {
namespace {

using Stub = v1::CatalogService::Stub;

int List(const Context& context, const std::string& partner) {
  const auto ask = [&]() -> absl::StatusOr<json::Value> {
    ASSIGN_OR_RETURN(const Connection connection, Connect(context));
    const auto stub = v1::CatalogService::NewStub(connection.channel);
    v1::CatalogRequest request;
    request.set_partner(partner);
    return CallJson<Stub, v1::CatalogRequest, v1::CatalogJson>(connection, *stub, &Stub::ListInboxes,
                                                               request);
  };
  const absl::StatusOr<json::Value> inboxes = ask();
  if (!inboxes.ok()) return Fail(inboxes.status());
  if (context.json) {
    PrintJson(*inboxes);
  } else if (!context.quiet) {
    fmt::print("{}", InboxText(*inboxes));
  }
  return kFine;
}

}  // namespace

void AddInbox(CLI::App& app, Context& context) {
  CLI::App* noun = app.add_subcommand("inbox", "folders into which files are put instead of being submitted");
  noun->require_subcommand(1);
  auto partner = std::make_shared<std::string>();
  auto mine = std::make_shared<bool>(false);
  CLI::App* list =
      AddVerb(*noun, context, "list", "the folders, their last files, what waits and what was not taken in",
              "  concordat inbox list --profile constabulary\n"
              "  concordat inbox list --partner constabulary --host unix:data/run/concordat.sock",
              [&context, partner] { return List(context, *partner); });
  list->add_flag("--mine", *mine,
                 "those of your partner, which is all that you see unless you are an administrator");
  list->add_option("--partner", *partner, "for administrators: of this partner");
}

}  // namespace concordat::cli
