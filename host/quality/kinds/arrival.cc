// lateness: the submission came by the time the feed's schedule says.
// repeated_bytes: the same bytes did not come before for another period.
//   with: {}
// Only the host knows either; in a check they are not evaluated.
#include "fmt/format.h"
#include "host/base/clock.h"
#include "host/quality/kinds/kinds.h"

namespace concordat::quality {
namespace {

// A dataset rule whose answer is known before the first record.
class KnownRun : public DatasetRun {
 public:
  explicit KnownRun(Result result) : result_(std::move(result)) {}
  void Add(const data::Batch&, const uint8_t*) override {}
  Result Finish() override { return result_; }

 private:
  const Result result_;
};

absl::StatusOr<RuleRun> Known(DatasetRun::Result result) {
  return RuleRun(std::make_unique<KnownRun>(std::move(result)));
}

std::string DaysInWords(int64_t days) { return days == 1 ? "1 day" : fmt::format("{} days", days); }

class Lateness : public Rule {
 public:
  bool about_dataset() const override { return true; }
  absl::StatusOr<RuleRun> Start(const RunContext& context) const override {
    if (!context.on_host || !context.received)
      return absl::UnavailableError("only the host knows when a submission was received");
    if (!context.due || *context.received <= *context.due)
      return Known({context.due ? Answer::kPass : Answer::kSkip, {}, {}});
    const int64_t days = absl::ToInt64Hours(*context.received - *context.due) / 24;
    const std::string late = days == 0 ? "less than a day" : DaysInWords(days);
    return Known({Answer::kFail,
                  {fmt::format("received {}, {} after it was due ({})", TimeText(*context.received), late,
                               TimeText(*context.due)),
                   "send the next one by its due date, shown by `concordat feed due`"},
                  {}});
  }
};

class RepeatedBytes : public Rule {
 public:
  bool about_dataset() const override { return true; }
  absl::StatusOr<RuleRun> Start(const RunContext& context) const override {
    if (!context.on_host) return absl::UnavailableError("only the host knows what was submitted before");
    if (context.repeated_bytes.empty()) return Known({Answer::kPass, {}, {}});
    return Known({Answer::kFail,
                  {fmt::format("the same bytes came before: {}", context.repeated_bytes),
                   "check that the extract is the one for this period"},
                  {}});
  }
};

}  // namespace

std::unique_ptr<const Rule> CompileLateness(RuleReader&) { return std::make_unique<Lateness>(); }
std::unique_ptr<const Rule> CompileRepeatedBytes(RuleReader&) { return std::make_unique<RepeatedBytes>(); }

}  // namespace concordat::quality
