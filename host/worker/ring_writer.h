// The worker's end of the control socket and of the ring: batches go out through slots that the host hands
// back.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "host/base/status.h"
#include "host/data/worker_protocol.h"

namespace concordat::worker {

/// One thread at a time. Statuses: Cancelled when the host is gone, ResourceExhausted when something cannot
/// be cut to fit a slot.
class RingWriter {
 public:
  /// Maps the ring of `job`.
  static absl::StatusOr<RingWriter> Open(const data::WorkerJob& job);

  absl::Status SendColumns(const std::vector<std::string>& columns);
  /// Cuts the batch into as many frames as it needs; waits for free slots. A single record that does not fit
  /// into a slot goes out as an unreadable one.
  absl::Status SendBatch(const data::BatchView& batch);
  absl::Status SendReport(const data::WorkerReport& report);
  /// The one message of a probe: a set of data::SandboxLayer, and why others are missing.
  absl::Status SendProbe(uint64_t layers, int landlock_abi, std::string_view missing);
  /// The last message of a run that failed.
  void SendFailure(data::WorkerFailure failure, std::string_view text);

 private:
  RingWriter(char* ring, uint64_t slots, uint64_t slot_bytes);

  absl::Status SendSlot(data::ControlKind kind, const std::function<void(data::WireWriter&)>& write);
  absl::Status SendTooLarge(const data::BatchView& batch);
  absl::Status Send(const data::ControlMessage& message);
  /// Waits for one message of the host and notes the slot that it hands back.
  absl::Status ReceiveFree();

  char* ring_;
  uint64_t slots_;
  uint64_t slot_bytes_;
  std::vector<uint32_t> free_;
};

}  // namespace concordat::worker
