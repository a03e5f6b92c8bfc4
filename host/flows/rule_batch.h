// Many rulings in one call: for a program that asks before it acts.
#pragma once

#include <string>
#include <vector>

#include "host/flows/exchange.h"

namespace concordat::flows {

inline constexpr size_t kMostRulings = 1000;  // in one call

struct RuledLine {
  bool permit = false;
  std::string clause;
  std::string cause;
};

struct RuledBatch {
  std::vector<RuledLine> lines;  // one a request, in their order
  json::Value receipt;           // of all of them
};

/// The rulings that Exchange would make now, under one policy set, on record together before they are told.
/// InvalidArgument for too many. The receipt stays with whoever asked; the log keeps its commitment.
absl::StatusOr<RuledBatch> RuleBatch(const HostParts& host, const Caller& caller,
                                     const std::vector<ExchangeRequest>& requests);

}  // namespace concordat::flows
