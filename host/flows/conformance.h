// The conformance kit of adapters: what an adapter promises, tried in the worker and sandbox that submissions
// meet.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "host/adapters/manifest.h"
#include "host/adapters/session.h"
#include "host/base/json.h"

namespace concordat::flows {

/// Version of the kit: the checks below and how they judge.
inline constexpr std::string_view kConformanceKit = "1.0";

struct ConformanceRequest {
  const adapters::Manifest* manifest = nullptr;  // with its folder, samples/ in it
  std::string worker;                            // path of concordat-worker
  std::string program;                           // version of this program, for the certificate
  uint64_t seed = 1;                             // of truncations and mutations
  absl::Duration time = absl::Seconds(10);       // for broken inputs; the other checks take what they take
  uint64_t memory_bytes = uint64_t{512} << 20;   // of one run
  std::string keep;                              // a folder for inputs that broke it; empty: none is kept
  absl::Time now;
  std::function<void(std::string_view check)> progress;  // may be empty
};

struct ConformanceCheck {
  enum class Result { kPassed, kFailed, kWarned, kSkipped };

  std::string id;     // "samples"
  std::string title;  // what is checked, in words
  Result result = Result::kPassed;
  std::string detail;             // what was found, one sentence; for a failure the first
  std::vector<std::string> more;  // further failures
  std::string mend;
};

struct Certificate {
  std::string adapter;
  std::string version;
  std::string description;
  std::string library_digest;
  std::string manifest_digest;
  std::string program;
  absl::Time time;
  uint64_t seed = 0;
  uint64_t runs = 0;               // of the adapter, broken inputs included
  uint64_t broken_inputs = 0;      // truncated, mutated and random ones
  double records_per_second = -1;  // -1: not measured
  double bytes_per_second = -1;
  uint64_t memory_bytes = 0;  // the least limit tried under which the largest input was read; 0: not measured
  std::vector<ConformanceCheck> checks;

  bool passed() const;
};

/// The whole kit. Never fails: what could not be tried is a failed check that says why.
Certificate VerifyAdapter(const ConformanceRequest& request);

/// {passed, kit, program, time, seed, adapter: {...}, checks: [...], measures: {...}, digest}; `digest` is
/// over the canonical form (RFC 8785) of all before it.
json::Object CertificateJson(const Certificate& certificate);
/// For people: a line a check, then the certificate or what to mend.
std::string CertificateText(const Certificate& certificate);

}  // namespace concordat::flows
