#include "host/flows/pipeline.h"

#include <algorithm>
#include <chrono>
#include <optional>
#include <thread>

#include "fmt/format.h"
#include "host/base/bounded_queue.h"
#include "host/flows/mend_file.h"
#include "host/flows/references.h"
#include "host/flows/slices.h"

namespace concordat::flows {
namespace {

// A batch after mapping, on its way from the reading to the judging thread.
struct Mapped {
  std::shared_ptr<const data::RawBatch> raw;
  std::shared_ptr<const data::Batch> batch;
  std::vector<quality::AdapterFinding> findings;
};

quality::AdapterFinding ToQuality(adapters::Finding finding) {
  return {finding.record,
          finding.rule,
          static_cast<quality::AdapterFinding::Outcome>(finding.outcome),
          std::move(finding.values),
          std::move(finding.message),
          std::move(finding.mend)};
}
static_assert(static_cast<int>(adapters::Finding::Outcome::kUnresolved) ==
              static_cast<int>(quality::AdapterFinding::Outcome::kUnresolved));

std::vector<quality::AdapterRule> RulesOf(const adapters::Manifest& manifest) {
  std::vector<quality::AdapterRule> rules;
  for (const adapters::ManifestRule& rule : manifest.rules) {
    rules.push_back({rule.id, rule.description, rule.dimension, rule.severity, rule.columns, rule.mend});
  }
  return rules;
}

// A file to mend is only part of a submission: taken as a whole one it would replace the rest.
absl::Status RefuseMendFile(const std::vector<std::string>& columns) {
  for (const std::string& column : columns) {
    if (column != kRecordColumn && column != kReasonsColumn) continue;
    return absl::FailedPreconditionError(
        fmt::format("the file has the column {}: it holds records to mend, not a whole extract. "
                    "Send it with: concordat submission mend ID FILE (ID as in the name of the file or in "
                    "`concordat submission list`)",
                    column));
  }
  return absl::OkStatus();
}

// Reads and maps on its own thread, so that the rules never wait for the worker while there is work.
class Reader {
 public:
  Reader(const PipelineRun& run, adapters::Session& session) : run_(run), session_(session) {
    thread_ = std::thread([this] {
      status_ = ReadAll();
      queue_.Close();
    });
  }
  ~Reader() { Stop(); }

  std::optional<Mapped> Next() { return queue_.Pop(); }
  void Stop() {
    queue_.Close();
    if (thread_.joinable()) thread_.join();
  }
  // After Stop.
  const absl::Status& status() const { return status_; }
  const std::optional<mapping::Mapper>& mapper() const { return mapper_; }

 private:
  absl::Status ReadAll() {
    while (true) {
      adapters::AdapterBatch read;
      ASSIGN_OR_RETURN(const bool more, session_.Next(read));
      if (!mapper_) {
        if (run_.refuse_mend_file) RETURN_IF_ERROR(RefuseMendFile(session_.columns()));
        ASSIGN_OR_RETURN(
            mapper_, mapping::Mapper::Create(*run_.plan.feed, run_.plan.object->schema, session_.columns()));
      }
      if (!more) return absl::OkStatus();
      for (adapters::AdapterBatch& slice : SliceBatch(std::move(read), run_.batch_rows))
        RETURN_IF_ERROR(MapAndPush(std::move(slice)));
    }
  }

  absl::Status MapAndPush(adapters::AdapterBatch read) {
    Mapped mapped;
    mapped.batch = std::make_shared<const data::Batch>(mapper_->Map(read.records));
    mapped.raw = std::make_shared<const data::RawBatch>(std::move(read.records));
    for (adapters::Finding& finding : read.findings) mapped.findings.push_back(ToQuality(std::move(finding)));
    if (!queue_.Push(std::move(mapped))) return absl::CancelledError("judging ended early");
    return absl::OkStatus();
  }

