#include "host/adapters/failure.h"

#include <array>

#include "host/base/json.h"

namespace concordat::adapters {
namespace {

constexpr char kPayload[] = "concordat/adapter-failure";
constexpr std::array<std::string_view, 8> kWords = {"crash",     "stall",   "time",    "memory",
                                                    "forbidden", "garbage", "refused", "failed"};

}  // namespace

std::string_view WordOf(FailureKind kind) { return kWords[static_cast<size_t>(kind)]; }

absl::Status WithFailure(absl::Status status, const AdapterFailure& failure) {
  status.SetPayload(kPayload, absl::Cord(json::Compact(json::Object{{"adapter", failure.adapter},
                                                                    {"version", failure.version},
                                                                    {"kind", WordOf(failure.kind)},
                                                                    {"cause", failure.cause}})));
  return status;
}

std::optional<AdapterFailure> FailureIn(const absl::Status& status) {
  const auto payload = status.GetPayload(kPayload);
  if (!payload) return std::nullopt;
  const absl::StatusOr<json::Value> value = json::Parse(std::string(*payload));
  if (!value.ok()) return std::nullopt;
  AdapterFailure failure;
  failure.adapter = json::TextOr(*value, "adapter", "");
  failure.version = json::TextOr(*value, "version", "");
  failure.cause = json::TextOr(*value, "cause", "");
  const std::string kind = json::TextOr(*value, "kind", "failed");
  for (size_t i = 0; i < kWords.size(); ++i) {
    if (kWords[i] == kind) failure.kind = static_cast<FailureKind>(i);
  }
  return failure;
}

}  // namespace concordat::adapters
