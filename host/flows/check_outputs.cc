#include "host/flows/check_outputs.h"

#include "host/base/json.h"
#include "host/flows/mend_file.h"
#include "host/flows/storing_sink.h"
#include "host/quality/mask.h"

namespace concordat::flows {
namespace {

constexpr std::streamoff kFlushBytes = 1 << 18;

json::Value CellJson(const data::Column& column, size_t row) {
  const std::string text(column.text->at(row));
  const data::CellState state = column.states[row];
  if (state == data::CellState::kMissing && column.field->type != data::LogicalType::kString) return nullptr;
  if (state != data::CellState::kValue) return json::Value(text);
  switch (column.field->type) {
    case data::LogicalType::kInteger:
      return column.integers[row];
    case data::LogicalType::kNumber:
      return column.numbers[row];
    case data::LogicalType::kBoolean:
      return column.integers[row] != 0;
    default:
      return json::Value(text);
  }
}

}  // namespace

std::string JsonLine(const data::Batch& batch, size_t row) {
  json::Object object;
  for (const data::Column& column : batch.columns) object[column.field->name] = CellJson(column, row);
  return json::Compact(object) + "\n";
}

absl::StatusOr<std::unique_ptr<CheckOutputs>> CheckOutputs::Create(const CheckFiles& files,
                                                                   const data::Schema& schema,
                                                                   bool show_values, bool patterns) {
  std::unique_ptr<CheckOutputs> outputs(new CheckOutputs);
  outputs->schema_ = &schema;
  outputs->show_values_ = show_values;
  outputs->want_patterns_ = patterns;
  if (!files.findings.empty()) {
    ASSIGN_OR_RETURN(outputs->findings_file_, OutputFile::Create(files.findings));
    outputs->findings_csv_ =
        std::make_unique<quality::FindingsCsv>(outputs->findings_text_, schema, show_values);
  }
  if (!files.valid.empty()) {
    ASSIGN_OR_RETURN(outputs->valid_file_, OutputFile::Create(files.valid));
  }
  if (!files.quarantine.empty()) {
    ASSIGN_OR_RETURN(outputs->mend_file_, OutputFile::Create(files.quarantine));
  }
  return outputs;
}

void CheckOutputs::OnFinding(const record::Finding& finding) {
  if (findings_csv_ != nullptr) {
    findings_csv_->OnFinding(finding);
    if (findings_text_.tellp() > kFlushBytes) FlushFindings();
  }
  if (want_patterns_) patterns_.OnFinding(show_values_ ? finding : quality::Masked(finding, *schema_));
  if (mend_file_ != nullptr) of_batch_.push_back(finding);
}

void CheckOutputs::FlushFindings() {
  findings_file_->Write(findings_text_.str());
  findings_text_.str("");
}

absl::Status CheckOutputs::OnBatch(std::shared_ptr<const data::RawBatch> raw,
                                   std::shared_ptr<const data::Batch> batch, data::RowSet held_back) {
  if (valid_file_ != nullptr) {
    for (size_t row = 0; row < batch->rows(); ++row) {
      if (!held_back.has(row)) valid_file_->Write(JsonLine(*batch, row));
    }
  }
  if (mend_file_ != nullptr) WriteToMend(*raw, held_back);
  of_batch_.clear();
  return absl::OkStatus();
}

void CheckOutputs::WriteToMend(const data::RawBatch& raw, const data::RowSet& held_back) {
  if (!mend_header_written_) {
    std::vector<std::string> names;
    for (const auto& column : raw.columns) names.push_back(column->name);
    mend_file_->Write(MendFileHeader(names));
    mend_header_written_ = true;
  }
  const std::map<uint64_t, std::string> reasons = ReasonsByRecord(of_batch_);
  for (size_t row = 0; row < raw.rows(); ++row) {
    if (!held_back.has(row)) continue;
    store::QuarantinedRecord record = HeldBack(raw, row);
    const auto found = reasons.find(record.record);
    if (found != reasons.end()) record.reasons = found->second;
    mend_file_->Write(MendFileLine(record, raw.columns.size()));
  }
  for (const data::UnreadableRecord& unreadable : raw.unreadable)
    mend_file_->Write(MendFileLine(HeldBack(unreadable), raw.columns.size()));
}

absl::Status CheckOutputs::Finish() {
  if (findings_file_ != nullptr) FlushFindings();
  for (const auto& file : {findings_file_.get(), valid_file_.get(), mend_file_.get()}) {
    if (file != nullptr) RETURN_IF_ERROR(file->Finish());
  }
  return absl::OkStatus();
}

}  // namespace concordat::flows
