#include "host/profile/candidate_rules.h"

#include <algorithm>
#include <map>
#include <set>

#include "fmt/format.h"
#include "host/profile/text_form.h"

namespace concordat::profile {
namespace {

using data::LogicalType;

std::string FieldName(std::string_view header) {
  std::string name;
  for (const char c : header) {
    if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) {
      name += c;
    } else if (c >= 'A' && c <= 'Z') {
      name += static_cast<char>(c - 'A' + 'a');
    } else if (!name.empty() && name.back() != '_') {
      name += '_';
    }
  }
  while (!name.empty() && name.back() == '_') name.pop_back();
  if (name.empty()) return "column";
  return name[0] >= '0' && name[0] <= '9' ? "c_" + name : name;
}

// Whether one of the words stands in the name, as a word of it.
bool Mentions(const std::string& field, std::initializer_list<std::string_view> words) {
  const std::string padded = "_" + field + "_";
  return std::any_of(words.begin(), words.end(), [&](std::string_view word) {
    return padded.find(fmt::format("_{}_", word)) != std::string::npos;
  });
}

std::string ClassificationOf(const std::string& field) {
  if (Mentions(field,
               {"ethnicity", "religion", "disability", "sexuality", "diagnosis", "health", "condition"}))
    return "special-category";
  if (Mentions(field, {"offence", "offender", "conviction", "suspect"})) return "criminal-offence";
  if (Mentions(field, {"forename", "surname", "firstname", "lastname", "dob", "birth", "email", "phone",
                       "telephone", "nhs", "nino", "upn", "person", "pupil", "patient", "address"}))
    return "personal";
  return "internal";
}

class Candidates {
 public:
  Candidates(const std::vector<NamedColumn>& columns, uint64_t records, const std::string& today)
      : columns_(columns), records_(records), today_(today) {}

  std::vector<CandidateRule> All() {
    Add("has_records", "", "row_count", {{"min", 1}}, "coverage", "The file holds at least one record");
    for (const NamedColumn& column : columns_) {
      if (column.profile.values == 0) continue;
      Presence(column);
      if (IsList(column)) {
        List(column);
      } else {
        Texts(column);
      }
      Identifiers(column);
      Numbers(column);
      Dates(column);
    }
    Pairs();
    return std::move(rules_);
  }

 private:
  void Add(std::string id, const std::string& field, std::string kind, json::Object with,
           std::string dimension, std::string description) {
    rules_.push_back({std::move(id), field, std::move(kind), std::move(with), std::move(dimension),
                      std::move(description)});
  }

  void Presence(const NamedColumn& column) {
    const ColumnProfile& profile = column.profile;
    if (profile.missing() * 20 <= profile.records)
      Add(column.field + "_present", column.field, "required", {}, "completeness",
          fmt::format("{} has a value", profile.name));
    const bool codes = profile.type == LogicalType::kString || profile.type == LogicalType::kInteger;
    const double different = static_cast<double>(profile.distinct) / static_cast<double>(profile.values);
    if (codes && profile.values >= 20 && different >= (profile.distinct_estimated ? 0.93 : 0.98))
      Add(column.field + "_unique", column.field, "unique", {{"fields", json::Array{column.field}}},
          "uniqueness", fmt::format("No two records have the same {}", profile.name));
  }

  static bool IsGssCode(const ColumnProfile& profile) {
    return !profile.forms.empty() && profile.forms.front().value == "A99999999" &&
           profile.forms.front().count * 100 >= profile.values * 95;
  }

  // So few different texts, each so often, that they are a list of codes or words.
  static bool IsList(const NamedColumn& column) {
    const ColumnProfile& profile = column.profile;
    return profile.type == LogicalType::kString && !profile.distinct_estimated && profile.distinct > 1 &&
           profile.distinct <= 50 && profile.values >= 10 * profile.distinct &&
           profile.top.size() >= profile.distinct;
  }

