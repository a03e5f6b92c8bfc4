#include "tools/concordat/upload.h"

#include <unistd.h>

#include <chrono>
#include <thread>

#include "fmt/format.h"
#include "tools/concordat/terminal.h"

namespace concordat::cli {
namespace {

constexpr size_t kChunkBytes = 192 * 1024;
constexpr auto kPatience = std::chrono::seconds(60);
constexpr auto kFirstPause = std::chrono::milliseconds(250);
constexpr auto kLongestPause = std::chrono::milliseconds(2000);

using Stream = grpc::ClientReaderWriter<v1::SubmitRequest, v1::SubmitReply>;

std::unique_ptr<Stream> Open(v1::SubmissionService::Stub& stub, Upload kind, grpc::ClientContext* context) {
  switch (kind) {
    case Upload::kCheck:
      return stub.Check(context);
    case Upload::kMend:
      return stub.MendSubmission(context);
    case Upload::kSubmit:
      break;
  }
  return stub.Submit(context);
}

// Reads replies on a thread of its own, so that progress never blocks the upload.
class Replies {
 public:
  Replies(Stream& stream, const SourceFile& source) : stream_(stream), source_(source) {
    thread_ = std::thread([this] { ReadAll(); });
  }
  v1::Judgement Wait() {
    thread_.join();
    return std::move(result_);
  }

 private:
  void ReadAll() {
    Progress progress(source_.name);
    v1::SubmitReply reply;
    while (stream_.Read(&reply)) {
      if (reply.has_result()) {
        result_ = std::move(*reply.mutable_result());
        continue;
      }
      const uint64_t judged = reply.progress().records_judged();
      const uint64_t received = reply.progress().bytes_received();
      if (judged > 0) {
        progress.Show(fmt::format("{} records judged", Grouped(judged)));
      } else {
        progress.Show(fmt::format("{}% sent", source_.bytes == 0 ? 100 : received * 100 / source_.bytes));
      }
    }
  }

  Stream& stream_;
  const SourceFile& source_;
  v1::Judgement result_;
  std::thread thread_;
};

absl::Status WriteFile(Stream& stream, const SourceFile& source) {
  v1::SubmitRequest request;
  std::string buffer(kChunkBytes, '\0');
  for (off_t offset = 0;;) {
    const ssize_t count = pread(source.fd.get(), buffer.data(), buffer.size(), offset);
    if (count < 0) return ErrnoStatus(errno, "read " + source.name);
    if (count == 0) break;
    request.mutable_chunk()->assign(buffer.data(), static_cast<size_t>(count));
    offset += count;
    // The host ended the call; Finish says why.
    if (!stream.Write(request)) return absl::OkStatus();
  }
  stream.WritesDone();
  return absl::OkStatus();
}

absl::StatusOr<v1::Judgement> SendOnce(const Connection& connection, Upload kind,
                                       const v1::SubmitBegin& begin, const SourceFile& source) {
  const auto stub = v1::SubmissionService::NewStub(connection.channel);
  grpc::ClientContext context;
  const std::unique_ptr<Stream> stream = Open(*stub, kind, &context);
  Replies replies(*stream, source);
  v1::SubmitRequest first;
  *first.mutable_begin() = begin;
  absl::Status written;
  if (stream->Write(first)) written = WriteFile(*stream, source);
  if (!written.ok()) context.TryCancel();
  v1::Judgement result = replies.Wait();
  const absl::Status finished = FromGrpc(stream->Finish(), connection);
  RETURN_IF_ERROR(written);
  RETURN_IF_ERROR(finished);
  return result;
}

}  // namespace

absl::StatusOr<v1::Judgement> SendFile(const Connection& connection, Upload kind,
                                       const v1::SubmitBegin& begin, const SourceFile& source) {
  const auto give_up = std::chrono::steady_clock::now() + kPatience;
  for (auto pause = kFirstPause;; pause = std::min(2 * pause, kLongestPause)) {
    absl::StatusOr<v1::Judgement> result = SendOnce(connection, kind, begin, source);
    // Full, or another submission for the same period is being judged: both pass.
    const bool passes = absl::IsResourceExhausted(result.status()) || absl::IsAborted(result.status());
    if (!passes || std::chrono::steady_clock::now() > give_up) return result;
    fmt::print(stderr, "the host is busy: {}\n", MessageOf(result.status()));
    std::this_thread::sleep_for(pause);
  }
}

}  // namespace concordat::cli
