#include "host/store/sqlite/submissions.h"

#include <set>
#include <utility>

#include "fmt/format.h"
#include "fmt/ranges.h"
#include "host/store/sqlite/attempt_rows.h"
#include "host/store/sqlite/attempt_writer.h"
#include "host/store/sqlite/record_file.h"
#include "host/store/sqlite/record_reader.h"

namespace concordat::store {
namespace {

// Two searches of one index; written as one OR, SQLite would read every attempt of the feed. No period is
// longer than 366 days.
constexpr char kTouching[] =
    "sequence IN (SELECT sequence FROM attempts WHERE feed = ?1 AND last_day BETWEEN ?2 AND ?3 + 366"
    " AND first_day <= ?3 UNION ALL SELECT sequence FROM attempts WHERE feed = ?1 AND last_day IS NULL)";

absl::Status NoSuchAttempt(const SubmissionId& id) {
  return absl::NotFoundError(fmt::format("there is no submission {}", id.str()));
}

/// What an attempt must fit on: read in the transaction that publishes it.
struct Standing {
  std::string current;  // id of the current submission, empty when there is none
  int64_t last_number = 0;
};

absl::StatusOr<Standing> ReadStanding(Connection& control, const Attempt& attempt) {
  Query query = control.Prepare(
      "SELECT (SELECT id FROM attempts WHERE feed = ?1 AND period = ?2 AND state = 'current'),"
      " (SELECT max(number) FROM attempts WHERE feed = ?1 AND period = ?2)");
  query.Bind(attempt.feed.str()).Bind(attempt.period);
  ASSIGN_OR_RETURN(const bool found, query.Next());
  if (!found) return Standing{};
  return Standing{query.String(0), query.Integer(1)};
}

absl::Status CheckFits(const Attempt& attempt, bool accepted, const Standing& standing) {
  const std::string where = fmt::format("{} {}", attempt.feed.str(), attempt.period);
  if (accepted && standing.current != attempt.supersedes) {
    return absl::AbortedError(fmt::format("{}: {} became current meanwhile; submit again", where,
                                          standing.current.empty() ? "nothing" : standing.current));
  }
  if (attempt.number != standing.last_number + 1) {
    return absl::AbortedError(
        fmt::format("{}: attempt {} was received meanwhile; submit again", where, standing.last_number));
  }
  return absl::OkStatus();
}

absl::Status PublishRow(Connection& control, const Attempt& attempt, bool accepted, const std::string& file) {
  ASSIGN_OR_RETURN(const Standing standing, ReadStanding(control, attempt));
  RETURN_IF_ERROR(CheckFits(attempt, accepted, standing));
  if (accepted && !standing.current.empty()) {
    RETURN_IF_ERROR(control.Prepare("UPDATE attempts SET state = 'superseded' WHERE id = ?")
                        .Bind(standing.current)
                        .Run());
  }
  return InsertAttempt(control, attempt, accepted ? "current" : "rejected", file);
}

absl::StatusOr<std::set<std::string>> PublishedFiles(Connection& control) {
  std::set<std::string> files;
  Query query = control.Prepare("SELECT file FROM attempts WHERE file IS NOT NULL");
  while (true) {
    ASSIGN_OR_RETURN(const bool more, query.Next());
    if (!more) return files;
    files.insert(query.String(0));
  }
}

}  // namespace

absl::Status SqliteSubmissions::RemoveStaged() {
  ASSIGN_OR_RETURN(const std::set<std::string> published, control_.Read(PublishedFiles));
  return layout_.Sweep([&](const std::string& name) { return published.count(name) > 0; });
}

absl::Status SqliteSubmissions::CheckNew(const SubmissionId& id) const {
  {
    const std::lock_guard lock(mutex_);
    if (sealed_.count(id) > 0)
      return absl::AlreadyExistsError(fmt::format("attempt {} is sealed already", id.str()));
  }
  const absl::Status published = FindPublished(id).status();
  if (absl::IsNotFound(published)) return absl::OkStatus();
  return published.ok() ? absl::AlreadyExistsError(fmt::format("submission {} exists already", id.str()))
                        : published;
}

absl::StatusOr<std::unique_ptr<AttemptWriter>> SqliteSubmissions::Begin(
    const SubmissionId& id, const DatasetId& dataset, std::shared_ptr<const data::Schema> schema) {
  RETURN_IF_ERROR(CheckNew(id));
  return SqliteAttemptWriter::Create(layout_, id, dataset, std::move(schema),
                                     [this, id](const std::string& name) {
                                       const std::lock_guard lock(mutex_);
                                       sealed_[id] = name;
                                     });
}

absl::StatusOr<std::string> SqliteSubmissions::SealedFile(const Attempt& attempt) const {
  const std::lock_guard lock(mutex_);
  const auto sealed = sealed_.find(attempt.id);
  if (sealed == sealed_.end()) return std::string();
  if (sealed->second == layout_.SealedName(attempt.dataset, attempt.id)) return sealed->second;
  return absl::InvalidArgumentError(fmt::format("the records of {} were written for another dataset than {}",
                                                attempt.id.str(), attempt.dataset.str()));
}

absl::Status SqliteSubmissions::Publish(const Attempt& attempt) {
  const bool accepted = attempt.verdict != record::Verdict::kReject;
  ASSIGN_OR_RETURN(const std::string file, SealedFile(attempt));
  if (accepted && file.empty()) {
    return absl::FailedPreconditionError(fmt::format("the records of {} are not sealed", attempt.id.str()));
  }
  RETURN_IF_ERROR(
      control_.Write([&](Connection& control) { return PublishRow(control, attempt, accepted, file); }));
  const std::lock_guard lock(mutex_);
  sealed_.erase(attempt.id);
  return absl::OkStatus();
}

absl::Status SqliteSubmissions::Withdraw(const SubmissionId& id, const std::string& reason,
                                         const json::Value& receipt) {
  return control_.Write([&](Connection& control) -> absl::Status {
    RETURN_IF_ERROR(
        control
            .Prepare("UPDATE attempts SET state = 'withdrawn', withdrawn_reason = ?, withdrawal_receipt = ?"
                     " WHERE id = ? AND state = 'current'")
            .Bind(reason)
            .BindJson(receipt)
            .Bind(id.str())
            .Run());
    if (control.changes() == 1) return absl::OkStatus();
    Query query = control.Prepare("SELECT state FROM attempts WHERE id = ?");
    query.Bind(id.str());
    ASSIGN_OR_RETURN(const bool found, query.Next());
    if (!found) return NoSuchAttempt(id);
    return absl::FailedPreconditionError(
        fmt::format("submission {} is {}; only a current one can be withdrawn", id.str(), query.Text(0)));
  });
}

absl::StatusOr<Attempt> SqliteSubmissions::Get(const SubmissionId& id) const {
  ASSIGN_OR_RETURN(std::optional<Attempt> attempt, control_.Read([&](Connection& control) {
    Query query = control.Prepare(SelectAttempts("WHERE id = ?"));
    query.Bind(id.str());
    return ReadAttempt(query);
  }));
  if (!attempt.has_value()) return NoSuchAttempt(id);
  return *std::move(attempt);
}

absl::StatusOr<std::optional<Attempt>> SqliteSubmissions::Current(const FeedId& feed,
                                                                  const std::string& period) const {
  return control_.Read([&](Connection& control) {
    Query query = control.Prepare(SelectAttempts("WHERE feed = ? AND period = ? AND state = 'current'"));
    query.Bind(feed.str()).Bind(period);
    return ReadAttempt(query);
  });
}

absl::StatusOr<std::vector<Attempt>> SqliteSubmissions::List(const Filter& filter) const {
  std::vector<std::string_view> conditions;
  std::vector<std::string> values;
  const auto require = [&](std::string_view condition, const std::string& value) {
    conditions.push_back(condition);
    values.push_back(value);
  };
  if (filter.touching) {
    if (!filter.feed) return absl::InvalidArgumentError("periods that touch a span are asked of one feed");
    conditions.emplace_back(kTouching);
  } else if (filter.feed) {
    require("feed = ?", filter.feed->str());
  }
  if (filter.partner) require("partner = ?", filter.partner->str());
  if (filter.period) require("period = ?", *filter.period);
  if (filter.dataset) require("dataset = ?", filter.dataset->str());
  if (filter.current_only) require("state = ?", "current");
  const std::string where = conditions.empty() ? "" : fmt::format("WHERE {}", fmt::join(conditions, " AND "));
  return control_.Read([&](Connection& control) {
    Query query = control.Prepare(SelectAttempts(where + " ORDER BY sequence DESC LIMIT ?", filter.brief));
    if (filter.touching) query.Bind(filter.feed->str()).Bind(filter.touching->from).Bind(filter.touching->to);
    for (const std::string& value : values) query.Bind(value);
    query.Bind(static_cast<int64_t>(filter.limit));
    return ReadAttempts(query);
  });
}

absl::StatusOr<std::optional<Attempt>> SqliteSubmissions::SameBytes(
    const FeedId& feed, const std::string& source_digest, const std::string& other_than_period) const {
  return control_.Read([&](Connection& control) {
    Query query =
        control.Prepare(SelectAttempts("WHERE feed = ? AND source_digest = ? AND period <> ? AND state <> "
                                       "'rejected' ORDER BY sequence DESC LIMIT 1"));
    query.Bind(feed.str()).Bind(source_digest).Bind(other_than_period);
    return ReadAttempt(query);
  });
}

absl::StatusOr<SqliteSubmissions::Published> SqliteSubmissions::FindPublished(const SubmissionId& id) const {
  return control_.Read([&](Connection& control) -> absl::StatusOr<Published> {
    Query query =
        control.Prepare("SELECT sequence, dataset, file, state <> 'rejected' FROM attempts WHERE id = ?");
    query.Bind(id.str());
    ASSIGN_OR_RETURN(const bool found, query.Next());
    if (!found) return NoSuchAttempt(id);
    return Published{query.Integer(0), DatasetId(query.Text(1)), query.String(2), query.Integer(3) != 0};
  });
}

absl::StatusOr<std::unique_ptr<Connection>> SqliteSubmissions::OpenFileOf(const SubmissionId& id) const {
  ASSIGN_OR_RETURN(const Published published, FindPublished(id));
  if (published.file.empty()) return nullptr;
  return OpenRecordFile(layout_.Absolute(published.file));
}

absl::StatusOr<std::vector<std::string>> SqliteSubmissions::SourceColumns(const SubmissionId& id) const {
  ASSIGN_OR_RETURN(const std::unique_ptr<Connection> file, OpenFileOf(id));
  if (file == nullptr) return std::vector<std::string>();
  ASSIGN_OR_RETURN(const std::string columns, GetAbout(*file, "source_columns"));
  return ParseTextList(columns);
}

absl::Status SqliteSubmissions::VisitQuarantined(
    const SubmissionId& id, const std::function<absl::Status(const QuarantinedRecord&)>& visit) const {
  ASSIGN_OR_RETURN(const std::unique_ptr<Connection> file, OpenFileOf(id));
  return file == nullptr ? absl::OkStatus() : VisitQuarantinedIn(*file, visit);
}

absl::Status SqliteSubmissions::VisitFindings(
    const SubmissionId& id, const std::string& rule,
    const std::function<absl::Status(const record::Finding&)>& visit) const {
  ASSIGN_OR_RETURN(const std::unique_ptr<Connection> file, OpenFileOf(id));
  return file == nullptr ? absl::OkStatus() : VisitFindingsIn(*file, rule, visit);
}

absl::Status SqliteSubmissions::ReadRecords(
    const DatasetId& dataset, std::shared_ptr<const data::Schema> schema,
    const std::vector<SubmissionId>& submissions,
    const std::function<absl::Status(const data::Batch&)>& visit) const {
  std::map<int64_t, std::string> files;  // by age
  for (const SubmissionId& id : submissions) {
    ASSIGN_OR_RETURN(const Published published, FindPublished(id));
    if (published.dataset != dataset) {
      return absl::InvalidArgumentError(fmt::format("submission {} is of dataset {}, not of {}", id.str(),
                                                    published.dataset.str(), dataset.str()));
    }
    if (published.accepted) files[published.sequence] = published.file;
  }
  for (const auto& [sequence, name] : files) {
    ASSIGN_OR_RETURN(const std::unique_ptr<Connection> file, OpenRecordFile(layout_.Absolute(name)));
    RETURN_IF_ERROR(ReadRecordsIn(*file, dataset, schema, visit));
  }
  return absl::OkStatus();
}

}  // namespace concordat::store
