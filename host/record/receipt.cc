#include "host/record/receipt.h"

#include <array>
#include <optional>
#include <utility>

#include "fmt/format.h"
#include "host/base/encoding.h"

namespace concordat::record {
namespace {

constexpr size_t kHashBytes = 32;
constexpr size_t kSignatureBytes = 64;
constexpr size_t kMostProofHashes = 64;  // of a log with 2^64 leaves
constexpr std::array<std::string_view, 3> kKinds = {"submission", "disclosure", "refusal"};
constexpr std::array<std::string_view, 4> kSeals = {"signature", "leaf", "proof", "checkpoint"};

absl::Status Malformed(std::string_view member, std::string_view why) {
  return absl::InvalidArgumentError(fmt::format("not a receipt: \"{}\" {}", member, why));
}

template <typename Word, size_t count>
bool IsOneOf(std::string_view word, const std::array<Word, count>& words) {
  for (const Word& candidate : words) {
    if (candidate == word) return true;
  }
  return false;
}

std::optional<std::string_view> TextOf(const json::Value* value) {
  if (value == nullptr || !value->is_string()) return std::nullopt;
  return std::string_view(value->get_string().data(), value->get_string().size());
}

absl::StatusOr<std::string> BytesOf(const json::Value* value, std::string_view member, size_t size) {
  const std::optional<std::string_view> text = TextOf(value);
  if (!text) return Malformed(member, "is missing or not text");
  std::optional<std::string> bytes = Base64Decode(*text);
  if (!bytes || bytes->size() != size) {
    return Malformed(member, fmt::format("is not {} bytes in base64", size));
  }
  return *std::move(bytes);
}

absl::StatusOr<uint64_t> IndexOf(const json::Value* value) {
  if (value != nullptr && value->is_uint64()) return value->get_uint64();
  if (value != nullptr && value->is_int64() && value->get_int64() >= 0) {
    return static_cast<uint64_t>(value->get_int64());
  }
  return Malformed("leaf.index", "is missing or not a whole number from 0");
}

absl::StatusOr<Leaf> LeafOf(const json::Value* value) {
  if (value == nullptr || !value->is_object()) return Malformed("leaf", "is missing or not an object");
  if (value->get_object().size() != 3) {
    return Malformed("leaf", "has other members than index, salt and hash");
  }
  Leaf leaf;
  ASSIGN_OR_RETURN(leaf.index, IndexOf(json::Find(*value, "index")));
  ASSIGN_OR_RETURN(leaf.salt, BytesOf(json::Find(*value, "salt"), "leaf.salt", kHashBytes));
  ASSIGN_OR_RETURN(leaf.hash, BytesOf(json::Find(*value, "hash"), "leaf.hash", kHashBytes));
  return leaf;
}

absl::StatusOr<std::vector<std::string>> ProofOf(const json::Value* value) {
  if (value == nullptr || !value->is_array()) return Malformed("proof", "is missing or not a list");
  if (value->get_array().size() > kMostProofHashes) return Malformed("proof", "is longer than any log needs");
  std::vector<std::string> proof;
  for (const json::Value& item : value->get_array()) {
    ASSIGN_OR_RETURN(std::string hash, BytesOf(&item, "proof", kHashBytes));
    proof.push_back(std::move(hash));
  }
  return proof;
}

}  // namespace

std::string_view ReceiptKindName(ReceiptKind kind) { return kKinds[static_cast<size_t>(kind)]; }

absl::Status CheckReceiptBody(const json::Object& body) {
  const json::Value* version = body.if_contains("version");
  if (version == nullptr || *version != json::Value(kReceiptVersion)) {
    return Malformed("version", fmt::format("is not {}, the one that this program knows", kReceiptVersion));
  }
  for (const std::string_view member : {"kind", "id", "time", "host"}) {
    const std::optional<std::string_view> text = TextOf(body.if_contains({member.data(), member.size()}));
    if (!text || text->empty()) return Malformed(member, "is missing or not text");
  }
  if (!IsOneOf(*TextOf(body.if_contains("kind")), kKinds)) {
    return Malformed("kind", "is none of submission, disclosure, refusal");
  }
  for (const std::string_view member : kSeals) {
    if (body.contains({member.data(), member.size()})) {
      return Malformed(member, "stands inside what is signed");
    }
  }
  return absl::OkStatus();
}

json::Object Receipt::ToJson() const {
  json::Object object = body;
  object["signature"] = Base64Encode(signature);
  object["leaf"] = {
      {"index", leaf.index}, {"salt", Base64Encode(leaf.salt)}, {"hash", Base64Encode(leaf.hash)}};
  json::Array hashes;
  for (const std::string& hash : proof) hashes.emplace_back(Base64Encode(hash));
  object["proof"] = std::move(hashes);
  object["checkpoint"] = checkpoint;
  return object;
}

absl::StatusOr<Receipt> ReceiptFromJson(const json::Value& value) {
  if (!value.is_object()) return absl::InvalidArgumentError("not a receipt: it is no JSON object");
  Receipt receipt;
  // Whatever is not a seal was signed, in whichever order the members now stand.
  for (const auto& member : value.get_object()) {
    const std::string_view name(member.key().data(), member.key().size());
    if (!IsOneOf(name, kSeals)) receipt.body.insert(member);
  }
  RETURN_IF_ERROR(CheckReceiptBody(receipt.body));
  ASSIGN_OR_RETURN(receipt.signature, BytesOf(json::Find(value, "signature"), "signature", kSignatureBytes));
  ASSIGN_OR_RETURN(receipt.leaf, LeafOf(json::Find(value, "leaf")));
  ASSIGN_OR_RETURN(receipt.proof, ProofOf(json::Find(value, "proof")));
  const std::optional<std::string_view> checkpoint = TextOf(json::Find(value, "checkpoint"));
  if (!checkpoint) return Malformed("checkpoint", "is missing or not text");
  receipt.checkpoint = *checkpoint;
  return receipt;
}

}  // namespace concordat::record
