// date_pattern: the text of `field` is a date or time in one of these patterns (JDK letters), whatever the
// contract's own type: for columns of type string that carry dates.
//   with: {field, patterns: [yyyy-MM-dd, dd/MM/yyyy]}
#include "fmt/format.h"
#include "fmt/ranges.h"
#include "host/data/parse.h"
#include "host/quality/kinds/text_rule.h"

namespace concordat::quality {
namespace {

struct DatePattern {
  std::vector<data::TimePattern> patterns;

  bool Good(std::string_view text) const {
    for (const data::TimePattern& pattern : patterns) {
      if (pattern.ParseMicros(text)) return true;
    }
    return false;
  }
  Explanation Why(const std::string& shown, std::string_view text, const std::string& name) const {
    std::vector<std::string> forms;
    for (const data::TimePattern& pattern : patterns) forms.push_back(pattern.text());
    std::string mend = Good(Trimmed(text)) ? BlankHint(text) : "";
    if (mend.empty()) mend = fmt::format("write {} as {}", name, fmt::join(forms, " or "));
    return {fmt::format("{} is no date as {}", shown, fmt::join(forms, " or ")), std::move(mend)};
  }
};

}  // namespace

std::unique_ptr<const Rule> CompileDatePattern(RuleReader& reader) {
  const std::optional<size_t> field = reader.Field();
  DatePattern test;
  for (const std::string& text : reader.with().Texts("patterns")) {
    absl::StatusOr<data::TimePattern> pattern = data::TimePattern::Compile(text);
    if (pattern.ok()) {
      test.patterns.push_back(*std::move(pattern));
    } else {
      reader.with().Error("patterns", "bad-date-pattern", std::string(MessageOf(pattern.status())),
                          "patterns are written like yyyy-MM-dd or dd/MM/yyyy HH:mm");
    }
  }
  if (!reader.with().Has("patterns"))
    reader.Error("missing-key", "date_pattern needs patterns", "patterns: [yyyy-MM-dd]");
  if (test.patterns.empty()) return nullptr;
  return MakeTextRule(reader, field, std::move(test));
}

}  // namespace concordat::quality
