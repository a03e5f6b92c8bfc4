// check_digit: the check digit of the number in `field` is right.
//   with: {field, scheme: nhs_mod11}      schemes: check_schemes.cc
#include "fmt/format.h"
#include "host/quality/check_schemes.h"
#include "host/quality/kinds/cell_rule.h"

namespace concordat::quality {
namespace {

class CheckDigit : public PlainRule {
 public:
  CheckDigit(size_t field, CellStates states, const CheckScheme& scheme)
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
  const CheckScheme& scheme_;
};

}  // namespace

std::unique_ptr<const Rule> CompileCheckDigit(RuleReader& reader) {
  const std::optional<size_t> field = reader.Field();
  const std::string name = reader.with().Text("scheme");
  std::vector<std::string> names;
  const CheckScheme* found = nullptr;
  for (const CheckScheme& scheme : CheckSchemes()) {
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
