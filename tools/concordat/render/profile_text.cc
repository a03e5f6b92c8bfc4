#include "tools/concordat/render/profile_text.h"

#include <algorithm>
#include <tuple>

#include "fmt/format.h"
#include "tools/concordat/render/html_style.h"
#include "tools/concordat/render/html_text.h"
#include "tools/concordat/render/members.h"
#include "tools/concordat/terminal.h"
#include "tools/concordat/text_width.h"

namespace concordat::cli {
namespace {

std::string Percent(uint64_t part, uint64_t whole) {
  return whole == 0 ? "-"
                    : fmt::format("{:.1f}%", 100.0 * static_cast<double>(part) / static_cast<double>(whole));
}

bool Flag(const json::Value& field, std::string_view name) {
  const json::Value& value = Member(field, name);
  return value.is_bool() && value.as_bool();
}

std::string Number(const json::Value& number) { return fmt::format("{:.6g}", NumberOf(number)); }

std::string TypeInWords(const json::Value& field) {
  std::string text = json::TextOr(field, "type", "");
  const std::string format = json::TextOr(field, "format", "");
  if (!format.empty()) text += " as " + format;
  if (!json::TextOr(field, "thousands", "").empty()) text += " with thousands marks";
  if (!json::TextOr(field, "currency", "").empty()) text += " in " + json::TextOr(field, "currency", "");
  if (!json::TextOr(field, "negative", "").empty()) text += ", negative in parentheses";
  return text;
}

std::string DistinctInWords(const json::Value& field) {
  const uint64_t distinct = CountOf(field, "distinct");
  if (!Flag(field, "distinctEstimated") && distinct == CountOf(field, "values") && distinct > 1)
    return "all different";
  return fmt::format("{}{} different", Flag(field, "distinctEstimated") ? "about " : "", Grouped(distinct));
}

// "Burglary 12.0%, Robbery 3.1%": the most frequent values or forms.
std::string CountsInWords(const json::Value& field, const char* list, const char* what, size_t most) {
  std::string text;
  size_t named = 0;
  for (const json::Value& one : ItemsOf(field, list)) {
    if (named++ == most) break;
    std::string value = json::TextOr(one, what, "");
    constexpr size_t kWidest = 30;
    if (value.size() > kWidest) {
      size_t cut = kWidest;
      while (cut > 0 && (static_cast<unsigned char>(value[cut]) & 0xC0) == 0x80) --cut;
      value = value.substr(0, cut) + "...";
    }
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", value,
                        Percent(CountOf(one, "count"), CountOf(field, "values")));
  }
  return text;
}

std::string RangeInWords(const json::Value& field) {
  const json::Value& numbers = Member(field, "numbers");
  if (numbers.is_object()) {
    std::string text = fmt::format("{} to {}, mean {}", Number(Member(numbers, "min")),
                                   Number(Member(numbers, "max")), Number(Member(numbers, "mean")));
    for (const char* at : {"5%", "50%", "95%"}) {
      const json::Value& quantile = Member(Member(numbers, "quantiles"), at);
      if (quantile.is_number()) text += fmt::format(", {} below {}", at, Number(quantile));
    }
    return text;
  }
  const std::string first = json::TextOr(field, "first", "");
  if (!first.empty()) return first + " to " + json::TextOr(field, "last", "");
  return fmt::format("{} to {} characters", CountOf(field, "minLength"), CountOf(field, "maxLength"));
}

// What a steward should look at.
std::vector<std::string> Remarks(const json::Value& field) {
  std::vector<std::string> remarks;
  const uint64_t values = CountOf(field, "values");
  const uint64_t fits = CountOf(field, "fits");
  if (fits < values) {
    std::string text = fmt::format("{} of {} values are no {}", Grouped(values - fits), Grouped(values),
                                   json::TextOr(field, "type", ""));
    for (const json::Value& misfit : ItemsOf(field, "misfits")) {
      text += fmt::format("{} \"{}\" in record {}", &misfit == &ItemsOf(field, "misfits").front() ? ":" : ",",
                          json::TextOr(misfit, "value", ""), CountOf(misfit, "record"));
    }
    remarks.push_back(std::move(text));
  }
  for (const json::Value& token : ItemsOf(field, "missingTokens"))
    remarks.push_back(fmt::format("\"{}\" stands in for a value in {} record{}",
                                  json::TextOr(token, "value", ""), Grouped(CountOf(token, "count")),
                                  CountOf(token, "count") == 1 ? "" : "s"));
  if (const uint64_t blanks = CountOf(field, "blanksAtEnds"); blanks > 0)
    remarks.push_back(blanks == 1 ? std::string("one value has a blank at an end")
                                  : fmt::format("{} values have blanks at an end", Grouped(blanks)));
  if (Flag(field, "alsoMonthFirst"))
    remarks.emplace_back("day and month cannot be told apart: no value has a day above 12");
  return remarks;
}

std::string HeadInWords(const json::Value& profile) {
  std::string text =
      fmt::format("{} records, {} blank rows, {} unreadable; ", Grouped(CountOf(profile, "records")),
                  Grouped(CountOf(profile, "blank")), Grouped(CountOf(profile, "unreadable")));
  // Not every format has them.
  const std::string encoding = json::TextOr(profile, "encoding", "");
  const std::string delimiter = json::TextOr(profile, "delimiter", "");
  if (!encoding.empty()) text += fmt::format("encoding {}, ", encoding);
  if (!delimiter.empty()) text += fmt::format("delimiter {}, ", delimiter == "\t" ? "tab" : delimiter);
  const uint64_t header = CountOf(profile, "headerLine");
  return text + (header == 0 ? "no header" : fmt::format("header on line {}", header));
}

}  // namespace

