#include "host/flows/row_source.h"

#include <algorithm>
#include <cstring>
#include <span>
#include <thread>

#include "fmt/format.h"
#include "fmt/ranges.h"
#include "host/base/bounded_queue.h"
#include "host/flows/denial.h"
#include "host/flows/record_holders.h"
#include "host/flows/release_memory.h"
#include "host/flows/sealed_spool.h"
#include "host/sharing/disclosure/k_anonymity.h"

namespace concordat::flows {
namespace {

using sharing::AskedRows;
using sharing::Release;
using sharing::ReleasedRows;

constexpr size_t kBatchesAhead = 4;

absl::StatusOr<Release> CreateRelease(const ReleaseJob& job) {
  const policy::ContractObject* object = job.policies->FindDataset(job.share->dataset).second;
  if (object == nullptr) return absl::InternalError("a permit without a dataset");
  return Release::Create(*job.policies, *job.share, object->schema, job.request, *job.materials,
                         SubjectFields(*job.policies, *job.share));
}

// DataLoss when the store cannot give its records; what the duties or `take` say stays as it is.
absl::Status ReadTreated(const ReleaseJob& job, const Release& release,
                         const std::function<absl::Status(ReleasedRows)>& take) {
  const policy::ContractObject* object = job.policies->FindDataset(job.share->dataset).second;
  absl::Status treated;
  const auto treat = [&](const data::Batch& batch) -> absl::Status {
    ASSIGN_OR_RETURN(ReleasedRows rows, release.Apply(batch));
    return take(std::move(rows));
  };
  const absl::Status read = job.host->store->ReadRecords(job.share->dataset, object->schema, job.submissions,
                                                         [&](const data::Batch& batch) {
                                                           treated = treat(batch);
                                                           return treated;
                                                         });
  if (read.ok() || !treated.ok()) return read;
  return absl::DataLossError(
      fmt::format("the records of {} cannot be read: {}", job.share->dataset.str(), MessageOf(read)));
}

/// Reads, treats and verifies on a thread of its own, a few batches ahead of whoever sends.
class StreamedRows final : public RowSource {
 public:
  StreamedRows(ReleaseJob job, Release release)
      : job_(std::move(job)), release_(std::move(release)), reader_([this] { Read(); }) {}

  ~StreamedRows() override {
    queue_.Close();
    reader_.join();
  }

  absl::StatusOr<std::optional<AskedRows>> Next() override {
    std::optional<AskedRows> rows = queue_.Pop();
    if (rows) return rows;
    RETURN_IF_ERROR(status_);
    return std::nullopt;
  }

 private:
  void Read() {
    status_ = ReadTreated(job_, release_, [this](const ReleasedRows& treated) -> absl::Status {
      ASSIGN_OR_RETURN(AskedRows rows, release_.Ask(treated));
      return queue_.Push(std::move(rows)) ? absl::OkStatus() : absl::CancelledError("nobody reads any more");
    });
    queue_.Close();
  }

  const ReleaseJob job_;
  const Release release_;
  BoundedQueue<AskedRows> queue_{kBatchesAhead};
  absl::Status status_;  // written before the queue is closed, read after
  std::thread reader_;
};

/// Classes of equal quasi-identifiers among treated rows.
class Classes {
 public:
  Classes(const policy::KAnonymityDuty& duty, const std::vector<std::string>& treated)
      : classes_(duty.quasi_identifiers.size()), tuple_(duty.quasi_identifiers.size()) {
    for (const std::string& name : duty.quasi_identifiers)
      columns_.push_back(
          static_cast<size_t>(std::find(treated.begin(), treated.end(), name) - treated.begin()));
  }

  void Add(const ReleasedRows& rows) {
    for (size_t row = 0; row < rows.rows(); ++row) classes_.Add(TupleOf(rows, row));
  }
  uint64_t SizeOf(const ReleasedRows& rows, size_t row) { return classes_.SizeOf(TupleOf(rows, row)); }
  const sharing::EquivalenceClasses& counted() const { return classes_; }

 private:
  std::span<const std::string_view> TupleOf(const ReleasedRows& rows, size_t row) {
    for (size_t i = 0; i < columns_.size(); ++i) tuple_[i] = rows.columns[columns_[i]]->at(row);
    return tuple_;
  }

