// The functions that an adapter may call (`struct concordat_host`), over the job and the inherited
// descriptors.
#pragma once

#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "host/base/status.h"
#include "host/data/worker_protocol.h"
#include "host/worker/source.h"
#include "host/worker/text_table.h"
#include "plugins/sdk/adapter_abi.h"

namespace concordat::worker {

/// Stays where it is made: the adapter keeps a pointer to its table. Job and source outlive it.
class HostTable {
 public:
  HostTable(const data::WorkerJob& job, Source& source);
  HostTable(const HostTable&) = delete;
  HostTable& operator=(const HostTable&) = delete;

  /// The table in version `abi`.
  const concordat_host* Table(uint32_t abi);

  /// Findings are taken between these two only, for these records.
  void BeginValidate(const std::vector<uint64_t>& records);
  /// Ascending by record and rule. Aborted when a record has two findings of one rule.
  absl::StatusOr<std::vector<data::RawFinding>> EndValidate();
  /// Dimensions are taken between these two only.
  void BeginScore() { scoring_ = true; }
  void EndScore() { scoring_ = false; }

  data::WorkerReport& report() { return report_; }

 private:
  int32_t Refuse(concordat_error* error, std::string_view message) const;
  int32_t Option(const char* name, concordat_text* value) const;
  int32_t Reference(const char* name, const ArrowSchema** schema, const ArrowArray** table) const;
  int32_t TakeFacts(const concordat_facts& facts);
  int32_t TakeFinding(const concordat_finding& finding, concordat_error* error);
  int32_t TakeDimension(const char* name, double score, const char* basis, concordat_error* error);

  const data::WorkerJob& job_;
  Source& source_;
  concordat_host table_ = {};
  std::unordered_map<std::string, std::unique_ptr<TextTable>> references_;
  std::unordered_map<std::string, uint32_t> rules_;  // id -> index

  const std::vector<uint64_t>* records_ = nullptr;  // of the batch being validated
  std::vector<data::RawFinding> findings_;
  bool scoring_ = false;
  data::WorkerReport report_;
};

}  // namespace concordat::worker
