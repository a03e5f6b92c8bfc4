#include "host/server/admin_service.h"

#include "fmt/format.h"
#include "host/flows/catalog.h"
#include "host/flows/enrolment.h"
#include "host/flows/erase.h"
#include "host/flows/partner_checklist.h"
#include "host/flows/policy_replay.h"
#include "host/policy/issue_json.h"
#include "host/server/log_line.h"
#include "host/server/stream_reactor.h"

namespace concordat::server {

grpc::ServerUnaryReactor* AdminServiceImpl::GetHostStatus(grpc::CallbackServerContext* context,
                                                          const v1::AdminRequest*, v1::AdminJson* reply) {
  return AnswerJson<v1::AdminJson>(parts_, context, reply,
                                   [this](const flows::Caller& caller) -> absl::StatusOr<json::Value> {
                                     RETURN_IF_ERROR(flows::RequireAdministrator(caller, "host status"));
                                     return parts_.host_status();
                                   });
}

grpc::ServerUnaryReactor* AdminServiceImpl::ListAdapters(grpc::CallbackServerContext* context,
                                                         const v1::AdminRequest*, v1::AdminJson* reply) {
  return AnswerJson<v1::AdminJson>(parts_, context, reply,
                                   [this](const flows::Caller&) -> absl::StatusOr<json::Value> {
                                     return flows::AdaptersJson(*parts_.host->Adapters());
                                   });
}

grpc::ServerUnaryReactor* AdminServiceImpl::EnrolCertificate(grpc::CallbackServerContext* context,
                                                             const v1::EnrolCertificateRequest* request,
                                                             v1::AdminJson* reply) {
  return AnswerJson<v1::AdminJson>(
      parts_, context, reply, [this, request](const flows::Caller& caller) -> absl::StatusOr<json::Value> {
        return flows::EnrolCertificate(*parts_.host, caller, parts_.trust_domain, request->certificate_pem());
      });
}

grpc::ServerUnaryReactor* AdminServiceImpl::RevokeCertificate(grpc::CallbackServerContext* context,
                                                              const v1::RevokeCertificateRequest* request,
                                                              v1::AdminJson* reply) {
  return AnswerJson<v1::AdminJson>(
      parts_, context, reply, [this, request](const flows::Caller& caller) -> absl::StatusOr<json::Value> {
        return flows::RevokeCertificates(*parts_.host, caller,
                                         {request->fingerprint(), request->spiffe_id(), request->reason()});
      });
}

grpc::ServerUnaryReactor* AdminServiceImpl::ListEnrolments(grpc::CallbackServerContext* context,
                                                           const v1::AdminRequest*, v1::AdminJson* reply) {
  return AnswerJson<v1::AdminJson>(parts_, context, reply,
                                   [this](const flows::Caller& caller) -> absl::StatusOr<json::Value> {
                                     return flows::EnrolmentsJson(*parts_.host, caller);
                                   });
}

grpc::ServerUnaryReactor* AdminServiceImpl::ReloadPolicies(grpc::CallbackServerContext* context,
                                                           const v1::AdminRequest*, v1::AdminJson* reply) {
  return AnswerJson<v1::AdminJson>(
      parts_, context, reply, [this](const flows::Caller& caller) -> absl::StatusOr<json::Value> {
        RETURN_IF_ERROR(flows::RequireAdministrator(caller, "reload the policies"));
        Issues issues;
        const std::string before = parts_.host->policies->Get()->set->digest;
        const absl::Status reloaded = parts_.reload_policies(caller, issues);
        json::Object reply_json{{"reloaded", reloaded.ok()},
                                {"before", before},
                                {"now", parts_.host->policies->Get()->set->digest}};
        if (!reloaded.ok()) reply_json["why"] = std::string(MessageOf(reloaded));
        reply_json["issues"] = policy::IssuesToJson(issues);
        return json::Value(std::move(reply_json));
      });
}

grpc::ServerUnaryReactor* AdminServiceImpl::ListPolicyHistory(grpc::CallbackServerContext* context,
                                                              const v1::AdminRequest*, v1::AdminJson* reply) {
  return AnswerJson<v1::AdminJson>(
      parts_, context, reply, [this](const flows::Caller& caller) -> absl::StatusOr<json::Value> {
        RETURN_IF_ERROR(flows::RequireAdministrator(caller, "see the history of the policies"));
        return json::Value(flows::HistoryJson(parts_.archive->History()));
      });
}

grpc::ServerUnaryReactor* AdminServiceImpl::RollBackPolicies(grpc::CallbackServerContext* context,
                                                             const v1::RollBackPoliciesRequest* request,
                                                             v1::AdminJson* reply) {
  return AnswerJson<v1::AdminJson>(
      parts_, context, reply, [this, request](const flows::Caller& caller) -> absl::StatusOr<json::Value> {
        RETURN_IF_ERROR(flows::RequireAdministrator(caller, "put earlier policies back"));
        const std::string before = parts_.host->policies->Get()->set->digest;
        RETURN_IF_ERROR(parts_.roll_back(caller, request->digest(), request->reason()));
        return json::Object{{"before", before}, {"now", parts_.host->policies->Get()->set->digest}};
      });
}

grpc::ServerUnaryReactor* AdminServiceImpl::Purge(grpc::CallbackServerContext* context,
                                                  const v1::PurgeRequest* request, v1::AdminJson* reply) {
  return AnswerJson<v1::AdminJson>(
      parts_, context, reply, [this, request](const flows::Caller& caller) -> absl::StatusOr<json::Value> {
        return flows::Purge(*parts_.host, caller, request->dry_run());
      });
}

namespace {

// One attempt a message.
class Replaying {
 public:
  Replaying(const ServerParts& parts, grpc::CallbackServerContext* context,
            const v1::ReplayPoliciesRequest* request)
      : parts_(parts), context_(context), request_(request) {}

