#include "host/audit/merkle.h"

#include <filesystem>
#include <iostream>

#include "gtest/gtest.h"
#include "host/audit/verify.h"
#include "host/base/encoding.h"
#include "host/base/files.h"

namespace concordat::audit {
namespace {

// The leaves and roots with which Certificate Transparency's reference implementation tests itself.
const std::vector<std::string> kLeavesInHex = {
    "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"};
const std::vector<std::string> kRootsInHex = {
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"};

MerkleTree TreeOf(uint64_t size) {
  MerkleTree tree;
  for (uint64_t i = 0; i < size; ++i) tree.Append(LeafHash(std::to_string(i)));
  return tree;
}

// MTH of RFC 9162, section 2.1.1, word for word: the judge of the tree that keeps its levels.
std::string RootByDefinition(const std::vector<std::string>& leaves) {
  if (leaves.empty()) return EmptyRoot();
  if (leaves.size() == 1) return LeafHash(leaves[0]);
  size_t k = 1;
  while (k * 2 < leaves.size()) k *= 2;
  const auto middle = leaves.begin() + static_cast<std::ptrdiff_t>(k);
  return NodeHash(RootByDefinition({leaves.begin(), middle}), RootByDefinition({middle, leaves.end()}));
}

TEST(Merkle, RootsAreThoseOfCertificateTransparency) {
  MerkleTree tree;
  EXPECT_EQ(HexEncode(tree.Root()), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  for (size_t i = 0; i < kLeavesInHex.size(); ++i) {
    tree.Append(LeafHash(*HexDecode(kLeavesInHex[i])));
    EXPECT_EQ(HexEncode(tree.Root()), kRootsInHex[i]) << i + 1 << " leaves";
  }
}

TEST(Merkle, RootsOfAllSizesAreAsDefined) {
  const MerkleTree tree = TreeOf(70);
  std::vector<std::string> leaves;
  for (uint64_t size = 0; size <= 70; ++size) {
    EXPECT_EQ(tree.RootAt(size), RootByDefinition(leaves)) << size;
    leaves.push_back(std::to_string(size));
  }
}

TEST(Merkle, EveryLeafIsProvedInEverySizeAndNowhereElse) {
  const MerkleTree tree = TreeOf(40);
  for (uint64_t size = 1; size <= 40; ++size) {
    for (uint64_t index = 0; index < size; ++index) {
      const auto proof = tree.InclusionProof(index, size);
      const std::string leaf = LeafHash(std::to_string(index));
      ASSERT_TRUE(VerifyInclusion(index, size, leaf, proof, tree.RootAt(size)).ok())
          << index << " of " << size;
      for (uint64_t other = 0; other < size; ++other) {
        if (other == index) continue;
        ASSERT_FALSE(VerifyInclusion(other, size, leaf, proof, tree.RootAt(size)).ok())
            << index << " as " << other;
      }
      ASSERT_FALSE(VerifyInclusion(index, size, leaf, proof, tree.RootAt(size - 1)).ok());
    }
  }
}

TEST(Merkle, EveryGrowthIsProvedAndNoOther) {
  const MerkleTree tree = TreeOf(40);
  for (uint64_t newer = 1; newer <= 40; ++newer) {
    for (uint64_t older = 1; older <= newer; ++older) {
      const auto proof = tree.ConsistencyProof(older, newer);
      const std::string old_root = tree.RootAt(older);
      const std::string new_root = tree.RootAt(newer);
      ASSERT_TRUE(VerifyConsistency(older, newer, proof, old_root, new_root).ok())
          << older << " to " << newer;
      ASSERT_FALSE(VerifyConsistency(older, newer, proof, tree.RootAt(older - 1), new_root).ok());
      ASSERT_FALSE(VerifyConsistency(older, newer, proof, old_root, tree.RootAt(newer - 1)).ok());
      auto longer = proof;
      longer.push_back(new_root);
      ASSERT_FALSE(VerifyConsistency(older, newer, longer, old_root, new_root).ok());
      if (proof.empty()) continue;
      auto shorter = proof;
      shorter.pop_back();
      ASSERT_FALSE(VerifyConsistency(older, newer, shorter, old_root, new_root).ok());
    }
  }
}

TEST(Merkle, EveryFlippedBitOfAProofIsNoticed) {
  const MerkleTree tree = TreeOf(13);
  const auto inclusion = tree.InclusionProof(9, 13);
  const auto consistency = tree.ConsistencyProof(6, 13);
  for (size_t bit = 0; bit < kHashBytes * 8; ++bit) {
    const auto flip = [bit](std::string& hash) {
      hash[bit / 8] = static_cast<char>(hash[bit / 8] ^ (1 << bit % 8));
    };
    for (size_t i = 0; i < inclusion.size(); ++i) {
      auto bad = inclusion;
      flip(bad[i]);
      EXPECT_FALSE(VerifyInclusion(9, 13, LeafHash("9"), bad, tree.Root()).ok());
    }
    for (size_t i = 0; i < consistency.size(); ++i) {
      auto bad = consistency;
      flip(bad[i]);
      EXPECT_FALSE(VerifyConsistency(6, 13, bad, tree.RootAt(6), tree.Root()).ok());
    }
  }
}

TEST(Merkle, NothingIsConsistentWithAnEmptyLog) {
  const MerkleTree tree = TreeOf(3);
  EXPECT_FALSE(VerifyConsistency(0, 3, {}, EmptyRoot(), tree.Root()).ok());
  EXPECT_FALSE(VerifyConsistency(0, 0, {}, EmptyRoot(), EmptyRoot()).ok());
}

TEST(Merkle, TruncatingForgetsTheLaterLeaves) {
  for (uint64_t kept = 0; kept <= 33; ++kept) {
    MerkleTree tree = TreeOf(33);
    tree.Truncate(kept);
    EXPECT_EQ(tree.size(), kept);
    for (uint64_t i = kept; i < 40; ++i) tree.Append(LeafHash(std::to_string(i)));
    EXPECT_EQ(tree.Root(), TreeOf(40).Root()) << kept;
  }
}

TEST(ProofJson, AgreesWithAllTransparencyVectors) {
  const std::string folder = std::string(CONCORDAT_SOURCE_DIR) + "/../shared/conformance/merkle";
  if (!std::filesystem::exists(folder)) {
    std::cout << "skipped: ../shared/conformance/merkle is not there\n";
    return;
  }
  size_t judged = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (entry.path().extension() != ".json") continue;
    const auto text = ReadFile(entry.path().string());
    ASSERT_TRUE(text.ok());
    const auto proof = json::Parse(*text);
    ASSERT_TRUE(proof.ok()) << entry.path();
    const bool refused = json::Find(*proof, "wantErr")->as_bool();
    const absl::StatusCode expected = refused ? absl::StatusCode::kDataLoss : absl::StatusCode::kOk;
    EXPECT_EQ(VerifyProofJson(*proof).code(), expected) << entry.path() << ": " << VerifyProofJson(*proof);
    ++judged;
  }
  EXPECT_GE(judged, 100u);
}

TEST(ProofJson, TellsMalformedFromFalse) {
  const std::string hash = Base64Encode(LeafHash("a"));
  const std::string good = R"({"leafIdx": 0, "treeSize": 1, "root": ")" + hash + R"(", "leafHash": ")" +
                           hash + R"(", "proof": []})";
  EXPECT_TRUE(VerifyProofJson(*json::Parse(good)).ok());
  const std::vector<std::string> malformed = {
      "[]",
      "{}",
      "null",
      R"({"leafIdx": 0})",
      R"({"leafIdx": -1, "treeSize": 1, "root": "", "leafHash": "", "proof": []})",
      R"({"leafIdx": 0.5, "treeSize": 1, "root": "", "leafHash": "", "proof": []})",
      R"({"leafIdx": "0", "treeSize": 1, "root": "", "leafHash": "", "proof": []})",
      R"({"leafIdx": 0, "treeSize": 1, "root": "no base64!", "leafHash": "", "proof": []})",
      R"({"leafIdx": 0, "treeSize": 1, "root": "", "leafHash": 7, "proof": []})",
      R"({"leafIdx": 0, "treeSize": 1, "root": "", "leafHash": "", "proof": {}})",
      R"({"leafIdx": 0, "treeSize": 1, "root": "", "leafHash": "", "proof": [1]})",
      R"({"leafIdx": 0, "treeSize": 1, "root": "", "leafHash": ""})",
      R"({"size1": 1, "size2": 2, "root1": "", "proof": []})"};
  for (const std::string& text : malformed) {
    EXPECT_EQ(VerifyProofJson(*json::Parse(text)).code(), absl::StatusCode::kInvalidArgument) << text;
  }
}

}  // namespace
}  // namespace concordat::audit
