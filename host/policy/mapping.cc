#include "host/policy/mapping.h"

#include <algorithm>
#include <map>

#include "fmt/format.h"
#include "host/expr/pattern.h"
#include "host/policy/feed.h"

namespace concordat::policy {
namespace {

constexpr int kMostPart = 1000;

void CheckPattern(const Node& node, const std::string& pattern, Issues& issues) {
  const auto compiled = expr::CompilePattern(pattern);
  if (!compiled.ok()) issues.Error(node.place(), "bad-pattern", std::string(MessageOf(compiled.status())));
}

// One text or a list of them.
std::vector<std::string> TextOrTexts(Fields& fields, std::string_view key) {
  const Node node = fields.Any(key);
  if (!node.present()) return {};
  if (node.is_sequence()) return fields.Texts(key);
  const std::string text = fields.Text(key);
  return text.empty() ? std::vector<std::string>() : std::vector<std::string>{text};
}

// Words out of a closed list, one or several.
std::vector<std::string> Words(Fields& fields, std::string_view key, const std::vector<std::string>& known) {
  std::vector<std::string> words = TextOrTexts(fields, key);
  const Node node = fields.map()[key];
  for (size_t i = 0; i < words.size(); ++i) {
    if (std::find(known.begin(), known.end(), words[i]) != known.end()) continue;
    const Place place =
        node.is_sequence() && i < node.items().size() ? node.items()[i].place() : node.place();
    fields.issues().Error(place, "unknown-word",
                          fmt::format("\"{}\" is not one of the words for {}", words[i], key),
                          DidYouMean(words[i], known));
  }
  return words;
}

NumberStyle ReadNumberStyle(const Node& node, Issues& issues) {
  Fields fields(node, "number format", issues);
  NumberStyle style;
  style.decimal = fields.WordOr("decimal", style.decimal, {".", ","});
  style.thousands = fields.WordOr("thousands", "", {"", ",", ".", " ", "'"});
  style.currency = TextOrTexts(fields, "currency");
  style.negative = Words(fields, "negative", {"parentheses", "trailing_minus", "credit", "debit"});
  const std::string percent = fields.WordOr("percent", "", {"", "share", "points"});
  if (percent == "share") style.percent = NumberStyle::Percent::kShare;
  if (percent == "points") style.percent = NumberStyle::Percent::kPoints;
  if (style.thousands == style.decimal) {
    fields.Error("thousands", "same-marks", "decimal and thousands marks are the same character",
                 "nobody could tell 1.234 from 1,234");
  }
  fields.Finish();
  return style;
}

void CheckDatePattern(const Place& place, const std::string& pattern, Issues& issues) {
  if (pattern == "excel" || pattern == "excel-1904") return;
  constexpr std::string_view kLetters = "yuMdEHhmsSaXZn";
  const bool any = pattern.find_first_of(kLetters) != std::string::npos;
  if (any && pattern.find('Y') == std::string::npos && pattern.find('D') == std::string::npos) return;
  issues.Error(
      place, "bad-date-pattern", fmt::format("\"{}\" is no pattern of a date or time", pattern),
      "use yyyy, MM, dd, HH, mm, ss: dd/MM/yyyy; for numbers write {decimal: \".\", thousands: \",\"}");
}

// dd/MM/yyyy or a list of patterns.
DateReading ReadPatterns(Fields& fields, std::string_view key) {
  DateReading dates;
  dates.patterns = TextOrTexts(fields, key);
  const Node node = fields.map()[key];
  for (size_t i = 0; i < dates.patterns.size(); ++i) {
    dates.places.push_back(node.is_sequence() && i < node.items().size() ? node.items()[i].place()
                                                                         : node.place());
    CheckDatePattern(dates.places[i], dates.patterns[i], fields.issues());
  }
  if (node.is_sequence() && node.items().empty())
    fields.Error(key, "too-few", "there is no pattern in this list", "such as [dd/MM/yyyy, excel]");
  return dates;
}

std::optional<int> ReadPivot(Fields& fields) {
  const std::optional<int64_t> pivot = fields.Integer("pivot");
  if (!pivot) return std::nullopt;
  if (*pivot < 0 || *pivot > 100) {
    fields.Error("pivot", "out-of-range", "the pivot of two-digit years lies between 0 and 100",
                 "30 reads 29 as 2029 and 30 as 1930");
    return std::nullopt;
  }
  return static_cast<int>(*pivot);
}

BooleanWords ReadBooleans(const Node& node, Issues& issues) {
  Fields fields(node, "booleans", issues);
  BooleanWords words;
  words.yes = TextOrTexts(fields, "yes");
  words.no = TextOrTexts(fields, "no");
  for (const std::string& yes : words.yes) {
    if (std::find(words.no.begin(), words.no.end(), yes) != words.no.end())
      fields.Error("no", "twice", fmt::format("\"{}\" stands for yes and for no", yes));
  }
  if (node.is_map() && words.yes.empty() && words.no.empty())
    fields.Error("", "missing-key", "booleans need \"yes\" and \"no\"",
                 "such as {yes: [Y, Yes], no: [N, No]}");
  fields.Finish();
  return words;
}

// `parse` is short for dates, numbers or booleans.
void ReadParse(Fields& fields, FieldMapping& mapping) {
  const Node parse = fields.Any("parse");
  if (!parse.present()) return;
  if (!parse.is_map()) {
    mapping.dates = ReadPatterns(fields, "parse");
    if (mapping.dates->patterns.empty()) mapping.dates.reset();
    return;
  }
  if (parse["booleans"].present()) {
    Fields inner(parse, "parse", fields.issues());
    mapping.booleans = ReadBooleans(inner.Map("booleans"), fields.issues());
    inner.Finish();
  } else if (parse["dates"].present() || parse["pivot"].present()) {
    Fields inner(parse, "parse", fields.issues());
    mapping.dates = ReadPatterns(inner, "dates");
    mapping.dates->pivot = ReadPivot(inner);
    if (mapping.dates->patterns.empty())
      inner.Error("", "missing-key", "a pivot needs \"dates\"", "such as {dates: dd/MM/yy, pivot: 30}");
    inner.Finish();
  } else {
    mapping.numbers = ReadNumberStyle(parse, fields.issues());
  }
}

void ReadForms(Fields& fields, FieldMapping& mapping) {
  ReadParse(fields, mapping);
  if (fields.Has("dates")) mapping.dates = ReadPatterns(fields, "dates");
  if (fields.Has("pivot")) {
    const std::optional<int> pivot = ReadPivot(fields);
    if (mapping.dates)
      mapping.dates->pivot = pivot;
    else
      fields.Error("pivot", "unexpected-key", "a pivot goes with date patterns", "add parse: dd/MM/yy");
  }
  if (fields.Has("numbers")) mapping.numbers = ReadNumberStyle(fields.Map("numbers"), fields.issues());
  if (fields.Has("booleans")) mapping.booleans = ReadBooleans(fields.Map("booleans"), fields.issues());
  const int forms = mapping.dates.has_value() + mapping.numbers.has_value() + mapping.booleans.has_value();
  if (forms > 1)
    fields.Error("parse", "unexpected-key", "a cell is a date, a number or a boolean, not two of them",
                 "leave one of parse, dates, numbers and booleans away");
}

Otherwise ReadOtherwise(Fields& fields, Otherwise fallback) {
  const std::string word = fields.WordOr("otherwise", "", {"", "keep", "missing", "finding"});
  if (word == "keep") return Otherwise::kKeep;
  if (word == "missing") return Otherwise::kMissing;
  return word == "finding" ? Otherwise::kFinding : fallback;
}

void ReadInlineCodes(const Node& node, CodeMap& codes, Issues& issues) {
  for (const Node::Member& member : node.members()) {
    if (member.value.is_null()) {
      codes.pairs.emplace_back(member.key, "");
    } else if (member.value.is_scalar()) {
      codes.pairs.emplace_back(member.key, member.value.text());
    } else {
      issues.Error(member.value.place(), "wrong-type",
                   fmt::format("the code \"{}\" must become one text", member.key),
                   "such as codes: {M: male}");
    }
  }
  if (codes.pairs.empty())
    issues.Error(node.place(), "empty-value", "there are no codes", "such as codes: {M: male, F: female}");
}

CodeMap ReadCodes(const Node& node, Issues& issues) {
  CodeMap codes;
  codes.place = node.place();
  const bool table = (node["file"].present() || node["dataset"].present()) &&
                     (node["to"].present() || node["from"].present());
  if (!table) {
    ReadInlineCodes(node, codes, issues);
    return codes;
  }
  Fields fields(node, "codes", issues);
  codes.file = fields.TextOr("file", "");
  codes.dataset = fields.TextOr("dataset", "");
  codes.from = fields.Text("from");
  codes.to = fields.Text("to");
  codes.otherwise = ReadOtherwise(fields, Otherwise::kFinding);
  if (!codes.file.empty() && !codes.dataset.empty())
    fields.Error("dataset", "unexpected-key", "codes come from a file or from a dataset, not from both");
  fields.Finish();
  return codes;
}

Split ReadSplit(const Node& node, Issues& issues) {
  Fields fields(node, "split", issues);
  Split split;
  split.place = node.place();
  split.by = fields.TextOr("by", "");
  split.pattern = fields.TextOr("pattern", "");
  split.part =
      static_cast<int>(std::clamp<int64_t>(fields.Integer("part").value_or(0), -kMostPart, kMostPart));
  split.group = static_cast<int>(std::clamp<int64_t>(fields.Integer("group").value_or(1), 0, kMostPart));
  if (split.by.empty() == split.pattern.empty()) {
    fields.Error("", "missing-key", "a split needs \"by\" with \"part\", or \"pattern\" with \"group\"",
                 "such as {by: \";\", part: 2} or {pattern: \"([A-Z]+)[0-9]+\", group: 1}");
  } else if (!split.by.empty() && split.part == 0) {
    fields.Error(fields.Has("part") ? "part" : "", fields.Has("part") ? "out-of-range" : "missing-key",
                 "parts are counted from 1, or from the end: -1 is the last");
  } else if (!split.pattern.empty()) {
    const auto compiled = expr::CompilePattern(split.pattern);
    if (!compiled.ok()) {
      CheckPattern(fields.map()["pattern"], split.pattern, issues);
    } else if (split.group > (*compiled)->NumberOfCapturingGroups()) {
      fields.Error(fields.Has("group") ? "group" : "pattern", "out-of-range",
                   fmt::format("the pattern has {} groups, and group {} is asked for",
                               (*compiled)->NumberOfCapturingGroups(), split.group),
                   "put parentheses around the part that is meant");
    }
  }
  fields.Finish();
  return split;
}

Join ReadJoin(const Node& node, Issues& issues) {
  Fields fields(node, "join", issues);
  Join join;
  join.columns = fields.Texts("columns");
  if (fields.Has("with")) join.with = fields.Any("with").AsText().value_or("");
  if (node.is_map() && join.columns.size() < 2)
    fields.Error("columns", "too-few", "a join needs two columns or more",
                 "such as {columns: [Street, Town], with: \", \"}");
  fields.Finish();
  return join;
}

Replacement ReadReplacement(const Node& node, Issues& issues) {
  Fields fields(node, "replace", issues);
  Replacement replacement;
  replacement.place = node.place();
  replacement.text = fields.TextOr("text", "");
  replacement.pattern = fields.TextOr("pattern", "");
  if (fields.Has("with")) replacement.with = fields.Any("with").AsText().value_or("");
  if (replacement.text.empty() == replacement.pattern.empty())
    fields.Error("", "missing-key", "a replacement needs \"text\" or \"pattern\"",
                 "such as {text: \"*\", with: \"\"}");
  if (!replacement.pattern.empty()) CheckPattern(fields.map()["pattern"], replacement.pattern, issues);
  fields.Finish();
  return replacement;
}

std::vector<Replacement> ReadReplacements(Fields& fields) {
  const Node node = fields.Any("replace");
  std::vector<Replacement> replacements;
  if (node.is_map()) {
    replacements.push_back(ReadReplacement(node, fields.issues()));
  } else if (node.is_sequence()) {
    for (const Node& item : node.items()) replacements.push_back(ReadReplacement(item, fields.issues()));
  } else if (node.present()) {
    fields.Error("replace", "wrong-type", "replace is a map or a list of them",
                 "such as {text: \"*\", with: \"\"}");
  }
  return replacements;
}

UnitChange ReadUnit(const Node& node, Issues& issues) {
  Fields fields(node, "unit", issues);
  UnitChange unit;
  unit.place = node.place();
  unit.from = fields.Text("from");
  unit.to = fields.Text("to");
  fields.Finish();
  return unit;
}

// Where the cell's text comes from: one of five.
void ReadOrigin(Fields& fields, FieldMapping& mapping) {
  mapping.from = TextOrTexts(fields, "from");
  if (fields.Has("value")) {
    mapping.value = fields.Any("value").AsText();
    if (!mapping.value)
      fields.Error("value", "wrong-type", "a constant is one text or number", "such as {value: E10000007}");
  }
  mapping.fact = fields.WordOr("fact", "", MappingFacts());
  mapping.expression = fields.TextOr("expression", "");
  if (!mapping.expression.empty()) mapping.expression_place = fields.map()["expression"].place();
  if (fields.Has("join")) mapping.join = ReadJoin(fields.Map("join"), fields.issues());
  const int origins = !mapping.from.empty() + mapping.value.has_value() + !mapping.fact.empty() +
                      !mapping.expression.empty() + mapping.join.has_value();
  if (origins > 1)
    fields.Error("", "unexpected-key", fmt::format("the {} has two origins", fields.what()),
                 "one of from, join, value, fact and expression");
  if (origins == 0 && !fields.Has("from") && !fields.Has("fact") && !fields.Has("expression"))
    mapping.from = {mapping.field};
}

FieldMapping ReadLongMapping(const Node& node, const std::string& field, Issues& issues) {
  Fields fields(node, fmt::format("mapping of \"{}\"", field), issues);
  FieldMapping mapping;
  mapping.field = field;
  ReadOrigin(fields, mapping);
  mapping.trim = fields.BoolOr("trim", false);
  if (fields.Has("split")) mapping.split = ReadSplit(fields.Map("split"), issues);
  mapping.replace = ReadReplacements(fields);
  const std::string letters = fields.WordOr("case", "", {"", "upper", "lower", "title"});
  mapping.letters = letters == "upper"   ? LetterCase::kUpper
                    : letters == "lower" ? LetterCase::kLower
                    : letters == "title" ? LetterCase::kTitle
                                         : LetterCase::kAsWritten;
  if (fields.Has("codes")) mapping.codes = ReadCodes(fields.Map("codes"), issues);
  if (fields.Has("otherwise")) {
    const Otherwise otherwise = ReadOtherwise(fields, Otherwise::kFinding);
    if (mapping.codes)
      mapping.codes->otherwise = otherwise;
    else
      fields.Error("otherwise", "unexpected-key", "\"otherwise\" goes with codes",
                   "add codes: {M: male, F: female}");
  }
  ReadForms(fields, mapping);
  if (fields.Has("unit")) mapping.unit = ReadUnit(fields.Map("unit"), issues);
  mapping.missing = fields.Texts("missingTokens");
  if (fields.Has("default")) mapping.default_value = fields.Any("default").AsText();
  // Those that were not asked for count as known, too: "code" is meant to be "codes".
  for (const std::string_view key :
       {"value", "join", "split", "codes", "otherwise", "pivot", "numbers", "booleans", "unit", "default"})
    fields.Any(key);
  fields.Finish();
  return mapping;
}

std::optional<FieldMapping> ReadField(const Node::Member& member, Issues& issues) {
  if (member.value.is_map()) return ReadLongMapping(member.value, member.key, issues);
  FieldMapping mapping;
  if (member.value.is_scalar() && !member.value.text().empty()) {
    mapping.from = {member.value.text()};
  } else if (member.value.is_sequence()) {
    for (const Node& item : member.value.items()) {
      if (item.is_scalar() && !item.text().empty()) mapping.from.push_back(item.text());
    }
    if (mapping.from.size() != member.value.items().size()) mapping.from.clear();
  }
  if (!mapping.from.empty()) return mapping;
  issues.Error(member.value.place(), "wrong-type",
               fmt::format("\"{}\" must be mapped to a source column", member.key),
               "write field: Column, or field: {from: Column, parse: dd/MM/yyyy}");
  return std::nullopt;
}

std::vector<FieldMapping> ReadFields(const Node& map, Issues& issues) {
  std::vector<FieldMapping> mappings;
  std::map<std::string, bool> sources;  // column -> whether a field takes it whole
  for (const Node::Member& member : map.members()) {
    std::optional<FieldMapping> mapping = ReadField(member, issues);
    if (!mapping) continue;
    mapping->field = member.key;
    mapping->place = member.key_place;
    const bool whole = !mapping->split && !mapping->codes && mapping->replace.empty();
    for (const std::string& from : mapping->from) {
      const auto [at, is_new] = sources.emplace(from, whole);
      if (is_new || !whole || !at->second) continue;
      issues.Warn(member.value.place(), "column-twice",
                  fmt::format("the source column \"{}\" fills a second field", from));
    }
    mappings.push_back(*std::move(mapping));
  }
  return mappings;
}

void ReadUnpivotColumns(Fields& fields, Unpivot& unpivot) {
  const Node columns = fields.Any("columns");
  if (columns.is_sequence()) {
    unpivot.columns = fields.Texts("columns");
  } else if (columns.is_map()) {
    Fields inner(columns, "columns", fields.issues());
    unpivot.except = inner.Texts("except");
    if (unpivot.except.empty()) inner.Error("", "missing-key", "say which columns stay: {except: [Area]}");
    inner.Finish();
  } else if (columns.is_scalar()) {
    unpivot.pattern = fields.Text("columns");
    CheckPattern(columns, unpivot.pattern, fields.issues());
  }
  if (fields.map().is_map() && unpivot.columns.empty() && unpivot.pattern.empty() && unpivot.except.empty())
    fields.Error("columns", "missing-key",
                 "unpivot needs \"columns\": a list of names, a pattern, or {except: [Area]}");
}

std::optional<Unpivot> ReadUnpivot(const Node& node, Issues& issues) {
  if (!node.present()) return std::nullopt;
  Fields fields(node, "unpivot", issues);
  Unpivot unpivot;
  unpivot.place = node.place();
  ReadUnpivotColumns(fields, unpivot);
  unpivot.name_to = fields.TextOr("name_to", "");
  unpivot.value_to = fields.TextOr("value_to", unpivot.value_to);
  unpivot.leave_out_empty = fields.WordOr("empty", "keep", {"keep", "leave_out"}) == "leave_out";
  const bool named = unpivot.pattern.find("(?P<") != std::string::npos;
  if (node.is_map() && unpivot.name_to.empty() && !named)
    fields.Error("", "missing-key", "unpivot needs \"name_to\": the column that takes the headers' texts",
                 "such as name_to: period");
  if (!unpivot.name_to.empty() && unpivot.name_to == unpivot.value_to)
    fields.Error("value_to", "twice", "name_to and value_to are one column");
  fields.Finish();
  return unpivot;
}

}  // namespace

const FieldMapping* Mapping::Of(std::string_view field) const {
  const auto found = std::find_if(fields.begin(), fields.end(),
                                  [&](const FieldMapping& mapping) { return mapping.field == field; });
  return found == fields.end() ? nullptr : &*found;
}

const std::vector<std::string>& MappingFacts() {
  static const std::vector<std::string> kFacts = {"period",      "period.from", "period.to",
                                                  "source.name", "feed",        "partner"};
  return kFacts;
}

const Mapping& MappingIn(const Feed& feed) {
  static const Mapping kNone;
  return feed.mapping == nullptr ? kNone : *feed.mapping;
}

std::shared_ptr<const Mapping> ReadMapping(Fields& feed) {
  auto mapping = std::make_shared<Mapping>();
  mapping->fields = ReadFields(feed.Map("mapping"), feed.issues());
  mapping->rows = feed.TextOr("rows", "");
  mapping->rows_place = feed.map()["rows"].place();
  mapping->fill_down = feed.Texts("fill_down");
  mapping->fill_down_place = feed.map()["fill_down"].place();
  mapping->unpivot = ReadUnpivot(feed.Map("unpivot"), feed.issues());
  return mapping;
}

}  // namespace concordat::policy
