// Attempts: their rows in control.db, their records in files that count only through those rows.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "host/store/sqlite/control.h"
#include "host/store/sqlite/file_without.h"
#include "host/store/sqlite/key_ring.h"
#include "host/store/sqlite/layout.h"
#include "host/store/store.h"

namespace concordat::store {

class SqliteSubmissions : public SubmissionStore {
 public:
  /// All outlive it.
  SqliteSubmissions(const Layout& layout, Control& control, const KeyRing& keys)
      : layout_(layout), control_(control), keys_(keys) {}

  /// Removes the files of attempts that were never published. To be called before anything else.
  absl::Status RemoveStaged();

  absl::StatusOr<std::unique_ptr<AttemptWriter>> Begin(const SubmissionId& id, const DatasetId& dataset,
                                                       std::shared_ptr<const data::Schema> schema) override;
  absl::Status Publish(const Attempt& attempt) override;
  absl::Status Withdraw(const SubmissionId& id, const std::string& reason,
                        const json::Value& receipt) override;

  absl::Status Erase(const SubmissionId& id, const std::string& reason, absl::Time time,
                     const json::Value& receipt, const json::Value& result) override;
  absl::StatusOr<std::vector<ErasedRows>> EraseSubject(
      const DatasetId& dataset, const std::optional<PartnerId>& partner, const std::string& field,
      const std::string& value, const std::function<json::Value(const json::Value&)>& scrub) override;
  std::string KeyedHash(std::string_view text) const override { return keys_.KeyedHash(text); }

  absl::StatusOr<Attempt> Get(const SubmissionId& id) const override;
  absl::StatusOr<std::optional<Attempt>> Current(const FeedId& feed,
                                                 const std::string& period) const override;
  absl::StatusOr<std::vector<Attempt>> List(const Filter& filter) const override;
  absl::StatusOr<std::optional<Attempt>> SameBytes(const FeedId& feed, const std::string& source_digest,
                                                   const std::string& other_than_period) const override;

  absl::StatusOr<std::string> SourceKey(const SubmissionId& id) const override;
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
  using Scrub = std::function<json::Value(const json::Value& result)>;
  /// A published attempt's place in time and its file; the name is empty when it has none.
  struct Published {
    int64_t sequence = 0;
    DatasetId dataset;
    std::string file;
    bool accepted = false;
    bool erased = false;
  };
  absl::Status CheckNew(const SubmissionId& id) const;
  absl::StatusOr<Published> FindPublished(const SubmissionId& id) const;
  /// A published attempt's file and what opens it.
  struct OpenedFile {
    std::unique_ptr<Connection> file;  // null when the attempt came without one, or was erased
    std::shared_ptr<const AttemptSeal> seal;
  };
  /// Sealed and not yet published.
  struct Staged {
    std::string file;
    std::shared_ptr<const AttemptSeal> seal;
  };
  absl::StatusOr<OpenedFile> OpenFileOf(const SubmissionId& id) const;
  absl::StatusOr<Staged> StagedOf(const Attempt& attempt) const;
  absl::Status PublishRow(Connection& control, const Attempt& attempt, bool accepted,
                          const Staged& staged) const;
  absl::Status OpenCorrections(Attempt& attempt) const;
  absl::StatusOr<RemovedRows> Renew(const SubmissionId& id, const Published& published,
                                    const Subject& subject, const Scrub& scrub);
  void ForgetPages();

  const Layout& layout_;
  Control& control_;
  const KeyRing& keys_;
  std::mutex erasing_;  // one erasure at a time

  mutable std::mutex mutex_;
  std::map<SubmissionId, Staged> sealed_;  // guarded by mutex_
};

}  // namespace concordat::store
