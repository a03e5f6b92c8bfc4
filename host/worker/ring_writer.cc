#include "host/worker/ring_writer.h"

#include <sys/mman.h>
#include <sys/socket.h>

#include <cerrno>

#include "fmt/format.h"
#include "host/base/utf8.h"

namespace concordat::worker {
namespace {

using data::BatchView;
using data::ControlKind;
using data::ControlMessage;
using data::WireWriter;

constexpr size_t kRawBytes = 4096;

// What can be shown of a record that is too large: its cells up to the cut, which must not fall into a
// character.
std::string RawText(const BatchView& batch) {
  std::string raw;
  for (const data::TextView& column : batch.columns) {
    if (raw.size() >= kRawBytes) break;
    if (!raw.empty()) raw += ' ';
    raw += column.at(0).substr(0, kRawBytes - std::min(raw.size(), kRawBytes));
  }
  raw.resize(std::min(Utf8ValidPrefix(raw), kRawBytes));
  return raw;
}

}  // namespace

absl::StatusOr<RingWriter> RingWriter::Open(const data::WorkerJob& job) {
  void* ring =
      mmap(nullptr, job.slots * job.slot_bytes, PROT_READ | PROT_WRITE, MAP_SHARED, data::kRingFd, 0);
  if (ring == MAP_FAILED) return ErrnoStatus(errno, "map the ring");
  return RingWriter(static_cast<char*>(ring), job.slots, job.slot_bytes);
}

RingWriter::RingWriter(char* ring, uint64_t slots, uint64_t slot_bytes)
    : ring_(ring), slots_(slots), slot_bytes_(slot_bytes) {
  for (uint32_t slot = 0; slot < slots; ++slot) free_.push_back(slot);
}

absl::Status RingWriter::SendColumns(const std::vector<std::string>& columns) {
  return SendSlot(ControlKind::kOpened, [&](WireWriter& out) { data::WriteColumnNames(columns, out); });
}

absl::Status RingWriter::SendReport(const data::WorkerReport& report) {
  return SendSlot(ControlKind::kFinished, [&](WireWriter& out) { data::WriteReport(report, out); });
}

absl::Status RingWriter::SendBatch(const BatchView& batch) {
  if (batch.rows() + batch.unreadable.size() == 0) return absl::OkStatus();
  const absl::Status sent =
      SendSlot(ControlKind::kBatch, [&](WireWriter& out) { data::WriteFrame(batch, out); });
  if (!absl::IsResourceExhausted(sent)) return sent;
  if (batch.rows() + batch.unreadable.size() == 1) return SendTooLarge(batch);
  const auto [first, second] = data::SplitBatch(batch);
  RETURN_IF_ERROR(SendBatch(first));
  return SendBatch(second);
}

absl::Status RingWriter::SendTooLarge(const BatchView& batch) {
  if (batch.rows() == 0)
    return absl::ResourceExhaustedError("an unreadable record's text does not fit into a slot");
  const data::UnreadableRecord bad = {
      batch.records[0], batch.lines[0],
      fmt::format("the record is larger than {} KiB; is a quote left open?", slot_bytes_ >> 10),
      RawText(batch)};
  BatchView instead;
  instead.columns = batch.columns;
  instead.unreadable = {&bad, 1};
  return SendSlot(ControlKind::kBatch, [&](WireWriter& out) { data::WriteFrame(instead, out); });
}

absl::Status RingWriter::SendSlot(ControlKind kind, const std::function<void(WireWriter&)>& write) {
  WireWriter counter;
  write(counter);
  if (counter.size() > slot_bytes_) {
    return absl::ResourceExhaustedError(fmt::format("{} bytes do not fit into a slot", counter.size()));
  }
  while (free_.empty()) RETURN_IF_ERROR(ReceiveFree());
  ControlMessage message;
  message.kind = kind;
  message.slot = free_.back();
  message.size = counter.size();
  free_.pop_back();
  WireWriter out(ring_ + message.slot * slot_bytes_);
  write(out);
  return Send(message);
}

absl::Status RingWriter::SendProbe(uint64_t layers, int landlock_abi, std::string_view missing) {
  ControlMessage message;
  message.kind = ControlKind::kProbed;
  message.slot = static_cast<uint32_t>(landlock_abi);
  message.size = layers;
  message.SetText(missing);
  return Send(message);
}

void RingWriter::SendFailure(data::WorkerFailure failure, std::string_view text) {
  ControlMessage message;
  message.kind = ControlKind::kFailed;
  message.failure = failure;
  message.SetText(text);
  // When even this cannot be sent the host is gone, or sees the socket close.
  (void)Send(message);
}

absl::Status RingWriter::Send(const ControlMessage& message) {
  ssize_t sent;
  do {
    sent = send(data::kControlFd, &message, sizeof message, MSG_NOSIGNAL);
  } while (sent < 0 && errno == EINTR);
  if (sent != sizeof message) return absl::CancelledError("the host is gone");
  return absl::OkStatus();
}

absl::Status RingWriter::ReceiveFree() {
  ControlMessage message;
  ssize_t received;
  do {
    received = recv(data::kControlFd, &message, sizeof message, 0);
  } while (received < 0 && errno == EINTR);
  if (received != sizeof message) return absl::CancelledError("the host is gone");
  if (message.magic != ControlMessage::kMagic || message.kind != ControlKind::kFree ||
      message.slot >= slots_) {
    return absl::InternalError("the host sent something else than a free slot");
  }
  free_.push_back(message.slot);
  return absl::OkStatus();
}

}  // namespace concordat::worker
