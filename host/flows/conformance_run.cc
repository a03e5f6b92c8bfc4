#include "host/flows/conformance_run.h"

#include <algorithm>
#include <cstring>

#include "absl/time/clock.h"
#include "fmt/format.h"
#include "host/adapters/failure.h"
#include "host/adapters/memory_file.h"
#include "host/base/digest.h"

namespace concordat::flows {
namespace {

/// A digest over pieces of which each carries its length: no two sequences are alike.
class PieceDigest {
 public:
  void Add(std::string_view piece) {
    const uint64_t size = piece.size();
    stream_.Update({reinterpret_cast<const char*>(&size), sizeof size});
    stream_.Update(piece);
  }
  void Add(uint64_t number) { stream_.Update({reinterpret_cast<const char*>(&number), sizeof number}); }
  std::string Finish() { return stream_.Finish(); }

 private:
  Sha256Stream stream_;
};

/// Records, unreadable ones and findings each have a digest of their own, for batches may cut between them.
class Taker {
 public:
  Taker(const adapters::Manifest& manifest, const AdapterTrial& trial, AdapterOutcome& outcome)
      : manifest_(manifest), trial_(trial), outcome_(outcome) {}

  void Take(const adapters::AdapterBatch& batch, const std::vector<std::string>& columns) {
    for (size_t row = 0; row < batch.records.rows(); ++row) TakeRecord(batch.records, row);
    for (const data::UnreadableRecord& bad : batch.records.unreadable) {
      ++outcome_.unreadable;
      if (bad.reason.empty()) ++outcome_.wordless;
      unreadable_.Add(bad.record);
      unreadable_.Add(bad.line);
      unreadable_.Add(bad.reason);
      unreadable_.Add(bad.raw);
    }
    for (const adapters::Finding& finding : batch.findings) TakeFinding(finding);
    if (trial_.cells != nullptr) LookUp(batch.records, columns);
  }

  void Finish(const adapters::Session& session) {
    const data::SourceFacts& facts = session.facts();
    outcome_.columns = session.columns();
    outcome_.blank = facts.blank;
    PieceDigest all;
    for (const std::string& column : outcome_.columns) all.Add(column);
    for (PieceDigest* part : {&records_, &unreadable_, &findings_}) all.Add(part->Finish());
    all.Add(fmt::format("{}\n{}\n{}\n{}", facts.encoding, facts.delimiter, facts.header_line, facts.blank));
    for (const std::string& note : facts.notes) all.Add(note);
    for (const std::string& column : facts.columns) all.Add(column);
    for (const adapters::Dimension& dimension : session.dimensions()) {
      outcome_.dimensions[dimension.name] = dimension.score;
      all.Add(fmt::format("{} {} {}", dimension.name, dimension.score, dimension.basis));
    }
    outcome_.digest = DigestText(all.Finish());
  }

 private:
  void TakeRecord(const data::RawBatch& batch, size_t row) {
    ++outcome_.records;
    records_.Add(batch.records[row]);
    records_.Add(batch.lines[row]);
    for (const auto& column : batch.columns) records_.Add(column->at(row));
  }

  void TakeFinding(const adapters::Finding& finding) {
    if (finding.outcome == adapters::Finding::Outcome::kFail)
      ++outcome_.findings[manifest_.rules[finding.rule].id];
    findings_.Add(finding.record);
    findings_.Add(finding.rule);
    findings_.Add(static_cast<uint64_t>(finding.outcome));
    findings_.Add(finding.message);
    findings_.Add(finding.mend);
    for (const auto& [column, value] : finding.values) {
      findings_.Add(column);
      findings_.Add(value);
    }
  }

  void LookUp(const data::RawBatch& batch, const std::vector<std::string>& columns) {
    for (const ExpectedCell& wanted : *trial_.cells) {
      const auto row = std::lower_bound(batch.records.begin(), batch.records.end(), wanted.record);
      const auto column = std::find(columns.begin(), columns.end(), wanted.column);
      if (row == batch.records.end() || *row != wanted.record || column == columns.end()) continue;
      outcome_.cells[{wanted.record, wanted.column}] =
          batch.columns[static_cast<size_t>(column - columns.begin())]->at(
              static_cast<size_t>(row - batch.records.begin()));
    }
  }

