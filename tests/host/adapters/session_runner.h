// Runs one session in a real worker and tells what came of it, as texts that a test can compare.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "gtest/gtest.h"
#include "host/adapters/session.h"

namespace concordat::adapters {

/// What to run. Options are laid over the manifest's defaults.
struct Trial {
  const Catalog* catalog = nullptr;
  std::string adapter;
  std::string source;
  std::string source_name = "source.txt";
  std::vector<std::pair<std::string, std::string>> options;
  std::vector<std::pair<std::string, data::RawBatch>> references;
  CorrectionSet corrections;
  Limits limits;
  std::string worker = CONCORDAT_BIN_DIR "/concordat-worker";
  std::string unpack = "auto";
  std::string source_key;     // not empty: `source` is sealed blocks under it,
  uint64_t source_bytes = 0;  // of so many plain bytes
};

struct Result {
  absl::Status status;
  std::vector<std::string> columns;
  std::vector<std::string> records;     // "1@2: cell|cell"
  std::vector<std::string> unreadable;  // "3@4: reason [raw]"
  std::vector<std::string> findings;    // "1 rule fail: message", with (column=value) when there are values
  size_t batches = 0;
  data::SourceFacts facts;
  std::vector<Dimension> dimensions;

  std::string message() const { return std::string(MessageOf(status)); }
};

Result RunTrial(const Trial& trial);

/// A session for tests that drive it themselves. The source is a memory file.
absl::StatusOr<std::unique_ptr<Session>> StartTrial(const Trial& trial);

/// The manifest's adapters of a folder; a mistake there fails the test.
Catalog LoadCatalog(const std::string& folder);

/// A table of text columns: the first row holds the names.
data::RawBatch Table(const std::vector<std::vector<std::string>>& rows);

/// Holds every test to it that no process and no descriptor is left behind.
class NothingLeftBehind : public ::testing::Test {
 protected:
  NothingLeftBehind();
  ~NothingLeftBehind() override;

 private:
  const size_t descriptors_;
};

}  // namespace concordat::adapters
