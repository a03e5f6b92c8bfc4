#include "host/store/sqlite/attempt_writer.h"

#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <utility>

#include "fmt/format.h"
#include "host/base/encoding.h"
#include "host/store/sqlite/record_file.h"

namespace concordat::store {

absl::StatusOr<std::unique_ptr<SqliteAttemptWriter>> SqliteAttemptWriter::Create(
    const Layout& layout, const SubmissionId& id, const DatasetId& dataset,
    std::shared_ptr<const data::Schema> schema, std::shared_ptr<const AttemptSeal> seal,
    std::function<void(const std::string&)> on_sealed) {
  const std::string path = layout.StagingPath(id);
  if (access(path.c_str(), F_OK) == 0) {
    return absl::AlreadyExistsError(fmt::format("attempt {} is being written already", id.str()));
  }
  ASSIGN_OR_RETURN(std::unique_ptr<Connection> file, Connection::Open(path, Connection::Mode::kStaging));
  auto writer = std::unique_ptr<SqliteAttemptWriter>(new SqliteAttemptWriter(
      layout, id, dataset, std::move(schema), std::move(seal), std::move(file), std::move(on_sealed)));
  RETURN_IF_ERROR(writer->Start());
  return writer;
}

SqliteAttemptWriter::SqliteAttemptWriter(const Layout& layout, SubmissionId id, DatasetId dataset,
                                         std::shared_ptr<const data::Schema> schema,
                                         std::shared_ptr<const AttemptSeal> seal,
                                         std::unique_ptr<Connection> file,
                                         std::function<void(const std::string&)> on_sealed)
    : layout_(layout),
      id_(std::move(id)),
      dataset_(std::move(dataset)),
      schema_(std::move(schema)),
      seal_(std::move(seal)),
      on_sealed_(std::move(on_sealed)),
      insert_(fmt::format("INSERT INTO {} SELECT * FROM _batch", Quoted(RowTableName(dataset_)))),
      file_(std::move(file)),
      quarantine_(*file_, seal_.get()),
      findings_(*file_, seal_.get()) {}

SqliteAttemptWriter::~SqliteAttemptWriter() {
  const bool sealed = file_ == nullptr;
  file_.reset();
  if (!sealed) unlink(layout_.StagingPath(id_).c_str());
}

absl::Status SqliteAttemptWriter::Start() {
  ASSIGN_OR_RETURN(const std::vector<StoredColumn> columns, ColumnsFor(*schema_));
  for (size_t i = 0; i < columns.size(); ++i) {
    source_.ciphers.emplace_back();
    const bool sealed = seal_ != nullptr && data::IsConfidential(schema_->fields[i]);
    if (sealed) source_.ciphers.back() = seal_->ForColumn(columns[i].name);
  }
  RETURN_IF_ERROR(RegisterBatchTable(*file_, &source_, schema_->fields.size()));
  RETURN_IF_ERROR(file_->Execute("BEGIN"));  // to the end: pages still leave memory as the cache fills
  return CreateRecordFile(*file_, id_, dataset_, *schema_, seal_ != nullptr);
}

absl::Status SqliteAttemptWriter::CheckOpen() const {
  if (file_ != nullptr) return absl::OkStatus();
  return absl::FailedPreconditionError(fmt::format("attempt {} is sealed; nothing can be added", id_.str()));
}

absl::Status SqliteAttemptWriter::AppendAccepted(const data::Batch& batch, const data::RowSet& keep) {
  RETURN_IF_ERROR(CheckOpen());
  if (batch.columns.size() != schema_->fields.size() || keep.rows() != batch.rows()) {
    return absl::InvalidArgumentError(
        fmt::format("a batch of {} columns and {} rows does not fit {} fields and {} flags",
                    batch.columns.size(), batch.rows(), schema_->fields.size(), keep.rows()));
  }
  source_.batch = &batch;
  source_.keep = &keep;
  const absl::Status status = file_->Prepare(insert_).Run();
  source_.batch = nullptr;
  source_.keep = nullptr;
  return status;
}

absl::Status SqliteAttemptWriter::PutSourceKey(const std::string& key) {
  RETURN_IF_ERROR(CheckOpen());
  if (seal_ == nullptr)
    return absl::FailedPreconditionError("only an attempt with something confidential has a sealed source");
  return PutAbout(*file_, kSourceKey, Base64Encode(seal_->SealText(key, kSourceKey)));
}

absl::Status SqliteAttemptWriter::AppendQuarantined(const QuarantinedRecord& record) {
  RETURN_IF_ERROR(CheckOpen());
  return quarantine_.Append(record);
}

absl::Status SqliteAttemptWriter::AppendFinding(const record::Finding& finding) {
  RETURN_IF_ERROR(CheckOpen());
  return findings_.Append(finding);
}

absl::Status SqliteAttemptWriter::DropRows() {
  RETURN_IF_ERROR(CheckOpen());
  quarantine_.Forget();
  dropped_ = true;
  return EmptyRecordFile(*file_, dataset_, *schema_);
}

absl::Status SqliteAttemptWriter::Seal(const std::vector<std::string>& source_columns) {
  RETURN_IF_ERROR(CheckOpen());
  const absl::Status status = Finish(source_columns);
  file_.reset();
  if (!status.ok()) {
    unlink(layout_.StagingPath(id_).c_str());
    return status;
  }
  const std::string name = layout_.SealedName(dataset_, id_);
  RETURN_IF_ERROR(layout_.Seal(id_, name));
  on_sealed_(name);
  return absl::OkStatus();
}

absl::Status SqliteAttemptWriter::Finish(const std::vector<std::string>& source_columns) {
  TextList columns;
  for (const std::string& column : source_columns) columns.Append(column);
  RETURN_IF_ERROR(PutAbout(*file_, "source_columns", columns.Close()));
  RETURN_IF_ERROR(file_->Execute("COMMIT"));
  return dropped_ ? GiveBackSpace() : absl::OkStatus();
}

// Dropped rows leave empty pages, perhaps gigabytes of them, and in them what was rejected.
absl::Status SqliteAttemptWriter::GiveBackSpace() {
  const std::string staged = layout_.StagingPath(id_);
  const std::string compact = staged + ".compact";
  RETURN_IF_ERROR(file_->Prepare("VACUUM INTO ?").Bind(compact).Run());
  file_.reset();
  if (rename(compact.c_str(), staged.c_str()) != 0) return ErrnoStatus(errno, "rename to " + staged);
  return absl::OkStatus();
}

}  // namespace concordat::store
