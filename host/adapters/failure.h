// Why a run of an adapter failed: for people, for counters, and for the quarantine of adapters.
#pragma once

#include <optional>
#include <string>

#include "host/base/status.h"

namespace concordat::adapters {

enum class FailureKind {
  kCrash,      // its process ended: a signal, exit(), an abort
  kStall,      // no progress within the limit
  kTime,       // longer in all, or more CPU time, than the limit
  kMemory,     // more memory than the limit
  kForbidden,  // a system call or file that its sandbox refuses, and that ended it
  kGarbage,    // it sent what no adapter may send
  kRefused,    // the library could not be opened or did not answer: ABI, symbol, machine
  kFailed      // it said so itself, or threw
};

struct AdapterFailure {
  std::string adapter;
  std::string version;
  FailureKind kind = FailureKind::kFailed;
  std::string cause;  // one sentence for an administrator
};

/// "crash", "stall", "time", "memory", "forbidden", "garbage", "refused", "failed".
std::string_view WordOf(FailureKind kind);

/// The status with the failure attached; its code and message stay.
absl::Status WithFailure(absl::Status status, const AdapterFailure& failure);
/// What WithFailure attached, also after the status went through other layers; none when it was not the
/// adapter.
std::optional<AdapterFailure> FailureIn(const absl::Status& status);

}  // namespace concordat::adapters
