#include "host/flows/propose_feed.h"

#include <algorithm>
#include <unordered_map>

#include "fmt/format.h"
#include "host/data/parse.h"
#include "host/flows/text_array.h"
#include "host/mapping/feed_lint.h"
#include "host/policy/reader.h"

namespace concordat::flows {
namespace {

constexpr size_t kMostTexts = 500;  // different ones of a column

// Counts the texts of one column until there are enough different ones.
class Sampler {
 public:
  void Add(std::string_view cell) {
    ++records_;
    if (data::Trim(cell).empty()) {
      ++empty_;
      return;
    }
    const std::string text(cell);
    const auto at = counts_.find(text);
    if (at != counts_.end())
      ++at->second;
    else if (counts_.size() < kMostTexts)
      counts_.emplace(text, 1);
  }

  mapping::SampledColumn Finish(std::string name) const {
    mapping::SampledColumn column;
    column.name = std::move(name);
    column.records = records_;
    column.empty = empty_;
    column.values.assign(counts_.begin(), counts_.end());
    std::sort(column.values.begin(), column.values.end(), [](const auto& a, const auto& b) {
      return a.second != b.second ? a.second > b.second : a.first < b.first;
    });
    return column;
  }

 private:
  uint64_t records_ = 0;
  uint64_t empty_ = 0;
  std::unordered_map<std::string, uint64_t> counts_;
};

absl::StatusOr<std::vector<mapping::SampledColumn>> Sample(const ProposeFeedRequest& request,
                                                           uint64_t& records) {
  ASSIGN_OR_RETURN(const std::unique_ptr<adapters::Session> session, OpenForProfile(request.profile));
  std::vector<Sampler> samplers;
  while (records < request.records) {
    adapters::AdapterBatch batch;
    ASSIGN_OR_RETURN(const bool more, session->Next(batch));
    samplers.resize(session->columns().size());
    if (!more) break;
    const size_t rows = std::min<size_t>(batch.records.rows(), request.records - records);
    for (size_t i = 0; i < samplers.size() && i < batch.records.columns.size(); ++i) {
      for (size_t row = 0; row < rows; ++row) samplers[i].Add(batch.records.columns[i]->at(row));
    }
    records += rows;
  }
  std::vector<mapping::SampledColumn> columns;
  for (size_t i = 0; i < samplers.size(); ++i) columns.push_back(samplers[i].Finish(session->columns()[i]));
  return columns;
}

std::string FeedIdFor(const ProposeFeedRequest& request) {
  if (!request.id.empty()) return request.id;
  std::string id = fmt::format("{}-{}", request.partner, request.dataset.str());
  for (char& c : id) {
    if (c == '_' || c == '/') c = '-';
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
  }
  return id;
}

// A proposal with a mistake would be worse than none.
absl::Status Lint(const FeedProposal& proposal, const policy::PolicySet& policies) {
  auto source = std::make_shared<SourceText>();
  source->name = fmt::format("feeds/{}.yaml", proposal.frame.id);
  source->text = proposal.yaml;
  Issues issues;
  policy::PolicySet with_feed = policies;
  with_feed.feeds = {policy::ReadFeed(policy::ReadYaml(source, issues), issues)};
  mapping::LintFeeds(with_feed, issues);
  std::string mistakes;
  for (const Issue& issue : issues.list()) {
    if (issue.severity == IssueSeverity::kError) mistakes += fmt::format("\n{}", RenderIssue(issue));
  }
  if (mistakes.empty()) return absl::OkStatus();
  return absl::FailedPreconditionError(fmt::format("the feed does not fit these policies:{}", mistakes));
}

}  // namespace

absl::StatusOr<FeedProposal> ProposeFeed(const ProposeFeedRequest& request) {
  const policy::ContractObject* object = request.policies->FindDataset(request.dataset).second;
  if (object == nullptr) {
    std::vector<std::string> known;
    for (const policy::Contract& contract : request.policies->contracts) known.push_back(contract.name);
    return absl::NotFoundError(fmt::format("there is no dataset \"{}\"; {}", request.dataset.str(),
                                           DidYouMean(request.dataset.str(), known)));
  }
  if (request.policies->FindPartner(PartnerId(request.partner)) == nullptr) {
    std::vector<std::string> known;
    for (const policy::Partner& partner : request.policies->partners) known.push_back(partner.id.str());
    return absl::NotFoundError(
        fmt::format("there is no partner \"{}\"; {}", request.partner, DidYouMean(request.partner, known)));
  }
  if (request.policies->FindFeed(FeedId(FeedIdFor(request))) != nullptr)
    return absl::InvalidArgumentError(
        fmt::format("there is a feed {} already; give this one another id", FeedIdFor(request)));
  FeedProposal proposal;
  ASSIGN_OR_RETURN(const std::vector<mapping::SampledColumn> columns, Sample(request, proposal.records));
  if (columns.empty())
    return absl::InvalidArgumentError(
        fmt::format("{}: there are no columns to map", request.profile.source.name));
  proposal.frame.id = FeedIdFor(request);
  proposal.frame.partner = request.partner;
  proposal.frame.dataset = request.dataset.str();
  proposal.frame.adapter = request.profile.manifest->name;
  proposal.frame.options = request.profile.options;
  proposal.frame.source = request.profile.source.name;
  proposal.mapping = mapping::ProposeMapping(columns, *object);
  proposal.yaml = mapping::ProposedFeedYaml(proposal.frame, proposal.mapping);
  RETURN_IF_ERROR(Lint(proposal, *request.policies));
  return proposal;
}

json::Object FeedProposalJson(const FeedProposal& proposal) {
  json::Array fields;
  for (const mapping::ProposedField& field : proposal.mapping.fields) {
    json::Object one{
        {"field", field.mapping.field},
        {"column", field.column < 0 ? json::Value(nullptr) : json::Value(field.mapping.from.front())},
        {"confidence", field.confidence},
        {"reasons", TextArray(field.reasons)},
        {"doubts", TextArray(field.doubts)}};
    if (!field.alternative.empty()) one["alternative"] = field.alternative;
    fields.push_back(std::move(one));
  }
  return {{"feed", proposal.frame.id},
          {"partner", proposal.frame.partner},
          {"dataset", proposal.frame.dataset},
          {"adapter", proposal.frame.adapter},
          {"records", proposal.records},
          {"fields", std::move(fields)},
          {"unused", TextArray(proposal.mapping.unused)},
          {"unpivoted", TextArray(proposal.mapping.unpivot_columns)},
          {"yaml", proposal.yaml}};
}

}  // namespace concordat::flows
