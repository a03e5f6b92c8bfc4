#include "host/mapping/propose.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "fmt/format.h"
#include "host/base/json.h"
#include "host/data/parse.h"
#include "host/expr/pattern.h"
#include "host/mapping/value_fit.h"

namespace concordat::mapping {
namespace {

constexpr double kNameWeight = 0.65;

struct Pair {
  size_t field = 0;
  size_t column = 0;
  double name = 0;
  double score = 0;
  ValueFit fit;
};

Pair Judge(const data::Field& field, size_t field_index, const SampledColumn& column, size_t column_index,
           const TextExpectation& expectation) {
  Pair pair;
  pair.field = field_index;
  pair.column = column_index;
  pair.name = NameLikeness(field.name, column.name);
  pair.fit = FitOf(column, field, expectation);
  const bool empty = column.values.empty();
  // What any text would fit tells nothing: the name alone counts.
  const double unknown = pair.name == 1 ? 1 : 0.5;
  const double share = empty || !pair.fit.telling ? unknown : pair.fit.share;
  pair.score = kNameWeight * pair.name + (1 - kNameWeight) * share;
  // Values that are not the field's speak against it, whatever the name.
  if (!empty && pair.fit.telling && share < 0.5) pair.score *= pair.name == 1 ? 0.8 : 0.4;
  // Any text fits a text field, and many columns fit a number: the name must say something.
  if (pair.name < 0.25) pair.score = std::min(pair.score, 0.4);
  return pair;
}

std::string NameReason(double likeness) {
  if (likeness == 1) return "the names are the same";
  if (likeness >= 0.8) return "the names are alike";
  return likeness >= 0.3 ? "the names have words in common" : "";
}

void Take(const Pair& pair, const std::vector<SampledColumn>& columns, ProposedField& field) {
  const SampledColumn& column = columns[pair.column];
  field.column = static_cast<int>(pair.column);
  field.confidence = pair.score;
  policy::FieldMapping reading = pair.fit.reading;
  reading.field = field.mapping.field;
  reading.from = {column.name};
  field.mapping = std::move(reading);
  if (const std::string reason = NameReason(pair.name); !reason.empty()) field.reasons.push_back(reason);
  field.reasons.insert(field.reasons.end(), pair.fit.reasons.begin(), pair.fit.reasons.end());
  field.doubts = pair.fit.doubts;
  if (pair.name < 0.8) field.doubts.insert(field.doubts.begin(), "the names differ");
  if (column.values.empty()) field.doubts.push_back("the column is empty in this file");
}

// Headers of the columns of a wide table, the most telling first.
constexpr std::array<std::string_view, 8> kPeriodHeaders = {
    R"([0-9]{4}[/-][0-9]{2,4} ?Q[1-4])",
    R"([0-9]{4}[ -]?Q[1-4])",
    R"(Q[1-4][ -][0-9]{2,4}([/-][0-9]{2,4})?)",
    R"([0-9]{4}[/-][0-9]{2,4})",
    R"([0-9]{4}-[0-9]{2})",
    R"((?i:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*[ -]'?[0-9]{2,4})",
    R"((?:19|20)[0-9]{2})",
    R"((?i:year|fy) ?[0-9]{2,4}(?:[/-][0-9]{2,4})?)"};
constexpr size_t kWide = 3;

std::optional<policy::Unpivot> WideTable(const std::vector<SampledColumn>& columns,
                                         std::vector<std::string>& headers) {
  for (const std::string_view form : kPeriodHeaders) {
    const auto pattern = expr::CompilePattern(form);
    if (!pattern.ok()) continue;
    std::vector<std::string> found;
    for (const SampledColumn& column : columns) {
      if (RE2::FullMatch(std::string(data::Trim(column.name)), **pattern)) found.push_back(column.name);
    }
    if (found.size() < kWide) continue;
    headers = std::move(found);
    policy::Unpivot unpivot;
    unpivot.pattern = std::string(form);
    unpivot.name_to = "period";
    unpivot.value_to = "value";
    return unpivot;
  }
  return std::nullopt;
}

// The columns that the long table will have.
std::vector<SampledColumn> LongColumns(const std::vector<SampledColumn>& columns,
                                       const policy::Unpivot& unpivot,
                                       const std::vector<std::string>& headers) {
  std::vector<SampledColumn> made;
  SampledColumn names;
  names.name = unpivot.name_to;
  SampledColumn values;
  values.name = unpivot.value_to;
  for (const SampledColumn& column : columns) {
    if (std::find(headers.begin(), headers.end(), column.name) == headers.end()) {
      made.push_back(column);
      continue;
    }
    names.values.emplace_back(column.name, column.records);
    values.values.insert(values.values.end(), column.values.begin(), column.values.end());
    values.records += column.records;
    values.empty += column.empty;
  }
  names.records = values.records;
  made.push_back(std::move(names));
  made.push_back(std::move(values));
  return made;
}

bool HasFieldFor(const policy::ContractObject& object, const std::string& header) {
  return std::any_of(object.schema->fields.begin(), object.schema->fields.end(),
                     [&](const data::Field& field) { return NameLikeness(field.name, header) == 1; });
}

void Match(const std::vector<SampledColumn>& columns, const policy::ContractObject& object,
           MappingProposal& proposal) {
  const std::vector<data::Field>& fields = object.schema->fields;
  std::vector<Pair> pairs;
  for (size_t f = 0; f < fields.size(); ++f) {
    const TextExpectation expectation = ExpectationOf(object, fields[f].name);
    for (size_t c = 0; c < columns.size(); ++c)
      pairs.push_back(Judge(fields[f], f, columns[c], c, expectation));
  }
  std::stable_sort(pairs.begin(), pairs.end(), [](const Pair& a, const Pair& b) {
    return a.score != b.score ? a.score > b.score : a.name > b.name;
  });
  std::vector<bool> used(columns.size(), false);
  for (const Pair& pair : pairs) {
    ProposedField& field = proposal.fields[pair.field];
    if (pair.score < kLeastConfidence || field.column >= 0 || used[pair.column]) continue;
    used[pair.column] = true;
    Take(pair, columns, field);
  }
  for (const Pair& pair : pairs) {
    ProposedField& field = proposal.fields[pair.field];
    const bool near = pair.score >= 0.3 && (pair.name > 0 || pair.fit.telling);
    if (static_cast<int>(pair.column) == field.column || !field.alternative.empty() || !near) continue;
    if (used[pair.column] ? field.column >= 0 : field.confidence > 0.85) continue;
    field.alternative = columns[pair.column].name;
  }
  for (size_t c = 0; c < columns.size(); ++c) {
    if (!used[c]) proposal.unused.push_back(columns[c].name);
  }
}

// --- YAML ---

std::string Quoted(const std::string& text) { return json::Compact(json::Value(text)); }

std::string List(const std::vector<std::string>& texts) {
  std::string list;
  for (const std::string& text : texts) list += (list.empty() ? "" : ", ") + Quoted(text);
  return "[" + list + "]";
}

std::string NumbersYaml(const policy::NumberStyle& style) {
  std::string yaml = fmt::format("decimal: {}", Quoted(style.decimal));
  if (!style.thousands.empty()) yaml += ", thousands: " + Quoted(style.thousands);
  if (!style.currency.empty())
    yaml += ", currency: " + (style.currency.size() == 1 ? Quoted(style.currency[0]) : List(style.currency));
  if (!style.negative.empty())
    yaml += ", negative: " + (style.negative.size() == 1 ? style.negative[0] : List(style.negative));
  if (style.percent == policy::NumberStyle::Percent::kPoints) yaml += ", percent: points";
  if (style.percent == policy::NumberStyle::Percent::kShare) yaml += ", percent: share";
  return "{" + yaml + "}";
}

std::string ReadingYaml(const policy::FieldMapping& mapping) {
  std::string yaml;
  if (mapping.codes) {
    std::string pairs;
    for (const auto& [from, to] : mapping.codes->pairs)
      pairs += fmt::format("{}{}: {}", pairs.empty() ? "" : ", ", Quoted(from), Quoted(to));
    yaml += ", codes: {" + pairs + "}";
  }
  if (mapping.dates) {
    yaml += ", parse: " + (mapping.dates->patterns.size() == 1 ? Quoted(mapping.dates->patterns[0])
                                                               : List(mapping.dates->patterns));
  }
  if (mapping.numbers) yaml += ", parse: " + NumbersYaml(*mapping.numbers);
  if (mapping.booleans)
    yaml += fmt::format(", booleans: {{yes: {}, no: {}}}", List(mapping.booleans->yes),
                        List(mapping.booleans->no));
  if (!mapping.missing.empty()) yaml += ", missingTokens: " + List(mapping.missing);
  return yaml;
}

// Comments must not end their line.
std::string OneLine(std::string text) {
  for (char& c : text) {
    if (static_cast<unsigned char>(c) < 0x20) c = ' ';
  }
  return text;
}

std::string FieldYaml(const ProposedField& field) {
  const policy::FieldMapping& mapping = field.mapping;
  if (field.column < 0) {
    return field.alternative.empty()
               ? OneLine(fmt::format("  # {}: no column looks like it", mapping.field)) + "\n"
               : OneLine(fmt::format("  # {0}: no column is surely it; perhaps {0}: {1}", mapping.field,
                                     Quoted(field.alternative))) +
                     "\n";
  }
  std::string yaml;
  const int percent = static_cast<int>(std::lround(100 * field.confidence));
  std::string reasons;
  for (const std::string& reason : field.reasons) reasons += (reasons.empty() ? "" : ", ") + reason;
  if (percent < 90 || !field.doubts.empty()) {
    yaml += OneLine(fmt::format("  # {}% sure{}{}", percent, reasons.empty() ? "" : ": ", reasons)) + "\n";
    for (const std::string& doubt : field.doubts) yaml += OneLine("  # check: " + doubt) + "\n";
    if (!field.alternative.empty())
      yaml += OneLine(fmt::format("  # or is it {}?", Quoted(field.alternative))) + "\n";
  }
  const std::string reading = ReadingYaml(mapping);
  const std::string from = Quoted(mapping.from.front());
  return yaml + (reading.empty() ? fmt::format("  {}: {}\n", mapping.field, from)
                                 : fmt::format("  {}: {{from: {}{}}}\n", mapping.field, from, reading));
}

}  // namespace

MappingProposal ProposeMapping(const std::vector<SampledColumn>& columns,
                               const policy::ContractObject& object) {
  MappingProposal proposal;
  for (const data::Field& field : object.schema->fields) {
    ProposedField proposed;
    proposed.mapping.field = field.name;
    proposal.fields.push_back(std::move(proposed));
  }
  proposal.unpivot = WideTable(columns, proposal.unpivot_columns);
  const bool own_fields = std::any_of(proposal.unpivot_columns.begin(), proposal.unpivot_columns.end(),
                                      [&](const std::string& header) { return HasFieldFor(object, header); });
  if (own_fields) {
    proposal.unpivot.reset();
    proposal.unpivot_columns.clear();
  }
  Match(proposal.unpivot ? LongColumns(columns, *proposal.unpivot, proposal.unpivot_columns) : columns,
        object, proposal);
  return proposal;
}

std::string ProposedFeedYaml(const FeedFrame& frame, const MappingProposal& proposal) {
  std::string options;
  for (const auto& [name, value] : frame.options)
    options += fmt::format("{}{}: {}", options.empty() ? "" : ", ", name, Quoted(value));
  std::string yaml =
      OneLine(fmt::format("# Proposed from {}: read it, above all what is marked \"check\".", frame.source));
  yaml += "\n# Add schedule: {every: P1M, due: P20D} when the file comes regularly.\n";
  yaml += fmt::format("apiVersion: concordat/v1\nkind: Feed\nid: {}\npartner: {}\ndataset: {}\n", frame.id,
                      frame.partner, frame.dataset);
  yaml += options.empty() ? fmt::format("adapter: {{plugin: {}}}\n", frame.adapter)
                          : fmt::format("adapter: {{plugin: {}, options: {{{}}}}}\n", frame.adapter, options);
  if (proposal.unpivot) {
    yaml += OneLine(fmt::format("# a wide table: {} columns, from {} to {}, become records",
                                proposal.unpivot_columns.size(), Quoted(proposal.unpivot_columns.front()),
                                Quoted(proposal.unpivot_columns.back())));
    yaml +=
        fmt::format("\nunpivot: {{columns: {}, name_to: {}, value_to: {}}}\n",
                    Quoted(proposal.unpivot->pattern), proposal.unpivot->name_to, proposal.unpivot->value_to);
  }
  const bool any = std::any_of(proposal.fields.begin(), proposal.fields.end(),
                               [](const ProposedField& field) { return field.column >= 0; });
  yaml += any ? "mapping:\n" : "# mapping:\n";
  for (const ProposedField& field : proposal.fields) yaml += FieldYaml(field);
  if (!proposal.unused.empty()) {
    yaml += "# columns that no field takes:\n";
    for (const std::string& column : proposal.unused) yaml += OneLine("#   " + column) + "\n";
  }
  return yaml + "gate: {reject: {score: 70, unreadable: 5%}, quarantine: [critical, error]}\n";
}

}  // namespace concordat::mapping
