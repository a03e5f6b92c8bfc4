// concordat partner: who may speak for whom, and how far a partner is.
#include <unistd.h>

#include <filesystem>

#include "fmt/format.h"
#include "host/base/clock.h"
#include "host/base/files.h"
#include "host/flows/partner_checklist.h"
#include "host/policy/policy_set.h"
#include "tools/concordat/commands/administration.h"
#include "tools/concordat/commands/commands.h"
#include "tools/concordat/commands/partner_invite.h"
#include "tools/concordat/offline.h"
#include "tools/concordat/render/members.h"
#include "tools/concordat/render/table.h"
#include "tools/concordat/terminal.h"

namespace concordat::cli {
namespace {

struct Options {
  std::string partner;
  std::vector<std::string> certificates;
  std::string name;
  std::string sector = "public";
  std::string category;
  std::string post;
  std::string email;
};

std::string PolicyPath(const Context& context, const std::string& partner) {
  return fmt::format("{}/partners/{}.yaml", context.policies, partner);
}

absl::StatusOr<json::Value> EnrolOne(const Connection& connection, const Options& options,
                                     const std::string& path) {
  ASSIGN_OR_RETURN(const std::string pem, ReadFile(path));
  ASSIGN_OR_RETURN(json::Value enrolled, EnrolCertificate(connection, pem));
  const std::string partner = json::TextOr(enrolled, "partner", "");
  if (!partner.empty() && partner != options.partner) {
    return absl::InvalidArgumentError(fmt::format("{} belongs to {}, not to {}; it is enrolled for {}", path,
                                                  partner, options.partner, partner));
  }
  return enrolled;
}

int AddCertificates(const Context& context, const Options& options) {
  const absl::StatusOr<Connection> connection = Connect(context);
  if (!connection.ok()) return Fail(connection.status());
  json::Array all;
  for (const std::string& path : options.certificates) {
    const absl::StatusOr<json::Value> enrolled = EnrolOne(*connection, options, path);
    if (!enrolled.ok()) return Fail(enrolled.status());
    if (!context.json && !context.quiet)
      fmt::print("enrolled {} ({})\n", json::TextOr(*enrolled, "spiffeId", ""),
                 json::TextOr(*enrolled, "fingerprint", ""));
    all.push_back(*enrolled);
  }
  if (context.json) PrintJson(all);
  return kFine;
}

std::string InQuotes(const std::string& text) { return json::Compact(json::Value(text)); }

std::string PartnerYaml(const Options& options) {
  std::string text = fmt::format("apiVersion: concordat/v1\nkind: Partner\nid: {}\nname: {}\nsector: {}\n",
                                 options.partner, InQuotes(options.name), options.sector);
  if (!options.category.empty()) text += fmt::format("category: {}\n", options.category);
  if (!options.post.empty() || !options.email.empty()) {
    text +=
        fmt::format("contacts:\n  - {{role: data-steward, post: {}, email: {}}}\n",
                    InQuotes(options.post.empty() ? "Data steward" : options.post), InQuotes(options.email));
  }
  return text;
}

// Written only as long as the folder stays free of mistakes: all of it or nothing, as a reload reads it.
absl::Status WritePartner(const Context& context, const Options& options) {
  const std::string path = PolicyPath(context, options.partner);
  if (options.partner.find('/') != std::string::npos || options.partner.empty())
    return absl::InvalidArgumentError(fmt::format("\"{}\" cannot be a partner's id", options.partner));
  if (options.name.empty()) {
    return absl::InvalidArgumentError(fmt::format(
        "{} is not there yet: give the partner's name, and it is written: concordat partner add {} --name "
        "\"Derwent Constabulary\" --sector public",
        path, options.partner));
  }
  RETURN_IF_ERROR(MakeFolders(context.policies + "/partners"));
  RETURN_IF_ERROR(CreateFile(path, PartnerYaml(options), 0644));
  Issues issues;
  const auto set = policy::LoadPolicySet(context.policies, issues);
  std::string mistakes;
  // Messages have the folder's name without "./", which the default has.
  const std::string own = fmt::format("/partners/{}.yaml:", options.partner);
  for (const Issue& issue : issues.list()) {
    if (issue.severity == IssueSeverity::kError && RenderIssue(issue).find(own) != std::string::npos)
      mistakes += RenderIssue(issue);
  }
  if (set != nullptr && mistakes.empty()) return absl::OkStatus();
  unlink(path.c_str());
  return absl::InvalidArgumentError(mistakes.empty() ? "the policies cannot be read: " + context.policies
                                                     : mistakes);
}

// The host knows what it last read: a file that it has not read yet needs a reload, and no name.
void SayReload(const Context& context, const Options& options, json::Value& progress) {
  const json::Value& known = Member(progress, "known");
  if (!known.is_bool() || known.get_bool() || access(PolicyPath(context, options.partner).c_str(), F_OK) != 0)
    return;
  json::Value* steps = progress.as_object().if_contains("steps");
  if (steps == nullptr || !steps->is_array() || steps->get_array().empty()) return;
  json::Object& first = steps->get_array().front().as_object();
  first["detail"] =
      fmt::format("{} is written; the host has not read it yet", PolicyPath(context, options.partner));
  first["command"] = "concordat host reload";
}

absl::StatusOr<json::Value> ProgressOf(const Context& context, const Options& options) {
  if (!context.connected()) {
    Issues issues;
    const auto set = policy::LoadPolicySet(context.policies, issues);
    if (set == nullptr || issues.has_errors()) {
      return absl::FailedPreconditionError(
          fmt::format("the policies in {} cannot be read; run: concordat policy lint {}", context.policies,
                      context.policies));
    }
    const adapters::Catalog catalog = OpenCatalog(context);
    return flows::PartnerSteps(*set, &catalog, std::nullopt, PartnerId(options.partner));
  }
  ASSIGN_OR_RETURN(const Connection connection, Connect(context));
  const auto stub = v1::AdminService::NewStub(connection.channel);
  v1::PartnerProgressRequest request;
  request.set_partner(options.partner);
  ASSIGN_OR_RETURN(json::Value progress,
                   (CallJson<v1::AdminService::Stub, v1::PartnerProgressRequest, v1::AdminJson>(
                       connection, *stub, &v1::AdminService::Stub::GetPartnerProgress, request)));
  SayReload(context, options, progress);
  return progress;
}

std::string MarkOf(const std::string& state) {
  if (state == "done") return Paint(Colour::kGood, "done   ");
  if (state == "next") return Paint(Colour::kBold, "next   ");
  return state == "unknown" ? "?      " : "       ";
}

int ShowProgress(const Context& context, const Options& options) {
  const absl::StatusOr<json::Value> progress = ProgressOf(context, options);
  if (!progress.ok()) return Fail(progress.status());
  if (context.json) {
    PrintJson(*progress);
    return kFine;
  }
  fmt::print("{}: {} of {} done\n", options.partner, CountOf(*progress, "done"), CountOf(*progress, "total"));
  for (const json::Value& step : ItemsOf(*progress, "steps")) {
    const std::string state = json::TextOr(step, "state", "");
    const std::string detail = json::TextOr(step, "detail", "");
    fmt::print("  {} {}{}\n", MarkOf(state), json::TextOr(step, "title", ""),
               detail.empty() ? "" : fmt::format(" ({})", detail));
    if (state == "next") fmt::print("          {}\n", json::TextOr(step, "command", ""));
  }
  if (!context.connected()) fmt::print("the host knows the steps marked ?: add --host\n");
  return kFine;
}

int Add(const Context& context, const Options& options) {
  if (!options.certificates.empty()) return AddCertificates(context, options);
  const std::string path = PolicyPath(context, options.partner);
  if (access(path.c_str(), F_OK) != 0) {
    const absl::Status written = WritePartner(context, options);
    if (!written.ok()) return Fail(written);
    if (!context.json && !context.quiet) fmt::print("wrote {}\n", path);
  }
  return ShowProgress(context, options);
}

int List(const Context& context) {
  const absl::StatusOr<Connection> connection = Connect(context);
  if (!connection.ok()) return Fail(connection.status());
  const auto stub = v1::AdminService::NewStub(connection->channel);
  const auto list = CallJson<v1::AdminService::Stub, v1::AdminRequest, v1::AdminJson>(
      *connection, *stub, &v1::AdminService::Stub::ListEnrolments, v1::AdminRequest());
  if (!list.ok()) return Fail(list.status());
  if (context.json) {
    PrintJson(*list);
    return kFine;
  }
  Table table({"holder", "fingerprint", "enrolled", "ends", "state"});
  for (const json::Value& row : list->as_array()) {
    const json::Value& revoked = Member(row, "revoked");
    const bool gone = revoked.is_bool() && revoked.get_bool();
    const std::string reason = json::TextOr(row, "reason", "");
    table.Add({json::TextOr(row, "spiffeId", ""), json::TextOr(row, "fingerprint", ""),
               json::TextOr(row, "enrolled", ""), json::TextOr(row, "ends", ""),
               !gone            ? "valid"
               : reason.empty() ? "revoked"
                                : fmt::format("revoked: {}", reason)});
  }
  fmt::print("{}", table.empty() ? "no certificates are enrolled yet\n" : table.str());
  return kFine;
}

}  // namespace

void AddPartner(CLI::App& app, Context& context) {
  auto options = std::make_shared<Options>();
  CLI::App* noun = app.add_subcommand("partner", "who may speak for a partner, and how far it is");
  noun->require_subcommand(1);
  CLI::App* add = AddVerb(
      *noun, context, "add",
      "add a partner: its policy, and what is left to do until its first accepted submission",
      "  concordat partner add housing-association --name \"Derwent Homes\" --sector voluntary --host "
      "unix:data/run/concordat.sock\n"
      "  concordat partner add constabulary --cert pki/constabulary-steward-pat.crt --host "
      "unix:data/run/concordat.sock",
      [&context, options] { return Add(context, *options); });
  add->add_option("PARTNER", options->partner,
                  "partner id, as in policies/partners/; host for an administrator")
      ->required();
  add->add_option("--cert", options->certificates, "only enrol these certificates of that partner, PEM");
  add->add_option("--name", options->name, "its name, when it is not in the policies yet");
  add->add_option("--sector", options->sector, "public, private or voluntary")->capture_default_str();
  add->add_option("--category", options->category, "what self-assessments compare it with, such as police");
  add->add_option("--post", options->post, "the post of its data steward");
  add->add_option("--email", options->email, "and their address");
  CLI::App* status =
      AddVerb(*noun, context, "status", "how far a partner is, and the command for its next step",
              "  concordat partner status constabulary --host unix:data/run/concordat.sock",
              [&context, options] { return ShowProgress(context, *options); });
  status->add_option("PARTNER", options->partner, "partner id")->required();
  AddVerb(*noun, context, "list", "enrolled certificates",
          "  concordat partner list --host unix:data/run/concordat.sock",
          [&context] { return List(context); });
  AddPartnerInvite(*noun, context);
}

}  // namespace concordat::cli
