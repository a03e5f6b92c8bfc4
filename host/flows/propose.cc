#include "host/flows/propose.h"

#include "fmt/format.h"
#include "host/base/clock.h"
#include "host/base/random.h"

namespace concordat::flows {
namespace {

constexpr double kLeastShare = 0.95;
// Fewer records than these prove nothing, however many of them hold.
constexpr double kFirm = 0.98;

std::string DatasetName(const std::string& file) {
  std::string stem = file.substr(0, file.find_last_of('.'));
  profile::ColumnProfile column;
  column.name = stem;
  return profile::NameColumns({column})[0].field;
}

std::string Uuid() {
  std::string bytes = RandomBytes(16);
  bytes[6] = static_cast<char>((bytes[6] & 0x0F) | 0x40);  // RFC 9562: version 4
  bytes[8] = static_cast<char>((bytes[8] & 0x3F) | 0x80);
  std::string text;
  for (size_t i = 0; i < bytes.size(); ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) text += '-';
    text += fmt::format("{:02x}", static_cast<unsigned char>(bytes[i]));
  }
  return text;
}

// The smallest folder of policies that holds the proposal.
absl::Status WritePolicies(const std::string& folder, const profile::Proposal& proposal) {
  const std::pair<std::string, std::string> files[] = {
      {"partnership.yaml",
       "apiVersion: concordat/v1\nkind: Partnership\nid: trial\nname: Trial\ntrustDomain: trial.example\n"},
      {"partners/partner.yaml",
       fmt::format("apiVersion: concordat/v1\nkind: Partner\nid: {}\nname: Partner\nsector: public\n",
                   proposal.partner)},
      {"contracts/proposal.odcs.yaml", profile::ContractYaml(proposal)},
      {"feeds/feed.yaml", profile::FeedYaml(proposal)},
  };
  for (const char* sub : {"partners", "contracts", "feeds"}) RETURN_IF_ERROR(MakeFolders(folder + "/" + sub));
  for (const auto& [path, content] : files) RETURN_IF_ERROR(CreateFile(folder + "/" + path, content));
  return absl::OkStatus();
}

// All candidates judged on all records.
absl::StatusOr<record::Scorecard> Try(const ProposeRequest& request, const profile::Proposal& proposal) {
  ASSIGN_OR_RETURN(const TemporaryFolder folder, TemporaryFolder::Create());
  RETURN_IF_ERROR(WritePolicies(folder.path(), proposal));
  Issues issues;
  std::shared_ptr<const LoadedPolicies> policies = LoadPolicies(folder.path(), request.catalog, issues);
  if (policies == nullptr)
    return absl::InternalError("the proposal has a mistake of its own: " +
                               RenderIssue(issues.list().front()));
  PipelineRun run;
  ASSIGN_OR_RETURN(run.plan, PlanFeed(policies, *request.catalog, policies->set->feeds.front().id));
  for (auto& option : run.plan.options) {
    for (const auto& [name, value] : request.profile.options) {
      if (option.first == name) option.second = value;
    }
  }
  run.source = request.profile.source;
  run.worker = request.profile.worker;
  run.limits = request.profile.limits;
  run.context.as_of = request.as_of;
  run.context.samples = 0;
  run.progress = request.profile.progress;
  ASSIGN_OR_RETURN(Judged judged, JudgeSource(run));
  return std::move(judged.outcome.scorecard);
}

profile::Evidence EvidenceOf(const record::RuleResult& result) {
  profile::Evidence evidence;
  evidence.measured = result.counts.measured();
  evidence.pass = result.counts.pass;
  evidence.skipped = result.counts.skip;
  if (const auto interval = record::PassInterval(result.counts)) {
    evidence.low = interval->low;
    evidence.high = interval->high;
  }
  return evidence;
}

void KeepWhatHolds(const record::Scorecard& card, profile::Proposal& proposal) {
  std::vector<profile::ProposedRule> kept;
  for (profile::ProposedRule& proposed : proposal.rules) {
    for (const record::RuleResult& result : card.rules) {
      if (result.id != proposed.rule.id) continue;
      proposed.evidence = EvidenceOf(result);
      const bool firm = result.dataset_rule || proposed.evidence.low >= kFirm;
      proposed.severity = firm ? "error" : "warning";
      if (proposed.evidence.measured > 0 && proposed.evidence.share() >= kLeastShare)
        kept.push_back(std::move(proposed));
      break;
    }
  }
  proposal.rules = std::move(kept);
}

std::string AdapterYaml(const ProfileRequest& request) {
  std::string options;
  for (const auto& [name, value] : request.options)
    options += fmt::format("{}{}: {}", options.empty() ? "" : ", ", name, json::Compact(json::Value(value)));
  std::string yaml = "{plugin: " + request.manifest->name;
  if (request.unpack != "auto") yaml += ", unpack: " + json::Compact(json::Value(request.unpack));
  if (!options.empty()) yaml += ", options: {" + options + "}";
  return yaml + "}";
}

}  // namespace

absl::StatusOr<profile::Proposal> ProposeContract(const ProposeRequest& request) {
  ASSIGN_OR_RETURN(const SourceProfile source, ProfileSource(request.profile));
  if (source.columns.empty() || source.facts.records == 0)
    return absl::InvalidArgumentError(
        fmt::format("{}: there are no records to learn from", request.profile.source.name));
  profile::Proposal proposal;
  proposal.dataset = request.dataset.empty() ? DatasetName(request.profile.source.name) : request.dataset;
  proposal.partner = request.partner;
  proposal.source = request.profile.source.name;
  proposal.adapter = AdapterYaml(request.profile);
  proposal.id = Uuid();
  proposal.records = source.facts.records;
  proposal.day = TimeText(request.as_of).substr(0, 10);
  proposal.columns = profile::NameColumns(source.columns);
  for (profile::CandidateRule& rule :
       profile::CandidatesFor(proposal.columns, proposal.records, proposal.day))
    proposal.rules.push_back({std::move(rule), {}, "warning"});
  ASSIGN_OR_RETURN(const record::Scorecard card, Try(request, proposal));
  KeepWhatHolds(card, proposal);
  return proposal;
}

}  // namespace concordat::flows
