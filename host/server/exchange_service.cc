#include "host/server/exchange_service.h"

#include <algorithm>
#include <utility>

#include "host/flows/exchange.h"
#include "host/flows/rule_batch.h"
#include "host/server/stream_reactor.h"
#include "host/sharing/ruling_json.h"

namespace concordat::server {
namespace {

flows::ExchangeRequest RequestOf(const v1::ExchangeRequest& message, flows::Caller caller) {
  flows::ExchangeRequest request;
  request.caller = std::move(caller);
  request.dataset = DatasetId(message.dataset());
  request.protocol = ProtocolId(message.protocol());
  request.purpose = message.purpose();
  request.select.assign(message.select().begin(), message.select().end());
  request.where = message.where();
  request.format = message.format().empty() ? "csv" : message.format();
  request.form = message.form();
  request.on_behalf_of = message.on_behalf_of();
  request.attributes = {message.attributes().begin(), message.attributes().end()};
  if (message.has_emergency()) {
    request.emergency = sharing::Emergency{message.emergency().person(), message.emergency().basis(),
                                           message.emergency().reason()};
  }
  return request;
}

// Larger pieces than messages of this size gain nothing, smaller ones cost calls.
constexpr size_t kChunkBytes = size_t{192} << 10;

// Ruling, then bytes, then receipt. Gone before its end, the transfer is broken off.
class Telling {
 public:
  Telling(const ServerParts& parts, grpc::CallbackServerContext* context, const v1::ExchangeRequest* request)
      : parts_(parts), context_(context), request_(request) {}

  absl::StatusOr<bool> Next(v1::ExchangeReply& reply) {
    if (transfer_ == nullptr) {
      ASSIGN_OR_RETURN(flows::Caller caller, CallerOf(parts_, *context_));
      ASSIGN_OR_RETURN(transfer_, flows::Exchange(*parts_.host, RequestOf(*request_, std::move(caller))));
      reply.set_ruling_json(json::Compact(sharing::RulingJson(transfer_->ruling())));
      return true;
    }
    if (context_->IsCancelled()) return absl::CancelledError("the caller went away");
    RETURN_IF_ERROR(CallerOf(parts_, *context_).status());  // revoked since the last message
    RETURN_IF_ERROR(FillChunk());
    if (!chunk_.empty()) {
      const size_t size = std::min(chunk_.size(), kChunkBytes);
      reply.set_rows(transfer_->rows());
      if (size == chunk_.size()) {
        reply.set_chunk(std::exchange(chunk_, {}));
      } else {
        reply.set_chunk(chunk_.substr(0, size));
        chunk_.erase(0, size);
      }
      return true;
    }
    if (ended_) return false;
    ended_ = true;
    ASSIGN_OR_RETURN(const json::Value receipt, transfer_->Finish());
    reply.set_receipt_json(json::Compact(receipt));
    return true;
  }

 private:
  absl::Status FillChunk() {
    while (!all_read_ && chunk_.size() < kChunkBytes) {
      ASSIGN_OR_RETURN(std::optional<std::string> bytes, transfer_->Next());
      if (!bytes) {
        all_read_ = true;
      } else if (chunk_.empty()) {
        chunk_ = *std::move(bytes);
      } else {
        chunk_ += *bytes;
      }
    }
    return absl::OkStatus();
  }

  const ServerParts& parts_;
  grpc::CallbackServerContext* const context_;
  const v1::ExchangeRequest* const request_;
  std::unique_ptr<flows::Transfer> transfer_;
  std::string chunk_;
  bool all_read_ = false;
  bool ended_ = false;
};

}  // namespace

grpc::ServerWriteReactor<v1::ExchangeReply>* ExchangeServiceImpl::Exchange(
    grpc::CallbackServerContext* context, const v1::ExchangeRequest* request) {
  auto telling = std::make_shared<Telling>(parts_, context, request);
  return new StreamReactor<v1::ExchangeReply>(
      parts_, [telling](v1::ExchangeReply& reply) { return telling->Next(reply); });
}

grpc::ServerUnaryReactor* ExchangeServiceImpl::Explain(grpc::CallbackServerContext* context,
                                                       const v1::ExchangeRequest* request,
                                                       v1::ExplainReply* reply) {
  return Answer(parts_, context, [this, request, reply](const flows::Caller& caller) -> absl::Status {
    ASSIGN_OR_RETURN(const record::Ruling ruling, flows::Explain(*parts_.host, RequestOf(*request, caller)));
    reply->set_permit(ruling.permit);
    reply->set_json(json::Compact(sharing::RulingJson(ruling)));
    return absl::OkStatus();
  });
}

grpc::ServerUnaryReactor* ExchangeServiceImpl::Rule(grpc::CallbackServerContext* context,
                                                    const v1::RuleRequest* request, v1::RuleReply* reply) {
  return Answer(parts_, context, [this, request, reply](const flows::Caller& caller) -> absl::Status {
    std::vector<flows::ExchangeRequest> requests;
    for (const v1::ExchangeRequest& message : request->requests())
      requests.push_back(RequestOf(message, caller));
    ASSIGN_OR_RETURN(const flows::RuledBatch ruled, flows::RuleBatch(*parts_.host, caller, requests));
    for (const flows::RuledLine& line : ruled.lines) {
      v1::RulingLine* told = reply->add_rulings();
      told->set_permit(line.permit);
      told->set_clause(line.clause);
      told->set_cause(line.cause);
    }
    reply->set_receipt_json(json::Compact(ruled.receipt));
    return absl::OkStatus();
  });
}

}  // namespace concordat::server