  void List(const NamedColumn& column) {
    json::Array values;
    std::vector<std::string> sorted;
    // A text of one record in a thousand is more likely a mistake than a word of the list.
    for (const ValueCount& one : column.profile.top) {
      if (one.count * 1000 >= column.profile.values) sorted.push_back(one.value);
    }
    std::sort(sorted.begin(), sorted.end());
    for (const std::string& value : sorted) values.emplace_back(value);
    Add(column.field + "_known", column.field, "in_list", {{"values", std::move(values)}}, "conformity",
        fmt::format("{} is one of the known values", column.profile.name));
  }

  void Texts(const NamedColumn& column) {
    const ColumnProfile& profile = column.profile;
    if (profile.type != LogicalType::kString) return;
    if (profile.blanks_at_ends * 100 <= profile.values)
      Add(column.field + "_tidy", column.field, "whitespace", {}, "conformity",
          fmt::format("{} has no blanks at its ends and none twice", profile.name));
    std::vector<std::string> patterns;
    uint64_t covered = 0;
    for (const ValueCount& form : profile.forms) {
      if (form.count * 50 < profile.values || patterns.size() == 4) break;
      covered += form.count;
      patterns.push_back(PatternOf(form.value));
    }
    const bool named = IsGssCode(profile) || Mentions(column.field, {"postcode", "postal"});
    const bool code = !named && profile.max_length <= 128 && !patterns.empty() &&
                      covered * 100 >= profile.values * 97 &&
                      profile.forms.front().value.find_first_of("0123456789") != std::string::npos &&
                      profile.forms.front().value.find('+') == std::string::npos;
    if (!code) return;
    json::Array list(patterns.begin(), patterns.end());
    json::Object with = patterns.size() == 1 ? json::Object{{"pattern", patterns[0]}}
                                             : json::Object{{"patterns", std::move(list)}};
    Add(column.field + "_form", column.field, "regex", std::move(with), "conformity",
        fmt::format("{} has the form of {}", profile.name,
                    profile.top.empty() ? "its code" : profile.top[0].value));
  }

  // Forms of the public sector that a name or the form itself gives away; tried on the data afterwards.
  void Identifiers(const NamedColumn& column) {
    const ColumnProfile& profile = column.profile;
    if (profile.type != LogicalType::kString && profile.type != LogicalType::kInteger) return;
    const auto format = [&](const char* name, std::string words) {
      Add(fmt::format("{}_{}", column.field, name), column.field, "format", {{"name", name}}, "conformity",
          fmt::format("{} is {}", profile.name, words));
    };
    const auto digits = [&](const char* scheme, std::string words) {
      Add(fmt::format("{}_{}", column.field, scheme), column.field, "check_digit", {{"scheme", scheme}},
          "accuracy", fmt::format("{} is {} whose check digit is right", profile.name, words));
    };
    if (Mentions(column.field, {"postcode", "postal"})) format("uk_postcode", "a UK postcode");
    if (Mentions(column.field, {"email", "mail"})) format("email", "an e-mail address");
    if (Mentions(column.field, {"uprn"})) format("uprn", "a UPRN");
    if (Mentions(column.field, {"uuid", "guid"})) format("uuid", "a UUID");
    if (Mentions(column.field, {"nino", "ni"})) format("nino", "a National Insurance number");
    if (Mentions(column.field, {"charity"})) format("charity_number", "a charity number");
    if (Mentions(column.field, {"company"})) format("company_number", "a company number");
    if (IsGssCode(profile)) format("gss_code", "a GSS code");
    if (Mentions(column.field, {"nhs"})) digits("nhs_mod11", "an NHS number");
    if (Mentions(column.field, {"upn"})) digits("upn", "a unique pupil number");
    if (Mentions(column.field, {"utr"})) digits("utr", "a taxpayer reference");
    if (Mentions(column.field, {"vat"})) digits("vat", "a VAT number");
    if (Mentions(column.field, {"iban"})) digits("iban", "an IBAN");
    if (Mentions(column.field, {"isbn"})) digits("isbn", "an ISBN");
  }