std::string ProfileText(const json::Value& profile) {
  std::string text = fmt::format("{}: {}\n", json::TextOr(profile, "name", ""), HeadInWords(profile));
  size_t number = 0;
  for (const json::Value& field : ItemsOf(profile, "fields")) {
    const uint64_t missing = CountOf(field, "missing");
    text += fmt::format("{:>3}  {}  {}, {} missing, {}\n", ++number,
                        Paint(Colour::kBold, json::TextOr(field, "name", "")), TypeInWords(field),
                        missing == 0 ? "none" : Percent(missing, CountOf(field, "records")),
                        DistinctInWords(field));
    if (CountOf(field, "values") == 0) continue;
    text += fmt::format("     {}\n", RangeInWords(field));
    const bool repeats = CountOf(field, "distinct") * 2 < CountOf(field, "values");
    if (repeats) text += fmt::format("     most often: {}\n", CountsInWords(field, "top", "value", 5));
    if (json::TextOr(field, "type", "") == "string" && !repeats)
      text += fmt::format("     forms (A capital, a small letter, 9 digit): {}\n",
                          CountsInWords(field, "forms", "form", 3));
    for (const std::string& remark : Remarks(field))
      text += fmt::format("     {} {}\n", Paint(Colour::kWarn, "!"), remark);
  }
  for (const json::Value& note : ItemsOf(profile, "notes")) text += fmt::format("note: {}\n", TextOf(note));
  return HarmlessPage(text);
}

std::string ProfileHtml(const json::Value& profile) {
  const std::string name = Escaped(json::TextOr(profile, "name", ""));
  std::string html = HtmlHead("Profile of " + json::TextOr(profile, "name", ""));
  html +=
      fmt::format("<h1>What is in {}</h1>\n<p class=\"faint\">{}</p>\n", name, Escaped(HeadInWords(profile)));
  for (const json::Value& note : ItemsOf(profile, "notes"))
    html += fmt::format("<p>{}</p>\n", Escaped(TextOf(note)));
  for (const json::Value& field : ItemsOf(profile, "fields")) {
    const uint64_t records = CountOf(field, "records");
    const uint64_t missing = CountOf(field, "missing");
    html += fmt::format("<section><h2>{}</h2>\n<p>{}, {}</p>\n", Escaped(json::TextOr(field, "name", "")),
                        Escaped(TypeInWords(field)), DistinctInWords(field));
    html += fmt::format(
        "<table><tbody><tr><td>filled</td><td class=\"n\">{}</td><td>{}</td></tr></tbody></table>\n",
        Percent(records - missing, records),
        HtmlBar(records == 0 ? 0 : 1 - static_cast<double>(missing) / static_cast<double>(records)));
    if (CountOf(field, "values") > 0) html += fmt::format("<p>{}</p>\n", Escaped(RangeInWords(field)));
    for (const std::string& remark : Remarks(field))
      html += fmt::format("<p class=\"warn\">{}</p>\n", Escaped(remark));
    for (const auto& [list, what, title] :
         {std::tuple("top", "value", "Most frequent values"),
          std::tuple("forms", "form", "Forms: A capital, a small letter, 9 digit")}) {
      const json::Array& counts = ItemsOf(field, list);
      if (counts.empty() || (std::string_view(list) == "top" && CountOf(counts.front(), "count") < 2))
        continue;
      html += fmt::format("<table><caption>{}</caption><tbody>\n", title);
      for (size_t i = 0; i < std::min<size_t>(counts.size(), 10); ++i) {
        const uint64_t count = CountOf(counts[i], "count");
        html +=
            fmt::format("<tr><td><code>{}</code></td><td class=\"n\">{}</td><td>{}</td></tr>\n",
                        Escaped(json::TextOr(counts[i], what, "")), Grouped(count),
                        HtmlBar(static_cast<double>(count) / static_cast<double>(CountOf(field, "values"))));
      }
      html += "</tbody></table>\n";
    }
    html += "</section>\n";
  }
  return html + std::string(HtmlFoot());
}

}  // namespace concordat::cli