  const PipelineRun& run_;
  adapters::Session& session_;
  BoundedQueue<Mapped> queue_{4};
  std::optional<mapping::Mapper> mapper_;  // written by the thread, read after Stop
  absl::Status status_;                    // likewise
  std::thread thread_;
};

absl::StatusOr<std::unique_ptr<adapters::Session>> StartSession(const PipelineRun& run) {
  adapters::Request request;
  request.manifest = run.plan.manifest;
  request.worker = run.worker;
  request.source_fd = run.source.fd;
  request.source_key = run.source.key;
  request.source_bytes = run.source.bytes;
  request.source_name = run.source.name;
  request.options = run.plan.options;
  request.corrections = run.corrections;
  request.limits = run.limits;
  ASSIGN_OR_RETURN(request.references,
                   AdapterReferences(*run.plan.manifest, *run.plan.policies->set, run.context));
  return adapters::Session::Start(request);
}

// How many records a source of `bytes` has when they are like those of the batch.
uint64_t ExpectedRecords(uint64_t bytes, const data::RawBatch& batch) {
  if (batch.rows() == 0) return 0;
  uint64_t used = batch.rows() * (batch.columns.size() + 1);  // delimiters and line ends
  for (const auto& column : batch.columns) used += column->bytes.size();
  return static_cast<uint64_t>(static_cast<double>(bytes) / static_cast<double>(used) *
                               static_cast<double>(batch.rows()));
}

absl::Status JudgeBatches(const PipelineRun& run, Reader& reader, quality::Judge& judge) {
  uint64_t records = 0;
  while (std::optional<Mapped> mapped = reader.Next()) {
    if (records == 0) judge.Expect(ExpectedRecords(run.source.bytes, *mapped->raw));
    judge.AddUnreadable(mapped->raw->unreadable);
    data::RowSet held_back = judge.Add(*mapped->batch, mapped->findings);
    records += mapped->raw->rows() + mapped->raw->unreadable.size();
    if (run.records != nullptr) {
      RETURN_IF_ERROR(run.records->OnBatch(mapped->raw, mapped->batch, std::move(held_back)));
    }
    if (run.progress) run.progress(records);
    if (run.cancelled && run.cancelled())
      return absl::CancelledError("the caller is gone or its deadline has passed");
  }
  return absl::OkStatus();
}

absl::Status Drain(const PipelineRun& run, adapters::Session& session, quality::Judge& judge,
                   mapping::Matching& matching) {
  Reader reader(run, session);
  const absl::Status judged = JudgeBatches(run, reader, judge);
  reader.Stop();
  RETURN_IF_ERROR(judged);
  RETURN_IF_ERROR(reader.status());
  if (reader.mapper()) matching = reader.mapper()->matching();
  return absl::OkStatus();
}

}  // namespace

size_t DefaultJudgingThreads() { return std::max(1U, std::thread::hardware_concurrency() / 2); }

absl::StatusOr<FeedPlan> PlanFeed(std::shared_ptr<const LoadedPolicies> policies,
                                  const adapters::Catalog& catalog, const FeedId& feed) {
  FeedPlan plan;
  plan.policies = std::move(policies);
  const policy::PolicySet& set = *plan.policies->set;
  plan.feed = set.FindFeed(feed);
  if (plan.feed == nullptr) {
    std::vector<std::string> ids;
    for (const policy::Feed& known : set.feeds) ids.push_back(known.id.str());
    return absl::NotFoundError(fmt::format("there is no feed \"{}\" under {}; {}", feed.str(), set.folder,
                                           DidYouMean(feed.str(), ids)));
  }
  std::tie(plan.contract, plan.object) = set.FindDataset(plan.feed->dataset());
  plan.partner = set.FindPartner(plan.feed->partner);
  plan.catalog = catalog;
  plan.manifest = plan.catalog.Find(plan.feed->adapter, plan.feed->adapter_version);
  if (plan.manifest == nullptr) {
    return absl::NotFoundError(fmt::format(
        "feed {}: {}", feed.str(), catalog.WhyMissing(plan.feed->adapter, plan.feed->adapter_version)));
  }
  if (!plan.manifest->unfit.empty()) {
    return absl::FailedPreconditionError(fmt::format("feed {} cannot be read: adapter {} {}: {}", feed.str(),
                                                     plan.manifest->name, plan.manifest->version,
                                                     plan.manifest->unfit));
  }
  Issues issues;
  plan.options = adapters::Catalog::ResolveOptions(*plan.manifest, plan.feed->adapter_options, issues);
  if (issues.has_errors()) return absl::FailedPreconditionError(RenderIssue(issues.list().front()));
  const auto rules = plan.policies->rules.find(plan.feed->dataset());
  if (plan.object == nullptr || plan.partner == nullptr || rules == plan.policies->rules.end()) {
    return absl::InternalError(fmt::format("feed {} was loaded without its contract", feed.str()));
  }
  plan.rules = rules->second;
  return plan;
}

absl::StatusOr<Judged> JudgeSource(const PipelineRun& run) {
  const auto start = std::chrono::steady_clock::now();
  Judged judged;
  const auto columns = std::make_shared<std::vector<std::string>>();
  quality::RunContext context = run.context;
  context.columns = columns;
  quality::Judge judge(run.plan.rules, run.plan.feed->gate, std::move(context), RulesOf(*run.plan.manifest),
                       run.findings);
  ASSIGN_OR_RETURN(const std::unique_ptr<adapters::Session> session, StartSession(run));
  const absl::Status drained = Drain(run, *session, judge, judged.matching);
  if (absl::IsInvalidArgument(drained)) {
    judged.source_unreadable = true;
    judged.outcome = judge.Unreadable(std::string(MessageOf(drained)));
  } else if (!drained.ok()) {
    return drained;
  } else {
    judged.facts = session->facts();
    *columns = judged.facts.columns;
    for (const adapters::Dimension& own : session->dimensions())
      judge.AddAdapterDimension(own.name, own.score, own.basis);
    judged.outcome = judge.Finish(judged.facts.blank);
  }
  judged.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return judged;
}

}  // namespace concordat::flows
