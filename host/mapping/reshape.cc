#include "host/mapping/reshape.h"

#include <algorithm>
#include <set>

#include "fmt/format.h"
#include "host/base/source.h"
#include "host/data/parse.h"
#include "host/expr/pattern.h"
#include "host/mapping/name_match.h"

namespace concordat::mapping {
namespace {

constexpr std::string_view kColumnGroup = "column";  // the group that names the value's column
constexpr size_t kMostPivots = 10'000;

absl::StatusOr<size_t> PlaceOf(const std::string& what, const std::string& name,
                               const std::vector<std::string>& columns) {
  const std::vector<size_t> found = ColumnsNamed(name, columns);
  if (!found.empty()) return found.front();
  return absl::InvalidArgumentError(
      fmt::format("{}: the file has no column \"{}\"; {}", what, name, DidYouMean(name, columns)));
}

std::shared_ptr<data::TextColumn> NewColumn(std::string name, size_t rows) {
  auto column = std::make_shared<data::TextColumn>();
  column->name = std::move(name);
  column->offsets.reserve(rows + 1);
  return column;
}

}  // namespace

absl::StatusOr<Reshaper> Reshaper::Create(const policy::Feed& feed,
                                          const std::vector<std::string>& source_columns) {
  const policy::Mapping& mapping = policy::MappingIn(feed);
  Reshaper made;
  made.columns_ = source_columns;
  for (const std::string& column : mapping.fill_down) {
    ASSIGN_OR_RETURN(const size_t place,
                     PlaceOf(fmt::format("fill_down of feed {}", feed.id.str()), column, source_columns));
    made.fill_down_.push_back(place);
    made.last_.emplace_back();
  }
  if (!mapping.rows.empty()) {
    SourceExpression::Result compiled = SourceExpression::Compile(mapping.rows, /*condition=*/true);
    if (!compiled.issues.empty())
      return absl::InvalidArgumentError(
          fmt::format("rows of feed {}: {}", feed.id.str(), compiled.issues.front().message));
    const auto places = compiled.expression.Places(source_columns);
    if (!places.ok())
      return absl::InvalidArgumentError(
          fmt::format("rows of feed {}: {}", feed.id.str(), MessageOf(places.status())));
    made.row_places_ = *places;
    made.rows_ = std::move(compiled.expression);
  }
  if (mapping.unpivot) {
    const absl::Status planned = made.PlanUnpivot(*mapping.unpivot, source_columns);
    if (!planned.ok())
      return absl::InvalidArgumentError(
          fmt::format("unpivot of feed {}: {}", feed.id.str(), MessageOf(planned)));
  }
  return made;
}

absl::Status Reshaper::PlanByPattern(const policy::Unpivot& unpivot,
                                     const std::vector<std::string>& source_columns,
                                     std::vector<bool>& used) {
  ASSIGN_OR_RETURN(const std::shared_ptr<const RE2> pattern, expr::CompilePattern(unpivot.pattern));
  const std::map<int, std::string>& names = pattern->CapturingGroupNames();
  int column_group = 0;
  std::vector<int> part_groups;
  for (const auto& [group, name] : names) {
    if (name == kColumnGroup) {
      column_group = group;
    } else {
      part_groups.push_back(group);
      part_names_.push_back(name);
    }
  }
  std::map<std::vector<std::string>, size_t> by_parts;
  std::vector<re2::StringPiece> groups(static_cast<size_t>(pattern->NumberOfCapturingGroups()) + 1);
  for (size_t i = 0; i < source_columns.size(); ++i) {
    const std::string_view header = data::Trim(source_columns[i]);
    if (!pattern->Match({header.data(), header.size()}, 0, header.size(), RE2::ANCHOR_BOTH, groups.data(),
                        static_cast<int>(groups.size())))
      continue;
    used[i] = true;
    const auto text = [&](int group) {
      const re2::StringPiece& piece = groups[static_cast<size_t>(group)];
      return piece.data() == nullptr ? std::string() : std::string(data::Trim({piece.data(), piece.size()}));
    };
    std::vector<std::string> parts;
    for (const int group : part_groups) parts.push_back(text(group));
    const std::string value_name = column_group > 0 ? text(column_group) : unpivot.value_to;
    auto value = std::find(value_names_.begin(), value_names_.end(), value_name);
    if (value == value_names_.end()) value = value_names_.insert(value, value_name);
    const size_t at = static_cast<size_t>(value - value_names_.begin());
    // Only columns with other values of the same thing stand in one record.
    const bool together = column_group > 0;
    const auto [known, is_new] = by_parts.emplace(parts, pivots_.size());
    size_t index = known->second;
    if (!together || is_new) {
      index = pivots_.size();
      pivots_.push_back({std::string(header), parts, {}});
    }
    std::vector<int>& sources = pivots_[index].sources;
    if (sources.size() <= at) sources.resize(at + 1, -1);
    if (sources[at] >= 0) {
      return absl::InvalidArgumentError(fmt::format("the columns \"{}\" and \"{}\" would be one value",
                                                    source_columns[static_cast<size_t>(sources[at])],
                                                    header));
    }
    sources[at] = static_cast<int>(i);
  }
  return absl::OkStatus();
}

absl::Status Reshaper::PlanUnpivot(const policy::Unpivot& unpivot,
                                   const std::vector<std::string>& source_columns) {
  std::vector<bool> used(source_columns.size(), false);
  const auto take = [&](size_t i) {
    used[i] = true;
    pivots_.push_back({std::string(data::Trim(source_columns[i])), {}, {static_cast<int>(i)}});
  };
  if (!unpivot.pattern.empty()) {
    RETURN_IF_ERROR(PlanByPattern(unpivot, source_columns, used));
    if (pivots_.empty())
      return absl::InvalidArgumentError(fmt::format("no column of the file matches \"{}\"", unpivot.pattern));
  } else {
    value_names_ = {unpivot.value_to};
    for (const std::string& name : unpivot.columns) {
      ASSIGN_OR_RETURN(const size_t place, PlaceOf("columns", name, source_columns));
      if (!used[place]) take(place);
    }
    std::set<size_t> stay;
    for (const std::string& name : unpivot.except) {
      ASSIGN_OR_RETURN(const size_t place, PlaceOf("except", name, source_columns));
      stay.insert(place);
    }
    for (size_t i = 0; !unpivot.except.empty() && i < source_columns.size(); ++i) {
      if (stay.count(i) == 0) take(i);
    }
  }
  if (pivots_.empty() || pivots_.size() > kMostPivots)
    return absl::InvalidArgumentError(fmt::format("{} columns would become records", pivots_.size()));
  for (Pivot& pivot : pivots_) pivot.sources.resize(value_names_.size(), -1);
  leave_out_empty_ = unpivot.leave_out_empty;
  names_ = !unpivot.name_to.empty();
  columns_.clear();
  for (size_t i = 0; i < source_columns.size(); ++i) {
    if (used[i]) continue;
    kept_.push_back(i);
    columns_.push_back(source_columns[i]);
  }
  if (names_) columns_.push_back(unpivot.name_to);
  columns_.insert(columns_.end(), part_names_.begin(), part_names_.end());
  columns_.insert(columns_.end(), value_names_.begin(), value_names_.end());
  for (size_t i = kept_.size(); i < columns_.size(); ++i) {
    if (std::find(columns_.begin(), columns_.begin() + static_cast<int64_t>(i), columns_[i]) !=
        columns_.begin() + static_cast<int64_t>(i)) {
      return absl::InvalidArgumentError(
          fmt::format("there would be two columns \"{}\"; choose another name", columns_[i]));
    }
  }
  return absl::OkStatus();
}

absl::Status Reshaper::Mend(const std::vector<std::string>& columns, const Mended& mended) {
  std::vector<int> place_in_mended;
  for (const std::string& column : columns_) {
    const auto at = std::find(columns.begin(), columns.end(), column);
    place_in_mended.push_back(at == columns.end() ? -1 : static_cast<int>(at - columns.begin()));
  }
  for (const auto& [record, cells] : mended) {
    std::optional<std::vector<std::string>>& own = mended_[record];
    own.reset();
    if (!cells) continue;
    if (cells->size() != columns.size())
      return absl::InvalidArgumentError("a mended record has other columns");
    own.emplace();
    for (const int place : place_in_mended)
      own->push_back(place < 0 ? std::string() : (*cells)[static_cast<size_t>(place)]);
  }
  return absl::OkStatus();
}

void Reshaper::FillDown(data::RawBatch& raw) {
  for (size_t i = 0; i < fill_down_.size(); ++i) {
    const data::TextColumn& from = *raw.columns[fill_down_[i]];
    auto filled = NewColumn(from.name, raw.rows());
    for (size_t row = 0; row < raw.rows(); ++row) {
      const std::string_view text = from.at(row);
      if (!data::Trim(text).empty()) last_[i] = std::string(text);
      filled->Append(last_[i]);
    }
    raw.columns[fill_down_[i]] = std::move(filled);
  }
}

void Reshaper::TakeRows(data::RawBatch& raw) {
  std::vector<expr::Truth> truths;
  rows_->Judge(raw, row_places_, truths);
  std::vector<size_t> taken;
  for (size_t row = 0; row < raw.rows(); ++row) {
    // A row of which it cannot be told is kept: rules may judge it, nobody would miss it else.
    if (truths[row] == expr::Truth::kError) ++undecided_;
    if (truths[row] != expr::Truth::kFalse) taken.push_back(row);
  }
  left_out_ += raw.rows() - taken.size();
  if (taken.size() == raw.rows()) return;
  for (auto& column : raw.columns) {
    auto kept = NewColumn(column->name, taken.size());
    for (const size_t row : taken) kept->Append(column->at(row));
    column = std::move(kept);
  }
  for (size_t i = 0; i < taken.size(); ++i) {
    raw.records[i] = raw.records[taken[i]];
    raw.lines[i] = raw.lines[taken[i]];
  }
  raw.records.resize(taken.size());
  raw.lines.resize(taken.size());
}

data::RawBatch Reshaper::Unpivoted(const data::RawBatch& raw) const {
  data::RawBatch out;
  std::vector<std::shared_ptr<data::TextColumn>> columns;
  for (const std::string& name : columns_) columns.push_back(NewColumn(name, raw.rows() * pivots_.size()));
  for (size_t row = 0; row < raw.rows(); ++row) {
    for (size_t p = 0; p < pivots_.size(); ++p) {
      const Pivot& pivot = pivots_[p];
      const bool empty = std::all_of(pivot.sources.begin(), pivot.sources.end(), [&](int source) {
        return source < 0 || data::Trim(raw.columns[static_cast<size_t>(source)]->at(row)).empty();
      });
      if (empty && leave_out_empty_) continue;
      out.records.push_back(FirstOf(raw.records[row]) + p);
      out.lines.push_back(raw.lines[row]);
      size_t at = 0;
      for (const size_t kept : kept_) columns[at++]->Append(raw.columns[kept]->at(row));
      if (names_) columns[at++]->Append(pivot.header);
      for (const std::string& part : pivot.parts) columns[at++]->Append(part);
      for (const int source : pivot.sources)
        columns[at++]->Append(source < 0 ? std::string_view()
                                         : raw.columns[static_cast<size_t>(source)]->at(row));
    }
  }
  for (auto& column : columns) out.columns.push_back(std::move(column));
  out.unreadable = raw.unreadable;
  for (data::UnreadableRecord& bad : out.unreadable) bad.record = FirstOf(bad.record);
  return out;
}

// Replaced in place; a mended unreadable record takes its place among the others.
data::RawBatch Reshaper::WithMended(const data::RawBatch& raw) const {
  data::RawBatch out;
  std::vector<std::shared_ptr<data::TextColumn>> columns;
  for (const std::string& name : columns_) columns.push_back(NewColumn(name, raw.rows()));
  const auto add = [&](uint64_t record, uint64_t line, const auto& cell) {
    out.records.push_back(record);
    out.lines.push_back(line);
    for (size_t i = 0; i < columns.size(); ++i) columns[i]->Append(cell(i));
  };
  auto bad = raw.unreadable.begin();
  const auto take_unreadable_before = [&](uint64_t record) {
    for (; bad != raw.unreadable.end() && bad->record < record; ++bad) {
      const auto found = mended_.find(bad->record);
      if (found == mended_.end())
        out.unreadable.push_back(*bad);
      else if (found->second)
        add(bad->record, bad->line, [&](size_t i) -> std::string_view { return (*found->second)[i]; });
    }
  };
  for (size_t row = 0; row < raw.rows(); ++row) {
    take_unreadable_before(raw.records[row]);
    const auto found = mended_.find(raw.records[row]);
    if (found == mended_.end())
      add(raw.records[row], raw.lines[row], [&](size_t i) { return raw.columns[i]->at(row); });
    else if (found->second)
      add(raw.records[row], raw.lines[row],
          [&](size_t i) -> std::string_view { return (*found->second)[i]; });
  }
  take_unreadable_before(UINT64_MAX);
  for (auto& column : columns) out.columns.push_back(std::move(column));
  return out;
}

data::RawBatch Reshaper::Apply(data::RawBatch raw) {
  if (!fill_down_.empty()) FillDown(raw);
  if (rows_) TakeRows(raw);
  if (pivots_.empty()) return raw;
  data::RawBatch out = Unpivoted(raw);
  empty_ += raw.rows() * pivots_.size() - out.rows();
  return mended_.empty() ? std::move(out) : WithMended(out);
}

std::vector<std::string> Reshaper::Notes() const {
  std::vector<std::string> notes;
  if (rows_ && left_out_ > 0)
    notes.push_back(fmt::format("{} row{} of the file {} left out, as the feed's rows say", left_out_,
                                left_out_ == 1 ? "" : "s", left_out_ == 1 ? "was" : "were"));
  if (undecided_ > 0)
    notes.push_back(fmt::format("of {} row{} the feed's rows could not tell; {} kept", undecided_,
                                undecided_ == 1 ? "" : "s", undecided_ == 1 ? "it was" : "they were"));
  if (!pivots_.empty())
    notes.push_back(
        fmt::format("each row became {} record{}, from \"{}\" to \"{}\"{}", pivots_.size(),
                    pivots_.size() == 1 ? "" : "s", pivots_.front().header, pivots_.back().header,
                    leave_out_empty_ ? fmt::format("; {} empty ones were left out", empty_) : ""));
  return notes;
}

}  // namespace concordat::mapping
