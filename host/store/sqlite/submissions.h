// Attempts: their rows in control.db, their records in files that count only through those rows.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "host/store/sqlite/control.h"
#include "host/store/sqlite/layout.h"
#include "host/store/store.h"

namespace concordat::store {

class SqliteSubmissions : public SubmissionStore {
 public:
  /// Both outlive it.
  SqliteSubmissions(const Layout& layout, Control& control) : layout_(layout), control_(control) {}

  /// Removes the files of attempts that were never published. To be called before anything else.
  absl::Status RemoveStaged();

  absl::StatusOr<std::unique_ptr<AttemptWriter>> Begin(const SubmissionId& id, const DatasetId& dataset,
                                                       std::shared_ptr<const data::Schema> schema) override;
  absl::Status Publish(const Attempt& attempt) override;
  absl::Status Withdraw(const SubmissionId& id, const std::string& reason,
                        const json::Value& receipt) override;

  absl::StatusOr<Attempt> Get(const SubmissionId& id) const override;
  absl::StatusOr<std::optional<Attempt>> Current(const FeedId& feed,
                                                 const std::string& period) const override;
  absl::StatusOr<std::vector<Attempt>> List(const Filter& filter) const override;
  absl::StatusOr<std::optional<Attempt>> SameBytes(const FeedId& feed, const std::string& source_digest,
                                                   const std::string& other_than_period) const override;

  absl::StatusOr<std::vector<std::string>> SourceColumns(const SubmissionId& id) const override;
  absl::Status VisitQuarantined(
      const SubmissionId& id,
      const std::function<absl::Status(const QuarantinedRecord&)>& visit) const override;
  absl::Status VisitFindings(const SubmissionId& id, const std::string& rule,
                             const std::function<absl::Status(const record::Finding&)>& visit) const override;
  absl::Status ReadRecords(const DatasetId& dataset, std::shared_ptr<const data::Schema> schema,
                           const std::vector<SubmissionId>& submissions,
                           const std::function<absl::Status(const data::Batch&)>& visit) const override;

 private:
  /// A published attempt's place in time and its file; the name is empty when it has none.
  struct Published {
    int64_t sequence = 0;
    DatasetId dataset;
    std::string file;
    bool accepted = false;
  };
  absl::Status CheckNew(const SubmissionId& id) const;
  absl::StatusOr<Published> FindPublished(const SubmissionId& id) const;
  /// Null when the attempt came without a file.
  absl::StatusOr<std::unique_ptr<Connection>> OpenFileOf(const SubmissionId& id) const;
  absl::StatusOr<std::string> SealedFile(const Attempt& attempt) const;

  const Layout& layout_;
  Control& control_;

  mutable std::mutex mutex_;
  std::map<SubmissionId, std::string>
      sealed_;  // guarded by mutex_: sealed and not published yet -> sealed name
};

}  // namespace concordat::store
