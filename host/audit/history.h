// checkpoints.log: everything the host has vouched for, kept beside leaves.log so that a log that was altered
// tells where. Per block of 256 leaves one signed note, a checkpoint with one extension line
// "leaves FIRST CHECKS": the base64 of the first 8 bytes of the Merkle hash of every leaf of the block so
// far. The note of the last, growing block is written anew in its place with each group of appends.
//
// Why so: a root only says that something is wrong below it. With the checks signed, whoever altered
// leaves.log cannot make up matching ones, so the first leaf that differs is found exactly, with the kind of
// what was done, and leaves.log stays the plain list it always was. It costs one signature a group, at most 3
// KiB written (never waited for), and 12 bytes a leaf. It is not needed to trust a log: a missing or older
// one is made again from leaves that the checkpoint vouches for, and an altered one cannot pass for ours. A
// checkpoint in it that is larger than the log, or of another root, proves by itself that the log was cut or
// forked.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "host/audit/checkpoint.h"
#include "host/audit/merkle.h"
#include "host/base/files.h"
#include "host/base/json.h"

namespace concordat::audit {

inline constexpr uint64_t kHistoryBlock = 256;
inline constexpr size_t kCheckBytes = 8;

/// One note as it was read: the leaves [first, checkpoint.size) and their checks.
struct HistoryEntry {
  Checkpoint checkpoint;
  uint64_t first = 0;
  std::string checks;  // kCheckBytes a leaf
  size_t begin = 0;    // where its note begins and ends in the text
  size_t end = 0;
};
/// The entries of this log that `public_key` signed, by size; whatever else stands in the text is passed
/// over.
std::vector<HistoryEntry> ReadHistory(std::string_view text, const std::string& origin,
                                      std::string_view public_key);

/// Where a log first differs from what was signed.
struct BadLeaf {
  uint64_t first = 0;  // counted from 0; line first + 1 of leaves.log
  uint64_t last = 0;   // equal to `first` when it is known exactly, else it lies between the two
  std::string what;    // "leaves 3 and 7 have changed places"

  /// "first bad leaf: 3 (line 4 of leaves.log): leaves 3 and 7 have changed places".
  std::string Sentence() const;
  /// {first, last, line, what}.
  json::Object ToJson() const;
};
/// Nothing when the leaves are as all of `history` and `checkpoint` say. `unreadable`: the line after the
/// last leaf of `tree` is there, but is none.
std::optional<BadLeaf> FindBadLeaf(const MerkleTree& tree, bool unreadable, const Checkpoint& checkpoint,
                                   const std::vector<HistoryEntry>& history);
/// The same of a log whose right leaves are known; nothing when `tree` begins with them.
std::optional<BadLeaf> FindBadLeaf(const MerkleTree& tree, const MerkleTree& right);

/// The file on disk, written by the one process that holds leaves.log. One thread at a time.
class HistoryFile {
 public:
  /// Takes on what is there and right for `tree`, and leaves out the rest from the first entry that is not.
  static absl::StatusOr<HistoryFile> Open(const std::string& path, const MerkleTree& tree,
                                          const std::string& origin, std::string_view public_key);

  /// What Write has to sign for the log of `size` leaves; cheap, so that it can be taken under a lock.
  std::vector<HistoryEntry> Due(const MerkleTree& tree, uint64_t size, const std::string& origin) const;
  /// Signs and writes them; not synced: after a power failure Open makes the end again. After an error the
  /// next Due covers the same leaves.
  absl::Status Write(const std::vector<HistoryEntry>& due, const Signer& signer);

 private:
  HistoryFile() = default;
  std::string path_;
  FileDescriptor fd_;
  uint64_t block_ = 0;   // first leaf of the growing block
  uint64_t offset_ = 0;  // where its note begins
};

}  // namespace concordat::audit
