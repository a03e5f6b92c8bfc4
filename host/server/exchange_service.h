// ExchangeService: data under a protocol, staged and receipted before the first byte leaves.
#pragma once

#include "concordat/v1/exchange.grpc.pb.h"
#include "host/server/service_base.h"

namespace concordat::server {

class ExchangeServiceImpl final : public v1::ExchangeService::CallbackService {
 public:
  explicit ExchangeServiceImpl(const ServerParts& parts) : parts_(parts) {}

  grpc::ServerWriteReactor<v1::ExchangeReply>* Exchange(grpc::CallbackServerContext* context,
                                                        const v1::ExchangeRequest* request) override;
  grpc::ServerUnaryReactor* Explain(grpc::CallbackServerContext* context, const v1::ExchangeRequest* request,
                                    v1::ExplainReply* reply) override;
  grpc::ServerUnaryReactor* Rule(grpc::CallbackServerContext* context, const v1::RuleRequest* request,
                                 v1::RuleReply* reply) override;

 private:
  const ServerParts& parts_;
};

}  // namespace concordat::server
