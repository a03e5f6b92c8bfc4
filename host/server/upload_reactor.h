// One upload: begin, chunks into the spool, then the flow; one read outstanding, so that a slow disk slows
// the client.
#pragma once

#include <grpcpp/support/server_callback.h>

#include <atomic>
#include <chrono>
#include <memory>
#include <mutex>
#include <optional>

#include "concordat/v1/submission.pb.h"
#include "host/flows/submit.h"
#include "host/server/service_base.h"

namespace concordat::server {

enum class UploadKind { kSubmit, kCheck, kMend };

/// Owns itself; gone after OnDone. Callbacks only start operations or post to the pool.
class UploadReactor : public grpc::ServerBidiReactor<v1::SubmitRequest, v1::SubmitReply> {
 public:
  UploadReactor(const ServerParts& parts, grpc::CallbackServerContext* context, UploadKind kind);
  ~UploadReactor() override;

  void OnReadDone(bool ok) override;
  void OnWriteDone(bool ok) override;
  void OnDone() override { delete this; }

 private:
  // Each runs on the pool; a status that is not OK ends the call.
  absl::Status Begin(const v1::SubmitBegin& begin);
  absl::Status TakeChunk(std::string chunk);
  absl::StatusOr<v1::Judgement> Conclude();
  absl::StatusOr<v1::Judgement> ConcludeCheck();

  void HandleMessage();
  void HandleEnd();
  bool EnterAdmission();
  void LeaveAdmission();
  void SendProgress(uint64_t records);
  void SendResult(v1::Judgement result);
  void End(const grpc::Status& status);
  bool Cancelled() const { return context_->IsCancelled(); }

  const ServerParts& parts_;
  grpc::CallbackServerContext* const context_;
  const UploadKind kind_;
  std::atomic<bool> admitted_ = false;
  bool begun_ = false;
  v1::SubmitRequest incoming_;
  v1::SubmitBegin begin_;
  flows::SubmitRequest request_;
  std::unique_ptr<flows::Spool> spool_;
  std::chrono::steady_clock::time_point last_progress_{};

  std::mutex writing_mutex_;
  bool writing_ = false;  // guarded by writing_mutex_
  bool ended_ = false;    // guarded by writing_mutex_
  std::optional<v1::SubmitReply>
      last_;                  // the result, waiting for a progress write; guarded by writing_mutex_
  v1::SubmitReply outgoing_;  // guarded by writing_
};

}  // namespace concordat::server
