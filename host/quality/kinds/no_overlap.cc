// no_overlap: the spans of one entity do not overlap: placements of a child, lets of a house.
//   with: {by: [person_id], from: start, to: end, touching: allowed}
// The record that comes later in the file fails. Without `to` a span is still running; `touching: forbidden`:
// one may not begin on the day, or at the moment, on which another ends. Keeps some 80 bytes a record.
#include <map>

#include "fmt/format.h"
#include "host/quality/kinds/span_fields.h"

namespace concordat::quality {
namespace {

class NoOverlapRun : public RecordRun {
 public:
  NoOverlapRun(const SpanFields& span, bool touching)
      : span_(span), touching_(touching), entities_(span.by) {}

  void Judge(const data::Batch& batch, const uint8_t* applies, std::span<Answer> answers) override {
    clash_.assign(batch.rows(), 0);
    EntityIndex::OfBatch entities(entities_, batch);
    for (size_t row = 0; row < answers.size(); ++row) {
      answers[row] = span_.StateOf(batch, row);
      if (answers[row] != Answer::kPass || (applies != nullptr && applies[row] == 0)) continue;
      const std::optional<size_t> entity = entities.At(row);
      answers[row] = !entity ? Answer::kSkip
                             : (Fits(OfEntity(spans_, *entity), batch, row) ? Answer::kPass : Answer::kFail);
    }
  }

  Explanation Explain(const data::Batch& batch, size_t row, Answer answer) override {
    if (answer == Answer::kUnresolved) return span_.WhyUnresolved(batch, row);
    return {fmt::format("{} of {} overlaps record {}", span_.Shown(batch, row),
                        EntityShown(batch, span_.by, row), clash_[row]),
            "correct the dates of one of the two"};
  }

 private:
  struct Other {
    int64_t to;
    uint64_t record;
  };
  using Spans = std::multimap<int64_t, Other>;  // by begin

  bool Fits(Spans& spans, const data::Batch& batch, size_t row) {
    const auto [from, to] = span_.Of(batch, row);
    for (const auto& [begin, other] : spans) {
      if (begin > to) break;
      const bool apart = touching_ ? (begin >= to && begin > from) || (other.to <= from && begin < from)
                                   : begin > to || other.to < from;
      if (!apart) clash_[row] = other.record;
    }
    spans.emplace(from, Other{to, batch.records[row]});
    return clash_[row] == 0;
  }

  const SpanFields& span_;
  const bool touching_;
  EntityIndex entities_;
  std::vector<Spans> spans_;     // by entity
  std::vector<uint64_t> clash_;  // by row of the batch judged last: a record it overlaps
};

class NoOverlap : public Rule {
 public:
  NoOverlap(SpanFields span, bool touching) : span_(std::move(span)), touching_(touching) {}
  absl::StatusOr<RuleRun> Start(const RunContext&) const override {
    return RuleRun(std::make_unique<NoOverlapRun>(span_, touching_));
  }

 private:
  const SpanFields span_;
  const bool touching_;
};

}  // namespace

std::unique_ptr<const Rule> CompileNoOverlap(RuleReader& reader) {
  std::optional<SpanFields> span = ReadSpanFields(reader);
  const bool touching = reader.with().WordOr("touching", "allowed", {"allowed", "forbidden"}) == "allowed";
  if (!span) return nullptr;
  return std::make_unique<NoOverlap>(*std::move(span), touching);
}

}  // namespace concordat::quality
