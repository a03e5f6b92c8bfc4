// Permit or deny one request for data, naming the clause. Fails closed: what cannot be evaluated is denied with its cause.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/time/time.h"
#include "host/expr/program.h"
#include "host/policy/policy_set.h"
#include "host/record/ruling.h"

namespace concordat::sharing {

/// Who asks for what, why.
struct AccessRequest {
  PartnerId partner;
  std::string role;     // steward, analyst, delegate ...
  std::string user;
  DatasetId dataset;
  ProtocolId protocol;
  std::string purpose;  // code
  std::vector<std::string> select;  // empty: all fields the share releases
  std::string where;                // CEL over record.<field>; fields must be released as they are
  absl::Time time;
  std::map<std::string, expr::Value> attributes;
};

/// A party's signature over a protocol document's digest, as the store keeps it.
struct Signature {
  ProtocolId protocol;
  std::string version;
  std::string digest;
  PartnerId partner;
  std::string signer;       // SPIFFE ID
  std::string name;
  std::string post;
  std::string authority;
  absl::Time time;
  std::string signature;    // raw, by the delegate's key over the digest text
  std::string certificate;  // PEM
  bool revoked = false;
};

/// Is the protocol in force now, and if not, why.
struct ProtocolState {
  std::string state;                    // draft | awaiting_signatures | in_force | not_yet | expired | review_overdue | revoked
  bool in_force = false;
  std::vector<PartnerId> missing;       // whose signature is missing
  std::optional<int64_t> days_to_review;
  std::string explanation;
};
ProtocolState StateOf(const policy::SharingProtocol& protocol, const std::vector<Signature>& signatures, absl::Time now);

/// Scores of one submission whose rows would leave.
struct SubmissionQuality {
  SubmissionId submission;
  PartnerId partner;
  std::string period;
  absl::Time received;
  std::map<std::string, double> scores;  // dimension -> 0..100, and "score"
};

/// Everything a ruling depends on besides policies, given as values.
struct Facts {
  std::vector<Signature> signatures;           // of the protocol asked for
  std::vector<SubmissionQuality> submissions;  // current ones of the dataset
  bool pseudonym_key_available = true;
};

/// The closed list of causes (`explain --causes`), each with a sentence.
struct Cause {
  std::string_view word;
  std::string_view meaning;
};
const std::vector<Cause>& Causes();

/// A permit carries the share that decided. Pure: same arguments, same ruling; `explain` and the exchange both call this.
struct RulingWithShare {
  record::Ruling ruling;
  const policy::SharingProtocol* protocol = nullptr;  // owned by the policy set
  const policy::Share* share = nullptr;
};
RulingWithShare Rule(const policy::PolicySet& policies, const AccessRequest& request, const Facts& facts);

/// Mistakes that only the contracts of the same set can show: a field the contract has not, `rows` that do not compile ...
void LintProtocols(const policy::PolicySet& policies, Issues& issues);

}  // namespace concordat::sharing
