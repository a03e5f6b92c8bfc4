// QualityService: data quality over time, confidence, the board's report.
#pragma once

#include "concordat/v1/quality.grpc.pb.h"
#include "host/server/service_base.h"

namespace concordat::server {

class QualityServiceImpl final : public v1::QualityService::CallbackService {
 public:
  explicit QualityServiceImpl(const ServerParts& parts) : parts_(parts) {}

  grpc::ServerUnaryReactor* History(grpc::CallbackServerContext* context,
                                    const v1::QualityHistoryRequest* request,
                                    v1::QualityJson* reply) override;
  grpc::ServerUnaryReactor* Compare(grpc::CallbackServerContext* context,
                                    const v1::CompareQualityRequest* request,
                                    v1::QualityJson* reply) override;
  grpc::ServerUnaryReactor* Confidence(grpc::CallbackServerContext* context,
                                       const v1::ConfidenceRequest* request, v1::QualityJson* reply) override;
  grpc::ServerUnaryReactor* PartnershipReport(grpc::CallbackServerContext* context,
                                              const v1::PartnershipReportRequest* request,
                                              v1::QualityJson* reply) override;

 private:
  const ServerParts& parts_;
};

}  // namespace concordat::server
