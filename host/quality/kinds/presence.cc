// all_or_none: either all `fields` hold a value or none does.
//   with: {fields: [a, b, ...]}
// exactly_n_of: exactly `n` of `fields` hold a value (1 unless said).
//   with: {fields: [a, b, ...], n: 1}
// Presence alone is judged; a record with a marker in one of the fields is skipped.
#include "fmt/format.h"
#include "fmt/ranges.h"
#include "host/quality/kinds/kinds.h"

namespace concordat::quality {
namespace {

// How many of some fields hold a value, for a block of records.
class PresenceCount {
 public:
  explicit PresenceCount(std::vector<size_t> fields) : fields_(std::move(fields)) {}

  // Pass where `good[count]`, skip where there is a marker.
  void Judge(const data::Batch& batch, const std::vector<uint8_t>& good, std::span<Answer> answers) const {
    std::vector<uint16_t> present(answers.size(), 0);
    std::vector<uint8_t> marker(answers.size(), 0);
    for (const size_t field : fields_) {
      const data::CellState* const states = batch.columns[field].states.data();
      for (size_t row = 0; row < answers.size(); ++row) {
        present[row] += static_cast<uint16_t>((states[row] == data::CellState::kValue) |
                                              (states[row] == data::CellState::kUnparseable));
        marker[row] |= static_cast<uint8_t>(states[row] == data::CellState::kMarker);
      }
    }
    for (size_t row = 0; row < answers.size(); ++row) {
      answers[row] =
          marker[row] != 0 ? Answer::kSkip : (good[present[row]] != 0 ? Answer::kPass : Answer::kFail);
    }
  }

  std::vector<std::string> Names(const data::Batch& batch, size_t row, bool present) const {
    std::vector<std::string> names;
    for (const size_t field : fields_) {
      if (batch.columns[field].present(row) == present) names.push_back(batch.schema->fields[field].name);
    }
    return names;
  }
  size_t size() const { return fields_.size(); }

 private:
  const std::vector<size_t> fields_;
};

class AllOrNone : public PlainRule {
 public:
  explicit AllOrNone(std::vector<size_t> fields) : count_(std::move(fields)), good_(count_.size() + 1, 0) {
    good_.front() = good_.back() = 1;
  }
  void Judge(const data::Batch& batch, std::span<Answer> answers) const override {
    count_.Judge(batch, good_, answers);
  }
  Explanation Explain(const data::Batch& batch, size_t row, Answer) const override {
    const std::string there = fmt::format("{}", fmt::join(count_.Names(batch, row, true), ", "));
    const std::string lacking = fmt::format("{}", fmt::join(count_.Names(batch, row, false), ", "));
    return {fmt::format("{} is given without {}", there, lacking),
            fmt::format("give {} too, or leave out {}", lacking, there)};
  }

 private:
  const PresenceCount count_;
  std::vector<uint8_t> good_;
};

class ExactlyNOf : public PlainRule {
 public:
  ExactlyNOf(std::vector<size_t> fields, size_t n)
      : count_(std::move(fields)), good_(count_.size() + 1, 0), n_(n) {
    good_[n_] = 1;
  }
  void Judge(const data::Batch& batch, std::span<Answer> answers) const override {
    count_.Judge(batch, good_, answers);
  }
  Explanation Explain(const data::Batch& batch, size_t row, Answer) const override {
    const std::vector<std::string> there = count_.Names(batch, row, true);
    const std::vector<std::string> lacking = count_.Names(batch, row, false);
    std::string message =
        there.empty()
            ? fmt::format("none of {} is given where {} must be", fmt::join(lacking, ", "), n_)
            : fmt::format("{} given ({}) where exactly {} must be", there.size(), fmt::join(there, ", "), n_);
    return {std::move(message), there.size() > n_ ? fmt::format("keep {} of them", n_)
                                                  : fmt::format("give {} more of {}", n_ - there.size(),
                                                                fmt::join(lacking, ", "))};
  }

 private:
  const PresenceCount count_;
  std::vector<uint8_t> good_;
  const size_t n_;
};

}  // namespace

std::unique_ptr<const Rule> CompileAllOrNone(RuleReader& reader) {
  reader.WarnHandlingIgnored();
  std::vector<size_t> fields = reader.FieldList(2);
  if (fields.empty()) return nullptr;
  return std::make_unique<AllOrNone>(std::move(fields));
}

std::unique_ptr<const Rule> CompileExactlyNOf(RuleReader& reader) {
  reader.WarnHandlingIgnored();
  std::vector<size_t> fields = reader.FieldList(2);
  const int64_t n = reader.with().Integer("n").value_or(1);
  if (fields.empty()) return nullptr;
  if (n < 0 || n > static_cast<int64_t>(fields.size())) {
    reader.with().Error(
        "n", "bad-bounds",
        fmt::format("rule {}: n is {} but there are {} fields", reader.spec().id, n, fields.size()));
    return nullptr;
  }
  return std::make_unique<ExactlyNOf>(std::move(fields), static_cast<size_t>(n));
}

}  // namespace concordat::quality