  sharing::EquivalenceClasses classes_;
  std::vector<size_t> columns_;
  std::vector<std::string_view> tuple_;
};

/// Whole batches of treated rows in a sealed spool, each behind its length.
class Staged {
 public:
  static absl::StatusOr<std::unique_ptr<Staged>> Create(const std::string& folder) {
    ASSIGN_OR_RETURN(std::unique_ptr<SealedSpool> spool, SealedSpool::Create(folder));
    return std::unique_ptr<Staged>(new Staged(std::move(spool)));
  }

  absl::Status Append(const ReleasedRows& rows) {
    const std::string text = sharing::Packed(rows);
    const uint64_t size = text.size();
    RETURN_IF_ERROR(spool_->Append({reinterpret_cast<const char*>(&size), sizeof size}));
    return spool_->Append(text);
  }

  absl::Status Rewind() {
    rest_.clear();
    return spool_->Rewind();
  }

  absl::StatusOr<std::optional<ReleasedRows>> Next(const std::vector<std::string>& names) {
    uint64_t size = 0;
    ASSIGN_OR_RETURN(const bool more, Fill(sizeof size));
    if (!more) return std::nullopt;
    std::memcpy(&size, rest_.data(), sizeof size);
    rest_.erase(0, sizeof size);
    ASSIGN_OR_RETURN(const bool whole, Fill(size));
    if (!whole) return absl::DataLossError("what was staged is cut off");
    ASSIGN_OR_RETURN(ReleasedRows rows, sharing::Unpacked(std::string_view(rest_).substr(0, size), names));
    rest_.erase(0, size);
    return rows;
  }

 private:
  explicit Staged(std::unique_ptr<SealedSpool> spool) : spool_(std::move(spool)) {}

  absl::StatusOr<bool> Fill(uint64_t size) {
    while (rest_.size() < size) {
      ASSIGN_OR_RETURN(const std::optional<std::string> block, spool_->Next());
      if (!block) return false;
      rest_ += *block;
    }
    return true;
  }

  const std::unique_ptr<SealedSpool> spool_;
  std::string rest_;
};

class StagedRows final : public RowSource {
 public:
  StagedRows(Release release, std::unique_ptr<Staged> staged)
      : release_(std::move(release)), staged_(std::move(staged)) {}

  absl::StatusOr<std::optional<AskedRows>> Next() override {
    ASSIGN_OR_RETURN(const std::optional<ReleasedRows> rows, staged_->Next(release_.treated()));
    if (!rows) return std::nullopt;
    ASSIGN_OR_RETURN(AskedRows asked, release_.Ask(*rows));
    return asked;
  }

 private:
  const Release release_;
  const std::unique_ptr<Staged> staged_;
};

/// Rows that are in memory already.
class TableRows final : public RowSource {
 public:
  explicit TableRows(AskedRows rows) : rows_(std::move(rows)) {}
  absl::StatusOr<std::optional<AskedRows>> Next() override { return std::exchange(rows_, std::nullopt); }

