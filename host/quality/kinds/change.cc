// change: a figure over the dataset moves by no more than `max_share` of the figure of the submission before,
// or by no more than `max` itself. `of: rows` is the number of records; the others are those of `aggregate`.
//   with: {of: rows, max_share: 20%, direction: both}      direction: both, up or down
//   with: {of: mean, field: value, max: 5}
// Only a host knows the submission before: the feed's newest one in force for an earlier period.
#include <cmath>

#include "fmt/format.h"
#include "host/quality/figure.h"
#include "host/quality/kinds/number_cells.h"

namespace concordat::quality {
namespace {

struct Wanted {
  std::string rule;  // its id, under which the figure before was kept
  std::string name;  // what moves, for messages
  std::optional<size_t> field;
  std::optional<FigureKind> figure;  // nothing: the number of records
  std::optional<double> max_share;
  std::optional<double> max;
  bool up = true;
  bool down = true;
};

class ChangeRun : public DatasetRun {
 public:
  ChangeRun(const Wanted& wanted, std::optional<PreviousSubmission> before)
      : wanted_(wanted), before_(std::move(before)), numbers_(wanted.figure.value_or(FigureKind::kSum)) {}

  void Add(const data::Batch& batch, const uint8_t* applies) override {
    for (size_t row = 0; row < batch.rows(); ++row) {
      if (applies != nullptr && applies[row] == 0) continue;
      ++rows_;
      if (!wanted_.field) continue;
      if (const std::optional<double> value = NumberAt(batch.columns[*wanted_.field], row))
        numbers_.Add(*value);
    }
  }

  Result Finish() override {
    const std::optional<double> now =
        wanted_.figure ? numbers_.Result() : std::optional<double>(static_cast<double>(rows_));
    const std::optional<double> before = Before();
    if (!now || !before) return {Answer::kSkip, {}, {}, now};
    const double step = *now - *before;
    const bool heeded = step > 0 ? wanted_.up : wanted_.down;
    const double allowed = wanted_.max ? *wanted_.max : *wanted_.max_share * std::abs(*before);
    if (!heeded || std::abs(step) <= allowed * (1 + 1e-12)) return {Answer::kPass, {}, {}, now};
    return {
        Answer::kFail,
        {fmt::format("{} went {} from {:.10g} in {} to {:.10g}, where it moves by {} at most", wanted_.name,
                     step > 0 ? "up" : "down", *before, before_->period.id, *now, AllowedInWords()),
         "check that the extract is whole; if the change is real, say so with the submission"},
        {},
        now};
  }

 private:
  std::optional<double> Before() const {
    if (!before_) return std::nullopt;
    const auto figure = before_->figures.find(wanted_.rule);
    if (figure != before_->figures.end()) return figure->second;
    return wanted_.figure ? std::nullopt : std::optional<double>(static_cast<double>(before_->records));
  }
  std::string AllowedInWords() const {
    return wanted_.max ? fmt::format("{:.10g}", *wanted_.max)
                       : fmt::format("{:.10g}%", 100 * *wanted_.max_share);
  }

  const Wanted& wanted_;
  const std::optional<PreviousSubmission> before_;
  uint64_t rows_ = 0;
  Figure numbers_;
};

class Change : public Rule {
 public:
  explicit Change(Wanted wanted) : wanted_(std::move(wanted)) {}
  bool about_dataset() const override { return true; }
  absl::StatusOr<RuleRun> Start(const RunContext& context) const override {
    if (!context.previous) return absl::UnavailableError("only the host knows the submission before");
    ASSIGN_OR_RETURN(std::optional<PreviousSubmission> before, context.previous());
    return RuleRun(std::make_unique<ChangeRun>(wanted_, std::move(before)));
  }

 private:
  const Wanted wanted_;
};

}  // namespace

std::unique_ptr<const Rule> CompileChange(RuleReader& reader) {
  Wanted wanted;
  wanted.rule = reader.spec().id;
  std::vector<std::string> words = FigureWords();
  words.insert(words.begin(), "rows");
  const std::string of = reader.with().WordOr("of", "rows", words);
  wanted.figure = FigureFromWord(of);
  wanted.max_share = reader.with().Share("max_share");
  wanted.max = reader.with().Number("max");
  const std::string direction = reader.with().WordOr("direction", "both", {"both", "up", "down"});
  wanted.up = direction != "down";
  wanted.down = direction != "up";
  if (wanted.max.has_value() == wanted.max_share.has_value())
    reader.Error("missing-key", "change needs either max_share or max", "max_share: 20%");
  wanted.name = "the number of records";
  if (wanted.figure) {
    wanted.field = reader.Field();
    if (!wanted.field || !NeedsNumber(reader, *wanted.field)) return nullptr;
    wanted.name = fmt::format("the {} of {}", of, reader.schema().fields[*wanted.field].name);
  }
  if (wanted.max.has_value() == wanted.max_share.has_value()) return nullptr;
  return std::make_unique<Change>(std::move(wanted));
}

}  // namespace concordat::quality
