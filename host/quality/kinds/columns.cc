// columns: the source's header names these columns. column_count: it has between `min` and `max`.
//   columns:      with: {names: [Crime ID, Month], match: contain, first: 1}
//   column_count: with: {min, max}
// match: contain (all of `names`, others may stand beside them), within (none but `names`), equal (these, in
// any order), ordered (these, in this order). `first`: with `contain` and one name, the position where it
// stands.
#include <algorithm>
#include <functional>

#include "fmt/format.h"
#include "fmt/ranges.h"
#include "host/quality/kinds/kinds.h"

namespace concordat::quality {
namespace {

using Names = std::vector<std::string>;

// Judges a header, which is known when the file has been read.
class HeaderRun : public DatasetRun {
 public:
  using Test = std::function<Result(const Names&)>;
  HeaderRun(std::shared_ptr<const Names> columns, Test test)
      : columns_(std::move(columns)), test_(std::move(test)) {}
  void Add(const data::Batch&, const uint8_t*) override {}
  Result Finish() override { return test_(*columns_); }

 private:
  const std::shared_ptr<const Names> columns_;
  const Test test_;
};

class HeaderRule : public Rule {
 public:
  explicit HeaderRule(HeaderRun::Test test) : test_(std::move(test)) {}
  bool about_dataset() const override { return true; }
  absl::StatusOr<RuleRun> Start(const RunContext& context) const override {
    if (context.columns == nullptr) return absl::UnavailableError("there is no file with a header");
    return RuleRun(std::make_unique<HeaderRun>(context.columns, test_));
  }

 private:
  const HeaderRun::Test test_;
};

Names Missing(const Names& wanted, const Names& from) {
  Names missing;
  for (const std::string& name : wanted) {
    if (std::find(from.begin(), from.end(), name) == from.end()) missing.push_back(name);
  }
  return missing;
}

DatasetRun::Result Failed(std::string message) {
  return {Answer::kFail, {std::move(message), "check that this is the right extract, with its header"}, {}};
}

struct Header {
  Names names;
  std::string match;
  std::optional<int64_t> first;

  DatasetRun::Result Judge(const Names& columns) const {
    const Names absent = match == "within" ? Names() : Missing(names, columns);
    const Names others = match == "contain" ? Names() : Missing(columns, names);
    if (!absent.empty()) return Failed(fmt::format("the file has no column {}", fmt::join(absent, ", ")));
    if (!others.empty()) return Failed(fmt::format("nobody expects the column {}", fmt::join(others, ", ")));
    if (match == "ordered" && names != columns)
      return Failed(fmt::format("the columns stand in another order: {}", fmt::join(columns, ", ")));
    if (first && (*first > static_cast<int64_t>(columns.size()) ||
                  columns[static_cast<size_t>(*first - 1)] != names.front()))
      return Failed(fmt::format("column {} is not {}", *first, names.front()));
    return {Answer::kPass, {}, {}};
  }
};

}  // namespace

std::unique_ptr<const Rule> CompileColumns(RuleReader& reader) {
  Header header;
  header.names = reader.with().Texts("names");
  header.match = reader.with().WordOr("match", "contain", {"contain", "within", "equal", "ordered"});
  header.first = reader.with().Integer("first");
  if (header.names.empty()) {
    reader.Error("missing-key", "columns needs names", "names: [Crime ID, Month]");
    return nullptr;
  }
  if (header.first && (*header.first < 1 || header.names.size() != 1 || header.match != "contain")) {
    reader.with().Error(
        "first", "unexpected-key",
        fmt::format("rule {}: first is the position, from 1, of a single name", reader.spec().id));
    return nullptr;
  }
  return std::make_unique<HeaderRule>([header](const Names& columns) { return header.Judge(columns); });
}

std::unique_ptr<const Rule> CompileColumnCount(RuleReader& reader) {
  const std::optional<int64_t> min = reader.with().Integer("min");
  const std::optional<int64_t> max = reader.with().Integer("max");
  if (!min && !max) {
    reader.Error("missing-key", "column_count needs min or max", "min: 12");
    return nullptr;
  }
  const int64_t least = min.value_or(0);
  const int64_t most = max.value_or(INT64_MAX);
  if (least < 0 || least > most) {
    reader.with().Error(max ? "max" : "min", "bad-bounds",
                        fmt::format("rule {}: no number of columns is at least {} and at most {}",
                                    reader.spec().id, least, most));
    return nullptr;
  }
  return std::make_unique<HeaderRule>([least, most](const Names& columns) -> DatasetRun::Result {
    const auto count = static_cast<int64_t>(columns.size());
    if (count >= least && count <= most) return {Answer::kPass, {}, {}};
    return Failed(fmt::format("the file has {} columns where {} {} are expected", count,
                              count < least ? "at least" : "at most", count < least ? least : most));
  });
}

}  // namespace concordat::quality
