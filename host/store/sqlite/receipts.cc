#include "host/store/sqlite/receipts.h"

#include <algorithm>
#include <utility>

#include "fmt/format.h"
#include "host/store/sqlite/text_list.h"

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

// That a transfer began is told until its end is: then the end says it all.
constexpr char kTold[] = "(stage <> 'begun' OR id IN (SELECT receipt FROM open_transfers)) ";
constexpr char kSelect[] = "SELECT leaf_index, id, kind, partner, subject, time, receipt FROM receipts ";

const json::Value& MemberOf(const json::Value& object, std::string_view name) {
  static const json::Value none;
  const json::Value* found = json::Find(object, name);
  return found == nullptr ? none : *found;
}

std::vector<std::string_view> TextsOf(const json::Value& list) {
  std::vector<std::string_view> texts;
  if (!list.is_array()) return texts;
  for (const json::Value& item : list.get_array()) {
    const json::Value& text =
        item.is_object() ? MemberOf(item, "field") : item;  // {field, form} or a plain text
    if (text.is_string()) texts.emplace_back(text.get_string().data(), text.get_string().size());
  }
  return texts;
}

int64_t RowsOf(const json::Value& records) {
  for (const char* name : {"released", "accepted"}) {
    const json::Value& count = MemberOf(records, name);
    if (count.is_number()) return count.to_number<int64_t>();
  }
  return 0;
}

absl::Status InsertReceipt(Connection& control, const StoredReceipt& receipt, const std::string& document) {
  const json::Value& subject = MemberOf(receipt.receipt, "subject");
  const absl::Status status =
      control
          .Prepare(
              "INSERT INTO receipts (leaf_index, id, kind, partner, subject, time, receipt, dataset, "
              "protocol,"
              " purpose, decision, released, stage) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
          .Bind(static_cast<int64_t>(receipt.leaf_index))
          .Bind(receipt.id)
          .Bind(receipt.kind)
          .Bind(receipt.partner)
          .Bind(receipt.subject)
          .Bind(receipt.time)
          .Bind(document)
          .Bind(json::TextOr(subject, "dataset", ""))
          .Bind(json::TextOr(subject, "protocol", ""))
          .Bind(json::TextOr(subject, "purpose", ""))
          .Bind(json::TextOr(receipt.receipt, "decision", ""))
          .Bind(RowsOf(MemberOf(receipt.receipt, "records")))
          .Bind(json::TextOr(subject, "stage", ""))
          .Run();
  if (!absl::IsAlreadyExists(status)) return status;
  return absl::AlreadyExistsError(fmt::format("another receipt than {} stands at leaf {} or under that id",
                                              receipt.id, receipt.leaf_index));
}

absl::Status InsertList(Connection& control, const char* sql, uint64_t leaf, const json::Value& list) {
  for (const std::string_view text : TextsOf(list)) {
    RETURN_IF_ERROR(control.Prepare(sql).Bind(static_cast<int64_t>(leaf)).Bind(text).Run());
  }
  return absl::OkStatus();
}

// What it released and whose data that was, for those who ask by it.
absl::Status IndexReceipt(Connection& control, const StoredReceipt& receipt) {
  const json::Value& subject = MemberOf(receipt.receipt, "subject");
  RETURN_IF_ERROR(InsertList(control,
                             "INSERT OR IGNORE INTO receipt_fields (leaf_index, field) VALUES (?, ?)",
                             receipt.leaf_index, MemberOf(subject, "fields")));
  if (!MemberOf(subject, "givers").is_null()) {
    return InsertList(control, "INSERT OR IGNORE INTO receipt_givers (leaf_index, giver) VALUES (?, ?)",
                      receipt.leaf_index, MemberOf(subject, "givers"));
  }
  return InsertList(control,
                    "INSERT OR IGNORE INTO receipt_givers (leaf_index, giver)"
                    " SELECT ?, partner FROM attempts WHERE id = ?",
                    receipt.leaf_index, MemberOf(subject, "submissions"));
}

// The conditions of a filter and the texts they are bound to, in one order.
class Conditions {
 public:
  explicit Conditions(const ReceiptFilter& filter) {
    static constexpr char kGivenBy[] =
        "leaf_index IN (SELECT leaf_index FROM receipt_givers WHERE giver = ?)";
    Add(kTold, {});
    if (filter.given_to) Add("partner = ?", {filter.given_to->str()});
    if (filter.given_by) Add(kGivenBy, {filter.given_by->str()});
    if (filter.seen_by)
      Add(fmt::format("(partner = ? OR {})", kGivenBy), {filter.seen_by->str(), filter.seen_by->str()});
    if (!filter.dataset.empty()) Add("dataset = ?", {filter.dataset.str()});
    if (!filter.protocol.empty()) Add("protocol = ?", {filter.protocol.str()});
    if (!filter.purpose.empty()) Add("purpose = ?", {filter.purpose});
    if (!filter.kind.empty()) Add("kind = ?", {filter.kind});
    if (!filter.field.empty())
      Add("leaf_index IN (SELECT leaf_index FROM receipt_fields WHERE field = ?)", {filter.field});
    if (filter.ids) AddIds(*filter.ids);
    from_ = filter.from;
    until_ = filter.until;
    if (from_) Add("time >= ?", {});
    if (until_) Add("time < ?", {});
  }
  const std::string& sql() const { return sql_; }
  void BindTo(Query& query) const {
    for (const std::string& text : texts_) query.Bind(text);
    if (from_) query.Bind(*from_);
    if (until_) query.Bind(*until_);
  }

 private:
  void Add(std::string_view condition, std::vector<std::string> texts) {
    sql_ += sql_.empty() ? "WHERE " : "AND ";
    sql_ += condition;
    sql_ += ' ';
    texts_.insert(texts_.end(), texts.begin(), texts.end());
  }
  void AddIds(const std::vector<std::string>& ids) {
    TextList list;
    for (const std::string& id : ids) list.Append(id);
    Add("id IN (SELECT value FROM json_each(?))", {std::string(list.Close())});
  }

  std::string sql_;
  std::vector<std::string> texts_;
  std::optional<absl::Time> from_, until_;
};

}  // namespace

