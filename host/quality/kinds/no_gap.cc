// no_gap: the spans of one entity follow each other without a gap longer than `max`.
//   with: {by: [person_id], from: start, to: end, max: P1D}
// The records of an entity come in order of `from`; one that does not is unresolved.
#include "fmt/format.h"
#include "host/data/parse.h"
#include "host/quality/kinds/span_fields.h"

namespace concordat::quality {
namespace {

class NoGapRun : public RecordRun {
 public:
  NoGapRun(const SpanFields& span, const policy::Duration& max)
      : span_(span), max_(max), entities_(span.by) {}

  void Judge(const data::Batch& batch, const uint8_t* applies, std::span<Answer> answers) override {
    before_.assign(batch.rows(), 0);
    EntityIndex::OfBatch entities(entities_, batch);
    for (size_t row = 0; row < answers.size(); ++row) {
      answers[row] = span_.StateOf(batch, row);
      if (answers[row] != Answer::kPass || (applies != nullptr && applies[row] == 0)) continue;
      const std::optional<size_t> entity = entities.At(row);
      answers[row] = entity ? Follow(OfEntity(last_, *entity), batch, row) : Answer::kSkip;
    }
  }

  Explanation Explain(const data::Batch& batch, size_t row, Answer answer) override {
    if (answer == Answer::kUnresolved) {
      if (before_[row] == 0) return span_.WhyUnresolved(batch, row);
      return {fmt::format("{} of {} begins before a span that stands above it", span_.Shown(batch, row),
                          EntityShown(batch, span_.by, row)),
              "sort the file by entity and beginning"};
    }
    return {fmt::format("{} of {} begins more than {} after the one before has ended",
                        span_.Shown(batch, row), EntityShown(batch, span_.by, row), max_.text),
            "correct the dates, or add the span that is missing"};
  }

 private:
  struct Last {
    bool known = false;
    int64_t from = 0;
    int64_t to = 0;
  };

  Answer Follow(Last& last, const data::Batch& batch, size_t row) {
    const auto [from, to] = span_.Of(batch, row);
    if (last.known && from < last.from) {
      before_[row] = 1;
      return Answer::kUnresolved;
    }
    const bool near = !last.known || last.to == INT64_MAX || from <= span_.Plus(last.to, max_);
    last = {true, from, last.known ? std::max(last.to, to) : to};
    return near ? Answer::kPass : Answer::kFail;
  }

  const SpanFields& span_;
  const policy::Duration& max_;
  EntityIndex entities_;
  std::vector<Last> last_;       // by entity
  std::vector<uint8_t> before_;  // by row of the batch judged last: 1 where it came out of order
};

class NoGap : public Rule {
 public:
  NoGap(SpanFields span, policy::Duration max) : span_(std::move(span)), max_(std::move(max)) {}
  absl::StatusOr<RuleRun> Start(const RunContext&) const override {
    return RuleRun(std::make_unique<NoGapRun>(span_, max_));
  }

 private:
  const SpanFields span_;
  const policy::Duration max_;
};

}  // namespace

std::unique_ptr<const Rule> CompileNoGap(RuleReader& reader) {
  std::optional<SpanFields> span = ReadSpanFields(reader);
  std::optional<policy::Duration> max = reader.Duration("max");
  if (!reader.with().Has("max")) reader.Error("missing-key", "no_gap needs max", "max: P1D");
  if (!span || !max) return nullptr;
  return std::make_unique<NoGap>(*std::move(span), *std::move(max));
}

}  // namespace concordat::quality
