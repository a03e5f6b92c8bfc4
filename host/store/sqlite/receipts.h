// Receipts in control.db.
#pragma once

#include <vector>

#include "host/store/sqlite/control.h"
#include "host/store/store.h"

namespace concordat::store {

class SqliteReceipts : public ReceiptStore {
 public:
  explicit SqliteReceipts(Control& control) : control_(control) {}

  absl::Status Put(const StoredReceipt& receipt) override;
  absl::StatusOr<StoredReceipt> GetReceipt(const ReceiptId& id) const override;
  absl::StatusOr<std::vector<StoredReceipt>> ListReceipts(const std::optional<PartnerId>& partner,
                                                          size_t limit) const override;
  absl::StatusOr<std::vector<StoredReceipt>> DisclosuresOf(const SubmissionId& submission) const override;
  absl::StatusOr<std::vector<StoredReceipt>> FindReceipts(const ReceiptFilter& filter) const override;
  absl::StatusOr<std::vector<ReceiptSum>> SumReceipts(const ReceiptFilter& filter) const override;

 private:
  Control& control_;
};

}  // namespace concordat::store
