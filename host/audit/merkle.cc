#include "host/audit/merkle.h"

#include <bit>

#include "fmt/format.h"
#include "host/base/digest.h"

namespace concordat::audit {
namespace {

// The largest power of two below `count`, where RFC 9162 splits a tree of `count` leaves; count > 1.
uint64_t SplitPoint(uint64_t count) { return std::bit_floor(count - 1); }

absl::Status DoesNotHold(std::string_view why) {
  return absl::DataLossError(fmt::format("the proof does not hold: {}", why));
}

absl::Status CheckHashes(const std::vector<std::string>& proof) {
  for (size_t i = 0; i < proof.size(); ++i) {
    if (proof[i].size() != kHashBytes) {
      return DoesNotHold(
          fmt::format("its hash number {} has {} bytes, not {}", i + 1, proof[i].size(), kHashBytes));
    }
  }
  return absl::OkStatus();
}

// The two roots that a consistency proof leads to.
struct TwoRoots {
  std::string older;
  std::string newer;
};

// Section 2.1.4.2, steps 4 to 7, with `path` the proof that starts at the older log's last whole subtree.
absl::StatusOr<TwoRoots> FoldConsistency(uint64_t old_size, uint64_t new_size,
                                         const std::vector<std::string>& path) {
  uint64_t node = old_size - 1;
  uint64_t last = new_size - 1;
  while ((node & 1) != 0) {
    node >>= 1;
    last >>= 1;
  }
  TwoRoots roots{path[0], path[0]};
  for (size_t i = 1; i < path.size(); ++i) {
    if (last == 0) return DoesNotHold("it has more hashes than the sizes ask for");
    if ((node & 1) != 0 || node == last) {
      roots.older = NodeHash(path[i], roots.older);
      roots.newer = NodeHash(path[i], roots.newer);
      while ((node & 1) == 0 && node != 0) {
        node >>= 1;
        last >>= 1;
      }
    } else {
      roots.newer = NodeHash(roots.newer, path[i]);
    }
    node >>= 1;
    last >>= 1;
  }
  if (last != 0) return DoesNotHold("it has fewer hashes than the sizes ask for");
  return roots;
}

}  // namespace

std::string LeafHash(std::string_view leaf_data) {
  std::string bytes(1, '\0');
  bytes += leaf_data;
  return Sha256(bytes);
}

std::string NodeHash(std::string_view left, std::string_view right) {
  std::string bytes;
  bytes.reserve(1 + left.size() + right.size());
  bytes += '\1';
  bytes += left;
  bytes += right;
  return Sha256(bytes);
}

std::string EmptyRoot() { return Sha256(""); }

void MerkleTree::Append(std::string_view leaf_hash) {
  std::string hash(leaf_hash);
  for (size_t level = 0;; ++level) {
    if (level == levels_.size()) levels_.emplace_back();
    levels_[level] += hash;
    const uint64_t count = levels_[level].size() / kHashBytes;
    if (count % 2 != 0) return;
    hash = NodeHash(Node(level, count - 2), Node(level, count - 1));
  }
}

uint64_t MerkleTree::size() const { return levels_.empty() ? 0 : levels_[0].size() / kHashBytes; }

void MerkleTree::Truncate(uint64_t size) {
  for (size_t level = 0; level < levels_.size(); ++level) levels_[level].resize((size >> level) * kHashBytes);
}

std::string_view MerkleTree::Node(size_t level, uint64_t index) const {
  return std::string_view(levels_[level]).substr(index * kHashBytes, kHashBytes);
}

std::string MerkleTree::RangeHash(uint64_t begin, uint64_t end) const {
  const uint64_t count = end - begin;
  // Ranges come from splitting at powers of two, so that a full one is a node of the tree.
  if (std::has_single_bit(count)) {
    const auto level = static_cast<size_t>(std::countr_zero(count));
    return std::string(Node(level, begin >> level));
  }
  const uint64_t middle = begin + SplitPoint(count);
  return NodeHash(RangeHash(begin, middle), RangeHash(middle, end));
}

std::string MerkleTree::RootAt(uint64_t size) const { return size == 0 ? EmptyRoot() : RangeHash(0, size); }

std::vector<std::string> MerkleTree::InclusionProof(uint64_t index, uint64_t size) const {
  std::vector<std::string> from_root;
  uint64_t begin = 0;
  uint64_t end = size;
  while (end - begin > 1) {
    const uint64_t middle = begin + SplitPoint(end - begin);
    if (index < middle) {
      from_root.push_back(RangeHash(middle, end));
      end = middle;
    } else {
      from_root.push_back(RangeHash(begin, middle));
      begin = middle;
    }
  }
  return {from_root.rbegin(), from_root.rend()};
}

std::vector<std::string> MerkleTree::ConsistencyProof(uint64_t old_size, uint64_t new_size) const {
  std::vector<std::string> proof;
  if (old_size > 0 && old_size < new_size) SubProof(old_size, 0, new_size, true, proof);
  return proof;
}

// SUBPROOF of section 2.1.4.1 over the leaves [begin, end);
// `complete`: the verifier knows the old root of this range.
void MerkleTree::SubProof(uint64_t old_size, uint64_t begin, uint64_t end, bool complete,
                          std::vector<std::string>& proof) const {
  if (old_size == end) {
    if (!complete) proof.push_back(RangeHash(begin, end));
    return;
  }
  const uint64_t middle = begin + SplitPoint(end - begin);
  if (old_size <= middle) {
    SubProof(old_size, begin, middle, complete, proof);
    proof.push_back(RangeHash(middle, end));
  } else {
    SubProof(old_size, middle, end, false, proof);
    proof.push_back(RangeHash(begin, middle));
  }
}

// Section 2.1.3.2.
absl::Status VerifyInclusion(uint64_t index, uint64_t size, std::string_view leaf_hash,
                             const std::vector<std::string>& proof, std::string_view root) {
  if (index >= size) {
    return DoesNotHold(fmt::format("leaf {} cannot stand in a log of {} leaves", index, size));
  }
  if (leaf_hash.size() != kHashBytes) return DoesNotHold("the leaf's hash is not 32 bytes");
  RETURN_IF_ERROR(CheckHashes(proof));
  uint64_t node = index;
  uint64_t last = size - 1;
  std::string hash(leaf_hash);
  for (const std::string& sibling : proof) {
    if (last == 0) return DoesNotHold("it has more hashes than the path to the root");
    if ((node & 1) != 0 || node == last) {
      hash = NodeHash(sibling, hash);
      while ((node & 1) == 0 && node != 0) {
        node >>= 1;
        last >>= 1;
      }
    } else {
      hash = NodeHash(hash, sibling);
    }
    node >>= 1;
    last >>= 1;
  }
  if (last != 0) return DoesNotHold("it has fewer hashes than the path to the root");
  if (hash != root) return DoesNotHold("the path leads to another root");
  return absl::OkStatus();
}

absl::Status VerifyConsistency(uint64_t old_size, uint64_t new_size, const std::vector<std::string>& proof,
                               std::string_view old_root, std::string_view new_root) {
  if (old_size == 0) return DoesNotHold("the older log is empty, which proves nothing");
  if (old_size > new_size) return DoesNotHold("the older log is longer than the newer one");
  if (old_size == new_size) {
    if (!proof.empty()) return DoesNotHold("logs of one size need no hashes");
    if (old_root != new_root) return DoesNotHold("two logs of one size have different roots");
    return absl::OkStatus();
  }
  RETURN_IF_ERROR(CheckHashes(proof));
  if (proof.empty()) return DoesNotHold("it has no hashes");
  std::vector<std::string> path = proof;
  // When the older log is a whole subtree of the newer one, the proof leaves out its root: everyone has it.
  if (std::has_single_bit(old_size)) path.insert(path.begin(), std::string(old_root));
  ASSIGN_OR_RETURN(const TwoRoots roots, FoldConsistency(old_size, new_size, path));
  if (roots.older != old_root) return DoesNotHold("it leads to another older root");
  if (roots.newer != new_root) return DoesNotHold("it leads to another newer root");
  return absl::OkStatus();
}

}  // namespace concordat::audit
