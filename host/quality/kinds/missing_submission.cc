// missing_submission: the period before this one was submitted too: no month is left out between two.
//   with: {}
// Only a host knows what was submitted; a feed's first submission is skipped.
#include "fmt/format.h"
#include "host/data/parse.h"
#include "host/quality/kinds/kinds.h"

namespace concordat::quality {
namespace {

class MissingSubmissionRun : public DatasetRun {
 public:
  MissingSubmissionRun(policy::Period period, std::optional<PreviousSubmission> before)
      : period_(std::move(period)), before_(std::move(before)) {}
  void Add(const data::Batch&, const uint8_t*) override {}
  Result Finish() override {
    if (!before_) return {Answer::kSkip, {}, {}};
    if (before_->period.to + 1 >= period_.from) return {Answer::kPass, {}, {}};
    return {Answer::kFail,
            {fmt::format("nothing was submitted for {} to {}: the submission before is of {}",
                         data::DateText(before_->period.to + 1), data::DateText(period_.from - 1),
                         before_->period.id),
             "submit what is missing"},
            {}};
  }

 private:
  const policy::Period period_;
  const std::optional<PreviousSubmission> before_;
};

class MissingSubmission : public Rule {
 public:
  bool about_dataset() const override { return true; }
  absl::StatusOr<RuleRun> Start(const RunContext& context) const override {
    if (!context.previous) return absl::UnavailableError("only the host knows what was submitted before");
    if (context.period.id.empty()) return absl::UnavailableError("no period was named (--period)");
    ASSIGN_OR_RETURN(std::optional<PreviousSubmission> before, context.previous());
    return RuleRun(std::make_unique<MissingSubmissionRun>(context.period, std::move(before)));
  }
};

}  // namespace

std::unique_ptr<const Rule> CompileMissingSubmission(RuleReader&) {
  return std::make_unique<MissingSubmission>();
}

}  // namespace concordat::quality
