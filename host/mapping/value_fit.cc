#include "host/mapping/value_fit.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "fmt/format.h"
#include "host/data/parse.h"
#include "host/expr/pattern.h"
#include "host/mapping/conversion.h"
#include "host/mapping/name_match.h"

namespace concordat::mapping {
namespace {

using data::LogicalType;
using policy::FieldMapping;
using policy::NumberStyle;

constexpr double kNearlyAll = 0.9;

constexpr std::array kDates = {"yyyy-MM-dd",
                               "dd/MM/yyyy",
                               "d/M/yyyy",
                               "MM/dd/yyyy",
                               "dd-MM-yyyy",
                               "dd.MM.yyyy",
                               "d.M.yyyy",
                               "yyyy/MM/dd",
                               "yyyyMMdd",
                               "dd-MMM-yyyy",
                               "dd MMM yyyy",
                               "d MMM yyyy",
                               "d MMMM yyyy",
                               "dd-MMM-yy",
                               "dd/MM/yy",
                               "d/M/yy",
                               "MM/dd/yy",
                               "dd.MM.yy",
                               "MMM-yy",
                               "MMM yyyy",
                               "MMMM yyyy",
                               "yyyy-MM",
                               "MM/yyyy",
                               "yyyyMM",
                               "yyyy",
                               "dd/MM/yyyy HH:mm",
                               "dd/MM/yyyy HH:mm:ss",
                               "yyyy-MM-dd HH:mm:ss",
                               "yyyy-MM-dd'T'HH:mm:ss",
                               "yyyy-MM-dd'T'HH:mm:ssXXX",
                               "EEE d MMM yyyy"};
constexpr std::array kStamps = {"yyyy-MM-dd'T'HH:mm:ssXXX",
                                "yyyy-MM-dd'T'HH:mm:ss",
                                "yyyy-MM-dd HH:mm:ss",
                                "yyyy-MM-dd HH:mm",
                                "dd/MM/yyyy HH:mm:ss",
                                "dd/MM/yyyy HH:mm",
                                "MM/dd/yyyy HH:mm",
                                "dd-MMM-yyyy HH:mm",
                                "dd MMM yyyy HH:mm",
                                "dd/MM/yy HH:mm",
                                "dd.MM.yyyy HH:mm",
                                "yyyyMMddHHmmss",
                                "yyyy/MM/dd HH:mm:ss",
                                "dd/MM/yyyy",
                                "yyyy-MM-dd"};
constexpr std::array kTimes = {"HH:mm:ss", "HH:mm", "H:mm", "HHmm", "h:mm a"};

// Texts that people write where there is no value.
constexpr std::array kStandIns = {"N/A",       "n/a", "NA", "#N/A", "NULL", "null",    "None",    "none",
                                  "-",         "--",  ".",  "?",    "nil",  "Unknown", "unknown", "UNKNOWN",
                                  "Not known", "TBC", "x",  "z",    "c",    "..",      ":"};

bool IsStandIn(const std::string& text) {
  return std::find(kStandIns.begin(), kStandIns.end(), text) != kStandIns.end();
}

/// Shares of records whose value a reading takes, and the texts that it does not.
struct Tried {
  double share = 0;
  std::vector<std::string> misfits;
};

Tried Try(const SampledColumn& column, const data::Field& field, const FieldMapping& reading) {
  Tried tried;
  const auto parser = data::CellParser::Create(field, reading.missing);
  const auto conversion = Conversion::Create(field, reading, {});
  if (!parser.ok() || !conversion.ok()) return tried;
  auto text = std::make_shared<data::TextColumn>();
  std::vector<bool> failed;
  for (const auto& [value, count] : column.values) {
    const std::string_view trimmed = data::Trim(value);
    std::string prepared;
    std::string read;
    bool good = true;
    if (!parser->HoldsValue(trimmed)) {
      prepared = std::string(trimmed);
      read = prepared;
    } else {
      good = conversion->Prepare(trimmed, prepared) && conversion->Read(prepared, read);
    }
    text->Append(good ? read : std::string(trimmed));
    failed.push_back(!good);
  }
  data::Column made;
  made.field = &field;
  made.text = text;
  parser->Fill(made);
  uint64_t fits = 0;
  uint64_t all = 0;
  for (size_t i = 0; i < column.values.size(); ++i) {
    all += column.values[i].second;
    if (!failed[i] && made.states[i] != data::CellState::kUnparseable) {
      fits += column.values[i].second;
    } else {
      tried.misfits.push_back(std::string(data::Trim(column.values[i].first)));
    }
  }
  tried.share = all == 0 ? 0 : static_cast<double>(fits) / static_cast<double>(all);
  return tried;
}

std::string Percent(double share) { return fmt::format("{:.0f}%", std::floor(share * 100)); }

// Stand-ins among the misfits become missing tokens.
void TakeStandIns(const Tried& tried, FieldMapping& reading) {
  for (const std::string& text : tried.misfits) {
    if (IsStandIn(text)) reading.missing.push_back(text);
  }
}

// The best of several readings: `candidates` in the order in which they are preferred.
ValueFit BestOf(const SampledColumn& column, const data::Field& field,
                const std::vector<FieldMapping>& candidates, const std::vector<std::string>& names) {
  ValueFit best;
  best.telling = true;
  size_t chosen = 0;
  std::vector<double> shares;
  Tried of_best;
  for (size_t i = 0; i < candidates.size(); ++i) {
    Tried tried = Try(column, field, candidates[i]);
    shares.push_back(tried.share);
    if (tried.share <= best.share) continue;
    best.share = tried.share;
    best.reading = candidates[i];
    of_best = std::move(tried);
    chosen = i;
  }
  if (best.share <= 0) return best;
  TakeStandIns(of_best, best.reading);
  if (!best.reading.missing.empty()) {
    of_best = Try(column, field, best.reading);
    best.share = of_best.share;
  }
  best.reasons.push_back(fmt::format("{} of the values are {}", Percent(best.share), names[chosen]));
  for (size_t i = chosen + 1; i < candidates.size(); ++i) {
    if (best.reading.dates && candidates[i].dates && shares[i] >= shares[chosen] &&
        names[i].find("MM/dd") != std::string::npos)
      best.doubts.push_back(fmt::format("every value fits {} too: ask which of the two it is", names[i]));
  }
  if (!of_best.misfits.empty() && best.share < 1)
    best.doubts.push_back(fmt::format("\"{}\" does not fit", of_best.misfits.front()));
  return best;
}

FieldMapping WithDates(const std::string& pattern) {
  FieldMapping mapping;
  mapping.dates = policy::DateReading{{pattern}, std::nullopt, {}};
  return mapping;
}

// A second pattern for what the best does not read: files change their style half way.
void AddSecondPattern(const SampledColumn& column, const data::Field& field,
                      const std::vector<FieldMapping>& candidates, ValueFit& fit) {
  if (!fit.reading.dates || fit.share >= 0.995 || fit.share < 0.3) return;
  double most = fit.share;
  std::string second;
  for (const FieldMapping& candidate : candidates) {
    if (!candidate.dates) continue;
    FieldMapping both = fit.reading;
    both.dates->patterns.push_back(candidate.dates->patterns.front());
    const double share = Try(column, field, both).share;
    if (share <= most + 0.005) continue;
    most = share;
    second = candidate.dates->patterns.front();
  }
  if (second.empty()) return;
  fit.reading.dates->patterns.push_back(second);
  fit.share = most;
  fit.reasons.push_back(fmt::format("with {} for others {}", second, Percent(most)));
}

ValueFit FitDates(const SampledColumn& column, const data::Field& field) {
  std::vector<FieldMapping> candidates = {FieldMapping()};
  std::vector<std::string> names = {"in the contract's own form"};
  const auto add = [&](const std::string& pattern) {
    candidates.push_back(WithDates(pattern));
    names.push_back(pattern == "excel" ? "a spreadsheet's day numbers" : "dates as " + pattern);
  };
  if (field.type == LogicalType::kTime) {
    for (const char* pattern : kTimes) add(pattern);
  } else if (field.type == LogicalType::kTimestamp) {
    for (const char* pattern : kStamps) add(pattern);
  } else {
    for (const char* pattern : kDates) add(pattern);
  }
  add("excel");
  ValueFit fit = BestOf(column, field, candidates, names);
  AddSecondPattern(column, field, candidates, fit);
  // Any number below three million is a day number.
  if (fit.reading.dates && fit.reading.dates->patterns.front() == "excel") {
    fit.share *= 0.7;
    fit.doubts.push_back("the values are plain numbers: are they day numbers of a spreadsheet?");
  }
  if (fit.reading.dates && fit.reading.dates->patterns.front().find("yyyy") == std::string::npos &&
      fit.reading.dates->patterns.front().find("yy") != std::string::npos)
    fit.doubts.push_back("years have two digits: 70 to 99 are read as 1970 to 1999; a pivot changes that");
  return fit;
}

ValueFit FitNumbers(const SampledColumn& column, const data::Field& field) {
  std::vector<FieldMapping> candidates = {FieldMapping()};
  std::vector<std::string> names = {"plain numbers"};
  const auto add = [&](NumberStyle style, std::string name) {
    FieldMapping mapping;
    mapping.numbers = std::move(style);
    candidates.push_back(std::move(mapping));
    names.push_back(std::move(name));
  };
  std::vector<std::string> currency;
  for (const std::string_view sign : {"£", "€", "$", "GBP", "EUR"}) {
    const bool seen = std::any_of(column.values.begin(), column.values.end(), [&](const auto& value) {
      return value.first.find(sign) != std::string::npos;
    });
    if (seen) currency.emplace_back(sign);
  }
  add({.thousands = ","}, "numbers with thousands marks");
  add({.thousands = ",", .currency = currency, .negative = {"parentheses"}},
      "amounts such as £1,234.50 or (12)");
  add({.thousands = ",", .currency = currency, .negative = {"trailing_minus"}}, "amounts such as 12.50-");
  add({.thousands = ",", .currency = currency, .negative = {"credit"}}, "amounts with CR and DR");
  add({.thousands = ",", .percent = NumberStyle::Percent::kPoints}, "percentages");
  add({.decimal = ",", .thousands = "."}, "numbers with a decimal comma");
  add({.thousands = " "}, "numbers with blanks between thousands");
  ValueFit fit = BestOf(column, field, candidates, names);
  if (fit.reading.numbers && fit.reading.numbers->percent != NumberStyle::Percent::kNone)
    fit.doubts.push_back("45% becomes 45; write percent: share for 0.45");
  if (fit.reading.numbers &&
      std::find(fit.reading.numbers->negative.begin(), fit.reading.numbers->negative.end(), "credit") !=
          fit.reading.numbers->negative.end())
    fit.doubts.push_back("CR is read as negative; write negative: debit for the other way round");
  return fit;
}

ValueFit FitBooleans(const SampledColumn& column, const data::Field& field) {
  ValueFit fit;
  fit.telling = true;
  const Tried plain = Try(column, field, FieldMapping());
  if (plain.share >= kNearlyAll) {
    fit.share = plain.share;
    fit.reasons.push_back(fmt::format("{} of the values are booleans", Percent(plain.share)));
    TakeStandIns(plain, fit.reading);
    return fit;
  }
  constexpr std::array kYes = {"y", "yes", "true", "t", "1", "x", "ja", "oui", "on"};
  constexpr std::array kNo = {"n", "no", "false", "f", "0", "nein", "non", "off"};
  policy::BooleanWords words;
  for (const auto& [value, count] : column.values) {
    const std::string text(data::Trim(value));
    const std::string lower = InCase(text, policy::LetterCase::kLower);
    if (std::find(kYes.begin(), kYes.end(), lower) != kYes.end()) words.yes.push_back(text);
    if (std::find(kNo.begin(), kNo.end(), lower) != kNo.end()) words.no.push_back(text);
  }
  if (words.yes.empty() && words.no.empty()) return fit;
  fit.reading.booleans = words;
  fit.share = Try(column, field, fit.reading).share;
  fit.reasons.push_back(fmt::format("{} of the values are words for yes and no", Percent(fit.share)));
  return fit;
}

// The one value that a code may stand for: the same but for case, its beginning, or its first letter.
std::string ValueMeantBy(const std::string& code, const std::vector<std::string>& values) {
  const std::string folded = FoldedName(code);
  std::vector<std::string> found;
  for (const std::string& value : values) {
    if (FoldedName(value) == folded) return value;
    if (!folded.empty() && FoldedName(value).starts_with(folded)) found.push_back(value);
  }
  if (found.size() == 1) return found[0];
  return Nearest(code, values);
}

ValueFit FitList(const SampledColumn& column, const std::vector<std::string>& values) {
  ValueFit fit;
  uint64_t known = 0;
  uint64_t all = 0;
  std::vector<std::string> unknown;
  for (const auto& [value, count] : column.values) {
    all += count;
    if (std::find(values.begin(), values.end(), value) != values.end())
      known += count;
    else
      unknown.push_back(value);
  }
  fit.share = all == 0 ? 0 : static_cast<double>(known) / static_cast<double>(all);
  fit.telling = true;
  if (fit.share >= kNearlyAll) {
    fit.reasons.push_back(fmt::format("{} of the values stand in the contract's list", Percent(fit.share)));
    return fit;
  }
  constexpr size_t kMostCodes = 40;
  if (unknown.size() > kMostCodes) return fit;
  policy::CodeMap codes;
  uint64_t mapped = known;
  for (const auto& [value, count] : column.values) {
    const bool listed = std::find(values.begin(), values.end(), value) != values.end();
    const std::string meant = listed ? value : ValueMeantBy(value, values);
    if (meant.empty()) continue;
    codes.pairs.emplace_back(value, meant);
    if (!listed) mapped += count;
  }
  if (codes.pairs.empty()) return fit;
  fit.share = static_cast<double>(mapped) / static_cast<double>(all);
  fit.reading.codes = std::move(codes);
  fit.reasons.push_back(
      fmt::format("{} of the values look like codes for the contract's list", Percent(fit.share)));
  fit.doubts.push_back("the codes are guessed from their spelling: read each of them");
  return fit;
}

ValueFit FitText(const SampledColumn& column, const TextExpectation& expectation) {
  if (!expectation.values.empty()) return FitList(column, expectation.values);
  ValueFit fit;
  fit.share = 0.5;
  if (expectation.pattern.empty()) return fit;
  const auto pattern = expr::CompilePattern(expectation.pattern);
  if (!pattern.ok()) return fit;
  uint64_t fits = 0;
  uint64_t all = 0;
  for (const auto& [value, count] : column.values) {
    all += count;
    if (RE2::FullMatch(value, **pattern)) fits += count;
  }
  fit.share = all == 0 ? 0 : static_cast<double>(fits) / static_cast<double>(all);
  fit.telling = true;
  if (fit.share > 0)
    fit.reasons.push_back(fmt::format("{} of the values have the contract's form", Percent(fit.share)));
  return fit;
}

}  // namespace

TextExpectation ExpectationOf(const policy::ContractObject& object, const std::string& field) {
  TextExpectation expectation;
  for (const policy::RuleSpec& rule : object.rules) {
    const std::string& named = rule.with["field"].text();
    if ((named.empty() ? rule.field : named) != field || !rule.when.empty()) continue;
    if (rule.kind == "in_list") {
      for (const policy::Node& value : rule.with["values"].items()) {
        if (const auto text = value.AsText()) expectation.values.push_back(*text);
      }
    } else if (rule.kind == "regex") {
      expectation.pattern = rule.with["pattern"].text();
    }
  }
  return expectation;
}

ValueFit FitOf(const SampledColumn& column, const data::Field& field, const TextExpectation& expectation) {
  switch (field.type) {
    case LogicalType::kDate:
    case LogicalType::kTimestamp:
    case LogicalType::kTime:
      return FitDates(column, field);
    case LogicalType::kInteger:
    case LogicalType::kNumber:
      return FitNumbers(column, field);
    case LogicalType::kBoolean:
      return FitBooleans(column, field);
    case LogicalType::kString:
      break;
  }
  return FitText(column, expectation);
}

}  // namespace concordat::mapping
