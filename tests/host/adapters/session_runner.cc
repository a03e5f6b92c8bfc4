#include "session_runner.h"

#include <sys/prctl.h>
#include <sys/wait.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>

#include "fmt/format.h"
#include "fmt/ranges.h"
#include "host/adapters/memory_file.h"

namespace concordat::adapters {
namespace {

size_t OpenDescriptors() {
  const std::filesystem::directory_iterator all("/proc/self/fd");
  return static_cast<size_t>(std::distance(begin(all), end(all)));
}

const char* OutcomeName(Finding::Outcome outcome) {
  if (outcome == Finding::Outcome::kFail) return "fail";
  return outcome == Finding::Outcome::kSkip ? "skip" : "unresolved";
}

std::string Describe(const Finding& finding, const Manifest& manifest) {
  std::string text =
      fmt::format("{} {} {}", finding.record, manifest.rules[finding.rule].id, OutcomeName(finding.outcome));
  if (!finding.message.empty()) text += ": " + finding.message;
  for (const auto& [column, value] : finding.values) text += fmt::format(" ({}={})", column, value);
  return text;
}

void Note(const AdapterBatch& batch, const Manifest& manifest, Result& result) {
  ++result.batches;
  for (size_t row = 0; row < batch.records.rows(); ++row) {
    std::vector<std::string_view> cells;
    for (const auto& column : batch.records.columns) cells.push_back(column->at(row));
    result.records.push_back(fmt::format("{}@{}: {}", batch.records.records[row], batch.records.lines[row],
                                         fmt::join(cells, "|")));
  }
  for (const data::UnreadableRecord& bad : batch.records.unreadable) {
    result.unreadable.push_back(fmt::format("{}@{}: {} [{}]", bad.record, bad.line, bad.reason, bad.raw));
  }
  for (const Finding& finding : batch.findings) result.findings.push_back(Describe(finding, manifest));
}

const Manifest& ManifestOf(const Trial& trial) {
  const Manifest* manifest = trial.catalog->Find(trial.adapter);
  if (manifest != nullptr) return *manifest;
  static const Manifest none;
  ADD_FAILURE() << "there is no adapter " << trial.adapter;
  return none;
}

std::vector<std::pair<std::string, std::string>> Options(const Trial& trial) {
  Issues issues;
  auto options = Catalog::ResolveOptions(ManifestOf(trial), policy::Node(), issues);
  for (auto& [name, value] : options) {
    for (const auto& [wanted, instead] : trial.options) {
      if (name == wanted) value = instead;
    }
  }
  return options;
}

}  // namespace

absl::StatusOr<std::unique_ptr<Session>> StartTrial(const Trial& trial) {
  ASSIGN_OR_RETURN(const MemoryFile source, SealedCopy("source", trial.source));
  Request request;
  request.manifest = &ManifestOf(trial);
  request.worker = trial.worker;
  request.source_fd = source.fd();
  request.source_name = trial.source_name;
  request.unpack = trial.unpack;
  request.source_key = trial.source_key;
  request.source_bytes = trial.source_bytes;
  request.options = Options(trial);
  request.references = trial.references;
  request.corrections = trial.corrections;
  request.limits = trial.limits;
  return Session::Start(request);
}

Result RunTrial(const Trial& trial) {
  Result result;
  const auto session = StartTrial(trial);
  result.status = session.status();
  while (result.status.ok()) {
    AdapterBatch batch;
    const absl::StatusOr<bool> more = (*session)->Next(batch);
    result.status = more.status();
    if (!more.ok() || !*more) break;
    Note(batch, ManifestOf(trial), result);
  }
  if (!result.status.ok()) return result;
  result.columns = (*session)->columns();
  result.facts = (*session)->facts();
  result.dimensions = (*session)->dimensions();
  return result;
}

Catalog LoadCatalog(const std::string& folder) {
  Issues issues;
  Catalog catalog = Catalog::Load({folder}, issues);
  for (const Issue& issue : issues.list()) ADD_FAILURE() << RenderIssue(issue);
  return catalog;
}

data::RawBatch Table(const std::vector<std::vector<std::string>>& rows) {
  data::RawBatch table;
  for (size_t column = 0; column < rows[0].size(); ++column) {
    auto cells = std::make_shared<data::TextColumn>();
    cells->name = rows[0][column];
    for (size_t row = 1; row < rows.size(); ++row) cells->Append(rows[row][column]);
    table.columns.push_back(std::move(cells));
  }
  for (size_t row = 1; row < rows.size(); ++row) {
    table.records.push_back(row);
    table.lines.push_back(row + 1);
  }
  return table;
}

NothingLeftBehind::NothingLeftBehind() : descriptors_(OpenDescriptors()) {
  // What a worker leaves behind becomes this process's child, and so can be seen.
  prctl(PR_SET_CHILD_SUBREAPER, 1);
}

NothingLeftBehind::~NothingLeftBehind() {
  EXPECT_EQ(waitpid(-1, nullptr, WNOHANG), -1) << "a process was left behind";
  EXPECT_EQ(errno, ECHILD);
  EXPECT_EQ(OpenDescriptors(), descriptors_) << "descriptors were left open";
}

}  // namespace concordat::adapters
