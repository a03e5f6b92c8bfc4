#include "host/store/sqlite/submissions.h"

#include <set>
#include <utility>

#include "fmt/format.h"
#include "fmt/ranges.h"
#include "host/base/encoding.h"
#include "host/store/sqlite/attempt_rows.h"
#include "host/store/sqlite/attempt_writer.h"
#include "host/store/sqlite/judgements.h"
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

// Corrections hold cells; STRICT tables hold texts.
constexpr char kSealedMark[] = "sealed:";
constexpr char kCorrectionsPlace[] = "corrections";

std::string SealedCorrections(const AttemptSeal* seal, const std::string& corrections) {
  if (seal == nullptr || corrections.empty()) return corrections;
  return kSealedMark + Base64Encode(seal->SealText(corrections, kCorrectionsPlace));
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
  const std::shared_ptr<const AttemptSeal> seal =
      data::AnyConfidential(*schema) ? AttemptSeal::New() : nullptr;
  return SqliteAttemptWriter::Create(layout_, id, dataset, std::move(schema), seal,
                                     [this, id, seal](const std::string& name) {
                                       const std::lock_guard lock(mutex_);
                                       sealed_[id] = {name, seal};
                                     });
}

absl::StatusOr<SqliteSubmissions::Staged> SqliteSubmissions::StagedOf(const Attempt& attempt) const {
  const std::lock_guard lock(mutex_);
  const auto sealed = sealed_.find(attempt.id);
  if (sealed == sealed_.end()) return Staged{};
  if (sealed->second.file == layout_.SealedName(attempt.dataset, attempt.id)) return sealed->second;
  return absl::InvalidArgumentError(fmt::format("the records of {} were written for another dataset than {}",
                                                attempt.id.str(), attempt.dataset.str()));
}

absl::Status SqliteSubmissions::PublishRow(Connection& control, const Attempt& attempt, bool accepted,
                                           const Staged& staged) const {
  RETURN_IF_ERROR(CheckNotSignedOff(control, attempt.feed.str(), attempt.period));
  ASSIGN_OR_RETURN(const Standing standing, ReadStanding(control, attempt));
  RETURN_IF_ERROR(CheckFits(attempt, accepted, standing));
  if (accepted && !standing.current.empty()) {
    RETURN_IF_ERROR(control.Prepare("UPDATE attempts SET state = 'superseded' WHERE id = ?")
                        .Bind(standing.current)
                        .Run());
  }
  if (staged.seal != nullptr) RETURN_IF_ERROR(keys_.Keep(control, attempt.dataset, attempt.id, *staged.seal));
  return InsertAttempt(control, attempt, accepted ? "current" : "rejected",
                       SealedCorrections(staged.seal.get(), attempt.corrections), staged.file);
}

absl::Status SqliteSubmissions::Publish(const Attempt& attempt) {
  const bool accepted = attempt.verdict != record::Verdict::kReject;
  ASSIGN_OR_RETURN(const Staged staged, StagedOf(attempt));
  if (accepted && staged.file.empty()) {
    return absl::FailedPreconditionError(fmt::format("the records of {} are not sealed", attempt.id.str()));
  }
  RETURN_IF_ERROR(
      control_.Write([&](Connection& control) { return PublishRow(control, attempt, accepted, staged); }));
  const std::lock_guard lock(mutex_);
  sealed_.erase(attempt.id);
  return absl::OkStatus();
}

absl::Status SqliteSubmissions::Withdraw(const SubmissionId& id, const std::string& reason,
                                         const json::Value& receipt) {
  ASSIGN_OR_RETURN(const Attempt attempt, Get(id));
  return control_.Write([&](Connection& control) -> absl::Status {
    RETURN_IF_ERROR(CheckNotSignedOff(control, attempt.feed.str(), attempt.period));
    RETURN_IF_ERROR(
        control
            .Prepare("UPDATE attempts SET state = 'withdrawn', withdrawn_reason = ?, withdrawal_receipt = ?"
                     " WHERE id = ? AND state = 'current'")
            .Bind(reason)
            .BindJson(receipt)
            .Bind(id.str())
            .Run());
    if (control.changes() == 1) return absl::OkStatus();
    return absl::FailedPreconditionError(
        fmt::format("submission {} is {}; only a current one can be withdrawn", id.str(), attempt.state));
  });
}

absl::StatusOr<Attempt> SqliteSubmissions::Get(const SubmissionId& id) const {
  ASSIGN_OR_RETURN(std::optional<Attempt> attempt, control_.Read([&](Connection& control) {
    Query query = control.Prepare(SelectAttempts("WHERE id = ?"));
    query.Bind(id.str());
    return ReadAttempt(query);
  }));
  if (!attempt.has_value()) return NoSuchAttempt(id);
  RETURN_IF_ERROR(OpenCorrections(*attempt));
  return *std::move(attempt);
}

