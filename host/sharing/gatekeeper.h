// Permit or deny one request for data, naming the clause. Fails closed: what cannot be evaluated is denied
// with its cause.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "absl/time/time.h"
#include "host/expr/program.h"
#include "host/policy/policy_set.h"
#include "host/record/ruling.h"

namespace concordat::sharing {

/// Somebody answers for asking without the usual conditions: `when` and `quality` of a share that its
/// protocol lets an emergency pass over. Parties, purpose, fields and duties hold all the same.
struct Emergency {
  std::string person;  // who answers for it, by name
  std::string basis;   // in law
  std::string reason;
};

/// Who asks for what, why.
struct AccessRequest {
  PartnerId partner;
  std::string role;  // steward, analyst, delegate ...
  std::string user;
  DatasetId dataset;
  ProtocolId protocol;  // empty: whichever protocol between the parties serves the dataset and the purpose
  std::string purpose;  // code
  std::string form;     // records, aggregate, or empty: either
  std::vector<std::string> select;  // empty: all fields the share releases
  std::string where;                // CEL over record.<field>, evaluated after the duties on what is released
  absl::Time time;
  std::map<std::string, expr::Value> attributes;
  std::optional<Emergency> emergency;
};

/// A party's signature over a protocol document's digest, as the store keeps it.
struct Signature {
  ProtocolId protocol;
  std::string version;
  std::string digest;
  PartnerId partner;
  std::string signer;  // SPIFFE ID
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
  std::string state;  // draft | awaiting_signatures | in_force | not_yet | expired | review_overdue | revoked
  bool in_force = false;
  std::vector<PartnerId> missing;  // whose signature is missing
  std::optional<int64_t> days_to_review;
  std::string explanation;
};
ProtocolState StateOf(const policy::SharingProtocol& protocol, const std::vector<Signature>& signatures,
                      absl::Time now);

/// Scores of one submission whose rows would leave.
struct SubmissionQuality {
  SubmissionId submission;
  PartnerId partner;
  std::string period;
  absl::Time received;
  std::map<std::string, double> scores;      // dimension -> 0..100, and "score"
  std::map<std::string, std::string> rules;  // id -> met, warned, breached or not_evaluated
};

/// The states of all protocols of a policy set at one time, worked out once for many rulings. Immutable.
class ProtocolStates {
 public:
  ProtocolStates(const policy::PolicySet& policies, const std::vector<Signature>& signatures, absl::Time now);
  /// In force, missing signatures and so on of one version; `protocol` is one of the policy set's.
  const ProtocolState& Of(const policy::SharingProtocol& protocol) const;

 private:
  std::unordered_map<const policy::SharingProtocol*, ProtocolState> states_;
};

/// Everything a ruling depends on besides policies, given as values.
struct Facts {
  std::vector<Signature> signatures;           // on the protocols that may decide
  const ProtocolStates* states = nullptr;      // instead of `signatures`, when they are worked out already
  std::vector<SubmissionQuality> submissions;  // current ones of the dataset
  bool pseudonym_key_available = true;
  std::optional<absl::Time>
      emergency_since;  // the oldest emergency of this person under the protocol whose review is open
};

/// The closed list of causes (`explain --causes`), each with a sentence.
struct Cause {
  std::string_view word;
  std::string_view meaning;
};
const std::vector<Cause>& Causes();

/// A permit carries the share that decided.
struct RulingWithShare {
  record::Ruling ruling;
  const policy::SharingProtocol* protocol = nullptr;  // owned by the policy set
  const policy::Share* share = nullptr;
};

/// A ruling without its words: what a machine needs to know, made without allocating.
struct Decision {
  bool permit = false;
  std::string_view cause;  // a word of Causes(); empty for a permit
  const policy::SharingProtocol* protocol = nullptr;
  const policy::Share* share = nullptr;
};

/// Rules on requests under one policy set: conditions compiled once, and an index over party, dataset and
/// purpose, so that the cost does not grow with the number of protocols. Immutable; thread-safe; the policy
/// set outlives it.
class Gatekeeper {
 public:
  explicit Gatekeeper(const policy::PolicySet& policies);
  ~Gatekeeper();
  Gatekeeper(const Gatekeeper&) = delete;
  Gatekeeper& operator=(const Gatekeeper&) = delete;

  /// Pure: same arguments, same ruling; `explain` and the exchange both call this.
  RulingWithShare Rule(const AccessRequest& request, const Facts& facts) const;
  /// The same ruling by the same steps, without its words.
  Decision Decide(const AccessRequest& request, const Facts& facts) const;

 private:
  std::unique_ptr<const class GateIndex> index_;
};

/// One ruling with a gatekeeper of its own: for tests and single questions.
RulingWithShare Rule(const policy::PolicySet& policies, const AccessRequest& request, const Facts& facts);

/// Mistakes that only the contracts of the same set can show: a field the contract has not, `rows` that do
/// not compile ...
void LintProtocols(const policy::PolicySet& policies, Issues& issues);

}  // namespace concordat::sharing
