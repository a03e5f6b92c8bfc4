// What a worker that was taken over can put into its ring: one input of a fuzzer, and what must hold of every
// answer.
#pragma once

#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "host/base/utf8.h"
#include "host/data/batch_frame.h"
#include "host/data/worker_protocol.h"

namespace concordat::data {

inline constexpr uint64_t kAfter = 10;  // the record before the batch
inline constexpr size_t kRuleCount = 2;

/// Ends the program: a fuzzer takes that for a find.
inline void Must(bool holds) {
  if (!holds) std::abort();
}

inline void CheckText(const std::string& text) { Must(IsUtf8(text)); }

inline void CheckBatch(const DecodedBatch& batch, size_t columns) {
  const RawBatch& records = batch.records;
  Must(records.columns.size() == columns && records.lines.size() == records.rows());
  uint64_t before = kAfter;
  for (const uint64_t record : records.records) {
    Must(record > before);
    before = record;
  }
  size_t bytes = 0;
  for (const auto& column : records.columns) {
    Must(column->rows() == records.rows());
    for (size_t row = 0; row < records.rows(); ++row) {
      CheckText(std::string(column->at(row)));
      bytes += column->at(row).size();
    }
    Must(bytes <= SIZE_MAX / 2);
  }
  for (const UnreadableRecord& bad : records.unreadable) {
    Must(bad.record > kAfter);
    CheckText(bad.reason + bad.raw);
  }
  for (const RawFinding& finding : batch.findings) {
    Must(finding.rule < kRuleCount && finding.outcome <= 2);
    CheckText(finding.message + finding.mend);
  }
}

/// The first byte says what the rest is: a frame of so many columns, the column names, or a report.
inline void TakeInput(std::string_view input) {
  if (input.empty()) return;
  const auto what = static_cast<unsigned char>(input.front());
  // As in the ring: aligned, and of the size that the message names.
  const std::vector<uint64_t> memory(input.size() / 8 + 1);
  char* const start = reinterpret_cast<char*>(const_cast<uint64_t*>(memory.data()));
  std::memcpy(start, input.data() + 1, input.size() - 1);
  const std::string_view bytes(start, input.size() - 1);
  if (what % 8 == 6) {
    if (const auto names = ReadColumnNames(bytes); names.ok()) {
      for (const std::string& name : *names) CheckText(name);
    }
  } else if (what % 8 == 7) {
    if (const auto report = ReadReport(bytes); report.ok()) {
      for (const auto& own : report->dimensions) Must(own.score >= 0 && own.score <= 100);
      for (const std::string& note : report->facts.notes) CheckText(note);
    }
  } else {
    const std::vector<std::string> columns(what % 8, "c");
    const auto batch = DecodeFrame(bytes, columns, kAfter, kRuleCount, *ColumnPool::Create());
    if (batch.ok()) CheckBatch(*batch, columns.size());
  }
}

/// Sound inputs of every kind, to be broken.
inline std::vector<std::string> SoundInputs() {
  std::vector<std::string> inputs;
  const auto add = [&](char what, const auto& write) {
    WireWriter counter;
    write(counter);
    std::vector<uint64_t> memory(counter.size() / 8 + 1);
    WireWriter out(reinterpret_cast<char*>(memory.data()));
    write(out);
    inputs.push_back(what + std::string(reinterpret_cast<const char*>(memory.data()), counter.size()));
  };
  for (char columns = 0; columns < 6; ++columns) {
    RawBatch batch;
    for (char i = 0; i < columns; ++i) {
      auto column = std::make_shared<TextColumn>();
      for (const char* cell : {"Zo\xC3\xAB", "", "x"}) column->Append(cell);
      batch.columns.push_back(column);
    }
    batch.records = {11, 12, 15};
    batch.lines = {20, 21, 30};
    batch.unreadable = {{13, 22, "ragged", "a;b"}, {16, 31, "quotes", "\"c"}};
    const std::vector<RawFinding> findings = {{11, 0, 0, "odd", "mend it", {{"name", "Zo\xC3\xAB"}}},
                                              {15, 1, 2, "", "", {}}};
    BatchView view = ViewOf(batch);
    view.findings = findings;
    add(columns, [&](WireWriter& out) { WriteFrame(view, out); });
  }
  add(6, [](WireWriter& out) { WriteColumnNames({"a", "", "Zo\xC3\xAB"}, out); });
  WorkerReport report;
  report.facts.encoding = "utf-8";
  report.facts.columns = {"a", "b"};
  report.facts.notes = {"one", "two"};
  report.dimensions = {{"own", 99.5, "because"}};
  add(7, [&](WireWriter& out) { WriteReport(report, out); });
  return inputs;
}

}  // namespace concordat::data
