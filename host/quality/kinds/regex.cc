// regex: the whole text of `field` matches `pattern` (RE2 syntax). not_regex: it does not.
// pattern: some part of the text matches, as ODCS means its
// native `pattern`; anchor it with ^ and $ for the whole.
//   with: {field, pattern}      or patterns: [one, another]: regex: at least one matches, not_regex: none
//   does
#include <array>

#include "fmt/format.h"
#include "host/quality/kinds/cell_rule.h"
#include "host/quality/pattern_matcher.h"
#include "host/quality/quick_hash.h"

namespace concordat::quality {
namespace {

// What RE2 said of the values seen last: columns of few values
// ask it once a batch and value. Given up for columns of many.
class AnswerCache {
 public:
  template <typename Ask>
  bool Matches(std::string_view text, const Ask& ask) {
    if (!useful_) return ask(text);
    Entry& entry = entries_[QuickHash(text) % entries_.size()];
    ++asked_;
    if (entry.known && entry.text == text) {
      ++hits_;
      return entry.matches;
    }
    if (asked_ % 1024 == 0 && hits_ * 4 < asked_) useful_ = false;
    entry = {text, ask(text), true};
    return entry.matches;
  }

 private:
  struct Entry {
    std::string_view text;
    bool matches = false;
    bool known = false;
  };
  std::array<Entry, 256> entries_;
  size_t asked_ = 0;
  size_t hits_ = 0;
  bool useful_ = true;
};

class Regex : public PlainRule {
 public:
  Regex(size_t field, CellStates states, std::string pattern, PatternMatcher matcher, bool wanted)
      : field_(field),
        states_(states),
        pattern_(std::move(pattern)),
        matcher_(std::move(matcher)),
        wanted_(wanted) {}

  void Judge(const data::Batch& batch, std::span<Answer> answers) const override {
    const data::Column& column = batch.columns[field_];
    const data::TextColumn& text = *column.text;
    if (matcher_.fast()) {
      const ByteClassMatcher& fast = *matcher_.fast();
      JudgeCells(column, states_, answers, [&](size_t row) { return fast.Matches(text.at(row)) == wanted_; });
      return;
    }
    AnswerCache cache;
    const auto ask = [this](std::string_view value) { return matcher_.MatchesSlowly(value); };
    JudgeCells(column, states_, answers,
               [&](size_t row) { return cache.Matches(text.at(row), ask) == wanted_; });
  }

  Explanation Explain(const data::Batch& batch, size_t row, Answer) const override {
    if (std::optional<Explanation> state = ExplainState(batch, field_, row, states_))
      return *std::move(state);
    const std::string& name = batch.schema->fields[field_].name;
    if (!wanted_) {
      return {
          fmt::format("{} has the form {}, which is not allowed", FieldShown(batch, field_, row), pattern_),
          fmt::format("give {} another value", name)};
    }
    const std::string_view text = batch.columns[field_].text->at(row);
    std::string mend = matcher_.Matches(Trimmed(text)) ? BlankHint(text) : "";
    if (mend.empty()) mend = fmt::format("write {} in the form {}", name, pattern_);
    return {fmt::format("{} does not have the form {}", FieldShown(batch, field_, row), pattern_),
            std::move(mend)};
  }

 private:
  const size_t field_;
  const CellStates states_;
  const std::string pattern_;
  const PatternMatcher matcher_;
  const bool wanted_;
};

// Several patterns are one with alternatives; each must be good by itself, lest "a)|(b" become something
// else.
std::string ReadPatterns(RuleReader& reader, PatternMatcher::Mode mode) {
  const bool several = reader.with().Has("patterns");
  std::vector<std::string> patterns;
  if (several) {
    patterns = reader.with().Texts("patterns");
    if (patterns.empty()) reader.with().Error("patterns", "empty-list", "the list of patterns is empty");
  } else if (std::string pattern = reader.with().Text("pattern"); !pattern.empty()) {
    patterns.push_back(std::move(pattern));
  }
  std::string all;
  for (const std::string& pattern : patterns) {
    const std::string problem = PatternMatcher().Compile(pattern, mode);
    if (problem.empty()) {
      all += several ? fmt::format("{}(?:{})", all.empty() ? "" : "|", pattern) : pattern;
      continue;
    }
    reader.with().Error(several ? "patterns" : "pattern", "bad-pattern",
                        fmt::format("rule {}: the pattern cannot be used: {}", reader.spec().id, problem),
                        "patterns are RE2's, without look-around and back references");
    return "";
  }
  return all;
}

std::unique_ptr<const Rule> Compile(RuleReader& reader, PatternMatcher::Mode mode, bool wanted) {
  const std::optional<size_t> field = reader.Field();
  std::string pattern = ReadPatterns(reader, mode);
  if (pattern.empty() || !field) return nullptr;
  PatternMatcher matcher;
  matcher.Compile(pattern, mode);
  return std::make_unique<Regex>(*field, TextStates(reader), std::move(pattern), std::move(matcher), wanted);
}

}  // namespace

std::unique_ptr<const Rule> CompileRegex(RuleReader& reader) {
  return Compile(reader, PatternMatcher::Mode::kWhole, true);
}
std::unique_ptr<const Rule> CompileNotRegex(RuleReader& reader) {
  return Compile(reader, PatternMatcher::Mode::kWhole, false);
}
std::unique_ptr<const Rule> CompilePattern(RuleReader& reader) {
  return Compile(reader, PatternMatcher::Mode::kSearch, true);
}

}  // namespace concordat::quality
