// Puts judged batches into an attempt, on a thread of its own, while the next batch is judged.
#pragma once

#include <map>
#include <memory>
#include <thread>
#include <vector>

#include "host/base/bounded_queue.h"
#include "host/flows/pipeline.h"
#include "host/store/store.h"

namespace concordat::flows {

/// Accepted rows, held-back records with their reasons, and every finding go to the writer.
/// With `all_held_back` every record is held back and findings are not written again: the second pass over a
/// rejected source.
class StoringSink : public RecordSink, public quality::FindingSink {
 public:
  StoringSink(store::AttemptWriter& writer, bool all_held_back);
  ~StoringSink() override;

  void OnFinding(const record::Finding& finding) override { findings_.push_back(finding); }
  absl::Status OnBatch(std::shared_ptr<const data::RawBatch> raw, std::shared_ptr<const data::Batch> batch,
                       data::RowSet held_back) override;
  /// Waits until everything is written; also dataset findings that came after the last batch.
  absl::Status Finish();

 private:
  struct Work {
    std::shared_ptr<const data::RawBatch> raw;  // null: findings only
    std::shared_ptr<const data::Batch> batch;
    data::RowSet held_back;
    std::vector<record::Finding> findings;
  };
  absl::Status Write(const Work& work);
  absl::Status WriteHeldBack(const Work& work, const std::map<uint64_t, std::string>& reasons);

  store::AttemptWriter& writer_;
  const bool all_held_back_;
  std::vector<record::Finding> findings_;  // of the batch being judged; judging thread only
  BoundedQueue<Work> queue_{4};
  absl::Status status_;  // written by thread_, read after join
  std::thread thread_;
};

/// "rule: message; rule: message" for each record that has findings.
std::map<uint64_t, std::string> ReasonsByRecord(const std::vector<record::Finding>& findings);

/// A readable record of a raw batch as it is held back.
store::QuarantinedRecord HeldBack(const data::RawBatch& raw, size_t row);
store::QuarantinedRecord HeldBack(const data::UnreadableRecord& unreadable);

}  // namespace concordat::flows
