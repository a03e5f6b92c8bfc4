// How many records a second the mapping alone turns from a source's columns into a contract's: mapping_bench
// [records]. One thread; batches of 16,384 records of six columns, as an adapter delivers them.
#include <cstdlib>
#include <ctime>
#include <functional>

#include "fmt/format.h"
#include "host/mapping/mapper.h"
#include "host/policy/reader.h"

namespace concordat {
namespace {

constexpr size_t kRows = 16'384;

data::RawBatch Batch() {
  const std::vector<std::pair<std::string, std::function<std::string(size_t)>>> columns = {
      {"Ref", [](size_t i) { return fmt::format("T{:07}", i * 7919 % 9999991); }},
      {"Date", [](size_t i) { return fmt::format("{:02}/{:02}/2025", 1 + i % 28, 1 + i / 400 % 12); }},
      {"Amount", [](size_t i) { return fmt::format("{},{:03}.{:02}", 1 + i % 97, i % 1000, i % 100); }},
      {"Net", [](size_t i) { return fmt::format("{}.{:02}", i % 9973, i % 100); }},
      {"Kind", [](size_t i) { return std::string(i % 3 == 0 ? "R" : "C"); }},
      {"Supplier", [](size_t i) { return fmt::format("Supplier {} Ltd", i % 500); }}};
  data::RawBatch raw;
  for (const auto& [name, cell] : columns) {
    auto column = std::make_shared<data::TextColumn>();
    column->name = name;
    for (size_t i = 0; i < kRows; ++i) column->Append(cell(i));
    raw.columns.push_back(std::move(column));
  }
  for (size_t i = 1; i <= kRows; ++i) raw.records.push_back(i);
  raw.lines = raw.records;
  return raw;
}

void Measure(const std::string& what, const std::string& mapping, data::LogicalType amount, size_t records) {
  auto source = std::make_shared<SourceText>();
  source->text =
      "apiVersion: concordat/v1\nkind: Feed\nid: f\npartner: p\ndataset: d\nadapter: {plugin: "
      "delimited}\nmapping:\n" +
      mapping;
  Issues issues;
  const policy::Feed feed = policy::ReadFeed(policy::ReadYaml(source, issues), issues);
  for (const Issue& issue : issues.list()) fmt::print(stderr, "{}\n", RenderIssue(issue));
  auto schema = std::make_shared<data::Schema>();
  schema->fields = {{.name = "ref"},
                    {.name = "paid", .type = data::LogicalType::kDate},
                    {.name = "amount", .type = amount},
                    {.name = "kind"},
                    {.name = "supplier"}};
  if (mapping.find("paid") == std::string::npos) schema->fields[1].type = data::LogicalType::kString;
  const data::RawBatch raw = Batch();
  std::vector<std::string> columns;
  for (const auto& column : raw.columns) columns.push_back(column->name);
  auto mapper = mapping::Mapper::Create(feed, schema, columns);
  if (!mapper.ok()) {
    fmt::print(stderr, "{}\n", std::string(MessageOf(mapper.status())));
    std::exit(2);
  }
  mapper->Map(raw);
  const std::clock_t start = std::clock();  // of this process: other work on the machine does not count
  size_t done = 0;
  for (; done < records; done += kRows) mapper->Map(raw);
  const double seconds = static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
  fmt::print("{:<28} {:>12.0f} records/s\n", what, static_cast<double>(done) / seconds);
}

int Main(int argc, char** argv) {
  const size_t records = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 1'000'000;
  using data::LogicalType;
  Measure("rename", "  amount: Net\n", LogicalType::kNumber, records);
  Measure("dates", "  amount: Net\n  paid: {from: Date, parse: dd/MM/yyyy}\n", LogicalType::kNumber, records);
  Measure("numbers", "  amount: {from: Amount, parse: {thousands: \",\"}}\n", LogicalType::kNumber, records);
#ifndef CONCORDAT_BENCH_BEFORE
  Measure("codes", "  amount: Net\n  kind: {from: Kind, codes: {R: revenue, C: capital}}\n",
          LogicalType::kNumber, records);
  Measure("codes, dates and numbers",
          "  amount: {from: Amount, parse: {thousands: \",\"}}\n  paid: {from: Date, parse: [yyyy-MM-dd, "
          "dd/MM/yyyy]}\n"
          "  kind: {from: Kind, codes: {R: revenue, C: capital}}\n",
          LogicalType::kNumber, records);
  Measure("an expression", "  amount: {expression: 'double(source[\"Net\"]) * 2.0'}\n", LogicalType::kNumber,
          records);
#endif
  return 0;
}

}  // namespace
}  // namespace concordat

int main(int argc, char** argv) { return concordat::Main(argc, argv); }
