#include "host/store/sqlite/adapter_records.h"

#include <utility>

namespace concordat::store {
namespace {

absl::StatusOr<AdapterDecision> ReadDecision(const Query& row) {
  AdapterDecision decision;
  decision.adapter = row.String(0);
  decision.version = row.String(1);
  decision.feed = FeedId(row.Text(2));
  decision.what = row.String(3);
  decision.by = row.String(4);
  ASSIGN_OR_RETURN(decision.at, row.Time(5));
  decision.reason = row.String(6);
  decision.receipt = row.String(7);
  return decision;
}

absl::StatusOr<AdapterFailureRecord> ReadFailure(const Query& row) {
  AdapterFailureRecord failure;
  failure.adapter = row.String(0);
  failure.version = row.String(1);
  failure.feed = FeedId(row.Text(2));
  failure.kind = row.String(3);
  failure.cause = row.String(4);
  failure.submission = row.String(5);
  failure.by = row.String(6);
  ASSIGN_OR_RETURN(failure.at, row.Time(7));
  return failure;
}

absl::StatusOr<AdapterTally> ReadTally(const Query& row) {
  AdapterTally tally;
  ASSIGN_OR_RETURN(tally.last, ReadFailure(row));
  tally.adapter = tally.last.adapter;
  tally.version = tally.last.version;
  tally.feed = tally.last.feed;
  tally.failures = static_cast<uint64_t>(row.Integer(8));
  tally.in_a_row = static_cast<uint64_t>(row.Integer(9));
  return tally;
}

absl::Status InsertFailure(Connection& control, const AdapterFailureRecord& failure) {
  return control
      .Prepare(
          "INSERT INTO adapter_failures (adapter, version, feed, kind, cause, submission, by, at)"
          " VALUES (?, ?, ?, ?, ?, ?, ?, ?)")
      .Bind(failure.adapter)
      .Bind(failure.version)
      .Bind(failure.feed.str())
      .Bind(failure.kind)
      .Bind(failure.cause)
      .Bind(failure.submission)
      .Bind(failure.by)
      .Bind(failure.at)
      .Run();
}

absl::Status Tally(Connection& control, const AdapterFailureRecord& failure, bool grave) {
  return control
      .Prepare(
          "INSERT INTO adapter_tallies VALUES (?1, ?2, ?3, 1, ?4)"
          " ON CONFLICT DO UPDATE SET failures = failures + 1, in_a_row = in_a_row + ?4")
      .Bind(failure.adapter)
      .Bind(failure.version)
      .Bind(failure.feed.str())
      .Bind(int64_t{grave})
      .Run();
}

// Somebody who sends a bad file again and again must not fill the disk.
absl::Status ForgetOldest(Connection& control, const AdapterFailureRecord& failure) {
  return control
      .Prepare(
          "DELETE FROM adapter_failures WHERE adapter = ?1 AND version = ?2 AND feed = ?3 AND sequence <= "
          "(SELECT sequence FROM adapter_failures WHERE adapter = ?1 AND version = ?2 AND feed = ?3"
          " ORDER BY sequence DESC LIMIT 1 OFFSET 100)")
      .Bind(failure.adapter)
      .Bind(failure.version)
      .Bind(failure.feed.str())
      .Run();
}

absl::StatusOr<int64_t> InARow(Connection& control, const std::string& adapter, const std::string& version,
                               const FeedId& feed) {
  Query query =
      control.Prepare("SELECT in_a_row FROM adapter_tallies WHERE adapter = ? AND version = ? AND feed = ?");
  query.Bind(adapter).Bind(version).Bind(feed.str());
  ASSIGN_OR_RETURN(const bool found, query.Next());
  return found ? query.Integer(0) : 0;
}

absl::Status EndRows(Connection& control, const std::string& adapter, const std::string& version,
                     const FeedId& feed) {
  return control
      .Prepare(
          "UPDATE adapter_tallies SET in_a_row = 0"
          " WHERE adapter = ?1 AND (?2 = '' OR version = ?2) AND (?3 = '' OR feed = ?3)")
      .Bind(adapter)
      .Bind(version)
      .Bind(feed.str())
      .Run();
}

}  // namespace

absl::Status SqliteAdapterRecords::AddAdapterDecision(const AdapterDecision& decision) {
  return control_.Write([&](Connection& control) -> absl::Status {
    RETURN_IF_ERROR(
        control
            .Prepare("INSERT INTO adapter_decisions (adapter, version, feed, what, by, at, reason,"
                     " receipt) VALUES (?, ?, ?, ?, ?, ?, ?, ?)")
            .Bind(decision.adapter)
            .Bind(decision.version)
            .Bind(decision.feed.str())
            .Bind(decision.what)
            .Bind(decision.by)
            .Bind(decision.at)
            .Bind(decision.reason)
            .Bind(decision.receipt)
            .Run());
    if (decision.what != "enable" && decision.what != "use") return absl::OkStatus();
    return EndRows(control, decision.adapter, decision.version, decision.feed);
  });
}

absl::StatusOr<std::vector<AdapterDecision>> SqliteAdapterRecords::AdapterDecisions() const {
  return control_.Read([](Connection& control) {
    Query query = control.Prepare(
        "SELECT adapter, version, feed, what, by, at, reason, receipt FROM adapter_decisions"
        " ORDER BY sequence");
    return ReadAll(query, ReadDecision);
  });
}

absl::StatusOr<uint64_t> SqliteAdapterRecords::AddAdapterFailure(const AdapterFailureRecord& failure,
                                                                 bool grave) {
  int64_t in_a_row = 0;
  RETURN_IF_ERROR(control_.Write([&](Connection& control) -> absl::Status {
    RETURN_IF_ERROR(InsertFailure(control, failure));
    RETURN_IF_ERROR(Tally(control, failure, grave));
    RETURN_IF_ERROR(ForgetOldest(control, failure));
    ASSIGN_OR_RETURN(in_a_row, InARow(control, failure.adapter, failure.version, failure.feed));
    return absl::OkStatus();
  }));
  return static_cast<uint64_t>(in_a_row);
}

absl::Status SqliteAdapterRecords::EndAdapterFailures(const std::string& adapter, const std::string& version,
                                                      const FeedId& feed) {
  ASSIGN_OR_RETURN(const int64_t in_a_row, control_.Read([&](Connection& control) {
    return InARow(control, adapter, version, feed);
  }));
  if (in_a_row == 0) return absl::OkStatus();
  return control_.Write([&](Connection& control) { return EndRows(control, adapter, version, feed); });
}

absl::StatusOr<std::vector<AdapterTally>> SqliteAdapterRecords::AdapterTallies() const {
  return control_.Read([](Connection& control) {
    Query query = control.Prepare(
        "SELECT f.adapter, f.version, f.feed, f.kind, f.cause, f.submission, f.by, f.at, t.failures, "
        "t.in_a_row"
        " FROM adapter_tallies t JOIN adapter_failures f ON f.sequence = (SELECT max(sequence) FROM"
        " adapter_failures WHERE adapter = t.adapter AND version = t.version AND feed = t.feed)"
        " ORDER BY t.adapter, t.version, t.feed");
    return ReadAll(query, ReadTally);
  });
}

absl::StatusOr<std::vector<AdapterFailureRecord>> SqliteAdapterRecords::AdapterFailures(
    const std::string& adapter, size_t limit) const {
  return control_.Read([&](Connection& control) {
    Query query = control.Prepare(
        "SELECT adapter, version, feed, kind, cause, submission, by, at FROM adapter_failures"
        " WHERE ?1 = '' OR adapter = ?1 ORDER BY sequence DESC LIMIT ?2");
    query.Bind(adapter).Bind(static_cast<int64_t>(limit));
    return ReadAll(query, ReadFailure);
  });
}

}  // namespace concordat::store
