// A file of payments in any of the layouts that councils use (README.md lists them), cut into payments of one
// layout.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "plugins/sdk/batch_builder.h"
#include "plugins/sdk/csv_rows.h"
#include "plugins/sdk/host.h"

namespace concordat::council_spend {

/// The columns that a payment becomes, in order.
enum Column {
  kBody,
  kService,
  kCategory,
  kDescription,
  kPaidOn,
  kTransactionRef,
  kLine,
  kSupplier,
  kNetAmount,
  kVatAmount,
  kGrossAmount,
  kColumns
};
const std::vector<std::string>& ColumnNames();

/// Reads one file. One thread at a time.
class SpendFile {
 public:
  explicit SpendFile(const sdk::Host& host) : rows_(host) {}

  /// Lines above the table, then its header. SourceUnreadable when no line names a supplier and an amount.
  sdk::Status ReadHeader();
  /// Appends payments until the batch is full or the file ends; lines of totals are no payments.
  sdk::Status ReadPayments(sdk::BatchBuilder& batch);
  /// The next payment: `cells` by Column, amounts and days in one form where they can be told. `more` is
  /// false at the end. Empty `cells`: a line that cannot be cut, told by row().problem.
  sdk::Status Next(std::vector<std::string>& cells, bool& more);
  const sdk::CsvRow& row() const { return row_; }
  sdk::SourceFacts Facts() const;

 private:
  bool TakeHeader();
  bool IsTotal() const;

  sdk::CsvRows rows_;
  sdk::CsvRow row_;
  std::array<int, kColumns> source_ = {};  // places in the file; -1: the layout has no such column
  size_t width_ = 0;
  uint64_t header_line_ = 0;
  uint64_t above_ = 0;  // lines before the header
  uint64_t totals_ = 0;
  uint64_t blank_ = 0;
  std::vector<std::string> read_as_;  // "Beneficiary Name" is supplier ...
};

}  // namespace concordat::council_spend
