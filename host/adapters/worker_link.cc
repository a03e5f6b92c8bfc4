#include "host/adapters/worker_link.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>

#include "fmt/format.h"
#include "host/adapters/worker_job.h"

namespace concordat::adapters {
namespace {

using data::ControlKind;
using data::ControlMessage;

constexpr uint64_t kLeastFrame = 256;                // an empty batch is work, too
constexpr absl::Duration kGrace = absl::Seconds(2);  // between a closed socket and the end of the process

AdapterBatch ToBatch(data::DecodedBatch decoded) {
  AdapterBatch batch;
  batch.records = std::move(decoded.records);
  batch.findings.reserve(decoded.findings.size());
  for (data::RawFinding& raw : decoded.findings) {
    batch.findings.push_back({raw.record, raw.rule, static_cast<Finding::Outcome>(raw.outcome),
                              std::move(raw.cells), std::move(raw.message), std::move(raw.mend)});
  }
  return batch;
}

uint64_t LastRecord(const data::RawBatch& batch, uint64_t before) {
  if (!batch.records.empty()) before = std::max(before, batch.records.back());
  if (!batch.unreadable.empty()) before = std::max(before, batch.unreadable.back().record);
  return before;
}

// The worker's descriptor must not be good for writing, whatever the caller's is.
absl::StatusOr<FileDescriptor> ReadOnly(int fd) {
  const bool read_only = (fcntl(fd, F_GETFL) & O_ACCMODE) == O_RDONLY;
  FileDescriptor source(read_only ? fcntl(fd, F_DUPFD_CLOEXEC, 0)
                                  : open(fmt::format("/proc/self/fd/{}", fd).c_str(), O_RDONLY | O_CLOEXEC));
  if (!source.valid()) return ErrnoStatus(errno, "hand over the source");
  return source;
}

absl::StatusOr<uint64_t> BytesOf(const Request& request) {
  if (!request.source_key.empty()) return request.source_bytes;
  struct stat about;
  if (fstat(request.source_fd, &about) != 0) return ErrnoStatus(errno, "look at the source");
  return static_cast<uint64_t>(about.st_size);
}

std::string Mebibytes(uint64_t bytes) { return fmt::format("{} MiB", bytes >> 20); }

// What whoever reads the message can do about it.
std::string_view AdviceFor(FailureKind kind) {
  switch (kind) {
    case FailureKind::kStall:
      return "send the file again when the host is less busy; if it stalls again, give the file and this "
             "message to "
             "the adapter's author";
    case FailureKind::kTime:
      return "a larger file may need more: adapter.limits.time in the feed, below the host's "
             "limits.adapter_total_seconds";
    case FailureKind::kMemory:
      return "a larger file may need more: adapter.limits.memory in the feed, below the host's "
             "limits.adapter_memory_mb";
    case FailureKind::kForbidden:
      return "do not use this version until its author has explained why it needs that";
    case FailureKind::kCrash:
    case FailureKind::kGarbage:
      return "give the file and this message to the adapter's author; nothing was stored";
    case FailureKind::kRefused:
    case FailureKind::kFailed:
      return "";  // its own words, or the worker's, say it
  }
  return "";
}

}  // namespace

absl::StatusOr<WorkerParts> WorkerParts::Prepare(const Request& request) {
  ASSIGN_OR_RETURN(std::shared_ptr<const MemoryFile> library, SealLibrary(*request.manifest));
  ASSIGN_OR_RETURN(MemoryFile job, SealJob(request));
  ASSIGN_OR_RETURN(MemoryFile ring, MemoryFile::Create("concordat-ring", kSlots * SlotBytes(request.limits)));
  RETURN_IF_ERROR(ring.SealSize());
  ASSIGN_OR_RETURN(FileDescriptor source, ReadOnly(request.source_fd));
  ASSIGN_OR_RETURN(const uint64_t source_bytes, BytesOf(request));
  ASSIGN_OR_RETURN(ControlSocket control, ControlSocket::Create());
  return WorkerParts{std::move(library), std::move(job), std::move(ring),
                     std::move(source),  source_bytes,   std::move(control)};
}

WorkerLink::WorkerLink(const Manifest& manifest, std::string worker, const Limits& limits, WorkerParts parts)
    : manifest_(manifest), worker_(std::move(worker)), limits_(limits), parts_(std::move(parts)) {}

void WorkerLink::Interrupt() {
  interrupted_ = true;
  shutdown(parts_.control.host_end.get(), SHUT_RDWR);
}

absl::StatusOr<WorkerResult> WorkerLink::Run(WorkerSink& sink) {
  ASSIGN_OR_RETURN(ring_, parts_.ring.MapForReading());
  end_ = absl::Now() + limits_.total;
  ASSIGN_OR_RETURN(const std::unique_ptr<WorkerProcess> process, Spawn());
  WorkerResult result;
  RETURN_IF_ERROR(Drain(*process, sink, result));
  return result;
}

absl::StatusOr<std::unique_ptr<WorkerProcess>> WorkerLink::Spawn() {
  WorkerStart start;
  start.program = worker_;
  start.control_fd = parts_.control.worker_end.get();
  start.library_fd = parts_.library->fd();
  start.source_fd = parts_.source.get();
  start.ring_fd = parts_.ring.fd();
  start.job_fd = parts_.job.fd();
  auto process = WorkerProcess::Spawn(start);
  // With the child's end only in the child, its death closes the socket.
  parts_.control.worker_end.Reset();
  return process;
}

absl::Status WorkerLink::Drain(WorkerProcess& process, WorkerSink& sink, WorkerResult& result) {
  while (true) {
    ASSIGN_OR_RETURN(const ControlMessage message, Receive(process));
    if (message.kind == ControlKind::kFailed) return Failed(message);
    if (message.kind == ControlKind::kProbed) return Garbage("a message of no known kind");
    ASSIGN_OR_RETURN(const std::string_view slot, Slot(message));
    if ((message.kind == ControlKind::kOpened) == opened_) return Garbage("messages out of order");
    switch (message.kind) {
      case ControlKind::kOpened:
        RETURN_IF_ERROR(TakeColumns(slot, message.slot, sink));
        break;
      case ControlKind::kBatch:
        RETURN_IF_ERROR(TakeBatch(slot, message.slot, sink, result));
        break;
      case ControlKind::kFinished:
        return TakeReport(slot, result);
      default:
        return Garbage("a message of no known kind");
    }
  }
}

absl::StatusOr<ControlMessage> WorkerLink::Receive(WorkerProcess& process) {
  RETURN_IF_ERROR(WaitForMessage(process));
  ControlMessage message;
  ssize_t received;
  do {
    received = recv(parts_.control.host_end.get(), &message, sizeof message, MSG_DONTWAIT | MSG_TRUNC);
    // A worker that ended without reading about its last free slots resets the socket: told once, then its
    // words follow.
  } while (received < 0 && (errno == EINTR || errno == ECONNRESET));
  if (received <= 0) return Died(process);
  if (received != sizeof message || message.magic != ControlMessage::kMagic)
    return Garbage("a message of no known form");
  return message;
}

// What the worker said before it died is read first, so that its own words win over "it crashed".
absl::Status WorkerLink::WaitForMessage(WorkerProcess& process) {
  const absl::Time stalled = absl::Now() + limits_.time;
  while (true) {
    pollfd waits[2] = {{parts_.control.host_end.get(), POLLIN, 0}, {process.pidfd(), POLLIN, 0}};
    const absl::Time now = absl::Now();
    if (now >= end_) return TooLong();
    const int64_t left =
        absl::ToInt64Milliseconds(absl::Ceil(std::min(stalled, end_) - now, absl::Milliseconds(1)));
    const int ready = poll(waits, 2, static_cast<int>(std::clamp<int64_t>(left, 0, 1'000'000)));
    if (ready < 0 && errno != EINTR) return ErrnoStatus(errno, "wait for the worker");
    if (ready > 0 && waits[0].revents != 0) return absl::OkStatus();
    // It ended; its last message may have come after poll had looked at the socket.
    if (ready > 0) return poll(waits, 1, 0) > 0 ? absl::OkStatus() : Died(process);
    if (ready == 0 && absl::Now() >= stalled && absl::Now() < end_) {
      return Blame(FailureKind::kStall, fmt::format("made no progress for {} and was stopped",
                                                    absl::FormatDuration(limits_.time)));
    }
  }
}

absl::Status WorkerLink::TooLong() const {
  return Blame(FailureKind::kTime,
               fmt::format("was not done within {} and was stopped", absl::FormatDuration(limits_.total)));
}

// An adapter that makes progress for ever would fill the disk before its time is up.
absl::Status WorkerLink::CountOutput(uint64_t bytes) {
  output_ += std::max(bytes, kLeastFrame);
  const uint64_t most = limits_.output_bytes + limits_.output_ratio * parts_.source_bytes;
  if (output_ <= most) return absl::OkStatus();
  return Garbage(fmt::format("more than {} from a source of {} bytes: a stream that does not end",
                             Mebibytes(most), parts_.source_bytes));
}

absl::StatusOr<std::string_view> WorkerLink::Slot(const ControlMessage& message) const {
  const uint64_t slot_bytes = SlotBytes(limits_);
  if (message.slot >= kSlots || message.size > slot_bytes) return Garbage("a slot that does not exist");
  return std::string_view(ring_.start() + message.slot * slot_bytes, message.size);
}

absl::Status WorkerLink::Free(uint32_t slot) {
  ControlMessage message;
  message.kind = ControlKind::kFree;
  message.slot = slot;
  ssize_t sent;
  do {
    sent = send(parts_.control.host_end.get(), &message, sizeof message, MSG_NOSIGNAL | MSG_DONTWAIT);
  } while (sent < 0 && errno == EINTR);
  // A worker never has more free slots to read about than there are slots; when it is gone, Receive says how
  // it ended.
  if (sent < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
    return Garbage("batches without taking slots back");
  return absl::OkStatus();
}

absl::Status WorkerLink::TakeColumns(std::string_view bytes, uint32_t slot, WorkerSink& sink) {
  auto columns = data::ReadColumnNames(bytes);
  if (!columns.ok()) return Garbage(MessageOf(columns.status()));
  columns_ = *std::move(columns);
  opened_ = true;
  sink.OnColumns(columns_);
  return Free(slot);
}

absl::Status WorkerLink::TakeBatch(std::string_view frame, uint32_t slot, WorkerSink& sink,
                                   WorkerResult& result) {
  RETURN_IF_ERROR(CountOutput(frame.size()));
  auto decoded = data::DecodeFrame(frame, columns_, last_record_, manifest_.rules.size(), *pool_);
  if (!decoded.ok()) return Garbage(MessageOf(decoded.status()));
  RETURN_IF_ERROR(Free(slot));
  const data::RawBatch& records = decoded->records;
  last_record_ = LastRecord(records, last_record_);
  result.facts.records += records.rows() + records.unreadable.size();
  result.facts.unreadable += records.unreadable.size();
  if (!sink.OnBatch(ToBatch(*std::move(decoded)))) return absl::CancelledError("the session was ended early");
  return absl::OkStatus();
}

absl::Status WorkerLink::TakeReport(std::string_view bytes, WorkerResult& result) {
  auto report = data::ReadReport(bytes);
  if (!report.ok()) return Garbage(MessageOf(report.status()));
  // How many records there are is what the host has seen, not what the worker says.
  report->facts.records = result.facts.records;
  report->facts.unreadable = result.facts.unreadable;
  result.facts = std::move(report->facts);
  for (data::WorkerReport::Dimension& own : report->dimensions) {
    const auto& declared = manifest_.dimensions;
    if (std::find(declared.begin(), declared.end(), own.name) == declared.end()) {
      return Garbage(fmt::format("the dimension \"{}\", which its manifest does not declare", own.name));
    }
    const bool twice = std::any_of(result.dimensions.begin(), result.dimensions.end(),
                                   [&](const Dimension& known) { return known.name == own.name; });
    if (twice) return Garbage(fmt::format("the dimension \"{}\" twice", own.name));
    result.dimensions.push_back({std::move(own.name), own.score, std::move(own.basis)});
  }
  return absl::OkStatus();
}

absl::Status WorkerLink::Failed(const ControlMessage& message) const {
  switch (message.failure) {
    case data::WorkerFailure::kSource:
      return absl::InvalidArgumentError(message.Text());
    case data::WorkerFailure::kAdapter:
      return Blame(FailureKind::kFailed, "failed: " + message.Text());
    case data::WorkerFailure::kRefused:
      return Blame(FailureKind::kRefused, "failed: " + message.Text());
    case data::WorkerFailure::kMemory:
      return Blame(FailureKind::kMemory, fmt::format("failed: it ran out of memory, of which it may use {}",
                                                     Mebibytes(limits_.memory_bytes)));
    case data::WorkerFailure::kForbidden:
      return Blame(
          FailureKind::kForbidden,
          fmt::format("was stopped: it made a system call that no adapter may make: {}", message.Text()));
    case data::WorkerFailure::kSandbox:
      return SandboxMissing(message.Text());
    case data::WorkerFailure::kWorker:
      return absl::InternalError("the worker could not do its work: " + message.Text());
  }
  return Garbage("a failure of no known kind");
}

absl::Status WorkerLink::Blame(FailureKind kind, std::string_view cause) const {
  const bool late = kind == FailureKind::kStall || kind == FailureKind::kTime;
  const std::string_view advice = AdviceFor(kind);
  return WithFailure(absl::Status(late ? absl::StatusCode::kDeadlineExceeded : absl::StatusCode::kAborted,
                                  fmt::format("adapter {} {} {}{}{}", manifest_.name, manifest_.version,
                                              cause, advice.empty() ? "" : ". Mend: ", advice)),
                     {manifest_.name, manifest_.version, kind, std::string(cause)});
}

absl::Status WorkerLink::Garbage(std::string_view what) const {
  return Blame(FailureKind::kGarbage, fmt::format("sent garbage and was stopped: {}", what));
}

absl::Status WorkerLink::Died(WorkerProcess& process) {
  if (interrupted_) return absl::CancelledError("the session was ended early");
  const WorkerEnd end = process.Stop(kGrace);
  if (end.signal == SIGXCPU || (end.signal == SIGKILL && end.cpu_time >= limits_.total)) {
    return Blame(FailureKind::kTime, fmt::format("used more than {} of processor time and was stopped",
                                                 absl::FormatDuration(limits_.total)));
  }
  if (end.signal == SIGSYS)
    return Blame(FailureKind::kForbidden, "was stopped: it made a system call that no adapter may make");
  return Blame(FailureKind::kCrash,
               fmt::format("failed: its process ended before its work was done; {}", end.words));
}

}  // namespace concordat::adapters
