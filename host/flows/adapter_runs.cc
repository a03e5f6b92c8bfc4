#include "host/flows/adapter_runs.h"

#include <optional>

#include "fmt/format.h"
#include "host/adapters/failure.h"
#include "host/flows/adapter_life.h"
#include "host/flows/adapter_standing.h"

namespace concordat::flows {
namespace {

// What it says itself of a file or of its licence is a failure, but none that a quarantine would mend.
bool IsGrave(adapters::FailureKind kind) { return kind != adapters::FailureKind::kFailed; }

std::string AdapterOf(const FeedPlan& plan) {
  return fmt::format("{} {}", plan.manifest->name, plan.manifest->version);
}

absl::Status Quarantine(const HostParts& host, const FeedPlan& plan, const adapters::AdapterFailure& failure,
                        uint64_t in_a_row) {
  store::AdapterDecision decision;
  decision.adapter = plan.manifest->name;
  decision.version = plan.manifest->version;
  decision.feed = plan.feed->id;
  decision.what = "quarantine";
  decision.reason =
      fmt::format("{} failures in a row; the last ({}): {}", in_a_row, WordOf(failure.kind), failure.cause);
  return DecideAboutAdapter(host, decision, plan.manifest->digest);
}

absl::StatusOr<uint64_t> Count(const HostParts& host, const FeedPlan& plan, const Caller& caller,
                               const SubmissionId& submission, const adapters::AdapterFailure& failure) {
  store::AdapterFailureRecord record;
  record.adapter = plan.manifest->name;
  record.version = plan.manifest->version;
  record.feed = plan.feed->id;
  record.kind = WordOf(failure.kind);
  record.cause = failure.cause;
  record.submission = submission.str();
  record.by = caller.spiffe_id;
  record.at = host.clock->Now();
  return host.store->AddAdapterFailure(record, IsGrave(failure.kind));
}

}  // namespace

absl::Status RequireAdapterFit(const HostParts& host, const FeedPlan& plan) {
  ASSIGN_OR_RETURN(const std::vector<store::AdapterDecision> decisions, host.store->AdapterDecisions());
  const AdapterStanding standing(decisions);
  const std::string& name = plan.manifest->name;
  const std::string& version = plan.manifest->version;
  if (const auto* const disabled = standing.Disabled(name, version); disabled != nullptr) {
    return absl::UnavailableError(
        fmt::format("the adapter {} of feed {} is disabled since {}: {}. Nothing of your file was read, and "
                    "it need not be "
                    "changed. Ask the host's administrator, who enables it with: concordat adapter enable {}",
                    AdapterOf(plan), plan.feed->id.str(), TimeText(disabled->at), disabled->reason, name));
  }
  const auto* const quarantine = standing.Quarantined(name, version, plan.feed->id);
  if (quarantine == nullptr) return absl::OkStatus();
  return absl::UnavailableError(fmt::format(
      "the adapter {} is quarantined for feed {} since {}, after {}. Nothing of your file was read. The "
      "host's "
      "administrator looks into it and then runs: concordat adapter enable {}@{}; after that send the file "
      "again",
      AdapterOf(plan), plan.feed->id.str(), TimeText(quarantine->at), quarantine->reason, name, version));
}

absl::Status CountAdapterRun(const HostParts& host, const FeedPlan& plan, const Caller& caller,
                             const SubmissionId& submission, absl::Status status) {
  const adapters::Manifest& manifest = *plan.manifest;
  if (status.ok()) {
    return host.store->EndAdapterFailures(manifest.name, manifest.version, plan.feed->id);
  }
  const std::optional<adapters::AdapterFailure> failure = adapters::FailureIn(status);
  if (!failure || failure->adapter != manifest.name) return status;
  // Not as Aborted, which asks the client to send the same file again at once.
  const absl::Status failed = adapters::WithFailure(
      absl::Status(absl::IsAborted(status) ? absl::StatusCode::kInternal : status.code(),
                   std::string(MessageOf(status))),
      *failure);
  // Counting must not hide what happened.
  const absl::StatusOr<uint64_t> in_a_row = Count(host, plan, caller, submission, *failure);
  if (!in_a_row.ok() || !IsGrave(failure->kind) || *in_a_row < host.adapter_rules.failures) return failed;
  // Runs that were under way when it was quarantined may still fail.
  if (!RequireAdapterFit(host, plan).ok() || !Quarantine(host, plan, *failure, *in_a_row).ok()) return failed;
  return adapters::WithFailure(
      absl::Status(
          failed.code(),
          fmt::format("{}. These were {} failures in a row: the adapter is quarantined for feed {} "
                      "until the host's administrator runs: concordat adapter enable {}@{}",
                      MessageOf(status), *in_a_row, plan.feed->id.str(), manifest.name, manifest.version)),
      *failure);
}

}  // namespace concordat::flows
