#include "host/audit/verify.h"

#include <algorithm>
#include <charconv>
#include <optional>

#include "fmt/format.h"
#include "host/audit/leaf_file.h"
#include "host/base/digest.h"
#include "host/base/encoding.h"

namespace concordat::audit {
namespace {

constexpr char kBadLeafUrl[] = "concordat/first-bad-leaf";
// Two notes of whole blocks and then some.
constexpr size_t kNewestNotes = 16384;

absl::Status Malformed(std::string_view member, std::string_view why) {
  return absl::InvalidArgumentError(fmt::format("not a proof: \"{}\" {}", member, why));
}

absl::StatusOr<uint64_t> NumberIn(const json::Value& proof, std::string_view member) {
  const json::Value* value = json::Find(proof, member);
  if (value != nullptr && value->is_uint64()) return value->get_uint64();
  if (value != nullptr && value->is_int64() && value->get_int64() >= 0) {
    return static_cast<uint64_t>(value->get_int64());
  }
  return Malformed(member, "is missing or not a whole number from 0");
}

absl::StatusOr<std::string> BytesIn(const json::Value* value, std::string_view member) {
  if (value == nullptr || !value->is_string()) return Malformed(member, "is missing or not text");
  std::optional<std::string> bytes = Base64Decode({value->get_string().data(), value->get_string().size()});
  if (!bytes) return Malformed(member, "is not base64");
  return *std::move(bytes);
}

absl::StatusOr<std::vector<std::string>> HashesIn(const json::Value& proof) {
  std::vector<std::string> hashes;
  const json::Value* list = json::Find(proof, "proof");
  if (list != nullptr && list->is_null()) return hashes;
  if (list == nullptr || !list->is_array()) return Malformed("proof", "is missing or not a list");
  for (const json::Value& item : list->get_array()) {
    ASSIGN_OR_RETURN(std::string hash, BytesIn(&item, "proof"));
    hashes.push_back(std::move(hash));
  }
  return hashes;
}

absl::Status VerifyInclusionJson(const json::Value& proof) {
  ASSIGN_OR_RETURN(const uint64_t index, NumberIn(proof, "leafIdx"));
  ASSIGN_OR_RETURN(const uint64_t size, NumberIn(proof, "treeSize"));
  ASSIGN_OR_RETURN(const std::string root, BytesIn(json::Find(proof, "root"), "root"));
  ASSIGN_OR_RETURN(const std::string leaf_hash, BytesIn(json::Find(proof, "leafHash"), "leafHash"));
  ASSIGN_OR_RETURN(const std::vector<std::string> hashes, HashesIn(proof));
  return VerifyInclusion(index, size, leaf_hash, hashes, root);
}

absl::Status VerifyConsistencyJson(const json::Value& proof) {
  ASSIGN_OR_RETURN(const uint64_t old_size, NumberIn(proof, "size1"));
  ASSIGN_OR_RETURN(const uint64_t new_size, NumberIn(proof, "size2"));
  ASSIGN_OR_RETURN(const std::string old_root, BytesIn(json::Find(proof, "root1"), "root1"));
  ASSIGN_OR_RETURN(const std::string new_root, BytesIn(json::Find(proof, "root2"), "root2"));
  ASSIGN_OR_RETURN(const std::vector<std::string> hashes, HashesIn(proof));
  return VerifyConsistency(old_size, new_size, hashes, old_root, new_root);
}

// A part of a receipt or log that cannot be read proves as little as one that does not hold.
absl::Status AsDataLoss(const absl::Status& status, std::string_view part) {
  if (status.ok()) return status;
  return absl::DataLossError(fmt::format("{}: {}", part, MessageOf(status)));
}

}  // namespace

std::string Commitment(std::string_view salt, std::string_view signed_form) {
  Sha256Stream stream;
  stream.Update(salt);
  stream.Update(signed_form);
  return stream.Finish();
}

absl::StatusOr<std::vector<std::string>> VerifyReceipt(const record::Receipt& receipt,
                                                       std::string_view public_key) {
  const std::string signed_form = json::Canonical(receipt.body);
  RETURN_IF_ERROR(AsDataLoss(VerifyEd25519(public_key, signed_form, receipt.signature), "signature"));
  const std::string commitment = Commitment(receipt.leaf.salt, signed_form);
  if (commitment != receipt.leaf.hash) {
    return absl::DataLossError("leaf: its hash is not that of the salt and the signed receipt");
  }
  const absl::StatusOr<Checkpoint> checkpoint = OpenCheckpoint(receipt.checkpoint, public_key);
  RETURN_IF_ERROR(AsDataLoss(checkpoint.status(), "checkpoint"));
  RETURN_IF_ERROR(AsDataLoss(VerifyInclusion(receipt.leaf.index, checkpoint->size, LeafHash(commitment),
                                             receipt.proof, checkpoint->root),
                             "proof"));
  return std::vector<std::string>{
      fmt::format("signature: the host's key signed this receipt ({})", DigestOf(signed_form)),
      fmt::format("leaf: {} commits to the salt and the signed receipt", HexEncode(commitment)),
      fmt::format("checkpoint: the same key signed the log {} at {} leaves, root {}", checkpoint->origin,
                  checkpoint->size, HexEncode(checkpoint->root)),
      fmt::format("proof: leaf {} stands in that log ({} hashes to the root)", receipt.leaf.index,
                  receipt.proof.size())};
}

absl::Status CheckLeaves(const MerkleTree& tree, const Checkpoint& checkpoint) {
  if (tree.size() < checkpoint.size) {
    return absl::DataLossError(
        fmt::format("the log has {} leaves, its checkpoint vouches for {}: leaves are lost", tree.size(),
                    checkpoint.size));
  }
  if (tree.RootAt(checkpoint.size) != checkpoint.root) {
    return absl::DataLossError(fmt::format(
        "the first {} leaves do not have the root of the checkpoint: leaves were altered", checkpoint.size));
  }
  return absl::OkStatus();
}

absl::Status WithBadLeaf(const absl::Status& status, const BadLeaf& bad) {
  absl::Status with = absl::DataLossError(fmt::format("{}; {}", MessageOf(status), bad.Sentence()));
  with.SetPayload(kBadLeafUrl, absl::Cord(fmt::format("{} {} {}", bad.first, bad.last, bad.what)));
  return with;
}

std::optional<BadLeaf> BadLeafOf(const absl::Status& status) {
  const absl::optional<absl::Cord> payload = status.GetPayload(kBadLeafUrl);
  if (!payload) return std::nullopt;
  const std::string text(*payload);
  BadLeaf bad;
  const char* end = text.data() + text.size();
  const auto first = std::from_chars(text.data(), end, bad.first);
  const auto last = std::from_chars(std::min(first.ptr + 1, end), end, bad.last);
  bad.what.assign(std::min(last.ptr + 1, end), end);
  return bad;
}

absl::Status CheckLog(const MerkleTree& tree, const absl::Status& rest, const Checkpoint& checkpoint,
                      std::string_view history, std::string_view public_key) {
  absl::Status status = rest.ok() ? CheckLeaves(tree, checkpoint) : rest;
  // A log as it should be costs the newest notes alone; all of them are read when something is wrong.
  const std::string_view newest = history.substr(history.size() - std::min(history.size(), kNewestNotes));
  std::vector<HistoryEntry> entries = ReadHistory(newest, checkpoint.origin, public_key);
  if (status.ok() && !FindBadLeaf(tree, false, checkpoint, entries)) return status;
  if (newest.size() < history.size()) entries = ReadHistory(history, checkpoint.origin, public_key);
  const std::optional<BadLeaf> bad = FindBadLeaf(tree, !rest.ok(), checkpoint, entries);
  if (status.ok()) {
    status = absl::DataLossError(fmt::format(
        "the log was turned back or forked: its checkpoint says {} leaves, and checkpoints.log holds "
        "a signed checkpoint of {} that does not fit them",
        checkpoint.size, entries.empty() ? 0 : entries.back().checkpoint.size));
  }
  return bad ? WithBadLeaf(status, *bad) : status;
}

absl::StatusOr<Checkpoint> VerifyLogFile(std::string_view leaves, std::string_view checkpoint,
                                         std::string_view public_key, std::string_view history) {
  absl::StatusOr<Checkpoint> opened = OpenCheckpoint(checkpoint, public_key);
  RETURN_IF_ERROR(AsDataLoss(opened.status(), "checkpoint"));
  MerkleTree tree;
  const size_t taken = TakeLeafLines(leaves, tree);
  const absl::Status rest = AsDataLoss(CheckRest(leaves.substr(taken), tree.size()), "leaves");
  RETURN_IF_ERROR(CheckLog(tree, rest, *opened, history, public_key));
  return opened;
}

absl::Status VerifyProofJson(const json::Value& proof) {
  if (!proof.is_object()) return absl::InvalidArgumentError("not a proof: it is no JSON object");
  return json::Find(proof, "leafIdx") != nullptr ? VerifyInclusionJson(proof) : VerifyConsistencyJson(proof);
}

}  // namespace concordat::audit
