// concordat host: the running host.
#include "concordat/v1/admin.grpc.pb.h"
#include "fmt/format.h"
#include "fmt/ranges.h"
#include "tools/concordat/commands/administration.h"
#include "tools/concordat/commands/commands.h"
#include "tools/concordat/connection.h"
#include "tools/concordat/render/inbox_text.h"
#include "tools/concordat/render/members.h"
#include "tools/concordat/render/table.h"

namespace concordat::cli {
namespace {

bool IsTrue(const json::Value& value) { return value.is_bool() && value.get_bool(); }

using Stub = v1::AdminService::Stub;
using Method = grpc::Status (Stub::*)(grpc::ClientContext*, const v1::AdminRequest&, v1::AdminJson*);

absl::StatusOr<json::Value> Ask(const Context& context, Method method) {
  ASSIGN_OR_RETURN(const Connection connection, Connect(context));
  const auto stub = v1::AdminService::NewStub(connection.channel);
  return CallJson<Stub, v1::AdminRequest, v1::AdminJson>(connection, *stub, method, v1::AdminRequest());
}

// "seccomp, landlock (ABI 7), rlimits, namespaces, own user"; what is missing, and whether that matters.
void PrintSandbox(const json::Value& sandbox) {
  const json::Value& landlock = Member(sandbox, "landlock");
  std::vector<std::string> walls;
  if (IsTrue(Member(landlock, "inForce")))
    walls.push_back(fmt::format("landlock (ABI {})", CountOf(landlock, "abi")));
  for (const char* layer : {"seccomp", "rlimits", "namespaces"}) {
    if (IsTrue(Member(sandbox, layer))) walls.emplace_back(layer);
  }
  if (IsTrue(Member(sandbox, "user"))) walls.emplace_back("a user of its own");
  fmt::print("{:<22} {}\n", "sandbox",
             walls.empty() ? "nothing is in force" : fmt::to_string(fmt::join(walls, ", ")));
  if (const std::string missing = json::TextOr(sandbox, "missing", ""); !missing.empty())
    fmt::print("{:<22} {}\n", "sandbox is without", missing);
  if (!IsTrue(Member(sandbox, "adaptersRun")))
    fmt::print("{:<22} {}\n", "adapters", "none runs: a required layer is missing");
}

std::string AdapterText(const json::Value& adapter) {
  const json::Value& in_use = Member(adapter, "inUse");
  std::string text =
      fmt::format("{} {}", json::TextOr(adapter, "name", ""), json::TextOr(adapter, "version", ""));
  if (!in_use.is_bool() || !in_use.get_bool()) text += " (not in use)";
  const std::string state = json::TextOr(adapter, "state", "enabled");
  if (state != "enabled") text += ", " + state;
  std::string feeds;
  for (const json::Value& feed : ItemsOf(adapter, "quarantinedFor"))
    feeds += (feeds.empty() ? "" : ", ") + TextOf(feed);
  if (!feeds.empty()) text += fmt::format(" for {} (concordat adapter list says why)", feeds);
  if (const uint64_t failures = CountOf(adapter, "failures"); failures > 0)
    text += fmt::format(", failures: {}, at most {} in a row", failures, CountOf(adapter, "failuresInARow"));
  return text;
}

void PrintBackup(const json::Value& backup) {
  if (!backup.is_object()) {
    fmt::print("{:<22} {}\n", "last backup", "none yet: concordat host backup FILE");
    return;
  }
  fmt::print("{:<22} {}, {} days ago, in {}\n", "last backup", json::TextOr(backup, "at", ""),
             CountOf(backup, "ageDays"), json::TextOr(backup, "file", ""));
  const std::string failure = json::TextOr(backup, "lastFailure", "");
  if (!failure.empty()) fmt::print("{:<22} a later one failed: {}\n", "", failure);
}

int Status(const Context& context) {
  const absl::StatusOr<json::Value> status = Ask(context, &Stub::GetHostStatus);
  if (!status.ok()) return Fail(status.status());
  if (context.json) {
    PrintJson(*status);
    return kFine;
  }
  for (const auto& member : status->as_object()) {
    if (member.value().is_array() || member.value().is_object() || member.key() == "lastBackup") continue;
    fmt::print("{:<22} {}\n", std::string_view(member.key().data(), member.key().size()),
               TextOf(member.value()));
  }
  if (const json::Value& inbox = Member(*status, "inbox"); inbox.is_object()) fmt::print("{}", InboxText(inbox));
  PrintSandbox(Member(*status, "sandbox"));
  for (const json::Value& adapter : ItemsOf(*status, "adapters"))
    fmt::print("{:<22} {}\n", "adapter", AdapterText(adapter));
  PrintBackup(Member(*status, "lastBackup"));
  for (const json::Value& one : ItemsOf(*status, "certificatesEnding")) {
    fmt::print("{:<22} {} ends on {}: concordat pki renew\n", "certificate", json::TextOr(one, "holder", ""),
               json::TextOr(one, "ends", ""));
  }
  return kFine;
}

int Reload(const Context& context) {
  const absl::StatusOr<json::Value> answer = Ask(context, &Stub::ReloadPolicies);
  if (!answer.ok()) return Fail(answer.status());
  const json::Value& reloaded = Member(*answer, "reloaded");
  const bool fine = reloaded.is_bool() && reloaded.get_bool();
  if (context.json) {
    PrintJson(*answer);
  } else if (fine) {
    fmt::print("policies reloaded: {} -> {}\n", json::TextOr(*answer, "before", ""),
               json::TextOr(*answer, "now", ""));
  } else {
    for (const json::Value& issue : ItemsOf(*answer, "issues")) {
      fmt::print(stderr, "{}:{}:{}: {}\n", json::TextOr(issue, "file", ""), CountOf(issue, "line"),
                 CountOf(issue, "column"), json::TextOr(issue, "message", ""));
    }
    fmt::print(stderr, "{}\n", json::TextOr(*answer, "why", "nothing changed"));
  }
  return fine ? kFine : kNo;
}

int Purge(const Context& context, bool dry_run) {
  const auto ask = [&]() -> absl::StatusOr<json::Value> {
    ASSIGN_OR_RETURN(const Connection connection, Connect(context));
    const auto stub = v1::AdminService::NewStub(connection.channel);
    v1::PurgeRequest request;
    request.set_dry_run(dry_run);
    return CallJson<Stub, v1::PurgeRequest, v1::AdminJson>(connection, *stub, &Stub::Purge, request);
  };
  const absl::StatusOr<json::Value> gone = ask();
  if (!gone.ok()) return Fail(gone.status());
  if (context.json) {
    PrintJson(*gone);
    return kFine;
  }
  for (const json::Value& row : gone->as_array()) {
    fmt::print("{}  {} {} received {}, kept {}  {}\n", json::TextOr(row, "submission", ""),
               json::TextOr(row, "dataset", ""), json::TextOr(row, "period", ""),
               json::TextOr(row, "received", ""), json::TextOr(row, "retention", ""),
               json::TextOr(row, "receipt", ""));
  }
  fmt::print("{} submissions {}\n", gone->as_array().size(), dry_run ? "would be erased" : "erased");
  return kFine;
}

}  // namespace

void AddHost(CLI::App& app, Context& context) {
  CLI::App* noun = app.add_subcommand("host", "the running host (administrators)");
  noun->require_subcommand(1);
  AddVerb(*noun, context, "status", "what runs, under which policies",
          "  concordat host status --host unix:data/run/concordat.sock",
          [&context] { return Status(context); });
  AddHostBackup(*noun, context);
  auto dry_run = std::make_shared<bool>(false);
  CLI::App* purge = AddVerb(*noun, context, "purge", "erase submissions past their contract's retention",
                            "  concordat host purge --dry-run --host unix:data/run/concordat.sock",
                            [&context, dry_run] { return Purge(context, *dry_run); });
  purge->add_flag("--dry-run", *dry_run, "only say what would go");
  AddVerb(*noun, context, "reload", "read the policies again: all of them or nothing",
          "  concordat host reload --host unix:data/run/concordat.sock",
          [&context] { return Reload(context); });
}

}  // namespace concordat::cli
