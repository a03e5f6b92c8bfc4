// How long the rules take, and they alone: records of police.uk's shape in memory, thirteen rules, batches of
// 8192.
//   judge_bench [RECORDS]      prints CPU seconds of all rules together, then nanoseconds a record of each
//   rule by itself
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <memory>
#include <string>
#include <vector>

#include "fmt/format.h"
#include "host/data/parse.h"
#include "host/policy/reader.h"
#include "host/quality/judge.h"

namespace concordat {
namespace {

// A small generator of our own, so that the same command measures the same records everywhere.
class Dice {
 public:
  uint64_t Next() { return (state_ = state_ * 6364136223846793005 + 1442695040888963407) >> 16; }
  uint64_t Below(uint64_t bound) { return Next() % bound; }

 private:
  uint64_t state_ = 20261120;
};

data::Field MakeField(std::string name, data::LogicalType type = data::LogicalType::kString,
                      std::string format = "") {
  data::Field field;
  field.name = std::move(name);
  field.type = type;
  field.format = std::move(format);
  return field;
}

std::shared_ptr<const data::Schema> CrimeSchema() {
  using data::LogicalType;
  auto schema = std::make_shared<data::Schema>();
  schema->fields = {MakeField("crime_id"),
                    MakeField("month", LogicalType::kDate, "yyyy-MM"),
                    MakeField("reported_by"),
                    MakeField("falls_within"),
                    MakeField("longitude", LogicalType::kNumber),
                    MakeField("latitude", LogicalType::kNumber),
                    MakeField("location"),
                    MakeField("lsoa_code"),
                    MakeField("lsoa_name"),
                    MakeField("crime_type"),
                    MakeField("last_outcome"),
                    MakeField("context")};
  return schema;
}

const std::vector<std::string> kTypes = {"Anti-social behaviour",
                                         "Bicycle theft",
                                         "Burglary",
                                         "Criminal damage and arson",
                                         "Drugs",
                                         "Other crime",
                                         "Other theft",
                                         "Possession of weapons",
                                         "Public order",
                                         "Robbery",
                                         "Shoplifting",
                                         "Theft from the person",
                                         "Vehicle crime",
                                         "Violence and sexual offences"};

std::vector<std::string> CrimeRow(Dice& dice) {
  const bool asb = dice.Below(6) == 0;
  const std::string type = dice.Below(1000) == 0 ? "Jaywalking"
                           : asb                 ? kTypes[0]
                                                 : kTypes[1 + dice.Below(13)];
  std::string id;
  if (!asb)
    id = fmt::format("{:016x}{:016x}{:016x}{:016x}", dice.Next(), dice.Next(), dice.Next(), dice.Next());
  if (!asb && dice.Below(500) == 0) id = std::string(60, '0') + fmt::format("{:04}", dice.Below(1000));
  const bool nowhere = dice.Below(60) == 0;
  return {
      id,
      dice.Below(1000) == 0 ? "2024-13" : fmt::format("{}-{:02}", 2023 + dice.Below(3), 1 + dice.Below(12)),
      dice.Below(2000) == 0 ? "" : fmt::format("Constabulary of the county number {}", dice.Below(43)),
      fmt::format("Constabulary of the county number {}", dice.Below(43)),
      nowhere ? "" : fmt::format("-{}.{:06}", dice.Below(6), dice.Below(1'000'000)),
      nowhere ? "" : fmt::format("{}.{:06}", 50 + dice.Below(6), dice.Below(1'000'000)),
      fmt::format("On or near Street {}", dice.Below(5000)),
      dice.Below(50) == 0 ? "" : fmt::format("E01{:06}", dice.Below(35000)),
      fmt::format("Borough {}A", dice.Below(1000)),
      type,
      asb ? "" : "Under investigation",
      ""};
}

data::Batch MakeBatch(const std::shared_ptr<const data::Schema>& schema,
                      const std::vector<data::CellParser>& parsers, uint64_t first, size_t rows, Dice& dice) {
  std::vector<std::shared_ptr<data::TextColumn>> texts;
  for (size_t i = 0; i < schema->fields.size(); ++i) texts.push_back(std::make_shared<data::TextColumn>());
  data::Batch batch;
  batch.schema = schema;
  for (size_t row = 0; row < rows; ++row) {
    const std::vector<std::string> cells = CrimeRow(dice);
    for (size_t i = 0; i < texts.size(); ++i) texts[i]->Append(cells[i]);
    batch.records.push_back(first + row);
    batch.lines.push_back(first + row + 1);
  }
  for (size_t i = 0; i < texts.size(); ++i) {
    data::Column column;
    column.field = &schema->fields[i];
    column.text = texts[i];
    parsers[i].Fill(column);
    batch.columns.push_back(std::move(column));
  }
  return batch;
}

policy::RuleSpec MakeRule(std::string id, std::string kind, std::string with, std::string when = "") {
  auto source = std::make_shared<SourceText>();
  source->text = std::move(with);
  Issues issues;
  policy::RuleSpec spec;
  spec.id = std::move(id);
  spec.kind = std::move(kind);
  spec.with = policy::ReadYaml(source, issues);
  spec.when = std::move(when);
  spec.weight = 3;
  return spec;
}

std::vector<policy::RuleSpec> CrimeRules() {
  std::string types;
  for (const std::string& type : kTypes) types += (types.empty() ? "" : ", ") + type;
  return {MakeRule("R01", "required", "{field: month}"),
          MakeRule("R02", "required", "{field: reported_by}"),
          MakeRule("R03", "required", "{field: falls_within}"),
          MakeRule("R04", "required", "{field: crime_type}"),
          MakeRule("R05", "regex", "{field: lsoa_code, pattern: '[EW]0[01][0-9]{6}'}"),
          MakeRule("R06", "regex", "{field: month, pattern: '20[0-9]{2}-(0[1-9]|1[0-2])'}"),
          MakeRule("R07", "in_list", "{field: crime_type, values: [" + types + "]}"),
          MakeRule("R08", "range", "{field: longitude, min: -9, max: 3}"),
          MakeRule("R09", "range", "{field: latitude, min: 49, max: 61}"),
          MakeRule("R10", "unique", "{fields: [crime_id]}"),
          MakeRule("R11", "must_be_empty", "{field: last_outcome}",
                   "record.crime_type == \"Anti-social behaviour\""),
          MakeRule("R12", "all_or_none", "{fields: [longitude, latitude]}"),
          MakeRule("R13", "range", "{field: month, min: '2023-01', max: '2025-12'}"),
          MakeRule("month_type", "type", "{field: month}"),
          MakeRule("longitude_type", "type", "{field: longitude}"),
          MakeRule("latitude_type", "type", "{field: latitude}")};
}

double CpuSeconds() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

double SecondsOf(const std::vector<policy::RuleSpec>& specs,
                 const std::shared_ptr<const data::Schema>& schema, const std::vector<data::Batch>& batches) {
  policy::Contract contract;
  policy::ContractObject object;
  object.schema = schema;
  object.rules = specs;
  Issues issues;
  const auto rules = quality::CompileRules(contract, object, policy::PolicySet(), issues);
  for (const Issue& issue : issues.list()) fmt::print(stderr, "{}\n", RenderIssue(issue));
  if (rules == nullptr) std::exit(1);
  const double start = CpuSeconds();
  quality::Judge judge(rules, policy::Gate(), {}, {}, nullptr);
  for (const data::Batch& batch : batches) judge.Add(batch, {});
  const quality::Outcome outcome = judge.Finish(0);
  const double seconds = CpuSeconds() - start;
  if (specs.size() > 1)
    fmt::print("accepted {} of {}\n", outcome.scorecard.accepted, outcome.scorecard.total);
  return seconds;
}

int Run(size_t records) {
  constexpr size_t kBatch = 8192;
  const auto schema = CrimeSchema();
  std::vector<data::CellParser> parsers;
  for (const data::Field& field : schema->fields) parsers.push_back(*data::CellParser::Create(field));
  Dice dice;
  std::vector<data::Batch> batches;
  for (size_t done = 0; done < records; done += kBatch) {
    batches.push_back(MakeBatch(schema, parsers, done + 1, std::min(kBatch, records - done), dice));
  }
  const std::vector<policy::RuleSpec> rules = CrimeRules();
  for (int i = 0; i < 3; ++i)
    fmt::print("all {} rules: {:.3f} s CPU\n", rules.size(), SecondsOf(rules, schema, batches));
  for (const policy::RuleSpec& rule : rules) {
    fmt::print("  {:<15} {:<14} {:6.1f} ns a record\n", rule.id, rule.kind,
               SecondsOf({rule}, schema, batches) * 1e9 / static_cast<double>(records));
  }
  return 0;
}

}  // namespace
}  // namespace concordat

int main(int argc, char** argv) {
  return concordat::Run(argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 1'000'000);
}
