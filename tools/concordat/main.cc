// concordat: the client and offline tool of stewards, agencies and administrators.
#include <algorithm>
#include <cstdio>
#include <cstring>

#include "fmt/format.h"
#include "tools/concordat/commands/commands.h"
#include "tools/concordat/terminal.h"

namespace {

using concordat::cli::AddCommand;
using concordat::cli::Context;

// The everyday verbs first; --help shows them in this order.
constexpr AddCommand kCommands[] = {
    concordat::cli::AddCheck,      concordat::cli::AddSubmit,   concordat::cli::AddSubmission,
    concordat::cli::AddExchange,   concordat::cli::AddExplain,  concordat::cli::AddFeed,
    concordat::cli::AddCatalog,    concordat::cli::AddProfile,  concordat::cli::AddContract,
    concordat::cli::AddAssess,     concordat::cli::AddProtocol, concordat::cli::AddPolicy,
    concordat::cli::AddAdapter,    concordat::cli::AddAudit,    concordat::cli::AddReceipt,
    concordat::cli::AddPki,        concordat::cli::AddPartner,  concordat::cli::AddHost,
    concordat::cli::AddExpr,       concordat::cli::AddDue,      concordat::cli::AddRectify,
    concordat::cli::AddDispute,    concordat::cli::AddQuality,  concordat::cli::AddReport,
    concordat::cli::AddInbox,      concordat::cli::AddCompletion,
};

void AddCommonOptions(CLI::App& app, Context& context) {
  app.add_flag("--json", context.json, "one JSON document on standard output and nothing else");
  app.add_flag("--quiet", context.quiet, "no text for people");
  app.add_option("--policies", context.policies, "folder of policies, for work without a host")
      ->capture_default_str()
      ->envname("CONCORDAT_POLICIES");
  app.add_option("--adapters", context.adapters,
                 "folders of adapters, for work without a host, with : between them; the program's own and "
                 "./data/adapters when left out")
      ->envname("CONCORDAT_ADAPTERS");
  app.add_option("--host", context.host, "NAME:PORT of a host, or unix:/path of its socket")
      ->envname("CONCORDAT_HOST");
  app.add_option("--ca", context.ca, "the partnership's authority, PEM")->envname("CONCORDAT_CA");
  app.add_option("--cert", context.cert, "your certificate, PEM")->envname("CONCORDAT_CERT");
  app.add_option("--key", context.key, "its key, PEM")->envname("CONCORDAT_KEY");
  app.add_option("--profile", context.profile, "a connection of ~/.config/concordat/config.yaml")
      ->envname("CONCORDAT_PROFILE");
}

// The help of a noun leads on to that of its verbs, which have the examples.
void AddNounFooters(CLI::App& app) {
  for (CLI::App* noun : app.get_subcommands([](const CLI::App*) { return true; })) {
    if (!noun->get_footer().empty() || noun->get_subcommands([](const CLI::App*) { return true; }).empty())
      continue;
    noun->footer("Options and examples of each: concordat " + noun->get_name() +
                 " COMMAND --help\nOptions that stand anywhere: concordat --help");
  }
}

}  // namespace

int main(int argc, char** argv) {
  Context context;
  CLI::App app("concordat: agreements about data, made true\n", "concordat");
  app.fallthrough();
  app.require_subcommand(1);
  app.set_version_flag("--version", CONCORDAT_VERSION);
  AddCommonOptions(app, context);
  for (const AddCommand add : kCommands) add(app, context);
  AddNounFooters(app);
  app.footer(
      "Examples:\n  concordat check extract.csv --feed constabulary-street-crime --period 2026-05\n"
      "  concordat policy lint policies\n  concordat COMMAND --help\n"
      "Exit codes: 0 fine, 1 the answer is no, 2 could not be evaluated or carried out, 3 usage");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    const int code = app.exit(error);
    if (code == 0) return concordat::cli::kFine;
    // What was asked for could not be read to its end, and a script reads the answer all the same.
    if (std::find(argv, argv + argc, std::string_view("--json")) != argv + argc) {
      concordat::cli::PrintJson(
          concordat::json::Object{{"error", error.what()}, {"exitCode", concordat::cli::kUsage}});
    }
    return concordat::cli::kUsage;
  }
  concordat::cli::AnswerFailuresInJson(context.json);
  return context.action ? context.action() : concordat::cli::kUsage;
}
