#include "host/sharing/disclosure/history.h"

#include <algorithm>
#include <bit>
#include <map>
#include <optional>
#include <set>

#include "fmt/format.h"

namespace concordat::sharing {
namespace {

constexpr size_t kMostDimensions = 10;
constexpr int64_t kMostPlaces = int64_t{1} << 60;
constexpr int64_t kMostDense = int64_t{1} << 22;
constexpr size_t kMostReleases = 64;  // bits of a ReleaseSet

uint64_t Mixed(uint64_t value) {
  value = (value ^ value >> 30) * 0xbf58476d1ce4e5b9;
  value = (value ^ value >> 27) * 0x94d049bb133111eb;
  return value ^ value >> 31;
}

constexpr ReleaseSet Bit(int release) { return ReleaseSet{1} << release; }

}  // namespace

struct History::Entry {
  Figure figure;
  bool operator==(const Entry& other) const {
    return figure.count == other.figure.count && figure.suppressed == other.figure.suppressed &&
           figure.standing == other.figure.standing;
  }
};

// One release while it is being read: its cells by place, margins that are not listed included.
struct History::Sheet {
  std::string name;
  const CountTable* table = nullptr;
  std::map<int64_t, Entry> cells;
  std::string Text(const History& history, int64_t code) const;
};

std::string History::Sheet::Text(const History& history, int64_t code) const {
  std::vector<std::string> key;
  for (size_t i = 0; i < history.dimensions_.size(); ++i) {
    const int value = history.CoordinatesOf(code)[i];
    std::string text(kTotal);
    for (const auto& [name, number] : history.values_[i]) {
      if (number == value) text = name;
    }
    key.push_back(std::move(text));
  }
  return fmt::format("{} of {}", KeyText(history.dimensions_, key), name);
}

absl::StatusOr<History> History::Read(const std::vector<EarlierTable>& earlier, const CountTable& table) {
  History history;
  std::vector<const CountTable*> tables;
  for (const EarlierTable& before : earlier) tables.push_back(&before.table);
  tables.push_back(&table);
  RETURN_IF_ERROR(history.Measure(tables));
  std::vector<Sheet> sheets;
  for (size_t i = 0; i < tables.size(); ++i) {
    Sheet sheet{.name = i < earlier.size() ? fmt::format("release {}", earlier[i].release) : "this release",
                .table = tables[i]};
    RETURN_IF_ERROR(history.Place(*tables[i], sheet.name, sheet));
    RETURN_IF_ERROR(history.Complete(sheet));
    // The same answer given twice says nothing new.
    if (!sheets.empty() && i < earlier.size() && sheets.back().cells == sheet.cells) sheets.pop_back();
    sheets.push_back(std::move(sheet));
  }
  RETURN_IF_ERROR(history.Lay(sheets));
  history.LinkRuns();
  return history;
}

absl::Status History::Measure(const std::vector<const CountTable*>& tables) {
  dimensions_ = tables.back()->dimensions;
  if (dimensions_.size() > kMostDimensions) {
    return absl::InvalidArgumentError(
        fmt::format("a table of {} dimensions is more than the {} that can be protected", dimensions_.size(),
                    kMostDimensions));
  }
  values_.resize(dimensions_.size());
  for (const CountTable* table : tables) {
    if (table->dimensions != dimensions_)
      return absl::InvalidArgumentError("an earlier table has other dimensions than this one");
    for (const CountCell& cell : table->cells) {
      if (cell.key.size() != dimensions_.size()) {
        return absl::InvalidArgumentError(fmt::format("a cell has {} key values, the table {} dimensions",
                                                      cell.key.size(), dimensions_.size()));
      }
      for (size_t i = 0; i < cell.key.size(); ++i) {
        if (cell.key[i] != kTotal)
          values_[i].try_emplace(cell.key[i], static_cast<int>(values_[i].size()) + 1);
      }
    }
  }
  int64_t places = 1;
  for (size_t i = 0; i < std::max<size_t>(dimensions_.size(), 2); ++i) {
    sizes_.push_back(i < dimensions_.size() ? static_cast<int64_t>(values_[i].size()) + 1 : 1);
    strides_.push_back(places);
    if (sizes_.back() > kMostPlaces / places)
      return absl::ResourceExhaustedError(
          "the table's dimensions have too many values to be protected together");
    places *= sizes_.back();
  }
  layers_.resize(size_t{1} << sizes_.size());
  if (places <= kMostDense) dense_.assign(places, -1);
  return absl::OkStatus();
}

absl::Status History::Place(const CountTable& table, const std::string& name, Sheet& sheet) const {
  for (const CountCell& cell : table.cells) {
    int64_t code = 0;
    for (size_t i = 0; i < cell.key.size(); ++i) {
      if (cell.key[i] != kTotal) code += values_[i].at(cell.key[i]) * strides_[i];
    }
    const auto where = [&] { return fmt::format("{} of {}", KeyText(dimensions_, cell.key), name); };
    if (cell.count < 0)
      return absl::InvalidArgumentError(fmt::format("the count of {} is negative", where()));
    Entry entry;
    entry.figure = {.count = cell.count, .standing = Standing::kStands, .suppressed = cell.suppressed};
    if (!sheet.cells.emplace(code, entry).second)
      return absl::InvalidArgumentError(fmt::format("the cell {} stands twice", where()));
  }
  return absl::OkStatus();
}

// Adds the margins that are not listed and checks those that are, from the inner cells outwards.
absl::Status History::Complete(Sheet& sheet) const {
  std::vector<std::vector<int64_t>> layers(layers_.size());  // by the dimensions that stand at the total
  for (const auto& [code, entry] : sheet.cells) layers[TotalsOf(code)].push_back(code);
  if (dimensions_.size() >= 3 && layers[0].empty() && !sheet.cells.empty()) {
    return absl::InvalidArgumentError(fmt::format(
        "{} has only margins: a table of three or more dimensions needs its inner cells", sheet.name));
  }
  for (size_t totals = 0; totals < layers.size();
       ++totals) {  // a layer's number is greater than those beneath it
    for (size_t i = 0; i < sizes_.size(); ++i) {
      const size_t below = totals & ~(size_t{1} << i);
      if (below == totals || layers[below].empty()) continue;
      std::map<int64_t, int64_t> sums;
      for (const int64_t code : layers[below])
        sums[code - CoordinatesOf(code)[i] * strides_[i]] += sheet.cells.at(code).figure.count;
      RETURN_IF_ERROR(Total(sums, layers[totals], sheet));
    }
  }
  Digest(sheet);
  return absl::OkStatus();
}

// The margins of one layer must be the sums over one of the layers beneath it.
absl::Status History::Total(const std::map<int64_t, int64_t>& sums, std::vector<int64_t>& layer,
                            Sheet& sheet) const {
  for (const auto& [code, sum] : sums) {
    Entry implied;
    implied.figure = {.count = sum, .standing = Standing::kImplied};
    const auto [cell, is_new] = sheet.cells.emplace(code, implied);
    if (is_new) layer.push_back(code);
    if (cell->second.figure.count == sum) continue;
    // Without the numbers: messages reach people who may not see them.
    return absl::InvalidArgumentError(
        fmt::format("the margin {} is not the sum of the cells beneath it", sheet.Text(*this, code)));
  }
  for (const int64_t code : layer) {
    if (sums.count(code) != 0) continue;
    return absl::InvalidArgumentError(
        fmt::format("the margin {} has no cells beneath it", sheet.Text(*this, code)));
  }
  return absl::OkStatus();
}

void History::Digest(Sheet& sheet) const {
  for (const auto& [code, entry] : sheet.cells) {
    if (TotalsOf(code) != 0) continue;
    const std::vector<int> at = CoordinatesOf(code);
    for (size_t totals = 1; totals < layers_.size(); ++totals) {
      int64_t margin = code;
      for (size_t i = 0; i < at.size(); ++i) margin -= (totals >> i & 1) != 0 ? at[i] * strides_[i] : 0;
      sheet.cells.at(margin).figure.beneath += Mixed(static_cast<uint64_t>(code) + 1);
    }
  }
  if (dimensions_.size() != 1 || sheet.cells.count(0) == 0) return;
  for (const auto& [code, entry] : sheet.cells) {
    if (code != 0) sheet.cells.at(0).figure.beneath += Mixed(static_cast<uint64_t>(code) + 1);
  }
}

absl::Status History::Lay(const std::vector<Sheet>& sheets) {
  if (sheets.size() > kMostReleases) {
    return absl::ResourceExhaustedError(
        fmt::format("{} different earlier releases of this data to the same party are more than the {} that "
                    "can be weighed together; wait until some are older than the differencing window",
                    sheets.size() - 1, kMostReleases - 1));
  }
  std::optional<bool> has_inner;
  for (const Sheet& sheet : sheets) {
    bool inner = false;
    for (const auto& [code, entry] : sheet.cells) {
      inner |= TotalsOf(code) == 0;
      layers_[TotalsOf(code)] = true;
      const auto [place, is_new] = places_.try_emplace(code, positions());
      if (!is_new) continue;
      codes_.push_back(code);
      coordinates_.push_back(CoordinatesOf(code));
      is_margin_.push_back((TotalsOf(code) & ((size_t{1} << dimensions_.size()) - 1)) != 0);
      if (!dense_.empty()) dense_[code] = place->second;
    }
    if (sheet.cells.empty()) continue;
    if (has_inner.value_or(inner) != inner)
      return absl::InvalidArgumentError(
          "this table or an earlier one has only margins, another one has inner cells");
    has_inner = inner;
  }
  for (const Sheet& sheet : sheets) {
    names_.push_back(sheet.name);
    figures_.emplace_back(positions());
    for (const auto& [code, entry] : sheet.cells) figures_.back()[places_.at(code)] = entry.figure;
  }
  for (const CountCell& cell : sheets.back().table->cells) {
    int64_t code = 0;
    for (size_t i = 0; i < cell.key.size(); ++i) {
      if (cell.key[i] != kTotal) code += values_[i].at(cell.key[i]) * strides_[i];
    }
    of_cell_.push_back(places_.at(code));
  }
  return absl::OkStatus();
}

// A cell is the same figure as where it last stood when its count is the same; a margin, when it sums the
// same cells, too (a total over one month more is another figure, even where the month adds nothing).
void History::LinkRuns() {
  runs_.assign(figures_.size(), std::vector<ReleaseSet>(positions(), 0));
  for (int position = 0; position < positions(); ++position) {
    int last = -1;
    for (int release = 0; release <= newest(); ++release) {
      const Figure& now = figures_[release][position];
      if (now.standing == Standing::kAbsent) continue;
      ReleaseSet run = Bit(release);
      if (last >= 0) {
        const Figure& before = figures_[last][position];
        const bool implied = now.standing == Standing::kImplied && before.standing == Standing::kImplied;
        if (!implied && now.count == before.count && now.beneath == before.beneath)
          run |= runs_[last][position];
      }
      last = release;
      for (int member = 0; member <= release; ++member) {
        if ((run & Bit(member)) != 0) runs_[member][position] = run;
      }
    }
  }
}

int History::Find(int64_t code) const {
  if (!dense_.empty()) return dense_[code];
  const auto found = places_.find(code);
  return found == places_.end() ? -1 : found->second;
}

bool History::Known(int position) const {
  const ReleaseSet run = runs_[newest()][position];
  for (int release = 0; release < newest(); ++release) {
    const Figure& figure = figures_[release][position];
    if ((run & Bit(release)) != 0 && figure.standing == Standing::kStands && !figure.suppressed) return true;
  }
  return false;
}

bool History::HiddenBefore(int position) const {
  if (Known(position)) return false;
  const ReleaseSet run = runs_[newest()][position];
  for (int release = 0; release < newest(); ++release) {
    if ((run & Bit(release)) != 0 && figures_[release][position].suppressed) return true;
  }
  return false;
}

int History::CloseTo(int position, int64_t threshold) const {
  const int64_t now = figures_[newest()][position].count;
  for (int release = newest() - 1; release >= 0; --release) {
    const Figure& figure = figures_[release][position];
    if (figure.standing != Standing::kStands || figure.suppressed) continue;
    const int64_t difference = now > figure.count ? now - figure.count : figure.count - now;
    if (difference > 0 && difference < threshold) return release;
  }
  return -1;
}

std::vector<Secret> History::Secrets() const {
  std::vector<Secret> secrets;
  for (int position = 0; position < positions(); ++position) {
    for (int release = 0; release <= newest(); ++release) {
      const ReleaseSet run = runs_[release][position];
      if (run == 0 || std::countr_zero(run) != release) continue;  // each run once, at its first release
      bool printed = false, suppressed = false;
      for (int member = release; member <= newest(); ++member) {
        const Figure& figure = figures_[member][position];
        if ((run & Bit(member)) == 0 || figure.standing != Standing::kStands) continue;
        (figure.suppressed ? suppressed : printed) = true;
      }
      if (suppressed && !printed) secrets.push_back({position, run});
    }
  }
  return secrets;
}

std::vector<Scope> History::Scopes() const {
  std::set<ReleaseSet> sets;
  for (const auto& runs : runs_) sets.insert(runs.begin(), runs.end());
  sets.erase(0);
  const ReleaseSet all = Bit(newest()) - 1 + Bit(newest());
  for (int release = 0; release <= newest(); ++release) sets.insert(all & ~(Bit(release) - 1));
  std::vector<ReleaseSet> ordered(sets.begin(), sets.end());
  std::stable_sort(ordered.begin(), ordered.end(),
                   [](ReleaseSet a, ReleaseSet b) { return std::popcount(a) < std::popcount(b); });
  std::vector<Scope> scopes;
  for (const ReleaseSet releases : ordered) scopes.push_back(MakeScope(releases));
  return scopes;
}

Scope History::MakeScope(ReleaseSet releases) const {
  Scope scope{.releases = releases,
              .freedom = std::vector<Freedom>(positions(), Freedom::kFree),
              .fall = std::vector<int64_t>(positions(), INT64_MAX)};
  for (int release = 0; release <= newest(); ++release) {
    for (int position = 0; position < positions(); ++position) {
      const Figure& figure = figures_[release][position];
      Freedom& freedom = scope.freedom[position];
      const ReleaseSet run = runs_[release][position];
      const bool inside = (releases & Bit(release)) != 0;
      if ((run & releases) != 0 && (run & ~releases) != 0) freedom = Freedom::kFixed;
      if (!inside) continue;
      scope.fall[position] = std::min(scope.fall[position], figure.count);
      if (figure.standing == Standing::kAbsent) freedom = Freedom::kFixed;
      if (figure.standing != Standing::kStands || figure.suppressed || freedom == Freedom::kFixed) continue;
      freedom = release == newest() && !Known(position) ? Freedom::kCould : Freedom::kFixed;
    }
  }
  return scope;
}

std::vector<int> History::CoordinatesOf(int64_t code) const {
  std::vector<int> at(sizes_.size());
  for (size_t i = 0; i < sizes_.size(); ++i) at[i] = static_cast<int>(code / strides_[i] % sizes_[i]);
  return at;
}

size_t History::TotalsOf(int64_t code) const {
  size_t totals = 0;
  for (size_t i = 0; i < sizes_.size(); ++i) totals |= size_t{code / strides_[i] % sizes_[i] == 0} << i;
  return totals;
}

}  // namespace concordat::sharing
