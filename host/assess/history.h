// What the host knows of one partner over time, as plain values: everything that measures are drawn from.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/time/time.h"

namespace concordat::assess {

/// How one rule of the contract stood in one attempt.
struct RuleStanding {
  std::string id;
  std::string severity;   // critical | error | warning | info
  std::string status;     // met | warned | breached | not_evaluated
  bool enforced = true;   // false: a draft or in the shadow
  bool accepted = false;  // a second person accepted its warning, and that has not expired
};

/// One attempt in a partner's history.
struct HistoryEntry {
  std::string submission;  // its id
  std::string feed;
  std::string dataset;
  std::string period;
  absl::Time received;
  bool first_attempt = false;                              // of its feed and period
  bool accepted = false;                                   // accept or accept_with_quarantine
  bool clean = false;                                      // accept
  bool current = false;                                    // it is what stands for its feed and period now
  std::optional<bool> on_time;                             // nothing when the feed has no schedule
  std::optional<double> score;                             // 0..100
  std::vector<std::pair<std::string, double>> dimensions;  // ODCS words, 0..100
  std::vector<RuleStanding> rules;
  std::string assurance;  // of the period's sign-off: external_audit ... no_checks; empty: not signed off
};

/// One period of one feed that has fallen due.
struct DuePeriod {
  std::string feed;
  std::string dataset;
  std::string period;
  absl::Time due;
  std::optional<absl::Time> received;  // the first accepted attempt; nothing: missing
};

/// One obligation or action that has an end date.
struct DueTask {
  std::string kind;  // deletion_certificate, rectification, action ...
  std::string id;
  absl::Time due;
  std::optional<absl::Time> closed;
};

/// A protocol under which the partner gave or received something.
struct UsedProtocol {
  std::string protocol;
  absl::Time last_used;
  bool in_force = false;  // now
};

/// A look at the whole audit log.
struct LogCheck {
  absl::Time time;
  bool verified = false;
  uint64_t leaves = 0;
};

/// A backup that was restored on trial.
struct RestoreTest {
  absl::Time time;
  bool restored = false;
};

struct History {
  std::vector<HistoryEntry> entries;  // any order
  std::vector<DuePeriod> periods;     // those that are due by now
  std::vector<DueTask> tasks;
  std::vector<UsedProtocol> protocols;
  std::optional<LogCheck> log;
  std::vector<RestoreTest> restores;
};

}  // namespace concordat::assess
