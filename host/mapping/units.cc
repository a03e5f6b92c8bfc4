#include "host/mapping/units.h"

#include <algorithm>
#include <cmath>

#include "fmt/format.h"
#include "host/base/source.h"
#include "host/data/parse.h"

namespace concordat::mapping {
namespace {

// What a unit is of its kind's base unit: mantissa * 10^exponent.
struct Unit {
  std::string_view name;
  std::string_view kind;
  int64_t mantissa;
  int exponent;
};

// Sources: international yard and pound agreement of 1959 (yard 0.9144 m, pound 0.45359237 kg); Weights and
// Measures Act 1985, schedule 1 (gallon 4.54609 l, pint, acre, ton); SI Brochure, 9th edition, for metric
// ones.
constexpr Unit kUnits[] = {
    {"mm", "length", 1, -3},
    {"cm", "length", 1, -2},
    {"m", "length", 1, 0},
    {"metres", "length", 1, 0},
    {"km", "length", 1, 3},
    {"kilometres", "length", 1, 3},
    {"inches", "length", 254, -4},
    {"feet", "length", 3048, -4},
    {"yards", "length", 9144, -4},
    {"miles", "length", 1609344, -3},
    {"m2", "area", 1, 0},
    {"hectares", "area", 1, 4},
    {"km2", "area", 1, 6},
    {"square feet", "area", 9290304, -8},
    {"acres", "area", 40468564224, -7},
    {"square miles", "area", 2589988110336, -6},
    {"g", "mass", 1, -3},
    {"kg", "mass", 1, 0},
    {"tonnes", "mass", 1, 3},
    {"ounces", "mass", 28349523125, -12},
    {"pounds weight", "mass", 45359237, -8},
    {"stones", "mass", 635029318, -8},
    {"tons", "mass", 10160469088, -7},
    {"ml", "volume", 1, -3},
    {"litres", "volume", 1, 0},
    {"m3", "volume", 1, 3},
    {"pints", "volume", 56826125, -8},
    {"gallons", "volume", 454609, -5},
    {"pence", "money", 1, -2},
    {"pounds", "money", 1, 0},
    {"thousands of pounds", "money", 1, 3},
    {"millions of pounds", "money", 1, 6},
    {"ones", "count", 1, 0},
    {"hundreds", "count", 1, 2},
    {"thousands", "count", 1, 3},
    {"millions", "count", 1, 6},
    {"billions", "count", 1, 9},
    {"share", "ratio", 1, 0},
    {"percent", "ratio", 1, -2},
    {"per thousand", "ratio", 1, -3},
    {"per 10000", "ratio", 1, -4},
    {"per 100000", "ratio", 1, -5},
    {"seconds", "time", 1, 0},
    {"minutes", "time", 60, 0},
    {"hours", "time", 3600, 0},
    {"days", "time", 86400, 0},
    {"weeks", "time", 604800, 0},
    {"J", "energy", 1, 0},
    {"kJ", "energy", 1, 3},
    {"MJ", "energy", 1, 6},
    {"kWh", "energy", 36, 5},
    {"MWh", "energy", 36, 8},
    {"GWh", "energy", 36, 11},
};

absl::StatusOr<const Unit*> Find(std::string_view name) {
  std::vector<std::string> names;
  for (const Unit& unit : kUnits) {
    if (unit.name == name) return &unit;
    names.emplace_back(unit.name);
  }
  // More than a list of suggestions has: here they are the only place that lists them.
  std::string suggestion = DidYouMean(name, names);
  if (suggestion.empty()) suggestion = fmt::format("one of: {}", fmt::join(names, ", "));
  return absl::InvalidArgumentError(fmt::format("there is no unit \"{}\"; {}", name, suggestion));
}

}  // namespace

absl::StatusOr<UnitFactor> FactorBetween(std::string_view from, std::string_view to) {
  ASSIGN_OR_RETURN(const Unit* source, Find(from));
  ASSIGN_OR_RETURN(const Unit* target, Find(to));
  if (source->kind != target->kind) {
    return absl::InvalidArgumentError(
        fmt::format("{} is a unit of {}, {} one of {}", from, source->kind, to, target->kind));
  }
  UnitFactor factor{source->mantissa, target->mantissa, source->exponent - target->exponent};
  if (factor.numerator == factor.denominator) factor.numerator = factor.denominator = 1;
  return factor;
}

std::string ShiftedPoint(std::string_view number, int places) {
  std::string sign;
  if (!number.empty() && (number.front() == '-' || number.front() == '+')) {
    if (number.front() == '-') sign = "-";
    number.remove_prefix(1);
  }
  const size_t point = std::min(number.find('.'), number.size());
  std::string digits(number.substr(0, point));
  if (point < number.size()) digits += number.substr(point + 1);
  int64_t at = static_cast<int64_t>(point) + places;
  if (at <= 0) {
    digits.insert(0, static_cast<size_t>(1 - at), '0');
    at = 1;
  }
  if (at > static_cast<int64_t>(digits.size())) digits.append(static_cast<size_t>(at) - digits.size(), '0');
  std::string whole = digits.substr(0, static_cast<size_t>(at));
  std::string fraction = digits.substr(static_cast<size_t>(at));
  const size_t first = whole.find_first_not_of('0');
  whole = first == std::string::npos ? "0" : whole.substr(first);
  while (places > 0 && !fraction.empty() && fraction.back() == '0') fraction.pop_back();
  return sign + whole + (fraction.empty() ? "" : "." + fraction);
}

bool AppendInUnit(std::string_view text, const UnitFactor& factor, std::string& out) {
  const std::optional<double> number = data::ParseNumber(text);
  if (!number) return false;
  const bool plain = text.find_first_of("eE") == std::string_view::npos;
  if (plain && factor.numerator == 1 && factor.denominator == 1) {
    out += ShiftedPoint(text, factor.exponent);
    return true;
  }
  const long double scaled = static_cast<long double>(*number) * static_cast<long double>(factor.numerator) /
                             static_cast<long double>(factor.denominator) *
                             std::pow(static_cast<long double>(10), factor.exponent);
  const auto rounded = data::ParseNumber(fmt::format("{:.15g}", static_cast<double>(scaled)));
  if (!rounded) return false;
  out += data::NumberText(*rounded);
  return true;
}

}  // namespace concordat::mapping
