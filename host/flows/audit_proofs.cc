#include "host/flows/audit_proofs.h"

#include "fmt/format.h"
#include "host/audit/merkle.h"
#include "host/base/encoding.h"
#include "host/flows/audit_views.h"

namespace concordat::flows {
namespace {

json::Array HashesJson(const std::vector<std::string>& proof) {
  json::Array hashes;
  for (const std::string& hash : proof) hashes.emplace_back(Base64Encode(hash));
  return hashes;
}

std::string RootOf(const HostParts& host, const std::string& checkpoint) {
  const auto opened = audit::OpenCheckpoint(checkpoint, host.log->public_key());
  return opened.ok() ? Base64Encode(opened->root) : "";
}

}  // namespace

absl::StatusOr<json::Value> ProveInclusion(const HostParts& host, const Caller& caller, const ReceiptId& id,
                                           uint64_t size) {
  ASSIGN_OR_RETURN(const store::StoredReceipt stored, ReceiptFor(host, caller, id));
  ASSIGN_OR_RETURN(const record::Receipt receipt, record::ReceiptFromJson(stored.receipt));
  if (size == 0) size = host.log->size();
  ASSIGN_OR_RETURN(const std::vector<std::string> proof, host.log->Prove(receipt.leaf.index, size));
  ASSIGN_OR_RETURN(const std::string checkpoint, host.log->CheckpointAt(size));
  return json::Object{{"receipt", id.str()},
                      {"leafIdx", receipt.leaf.index},
                      {"treeSize", size},
                      {"root", RootOf(host, checkpoint)},
                      {"leafHash", Base64Encode(audit::LeafHash(receipt.leaf.hash))},
                      {"proof", HashesJson(proof)},
                      {"checkpoint", checkpoint},
                      {"verifierKey", audit::VerifierKey(host.log->origin(), host.log->public_key())}};
}

absl::StatusOr<json::Value> ProveConsistency(const HostParts& host, uint64_t from, uint64_t to) {
  if (to == 0) to = host.log->size();
  ASSIGN_OR_RETURN(const std::vector<std::string> proof, host.log->ProveConsistency(from, to));
  ASSIGN_OR_RETURN(const std::string older, host.log->CheckpointAt(from));
  ASSIGN_OR_RETURN(const std::string newer, host.log->CheckpointAt(to));
  return json::Object{{"size1", from},
                      {"size2", to},
                      {"root1", RootOf(host, older)},
                      {"root2", RootOf(host, newer)},
                      {"proof", HashesJson(proof)},
                      {"checkpoint", newer},
                      {"verifierKey", audit::VerifierKey(host.log->origin(), host.log->public_key())}};
}

}  // namespace concordat::flows
