// legal_transition: from one record of an entity to the next, in order of `at`, its state changes only as
// `allowed` says.
//   with: {by: [case_id], state: status, at: changed_on, start: [open], allowed: {open: [closed], closed:
//   [open]}}
// Staying in a state is allowed. `start` (any, unless said) lists the states in which an entity may begin.
// The records of an entity come in order of `at`; one that does not is unresolved. A state that `allowed`
// does not list as a key may only stay.
#include <map>
#include <set>

#include "fmt/format.h"
#include "fmt/ranges.h"
#include "host/quality/field_bounds.h"
#include "host/quality/kinds/entity_index.h"

namespace concordat::quality {
namespace {

struct Workflow {
  std::vector<size_t> by;
  size_t state = 0;
  size_t at = 0;
  std::vector<std::string> start;
  std::map<std::string, std::vector<std::string>, std::less<>> allowed;

  bool MayBegin(std::string_view with) const {
    return start.empty() || std::find(start.begin(), start.end(), with) != start.end();
  }
  bool MayFollow(std::string_view before, std::string_view after) const {
    if (before == after) return true;
    const auto next = allowed.find(before);
    return next != allowed.end() &&
           std::find(next->second.begin(), next->second.end(), after) != next->second.end();
  }
  std::string NextInWords(const std::string& before) const {
    const auto next = allowed.find(before);
    if (next == allowed.end() || next->second.empty()) return "nothing else";
    return fmt::format("{}", fmt::join(next->second, " or "));
  }
};

class LegalTransitionRun : public RecordRun {
 public:
  explicit LegalTransitionRun(const Workflow& workflow) : workflow_(workflow), entities_(workflow.by) {}

  void Judge(const data::Batch& batch, const uint8_t* applies, std::span<Answer> answers) override {
    before_.assign(batch.rows(), std::nullopt);
    EntityIndex::OfBatch entities(entities_, batch);
    for (size_t row = 0; row < answers.size(); ++row) {
      answers[row] = Answer::kSkip;
      if (applies != nullptr && applies[row] == 0) continue;
      if (!batch.columns[workflow_.state].present(row)) continue;
      if (batch.columns[workflow_.at].states[row] != data::CellState::kValue) {
        answers[row] = Answer::kUnresolved;
        continue;
      }
      const std::optional<size_t> entity = entities.At(row);
      if (entity) answers[row] = Follow(OfEntity(last_, *entity), batch, row);
    }
  }

  Explanation Explain(const data::Batch& batch, size_t row, Answer answer) override {
    const std::string of = EntityShown(batch, workflow_.by, row);
    if (answer == Answer::kUnresolved)
      return {
          fmt::format("{} of {} does not come in order of time", FieldShown(batch, workflow_.at, row), of),
          "correct it, or sort the file by entity and time"};
    if (!before_[row])
      return {fmt::format("{} begins with {}", of, FieldShown(batch, workflow_.state, row)),
              fmt::format("it may begin with {}", fmt::join(workflow_.start, " or "))};
    return {fmt::format("{} of {} comes after {}", FieldShown(batch, workflow_.state, row), of,
                        Shown(*before_[row])),
            fmt::format("after {} may come {}", Shown(*before_[row]), workflow_.NextInWords(*before_[row]))};
  }

 private:
  struct Last {
    bool known = false;
    int64_t at = 0;
    std::string state;
  };

  Answer Follow(Last& last, const data::Batch& batch, size_t row) {
    const int64_t at = batch.columns[workflow_.at].integers[row];
    const std::string_view state = batch.columns[workflow_.state].text->at(row);
    if (last.known && at < last.at) return Answer::kUnresolved;
    const bool good = last.known ? workflow_.MayFollow(last.state, state) : workflow_.MayBegin(state);
    if (last.known) before_[row] = last.state;
    last = {true, at, std::string(state)};
    return good ? Answer::kPass : Answer::kFail;
  }

  const Workflow& workflow_;
  EntityIndex entities_;
  std::vector<Last> last_;                          // by entity
  std::vector<std::optional<std::string>> before_;  // by row of the batch judged last
};

class LegalTransition : public Rule {
 public:
  explicit LegalTransition(Workflow workflow) : workflow_(std::move(workflow)) {}
  absl::StatusOr<RuleRun> Start(const RunContext&) const override {
    return RuleRun(std::make_unique<LegalTransitionRun>(workflow_));
  }

 private:
  const Workflow workflow_;
};

void ReadAllowed(RuleReader& reader, Workflow& workflow) {
  const policy::Node allowed = reader.with().Map("allowed");
  policy::Fields states(allowed, "allowed", reader.issues());
  for (const auto& member : allowed.members()) workflow.allowed[member.key] = states.Texts(member.key);
  if (workflow.allowed.empty())
    reader.Error("missing-key", "legal_transition needs allowed", "allowed: {open: [closed]}");
}

}  // namespace

std::unique_ptr<const Rule> CompileLegalTransition(RuleReader& reader) {
  Workflow workflow;
  workflow.by = reader.FieldList(1, "by");
  const std::optional<size_t> state = reader.NamedField("state");
  const std::optional<size_t> at = reader.NamedField("at");
  workflow.start = reader.with().Texts("start");
  ReadAllowed(reader, workflow);
  if (workflow.by.empty() || !state || !at || workflow.allowed.empty()) return nullptr;
  if (!HasIntegers(reader.schema().fields[*at].type)) {
    reader.Error("wrong-type", "at must be a date, a timestamp or a whole number");
    return nullptr;
  }
  workflow.state = *state;
  workflow.at = *at;
  return std::make_unique<LegalTransition>(std::move(workflow));
}

}  // namespace concordat::quality