  const adapters::Manifest& manifest_;
  const AdapterTrial& trial_;
  AdapterOutcome& outcome_;
  PieceDigest records_;
  PieceDigest unreadable_;
  PieceDigest findings_;
};

absl::StatusOr<std::unique_ptr<adapters::Session>> Start(const AdapterBench& bench,
                                                         const AdapterTrial& trial) {
  ASSIGN_OR_RETURN(const adapters::MemoryFile source, adapters::SealedCopy("source", trial.bytes));
  adapters::Request request;
  request.manifest = bench.manifest;
  request.worker = bench.worker;
  request.source_fd = source.fd();
  request.source_name = trial.name;
  Issues none;
  request.options = adapters::Catalog::ResolveOptions(*bench.manifest, policy::Node(), none);
  for (auto& [name, value] : request.options) {
    for (const auto& [wanted, instead] : trial.options) {
      if (name == wanted) value = instead;
    }
  }
  request.references = bench.references;
  request.limits = bench.limits;
  request.limits.batch_rows = trial.batch_rows;
  if (trial.memory_bytes > 0) request.limits.memory_bytes = trial.memory_bytes;
  return adapters::Session::Start(request);
}

absl::Status Drain(const AdapterBench& bench, const AdapterTrial& trial, AdapterOutcome& outcome) {
  ASSIGN_OR_RETURN(const std::unique_ptr<adapters::Session> session, Start(bench, trial));
  Taker taker(*bench.manifest, trial, outcome);
  while (true) {
    adapters::AdapterBatch batch;
    ASSIGN_OR_RETURN(const bool more, session->Next(batch));
    if (!more) break;
    taker.Take(batch, session->columns());
  }
  taker.Finish(*session);
  return absl::OkStatus();
}

// By its own word: one of its verbs answered with a code, and said so; a promise broken is something else.
bool SaidSoItself(const absl::Status& status) {
  const auto failure = adapters::FailureIn(status);
  if (failure && failure->kind != adapters::FailureKind::kFailed &&
      failure->kind != adapters::FailureKind::kRefused)
    return false;
  const std::string_view message = MessageOf(status);
  for (const std::string_view verb :
       {"submit failed: ", "submit (get_next) failed: ", "submit (get_schema) failed: ", "validate failed: ",
        "score failed: ", "concordat_adapter_init failed: "}) {
    if (message.find(verb) != std::string_view::npos)
      return message.find("which adapter.yaml does not declare") == std::string_view::npos;
  }
  return false;
}

}  // namespace

AdapterOutcome RunAdapter(const AdapterBench& bench, const AdapterTrial& trial) {
  AdapterOutcome outcome;
  const absl::Time begin = absl::Now();
  const absl::Status status = Drain(bench, trial, outcome);
  outcome.seconds = absl::ToDoubleSeconds(absl::Now() - begin);
  if (status.ok()) return outcome;
  outcome.message = MessageOf(status);
  outcome.kind = AdapterOutcome::Kind::kBroken;
  if (absl::IsInvalidArgument(status)) outcome.kind = AdapterOutcome::Kind::kRefused;
  if (absl::IsAborted(status) && SaidSoItself(status)) outcome.kind = AdapterOutcome::Kind::kFailed;
  outcome.digest = DigestOf(outcome.message);
  return outcome;
}

std::string InWords(const AdapterOutcome& outcome) {
  switch (outcome.kind) {
    case AdapterOutcome::Kind::kRefused:
      return fmt::format("it refused the source: {}", outcome.message);
    case AdapterOutcome::Kind::kFailed:
    case AdapterOutcome::Kind::kBroken:
      return outcome.message;
    case AdapterOutcome::Kind::kRead:
      break;
  }
  uint64_t failures = 0;
  for (const auto& [rule, count] : outcome.findings) failures += count;
  return fmt::format("it read {} records and {} unreadable ones, with {} findings", outcome.records,
                     outcome.unreadable, failures);
}

}  // namespace concordat::flows