  absl::StatusOr<bool> Next(v1::ReplayPoliciesReply& reply) {
    if (context_->IsCancelled()) return absl::CancelledError("the caller left");
    const bool first = replay_ == nullptr;
    if (first) RETURN_IF_ERROR(Start());
    ASSIGN_OR_RETURN(const std::optional<json::Object> row, replay_->Next());
    reply.set_done(replay_->done());
    reply.set_total(replay_->total());
    reply.set_policy_digest(replay_->policy_digest());
    if (row) reply.set_json(json::Compact(*row));
    return first || row.has_value();
  }

 private:
  absl::Status Start() {
    flows::ReplayRequest request;
    ASSIGN_OR_RETURN(request.caller, CallerOf(parts_, *context_));
    RETURN_IF_ERROR(flows::RequireAdministrator(request.caller, "judge past submissions again"));
    request.folder = request_->folder();
    if (!request_->digest().empty()) {
      ASSIGN_OR_RETURN(request.folder, parts_.archive->FolderOf(request_->digest()));
    }
    ASSIGN_OR_RETURN(request.since, ParseTime(request_->since()));
    if (!request_->feed().empty()) request.feed = FeedId(request_->feed());
    ASSIGN_OR_RETURN(replay_, flows::PolicyReplay::Start(*parts_.host, request));
    return absl::OkStatus();
  }

  const ServerParts& parts_;
  grpc::CallbackServerContext* const context_;
  const v1::ReplayPoliciesRequest* const request_;
  std::unique_ptr<flows::PolicyReplay> replay_;
};

// A step a message, the result in the last one.
class BackingUp {
 public:
  BackingUp(const ServerParts& parts, const flows::HostFiles& files, grpc::CallbackServerContext* context,
            const v1::BackupRequest* request)
      : parts_(parts), files_(files), context_(context), request_(request) {}

  absl::StatusOr<bool> Next(v1::BackupReply& reply) {
    if (context_->IsCancelled()) return absl::CancelledError("the caller left");
    if (ended_) return false;
    if (backup_ == nullptr) {
      ASSIGN_OR_RETURN(flows::Caller caller, CallerOf(parts_, *context_));
      ASSIGN_OR_RETURN(backup_,
                       flows::Backup::Start(*parts_.host, files_,
                                            {std::move(caller), request_->file(), request_->passphrase()}));
    }
    flows::BackupProgress progress;
    const absl::StatusOr<bool> more = backup_->Next(progress);
    if (!more.ok()) {
      LogLine("no backup: " + std::string(MessageOf(more.status())));
      return more.status();
    }
    reply.set_stage(progress.stage);
    reply.set_done(progress.done);
    reply.set_total(progress.total);
    if (*more) return true;
    LogLine(fmt::format("backed up to {}, and its restore was tried", request_->file()));
    reply.set_json(json::Compact(backup_->result()));
    backup_.reset();  // whoever hears of it may begin the next
    ended_ = true;
    return true;
  }

 private:
  const ServerParts& parts_;
  const flows::HostFiles& files_;
  grpc::CallbackServerContext* const context_;
  const v1::BackupRequest* const request_;
  std::unique_ptr<flows::Backup> backup_;
  bool ended_ = false;
};

}  // namespace

grpc::ServerWriteReactor<v1::BackupReply>* AdminServiceImpl::Backup(grpc::CallbackServerContext* context,
                                                                    const v1::BackupRequest* request) {
  auto backing_up = std::make_shared<BackingUp>(parts_, files_, context, request);
  return new StreamReactor<v1::BackupReply>(
      parts_, [backing_up](v1::BackupReply& reply) { return backing_up->Next(reply); });
}

grpc::ServerUnaryReactor* AdminServiceImpl::GetPartnerProgress(grpc::CallbackServerContext* context,
                                                               const v1::PartnerProgressRequest* request,
                                                               v1::AdminJson* reply) {
  return AnswerJson<v1::AdminJson>(
      parts_, context, reply, [this, request](const flows::Caller& caller) -> absl::StatusOr<json::Value> {
        return flows::PartnerProgress(*parts_.host, caller, PartnerId(request->partner()));
      });
}

grpc::ServerWriteReactor<v1::ReplayPoliciesReply>* AdminServiceImpl::ReplayPolicies(
    grpc::CallbackServerContext* context, const v1::ReplayPoliciesRequest* request) {
  auto replaying = std::make_shared<Replaying>(parts_, context, request);
  return new StreamReactor<v1::ReplayPoliciesReply>(
      parts_, [replaying](v1::ReplayPoliciesReply& reply) { return replaying->Next(reply); });
}

}  // namespace concordat::server
