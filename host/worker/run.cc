#include "host/worker/run.h"

#include "fmt/format.h"
#include "host/worker/adapter.h"
#include "host/worker/batch_sender.h"
#include "host/worker/corrections.h"
#include "host/worker/importer.h"
#include "host/worker/source.h"
#include "host/worker/text_table.h"

namespace concordat::worker {
namespace {

/// Calls an adapter's `validate` with every batch.
class Validator {
 public:
  Validator(Adapter& adapter, HostTable& host, const std::vector<std::string>& columns)
      : adapter_(adapter), host_(host), table_(columns) {}

  absl::StatusOr<std::vector<data::RawFinding>> Validate(const WorkBatch& batch) {
    if (!adapter_.has_validate() || batch.rows() == 0) return std::vector<data::RawFinding>();
    std::vector<data::TextView> columns;
    for (const Cells& cells : batch.columns) columns.push_back(cells.view);
    table_.Point(columns, batch.rows());
    host_.BeginValidate(batch.records);
    const absl::Status status = adapter_.Validate(table_.schema(), table_.array(), batch.records);
    auto findings = host_.EndValidate();
    RETURN_IF_ERROR(status);
    return findings;
  }

 private:
  Adapter& adapter_;
  HostTable& host_;
  TextTable table_;
};

absl::StatusOr<BatchSchema> SchemaOf(BatchStream& stream) {
  ASSIGN_OR_RETURN(const ArrowOwner<ArrowSchema> schema, stream.Schema());
  return ReadSchema(*schema);
}

// The file's doing, not the adapter's: nobody's adapter is to be quarantined for it.
absl::Status RequireFewColumns(size_t columns) {
  if (columns <= data::kMostColumns) return absl::OkStatus();
  return absl::InvalidArgumentError(fmt::format(
      "it has {} columns, and at most {} are read: is a line end missing behind the header, or does "
      "each record stand in a column?",
      columns, data::kMostColumns));
}

absl::Status Drain(BatchStream& stream, Importer& importer, Corrections& corrections, Validator& validator,
                   RingWriter& ring) {
  while (true) {
    ASSIGN_OR_RETURN(const ArrowOwner<ArrowArray> array, stream.Next());
    if (array.released()) return corrections.Finish();
    ASSIGN_OR_RETURN(WorkBatch batch, importer.Import(*array));
    RETURN_IF_ERROR(corrections.Apply(batch));
    ASSIGN_OR_RETURN(const auto findings, validator.Validate(batch));
    RETURN_IF_ERROR(ring.SendBatch(batch.View(findings)));
  }
}

// Without `validate` nobody needs the adapter between two batches.
absl::Status DrainAhead(BatchStream& stream, Importer& importer, Corrections& corrections, RingWriter& ring) {
  BatchSender sender(importer, corrections, ring);
  absl::Status read;
  while (true) {
    absl::StatusOr<ArrowOwner<ArrowArray>> array = stream.Next();
    read = array.status();
    if (!read.ok() || array->released() || !sender.Send(*std::move(array))) break;
  }
  RETURN_IF_ERROR(sender.Finish());
  RETURN_IF_ERROR(read);
  return corrections.Finish();
}

absl::Status Score(Adapter& adapter, HostTable& host) {
  if (!adapter.has_score()) return absl::OkStatus();
  host.BeginScore();
  const absl::Status status = adapter.Score();
  host.EndScore();
  return status;
}

}  // namespace

absl::Status Run(const data::WorkerJob& job, concordat_adapter_init_function init, RingWriter& ring,
                 bool& agreed) {
  ASSIGN_OR_RETURN(const std::unique_ptr<Source> source, Source::Open(job));
  HostTable host(job, *source);
  ASSIGN_OR_RETURN(const std::unique_ptr<Adapter> adapter, Adapter::Create(init, host));
  agreed = true;
  {
    ASSIGN_OR_RETURN(BatchStream stream, adapter->Submit());
    ASSIGN_OR_RETURN(BatchSchema schema, SchemaOf(stream));
    Importer importer(std::move(schema));
    const std::vector<std::string> columns = importer.schema().Names();
    ASSIGN_OR_RETURN(Corrections corrections, Corrections::Create(job.corrections, columns));
    RETURN_IF_ERROR(RequireFewColumns(columns.size()));
    RETURN_IF_ERROR(ring.SendColumns(columns));
    if (adapter->has_validate()) {
      Validator validator(*adapter, host, columns);
      RETURN_IF_ERROR(Drain(stream, importer, corrections, validator, ring));
    } else {
      RETURN_IF_ERROR(DrainAhead(stream, importer, corrections, ring));
    }
    if (host.report().facts.columns.empty()) host.report().facts.columns = columns;
  }
  RETURN_IF_ERROR(Score(*adapter, host));
  return ring.SendReport(host.report());
}

}  // namespace concordat::worker
