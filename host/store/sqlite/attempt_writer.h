// Stages one attempt in a database file of its own, so that uploads of one dataset never wait for each other.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "host/store/sqlite/batch_table.h"
#include "host/store/sqlite/connection.h"
#include "host/store/sqlite/finding_table.h"
#include "host/store/sqlite/layout.h"
#include "host/store/sqlite/quarantine_table.h"
#include "host/store/store.h"

namespace concordat::store {

class SqliteAttemptWriter : public AttemptWriter {
 public:
  /// `seal`: null when nothing of the schema is confidential. `on_sealed` gets the sealed name once the file
  /// is durable under it. AlreadyExists when `id` is being written.
  static absl::StatusOr<std::unique_ptr<SqliteAttemptWriter>> Create(
      const Layout& layout, const SubmissionId& id, const DatasetId& dataset,
      std::shared_ptr<const data::Schema> schema, std::shared_ptr<const AttemptSeal> seal,
      std::function<void(const std::string& sealed_name)> on_sealed);
  ~SqliteAttemptWriter() override;

  absl::Status AppendAccepted(const data::Batch& batch, const data::RowSet& keep) override;
  absl::Status AppendQuarantined(const QuarantinedRecord& record) override;
  absl::Status AppendFinding(const record::Finding& finding) override;
  absl::Status DropRows() override;
  absl::Status PutSourceKey(const std::string& key) override;
  absl::Status Seal(const std::vector<std::string>& source_columns) override;

 private:
  SqliteAttemptWriter(const Layout& layout, SubmissionId id, DatasetId dataset,
                      std::shared_ptr<const data::Schema> schema, std::shared_ptr<const AttemptSeal> seal,
                      std::unique_ptr<Connection> file, std::function<void(const std::string&)> on_sealed);
  absl::Status Start();
  absl::Status CheckOpen() const;
  absl::Status Finish(const std::vector<std::string>& source_columns);
  absl::Status GiveBackSpace();

  const Layout& layout_;
  const SubmissionId id_;
  const DatasetId dataset_;
  const std::shared_ptr<const data::Schema> schema_;
  const std::shared_ptr<const AttemptSeal> seal_;
  const std::function<void(const std::string&)> on_sealed_;
  const std::string insert_;

  BatchSource source_;                // before file_, which refers to it
  std::unique_ptr<Connection> file_;  // null once sealed
  QuarantineWriter quarantine_;
  FindingWriter findings_;
  bool dropped_ = false;
};

}  // namespace concordat::store