absl::StatusOr<std::optional<Attempt>> SqliteSubmissions::Current(const FeedId& feed,
                                                                  const std::string& period) const {
  ASSIGN_OR_RETURN(std::optional<Attempt> attempt, control_.Read([&](Connection& control) {
    Query query = control.Prepare(SelectAttempts("WHERE feed = ? AND period = ? AND state = 'current'"));
    query.Bind(feed.str()).Bind(period);
    return ReadAttempt(query);
  }));
  if (attempt) RETURN_IF_ERROR(OpenCorrections(*attempt));
  return attempt;
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
  ASSIGN_OR_RETURN(std::vector<Attempt> attempts, control_.Read([&](Connection& control) {
    Query query = control.Prepare(SelectAttempts(where + " ORDER BY sequence DESC LIMIT ?", filter.brief));
    if (filter.touching) query.Bind(filter.feed->str()).Bind(filter.touching->from).Bind(filter.touching->to);
    for (const std::string& value : values) query.Bind(value);
    query.Bind(static_cast<int64_t>(filter.limit));
    return ReadAttempts(query);
  }));
  for (Attempt& attempt : attempts) {
    if (filter.brief) attempt.corrections.clear();
    RETURN_IF_ERROR(OpenCorrections(attempt));
  }
  return attempts;
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
    Query query = control.Prepare(
        "SELECT sequence, dataset, file, state <> 'rejected', erased_at IS NOT NULL FROM attempts WHERE id = "
        "?");
    query.Bind(id.str());
    ASSIGN_OR_RETURN(const bool found, query.Next());
    if (!found) return NoSuchAttempt(id);
    return Published{query.Integer(0), DatasetId(query.Text(1)), query.String(2), query.Integer(3) != 0,
                     query.Integer(4) != 0};
  });
}

absl::StatusOr<SqliteSubmissions::OpenedFile> SqliteSubmissions::OpenFileOf(const SubmissionId& id) const {
  ASSIGN_OR_RETURN(const Published published, FindPublished(id));
  OpenedFile opened;
  if (published.file.empty()) return opened;
  ASSIGN_OR_RETURN(opened.seal, keys_.Find(id));
  ASSIGN_OR_RETURN(opened.file, OpenRecordFile(layout_.Absolute(published.file)));
  return opened;
}

absl::StatusOr<std::string> SqliteSubmissions::SourceKey(const SubmissionId& id) const {
  ASSIGN_OR_RETURN(const OpenedFile opened, OpenFileOf(id));
  if (opened.file == nullptr || opened.seal == nullptr) return std::string();
  const absl::StatusOr<std::string> text = GetAbout(*opened.file, kSourceKey);
  if (!text.ok()) return std::string();  // it never had one, or gave it up
  const std::optional<std::string> sealed = Base64Decode(*text);
  if (!sealed) return absl::DataLossError(fmt::format("the source key of {} is damaged", id.str()));
  return opened.seal->OpenText(*sealed, kSourceKey);
}

absl::StatusOr<std::vector<std::string>> SqliteSubmissions::SourceColumns(const SubmissionId& id) const {
  ASSIGN_OR_RETURN(const OpenedFile opened, OpenFileOf(id));
  if (opened.file == nullptr) return std::vector<std::string>();
  ASSIGN_OR_RETURN(const std::string columns, GetAbout(*opened.file, "source_columns"));
  return ParseTextList(columns);
}

absl::Status SqliteSubmissions::VisitQuarantined(
    const SubmissionId& id, const std::function<absl::Status(const QuarantinedRecord&)>& visit) const {
  ASSIGN_OR_RETURN(const OpenedFile opened, OpenFileOf(id));
  if (opened.file == nullptr) return absl::OkStatus();
  return VisitQuarantinedIn(*opened.file, opened.seal.get(), visit);
}

absl::Status SqliteSubmissions::VisitFindings(
    const SubmissionId& id, const std::string& rule,
    const std::function<absl::Status(const record::Finding&)>& visit) const {
  ASSIGN_OR_RETURN(const OpenedFile opened, OpenFileOf(id));
  if (opened.file == nullptr) return absl::OkStatus();
  return VisitFindingsIn(*opened.file, opened.seal.get(), rule, visit);
}

absl::Status SqliteSubmissions::ReadRecords(
    const DatasetId& dataset, std::shared_ptr<const data::Schema> schema,
    const std::vector<SubmissionId>& submissions,
    const std::function<absl::Status(const data::Batch&)>& visit) const {
  std::map<int64_t, SubmissionId> files;  // by age
  for (const SubmissionId& id : submissions) {
    ASSIGN_OR_RETURN(const Published published, FindPublished(id));
    if (published.dataset != dataset) {
      return absl::InvalidArgumentError(fmt::format("submission {} is of dataset {}, not of {}", id.str(),
                                                    published.dataset.str(), dataset.str()));
    }
    if (published.erased) {
      return absl::FailedPreconditionError(
          fmt::format("the records of {} were erased; nothing of them is left", id.str()));
    }
    if (published.accepted) files[published.sequence] = id;
  }
  for (const auto& [sequence, id] : files) {
    ASSIGN_OR_RETURN(const OpenedFile opened, OpenFileOf(id));
    if (opened.file == nullptr) return absl::AbortedError(fmt::format("{} was erased meanwhile", id.str()));
    RETURN_IF_ERROR(ReadRecordsIn(*opened.file, opened.seal.get(), dataset, schema, visit));
  }
  return absl::OkStatus();
}

