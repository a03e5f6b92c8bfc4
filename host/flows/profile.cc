#include "host/flows/profile.h"

#include <algorithm>
#include <thread>

#include "fmt/format.h"
#include "host/flows/text_array.h"
#include "host/profile/column_profiler.h"

namespace concordat::flows {
namespace {

absl::StatusOr<std::vector<std::pair<std::string, std::string>>> OptionsOf(const ProfileRequest& request) {
  Issues issues;
  auto options = adapters::Catalog::ResolveOptions(*request.manifest, policy::Node(), issues);
  for (const auto& [name, value] : request.options) {
    const auto found = std::find_if(options.begin(), options.end(),
                                    [&](const auto& option) { return option.first == name; });
    if (found == options.end()) {
      std::vector<std::string> names;
      for (const auto& option : options) names.push_back(option.first);
      return absl::InvalidArgumentError(fmt::format("adapter {} has no option \"{}\"; {}",
                                                    request.manifest->name, name, DidYouMean(name, names)));
    }
    found->second = value;
  }
  return options;
}

// Columns do not heed each other: each thread looks at its own ones.
class Profilers {
 public:
  explicit Profilers(const std::vector<std::string>& columns) {
    for (const std::string& column : columns) profilers_.emplace_back(column);
  }

  void Add(const data::RawBatch& batch) {
    const size_t threads =
        std::min<size_t>(std::max(1U, std::thread::hardware_concurrency()), profilers_.size());
    std::vector<std::thread> others;
    for (size_t i = 1; i < threads; ++i) others.emplace_back([&, i] { AddColumns(batch, i, threads); });
    AddColumns(batch, 0, threads);
    for (std::thread& other : others) other.join();
  }

  std::vector<profile::ColumnProfile> Finish() {
    std::vector<profile::ColumnProfile> columns;
    for (profile::ColumnProfiler& profiler : profilers_) columns.push_back(profiler.Finish());
    return columns;
  }

 private:
  void AddColumns(const data::RawBatch& batch, size_t first, size_t step) {
    for (size_t i = first; i < profilers_.size() && i < batch.columns.size(); i += step) {
      for (size_t row = 0; row < batch.rows(); ++row)
        profilers_[i].Add(batch.records[row], batch.columns[i]->at(row));
    }
  }

  std::vector<profile::ColumnProfiler> profilers_;
};

json::Array CountsJson(const std::vector<profile::ValueCount>& counts, std::string_view what) {
  json::Array list;
  for (const profile::ValueCount& one : counts)
    list.push_back(json::Object{{what, one.value}, {"count", one.count}});
  return list;
}

json::Object NumbersJson(const profile::NumberSummary& numbers) {
  json::Object quantiles;
  for (const auto& [at, value] : numbers.quantiles) quantiles[fmt::format("{:.0f}%", 100 * at)] = value;
  return {{"count", numbers.count},    {"min", numbers.min},     {"max", numbers.max},
          {"mean", numbers.mean},      {"stdev", numbers.stdev}, {"quantiles", std::move(quantiles)},
          {"sampled", numbers.sampled}};
}

json::Object FieldJson(const profile::ColumnProfile& column) {
  json::Object field{{"name", column.name},
                     {"type", data::LogicalTypeName(column.type)},
                     {"records", column.records},
                     {"values", column.values},
                     {"missing", column.missing()},
                     {"missingTokens", CountsJson(column.missing_tokens, "value")},
                     {"fits", column.fits},
                     {"distinct", column.distinct},
                     {"distinctEstimated", column.distinct_estimated},
                     {"minLength", column.min_length},
                     {"maxLength", column.max_length},
                     {"blanksAtEnds", column.blanks_at_ends},
                     {"top", CountsJson(column.top, "value")},
                     {"topEstimated", column.top_estimated},
                     {"forms", CountsJson(column.forms, "form")}};
  if (!column.format.empty()) field["format"] = column.format;
  if (column.thousands) field["thousands"] = ",";
  if (!column.currency.empty()) field["currency"] = column.currency;
  if (column.parentheses) field["negative"] = "parentheses";
  if (column.also_month_first) field["alsoMonthFirst"] = true;
  if (column.numbers) field["numbers"] = NumbersJson(*column.numbers);
  if (!column.first.empty()) field["first"] = column.first;
  if (!column.last.empty()) field["last"] = column.last;
  json::Array misfits;
  for (const profile::Misfit& misfit : column.misfits)
    misfits.push_back(json::Object{{"record", misfit.record}, {"value", misfit.value}});
  field["misfits"] = std::move(misfits);
  return field;
}

}  // namespace

absl::StatusOr<std::unique_ptr<adapters::Session>> OpenForProfile(const ProfileRequest& request) {
  adapters::Request run;
  run.manifest = request.manifest;
  run.worker = request.worker;
  run.source_fd = request.source.fd;
  run.source_name = request.source.name;
  run.unpack = request.unpack;
  run.limits = request.limits;
  ASSIGN_OR_RETURN(run.options, OptionsOf(request));
  return adapters::Session::Start(run);
}

absl::StatusOr<SourceProfile> ProfileSource(const ProfileRequest& request) {
  ASSIGN_OR_RETURN(const std::unique_ptr<adapters::Session> session, OpenForProfile(request));
  std::optional<Profilers> profilers;
  uint64_t records = 0;
  while (true) {
    adapters::AdapterBatch batch;
    ASSIGN_OR_RETURN(const bool more, session->Next(batch));
    if (!profilers) profilers.emplace(session->columns());
    if (!more) break;
    profilers->Add(batch.records);
    records += batch.records.rows();
    if (request.progress) request.progress(records);
  }
  return SourceProfile{session->facts(), profilers->Finish()};
}

json::Object ProfileJson(const Source& source, const SourceProfile& profile) {
  const data::SourceFacts& facts = profile.facts;
  json::Array fields;
  for (const profile::ColumnProfile& column : profile.columns) fields.push_back(FieldJson(column));
  return json::Object{{"name", source.name},
                      {"bytes", source.bytes},
                      {"records", facts.records},
                      {"blank", facts.blank},
                      {"unreadable", facts.unreadable},
                      {"encoding", facts.encoding},
                      {"delimiter", facts.delimiter},
                      {"headerLine", facts.header_line},
                      {"columns", TextArray(facts.columns)},
                      {"fields", std::move(fields)},
                      {"notes", TextArray(facts.notes)}};
}

}  // namespace concordat::flows
