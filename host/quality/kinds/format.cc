// format: the whole text of `field` has a well-known form.
//   with: {field, name: uk_postcode}      names: the table below
#include "fmt/format.h"

#include "host/quality/kinds/cell_rule.h"
#include "host/quality/pattern_matcher.h"

namespace concordat::quality {
namespace {

struct NamedFormat {
  std::string_view name;
  std::string_view words;
  std::string_view pattern;
};

// email: the definition of HTML's <input type=email>.
// nino: HMRC National Insurance Manual NIM39110: neither D, F, I, Q, U, V first or second, nor O second; BG,
// GB, KN, NK, NT, TN and ZZ are never given out. charity_number, company_number: the forms of the three
// charity registers and of Companies House. uk_postcode: BS 7666 with one blank before the inward part.
constexpr NamedFormat kFormats[] = {
    {"charity_number", "a charity number such as 1091263, SC012345 or NIC100012",
     "[0-9]{6,7}|SC[0-9]{6}|NIC[0-9]{6}"},
    {"company_number", "a company number such as 01234567 or SC123456",
     "[0-9]{8}|(?:AC|CE|CS|FC|FE|GE|GN|GS|IC|IP|LP|NA|NC|NF|NI|NL|NO|NP|NR|NZ|OC|R0|RC|RS|SA|SC|SE|SF|SG|SI|"
     "SL|SO|SP|SR|SZ|ZC)[0-9]{6}"},
    {"email", "an e-mail address",
     R"([a-zA-Z0-9.!#$%&'*+/=?^_`{|}~-]+@[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?(?:\.[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?)*)"},
    {"gss_code", "a GSS code: a letter and eight digits", "[EJKLMNSW][0-9]{8}"},
    {"nino", "a National Insurance number such as AB123456C",
     "(?:[ACEHJ-MOPRSWXY][A-CEGHJ-NPR-TW-Z]|B[A-CEHJ-NPR-TW-Z]|G[ACEGHJ-NPR-TW-Z]|[KT][A-CEGHJ-MPR-TW-Z]|N[A-"
     "CEGHJL-NPR-SW-Z]|Z[A-CEGHJ-NPR-TW-Y])[0-9]{6}[A-D]"},
    {"uk_postcode", "a UK postcode such as DE1 2GU",
     "GIR "
     "0AA|(?:[A-PR-UWYZ][0-9]{1,2}|[A-PR-UWYZ][A-HK-Y][0-9]{1,2}|[A-PR-UWYZ][0-9][A-HJKPSTUW]|[A-PR-UWYZ][A-"
     "HK-Y][0-9][ABEHMNPRVWXY]) "
     "[0-9][ABD-HJLNP-UW-Z]{2}"},
    {"uprn", "a UPRN: up to twelve digits", "[0-9]{1,12}"},
    {"uuid", "a UUID", "[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}"},
};

class Format : public PlainRule {
 public:
  Format(size_t field, CellStates states, const NamedFormat& format, PatternMatcher matcher)
      : field_(field), states_(states), format_(format), matcher_(std::move(matcher)) {}

  void Judge(const data::Batch& batch, std::span<Answer> answers) const override {
    const data::TextColumn& text = *batch.columns[field_].text;
    JudgeCells(batch.columns[field_], states_, answers,
               [&](size_t row) { return matcher_.Matches(text.at(row)); });
  }
  Explanation Explain(const data::Batch& batch, size_t row, Answer) const override {
    if (auto why = ExplainState(batch, field_, row, states_)) return *std::move(why);
    const std::string_view text = batch.columns[field_].text->at(row);
    std::string mend = matcher_.Matches(Trimmed(text)) ? BlankHint(text) : "";
    if (mend.empty()) mend = fmt::format("write {} as {}", batch.schema->fields[field_].name, format_.words);
    return {fmt::format("{} is not {}", FieldShown(batch, field_, row), format_.words), std::move(mend)};
  }

 private:
  const size_t field_;
  const CellStates states_;
  const NamedFormat& format_;
  const PatternMatcher matcher_;
};

const NamedFormat* FindFormat(RuleReader& reader, const std::string& name) {
  std::vector<std::string> names;
  for (const NamedFormat& format : kFormats) {
    if (format.name == name) return &format;
    names.emplace_back(format.name);
  }
  if (!name.empty()) {
    reader.with().Error("name", "unknown-word",
                        fmt::format("rule {}: no format is named \"{}\"", reader.spec().id, name),
                        DidYouMean(name, names));
  }
  return nullptr;
}

}  // namespace

std::unique_ptr<const Rule> CompileFormat(RuleReader& reader) {
  const std::optional<size_t> field = reader.Field();
  const NamedFormat* const format = FindFormat(reader, reader.with().Text("name"));
  if (!field || format == nullptr) return nullptr;
  PatternMatcher matcher;
  const std::string problem = matcher.Compile(format->pattern, PatternMatcher::Mode::kWhole);
  if (!problem.empty()) reader.Error("internal", problem);
  return std::make_unique<Format>(*field, TextStates(reader), *format, std::move(matcher));
}

}  // namespace concordat::quality
