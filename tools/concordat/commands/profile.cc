// concordat profile: what is in a file. concordat contract propose: a first contract for it.
#include "host/flows/profile.h"

#include "fmt/format.h"
#include "host/flows/propose.h"
#include "tools/concordat/adapter_choice.h"
#include "tools/concordat/commands/commands.h"
#include "tools/concordat/offline.h"
#include "tools/concordat/render/profile_text.h"
#include "tools/concordat/source_file.h"
#include "tools/concordat/terminal.h"

namespace concordat::cli {
namespace {

/// How a file is read.
struct Reading {
  std::string plugin;                // empty: by the file's ending
  std::string unpack = "auto";       // as in a feed
  std::vector<std::string> options;  // NAME=VALUE
};

struct ProfileOptions {
  std::string file;
  Reading reading;
  std::string html;
};

struct ProposeOptions {
  std::string file;
  Reading reading;
  std::string name;
  std::string partner = "partner";
  std::string as_of;
  std::string output;
  std::string feed;
};

// `catalog`, `source` and `progress` outlive the request.
absl::StatusOr<flows::ProfileRequest> RequestOf(const std::string& file, const Reading& reading,
                                                const adapters::Catalog& catalog, SourceFile& source,
                                                Progress& progress) {
  ASSIGN_OR_RETURN(source, OpenSource(file));
  flows::ProfileRequest request;
  ASSIGN_OR_RETURN(request.manifest, ChooseAdapter(catalog, source.name, reading.plugin));
  SayWhenNobodyVouches(*request.manifest);
  request.unpack = reading.unpack;
  request.worker = WorkerPath();
  request.source = {source.fd.get(), source.name, source.bytes, ""};
  request.progress = [&progress](uint64_t records) {
    progress.Show(fmt::format("{} records read", Grouped(records)));
  };
  for (const std::string& option : reading.options) {
    const size_t equals = option.find('=');
    if (equals == std::string::npos)
      return absl::InvalidArgumentError("--option takes NAME=VALUE, not " + option);
    request.options.emplace_back(option.substr(0, equals), option.substr(equals + 1));
  }
  return request;
}

// A file that cannot be read as a whole is no mistake in the command: exit code 2.
int FailOnFile(const absl::Status& status) {
  return Fail(absl::IsInvalidArgument(status) ? absl::UnavailableError(std::string(MessageOf(status)))
                                              : status);
}

int Profile(const Context& context, const ProfileOptions& options) {
  const adapters::Catalog catalog = OpenCatalog(context);
  SourceFile source;
  absl::StatusOr<json::Object> profile = [&]() -> absl::StatusOr<json::Object> {
    Progress progress(options.file);
    ASSIGN_OR_RETURN(const flows::ProfileRequest request,
                     RequestOf(options.file, options.reading, catalog, source, progress));
    ASSIGN_OR_RETURN(const flows::SourceProfile found, flows::ProfileSource(request));
    return flows::ProfileJson(request.source, found);
  }();
  if (!profile.ok()) return FailOnFile(profile.status());
  if (!options.html.empty()) {
    const absl::Status written = WriteFileAtomically(options.html, ProfileHtml(*profile));
    if (!written.ok()) return Fail(written);
  }
  if (context.json) {
    PrintJson(*profile);
  } else {
    fmt::print("{}", ProfileText(*profile));
  }
  return kFine;
}

absl::StatusOr<profile::Proposal> ProposalFor(const Context& context, const ProposeOptions& options) {
  const adapters::Catalog catalog = OpenCatalog(context);
  SourceFile source;
  Progress progress(options.file);
  flows::ProposeRequest request;
  ASSIGN_OR_RETURN(request.profile, RequestOf(options.file, options.reading, catalog, source, progress));
  request.dataset = options.name;
  request.partner = options.partner;
  request.as_of = absl::Now();
  if (!options.as_of.empty()) {
    ASSIGN_OR_RETURN(request.as_of, ParseTime(options.as_of));
  }
  request.catalog = &catalog;
  return flows::ProposeContract(request);
}

json::Object ProposalJson(const profile::Proposal& proposal) {
  json::Array rules;
  for (const profile::ProposedRule& proposed : proposal.rules) {
    const profile::Evidence& evidence = proposed.evidence;
    rules.push_back(json::Object{{"id", proposed.rule.id},
                                 {"kind", proposed.rule.kind},
                                 {"field", proposed.rule.field},
                                 {"with", proposed.rule.with},
                                 {"severity", proposed.severity},
                                 {"measured", evidence.measured},
                                 {"pass", evidence.pass},
                                 {"interval", json::Array{evidence.low, evidence.high}},
                                 {"evidence", profile::EvidenceInWords(evidence)}});
  }
  return {{"dataset", proposal.dataset},
          {"records", proposal.records},
          {"rules", std::move(rules)},
          {"contract", profile::ContractYaml(proposal)},
          {"feed", profile::FeedYaml(proposal)}};
}

int Propose(const Context& context, const ProposeOptions& options) {
  const absl::StatusOr<profile::Proposal> proposal = ProposalFor(context, options);
  if (!proposal.ok()) return FailOnFile(proposal.status());
  for (const auto& [path, content] : {std::pair(options.output, profile::ContractYaml(*proposal)),
                                      std::pair(options.feed, profile::FeedYaml(*proposal))}) {
    const absl::Status written = path.empty() ? absl::OkStatus() : CreateFile(path, content);
    if (!written.ok()) return Fail(absl::UnavailableError(std::string(MessageOf(written))));
  }
  if (context.json) {
    PrintJson(ProposalJson(*proposal));
    return kFine;
  }
  if (options.output.empty()) fmt::print("{}", profile::ContractYaml(*proposal));
  if (context.quiet) return kFine;
  fmt::print(stderr, "{} columns, {} rules proposed for dataset {}\n", proposal->columns.size(),
             proposal->rules.size(), proposal->dataset);
  if (!options.output.empty())
    fmt::print(stderr, "next: read {0}, then concordat policy lint {0}\n", options.output);
  return kFine;
}

void AddReading(CLI::App* verb, Reading& reading) {
  verb->add_option("--adapter", reading.plugin,
                   "who reads it; default by its ending: spreadsheet, json, xml, else delimited");
  verb->add_option("--unpack", reading.unpack, "auto, none, or which file of a zip file: \"*.csv\"");
  verb->add_option("--option", reading.options, "NAME=VALUE for the adapter (see concordat adapter list)");
}

}  // namespace

void AddProfile(CLI::App& app, Context& context) {
  auto options = std::make_shared<ProfileOptions>();
  CLI::App* verb = AddVerb(
      app, context, "profile", "what is in a file: types, missing and distinct values, quantiles, forms",
      "  concordat profile extract.csv\n  concordat profile extract.csv --html profile.html\n"
      "  concordat profile extract.csv --option header=none --json\n"
      "  concordat profile stations.xlsx --option sheet=2\n  concordat profile extract.zip --unpack "
      "'2019*.csv'",
      [&context, options] { return Profile(context, *options); });
  verb->add_option("FILE", options->file, "the file; - for standard input")->required();
  verb->add_option("--html", options->html, "write a page");
  AddReading(verb, options->reading);
}

void AddContract(CLI::App& app, Context& context) {
  CLI::App* noun = app.add_subcommand("contract", "data contracts");
  noun->require_subcommand(1);
  auto options = std::make_shared<ProposeOptions>();
  CLI::App* verb =
      AddVerb(*noun, context, "propose", "a first contract for a file, each rule with its evidence",
              "  concordat contract propose extract.csv\n"
              "  concordat contract propose visits.csv --name visits --partner fire-and-rescue \\\n"
              "    -o policies/contracts/visits.odcs.yaml --feed policies/feeds/fire-and-rescue-visits.yaml",
              [&context, options] { return Propose(context, *options); });
  verb->add_option("FILE", options->file, "the file; - for standard input")->required();
  verb->add_option("--name", options->name, "the dataset's name; default from the file's");
  verb->add_option("--partner", options->partner, "who supplies it")->capture_default_str();
  verb->add_option("--as-of", options->as_of, "the day of the look (default now)");
  verb->add_option("-o,--output", options->output, "write the contract there; refuses to replace a file");
  verb->add_option("--feed", options->feed, "write the feed there, with its mapping");
  AddReading(verb, options->reading);
}

}  // namespace concordat::cli
