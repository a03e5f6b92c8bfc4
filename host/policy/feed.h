// Kind Feed: which partner supplies which dataset, through which adapter, how often, and at what gate.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "host/base/ids.h"
#include "host/policy/fields.h"
#include "host/policy/period.h"
#include "host/record/words.h"

namespace concordat::policy {

struct Mapping;  // host/policy/mapping.h

struct Schedule {
  Duration every;
  Duration due;  // after the period's end
};

struct Gate {
  double reject_score = 0;          // 0..100
  double reject_unreadable = 0.05;  // share
  double reject_evaluated_share = 0.9;
  std::vector<record::Severity> quarantine = {record::Severity::kCritical, record::Severity::kError};
};

/// What a feed grants its adapter, where it says so; the host's own limits stand above these.
struct AdapterLimits {
  std::optional<Duration> time;  // of one run in all
  std::optional<uint64_t> memory_bytes;
};

struct Feed {
  FeedId id;
  PartnerId partner;
  FeedId same_file_as;          // empty, or the feed whose file this one reads too
  std::string contract;         // the contract's name
  std::string object;           // empty: its only object
  std::string adapter;          // plugin name
  std::string adapter_version;  // empty: the one in use; else "1.2.0"
  std::string unpack;           // auto | none | a pattern of the member that is meant ("*.csv")
  AdapterLimits adapter_limits;
  Node adapter_options;  // map or absent; checked against the adapter's manifest
  std::shared_ptr<const Mapping> mapping;  // null: fields match columns by name
  std::vector<std::string> missing_tokens;  // for all fields
  std::optional<Schedule> schedule;
  Gate gate;
  Duration keep_source;  // default P90D
  Place place;

  DatasetId dataset() const { return DatasetId(object.empty() ? contract : contract + "/" + object); }
};

Feed ReadFeed(const Node& document, Issues& issues);

}  // namespace concordat::policy
