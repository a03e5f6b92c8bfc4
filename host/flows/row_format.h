// Released rows as bytes: CSV (RFC 4180), JSON Lines, or an Arrow IPC stream.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "host/sharing/released_rows.h"

namespace concordat::flows {

/// What stands with the data wherever the format has a place for it: caveats, protocol, clause, receipt.
using RowMetadata = std::vector<std::pair<std::string, std::string>>;

/// Writes one output, piece by piece. One thread at a time.
class RowFormat {
 public:
  virtual ~RowFormat() = default;
  virtual std::string Begin() = 0;
  virtual std::string Rows(const sharing::ReleasedRows& rows) = 0;
  virtual std::string End() = 0;
};

/// csv, jsonl, arrow.
const std::vector<std::string>& RowFormatNames();
/// InvalidArgument for another name, with the nearest one.
absl::StatusOr<std::unique_ptr<RowFormat>> MakeRowFormat(const std::string& name,
                                                         const std::vector<std::string>& columns,
                                                         const RowMetadata& metadata);

/// Columns as utf8, missing cells null; metadata in the schema. Format: Apache Arrow columnar format 1.4,
/// "IPC Streaming Format", flatbuffers of Message.fbs and Schema.fbs, little endian.
std::unique_ptr<RowFormat> MakeArrowStream(const std::vector<std::string>& columns,
                                           const RowMetadata& metadata);

}  // namespace concordat::flows
