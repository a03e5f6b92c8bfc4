#include "host/audit/sign_receipt.h"

#include <utility>

#include "host/audit/verify.h"
#include "host/base/random.h"

namespace concordat::audit {
namespace {

// As long as the hash, so that a leaf tells nothing about a receipt that can be guessed.
constexpr size_t kSaltBytes = 32;

}  // namespace

absl::StatusOr<record::Receipt> SignReceipt(json::Object body, const Signer& signer) {
  RETURN_IF_ERROR(record::CheckReceiptBody(body));
  const std::string signed_form = json::Canonical(body);
  record::Receipt receipt;
  receipt.body = std::move(body);
  ASSIGN_OR_RETURN(receipt.signature, signer.Sign(signed_form));
  receipt.leaf.salt = RandomBytes(kSaltBytes);
  receipt.leaf.hash = Commitment(receipt.leaf.salt, signed_form);
  return receipt;
}

}  // namespace concordat::audit
