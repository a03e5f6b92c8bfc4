#include "host/store/sqlite/receipts.h"

#include <algorithm>
#include <utility>

#include "fmt/format.h"

namespace concordat::store {
namespace {

absl::StatusOr<std::vector<StoredReceipt>> ReadReceipts(Query& query) {
  std::vector<StoredReceipt> receipts;
  while (true) {
    ASSIGN_OR_RETURN(const bool more, query.Next());
    if (!more) return receipts;
    StoredReceipt receipt;
    receipt.leaf_index = static_cast<uint64_t>(query.Integer(0));
    receipt.id = query.String(1);
    receipt.kind = query.String(2);
    receipt.partner = query.String(3);
    receipt.subject = query.String(4);
    ASSIGN_OR_RETURN(receipt.time, query.Time(5));
    ASSIGN_OR_RETURN(receipt.receipt, query.Json(6));
    receipts.push_back(std::move(receipt));
  }
}

constexpr char kSelect[] = "SELECT leaf_index, id, kind, partner, subject, time, receipt FROM receipts ";

}  // namespace

absl::Status SqliteReceipts::Put(const StoredReceipt& receipt) {
  const std::string document = json::Compact(receipt.receipt);
  return control_.Write([&](Connection& control) -> absl::Status {
    Query known = control.Prepare("SELECT 1 FROM receipts WHERE leaf_index = ? AND id = ? AND receipt = ?");
    known.Bind(static_cast<int64_t>(receipt.leaf_index)).Bind(receipt.id).Bind(document);
    ASSIGN_OR_RETURN(const bool repeated, known.Next());
    if (repeated) return absl::OkStatus();
    const absl::Status status = control.Prepare("INSERT INTO receipts VALUES (?, ?, ?, ?, ?, ?, ?)")
                                    .Bind(static_cast<int64_t>(receipt.leaf_index))
                                    .Bind(receipt.id)
                                    .Bind(receipt.kind)
                                    .Bind(receipt.partner)
                                    .Bind(receipt.subject)
                                    .Bind(receipt.time)
                                    .Bind(document)
                                    .Run();
    if (!absl::IsAlreadyExists(status)) return status;
    return absl::AlreadyExistsError(fmt::format("another receipt than {} stands at leaf {} or under that id",
                                                receipt.id, receipt.leaf_index));
  });
}

absl::StatusOr<StoredReceipt> SqliteReceipts::GetReceipt(const ReceiptId& id) const {
  ASSIGN_OR_RETURN(std::vector<StoredReceipt> found, control_.Read([&](Connection& control) {
    Query query = control.Prepare(std::string(kSelect) + "WHERE id = ?");
    query.Bind(id.str());
    return ReadReceipts(query);
  }));
  if (found.empty()) return absl::NotFoundError(fmt::format("there is no receipt {}", id.str()));
  return std::move(found.front());
}

absl::StatusOr<std::vector<StoredReceipt>> SqliteReceipts::ListReceipts(
    const std::optional<PartnerId>& partner, size_t limit) const {
  const std::string where = partner.has_value() ? "WHERE partner = ? " : "";
  ASSIGN_OR_RETURN(std::vector<StoredReceipt> newest, control_.Read([&](Connection& control) {
    Query query = control.Prepare(kSelect + where + "ORDER BY leaf_index DESC LIMIT ?");
    if (partner.has_value()) query.Bind(partner->str());
    query.Bind(static_cast<int64_t>(limit));
    return ReadReceipts(query);
  }));
  std::reverse(newest.begin(), newest.end());
  return newest;
}

// instr leaves all but the receipts that name it anywhere unparsed.
absl::StatusOr<std::vector<StoredReceipt>> SqliteReceipts::DisclosuresOf(
    const SubmissionId& submission) const {
  return control_.Read([&](Connection& control) {
    Query query =
        control.Prepare(std::string(kSelect) +
                        "WHERE kind = 'disclosure' AND instr(receipt, ?) > 0 AND EXISTS (SELECT 1 FROM "
                        "json_each(receipt, '$.subject.submissions') WHERE value = ?) ORDER BY leaf_index");
    query.Bind(submission.str()).Bind(submission.str());
    return ReadReceipts(query);
  });
}

}  // namespace concordat::store
