// What delegates do with a document that organisations sign, whatever it is: put their key's signature under
// its digest, take it back, and have either on record.
#pragma once

#include <string>

#include "host/flows/caller.h"
#include "host/flows/host_parts.h"
#include "host/flows/receipts.h"

namespace concordat::flows {

/// A document as it stands here.
struct SignedText {
  std::string noun;    // in messages: "protocol"
  std::string member;  // in receipts, as a subject and a digest: "protocol"
  ProtocolId key;      // under which the store keeps its signatures
  std::string id;
  std::string version;
  std::string digest;
  std::string canonical;  // what the digest is of
};

/// What a signer puts under it.
struct Signing {
  std::string digest;     // of the document that they read
  std::string signature;  // raw, over the digest text, by the key of their certificate
  std::string name;
  std::string post;
  std::string authority;
};

/// FailedPrecondition when the text changed since it was read, InvalidArgument when name, post or authority
/// is missing, DataLoss when the signature does not verify.
absl::Status CheckSigning(const Caller& caller, const SignedText& text, const Signing& signing);
/// DataLoss unless `signature` is the caller's over "<word> <digest>".
absl::Status CheckSignedWord(const Caller& caller, const SignedText& text, std::string_view word,
                             const std::string& signature);

/// The text and the signature, durable when it returns. `contracts`: what they rest on, as JSON; may be
/// empty.
absl::Status KeepSigning(const HostParts& host, const Caller& caller, const SignedText& text,
                         const Signing& signing, const std::string& contracts);

/// The receipt of an act: "signed", "rejected", "revoked".
ReceiptDraft DraftOfAct(const Caller& caller, const SignedText& text, const std::string& action,
                        const std::string& reason);

}  // namespace concordat::flows
