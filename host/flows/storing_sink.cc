#include "host/flows/storing_sink.h"

#include <algorithm>

namespace concordat::flows {
namespace {

std::string ReasonOf(const std::map<uint64_t, std::string>& reasons, uint64_t record) {
  const auto found = reasons.find(record);
  return found == reasons.end() ? "" : found->second;
}

data::RowSet Inverted(const data::RowSet& rows) {
  data::RowSet inverted(rows.rows());
  for (size_t row = 0; row < rows.rows(); ++row) inverted.Set(row, !rows.has(row));
  return inverted;
}

}  // namespace

std::map<uint64_t, std::string> ReasonsByRecord(const std::vector<record::Finding>& findings) {
  std::map<uint64_t, std::string> reasons;
  for (const record::Finding& finding : findings) {
    if (finding.record == 0) continue;
    std::string& text = reasons[finding.record];
    if (!text.empty()) text += "; ";
    text += finding.rule + ": " + finding.message;
  }
  return reasons;
}

store::QuarantinedRecord HeldBack(const data::RawBatch& raw, size_t row) {
  store::QuarantinedRecord record;
  record.record = raw.records[row];
  record.line = raw.lines[row];
  for (const auto& column : raw.columns) record.cells.emplace_back(column->at(row));
  return record;
}

store::QuarantinedRecord HeldBack(const data::UnreadableRecord& unreadable) {
  store::QuarantinedRecord record;
  record.record = unreadable.record;
  record.line = unreadable.line;
  record.unreadable = true;
  record.raw = unreadable.raw;
  record.reasons = "record_readable: " + unreadable.reason;
  return record;
}

StoringSink::StoringSink(store::AttemptWriter& writer, bool all_held_back)
    : writer_(writer), all_held_back_(all_held_back) {
  thread_ = std::thread([this] {
    while (std::optional<Work> work = queue_.Pop()) {
      status_ = Write(*work);
      if (!status_.ok()) break;
    }
    queue_.Close();
  });
}

StoringSink::~StoringSink() {
  queue_.Close();
  if (thread_.joinable()) thread_.join();
}

absl::Status StoringSink::OnBatch(std::shared_ptr<const data::RawBatch> raw,
                                  std::shared_ptr<const data::Batch> batch, data::RowSet held_back) {
  Work work{std::move(raw), std::move(batch), std::move(held_back), std::move(findings_)};
  findings_.clear();
  if (queue_.Push(std::move(work))) return absl::OkStatus();
  thread_.join();
  return status_;
}

absl::Status StoringSink::Finish() {
  if (!findings_.empty()) queue_.Push({nullptr, nullptr, {}, std::move(findings_)});
  queue_.Close();
  if (thread_.joinable()) thread_.join();
  return status_;
}

absl::Status StoringSink::Write(const Work& work) {
  if (!all_held_back_) {
    std::vector<const record::Finding*> ordered;
    for (const record::Finding& finding : work.findings) ordered.push_back(&finding);
    std::stable_sort(ordered.begin(), ordered.end(),
                     [](const auto* a, const auto* b) { return a->record < b->record; });
    for (const record::Finding* finding : ordered) RETURN_IF_ERROR(writer_.AppendFinding(*finding));
  }
  if (work.raw == nullptr) return absl::OkStatus();
  if (!all_held_back_) RETURN_IF_ERROR(writer_.AppendAccepted(*work.batch, Inverted(work.held_back)));
  return WriteHeldBack(work, ReasonsByRecord(work.findings));
}

absl::Status StoringSink::WriteHeldBack(const Work& work, const std::map<uint64_t, std::string>& reasons) {
  size_t next_unreadable = 0;
  const auto& unreadable = work.raw->unreadable;
  const auto write_unreadable_before = [&](uint64_t record) -> absl::Status {
    for (; next_unreadable < unreadable.size() && unreadable[next_unreadable].record < record;
         ++next_unreadable) {
      RETURN_IF_ERROR(writer_.AppendQuarantined(HeldBack(unreadable[next_unreadable])));
    }
    return absl::OkStatus();
  };
  for (size_t row = 0; row < work.raw->rows(); ++row) {
    if (!all_held_back_ && !work.held_back.has(row)) continue;
    RETURN_IF_ERROR(write_unreadable_before(work.raw->records[row]));
    store::QuarantinedRecord record = HeldBack(*work.raw, row);
    record.reasons = ReasonOf(reasons, record.record);
    RETURN_IF_ERROR(writer_.AppendQuarantined(record));
  }
  return write_unreadable_before(UINT64_MAX);
}

}  // namespace concordat::flows
