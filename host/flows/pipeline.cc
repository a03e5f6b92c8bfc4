#include "host/flows/pipeline.h"

#include <algorithm>
#include <chrono>
#include <optional>
#include <thread>

#include "fmt/format.h"
#include "host/base/bounded_queue.h"
#include "host/data/parse.h"
#include "host/flows/mend_file.h"
#include "host/flows/references.h"
#include "host/flows/slices.h"
#include "host/mapping/reshape.h"
#include "host/policy/mapping.h"

namespace concordat::flows {
namespace {

// A batch after mapping, on its way from the reading to the judging thread.
struct Mapped {
  std::shared_ptr<const data::RawBatch> raw;
  std::shared_ptr<const data::Batch> batch;
  std::vector<quality::AdapterFinding> findings;
  std::vector<uint64_t> skipped;  // a rule of the mapping: cells that held nothing to map
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
  for (const adapters::ManifestRule& declared : manifest.rules) {
    quality::AdapterRule rule;
    rule.id = declared.id;
    rule.description = declared.description;
    rule.dimension = declared.dimension;
    rule.severity = declared.severity;
    rule.columns = declared.columns;
    rule.mend = declared.mend;
    rules.push_back(std::move(rule));
  }
  return rules;
}

// Codes that stand in a list file, or in the records of another dataset.
absl::StatusOr<mapping::CodePairs> LookUpCodes(const PipelineRun& run, const policy::CodeMap& codes) {
  const policy::PolicySet& set = *run.plan.policies->set;
  if (codes.dataset.empty()) {
    const auto list = set.lists.find(codes.file);
    if (list == set.lists.end())
      return absl::InternalError(fmt::format("the list {} was not loaded with its feed", codes.file));
    return mapping::PairsOfCsv(list->second.content, codes.file, codes.from, codes.to);
  }
  if (!run.context.dataset) {
    return absl::UnavailableError(
        fmt::format("feed {} looks codes up in the dataset {}, whose records only the host has; check with a "
                    "connection (--host)",
                    run.plan.feed->id.str(), codes.dataset));
  }
  ASSIGN_OR_RETURN(const auto table, run.context.dataset(DatasetId(codes.dataset)));
  const data::TextColumn* from = nullptr;
  const data::TextColumn* to = nullptr;
  for (const auto& column : table->columns) {
    if (column->name == codes.from) from = column.get();
    if (column->name == codes.to) to = column.get();
  }
  if (from == nullptr || to == nullptr)
    return absl::InternalError(fmt::format("dataset {} has no {} or no {}", codes.dataset, codes.from, codes.to));
  mapping::CodePairs pairs;
  for (size_t row = 0; row < from->rows(); ++row)
    pairs.emplace_back(std::string(from->at(row)), std::string(to->at(row)));
  return pairs;
}

// The mapping's own rules stand behind the adapter's.
std::vector<quality::AdapterRule> RulesOf(const FeedPlan& plan) {
  std::vector<quality::AdapterRule> rules = RulesOf(*plan.manifest);
  for (const mapping::MappingRule& own : mapping::MappingRules(*plan.feed, *plan.object->schema)) {
    quality::AdapterRule rule;
    rule.id = own.id;
    rule.origin = record::Origin::kHost;
    rule.kind = "mapping";
    rule.description = own.description;
    rule.dimension = record::Dimension::kConformity;
    rule.severity = record::Severity::kError;
    rule.columns = {own.field};
    rule.mend = own.mend;
    rules.push_back(std::move(rule));
  }
  return rules;
}

mapping::MappingContext MappingContextOf(const PipelineRun& run) {
  mapping::MappingContext context;
  const policy::Period& period = run.context.period;
  context.facts = {{"source.name", run.source.name},
                   {"feed", run.plan.feed->id.str()},
                   {"partner", run.plan.feed->partner.str()}};
  if (!period.id.empty()) {
    context.facts["period"] = period.id;
    context.facts["period.from"] = data::DateText(period.from);
    context.facts["period.to"] = data::DateText(period.to);
  }
  context.lookup = [&run](const policy::CodeMap& codes) { return LookUpCodes(run, codes); };
  return context;
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
  const std::optional<mapping::Reshaper>& reshaper() const { return reshaper_; }
  const std::vector<std::string>& record_columns() const { return record_columns_; }

 private:
  absl::Status Begin() {
    if (run_.refuse_mend_file) RETURN_IF_ERROR(RefuseMendFile(session_.columns()));
    const std::vector<std::string>* columns = &session_.columns();
    if (policy::MappingIn(*run_.plan.feed).reshapes()) {
      ASSIGN_OR_RETURN(reshaper_, mapping::Reshaper::Create(*run_.plan.feed, session_.columns()));
      if (policy::MappingIn(*run_.plan.feed).unpivot) RETURN_IF_ERROR(Mend());
      columns = &reshaper_->columns();
    }
    record_columns_ = *columns;
    for (const mapping::MappingRule& rule :
         mapping::MappingRules(*run_.plan.feed, *run_.plan.object->schema))
      mapping_fields_.push_back(rule.field);
    ASSIGN_OR_RETURN(mapper_, mapping::Mapper::Create(*run_.plan.feed, run_.plan.object->schema, *columns,
                                                      MappingContextOf(run_)));
    return absl::OkStatus();
  }

  // Records of a wide table have numbers that the worker does not know.
  absl::Status Mend() {
    mapping::Reshaper::Mended mended;
    for (const adapters::Correction& correction : run_.corrections.corrections) {
      auto& cells = mended[correction.record];
      if (!correction.drop) cells = correction.cells;
    }
    return reshaper_->Mend(run_.corrections.columns, mended);
  }

  absl::Status ReadAll() {
    while (true) {
      adapters::AdapterBatch read;
      ASSIGN_OR_RETURN(const bool more, session_.Next(read));
      if (!mapper_) RETURN_IF_ERROR(Begin());
      if (!more) return absl::OkStatus();
      for (adapters::AdapterBatch& slice : SliceBatch(std::move(read), SliceRows()))
        RETURN_IF_ERROR(MapAndPush(std::move(slice)));
    }
  }

  // Rows of wide tables are many records each.
  size_t SliceRows() const {
    constexpr size_t kMostRecords = 32 * 1024;
    if (!reshaper_ || reshaper_->width() == 1) return run_.batch_rows;
    const size_t most = run_.batch_rows == 0 ? kMostRecords : run_.batch_rows;
    return std::max<size_t>(1, most / reshaper_->width());
  }

  absl::Status MapAndPush(adapters::AdapterBatch read) {
    Mapped mapped;
    for (adapters::Finding& finding : read.findings) {
      if (reshaper_) finding.record = reshaper_->FirstOf(finding.record);
      mapped.findings.push_back(ToQuality(std::move(finding)));
    }
    if (reshaper_) read.records = reshaper_->Apply(std::move(read.records));
    mapped.batch = std::make_shared<const data::Batch>(mapper_->Map(read.records));
    const size_t first_rule = run_.plan.manifest->rules.size();
    for (const mapping::CellFailure& failure : mapper_->failures()) {
      mapped.findings.push_back({read.records.records[failure.row],
                                 first_rule + failure.rule,
                                 quality::AdapterFinding::Outcome::kFail,
                                 {{mapping_fields_[failure.rule], failure.value}},
                                 failure.message,
                                 failure.mend});
    }
    mapped.skipped = mapper_->skipped();
    mapped.raw = std::make_shared<const data::RawBatch>(std::move(read.records));
    if (!queue_.Push(std::move(mapped))) return absl::CancelledError("judging ended early");
    return absl::OkStatus();
  }

  const PipelineRun& run_;
  adapters::Session& session_;
  BoundedQueue<Mapped> queue_{4};
  std::optional<mapping::Reshaper> reshaper_;  // written by the thread, read after Stop, as the next ones
  std::optional<mapping::Mapper> mapper_;
  std::vector<std::string> record_columns_;
  std::vector<std::string> mapping_fields_;  // of each rule of the mapping
  absl::Status status_;
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
  if (!policy::MappingIn(*run.plan.feed).unpivot) request.corrections = run.corrections;
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
    for (size_t rule = 0; rule < mapped->skipped.size(); ++rule)
      judge.AddSkips(run.plan.manifest->rules.size() + rule, mapped->skipped[rule]);
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
                   Judged& judged_source) {
  Reader reader(run, session);
  const absl::Status judged = JudgeBatches(run, reader, judge);
  reader.Stop();
  RETURN_IF_ERROR(judged);
  RETURN_IF_ERROR(reader.status());
  if (reader.mapper()) judged_source.matching = reader.mapper()->matching();
  if (reader.reshaper()) {
    judged_source.left_out = reader.reshaper()->left_out();
    judged_source.notes = reader.reshaper()->Notes();
  }
  judged_source.record_columns = reader.record_columns();
  return absl::OkStatus();
}

// A column that is not there must not look like as many bad records.
void PutAbsencesFirst(Judged& judged) {
  auto& reasons = judged.outcome.decision.reasons;
  size_t at = 0;
  for (const mapping::Absence& absence : judged.matching.absences) {
    std::string rules;
    for (const record::RuleResult& rule : judged.outcome.scorecard.rules) {
      const bool reads = std::find(rule.columns.begin(), rule.columns.end(), absence.field) != rule.columns.end();
      if (!reads || rule.counts.pass > 0 || rule.counts.fail == 0) continue;
      rules += (rules.empty() ? "" : ", ") + rule.id;
    }
    if (rules.empty()) continue;
    std::string names;
    for (const std::string& name : absence.wanted)
      names += fmt::format("{}\"{}\"", names.empty() ? "" : " or ", name);
    const std::string mend = absence.near.empty() ? std::string("give the column, or map the field to another one")
                                                  : fmt::format("is it \"{}\"?", absence.near);
    reasons.insert(reasons.begin() + static_cast<int64_t>(at++),
                   {"source_columns", fmt::format("the file has no column {} for {}, so every record fails {}; {}",
                                                  names, absence.field, rules, mend)});
  }
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
  plan.manifest = catalog.Find(plan.feed->adapter);
  if (plan.manifest == nullptr) {
    return absl::NotFoundError(
        fmt::format("feed {} needs the adapter \"{}\", which is not installed (see --adapters)", feed.str(),
                    plan.feed->adapter));
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
  quality::Judge judge(run.plan.rules, run.plan.feed->gate, std::move(context), RulesOf(run.plan),
                       run.findings);
  ASSIGN_OR_RETURN(const std::unique_ptr<adapters::Session> session, StartSession(run));
  const absl::Status drained = Drain(run, *session, judge, judged);
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
    PutAbsencesFirst(judged);
  }
  judged.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return judged;
}

}  // namespace concordat::flows
