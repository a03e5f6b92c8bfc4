// placeholder: the text of `field` is a real value, none that people type to get past a form.
//   with: {field, values: [01/01/1900, "999999"]}      besides the well-known ones below; compared ignoring
//   case
#include <algorithm>

#include "fmt/format.h"
#include "host/quality/kinds/text_rule.h"

namespace concordat::quality {
namespace {

// Texts that mean "no value" in every system we met; dates are the zero days of Excel, SQL Server and UNIX.
constexpr std::string_view kWellKnown[] = {
    "-",          "--",         "?",          ".",          "test",       "tbc",
    "tba",        "xxx",        "xxxx",       "dummy",      "unknown",    "none",
    "null",       "nil",        "n/a",        "na",         "01/01/1900", "01/01/1970",
    "1900-01-01", "1970-01-01", "1753-01-01", "01/01/1753", "00/00/0000", "0000-00-00"};

bool SameText(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
  return a.size() == b.size() &&
         std::equal(a.begin(), a.end(), b.begin(), [&](char x, char y) { return lower(x) == lower(y); });
}

struct RealValue {
  std::vector<std::string> more;

  bool Good(std::string_view text) const {
    const auto is = [text](std::string_view known) { return SameText(known, text); };
    return std::none_of(std::begin(kWellKnown), std::end(kWellKnown), is) &&
           std::none_of(more.begin(), more.end(), is);
  }
  Explanation Why(const std::string& shown, std::string_view, const std::string& name) const {
    return {fmt::format("{} stands in for a value that is not there", shown),
            fmt::format("give the true {}, or leave it empty", name)};
  }
};

}  // namespace

std::unique_ptr<const Rule> CompilePlaceholder(RuleReader& reader) {
  return MakeTextRule(reader, reader.Field(), RealValue{reader.with().Texts("values")});
}

}  // namespace concordat::quality
