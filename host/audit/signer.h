// Signatures of the host, under the names that the audit log uses.
#pragma once

#include "host/base/ed25519.h"

namespace concordat::audit {

using concordat::ReadPublicKey;
using concordat::Signer;
using concordat::VerifyEd25519;

}  // namespace concordat::audit