absl::Status SqliteSubmissions::OpenCorrections(Attempt& attempt) const {
  if (!attempt.corrections.starts_with(kSealedMark)) return absl::OkStatus();
  const std::optional<std::string> sealed =
      Base64Decode(std::string_view(attempt.corrections).substr(sizeof kSealedMark - 1));
  ASSIGN_OR_RETURN(const std::shared_ptr<const AttemptSeal> seal, keys_.Find(attempt.id));
  if (!sealed || seal == nullptr)
    return absl::DataLossError(fmt::format("the corrections of {} cannot be opened", attempt.id.str()));
  ASSIGN_OR_RETURN(attempt.corrections, seal->OpenText(*sealed, kCorrectionsPlace));
  return absl::OkStatus();
}

absl::Status SqliteSubmissions::Erase(const SubmissionId& id, const std::string& reason, absl::Time time,
                                      const json::Value& receipt, const json::Value& result) {
  const std::lock_guard lock(erasing_);
  ASSIGN_OR_RETURN(const Published published, FindPublished(id));
  if (published.erased) return absl::FailedPreconditionError(fmt::format("{} is erased already", id.str()));
  RETURN_IF_ERROR(control_.Write([&](Connection& control) -> absl::Status {
    RETURN_IF_ERROR(KeyRing::Destroy(control, id));
    return control
        .Prepare(
            "UPDATE attempts SET file = NULL, corrections = '', erased_at = ?, erased_reason = ?,"
            " erasure_receipt = ?, result = ?, state = iif(state = 'current', 'withdrawn', state) WHERE id = "
            "?")
        .Bind(time)
        .Bind(reason)
        .BindJson(receipt)
        .BindJson(result)
        .Bind(id.str())
        .Run();
  }));
  ForgetPages();
  return published.file.empty() ? absl::OkStatus() : layout_.RemoveSealed(published.file);
}

// The log still holds pages as they were before. A reader may hinder it; the next erasure or start tries
// again.
void SqliteSubmissions::ForgetPages() { control_.TruncateLog().IgnoreError(); }

absl::StatusOr<RemovedRows> SqliteSubmissions::Renew(const SubmissionId& id, const Published& published,
                                                     const Subject& subject, const Scrub& scrub) {
  ASSIGN_OR_RETURN(const OpenedFile opened, OpenFileOf(id));
  if (opened.file == nullptr) return RemovedRows{};
  const std::shared_ptr<const AttemptSeal> fresh = opened.seal == nullptr ? nullptr : AttemptSeal::New();
  const std::string staged = layout_.StagingPath(id);
  const absl::StatusOr<RemovedRows> removed =
      WriteWithout(*opened.file, opened.seal.get(), fresh.get(), published.dataset, subject, staged);
  if (!removed.ok() || !removed->any()) {
    std::remove(staged.c_str());
    return removed;
  }
  ASSIGN_OR_RETURN(const Attempt attempt, Get(id));
  const std::string name = layout_.RenewedName(published.dataset, id);
  RETURN_IF_ERROR(layout_.Seal(id, name));
  RETURN_IF_ERROR(control_.Write([&](Connection& control) -> absl::Status {
    if (fresh != nullptr) RETURN_IF_ERROR(keys_.Keep(control, published.dataset, id, *fresh));
    return control
        .Prepare(
            "UPDATE attempts SET file = ?, result = ?, corrections = '', accepted = accepted - ? WHERE id = "
            "?")
        .Bind(name)
        .BindJson(scrub(attempt.result))
        .Bind(static_cast<int64_t>(removed->accepted))
        .Bind(id.str())
        .Run();
  }));
  RETURN_IF_ERROR(layout_.RemoveSealed(published.file));
  return removed;
}

absl::StatusOr<std::vector<SubmissionStore::ErasedRows>> SqliteSubmissions::EraseSubject(
    const DatasetId& dataset, const std::optional<PartnerId>& partner, const std::string& field,
    const std::string& value, const std::function<json::Value(const json::Value&)>& scrub) {
  if (value.empty()) return absl::InvalidArgumentError("nobody is told apart by an empty value");
  const std::lock_guard lock(erasing_);
  Filter filter;
  filter.dataset = dataset;
  filter.partner = partner;
  filter.brief = true;
  ASSIGN_OR_RETURN(const std::vector<Attempt> attempts, List(filter));
  std::vector<ErasedRows> erased;
  for (const Attempt& attempt : attempts) {
    ASSIGN_OR_RETURN(const Published published, FindPublished(attempt.id));
    ASSIGN_OR_RETURN(const RemovedRows removed, Renew(attempt.id, published, {field, value}, scrub));
    if (!removed.any()) continue;
    erased.push_back({attempt.id, SubmissionId(attempt.root_source), removed.accepted, removed.quarantined,
                      removed.findings});
  }
  ForgetPages();
  return erased;
}

}  // namespace concordat::store
