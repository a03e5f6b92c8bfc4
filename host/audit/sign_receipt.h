// The signing of a receipt: the host's signature, and the salted commitment that goes into the log as its leaf.
#pragma once

#include "host/audit/signer.h"
#include "host/record/receipt.h"

namespace concordat::audit {

/// Body, signature, salt and hash; index, proof and checkpoint are the log's to fill in. InvalidArgument when the body is
/// not a receipt's (see record::CheckReceiptBody).
absl::StatusOr<record::Receipt> SignReceipt(json::Object body, const Signer& signer);

}  // namespace concordat::audit
