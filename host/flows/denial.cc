#include "host/flows/denial.h"

namespace concordat::flows {
namespace {

constexpr char kCause[] = "concordat/cause";
constexpr char kMend[] = "concordat/mend";
constexpr char kTellAdministrator[] =
    "nothing was released; tell the host's administrator, who finds the cause in the host's log";

std::string Noted(const absl::Status& status, const char* what) {
  const auto payload = status.GetPayload(what);
  return payload ? std::string(*payload) : std::string();
}

const char* CauseOfCode(const absl::Status& status) {
  if (absl::IsInternal(status)) return "duty_violated";
  return absl::IsDataLoss(status) ? "data_unavailable" : "duty_unavailable";
}

}  // namespace

absl::Status DeniedFor(std::string_view cause, std::string_view mend, absl::Status status) {
  if (status.ok()) return status;
  status.SetPayload(kCause, absl::Cord(std::string(cause)));
  if (!mend.empty()) status.SetPayload(kMend, absl::Cord(std::string(mend)));
  return status;
}

Denial DenialOf(const absl::Status& status) {
  Denial denial{Noted(status, kCause), Noted(status, kMend)};
  if (denial.cause.empty()) denial.cause = CauseOfCode(status);
  if (denial.mend.empty()) denial.mend = kTellAdministrator;
  return denial;
}

}  // namespace concordat::flows
