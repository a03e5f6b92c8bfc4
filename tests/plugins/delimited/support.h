// Runs the reader over a text or a file and keeps all it says.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "plugins/delimited/reader.h"

namespace concordat::delimited {

/// A source in memory.
class StringSource : public Source {
 public:
  explicit StringSource(std::string bytes) : bytes_(std::move(bytes)) {}
  uint64_t size() const override { return bytes_.size(); }
  int64_t Read(uint64_t offset, char* into, size_t size) override;

 private:
  const std::string bytes_;
};

/// A source whose disk fails.
class BrokenSource : public Source {
 public:
  uint64_t size() const override { return 1000; }
  int64_t Read(uint64_t, char*, size_t) override { return -1; }
};

struct ReadRecord {
  uint64_t number = 0;
  uint64_t line = 0;
  bool readable = true;
  std::vector<std::string> cells;  // of a readable one
  std::string reason;              // of an unreadable one
  std::string raw;

  bool operator==(const ReadRecord&) const = default;
};

struct ReadResult {
  Outcome outcome = Outcome::kOk;  // kEnd when all went well
  std::string message;
  Layout layout;
  Facts facts;
  std::vector<ReadRecord> records;

  /// Of readable records: their cells, nothing else.
  std::vector<std::vector<std::string>> table() const;
  std::vector<uint64_t> unreadable_lines() const;
  bool HasNote(std::string_view part) const;
};

ReadResult ReadSource(Source* source, const Options& options = {}, uint64_t batch_rows = 1000);
ReadResult ReadText(std::string_view text, const Options& options = {}, uint64_t batch_rows = 1000);

/// The whole file; dies when it cannot be read.
std::string FileBytes(const std::string& path);

/// The shared sample data beside the checkout, or empty when it is not there.
std::string SharedData();

}  // namespace concordat::delimited
