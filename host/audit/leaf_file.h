// leaves.log: a line a leaf, the base64 of its 32-byte salted commitment; 44 characters and a newline, so
// that leaf i (from 0) stands at byte 45 i and a copy can be cut and compared with any text tool.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "host/audit/merkle.h"
#include "host/base/files.h"
#include "host/base/status.h"

namespace concordat::audit {

inline constexpr size_t kLeafLineBytes = 45;

/// The line of one leaf; `commitment`: 32 raw bytes.
std::string LeafLine(std::string_view commitment);
/// Grows `tree` by the well-formed lines at the start of `text`; returns how many bytes they take.
size_t TakeLeafLines(std::string_view text, MerkleTree& tree);
/// What follows the well-formed lines: OK when it is nothing or one line without its end, as a crash leaves
/// it; DataLoss names the line that is no leaf.
absl::Status CheckRest(std::string_view rest, uint64_t leaves_before);

/// The file on disk. One thread at a time; locked against other processes while it is open.
class LeafFile {
 public:
  /// Opens or creates it and reads all leaves into `tree`. A half-written last line stays until CutRest.
  /// FailedPrecondition when another process has it open; DataLoss when a line is no leaf: `tree` holds those
  /// before it then.
  static absl::StatusOr<LeafFile> Open(const std::string& path, MerkleTree& tree);

  /// Removes what follows the whole leaves.
  absl::Status CutRest();
  /// Writes the lines of some leaves; when that fails halfway they are taken back.
  absl::Status Append(std::string_view lines);
  /// Waits until all is on the disk. After a failure nothing is known: the kernel may have dropped the pages.
  absl::Status Sync();

 private:
  LeafFile() = default;
  std::string path_;
  FileDescriptor fd_;
  uint64_t bytes_ = 0;     // of whole lines
  bool has_rest_ = false;  // something may stand behind them
};

/// Reads the first `limit` leaves of a file that another owner may be appending to into `tree`, which holds
/// those before the first bad line when the answer is DataLoss.
absl::Status ReadLeaves(const std::string& path, uint64_t limit, MerkleTree& tree);

}  // namespace concordat::audit
