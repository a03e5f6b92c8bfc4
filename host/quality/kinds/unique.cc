// unique: no two records have the same text in `fields`.
//   with: {fields: [a, b]}
// `fail` counts the records after the first with a key; `groups` the keys that occur more than once,
// `occurrences` the records that carry such a key. A key with a missing part is skipped (`onMissing`).
#include <algorithm>

#include "fmt/format.h"
#include "host/quality/kinds/key_rule.h"

namespace concordat::quality {
namespace {

class Unique : public Rule {
 public:
  Unique(std::vector<size_t> fields, CellStates states) : fields_(std::move(fields)), states_(states) {}
  absl::StatusOr<RuleRun> Start(const RunContext& context) const override;

  const std::vector<size_t>& fields() const { return fields_; }
  const CellStates& states() const { return states_; }

 private:
  const std::vector<size_t> fields_;
  const CellStates states_;
};

class UniqueRun : public RecordRun {
 public:
  explicit UniqueRun(const Unique& rule) : rule_(rule) {}

  void Expect(uint64_t records) override { expected_ = records; }

  void Judge(const data::Batch& batch, const uint8_t* applies, std::span<Answer> answers) override {
    JudgeKeyStates(batch, rule_.fields(), rule_.states(), answers);
    if (expected_ > 0) Reserve(answers);
    KeyReader keys = ReadKeys(batch, rule_.fields());
    repeats_.clear();
    for (size_t begin = 0; begin < answers.size(); begin += kBlock) {
      JudgeBlock(batch, begin, std::min(begin + kBlock, answers.size()), applies, keys, answers);
    }
  }

  Explanation Explain(const data::Batch& batch, size_t row, Answer) override {
    if (auto why = ExplainKeyStates(batch, rule_.fields(), row, rule_.states())) return *std::move(why);
    const auto repeat =
        std::lower_bound(repeats_.begin(), repeats_.end(), row,
                         [](const Repeat& entry, size_t wanted) { return entry.row < wanted; });
    const bool known = repeat != repeats_.end() && repeat->row == row && repeat->first != kUnknown;
    const std::string where = known ? fmt::format("record {}", repeat->first) : "an earlier record";
    return {fmt::format("{} stands already in {}", KeyShown(batch, rule_.fields(), row), where),
            fmt::format("keep one of the two, or correct {}",
                        rule_.fields().size() == 1 ? "the value" : "the values")};
  }

  void Report(record::RuleResult& result) const override {
    result.groups = groups_;
    result.occurrences = occurrences_;
  }

 private:
  // So many keys are hashed, and their slots fetched, before the first is looked up: the misses overlap.
  static constexpr size_t kBlock = 64;
  // A slot's mark: the first record with the key, and whether it has come again.
  static constexpr uint32_t kRepeated = uint32_t{1} << 31;
  static constexpr uint32_t kUnknown = 0;  // beyond 31 bits the first record is not remembered

  struct Repeat {
    size_t row;
    uint32_t first;
  };

  // As many keys as the first batch lets expect, and a few more.
  void Reserve(std::span<const Answer> first) {
    const auto keys = static_cast<double>(std::count(first.begin(), first.end(), Answer::kPass));
    table_.Reserve(static_cast<uint64_t>(1.02 * keys / static_cast<double>(first.size()) *
                                         static_cast<double>(expected_)));
    expected_ = 0;
  }

  void JudgeBlock(const data::Batch& batch, size_t begin, size_t end, const uint8_t* applies, KeyReader& keys,
                  std::span<Answer> answers) {
    Fingerprint prints[kBlock];
    uint32_t rows[kBlock];
    size_t count = 0;
    for (size_t row = begin; row < end; ++row) {
      if (answers[row] != Answer::kPass || (applies != nullptr && applies[row] == 0)) continue;
      prints[count] = hash_(keys.At(row));
      rows[count] = static_cast<uint32_t>(row);
      table_.Prefetch(prints[count++]);
    }
    for (size_t i = 0; i < count; ++i)
      answers[rows[i]] = Remember(prints[i], rows[i], batch.records[rows[i]]);
  }

  Answer Remember(const Fingerprint& print, size_t row, uint64_t record) {
    bool is_new = false;
    KeyTable::Slot& slot = table_.Insert(print, is_new);
    if (is_new) {
      slot.mark = record < kRepeated ? static_cast<uint32_t>(record) : kUnknown;
      return Answer::kPass;
    }
    const bool first_repeat = (slot.mark & kRepeated) == 0;
    groups_ += first_repeat ? 1 : 0;
    occurrences_ += first_repeat ? 2 : 1;
    slot.mark |= kRepeated;
    repeats_.push_back({row, slot.mark & ~kRepeated});
    return Answer::kFail;
  }

  const Unique& rule_;
  const KeyHasher hash_;
  KeyTable table_;
  uint64_t expected_ = 0;  // records of the file; 0: nothing is known, or it was heeded
  uint64_t groups_ = 0;
  uint64_t occurrences_ = 0;
  std::vector<Repeat> repeats_;  // of the batch judged last
};

absl::StatusOr<RuleRun> Unique::Start(const RunContext&) const {
  return RuleRun(std::make_unique<UniqueRun>(*this));
}

}  // namespace

std::unique_ptr<const Rule> CompileUnique(RuleReader& reader) {
  std::vector<size_t> fields = reader.FieldList(1);
  if (fields.empty()) return nullptr;
  return std::make_unique<Unique>(std::move(fields), TextStates(reader));
}

}  // namespace concordat::quality
