#include "host/store/sqlite/obligations.h"

#include <utility>

#include "fmt/format.h"
#include "host/store/sqlite/text_list.h"

namespace concordat::store {
namespace {

constexpr char kColumns[] =
    "id, kind, partner, role, asked_by, asker, dataset, protocol, disclosure, submission, record_token, "
    "field,"
    " label, reason, created, due, state, closed_at, closed_by, evidence, evidence_digest, outcome, receipts";

std::string ListOf(const std::vector<std::string>& texts) {
  TextList list;
  for (const std::string& text : texts) list.Append(text);
  return std::string(list.Close());
}

absl::StatusOr<Obligation> ReadObligation(const Query& row) {
  Obligation obligation;
  obligation.id = row.String(0);
  obligation.kind = row.String(1);
  obligation.partner = PartnerId(row.Text(2));
  obligation.role = row.String(3);
  obligation.asked_by = PartnerId(row.Text(4));
  obligation.asker = row.String(5);
  obligation.dataset = DatasetId(row.Text(6));
  obligation.protocol = ProtocolId(row.Text(7));
  obligation.disclosure = row.String(8);
  obligation.submission = row.String(9);
  obligation.record_token = row.String(10);
  obligation.field = row.String(11);
  obligation.label = row.String(12);
  obligation.reason = row.String(13);
  ASSIGN_OR_RETURN(obligation.created, row.Time(14));
  ASSIGN_OR_RETURN(obligation.due, row.Time(15));
  obligation.state = row.String(16);
  ASSIGN_OR_RETURN(obligation.closed_at, row.OptionalTime(17));
  obligation.closed_by = row.String(18);
  obligation.evidence = row.String(19);
  obligation.evidence_digest = row.String(20);
  obligation.outcome = row.String(21);
  ASSIGN_OR_RETURN(obligation.receipts, ParseTextList(row.Text(22)));
  return obligation;
}

absl::Status Insert(Connection& control, const Obligation& obligation) {
  const absl::Status status =
      control
          .Prepare(fmt::format("INSERT INTO obligations ({}) VALUES"
                               " (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                               kColumns))
          .Bind(obligation.id)
          .Bind(obligation.kind)
          .Bind(obligation.partner.str())
          .Bind(obligation.role)
          .Bind(obligation.asked_by.str())
          .Bind(obligation.asker)
          .Bind(obligation.dataset.str())
          .Bind(obligation.protocol.str())
          .Bind(obligation.disclosure)
          .Bind(obligation.submission)
          .Bind(obligation.record_token)
          .Bind(obligation.field)
          .BindBytes(obligation.label)
          .BindBytes(obligation.reason)
          .Bind(obligation.created)
          .Bind(obligation.due)
          .Bind(obligation.state)
          .Bind(obligation.closed_at)
          .Bind(obligation.closed_by)
          .BindBytes(obligation.evidence)
          .Bind(obligation.evidence_digest)
          .Bind(obligation.outcome)
          .Bind(ListOf(obligation.receipts))
          .Run();
  if (!absl::IsAlreadyExists(status)) return status;
  return absl::AlreadyExistsError(fmt::format("there is an obligation {} already", obligation.id));
}

// Column and value of every member of the filter that is set.
std::vector<std::pair<const char*, std::string>> TermsOf(const ObligationStore::ObligationFilter& filter) {
  std::vector<std::pair<const char*, std::string>> terms;
  if (filter.partner) terms.emplace_back("partner", filter.partner->str());
  if (filter.asked_by) terms.emplace_back("asked_by", filter.asked_by->str());
  if (filter.dataset) terms.emplace_back("dataset", filter.dataset->str());
  if (!filter.kind.empty()) terms.emplace_back("kind", filter.kind);
  if (!filter.state.empty()) terms.emplace_back("state", filter.state);
  if (!filter.disclosure.empty()) terms.emplace_back("disclosure", filter.disclosure);
  if (!filter.submission.empty()) terms.emplace_back("submission", filter.submission);
  return terms;
}

absl::StatusOr<Obligation> Find(Connection& control, const std::string& id) {
  Query query = control.Prepare(fmt::format("SELECT {} FROM obligations WHERE id = ?", kColumns));
  query.Bind(id);
  ASSIGN_OR_RETURN(const bool found, query.Next());
  if (!found) return absl::NotFoundError(fmt::format("there is no obligation {}", id));
  return ReadObligation(query);
}

}  // namespace

absl::Status SqliteObligations::AddObligations(const std::vector<Obligation>& obligations) {
  return control_.Write([&](Connection& control) -> absl::Status {
    for (const Obligation& obligation : obligations) RETURN_IF_ERROR(Insert(control, obligation));
    return absl::OkStatus();
  });
}

absl::StatusOr<Obligation> SqliteObligations::GetObligation(const std::string& id) const {
  return control_.Read([&](Connection& control) { return Find(control, id); });
}

absl::StatusOr<std::vector<Obligation>> SqliteObligations::ListObligations(
    const ObligationFilter& filter) const {
  const auto terms = TermsOf(filter);
  std::string where;
  for (const auto& [column, value] : terms)
    where += fmt::format(" {} {} = ?", where.empty() ? "WHERE" : "AND", column);
  return control_.Read([&](Connection& control) {
    Query query =
        control.Prepare(fmt::format("SELECT {} FROM obligations{} ORDER BY due, sequence", kColumns, where));
    for (const auto& [column, value] : terms) query.Bind(value);
    return ReadAll(query, ReadObligation);
  });
}

absl::Status SqliteObligations::CloseObligation(const std::string& id, const ObligationClosing& closing) {
  return control_.Write([&](Connection& control) -> absl::Status {
    ASSIGN_OR_RETURN(Obligation known, Find(control, id));
    if (known.state != "open") {
      return absl::FailedPreconditionError(fmt::format("{} is closed already, by {}", id, known.closed_by));
    }
    known.receipts.push_back(closing.receipt);
    return control
        .Prepare(
            "UPDATE obligations SET state = 'closed', closed_at = ?, closed_by = ?, evidence = ?,"
            " evidence_digest = ?, outcome = ?, receipts = ? WHERE id = ?")
        .Bind(closing.time)
        .Bind(closing.by)
        .BindBytes(closing.evidence)
        .Bind(closing.evidence_digest)
        .Bind(closing.outcome)
        .Bind(ListOf(known.receipts))
        .Bind(id)
        .Run();
  });
}

}  // namespace concordat::store
