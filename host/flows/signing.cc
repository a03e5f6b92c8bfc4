#include "host/flows/signing.h"

#include "fmt/format.h"
#include "host/identity/certificate.h"

namespace concordat::flows {

absl::Status CheckSigning(const Caller& caller, const SignedText& text, const Signing& signing) {
  if (signing.digest != text.digest) {
    return absl::FailedPreconditionError(
        fmt::format("{} {} {} is now {}, not {}: it changed since it was read; read it again and sign that",
                    text.noun, text.id, text.version, text.digest, signing.digest));
  }
  if (signing.name.empty() || signing.post.empty() || signing.authority.empty()) {
    return absl::InvalidArgumentError("a signature needs the signer's name, post and authority");
  }
  return identity::VerifySignature(caller.certificate_pem, signing.digest, signing.signature);
}

absl::Status CheckSignedWord(const Caller& caller, const SignedText& text, std::string_view word,
                             const std::string& signature) {
  return identity::VerifySignature(caller.certificate_pem, fmt::format("{} {}", word, text.digest),
                                   signature);
}

absl::Status KeepSigning(const HostParts& host, const Caller& caller, const SignedText& text,
                         const Signing& signing, const std::string& contracts) {
  RETURN_IF_ERROR(host.store->KeepSignedDocument(text.digest, text.canonical));
  return host.store->AddSignature({text.key, text.version, text.digest, caller.partner, caller.spiffe_id,
                                   signing.name, signing.post, signing.authority, host.clock->Now(),
                                   signing.signature, caller.certificate_pem, false, std::nullopt, "",
                                   contracts, ""});
}

ReceiptDraft DraftOfAct(const Caller& caller, const SignedText& text, const std::string& action,
                        const std::string& reason) {
  ReceiptDraft draft;
  draft.kind = record::ReceiptKind::kSubmission;
  draft.subject = {{text.member, text.id},
                   {"version", text.version},
                   {"partner", caller.partner.str()},
                   {"signer", caller.spiffe_id},
                   {"action", action}};
  draft.digests = {{text.member, text.digest}};
  draft.decision = action;
  draft.reasons = {{text.id, reason}};
  draft.partner = caller.partner;
  draft.summary =
      fmt::format("{} {} {}: {} by {}", text.noun, text.id, text.version, action, caller.partner.str());
  return draft;
}

}  // namespace concordat::flows
