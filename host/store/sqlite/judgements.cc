#include "host/store/sqlite/judgements.h"

#include <utility>

#include "fmt/format.h"
#include "host/base/clock.h"

namespace concordat::store {
namespace {

constexpr char kAcceptance[] =
    "submission, feed, partner, dataset, period, rule, reason, by, at, until, receipt";
constexpr char kSignOff[] =
    "submission, feed, partner, dataset, period, reopened, assurance, comment, by, at, receipt";

absl::StatusOr<Acceptance> ReadAcceptance(const Query& row) {
  Acceptance acceptance;
  acceptance.submission = SubmissionId(row.Text(0));
  acceptance.feed = FeedId(row.Text(1));
  acceptance.partner = PartnerId(row.Text(2));
  acceptance.dataset = DatasetId(row.Text(3));
  acceptance.period = row.String(4);
  acceptance.rule = row.String(5);
  acceptance.reason = row.String(6);
  acceptance.by = row.String(7);
  ASSIGN_OR_RETURN(acceptance.at, row.Time(8));
  acceptance.until = row.String(9);
  ASSIGN_OR_RETURN(acceptance.receipt, row.Json(10));
  return acceptance;
}

absl::StatusOr<SignOff> ReadSignOff(const Query& row) {
  SignOff sign_off;
  sign_off.submission = SubmissionId(row.Text(0));
  sign_off.feed = FeedId(row.Text(1));
  sign_off.partner = PartnerId(row.Text(2));
  sign_off.dataset = DatasetId(row.Text(3));
  sign_off.period = row.String(4);
  sign_off.reopened = row.Integer(5) != 0;
  sign_off.assurance = row.String(6);
  sign_off.comment = row.String(7);
  sign_off.by = row.String(8);
  ASSIGN_OR_RETURN(sign_off.at, row.Time(9));
  ASSIGN_OR_RETURN(sign_off.receipt, row.Json(10));
  return sign_off;
}

// Column and value of every member of the filter that is set.
std::vector<std::pair<const char*, std::string>> TermsOf(const JudgementStore::JudgementFilter& filter) {
  std::vector<std::pair<const char*, std::string>> terms;
  if (filter.submission) terms.emplace_back("submission = ?", filter.submission->str());
  if (filter.feed) terms.emplace_back("feed = ?", filter.feed->str());
  if (filter.partner) terms.emplace_back("partner = ?", filter.partner->str());
  if (filter.dataset) terms.emplace_back("dataset = ?", filter.dataset->str());
  if (filter.period) terms.emplace_back("period = ?", *filter.period);
  return terms;
}

// All rows of `table` that fit, oldest first.
template <typename Row>
absl::StatusOr<std::vector<Row>> ReadRows(Connection& control, const char* columns, const char* table,
                                          const JudgementStore::JudgementFilter& filter,
                                          absl::StatusOr<Row> (*read)(const Query&)) {
  const auto terms = TermsOf(filter);
  std::string where;
  for (const auto& [condition, value] : terms)
    where += (where.empty() ? " WHERE " : " AND ") + std::string(condition);
  Query query = control.Prepare(fmt::format("SELECT {} FROM {}{} ORDER BY sequence", columns, table, where));
  for (const auto& [condition, value] : terms) query.Bind(value);
  return ReadAll(query, read);
}

absl::StatusOr<std::optional<SignOff>> Standing(Connection& control, std::string_view feed,
                                                std::string_view period) {
  Query query = control.Prepare(fmt::format(
      "SELECT {} FROM sign_offs WHERE feed = ? AND period = ? ORDER BY sequence DESC LIMIT 1", kSignOff));
  query.Bind(feed).Bind(period);
  ASSIGN_OR_RETURN(const bool found, query.Next());
  if (!found || query.Integer(5) != 0) return std::nullopt;
  return ReadSignOff(query);
}

absl::StatusOr<std::string> StateOf(Connection& control, const SubmissionId& id) {
  Query query = control.Prepare("SELECT iif(erased_at IS NULL, state, 'erased') FROM attempts WHERE id = ?");
  query.Bind(id.str());
  ASSIGN_OR_RETURN(const bool found, query.Next());
  if (!found) return absl::NotFoundError(fmt::format("there is no submission {}", id.str()));
  return query.String(0);
}

absl::Status CheckMaySignOff(Connection& control, const SignOff& sign_off) {
  RETURN_IF_ERROR(CheckNotSignedOff(control, sign_off.feed.str(), sign_off.period));
  ASSIGN_OR_RETURN(const std::string state, StateOf(control, sign_off.submission));
  if (state == "current") return absl::OkStatus();
  return absl::FailedPreconditionError(fmt::format(
      "submission {} is {}; only a current one can be signed off", sign_off.submission.str(), state));
}

absl::Status CheckMayReopen(Connection& control, const SignOff& sign_off) {
  RETURN_IF_ERROR(StateOf(control, sign_off.submission).status());
  ASSIGN_OR_RETURN(const std::optional<SignOff> standing,
                   Standing(control, sign_off.feed.str(), sign_off.period));
  if (standing && standing->submission == sign_off.submission) return absl::OkStatus();
  return absl::FailedPreconditionError(
      standing ? fmt::format("{} {} is signed off with {}, not with {}", sign_off.feed.str(), sign_off.period,
                             standing->submission.str(), sign_off.submission.str())
               : fmt::format("{} {} is not signed off", sign_off.feed.str(), sign_off.period));
}

}  // namespace

absl::Status CheckNotSignedOff(Connection& control, std::string_view feed, std::string_view period) {
  ASSIGN_OR_RETURN(const std::optional<SignOff> standing, Standing(control, feed, period));
  if (!standing) return absl::OkStatus();
  return absl::FailedPreconditionError(
      fmt::format("{} {} is signed off: by {} on {} ({}, {}); reopen it first", feed, period, standing->by,
                  TimeText(standing->at), standing->submission.str(), standing->assurance));
}

absl::Status SqliteJudgements::AddAcceptance(const Acceptance& acceptance) {
  return control_.Write([&](Connection& control) -> absl::Status {
    RETURN_IF_ERROR(StateOf(control, acceptance.submission).status());
    return control
        .Prepare(
            fmt::format("INSERT INTO acceptances ({}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", kAcceptance))
        .Bind(acceptance.submission.str())
        .Bind(acceptance.feed.str())
        .Bind(acceptance.partner.str())
        .Bind(acceptance.dataset.str())
        .Bind(acceptance.period)
        .Bind(acceptance.rule)
        .Bind(acceptance.reason)
        .Bind(acceptance.by)
        .Bind(acceptance.at)
        .Bind(acceptance.until)
        .BindJson(acceptance.receipt)
        .Run();
  });
}

absl::StatusOr<std::vector<Acceptance>> SqliteJudgements::Acceptances(const JudgementFilter& filter) const {
  return control_.Read([&](Connection& control) {
    return ReadRows(control, kAcceptance, "acceptances", filter, &ReadAcceptance);
  });
}

absl::Status SqliteJudgements::AddSignOff(const SignOff& sign_off) {
  return control_.Write([&](Connection& control) -> absl::Status {
    RETURN_IF_ERROR(sign_off.reopened ? CheckMayReopen(control, sign_off)
                                      : CheckMaySignOff(control, sign_off));
    return control
        .Prepare(fmt::format("INSERT INTO sign_offs ({}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", kSignOff))
        .Bind(sign_off.submission.str())
        .Bind(sign_off.feed.str())
        .Bind(sign_off.partner.str())
        .Bind(sign_off.dataset.str())
        .Bind(sign_off.period)
        .Bind(static_cast<int64_t>(sign_off.reopened))
        .Bind(sign_off.assurance)
        .Bind(sign_off.comment)
        .Bind(sign_off.by)
        .Bind(sign_off.at)
        .BindJson(sign_off.receipt)
        .Run();
  });
}

absl::StatusOr<std::vector<SignOff>> SqliteJudgements::SignOffs(const JudgementFilter& filter) const {
  return control_.Read(
      [&](Connection& control) { return ReadRows(control, kSignOff, "sign_offs", filter, &ReadSignOff); });
}

absl::StatusOr<std::optional<SignOff>> SqliteJudgements::StandingSignOff(const FeedId& feed,
                                                                         const std::string& period) const {
  return control_.Read([&](Connection& control) { return Standing(control, feed.str(), period); });
}

}  // namespace concordat::store
