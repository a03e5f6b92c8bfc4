#include "host/server/exchange_service.h"

#include "host/flows/exchange.h"
#include "host/server/spool_stream.h"
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
  request.attributes = {message.attributes().begin(), message.attributes().end()};
  return request;
}

// Ruling, then bytes, then receipt.
class Telling {
 public:
  Telling(const ServerParts& parts, grpc::CallbackServerContext* context, const v1::ExchangeRequest* request)
      : parts_(parts), context_(context), request_(request) {}

  absl::StatusOr<bool> Next(v1::ExchangeReply& reply) {
    if (!started_) {
      started_ = true;
      ASSIGN_OR_RETURN(flows::Caller caller, CallerOf(parts_, *context_));
      ASSIGN_OR_RETURN(result_, flows::Exchange(*parts_.host, RequestOf(*request_, std::move(caller))));
      reply.set_ruling_json(json::Compact(sharing::RulingJson(result_.ruling)));
      return true;
    }
    if (result_.output != nullptr) {
      ASSIGN_OR_RETURN(std::optional<std::string> chunk, NextChunk(*result_.output, offset_));
      if (chunk) {
        reply.set_chunk(*std::move(chunk));
        return true;
      }
    }
    if (ended_) return false;
    ended_ = true;
    reply.set_receipt_json(json::Compact(result_.receipt));
    return true;
  }

 private:
  const ServerParts& parts_;
  grpc::CallbackServerContext* const context_;
  const v1::ExchangeRequest* const request_;
  flows::ExchangeResult result_;
  uint64_t offset_ = 0;
  bool started_ = false;
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

}  // namespace concordat::server
