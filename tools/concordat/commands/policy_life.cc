#include "tools/concordat/commands/policy_life.h"

#include <filesystem>

#include "concordat/v1/admin.grpc.pb.h"
#include "fmt/format.h"
#include "host/base/clock.h"
#include "tools/concordat/connection.h"
#include "tools/concordat/render/members.h"
#include "tools/concordat/terminal.h"

namespace concordat::cli {
namespace {

using Stub = v1::AdminService::Stub;

int History(const Context& context) {
  const absl::StatusOr<Connection> connection = Connect(context);
  if (!connection.ok()) return Fail(connection.status());
  const auto stub = v1::AdminService::NewStub(connection->channel);
  const auto list = CallJson<Stub, v1::AdminRequest, v1::AdminJson>(
      *connection, *stub, &Stub::ListPolicyHistory, v1::AdminRequest());
  if (!list.ok()) return Fail(list.status());
  if (context.json) {
    PrintJson(*list);
    return kFine;
  }
  for (const json::Value& entry : list->as_array()) {
    const json::Value& in_force = Member(entry, "inForce");
    const bool now = in_force.is_bool() && in_force.get_bool();
    const std::string by = json::TextOr(entry, "by", "");
    const std::string reason = json::TextOr(entry, "reason", "");
    fmt::print("{}  {}  {}{}{}{}\n", json::TextOr(entry, "since", ""), json::TextOr(entry, "digest", ""),
               json::TextOr(entry, "how", ""), by.empty() ? "" : " by " + by,
               reason.empty() ? "" : ": " + reason, now ? Paint(Colour::kGood, "  in force") : "");
  }
  return kFine;
}

int RollBack(const Context& context, const std::string& digest, const std::string& reason) {
  const absl::StatusOr<Connection> connection = Connect(context);
  if (!connection.ok()) return Fail(connection.status());
  const auto stub = v1::AdminService::NewStub(connection->channel);
  v1::RollBackPoliciesRequest request;
  request.set_digest(digest);
  request.set_reason(reason);
  const auto answer = CallJson<Stub, v1::RollBackPoliciesRequest, v1::AdminJson>(
      *connection, *stub, &Stub::RollBackPolicies, request);
  if (!answer.ok()) return Fail(answer.status());
  if (context.json) {
    PrintJson(*answer);
  } else {
    fmt::print(
        "policies put back: {} -> {}\nThey stay in force, over restarts too, until the policies folder "
        "changes "
        "or is reloaded.\n",
        json::TextOr(*answer, "before", ""), json::TextOr(*answer, "now", ""));
  }
  return kFine;
}

struct ReplayOptions {
  std::string other;  // a folder, or a digest of the history
  std::string since;
  std::string feed;
};

std::string ShortOf(const json::Value& summary) {
  const json::Value& score = Member(summary, "score");
  return fmt::format("{}, {} accepted, score {}", json::TextOr(summary, "decision", "not decided"),
                     Grouped(CountOf(summary, "accepted")), score.is_null() ? "none" : TextOf(score));
}

std::string RuleText(const json::Value& rule) {
  if (rule.is_null()) return "absent";
  return fmt::format("{} ({}), {} failed", json::TextOr(rule, "status", ""), json::TextOr(rule, "state", ""),
                     Grouped(CountOf(rule, "fail")));
}

void PrintRow(const json::Value& row) {
  const std::string name = fmt::format("{} {} {}", json::TextOr(row, "submission", ""),
                                       json::TextOr(row, "feed", ""), json::TextOr(row, "period", ""));
  const std::string skipped = json::TextOr(row, "skipped", "");
  if (!skipped.empty()) {
    fmt::print("{}: not judged: {}\n", name, skipped);
    return;
  }
  const json::Value& differs = Member(row, "differs");
  if (!differs.is_bool() || !differs.get_bool()) return;
  fmt::print("{} ({})\n  was  {}\n  is   {}\n", name, json::TextOr(row, "state", ""),
             ShortOf(Member(row, "before")), ShortOf(Member(row, "after")));
  for (const json::Value& rule : ItemsOf(row, "rules")) {
    fmt::print("    {}: {} -> {}\n", json::TextOr(rule, "id", ""), RuleText(Member(rule, "before")),
               RuleText(Member(rule, "after")));
  }
}

// A folder is named whole, as the host sees it; what is no folder must at least look like a digest.
absl::Status NamePolicies(const std::string& other, v1::ReplayPoliciesRequest& request) {
  std::error_code ignored;
  if (std::filesystem::is_directory(other, ignored)) {
    request.set_folder(std::filesystem::canonical(other, ignored).string());
    return absl::OkStatus();
  }
  const std::string digits = other.starts_with("sha256:") ? other.substr(7) : other;
  if (digits.empty() || digits.find_first_not_of("0123456789abcdef") != std::string::npos) {
    return absl::NotFoundError(fmt::format(
        "{}: there is no such folder, and it is no digest (concordat policy history lists them)", other));
  }
  request.set_digest(other);
  return absl::OkStatus();
}

// A day or a moment, as RFC 3339.
absl::StatusOr<std::string> SinceText(const std::string& since) {
  const std::string moment = since.size() == 10 ? since + "T00:00:00Z" : since;
  const absl::StatusOr<absl::Time> time = ParseTime(moment);
  if (time.ok()) return moment;
  return absl::InvalidArgumentError(
      fmt::format("--since {}: write a day, 2026-05-20, or a moment, 2026-05-20T09:00:00Z", since));
}

struct ReplayTotals {
  uint64_t judged = 0;
  uint64_t differ = 0;
  uint64_t skipped = 0;
};

void Count(const json::Value& row, ReplayTotals& totals) {
  const json::Value* const differs = json::Find(row, "differs");
  if (differs == nullptr) {
    ++totals.skipped;
    return;
  }
  ++totals.judged;
  if (differs->is_bool() && differs->get_bool()) ++totals.differ;
}

int Replay(const Context& context, const ReplayOptions& options) {
  const absl::StatusOr<std::string> since = SinceText(options.since);
  if (!since.ok()) return Fail(since.status());
  const absl::StatusOr<Connection> connection = Connect(context);
  if (!connection.ok()) return Fail(connection.status());
  v1::ReplayPoliciesRequest request;
  if (const absl::Status named = NamePolicies(options.other, request); !named.ok()) return Fail(named);
  request.set_since(*since);
  request.set_feed(options.feed);
  const auto stub = v1::AdminService::NewStub(connection->channel);
  grpc::ClientContext call;
  const auto stream = stub->ReplayPolicies(&call, request);
  ReplayTotals totals;
  json::Array rows;
  std::string digest;
  {
    Progress progress("judging again");
    for (v1::ReplayPoliciesReply reply; stream->Read(&reply);) {
      digest = reply.policy_digest();
      progress.Show(fmt::format("{} of {} submissions", reply.done(), reply.total()));
      if (reply.json().empty()) continue;
      absl::StatusOr<json::Value> row = json::Parse(reply.json());
      if (!row.ok()) return Fail(row.status());
      Count(*row, totals);
      rows.push_back(*std::move(row));
    }
  }
  const absl::Status finished = FromGrpc(stream->Finish(), *connection);
  if (!finished.ok()) return Fail(finished);
  if (context.json) {
    PrintJson(json::Object{{"policyDigest", digest},
                           {"since", *since},
                           {"judged", totals.judged},
                           {"differ", totals.differ},
                           {"skipped", totals.skipped},
                           {"submissions", std::move(rows)}});
  } else {
    for (const json::Value& row : rows) PrintRow(row);
    fmt::print("{} judged again under {}: {}\n", Grouped(totals.judged), digest,
               totals.differ == 0
                   ? Paint(Colour::kGood, "none otherwise")
                   : Paint(Colour::kWarn, fmt::format("{} otherwise", Grouped(totals.differ))));
    if (totals.skipped > 0) fmt::print("{} could not be judged again\n", Grouped(totals.skipped));
  }
  return totals.differ == 0 ? kFine : kNo;
}

}  // namespace

void AddPolicyLife(CLI::App& noun, Context& context) {
  AddVerb(noun, context, "history", "which policies a host had in force since when (administrators)",
          "  concordat policy history --host unix:data/run/concordat.sock",
          [&context] { return History(context); });
  auto back = std::make_shared<std::pair<std::string, std::string>>();
  CLI::App* rollback = AddVerb(
      noun, context, "rollback", "put policies back in force that a host had before (administrators)",
      "  concordat policy rollback sha256:5f0c1d22 --reason \"the new range refuses honest records\" \\\n"
      "    --host unix:data/run/concordat.sock",
      [&context, back] { return RollBack(context, back->first, back->second); });
  rollback->add_option("DIGEST", back->first, "as in policy history; eight digits will do")->required();
  rollback->add_option("--reason", back->second, "why; kept in the history")->required();
  auto options = std::make_shared<ReplayOptions>();
  CLI::App* replay = AddVerb(
      noun, context, "replay",
      "which past submissions other policies would have judged otherwise (administrators)",
      "  concordat policy replay policies-next --since 2026-01-01 --host unix:data/run/concordat.sock\n"
      "  concordat policy replay sha256:5f0c1d22 --since 2026-05-20 --feed constabulary-street-crime --json",
      [&context, options] { return Replay(context, *options); });
  replay->add_option("POLICIES", options->other, "a folder on the host's machine, or a digest of its history")
      ->required();
  replay->add_option("--since", options->since, "received on this day or later")->required();
  replay->add_option("--feed", options->feed, "only of this feed");
  replay->footer(replay->get_footer() +
                 "\nNothing is stored. Judged is what the host still keeps the source of (keep_source of the "
                 "feed), beside the\n"
                 "submissions that were in force when it came.");
}

}  // namespace concordat::cli
