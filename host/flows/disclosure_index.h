// Which disclosures held a record: "who saw what of this subject?" without a copy of anybody's identifier.
// A disclosure's file is a sorted list of 16-byte tokens, the first half of HMAC-SHA-256 under a secret of
// this host over dataset, NUL and the record's key: without the secret nobody can try values against it, with
// it a look-up is a binary search. Sixteen bytes, because among 2^40 tokens two then meet by chance once in
// 2^49.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "host/base/files.h"
#include "host/flows/host_parts.h"

namespace concordat::flows {

inline constexpr size_t kDisclosureTokenBytes = 16;

/// The key of a record from the cells of its primary key, in the order of the contract: one cell as it is,
/// several joined by "|" (a "|" or "\" inside a cell is written with a "\" before it).
std::string SubjectKey(const std::vector<std::string_view>& cells);

/// Writes DATA/disclosures/<receipt id>.tokens. Bounded memory: sorted runs go to a file without a name and
/// are merged at the end. One thread at a time; destroyed without Finish, nothing stays.
class DisclosureIndexWriter {
 public:
  /// `run_tokens`: how many tokens are held in memory at most; smaller only in tests.
  static absl::StatusOr<std::unique_ptr<DisclosureIndexWriter>> Create(const HostParts& host,
                                                                       const DatasetId& dataset,
                                                                       size_t run_tokens = size_t{1} << 20);

  /// One released record. The same key any number of times. A failure is told by Finish.
  void Add(std::string_view key);
  /// Durable under the receipt's id when it returns; once. InvalidArgument for an id that is none.
  absl::Status Finish(const ReceiptId& receipt);

 private:
  struct Token {
    char bytes[kDisclosureTokenBytes];
  };
  DisclosureIndexWriter() = default;
  void SortRun();
  absl::Status SpillRun();
  absl::Status WriteTokens(int fd, const std::string& path);

  std::string folder_, secret_, prefix_;
  size_t run_tokens_ = 0;
  std::vector<Token> run_;
  FileDescriptor runs_;            // the runs one after another; opened at the first that overflows
  std::vector<size_t> run_sizes_;  // in tokens
  absl::Status status_;
};

/// The disclosures that held the record, in the order of their ids. DataLoss names a file that is damaged.
absl::StatusOr<std::vector<std::string>> DisclosuresOf(const HostParts& host, const DatasetId& dataset,
                                                       std::string_view key);
/// The same question about one disclosure; false when it has no index.
absl::StatusOr<bool> DisclosureHolds(const HostParts& host, const ReceiptId& receipt,
                                     const DatasetId& dataset, std::string_view key);

}  // namespace concordat::flows