  void Numbers(const NamedColumn& column) {
    const ColumnProfile& profile = column.profile;
    if (!profile.numbers) return;
    const NumberSummary& numbers = *profile.numbers;
    const bool share =
        Mentions(column.field, {"percent", "percentage", "per_cent", "pct", "share", "rate"}) ||
        profile.name.find('%') != std::string::npos;
    const bool latitude = Mentions(column.field, {"latitude", "lat"});
    const bool longitude = Mentions(column.field, {"longitude", "long", "lon", "lng"});
    if (share && numbers.min >= 0 && numbers.max <= 100) {
      Add(column.field + "_share", column.field, "range", {{"min", 0}, {"max", 100}}, "conformity",
          fmt::format("{} lies between 0 and 100", profile.name));
    } else if (!latitude && !longitude && Quantile(numbers, 0.05) >= 0) {
      Add(column.field + "_not_negative", column.field, "range", {{"min", 0}}, "conformity",
          fmt::format("{} is not below 0", profile.name));
    }
  }

  static double Quantile(const NumberSummary& numbers, double at) {
    for (const auto& [share, value] : numbers.quantiles) {
      if (share == at) return value;
    }
    return numbers.min;
  }

  void Dates(const NamedColumn& column) {
    const ColumnProfile& profile = column.profile;
    const bool date = profile.type == LogicalType::kDate || profile.type == LogicalType::kTimestamp;
    if (date && profile.first.substr(0, 10) <= today_)
      Add(column.field + "_not_future", column.field, "not_future", {}, "conformity",
          fmt::format("{} does not lie in the future", profile.name));
  }

  void Pairs() {
    constexpr size_t kMostPaired = 8;
    size_t dates = 0;
    for (size_t i = 0; i < columns_.size(); ++i) {
      for (size_t j = i + 1; j < columns_.size(); ++j) {
        FilledTogether(columns_[i], columns_[j]);
        if (dates < kMostPaired && InOrder(columns_[i], columns_[j])) ++dates;
      }
    }
  }

  void FilledTogether(const NamedColumn& left, const NamedColumn& right) {
    const uint64_t missing = left.profile.missing();
    if (missing == 0 || missing != right.profile.missing() || missing == records_) return;
    Add(fmt::format("{}_with_{}", left.field, right.field), "", "all_or_none",
        {{"fields", json::Array{left.field, right.field}}}, "consistency",
        fmt::format("{} and {} are given together or not at all", left.profile.name, right.profile.name));
  }

  bool InOrder(const NamedColumn& left, const NamedColumn& right) {
    const LogicalType type = left.profile.type;
    if (type != right.profile.type || (type != LogicalType::kDate && type != LogicalType::kTimestamp))
      return false;
    const bool forward = left.profile.first <= right.profile.first && left.profile.last <= right.profile.last;
    const bool back = left.profile.first >= right.profile.first && left.profile.last >= right.profile.last;
    if (forward == back) return false;
    const NamedColumn& earlier = forward ? left : right;
    const NamedColumn& later = forward ? right : left;
    Add(fmt::format("{}_after_{}", later.field, earlier.field), "", "compare",
        {{"left", later.field}, {"op", ">="}, {"right", earlier.field}}, "consistency",
        fmt::format("{} does not lie before {}", later.profile.name, earlier.profile.name));
    return true;
  }

  const std::vector<NamedColumn>& columns_;
  const uint64_t records_;
  const std::string& today_;
  std::vector<CandidateRule> rules_;
};

}  // namespace

std::vector<NamedColumn> NameColumns(const std::vector<ColumnProfile>& columns) {
  std::vector<NamedColumn> named;
  std::set<std::string> used;
  for (const ColumnProfile& profile : columns) {
    const std::string base = FieldName(profile.name);
    std::string field = base;
    // "2", "2 (2)" and "2_2" come to the same name, and so may one with its number.
    for (int times = 2; !used.insert(field).second; ++times) field = fmt::format("{}_{}", base, times);
    NamedColumn column{profile, std::move(field), ClassificationOf(base)};
    // Nobody adds up telephone numbers, and a leading zero is soon lost.
    if (column.profile.numbers && Mentions(column.field, {"telephone", "phone", "tel", "fax", "mobile"})) {
      column.profile.type = LogicalType::kString;
      column.profile.numbers.reset();
    }
    named.push_back(std::move(column));
  }
  return named;
}

std::vector<CandidateRule> CandidatesFor(const std::vector<NamedColumn>& columns, uint64_t records,
                                         const std::string& today) {
  return Candidates(columns, records, today).All();
}

}  // namespace concordat::profile
