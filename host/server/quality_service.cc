#include "host/server/quality_service.h"

#include "host/flows/confidence.h"
#include "host/flows/partnership_report.h"
#include "host/flows/quality_history.h"

namespace concordat::server {
namespace {

template <typename Request>
flows::QualityQuery QueryOf(const Request& request) {
  return {FeedId(request.feed()),
          DatasetId(request.dataset()),
          PartnerId(request.partner()),
          request.dimension(),
          request.rule(),
          request.from(),
          request.to()};
}

}  // namespace

grpc::ServerUnaryReactor* QualityServiceImpl::History(grpc::CallbackServerContext* context,
                                                      const v1::QualityHistoryRequest* request,
                                                      v1::QualityJson* reply) {
  return AnswerJson<v1::QualityJson>(
      parts_, context, reply, [this, request](const flows::Caller& caller) -> absl::StatusOr<json::Value> {
        return flows::QualityHistory(*parts_.host, caller, QueryOf(*request));
      });
}

grpc::ServerUnaryReactor* QualityServiceImpl::Compare(grpc::CallbackServerContext* context,
                                                      const v1::CompareQualityRequest* request,
                                                      v1::QualityJson* reply) {
  return AnswerJson<v1::QualityJson>(
      parts_, context, reply, [this, request](const flows::Caller& caller) -> absl::StatusOr<json::Value> {
        flows::QualityComparison comparison;
        comparison.sides.assign(request->sides().begin(), request->sides().end());
        comparison.among = QueryOf(*request);
        return flows::CompareQuality(*parts_.host, caller, comparison);
      });
}

grpc::ServerUnaryReactor* QualityServiceImpl::Confidence(grpc::CallbackServerContext* context,
                                                         const v1::ConfidenceRequest* request,
                                                         v1::QualityJson* reply) {
  return AnswerJson<v1::QualityJson>(
      parts_, context, reply, [this, request](const flows::Caller& caller) -> absl::StatusOr<json::Value> {
        return flows::ConfidenceList(*parts_.host, caller, PartnerId(request->partner()),
                                     DatasetId(request->dataset()));
      });
}

grpc::ServerUnaryReactor* QualityServiceImpl::PartnershipReport(grpc::CallbackServerContext* context,
                                                                const v1::PartnershipReportRequest* request,
                                                                v1::QualityJson* reply) {
  return AnswerJson<v1::QualityJson>(
      parts_, context, reply, [this, request](const flows::Caller& caller) -> absl::StatusOr<json::Value> {
        return flows::PartnershipReport(*parts_.host, caller, request->period());
      });
}

}  // namespace concordat::server