absl::Status SqliteReceipts::Put(const StoredReceipt& receipt) {
  const std::string document = json::Compact(receipt.receipt);
  return control_.Write([&](Connection& control) -> absl::Status {
    Query known = control.Prepare("SELECT 1 FROM receipts WHERE leaf_index = ? AND id = ? AND receipt = ?");
    known.Bind(static_cast<int64_t>(receipt.leaf_index)).Bind(receipt.id).Bind(document);
    ASSIGN_OR_RETURN(const bool repeated, known.Next());
    if (repeated) return absl::OkStatus();
    RETURN_IF_ERROR(InsertReceipt(control, receipt, document));
    return IndexReceipt(control, receipt);
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
  const std::string where = fmt::format("WHERE {}{}", kTold, partner.has_value() ? "AND partner = ? " : "");
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
                        "json_each(receipt, '$.subject.submissions') WHERE value = ?) AND " +
                        kTold + "ORDER BY leaf_index");
    query.Bind(submission.str()).Bind(submission.str());
    return ReadReceipts(query);
  });
}

absl::StatusOr<std::vector<StoredReceipt>> SqliteReceipts::FindReceipts(const ReceiptFilter& filter) const {
  const Conditions conditions(filter);
  return control_.Read([&](Connection& control) {
    Query query = control.Prepare(kSelect + conditions.sql() + "ORDER BY leaf_index DESC LIMIT ?");
    conditions.BindTo(query);
    query.Bind(static_cast<int64_t>(filter.limit));
    return ReadReceipts(query);
  });
}

absl::StatusOr<std::vector<ReceiptSum>> SqliteReceipts::SumReceipts(const ReceiptFilter& filter) const {
  const Conditions conditions(filter);
  return control_.Read([&](Connection& control) -> absl::StatusOr<std::vector<ReceiptSum>> {
    // The givers of one receipt as one text, so that its rows are counted once however many they are.
    Query query = control.Prepare(
        "SELECT kind, partner, (SELECT json_group_array(giver) FROM (SELECT giver FROM receipt_givers"
        " WHERE receipt_givers.leaf_index = receipts.leaf_index ORDER BY giver)) AS givers, dataset, "
        "protocol,"
        " purpose, decision, count(*), sum(released) FROM receipts " +
        conditions.sql() +
        "GROUP BY dataset, partner, protocol, purpose, givers, kind, decision "
        "ORDER BY dataset, partner, protocol, purpose, givers, kind, decision");
    conditions.BindTo(query);
    std::vector<ReceiptSum> sums;
    while (true) {
      ASSIGN_OR_RETURN(const bool more, query.Next());
      if (!more) return sums;
      ReceiptSum sum;
      sum.kind = query.String(0);
      sum.partner = query.String(1);
      ASSIGN_OR_RETURN(sum.givers, ParseTextList(query.Text(2)));
      sum.dataset = query.String(3);
      sum.protocol = query.String(4);
      sum.purpose = query.String(5);
      sum.decision = query.String(6);
      sum.receipts = static_cast<uint64_t>(query.Integer(7));
      sum.rows = static_cast<uint64_t>(query.Integer(8));
      sums.push_back(std::move(sum));
    }
  });
}

}  // namespace concordat::store