 private:
  std::optional<AskedRows> rows_;
};

// Records of too small a class are held back, up to the agreed share of them.
absl::StatusOr<std::unique_ptr<Staged>> HoldBackSmallClasses(const ReleaseJob& job, const Release& release,
                                                             ReleaseFigures& figures) {
  const policy::KAnonymityDuty& duty = *job.share->k_anonymity;
  const auto k = static_cast<uint64_t>(duty.k);
  ASSIGN_OR_RETURN(const std::unique_ptr<Staged> all, Staged::Create(job.host->SpoolFolder()));
  Classes classes(duty, release.treated());
  RETURN_IF_ERROR(ReadTreated(job, release, [&](const ReleasedRows& rows) {
    classes.Add(rows);
    return all->Append(rows);
  }));
  const uint64_t records = classes.counted().rows();
  figures.withheld_records = classes.counted().RowsBelow(k);
  if (static_cast<double>(figures.withheld_records) > duty.max_suppressed * static_cast<double>(records)) {
    return DeniedFor("duty_unavailable",
                     "ask when there is more data, or the parties agree on something coarser",
                     absl::FailedPreconditionError(
                         fmt::format("{} of {} records stand in groups of fewer than {} with the same {}; at "
                                     "most {:g}% may be held back",
                                     figures.withheld_records, records, duty.k,
                                     fmt::join(duty.quasi_identifiers, ", "), duty.max_suppressed * 100)));
  }
  ASSIGN_OR_RETURN(std::unique_ptr<Staged> kept, Staged::Create(job.host->SpoolFolder()));
  RETURN_IF_ERROR(all->Rewind());
  while (true) {
    ASSIGN_OR_RETURN(const std::optional<ReleasedRows> rows, all->Next(release.treated()));
    if (!rows) return kept;
    std::vector<bool> keep(rows->rows());
    for (size_t row = 0; row < keep.size(); ++row) keep[row] = classes.SizeOf(*rows, row) >= k;
    RETURN_IF_ERROR(kept->Append(sharing::Narrowed(*rows, keep)));
  }
}

// k is counted anew on what is about to leave, whatever held rows back.
absl::Status VerifyK(const ReleaseJob& job, const Release& release, Staged& staged, ReleaseFigures& figures) {
  const policy::KAnonymityDuty& duty = *job.share->k_anonymity;
  Classes classes(duty, release.treated());
  RETURN_IF_ERROR(staged.Rewind());
  while (true) {
    ASSIGN_OR_RETURN(const std::optional<ReleasedRows> rows, staged.Next(release.treated()));
    if (!rows) break;
    classes.Add(*rows);
  }
  figures.smallest_class = classes.counted().Smallest();
  if (classes.counted().RowsBelow(static_cast<uint64_t>(duty.k)) > 0) {
    return absl::InternalError(fmt::format("a combination of {} was to leave for {} records, fewer than {}",
                                           fmt::join(duty.quasi_identifiers, ", "), *figures.smallest_class,
                                           duty.k));
  }
  return staged.Rewind();
}

absl::StatusOr<PreparedRows> PrepareKAnonymous(const ReleaseJob& job, Release release) {
  PreparedRows prepared;
  prepared.columns = release.columns();
  ASSIGN_OR_RETURN(std::unique_ptr<Staged> kept, HoldBackSmallClasses(job, release, prepared.figures));
  RETURN_IF_ERROR(VerifyK(job, release, *kept, prepared.figures));
  prepared.rows = std::make_unique<StagedRows>(std::move(release), std::move(kept));
  return prepared;
}

absl::StatusOr<PreparedRows> PrepareAggregate(const ReleaseJob& job, Release release) {
  sharing::Aggregation aggregation(*job.share);
  RETURN_IF_ERROR(ReadTreated(job, release, [&](const ReleasedRows& rows) { return aggregation.Add(rows); }));
  PreparedRows prepared;
  prepared.columns = release.columns();
  prepared.figures.figures = FiguresOf(*job.protocol, *job.share);
  ASSIGN_OR_RETURN(const std::vector<sharing::EarlierTable> earlier,
                   EarlierReleases(job, prepared.figures.figures));
  absl::StatusOr<sharing::AggregateResult> finished = aggregation.Finish(earlier);
  if (absl::IsFailedPrecondition(finished.status())) {
    return DeniedFor("differencing",
                     "ask again when the earlier release is outside the window, or for something coarser",
                     finished.status());
  }
  RETURN_IF_ERROR(finished.status());
  sharing::AggregateResult result = *std::move(finished);
  prepared.figures.counted_records = result.records;
  prepared.figures.cells = result.cells;
  prepared.figures.suppressed_cells = result.suppressed;
  prepared.figures.counts = std::move(result.counts);
  ASSIGN_OR_RETURN(AskedRows asked, release.Ask(result.rows));
  prepared.rows = std::make_unique<TableRows>(std::move(asked));
  return prepared;
}

}  // namespace

std::vector<std::string> SubjectFields(const policy::PolicySet& policies, const policy::Share& share) {
  const policy::ContractObject* object = policies.FindDataset(share.dataset).second;
  return share.aggregate || object == nullptr ? std::vector<std::string>() : KeyFieldsOf(*object);
}

absl::StatusOr<PreparedRows> PrepareRows(const ReleaseJob& job) {
  ASSIGN_OR_RETURN(Release release, CreateRelease(job));
  if (job.share->aggregate) return PrepareAggregate(job, std::move(release));
  if (job.share->k_anonymity) return PrepareKAnonymous(job, std::move(release));
  PreparedRows prepared;
  prepared.columns = release.columns();
  prepared.rows = std::make_unique<StreamedRows>(job, std::move(release));
  return prepared;
}

}  // namespace concordat::flows
