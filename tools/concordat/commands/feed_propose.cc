// concordat feed propose: a first feed for a partner's file.
#include "tools/concordat/commands/feed_propose.h"

#include "fmt/format.h"
#include "host/base/files.h"
#include "host/flows/propose_feed.h"
#include "tools/concordat/adapter_choice.h"
#include "tools/concordat/commands/commands.h"
#include "tools/concordat/offline.h"
#include "tools/concordat/source_file.h"
#include "tools/concordat/terminal.h"

namespace concordat::cli {
namespace {

struct Options {
  std::string file;
  std::string dataset;
  std::string partner;
  std::string id;
  std::string adapter;
  std::vector<std::string> adapter_options;  // NAME=VALUE
  std::string output;
};

absl::StatusOr<flows::FeedProposal> ProposalFor(const Context& context, const Options& options) {
  const adapters::Catalog catalog = OpenCatalog(context);
  ASSIGN_OR_RETURN(const auto policies, OpenPolicies(context, catalog));
  flows::ProposeFeedRequest request;
  ASSIGN_OR_RETURN(request.profile.manifest, ChooseAdapter(catalog, options.file, options.adapter));
  ASSIGN_OR_RETURN(const SourceFile source, OpenSource(options.file));
  request.profile.worker = WorkerPath();
  request.profile.source = {source.fd.get(), source.name, source.bytes, ""};
  for (const std::string& option : options.adapter_options) {
    const size_t equals = option.find('=');
    if (equals == std::string::npos)
      return absl::InvalidArgumentError("--option takes NAME=VALUE, not " + option);
    request.profile.options.emplace_back(option.substr(0, equals), option.substr(equals + 1));
  }
  request.policies = policies->set;
  request.dataset = DatasetId(options.dataset);
  request.partner = options.partner;
  request.id = options.id;
  return flows::ProposeFeed(request);
}

int Run(const Context& context, const Options& options) {
  const absl::StatusOr<flows::FeedProposal> proposal = ProposalFor(context, options);
  if (!proposal.ok()) return Fail(proposal.status());
  if (!options.output.empty()) {
    const absl::Status written = CreateFile(options.output, proposal->yaml);
    if (!written.ok()) return Fail(absl::UnavailableError(std::string(MessageOf(written))));
  }
  if (context.json) {
    PrintJson(flows::FeedProposalJson(*proposal));
    return kFine;
  }
  if (options.output.empty()) fmt::print("{}", proposal->yaml);
  if (context.quiet) return kFine;
  size_t found = 0;
  size_t uncertain = 0;
  for (const mapping::ProposedField& field : proposal->mapping.fields) {
    found += field.column >= 0;
    uncertain += field.column >= 0 && (field.confidence < 0.9 || !field.doubts.empty());
  }
  fmt::print(stderr, "{} of {} fields have a column, {} of them to be checked; {} columns are left over\n",
             found, proposal->mapping.fields.size(), uncertain, proposal->mapping.unused.size());
  if (!options.output.empty())
    fmt::print(stderr, "next: read {}, then concordat check {} --feed {}\n", options.output, options.file,
               proposal->frame.id);
  return kFine;
}

}  // namespace

void AddFeedPropose(CLI::App& noun, Context& context) {
  auto options = std::make_shared<Options>();
  CLI::App* verb = AddVerb(
      noun, context, "propose", "a first feed for a file: which column is which field, and how it is written",
      "  concordat feed propose extract.csv --dataset street_crime --partner constabulary\n"
      "  concordat feed propose spend.csv --dataset council_spend --partner county-council \\\n"
      "    -o policies/feeds/county-council-spend.yaml",
      [&context, options] { return Run(context, *options); });
  verb->add_option("FILE", options->file, "the file; - for standard input")->required();
  verb->add_option("--dataset", options->dataset, "the contract's dataset that the file is to become")
      ->required();
  verb->add_option("--partner", options->partner, "who supplies it")->required();
  verb->add_option("--id", options->id, "of the feed; default PARTNER-DATASET");
  verb->add_option("--adapter", options->adapter, "which adapter reads the file; default by its ending");
  verb->add_option("--option", options->adapter_options,
                   "NAME=VALUE for the adapter (see concordat adapter list)");
  verb->add_option("-o,--output", options->output, "write the feed there; refuses to replace a file");
}

}  // namespace concordat::cli
