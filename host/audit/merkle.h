// Merkle tree hashing and proofs as in RFC 9162, section 2.1. Hashes are 32 raw bytes.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "host/base/status.h"

namespace concordat::audit {

inline constexpr size_t kHashBytes = 32;

std::string LeafHash(std::string_view leaf_data);                     // SHA-256(0x00 || data)
std::string NodeHash(std::string_view left, std::string_view right);  // SHA-256(0x01 || left || right)
std::string EmptyRoot();                                              // SHA-256 of nothing

/// A growing tree that keeps every level, so that proofs cost O(log n).
/// 64 bytes of memory a leaf. One thread at a time.
class MerkleTree {
 public:
  void Append(std::string_view leaf_hash);
  uint64_t size() const;
  /// The hash of one leaf, 32 bytes, valid until the next change; index < size().
  std::string_view Leaf(uint64_t index) const { return Node(0, index); }
  std::string Root() const { return RootAt(size()); }
  /// The root when the tree had `size` leaves; size <= this->size().
  std::string RootAt(uint64_t size) const;
  /// Section 2.1.3; index < size <= this->size().
  std::vector<std::string> InclusionProof(uint64_t index, uint64_t size) const;
  /// Section 2.1.4; 0 < old_size <= new_size <= this->size().
  std::vector<std::string> ConsistencyProof(uint64_t old_size, uint64_t new_size) const;
  /// Forgets the leaves from `size` on; size <= this->size().
  void Truncate(uint64_t size);

 private:
  std::string_view Node(size_t level, uint64_t index) const;
  /// The hash of the leaves [begin, end) as a tree of their own, MTH(D[begin:end]).
  std::string RangeHash(uint64_t begin, uint64_t end) const;
  void SubProof(uint64_t old_size, uint64_t begin, uint64_t end, bool complete,
                std::vector<std::string>& proof) const;

  // levels_[0]: leaf hashes, one after another; above: complete subtrees only.
  std::vector<std::string> levels_;
};

/// OK holds; DataLoss does not: also for an index beyond the tree or a hash that is not 32 bytes.
absl::Status VerifyInclusion(uint64_t index, uint64_t size, std::string_view leaf_hash,
                             const std::vector<std::string>& proof, std::string_view root);
/// Section 2.1.4.2; old_size = 0 is rejected, since anything grows out of nothing.
absl::Status VerifyConsistency(uint64_t old_size, uint64_t new_size, const std::vector<std::string>& proof,
                               std::string_view old_root, std::string_view new_root);

}  // namespace concordat::audit
