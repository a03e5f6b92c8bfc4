// any_of: at least one of some rules holds for the record. all_of: all of them. none_of: none.
//   with: {rules: [{rule: required, with: {field: nhs_number}}, {rule: required, with: {field: upn}}]}
// A part that does not apply (skip) has no voice; where none has one the record is skipped. Where it depends
// on a part that cannot be told, the record is unresolved. Parts judge records; they have no `when` of their
// own.
#include "fmt/format.h"
#include "fmt/ranges.h"
#include "host/quality/kinds/kinds.h"

namespace concordat::quality {
namespace {

enum class Mode { kAny, kAll, kNone };
using Parts = std::vector<std::unique_ptr<const Rule>>;

class CombinedRun : public RecordRun {
 public:
  CombinedRun(Mode mode, std::vector<std::unique_ptr<RecordRun>> parts)
      : mode_(mode), parts_(std::move(parts)), answers_(parts_.size()) {}

  void Judge(const data::Batch& batch, const uint8_t* applies, std::span<Answer> answers) override {
    for (size_t i = 0; i < parts_.size(); ++i) {
      answers_[i].assign(answers.size(), Answer::kPass);
      parts_[i]->Judge(batch, applies, answers_[i]);
    }
    for (size_t row = 0; row < answers.size(); ++row) answers[row] = Combine(row);
  }

  Explanation Explain(const data::Batch& batch, size_t row, Answer answer) override {
    if (mode_ == Mode::kNone && answer == Answer::kFail)
      return {"it has a form that is not allowed", "correct the values of these columns"};
    std::vector<std::string> messages;
    std::vector<std::string> mends;
    for (size_t i = 0; i < parts_.size(); ++i) {
      if (!HoldsBack(answers_[i][row])) continue;
      Explanation why = parts_[i]->Explain(batch, row, answers_[i][row]);
      messages.push_back(std::move(why.message));
      if (!why.mend.empty()) mends.push_back(std::move(why.mend));
    }
    const std::string_view word = mode_ == Mode::kAny ? ", and " : "; ";
    return {fmt::format("{}", fmt::join(messages, word)),
            fmt::format("{}", fmt::join(mends, mode_ == Mode::kAny ? ", or " : "; "))};
  }

 private:
  Answer Combine(size_t row) const {
    bool pass = false;
    bool fail = false;
    bool unresolved = false;
    for (const std::vector<Answer>& part : answers_) {
      pass = pass || part[row] == Answer::kPass;
      fail = fail || part[row] == Answer::kFail;
      unresolved = unresolved || part[row] == Answer::kUnresolved;
    }
    const bool decided = mode_ == Mode::kAll ? fail : pass;
    if (decided) return mode_ == Mode::kAny ? Answer::kPass : Answer::kFail;
    if (unresolved) return Answer::kUnresolved;
    if (!pass && !fail) return Answer::kSkip;
    return mode_ == Mode::kAny ? Answer::kFail : Answer::kPass;
  }

  const Mode mode_;
  const std::vector<std::unique_ptr<RecordRun>> parts_;
  std::vector<std::vector<Answer>> answers_;  // by part, of the batch judged last
};

class Combined : public Rule {
 public:
  Combined(Mode mode, Parts parts) : mode_(mode), parts_(std::move(parts)) {}
  absl::StatusOr<RuleRun> Start(const RunContext& context) const override {
    std::vector<std::unique_ptr<RecordRun>> runs;
    for (const std::unique_ptr<const Rule>& part : parts_) {
      ASSIGN_OR_RETURN(RuleRun run, part->Start(context));
      runs.push_back(std::get<std::unique_ptr<RecordRun>>(std::move(run)));
    }
    return RuleRun(std::make_unique<CombinedRun>(mode_, std::move(runs)));
  }

 private:
  const Mode mode_;
  const Parts parts_;
};

std::unique_ptr<const Rule> Compile(RuleReader& reader, Mode mode) {
  Parts parts;
  bool good = true;
  const policy::Node entries = reader.with().Sequence("rules");
  for (const policy::Node& entry : entries.items()) {
    std::unique_ptr<const Rule> part = reader.Part(entry);
    good = good && part != nullptr;
    parts.push_back(std::move(part));
  }
  if (parts.empty()) {
    reader.Error("missing-key", fmt::format("{} needs rules", reader.spec().kind),
                 "rules: [{rule: required, with: {field: a}}, {rule: required, with: {field: b}}]");
    return nullptr;
  }
  return good ? std::make_unique<Combined>(mode, std::move(parts)) : nullptr;
}

}  // namespace

std::unique_ptr<const Rule> CompileAnyOf(RuleReader& reader) { return Compile(reader, Mode::kAny); }
std::unique_ptr<const Rule> CompileAllOf(RuleReader& reader) { return Compile(reader, Mode::kAll); }
std::unique_ptr<const Rule> CompileNoneOf(RuleReader& reader) { return Compile(reader, Mode::kNone); }

}  // namespace concordat::quality
