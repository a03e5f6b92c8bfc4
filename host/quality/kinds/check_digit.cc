// check_digit: the check digit of the number in `field` is right.
//   with: {field, scheme: nhs_mod11}      schemes: nhs_mod11, luhn, upn
#include "fmt/format.h"
#include "host/quality/kinds/cell_rule.h"

namespace concordat::quality {
namespace {

bool AllDigits(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

// NHS number: ten digits; weights 10 to 1, the sum divisible by 11 (NHS Data Dictionary).
bool IsNhsNumber(std::string_view text) {
  if (text.size() != 10 || !AllDigits(text)) return false;
  int sum = 0;
  for (int i = 0; i < 10; ++i) sum += (text[i] - '0') * (10 - i);
  return sum % 11 == 0;
}

// ISO/IEC 7812-1: from the right every second digit doubled, the sum of digits divisible by 10.
bool IsLuhn(std::string_view text) {
  if (text.size() < 2 || !AllDigits(text)) return false;
  int sum = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    const int digit = (text[text.size() - 1 - i] - '0') * (i % 2 == 0 ? 1 : 2);
    sum += digit > 9 ? digit - 9 : digit;
  }
  return sum % 10 == 0;
}

// Unique pupil number: a check letter and twelve digits (the last of a temporary one is a letter); weights 2
// to 13, modulo 23 (Department for Education).
bool IsUpn(std::string_view text) {
  constexpr std::string_view kLetters = "ABCDEFGHJKLMNPQRTUVWXYZ";
  if (text.size() != 13 || !AllDigits(text.substr(1, 11))) return false;
  const bool digit = text[12] >= '0' && text[12] <= '9';
  const size_t last = digit ? static_cast<size_t>(text[12] - '0') : kLetters.find(text[12]);
  if (last == std::string_view::npos) return false;
  size_t sum = last * 13;
  for (size_t i = 1; i < 12; ++i) sum += static_cast<size_t>(text[i] - '0') * (i + 1);
  return text[0] == kLetters[sum % 23];
}

struct Scheme {
  std::string_view name;
  std::string_view words;
  bool (*good)(std::string_view);
};
constexpr Scheme kSchemes[] = {{"luhn", "number with a right check digit (Luhn)", IsLuhn},
                               {"nhs_mod11", "NHS number", IsNhsNumber},
                               {"upn", "unique pupil number", IsUpn}};

class CheckDigit : public PlainRule {
 public:
  CheckDigit(size_t field, CellStates states, const Scheme& scheme)
      : field_(field), states_(states), scheme_(scheme) {}

  void Judge(const data::Batch& batch, std::span<Answer> answers) const override {
    const data::TextColumn& text = *batch.columns[field_].text;
    JudgeCells(batch.columns[field_], states_, answers,
               [&](size_t row) { return scheme_.good(text.at(row)); });
  }
  Explanation Explain(const data::Batch& batch, size_t row, Answer) const override {
    if (auto why = ExplainState(batch, field_, row, states_)) return *std::move(why);
    const std::string_view text = batch.columns[field_].text->at(row);
    std::string mend = scheme_.good(Trimmed(text)) ? BlankHint(text) : "";
    if (mend.empty()) mend = "a digit is wrong, missing or out of place: look it up at its source";
    return {fmt::format("{} is no valid {}", FieldShown(batch, field_, row), scheme_.words), std::move(mend)};
  }

 private:
  const size_t field_;
  const CellStates states_;
  const Scheme& scheme_;
};

}  // namespace

std::unique_ptr<const Rule> CompileCheckDigit(RuleReader& reader) {
  const std::optional<size_t> field = reader.Field();
  const std::string name = reader.with().Text("scheme");
  std::vector<std::string> names;
  const Scheme* found = nullptr;
  for (const Scheme& scheme : kSchemes) {
    if (scheme.name == name) found = &scheme;
    names.emplace_back(scheme.name);
  }
  if (found == nullptr && !name.empty()) {
    reader.with().Error("scheme", "unknown-word",
                        fmt::format("rule {}: no check digit scheme is named \"{}\"", reader.spec().id, name),
                        DidYouMean(name, names));
  }
  if (!field || found == nullptr) return nullptr;
  return std::make_unique<CheckDigit>(*field, TextStates(reader), *found);
}

}  // namespace concordat::quality
