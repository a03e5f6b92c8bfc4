// What the receipts of disclosures and refusals say.
#pragma once

#include <string>

#include "host/flows/receipts.h"
#include "host/flows/transfer.h"

namespace concordat::flows {

/// Who asked for what, on behalf of whom, why, under which clause and basis, and what decided it: digests of
/// policy, protocol and contract. The part that a refusal, the beginning and the end of a transfer have in
/// common.
ReceiptDraft DraftOf(const Hearing& hearing);

/// A permit's: fields with their forms, duties with what they did and that this was verified, givers,
/// submissions.
void AddRelease(const Hearing& hearing, const ReleaseFigures& figures, ReceiptDraft& draft);

/// How a transfer ended.
struct TransferEnd {
  std::string stage;   // complete | broken_off
  std::string begun;   // receipt of its beginning
  std::string output;  // digest of the bytes that left; empty when it is not known
  uint64_t rows = 0;   // that left, at least
  std::string why;     // of broken_off
};
void AddEnd(const TransferEnd& end, ReceiptDraft& draft);

/// A draft as it is kept while its transfer is under way, and back.
json::Value DraftJson(const ReceiptDraft& draft);
ReceiptDraft DraftFromJson(const json::Value& json);

}  // namespace concordat::flows
