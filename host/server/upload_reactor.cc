#include "host/server/upload_reactor.h"

#include "fmt/format.h"
#include "host/flows/check_on_host.h"
#include "host/server/judgement.h"

namespace concordat::server {
namespace {

constexpr auto kProgressEvery = std::chrono::milliseconds(250);
constexpr size_t kLargestChunk = 1 << 20;
constexpr int kRetrySeconds = 2;

}  // namespace

UploadReactor::UploadReactor(const ServerParts& parts, grpc::CallbackServerContext* context, UploadKind kind)
    : parts_(parts), context_(context), kind_(kind) {
  StartRead(&incoming_);
}

// Not before it is known who calls: a stranger, or the certificate of an invitation or one that is revoked,
// would keep everybody else out by opening streams and saying nothing.
bool UploadReactor::EnterAdmission() {
  if (!CallerOf(parts_, *context_).ok()) return true;  // Begin says why
  admitted_ = parts_.submissions->TryEnter();
  return admitted_;
}

UploadReactor::~UploadReactor() { LeaveAdmission(); }

// Before the answer leaves: who has it may begin the next at once.
void UploadReactor::LeaveAdmission() {
  if (admitted_.exchange(false)) parts_.submissions->Leave();
}

void UploadReactor::OnReadDone(bool ok) {
  parts_.pool->Post([this, ok] { ok ? HandleMessage() : HandleEnd(); });
}

void UploadReactor::HandleMessage() {
  absl::Status status;
  if (incoming_.has_begin()) {
    if (!admitted_ && !EnterAdmission()) {
      return End(TryLater(fmt::format("{} submissions are under way; try again in {} seconds",
                                      parts_.submissions->limit(), kRetrySeconds),
                          kRetrySeconds));
    }
    status = Begin(incoming_.begin());
  } else {
    status = TakeChunk(std::move(*incoming_.mutable_chunk()));
  }
  if (!status.ok()) return End(ToGrpc(status));
  StartRead(&incoming_);
}

void UploadReactor::HandleEnd() {
  if (Cancelled()) return End(grpc::Status::CANCELLED);
  if (!begun_) return End(BadField("begin", "the first message must be begin, with feed and period"));
  const absl::Status welcome = CallerOf(parts_, *context_).status();
  if (!welcome.ok()) return End(ToGrpc(welcome));
  absl::StatusOr<v1::Judgement> result = kind_ == UploadKind::kCheck ? ConcludeCheck() : Conclude();
  if (!result.ok()) return End(ToGrpc(result.status()));
  SendResult(*std::move(result));
}

absl::Status UploadReactor::Begin(const v1::SubmitBegin& begin) {
  if (begun_) return absl::InvalidArgumentError("begin was sent twice");
  ASSIGN_OR_RETURN(request_.caller, CallerOf(parts_, *context_));
  begin_ = begin;
  request_.feed = FeedId(begin.feed());
  request_.period = begin.period();
  request_.source_name = begin.source_name().empty() ? "(stream)" : begin.source_name();
  request_.reason = begin.reason();
  request_.samples = begin.samples() == 0 ? 20 : std::min<size_t>(begin.samples(), 1000);
  if (kind_ == UploadKind::kMend) {
    request_.mends = SubmissionId(begin.mends());
    ASSIGN_OR_RETURN(const store::Attempt base, parts_.host->store->Get(request_.mends));
    request_.feed = base.feed;
  }
  request_.progress = [this](uint64_t records) { SendProgress(records); };
  request_.cancelled = [this] { return Cancelled(); };
  if (kind_ == UploadKind::kCheck) {
    RETURN_IF_ERROR(flows::AdmitCheck(*parts_.host, request_.caller, request_.feed));
  } else {
    RETURN_IF_ERROR(flows::AdmitSubmission(*parts_.host, request_).status());
  }
  const bool digest = kind_ != UploadKind::kCheck || begin.digest();
  ASSIGN_OR_RETURN(
      spool_, flows::Spool::Create(parts_.host->SpoolFolder(), digest, parts_.host->RestOf(request_.feed)));
  begun_ = true;
  return absl::OkStatus();
}

absl::Status UploadReactor::TakeChunk(std::string chunk) {
  if (!begun_) return absl::InvalidArgumentError("the first message must be begin, with feed and period");
  RETURN_IF_ERROR(CallerOf(parts_, *context_).status());  // revoked since the last message
  if (chunk.size() > kLargestChunk) return absl::InvalidArgumentError("a chunk may hold at most 1 MiB");
  RETURN_IF_ERROR(spool_->Append(std::move(chunk)));
  SendProgress(0);
  return absl::OkStatus();
}

absl::StatusOr<v1::Judgement> UploadReactor::Conclude() {
  ASSIGN_OR_RETURN(const flows::SubmitResult result, flows::Submit(*parts_.host, request_, *spool_));
  v1::Judgement judgement = JudgementMessage(result.result, result.receipt);
  for (const flows::SubmitResult& output : result.outputs)
    *judgement.add_outputs() = JudgementMessage(output.result, output.receipt);
  return judgement;
}

absl::StatusOr<v1::Judgement> UploadReactor::ConcludeCheck() {
  flows::HostCheck check;
  check.feed = request_.feed;
  check.period = begin_.period();
  check.as_of = begin_.as_of();
  check.samples = request_.samples;
  check.source_name = request_.source_name;
  check.progress = request_.progress;
  check.caller = request_.caller;
  ASSIGN_OR_RETURN(const json::Object result, flows::CheckOnHost(*parts_.host, check, *spool_));
  return JudgementMessage(result, nullptr);
}

void UploadReactor::SendProgress(uint64_t records) {
  const auto now = std::chrono::steady_clock::now();
  if (now - last_progress_ < kProgressEvery) return;
  const std::lock_guard lock(writing_mutex_);
  if (writing_ || ended_) return;
  last_progress_ = now;
  writing_ = true;
  outgoing_.Clear();
  outgoing_.mutable_progress()->set_bytes_received(spool_ == nullptr ? 0 : spool_->bytes());
  outgoing_.mutable_progress()->set_records_judged(records);
  StartWrite(&outgoing_);
}

void UploadReactor::OnWriteDone(bool ok) {
  const std::lock_guard lock(writing_mutex_);
  writing_ = false;
  if (!ok || !last_ || ended_) return;
  ended_ = true;
  outgoing_ = *std::move(last_);
  StartWriteAndFinish(&outgoing_, grpc::WriteOptions(), grpc::Status::OK);
}

void UploadReactor::SendResult(v1::Judgement result) {
  LeaveAdmission();
  const std::lock_guard lock(writing_mutex_);
  if (ended_) return;
  v1::SubmitReply reply;
  *reply.mutable_result() = std::move(result);
  if (writing_) {
    last_ = std::move(reply);
    return;
  }
  ended_ = true;
  outgoing_ = std::move(reply);
  StartWriteAndFinish(&outgoing_, grpc::WriteOptions(), grpc::Status::OK);
}

void UploadReactor::End(const grpc::Status& status) {
  LeaveAdmission();
  const std::lock_guard lock(writing_mutex_);
  if (ended_) return;
  ended_ = true;
  Finish(status);
}

}  // namespace concordat::server
