#include "host/store/sqlite/attempt_rows.h"

#include <array>
#include <utility>

#include "fmt/format.h"

namespace concordat::store {
namespace {

constexpr char kInsert[] = R"sql(
INSERT INTO attempts (id, feed, partner, dataset, period, number, verdict, state, supersedes, reason,
    submitter, received, due, source_name, source_bytes, source_digest, policy_digest, contract_digest, mends,
    root_source, corrections, result, receipt, accepted, total, file, first_day, last_day)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?))sql";

// ReadRow below reads them in this order.
constexpr char kColumns[] =
    "id, feed, partner, dataset, period, first_day, last_day, number, verdict, "
    "CASE WHEN erased_at IS NULL THEN state ELSE 'erased' END, supersedes, reason, "
    "submitter, received, due, source_name, source_bytes, source_digest, policy_digest, contract_digest, "
    "mends, root_source, corrections, accepted, total, withdrawn_reason, erased_reason";
constexpr char kDocuments[] = "result, receipt, withdrawal_receipt, erasure_receipt";
constexpr char kNoDocuments[] = "NULL, NULL, NULL, NULL";

absl::StatusOr<record::Verdict> VerdictFrom(std::string_view word) {
  constexpr std::array kVerdicts = {record::Verdict::kAccept, record::Verdict::kAcceptWithQuarantine,
                                    record::Verdict::kReject};
  for (const record::Verdict verdict : kVerdicts) {
    if (record::VerdictName(verdict) == word) return verdict;
  }
  return absl::DataLossError(
      fmt::format("the store holds an attempt with the unknown decision \"{}\"", word));
}

absl::StatusOr<Attempt> ReadRow(const Query& row) {
  Attempt attempt;
  int column = 0;
  attempt.id = SubmissionId(row.Text(column++));
  attempt.feed = FeedId(row.Text(column++));
  attempt.partner = PartnerId(row.Text(column++));
  attempt.dataset = DatasetId(row.Text(column++));
  attempt.period = row.String(column++);
  if (!row.IsNull(column)) attempt.days = {row.Integer(column), row.Integer(column + 1)};
  column += 2;
  attempt.number = static_cast<int>(row.Integer(column++));
  ASSIGN_OR_RETURN(attempt.verdict, VerdictFrom(row.Text(column++)));
  for (std::string* text : {&attempt.state, &attempt.supersedes, &attempt.reason, &attempt.submitter}) {
    *text = row.String(column++);
  }
  ASSIGN_OR_RETURN(attempt.received, row.Time(column++));
  ASSIGN_OR_RETURN(attempt.due, row.OptionalTime(column++));
  attempt.source_name = row.String(column++);
  attempt.source_bytes = static_cast<uint64_t>(row.Integer(column++));
  for (std::string* text : {&attempt.source_digest, &attempt.policy_digest, &attempt.contract_digest,
                            &attempt.mends, &attempt.root_source, &attempt.corrections}) {
    *text = row.String(column++);
  }
  attempt.accepted = static_cast<uint64_t>(row.Integer(column++));
  attempt.total = static_cast<uint64_t>(row.Integer(column++));
  attempt.withdrawn_reason = row.String(column++);
  attempt.erased_reason = row.String(column++);
  ASSIGN_OR_RETURN(attempt.result, row.Json(column++));
  ASSIGN_OR_RETURN(attempt.receipt, row.Json(column++));
  ASSIGN_OR_RETURN(attempt.withdrawal_receipt, row.Json(column++));
  ASSIGN_OR_RETURN(attempt.erasure_receipt, row.Json(column++));
  return attempt;
}

}  // namespace

absl::Status InsertAttempt(Connection& control, const Attempt& attempt, const std::string& state,
                           const std::string& corrections, const std::string& file) {
  Query insert = control.Prepare(kInsert);
  insert.Bind(attempt.id.str())
      .Bind(attempt.feed.str())
      .Bind(attempt.partner.str())
      .Bind(attempt.dataset.str());
  insert.Bind(attempt.period)
      .Bind(int64_t{attempt.number})
      .Bind(record::VerdictName(attempt.verdict))
      .Bind(state);
  insert.Bind(attempt.supersedes)
      .Bind(attempt.reason)
      .Bind(attempt.submitter)
      .Bind(attempt.received)
      .Bind(attempt.due);
  insert.Bind(attempt.source_name)
      .Bind(static_cast<int64_t>(attempt.source_bytes))
      .Bind(attempt.source_digest);
  insert.Bind(attempt.policy_digest)
      .Bind(attempt.contract_digest)
      .Bind(attempt.mends)
      .Bind(attempt.root_source);
  insert.Bind(corrections).BindJson(attempt.result).BindJson(attempt.receipt);
  insert.Bind(static_cast<int64_t>(attempt.accepted)).Bind(static_cast<int64_t>(attempt.total));
  if (file.empty()) {
    insert.BindNull();
  } else {
    insert.Bind(file);
  }
  if (attempt.days) {
    insert.Bind(attempt.days->from).Bind(attempt.days->to);
  } else {
    insert.BindNull().BindNull();
  }
  return insert.Run();
}

std::string SelectAttempts(std::string_view rest, bool brief) {
  return fmt::format("SELECT {}, {} FROM attempts {}", kColumns, brief ? kNoDocuments : kDocuments, rest);
}

absl::StatusOr<std::vector<Attempt>> ReadAttempts(Query& query) { return ReadAll(query, ReadRow); }

absl::StatusOr<std::optional<Attempt>> ReadAttempt(Query& query) {
  ASSIGN_OR_RETURN(const bool found, query.Next());
  if (!found) return std::nullopt;
  return ReadRow(query);
}

}  // namespace concordat::store
