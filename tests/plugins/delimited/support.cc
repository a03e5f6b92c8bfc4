#include "tests/plugins/delimited/support.h"

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>

#include "plugins/sdk/adapter.h"

namespace concordat::delimited {
namespace {

std::string TextAt(const ArrowArray& array, size_t row) {
  const auto* offsets = static_cast<const int32_t*>(array.buffers[1]);
  const auto* bytes = static_cast<const char*>(array.buffers[2]);
  return std::string(bytes + offsets[row], bytes + offsets[row + 1]);
}

bool IsValid(const ArrowArray& array, size_t row) {
  const auto* bits = static_cast<const uint8_t*>(array.buffers[0]);
  return (bits[row / 8] >> row % 8 & 1) != 0;
}

uint64_t NumberAt(const ArrowArray& array, size_t row) {
  return static_cast<const uint64_t*>(array.buffers[1])[row];
}

void TakeBatch(const ArrowArray& batch, std::vector<ReadRecord>& records) {
  const size_t columns = static_cast<size_t>(batch.n_children) - 4;
  ArrowArray** special = batch.children + columns;
  for (size_t row = 0; row < static_cast<size_t>(batch.length); ++row) {
    ReadRecord record;
    record.number = NumberAt(*special[0], row);
    record.line = NumberAt(*special[1], row);
    record.readable = !IsValid(*special[2], row);
    if (record.readable) {
      for (size_t i = 0; i < columns; ++i) record.cells.push_back(TextAt(*batch.children[i], row));
    } else {
      record.reason = TextAt(*special[2], row);
      record.raw = TextAt(*special[3], row);
    }
    records.push_back(std::move(record));
  }
}

}  // namespace

int64_t StringSource::Read(uint64_t offset, char* into, size_t size) {
  if (offset >= bytes_.size()) return 0;
  const size_t count = std::min<size_t>(size, bytes_.size() - offset);
  std::memcpy(into, bytes_.data() + offset, count);
  return static_cast<int64_t>(count);
}

std::vector<std::vector<std::string>> ReadResult::table() const {
  std::vector<std::vector<std::string>> table;
  for (const ReadRecord& record : records) {
    if (record.readable) table.push_back(record.cells);
  }
  return table;
}

std::vector<uint64_t> ReadResult::unreadable_lines() const {
  std::vector<uint64_t> lines;
  for (const ReadRecord& record : records) {
    if (!record.readable) lines.push_back(record.line);
  }
  return lines;
}

bool ReadResult::HasNote(std::string_view part) const {
  return std::any_of(facts.notes.begin(), facts.notes.end(),
                     [&](const std::string& note) { return note.find(part) != std::string::npos; });
}

ReadResult ReadSource(Source* source, const Options& options, uint64_t batch_rows) {
  Reader reader(source, options);
  ReadResult result;
  result.outcome = reader.Open();
  result.layout = reader.layout();
  while (result.outcome == Outcome::kOk) {
    sdk::BatchBuilder batch(reader.layout().columns(), batch_rows, 8u << 20);
    result.outcome = reader.Next(batch);
    ArrowArray exported = {};
    if (batch.rows() == 0) continue;
    const uint64_t first = result.records.size() + 1;
    const sdk::Status status =
        sdk::ExportedBatch::Export(std::move(batch), first, std::make_shared<sdk::BuilderPool>(), &exported);
    if (!status.ok()) {
      std::cerr << status.message() << "\n";
      std::abort();
    }
    TakeBatch(exported, result.records);
    exported.release(&exported);
  }
  result.message = reader.message();
  result.facts = reader.facts();
  return result;
}

ReadResult ReadText(std::string_view text, const Options& options, uint64_t batch_rows) {
  StringSource source{std::string(text)};
  return ReadSource(&source, options, batch_rows);
}

std::string FileBytes(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    std::cerr << "cannot open " << path << "\n";
    std::abort();
  }
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

std::string SharedData() {
  const std::string folder = std::string(CONCORDAT_SOURCE_DIR) + "/../shared/data";
  return std::filesystem::is_directory(folder) ? folder : "";
}

}  // namespace concordat::delimited
